#include "sim/firewall/evaluate.hpp"

#include <algorithm>

namespace sim::firewall {
namespace {

constexpr std::uint8_t number(wire::Protocol p) { return static_cast<std::uint8_t>(p); }
constexpr Fit as_fit(bool holds) { return holds ? Fit::yes : Fit::no; }
constexpr Fit as_fit(bool holds, bool inverted) { return as_fit(holds != inverted); }

template <class Contains>
bool at_end(End end, const Facts& f, Contains contains) {
    if (end == End::source) return contains(f.source);
    if (end == End::target) return contains(f.target);
    return contains(f.source) || contains(f.target);
}

bool contains(const InAny& set, const wire::IpAddress& address) {
    for (const wire::Prefix& prefix : set.prefixes)
        if (prefix.contains(address)) return true;
    for (const AddressRange& range : set.ranges)
        if (range.contains(address)) return true;
    return false;
}

bool contains(const std::vector<wire::PortRange>& ranges, std::uint16_t port) {
    for (const wire::PortRange& range : ranges)
        if (range.contains(wire::Port{port})) return true;
    return false;
}

// One alternative each; the blanks are filled by Match::inverted and the rule's view of fragments.
struct Fitter {
    const Facts& f;
    bool inverted;
    bool blind;
    bool reads_octets;

    // The octets behind the IP header, as nftables reads them: absent when the packet has not as many, or is a later
    // fragment.
    const std::uint8_t* octets(std::size_t count) const {
        const base::ByteView payload = f.subject->packet->ip_payload;
        return f.later_fragment || payload.size() < count ? nullptr : payload.data();
    }
    template <class Ranges>
    Fit port_in_octets(const Ranges& ranges, End end) const {
        const std::uint8_t* o = octets(end == End::source ? 2 : 4);
        if (o == nullptr) return Fit::no;
        const auto port = [o](unsigned at) { return static_cast<std::uint16_t>(o[at] << 8U | o[at + 1]); };
        const bool holds =
            (end != End::target && contains(ranges, port(0))) || (end != End::source && contains(ranges, port(2)));
        return as_fit(holds, inverted);
    }
    template <class Holds>
    Fit flags_fit(Holds holds) const {
        if (f.protocol != number(wire::Protocol::tcp)) return Fit::no;
        if (reads_octets) {
            const std::uint8_t* o = octets(14);
            return o == nullptr ? Fit::no : as_fit(holds(o[13]), inverted);
        }
        if (const auto early = unreadable(f.header_whole)) return *early;
        return as_fit(holds(f.flags), inverted);
    }

    // What a match on a transport field does before it may read the field: absent means "go on and read".
    std::optional<Fit> unreadable(bool there) const {
        if (f.later_fragment) return as_fit(blind);
        if (!there) return Fit::unfit;
        return std::nullopt;
    }

    Fit operator()(const InPrefix& m) const {
        return as_fit(at_end(m.end, f, [&](const wire::IpAddress& a) { return m.prefix.contains(a); }), inverted);
    }
    Fit operator()(const InRange& m) const {
        return as_fit(at_end(m.end, f, [&](const wire::IpAddress& a) { return m.range.contains(a); }), inverted);
    }
    Fit operator()(const InAny& m) const {
        return as_fit(at_end(m.end, f, [&](const wire::IpAddress& a) { return contains(m, a); }), inverted);
    }
    // A hook that does not know an interface shows an empty name, as the kernel does.
    Fit operator()(const InterfaceIs& m) const {
        const std::string_view name = m.outgoing ? f.subject->out_interface : f.subject->in_interface;
        return as_fit(m.prefix ? name.substr(0, m.name.size()) == m.name : name == m.name, inverted);
    }
    Fit operator()(const InterfaceIn& m) const {
        const std::string_view name = m.outgoing ? f.subject->out_interface : f.subject->in_interface;
        return as_fit(std::any_of(m.names.begin(), m.names.end(),
                                  [name](const auto& n) {
                                      return n.prefix ? name.substr(0, n.name.size()) == n.name : name == n.name;
                                  }),
                      inverted);
    }
    Fit operator()(const FromSide& m) const { return as_fit(f.subject->from == m.side, inverted); }
    Fit operator()(const FamilyIs& m) const { return as_fit(f.source.family() == m.family, inverted); }
    Fit operator()(const ProtocolIn& m) const { return as_fit(m.numbers[f.protocol], inverted); }
    Fit operator()(const FirstHeaderIn& m) const {
        constexpr std::size_t next_header = 6;
        return f.source.is_v4() ? Fit::no : as_fit(m.numbers[f.subject->packet->octets[next_header]], inverted);
    }

    Fit operator()(const HasHeader& m) const {
        if (f.protocol != number(m.protocol)) return Fit::no;
        if (m.protocol == wire::Protocol::tcp && f.subject->packet->ip.fragment_offset == 8) return Fit::unfit;
        return unreadable(f.header_whole).value_or(Fit::yes);
    }
    Fit operator()(const PortIn& m) const {
        if (f.protocol != number(wire::Protocol::tcp) && f.protocol != number(wire::Protocol::udp)) return Fit::no;
        if (reads_octets) return port_in_octets(m.ranges, m.end);
        if (const auto early = unreadable(f.ports_known)) return *early;
        const bool holds = (m.end != End::target && contains(m.ranges, f.source_port)) ||
                           (m.end != End::source && contains(m.ranges, f.target_port));
        return as_fit(holds, inverted);
    }
    Fit operator()(const AnyPortIn& m) const { return port_in_octets(m.ranges, m.end); }
    Fit operator()(const FlagsAre& m) const {
        return flags_fit([&m](std::uint8_t flags) { return (flags & m.mask) == m.value; });
    }
    Fit operator()(const FlagsOneOf& m) const {
        return flags_fit([&m](std::uint8_t flags) {
            return std::find(m.values.begin(), m.values.end(), flags & m.mask) != m.values.end();
        });
    }
    Fit operator()(const AckOrRst&) const {
        return flags_fit([](std::uint8_t flags) { return (flags & (wire::TcpFlags::ack | wire::TcpFlags::rst)) != 0; });
    }
    Fit operator()(const IcmpIs& m) const {
        const wire::Protocol own = f.source.is_v4() ? wire::Protocol::icmp : wire::Protocol::icmpv6;
        if (f.protocol != number(own)) return Fit::no;
        if (const auto early = unreadable(f.header_whole)) return *early;
        const wire::IcmpHeader& icmp = *f.subject->packet->icmp();
        return as_fit(m.any || (icmp.type == m.type && m.code_low <= icmp.code && icmp.code <= m.code_high), inverted);
    }
    Fit operator()(const IcmpFieldIn& m) const {
        if (f.protocol != number(m.version6 ? wire::Protocol::icmpv6 : wire::Protocol::icmp)) return Fit::no;
        const std::uint8_t* o = octets(m.code ? 2 : 1);
        return o == nullptr ? Fit::no : as_fit(m.values[o[m.code ? 1 : 0]], inverted);
    }
    Fit operator()(const ConnectionIs& m) const {
        const Subject& s = *f.subject;
        const bool has_entry = s.direction.has_value();
        if (m.states) {
            const auto bits = static_cast<std::uint8_t>(state_bit(s.label) | (has_entry ? s.marks : 0));
            if (m.states->has_any(bits) == m.not_states) return Fit::no;
        }
        if (!has_entry) return as_fit(m.states.has_value());
        return as_fit(!m.direction || *m.direction == *s.direction);
    }
    Fit operator()(const LaterFragment&) const { return as_fit(f.later_fragment, inverted); }
    Fit operator()(const FragmentFieldIn& m) const {
        if (!f.source.is_v4()) return Fit::no;
        const base::ByteView o = f.subject->packet->octets;
        const auto field = static_cast<std::uint16_t>((o[6] << 8U | o[7]) & m.mask);
        return as_fit(std::any_of(m.ranges.begin(), m.ranges.end(),
                                  [field](const auto& r) { return r.low <= field && field <= r.high; }),
                      inverted);
    }
};

}  // namespace

Fit fit(const Match& match, const Facts& facts, bool blind_to_fragments, bool reads_octets) {
    return std::visit(Fitter{facts, match.inverted, blind_to_fragments, reads_octets}, match.what);
}

}  // namespace sim::firewall
