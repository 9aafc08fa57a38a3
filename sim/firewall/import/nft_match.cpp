#include "sim/firewall/import/nft_match.hpp"

#include <limits>
#include <utility>

namespace sim::firewall::import::nft {
namespace {

using What = Key::What;

constexpr std::uint8_t tcp = 6, udp = 17;

// Whether a number of the packet fits.
bool fits(const Key& key, Op op, const Values& values, std::uint32_t field) {
    const std::uint32_t seen = field & key.mask.value_or(~std::uint32_t{0});
    const std::uint32_t wanted = values.numbers.empty() ? 0 : values.numbers.front().low;
    switch (op) {
        case Op::equal: return values.holds(seen);
        case Op::differs: return !values.holds(seen);
        case Op::any_bit: return (seen & wanted) != 0;
        case Op::no_bit: return (seen & wanted) == 0;
        case Op::less: return seen < wanted;
        case Op::greater: return seen > wanted;
        case Op::less_equal: return seen <= wanted;
        case Op::greater_equal: return seen >= wanted;
    }
    return false;
}

std::bitset<256> octets(const Key& key, Op op, const Values& values) {
    std::bitset<256> set;
    for (std::uint32_t n = 0; n < 256; ++n) set[n] = fits(key, op, values, n);
    return set;
}

bool is_membership(Op op) { return op == Op::equal || op == Op::differs; }

// The numbers up to 65535 that fit, as ranges.
std::vector<Values::Span> spans_of(const Key& key, Op op, const Values& values) {
    std::vector<bool> members(is_membership(op) ? 65536 : 0, false);  // sets may be large
    if (is_membership(op))
        for (const Values::Span& s : values.numbers)
            for (std::uint32_t n = s.low; n <= s.high; ++n) members[n] = true;
    std::vector<Values::Span> spans;
    for (std::uint32_t n = 0; n <= 65535; ++n) {
        const bool fit =
            is_membership(op) ? members[n & key.mask.value_or(0xffff)] == (op == Op::equal) : fits(key, op, values, n);
        if (!fit) continue;
        if (!spans.empty() && spans.back().high + 1 == n)
            spans.back().high = n;
        else
            spans.push_back({n, n});
    }
    return spans;
}

std::vector<wire::PortRange> ports(const std::vector<Values::Span>& spans) {
    std::vector<wire::PortRange> ranges;
    for (const Values::Span& s : spans)
        ranges.push_back(
            {wire::Port{static_cast<std::uint16_t>(s.low)}, wire::Port{static_cast<std::uint16_t>(s.high)}});
    return ranges;
}

wire::IpAddress first_of(wire::Family family) {
    return family == wire::Family::ipv4 ? wire::IpAddress::v4(0) : wire::IpAddress::v6(0, 0);
}
wire::IpAddress last_of(wire::Family family) {
    constexpr std::uint64_t ones = ~std::uint64_t{0};
    return family == wire::Family::ipv4 ? wire::IpAddress::v4(0xffffffffU) : wire::IpAddress::v6(ones, ones);
}
wire::IpAddress next(const wire::IpAddress& a) {
    if (a.is_v4()) return wire::IpAddress::v4(a.v4_bits() + 1);
    return wire::IpAddress::v6(a.high() + (a.low() == ~std::uint64_t{0} ? 1U : 0U), a.low() + 1);
}
wire::IpAddress previous(const wire::IpAddress& a) {
    if (a.is_v4()) return wire::IpAddress::v4(a.v4_bits() - 1);
    return wire::IpAddress::v6(a.high() - (a.low() == 0 ? 1U : 0U), a.low() - 1);
}

// "< a" and its like as a range; absent when no address fits.
std::optional<AddressRange> compared(Op op, const wire::IpAddress& a) {
    const wire::IpAddress first = first_of(a.family()), last = last_of(a.family());
    switch (op) {
        case Op::less: return a == first ? std::nullopt : std::optional(AddressRange{first, previous(a)});
        case Op::less_equal: return AddressRange{first, a};
        case Op::greater: return a == last ? std::nullopt : std::optional(AddressRange{next(a), last});
        case Op::greater_equal: return AddressRange{a, last};
        default: return std::nullopt;
    }
}

wire::IpAddress both(const wire::IpAddress& a, const wire::IpAddress& mask) {
    return a.is_v4() ? wire::IpAddress::v4(a.v4_bits() & mask.v4_bits())
                     : wire::IpAddress::v6(a.high() & mask.high(), a.low() & mask.low());
}

}  // namespace

Matches::Matches(std::optional<wire::Family> family, bool name_family) : table_family_(family), family_(family) {
    if (family && name_family) push(FamilyIs{*family});
}

// Nothing has no protocol.
void Matches::never() {
    push(ProtocolIn{});
    protocols_.reset();
}

void Matches::require_protocol(std::uint8_t number) {
    std::bitset<256> only;
    only.set(number);
    if ((protocols_ & ~only).any()) add_protocols(only);
}

bool Matches::require_family(wire::Family family) {
    if (family_) return *family_ == family;
    push(FamilyIs{family});
    family_ = family;
    return true;
}

void Matches::add(const Key& key, Op op, const Values& values, const Json& at, Reporter& reporter) {
    const auto of_family = [&](wire::Family family, std::string_view name) {
        return look_into(family, name, at, reporter);
    };
    switch (key.what) {
        case What::address: return add_address(key, op, values, at, reporter);
        case What::port: return add_ports(key, op, values);
        case What::tcp_flags: require_protocol(tcp); return add_flags(key, op, values);
        case What::icmp:
            // In a table of one family, and where a look into the IP header or `meta nfproto` has settled it, nft asks
            // for the protocol alone.
            if (!table_family_ && !header_known_ &&
                !of_family(key.version6 ? wire::Family::ipv6 : wire::Family::ipv4, key.version6 ? "icmpv6" : "icmp"))
                return;
            require_protocol(static_cast<std::uint8_t>(key.version6 ? wire::Protocol::icmpv6 : wire::Protocol::icmp));
            return push(IcmpFieldIn{key.version6, key.code, octets(key, op, values)});
        case What::protocol: return add_protocols(octets(key, op, values));
        case What::ip_protocol:
            if (of_family(wire::Family::ipv4, "ip protocol")) add_protocols(octets(key, op, values));
            return;
        case What::next_header:
            if (of_family(wire::Family::ipv6, "ip6 nexthdr")) push(FirstHeaderIn{octets(key, op, values)});
            return;
        case What::fragment:
            if (of_family(wire::Family::ipv4, "ip frag-off")) add_fragment(key, op, values);
            return;
        case What::interface: return add_interface(key, op, values, at, reporter);
        case What::family:
            header_known_ = header_known_ || (op == Op::equal && values.numbers.size() == 1);
            return add_families(fits(key, op, values, 2), fits(key, op, values, 10));
        case What::ether_type: return add_families(fits(key, op, values, 0x0800), fits(key, op, values, 0x86dd));
        case What::state: return add_states(key, op, values);
        case What::direction: {
            asks_connection_ = true;
            const bool original = fits(key, op, values, 0), reply = fits(key, op, values, 1);
            if (!original && !reply) return never();
            ConnectionIs match;
            if (original != reply) match.direction = original ? FlowSide::original : FlowSide::reply;
            return push(match);
        }
    }
}

// The conditions for looking into the IP header of that family. False when they never hold.
bool Matches::look_into(wire::Family family, std::string_view name, const Json& at, Reporter& reporter) {
    if (table_family_ && *table_family_ != family) {
        reporter.fault(at, std::string(name) + " has no place in a table for the other version of IP",
                       "nft-wrong-family");
        return false;
    }
    header_known_ = true;
    if (require_family(family)) return true;
    never();
    return false;
}

void Matches::add_address(const Key& key, Op op, const Values& values, const Json& at, Reporter& reporter) {
    const wire::Family family = key.type == Type::ipv4_addr ? wire::Family::ipv4 : wire::Family::ipv6;
    const bool inverted = op == Op::differs;
    if (!family_ &&
        !inverted) {  // a plain match holds for no packet of the other family; an inverted one must be kept from it
        family_ = family;
        header_known_ = true;
    } else if (!look_into(family, family == wire::Family::ipv4 ? "an IPv4 address" : "an IPv6 address", at, reporter)) {
        return;
    }
    if (key.address_mask && !is_membership(op))
        return reporter.fault(at, "a comparison of addresses behind a mask is not supported", "nft-unsupported");
    if (key.address_mask) return add_masked_addresses(key, inverted, values, at, reporter);
    if (!is_membership(op)) {
        const auto range = compared(op, values.prefixes.front().address());
        return range ? push(InRange{key.end, *range}) : never();
    }
    if (values.prefixes.size() == 1 && values.ranges.empty())
        return push(InPrefix{key.end, values.prefixes[0]}, inverted);
    if (values.prefixes.empty() && values.ranges.size() == 1) return push(InRange{key.end, values.ranges[0]}, inverted);
    push(InAny{key.end, values.prefixes, values.ranges}, inverted);
}

void Matches::add_masked_addresses(const Key& key, bool inverted, const Values& values, const Json& at,
                                   Reporter& reporter) {
    InAny any{key.end, {}, {}};
    for (const wire::Prefix& prefix : values.prefixes) {
        const wire::IpAddress mask = both(prefix.mask(), *key.address_mask);
        // A value with bits outside of the mask is never met.
        if (both(prefix.address(), mask) == prefix.address()) any.prefixes.push_back({prefix.address(), mask});
    }
    if (!values.ranges.empty())
        return reporter.fault(at, "a range of addresses behind a mask is not supported", "nft-unsupported");
    if (any.prefixes.size() == 1) return push(InPrefix{key.end, any.prefixes[0]}, inverted);
    push(std::move(any), inverted);
}

void Matches::add_ports(const Key& key, Op op, const Values& values) {
    if (key.transport != 0) require_protocol(key.transport);
    const bool plain = is_membership(op) && !key.mask;
    const bool inverted = plain && op == Op::differs;
    std::vector<wire::PortRange> ranges = ports(plain ? values.numbers : spans_of(key, op, values));
    std::bitset<256> with_ports;
    with_ports.set(tcp).set(udp);
    if ((protocols_ & ~with_ports).any()) return push(AnyPortIn{key.end, std::move(ranges)}, inverted);
    push(PortIn{key.end, std::move(ranges)}, inverted);
}

void Matches::add_flags(const Key& key, Op op, const Values& values) {
    const auto mask = static_cast<std::uint8_t>(key.mask.value_or(0xff));
    const bool one = values.numbers.size() == 1 && values.numbers[0].low == values.numbers[0].high;
    const auto value = static_cast<std::uint8_t>(values.numbers.empty() ? 0 : values.numbers[0].low);
    const auto bits = static_cast<std::uint8_t>(value & mask);
    const bool one_bit = bits != 0 && (bits & (bits - 1U)) == 0;
    if (op == Op::any_bit && one_bit) return push(FlagsAre{bits, bits});
    if (op == Op::any_bit) return push(FlagsAre{bits, 0}, true);
    if (op == Op::no_bit) return push(FlagsAre{bits, 0});
    if (is_membership(op) && one) return push(FlagsAre{mask, value}, op == Op::differs);
    FlagsOneOf any{mask, {}};
    const Key unmasked{.what = key.what, .type = key.type};
    for (std::uint32_t n = 0; n < 256; ++n)
        if ((n & mask) == n && fits(unmasked, op == Op::differs ? Op::equal : op, values, n))
            any.values.push_back(static_cast<std::uint8_t>(n));
    push(std::move(any), op == Op::differs);
}

void Matches::add_protocols(std::bitset<256> numbers) {
    protocols_ &= numbers;
    // "Not these" is easier to read than the many that are left.
    const bool inverted = numbers.count() > 128 && !numbers.all();
    push(ProtocolIn{inverted ? ~numbers : numbers}, inverted);
}

void Matches::add_fragment(const Key& key, Op op, const Values& values) {
    constexpr std::uint32_t offset_bits = 0x1fff;
    const bool zero = values.numbers.size() == 1 && values.numbers[0].low == 0 && values.numbers[0].high == 0;
    if (key.mask == offset_bits && zero && is_membership(op)) return push(LaterFragment{}, op == Op::equal);
    FragmentFieldIn field;
    for (const Values::Span& s : spans_of(key, op, values))
        field.ranges.push_back({static_cast<std::uint16_t>(s.low), static_cast<std::uint16_t>(s.high)});
    if (key.mask) {  // ranges of the whole field that fit would be many; those of what is left behind the mask are few
        field.mask = static_cast<std::uint16_t>(*key.mask);
        field.ranges.clear();
        const Key unmasked{.what = key.what, .type = key.type};
        for (const Values::Span& s : spans_of(unmasked, op, values))
            field.ranges.push_back({static_cast<std::uint16_t>(s.low), static_cast<std::uint16_t>(s.high)});
    }
    push(std::move(field));
}

void Matches::add_interface(const Key& key, Op op, const Values& values, const Json& at, Reporter& reporter) {
    if (!is_membership(op))
        return reporter.fault(at, "names of interfaces are equal or not, and nothing else", "nft-bad-value");
    if (values.names.size() == 1)
        return push(InterfaceIs{key.outgoing, values.names[0].name, values.names[0].prefix}, op == Op::differs);
    push(InterfaceIn{key.outgoing, values.names}, op == Op::differs);
}

void Matches::add_families(bool v4, bool v6) {
    if (v4 && v6) return;
    if (!v4 && !v6) return never();
    const wire::Family family = v4 ? wire::Family::ipv4 : wire::Family::ipv6;
    if (family_ && *family_ != family) return never();
    if (!family_) push(FamilyIs{family});
    family_ = family;
}

void Matches::add_states(const Key& key, Op op, const Values& values) {
    asks_connection_ = true;
    constexpr std::pair<std::uint32_t, std::uint8_t> labels[] = {{state_invalid, StateSet::invalid},
                                                                 {state_established, StateSet::established},
                                                                 {state_related, StateSet::related},
                                                                 {state_new, StateSet::new_flow},
                                                                 {state_untracked, StateSet::untracked}};
    StateSet fitting, others;
    for (const auto& [bit, label] : labels) (fits(key, op, values, bit) ? fitting : others).bits |= label;
    ConnectionIs match;
    match.not_states = op == Op::differs;
    match.states = match.not_states ? others : fitting;
    push(match);
}

std::optional<Op> op_by_name(std::string_view name, Type type, bool single) {
    if (name == "==") return Op::equal;
    if (name == "!=") return Op::differs;
    if (name == "in") return is_bits(type) && single ? Op::any_bit : Op::equal;
    if (name == "!" && is_bits(type) && single) return Op::no_bit;
    if (!single || type == Type::ifname) return std::nullopt;
    if (name == "<") return Op::less;
    if (name == ">") return Op::greater;
    if (name == "<=") return Op::less_equal;
    if (name == ">=") return Op::greater_equal;
    return std::nullopt;
}

}  // namespace sim::firewall::import::nft
