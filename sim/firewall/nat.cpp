#include "sim/firewall/nat.hpp"

#include "sim/wire/readdress.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cassert>

namespace sim::firewall {
namespace {

using wire::IpAddress;
using wire::Protocol;

constexpr std::uint8_t number(Protocol p) { return static_cast<std::uint8_t>(p); }

bool is_icmp(const Tuple& t) { return t.protocol == number(Protocol::icmp) || t.protocol == number(Protocol::icmpv6); }
bool has_ports(const Tuple& t) { return t.protocol == number(Protocol::tcp) || t.protocol == number(Protocol::udp); }

IpAddress& address_of(Tuple& t, End end) { return end == End::source ? t.source : t.target; }

// What a range of ports is about: ports, or the identifier of an ICMP query, which is the same both ways.
std::uint16_t& part_of(Tuple& t, End end) { return end == End::source || is_icmp(t) ? t.source_part : t.target_part; }
std::uint16_t part_of(Tuple&& t, End end) = delete;

bool in_ports(Tuple t, End end, const wire::PortRange& ports) {
    return (!has_ports(t) && !is_icmp(t)) || ports.contains(wire::Port{part_of(t, end)});
}

bool in_range(const Tuple& t, const NatRange& range) {
    if (range.addresses && !range.addresses->contains(t.source)) return false;
    return !range.ports || in_ports(t, End::source, *range.ports);
}

// Whether answers to such a tuple would be taken for those of another connection.
bool is_taken(const NatBinding& b, const Tuple& tuple) {
    const std::optional<Tuple> answer = reversed(tuple);
    const auto found = answer ? b.table.find(*answer, b.now) : std::nullopt;
    return found && b.table.at(found->index).original != b.entry.original;
}

// ---- addresses ----

// The words of an address as a little-endian machine reads them, which is how the kernel hashes them.
std::array<std::uint32_t, 4> machine_words(const IpAddress& a) {
    const auto swapped = [](std::uint64_t v) {
        const auto w = static_cast<std::uint32_t>(v);
        return w >> 24U | (w >> 8U & 0xff00U) | (w << 8U & 0xff0000U) | w << 24U;
    };
    if (a.is_v4()) return {swapped(a.v4_bits()), 0, 0, 0};
    return {swapped(a.high() >> 32U), swapped(a.high()), swapped(a.low() >> 32U), swapped(a.low())};
}

// Bob Jenkins' hash of 2006 ("lookup3"), over four words.
std::uint32_t hash_of(const std::array<std::uint32_t, 4>& words, std::uint32_t seed) {
    std::uint32_t a = 0xdeadbeefU + (4U << 2U) + seed, b = a, c = a;
    const auto mix = [](std::uint32_t& x, std::uint32_t& y, std::uint32_t& z, int turn) {
        x -= z;
        x ^= std::rotl(z, turn);
        z += y;
    };
    const auto close = [](std::uint32_t& x, std::uint32_t y, int turn) {
        x ^= y;
        x -= std::rotl(y, turn);
    };
    a += words[0];
    b += words[1];
    c += words[2];
    mix(a, b, c, 4);
    mix(b, c, a, 6);
    mix(c, a, b, 8);
    mix(a, b, c, 16);
    mix(b, c, a, 19);
    mix(c, a, b, 4);
    a += words[3];
    close(c, b, 14);
    close(a, c, 11);
    close(b, a, 25);
    close(c, b, 16);
    close(a, c, 4);
    close(b, a, 14);
    close(c, b, 24);
    return c;
}

IpAddress one_of(const NatRange& range, const Tuple& tuple) {
    const AddressRange& addresses = *range.addresses;
    if (addresses.low == addresses.high) return addresses.low;
    const auto target = machine_words(tuple.target);
    const std::size_t last = tuple.target.is_v4() ? 0 : 3;
    std::uint32_t j = hash_of(machine_words(tuple.source), range.persistent ? 0 : target[last]);
    const auto scaled = [&j](std::uint32_t choices) {
        return static_cast<std::uint32_t>(static_cast<std::uint64_t>(j) * choices >> 32U);
    };
    if (addresses.low.is_v4()) {
        const std::uint32_t low = addresses.low.v4_bits();
        return IpAddress::v4(low + scaled(addresses.high.v4_bits() - low + 1));
    }
    // Word by word; once a word lies below the highest one, those behind it are free.
    const auto word = [](const IpAddress& a, std::size_t i) {
        return static_cast<std::uint32_t>((i < 2 ? a.high() : a.low()) >> (i % 2 == 0 ? 32U : 0U));
    };
    std::array<std::uint64_t, 4> made{};
    bool free = false;
    for (std::size_t i = 0; i < 4; ++i) {
        const std::uint32_t low = free ? 0 : word(addresses.low, i);
        const std::uint32_t choices = free ? ~std::uint32_t{0} : word(addresses.high, i) - low + 1;
        made[i] = static_cast<std::uint32_t>(low + scaled(choices));
        if (made[i] != word(addresses.high, i)) free = true;
        if (!range.persistent) j ^= target[i];
    }
    return IpAddress::v6(made[0] << 32U | made[1], made[2] << 32U | made[3]);
}

// ---- ports ----

// Ports that may stand for one that no rule gave a range for: privileged ones stay privileged (RFC 3022 has it so).
wire::PortRange port_class(std::uint16_t port) {
    const auto range = [](std::uint16_t low, std::uint16_t high) {
        return wire::PortRange{wire::Port{low}, wire::Port{high}};
    };
    if (port < 512) return range(1, 511);
    return port < 1024 ? range(600, 1023) : range(1024, 65535);
}

struct PortChoice {
    Tuple tuple;
    bool drawn = false;
};

PortChoice other_port(const NatBinding& b, Tuple tuple, End end, const NatRange& range) {
    if (!has_ports(tuple) && !is_icmp(tuple)) return {tuple};
    std::uint16_t& part = part_of(tuple, end);
    if (!range.ports && end == End::target && !is_icmp(tuple)) return {tuple};  // a service cannot move
    const wire::PortRange ports = range.ports      ? *range.ports
                                  : is_icmp(tuple) ? wire::PortRange::all()
                                                   : port_class(part);
    const std::uint32_t size = ports.size();
    const bool drawn = range.random || end == End::source;
    std::uint16_t offset = drawn ? static_cast<std::uint16_t>(part - ports.first.value) : std::uint16_t{0};
    if (range.random && size > 1) ++offset;
    const std::uint32_t attempts = std::min<std::uint32_t>(size, 65536);
    for (std::uint32_t i = 0; i < attempts; ++i, ++offset) {
        part = static_cast<std::uint16_t>(ports.first.value + offset % size);
        if (!is_taken(b, tuple)) break;
    }
    return {tuple, drawn && size > 1};
}

PortChoice unique(NatBinding& b, const Tuple& wanted, End end, const NatRange& range) {
    if (end == End::source && !range.random) {
        if (in_range(wanted, range)) {
            if (!is_taken(b, wanted)) return {wanted};
        } else if (const auto known = b.sources.find(wanted, range, b.table, b.now); known && !is_taken(b, *known)) {
            return {*known};
        }
    }
    Tuple tuple = wanted;
    if (range.addresses) address_of(tuple, end) = one_of(range, wanted);
    if (!range.random) {
        if (range.ports) {
            if (in_ports(tuple, end, *range.ports) && (range.ports->size() == 1 || !is_taken(b, tuple))) return {tuple};
        } else if (!is_taken(b, tuple)) {
            return {tuple};
        }
    }
    return other_port(b, tuple, end, range);
}

// ---- packets ----

wire::NewEnd new_end(const Tuple& tuple, End end) {
    const bool source = end == End::source;
    const bool first_part = source || is_icmp(tuple);
    return {.source = source,
            .address = source ? tuple.source : tuple.target,
            .part = first_part ? tuple.source_part : tuple.target_part};
}

constexpr End opposite(End end) { return end == End::source ? End::target : End::source; }

}  // namespace

NatRange range_of(const Translation& translation, const std::optional<IpAddress>& box) {
    NatRange range{.addresses = translation.addresses,
                   .ports = translation.ports,
                   .random = translation.random,
                   .persistent = translation.persistent};
    if (translation.box_address && box) range.addresses = AddressRange{*box, *box};
    return range;
}

void NatBinding::bind(End end, const NatRange& range) {
    const std::optional<Tuple> wanted = reversed(entry.reply);
    assert(wanted && "what opens a connection can be answered");
    const PortChoice choice = unique(*this, *wanted, end, range);
    if (choice.tuple == *wanted) return;
    entry.reply = *reversed(choice.tuple);
    entry.marks = static_cast<std::uint8_t>(entry.marks | (end == End::source ? StateSet::snat : StateSet::dnat));
    entry.drawn |= choice.drawn;
}

std::optional<base::Bytes> translated(const wire::PacketView& packet, const Entry& entry, FlowSide direction,
                                      bool error, End end) {
    const bool original = direction == FlowSide::original;
    const bool by_source = (end == End::source) == original;  // the other way the ends change places
    if ((entry.marks & (by_source ? StateSet::snat : StateSet::dnat)) == 0) return std::nullopt;
    const Tuple& others = original ? entry.reply : entry.original;
    const std::optional<Tuple> wanted = reversed(others);
    if (!wanted) return std::nullopt;
    if (error) return wire::readdressed_error(packet, new_end(others, opposite(end)), new_end(*wanted, end));
    return wire::readdressed(packet, new_end(*wanted, end));
}

// ---- sources ----

void NatSources::add(const Entry& entry, FlowTable& table, base::SimTime now) {
    if ((entry.marks & StateSet::snat) == 0) return;
    if (flows_.size() >= sweep_at_) sweep(table, now);
    const Tuple& from = entry.original;
    std::vector<Tuple>& flows = flows_[Key{from.source, from.source_part, from.protocol}];
    std::erase(flows, from);  // the same connection once more
    flows.push_back(from);
}

std::optional<Tuple> NatSources::find(const Tuple& wanted, const NatRange& range, FlowTable& table, base::SimTime now) {
    const auto known = flows_.find(Key{wanted.source, wanted.source_part, wanted.protocol});
    if (known == flows_.end()) return std::nullopt;
    std::vector<Tuple>& flows = known->second;
    std::erase_if(flows, [&](const Tuple& t) { return !table.find(t, now); });
    for (auto flow = flows.rbegin(); flow != flows.rend(); ++flow) {
        const auto found = table.find(*flow, now);
        if (!found || found->side != FlowSide::original) continue;
        std::optional<Tuple> now_is = reversed(table.at(found->index).reply);
        if (!now_is) continue;
        now_is->target = wanted.target;
        now_is->target_part = wanted.target_part;
        if (in_range(*now_is, range)) return now_is;
    }
    return std::nullopt;
}

void NatSources::sweep(FlowTable& table, base::SimTime now) {
    boost::unordered::erase_if(flows_, [&](auto& item) {
        std::erase_if(item.second, [&](const Tuple& t) { return !table.find(t, now); });
        return item.second.empty();
    });
    sweep_at_ = std::max<std::size_t>(256, 2 * flows_.size());
}

}  // namespace sim::firewall
