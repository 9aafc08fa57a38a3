#include "sim/firewall/flow_table.hpp"

#include <algorithm>

namespace sim::firewall {
namespace {

constexpr std::uint8_t number(wire::Protocol p) { return static_cast<std::uint8_t>(p); }

constexpr std::uint16_t type_and_code(std::uint8_t type, std::uint8_t code) {
    return static_cast<std::uint16_t>(type << 8U | code);
}

// The message that answers, or that is answered by, an ICMP query (RFC 792, 950; RFC 4443, 4620).
std::optional<std::uint8_t> paired_type(std::uint8_t protocol, std::uint8_t type) {
    struct Pair {
        std::uint8_t ask, answer;
    };
    constexpr Pair v4[] = {{8, 0}, {13, 14}, {15, 16}, {17, 18}};
    constexpr Pair v6[] = {{128, 129}, {139, 140}};
    const auto look = [type](const auto& pairs) -> std::optional<std::uint8_t> {
        for (const Pair& p : pairs) {
            if (p.ask == type) return p.answer;
            if (p.answer == type) return p.ask;
        }
        return std::nullopt;
    };
    return protocol == number(wire::Protocol::icmp) ? look(v4) : look(v6);
}

constexpr std::uint64_t mix(std::uint64_t h, std::uint64_t v) {
    h = (h ^ v) * 0x9E3779B97F4A7C15U;
    return h ^ h >> 32U;
}

constexpr std::uint8_t gre = 47;

// GRE of version 1 (PPTP, RFC 2637) carries PPP and nothing else, and the number of a call at its target, of which the
// other end's packets know nothing. All other GRE is known by its addresses.
std::optional<Tuple> with_call(const wire::PacketView& packet, Tuple tuple) {
    const base::ByteView octets = packet.ip_payload;
    const auto word = [octets](std::size_t at) {
        return static_cast<std::uint16_t>(octets[at] << 8U | octets[at + 1]);
    };
    if (packet.ip.fragment_offset != 0 || octets.size() < 8 || (octets[1] & 7U) != 1) return tuple;
    constexpr std::uint16_t ppp = 0x880b;
    if (word(2) != ppp) return std::nullopt;
    tuple.target_part = word(6);
    return tuple;
}

}  // namespace

std::optional<Tuple> tuple_of(const wire::PacketView& packet) {
    Tuple t{.source = packet.ip.source, .target = packet.ip.target, .protocol = number(packet.ip.protocol)};
    if (const wire::TcpHeader* tcp = packet.tcp()) {
        t.source_part = tcp->source.value;
        t.target_part = tcp->target.value;
    } else if (const wire::UdpHeader* udp = packet.udp()) {
        t.source_part = udp->source.value;
        t.target_part = udp->target.value;
    } else if (const wire::IcmpHeader* icmp = packet.icmp()) {
        t.source_part = icmp->identifier();
        t.target_part = type_and_code(icmp->type, icmp->code);
    } else if (packet.transport_cut) {
        return std::nullopt;
    } else if (static_cast<std::uint8_t>(packet.ip.protocol) == gre) {
        return with_call(packet, t);
    }
    return t;
}

std::optional<Tuple> reversed(const Tuple& tuple) {
    Tuple r{.source = tuple.target, .target = tuple.source, .protocol = tuple.protocol};
    if (tuple.protocol == number(wire::Protocol::icmp) || tuple.protocol == number(wire::Protocol::icmpv6)) {
        const auto type = paired_type(tuple.protocol, static_cast<std::uint8_t>(tuple.target_part >> 8U));
        if (!type) return std::nullopt;
        r.source_part = tuple.source_part;
        r.target_part = type_and_code(*type, static_cast<std::uint8_t>(tuple.target_part & 0xffU));
        return r;
    }
    r.source_part = tuple.target_part;
    r.target_part = tuple.source_part;
    return r;
}

std::size_t TupleHash::operator()(const Tuple& t) const {
    std::uint64_t h = mix(t.source.low(), t.target.low());
    if (!t.source.is_v4()) h = mix(mix(h, t.source.high()), t.target.high());
    return mix(h, static_cast<std::uint64_t>(t.source_part) << 32U | static_cast<std::uint64_t>(t.target_part) << 8U |
                      t.protocol);
}

std::optional<FlowTable::Found> FlowTable::find(const Tuple& tuple, base::SimTime now) {
    const auto found = tuples_.find(tuple);
    if (found == tuples_.end()) return std::nullopt;
    const Found where = found->second;
    if (entries_[where.index].expires <= now) {
        erase(where.index);
        return std::nullopt;
    }
    return where;
}

std::uint32_t FlowTable::insert(const Entry& entry, base::SimTime now) {
    if (entries_.size() - free_.size() >= sweep_at_) sweep(now);
    std::uint32_t index = 0;
    if (free_.empty()) {
        index = static_cast<std::uint32_t>(entries_.size());
        entries_.push_back(entry);
    } else {
        index = free_.back();
        free_.pop_back();
        entries_[index] = entry;
    }
    entries_[index].serial = ++serial_;
    tuples_.insert_or_assign(entry.original, Found{index, FlowSide::original});
    tuples_.try_emplace(entry.reply, Found{index, FlowSide::reply});  // the same tuple when a host talks to itself
    return index;
}

void FlowTable::erase(std::uint32_t index) {
    Entry& entry = entries_[index];
    tuples_.erase(entry.original);
    tuples_.erase(entry.reply);
    entry.serial = 0;
    free_.push_back(index);
}

void FlowTable::clear() { *this = FlowTable{}; }

void FlowTable::sweep(base::SimTime now) {
    for (std::uint32_t i = 0; i < entries_.size(); ++i)
        if (entries_[i].serial != 0 && entries_[i].expires <= now) erase(i);
    sweep_at_ = std::max(sweep_least, 2 * (entries_.size() - free_.size()));
}

std::vector<const Entry*> FlowTable::living(base::SimTime now) const {
    std::vector<const Entry*> found;
    for (const Entry& entry : entries_)
        if (entry.serial != 0 && entry.expires > now) found.push_back(&entry);
    std::sort(found.begin(), found.end(), [](const Entry* a, const Entry* b) { return a->serial < b->serial; });
    return found;
}

}  // namespace sim::firewall
