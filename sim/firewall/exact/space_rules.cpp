// From matches to sets of packets. Each alternative says for which packets fit.cpp answers yes.
#include "sim/firewall/exact/space.hpp"
#include "sim/firewall/exact/space_spans.hpp"
#include "sim/wire/headers.hpp"

#include <algorithm>

namespace sim::firewall::exact {
namespace {

using wire::Family;
using wire::IpAddress;

constexpr std::uint8_t tcp = 6, udp = 17, icmp = 1, icmpv6 = 58;

std::bitset<256> only(std::initializer_list<std::uint8_t> numbers) {
    std::bitset<256> set;
    for (const std::uint8_t n : numbers) set.set(n);
    return set;
}

// One alternative each.
struct Translator {
    const PacketSet& universe;
    const std::vector<std::string>& names;
    bool inverted;
    bool blind;
    bool& exact;

    template <class Change>
    PacketSet each(Change change) const {
        PacketSet out;
        for (Cell cell : universe) {
            change(cell);
            out.push_back(cell);
        }
        return out;
    }

    // The universe cut down to addresses at one end.
    void add(PacketSet& out, AddressRange Cell::*end, const Spans& spans) const {
        for (const Cell& cell : universe)
            for (const AddressRange& span : spans) {
                if (span.low.family() != (cell.*end).low.family() || span.high < span.low) continue;
                Cell made = cell;
                made.*end = {std::max(span.low, (cell.*end).low), std::min(span.high, (cell.*end).high)};
                if (!((made.*end).high < (made.*end).low)) out.push_back(made);
            }
    }
    // More than anybody writes by hand would cost more than it tells.
    template <class List>
    bool too_many(const List& spans) const {
        constexpr std::size_t spans_max = 1024;
        exact = exact && spans.size() <= spans_max;
        return !exact;
    }
    PacketSet addresses(End end, Spans spans) const {
        if (too_many(spans)) return {};
        const Spans wanted = inverted ? outside(std::move(spans)) : std::move(spans);
        PacketSet out;
        if (end != End::target) add(out, &Cell::source, wanted);
        if (end == End::source || (end == End::either && inverted)) {
            if (end == End::source) return out;
            // Neither end is among them.
            PacketSet both;
            for (const Cell& cell : out)
                for (const AddressRange& span : wanted) {
                    if (span.low.family() != cell.target.low.family() || span.high < span.low) continue;
                    Cell made = cell;
                    made.target = span;
                    both.push_back(made);
                }
            return both;
        }
        add(out, &Cell::target, wanted);
        return out;
    }

    PacketSet operator()(const InPrefix& m) const {
        Spans spans;
        exact = add_prefix(m.prefix, spans) && exact;
        return addresses(m.end, std::move(spans));
    }
    PacketSet operator()(const InRange& m) const {
        Spans spans;
        if (!(m.range.high < m.range.low) && m.range.low.family() == m.range.high.family()) spans.push_back(m.range);
        return addresses(m.end, std::move(spans));
    }
    PacketSet operator()(const InAny& m) const {
        Spans spans;
        for (const wire::Prefix& prefix : m.prefixes) exact = add_prefix(prefix, spans) && exact;
        for (const AddressRange& range : m.ranges)
            if (!(range.high < range.low) && range.low.family() == range.high.family()) spans.push_back(range);
        return addresses(m.end, std::move(spans));
    }
    PacketSet operator()(const InterfaceIs& m) const { return (*this)(InterfaceIn{m.outgoing, {{m.name, m.prefix}}}); }
    PacketSet operator()(const InterfaceIn& m) const {
        std::uint64_t mask = 0;
        for (std::size_t i = 0; i < names.size(); ++i) {
            const bool holds = std::any_of(m.names.begin(), m.names.end(), [&](const InterfaceIn::Name& n) {
                return n.prefix ? names[i].compare(0, n.name.size(), n.name) == 0 : names[i] == n.name;
            });
            if (holds != inverted) mask |= std::uint64_t{1} << i;
        }
        if (mask == 0) return {};
        return each([&](Cell& c) { (m.outgoing ? c.out_interfaces : c.in_interfaces) = mask; });
    }
    PacketSet operator()(const FromSide& m) const {
        const std::uint8_t side = m.side == Side::client ? Cell::from_client : Cell::from_server;
        PacketSet out;
        for (Cell cell : universe) {
            cell.sides = static_cast<std::uint8_t>(inverted ? cell.sides & ~side : cell.sides & side);
            if (cell.sides != 0) out.push_back(cell);
        }
        return out;
    }
    PacketSet operator()(const FamilyIs& m) const {
        PacketSet out;
        for (const Cell& cell : universe)
            if ((cell.source.low.family() == m.family) != inverted) out.push_back(cell);
        return out;
    }
    PacketSet operator()(const ProtocolIn& m) const {
        const std::bitset<256> numbers = inverted ? ~m.numbers : m.numbers;
        if (numbers.none()) return {};
        return each([&](Cell& c) { c.protocols = numbers; });
    }

    PacketSet operator()(const FirstHeaderIn&) const { return unknown(); }
    PacketSet operator()(const AnyPortIn&) const { return unknown(); }
    PacketSet operator()(const FragmentFieldIn&) const { return unknown(); }
    // Cells have no room for what these look at.
    PacketSet unknown() const {
        exact = false;
        return {};
    }

    // What reads a header holds for no later fragment, or, for a rule that is blind to them, for every one of its
    // protocol.
    void add_fragments(PacketSet& out, const std::bitset<256>& protocols) const {
        if (!blind) return;
        for (Cell& cell : each([&](Cell& c) {
                 c.protocols = protocols;
                 c.shapes = Cell::later_fragment;
             }))
            out.push_back(cell);
    }
    template <class Change>
    PacketSet reading(const std::bitset<256>& protocols, std::uint8_t shapes, Change change) const {
        PacketSet out = each([&](Cell& c) {
            c.protocols = protocols;
            c.shapes &= shapes;
            change(c);
        });
        add_fragments(out, protocols);
        return out;
    }

    PacketSet operator()(const HasHeader& m) const {
        return reading(only({static_cast<std::uint8_t>(m.protocol)}), Cell::whole, [](Cell&) {});
    }
    PacketSet operator()(const PortIn& m) const {
        const std::bitset<256> protocols = only({tcp, udp});
        PortSpans spans;
        for (const wire::PortRange& r : m.ranges) spans.push_back({r.first.value, r.last.value});
        if (too_many(spans)) return {};
        const PortSpans wanted = inverted ? outside(std::move(spans)) : std::move(spans);
        if (m.end == End::either && inverted && wanted.size() > 32) exact = false;  // squared below
        if (!exact) return {};
        PacketSet out;
        const std::uint8_t shapes = m.end == End::source ? Cell::first_there : Cell::second_there;
        const auto add_ports = [&](const PortSpan& first, const PortSpan& second) {
            for (const Cell& cell : each([&](Cell& c) {
                     c.protocols = protocols;
                     c.shapes &= shapes;
                     c.first = first;
                     c.second = second;
                 }))
                out.push_back(cell);
        };
        for (const PortSpan& span : wanted) {
            if (m.end == End::either && inverted) {
                for (const PortSpan& other : wanted) add_ports(span, other);
                continue;
            }
            if (m.end != End::target) add_ports(span, {});
            if (m.end != End::source) add_ports({}, span);
        }
        add_fragments(out, protocols);
        return out;
    }
    PacketSet flagged(const std::bitset<256>& flags) const {
        PacketSet out;
        if (flags.any()) return reading(only({tcp}), Cell::whole, [&](Cell& c) { c.flags = flags; });
        add_fragments(out, only({tcp}));
        return out;
    }
    PacketSet operator()(const FlagsAre& m) const {
        std::bitset<256> flags;
        for (unsigned value = 0; value < 256; ++value) flags[value] = ((value & m.mask) == m.value) != inverted;
        return flagged(flags);
    }
    PacketSet operator()(const FlagsOneOf& m) const {
        std::bitset<256> flags;
        for (unsigned value = 0; value < 256; ++value)
            flags[value] = (std::find(m.values.begin(), m.values.end(), value & m.mask) != m.values.end()) != inverted;
        return flagged(flags);
    }
    PacketSet operator()(const AckOrRst&) const {
        std::bitset<256> flags;
        for (unsigned value = 0; value < 256; ++value)
            flags[value] = ((value & (wire::TcpFlags::ack | wire::TcpFlags::rst)) != 0) != inverted;
        return flagged(flags);
    }
    PacketSet operator()(const IcmpIs& m) const {
        const auto low = static_cast<std::uint16_t>(m.any ? 0 : m.type * 256U + m.code_low);
        const auto high = static_cast<std::uint16_t>(m.any ? 65535U : m.type * 256U + m.code_high);
        const PortSpans wanted = inverted ? outside({{low, high}}) : PortSpans{{low, high}};
        PacketSet out;
        for (const Cell& cell : universe) {
            Cell made = cell;
            made.protocols = only({cell.source.low.is_v4() ? icmp : icmpv6});
            made.shapes &= Cell::whole;
            for (const PortSpan& span : wanted) {
                made.first = span;
                out.push_back(made);
            }
            made.first = {};
            made.shapes = Cell::later_fragment;
            if (blind) out.push_back(made);
        }
        return out;
    }
    // Type and code have a dimension each, 256 numbers wide for each value.
    PacketSet operator()(const IcmpFieldIn& m) const {
        PortSpans spans;
        for (std::uint32_t n = 0; n < 256; ++n) {
            if (m.values[n] == inverted) continue;
            const auto low = static_cast<std::uint16_t>(n * 256U), high = static_cast<std::uint16_t>(low + 255U);
            if (!spans.empty() && spans.back().high + 1U == low)
                spans.back().high = high;
            else
                spans.push_back({low, high});
        }
        const std::bitset<256> protocols = only({m.version6 ? icmpv6 : icmp});
        PacketSet out;
        for (const PortSpan& span : spans)
            for (const Cell& cell : reading(protocols, m.code ? Cell::second_there : Cell::first_there,
                                            [&](Cell& c) { (m.code ? c.second : c.first) = span; }))
                out.push_back(cell);
        return out;
    }
    // As in fit.cpp.
    PacketSet operator()(const ConnectionIs& m) const {
        std::bitset<tracked_count> holds;
        for (std::size_t i = 0; i < tracked_count; ++i) {
            const TrackedAs as = tracked_as(i);
            const bool has_entry = as.direction.has_value();
            bool fits = true;
            if (m.states) {
                const auto bits = static_cast<std::uint8_t>(state_bit(as.label) | (has_entry ? as.marks : 0));
                fits = m.states->has_any(bits) != m.not_states;
            }
            if (!has_entry)
                fits = fits && m.states.has_value();
            else
                fits = fits && (!m.direction || *m.direction == *as.direction);
            holds[i] = fits;
        }
        PacketSet out;
        for (Cell cell : universe) {
            cell.tracked &= holds;
            if (cell.tracked.any()) out.push_back(cell);
        }
        return out;
    }
    PacketSet operator()(const LaterFragment&) const {
        return each([&](Cell& c) {
            c.shapes &= static_cast<std::uint8_t>(inverted ? ~Cell::later_fragment : Cell::later_fragment);
        });
    }
};

}  // namespace

PacketSet Space::of(const Match& match, bool blind, bool& exact) const {
    const bool names =
        std::holds_alternative<InterfaceIs>(match.what) || std::holds_alternative<InterfaceIn>(match.what);
    if (too_many_names_ && names) exact = false;
    return std::visit(Translator{universe_, names_, match.inverted, blind, exact}, match.what);
}

std::optional<PacketSet> Space::of(const Rule& rule, Effort& effort) const {
    PacketSet set = universe_;
    bool exact = true;
    for (const Match& match : rule.matches) {
        set = intersection(set, of(match, rule.blind_to_fragments, exact), effort);
        if (!exact || effort.spent()) return std::nullopt;
    }
    return set;
}

}  // namespace sim::firewall::exact
