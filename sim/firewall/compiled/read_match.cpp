// From matches to boxes. Each alternative says for which packets of the frame fit.cpp answers yes.
#include "sim/firewall/compiled/box.hpp"
#include "sim/wire/headers.hpp"

#include <algorithm>

namespace sim::firewall::compiled {
namespace {

using wire::Family;
using wire::IpAddress;
using Spans = std::vector<Span>;

constexpr std::uint8_t tcp = 6, udp = 17, icmp = 1, icmpv6 = 58;
constexpr std::size_t pieces_max = 64;  // of one match

// ---- addresses ----

std::optional<AddressRange> range_of(const AddressRange& r) {  // with both ends in one family
    AddressRange range = r;
    if (range.high.family() != range.low.family()) {
        if (range.high < range.low) return std::nullopt;
        range.high = IpAddress::v4(0xffffffffU);  // IPv4 addresses stand before all IPv6 ones
    }
    if (range.high < range.low) return std::nullopt;
    return range;
}

// A mask with holes gives many ranges; absent when they are too many.
std::optional<std::vector<AddressRange>> ranges_of(const wire::Prefix& prefix) {
    const IpAddress& a = prefix.address();
    const IpAddress& m = prefix.mask();
    if (prefix.length() >= 0)
        return std::vector<AddressRange>{{a, a.is_v4() ? IpAddress::v4(a.v4_bits() | ~m.v4_bits())
                                                       : IpAddress::v6(a.high() | ~m.high(), a.low() | ~m.low())}};
    if (!a.is_v4()) return std::nullopt;
    const std::uint32_t free = ~m.v4_bits();
    const std::uint32_t tail = free & ~(free + 1U);  // trailing free bits make one range
    const std::uint32_t holes = free & ~tail;
    std::vector<AddressRange> ranges;
    std::uint32_t chosen = 0;
    do {
        if (ranges.size() == pieces_max) return std::nullopt;
        const std::uint32_t low = a.v4_bits() | chosen;
        ranges.push_back({IpAddress::v4(low), IpAddress::v4(low | tail)});
        chosen = (chosen - holes) & holes;  // the next subset of the holes
    } while (chosen != 0);
    return ranges;
}

// The ranges that a match names; absent when they cannot be said.
std::optional<std::vector<AddressRange>> named(const InPrefix& m) { return ranges_of(m.prefix); }
std::optional<std::vector<AddressRange>> named(const InRange& m) {
    const auto range = range_of(m.range);
    return range ? std::vector<AddressRange>{*range} : std::vector<AddressRange>{};
}
std::optional<std::vector<AddressRange>> named(const InAny& m) {
    std::vector<AddressRange> all;
    for (const wire::Prefix& prefix : m.prefixes) {
        const auto ranges = ranges_of(prefix);
        if (!ranges) return std::nullopt;
        all.insert(all.end(), ranges->begin(), ranges->end());
    }
    for (const AddressRange& range : m.ranges)
        if (const auto r = range_of(range)) all.push_back(*r);
    return all;
}
template <class Other>
std::optional<std::vector<AddressRange>> named(const Other&) {
    return std::nullopt;
}

// ---- boxes ----

Set only(std::initializer_list<std::uint8_t> elements) {
    Set set;
    for (const std::uint8_t e : elements) set.set(e);
    return set;
}
Box of(Dimension d, const Set& set) {
    Box box;
    box.of(d) = set;
    return box;
}

// One alternative each. What is not named here is opaque.
struct Reader {
    const Frame& frame;
    bool inverted;
    bool blind;

    static Reading exactly(Boxes boxes) {
        std::erase_if(boxes, [](const Box& b) {
            return std::any_of(b.sets.begin(), b.sets.end(), [](const Set& s) { return s.none(); });
        });
        return {Reading::How::exact, std::move(boxes)};
    }
    static Reading if_so(bool holds) { return holds ? exactly({Box{}}) : exactly({}); }
    static Reading too_much() { return {Reading::How::unsaid, {}}; }

    // Boxes for a list of intervals at one end, at either, or (inverted) at neither.
    static Reading at_end(End end, bool inverted, const Spans& spans, Span Box::*source, Span Box::*target,
                          const Box& rest) {
        Boxes boxes;
        if (end == End::either && inverted) {
            if (spans.size() * spans.size() > pieces_max) return too_much();
            for (const Span& s : spans)
                for (const Span& t : spans) {
                    Box& box = boxes.emplace_back(rest);
                    box.*source = s;
                    box.*target = t;
                }
            return exactly(std::move(boxes));
        }
        if (spans.size() > pieces_max) return too_much();
        for (const Span& s : spans) {
            if (end != End::target) boxes.emplace_back(rest).*source = s;
            if (end != End::source) boxes.emplace_back(rest).*target = s;
        }
        return exactly(std::move(boxes));
    }

    template <class AddressMatch>
    Reading addresses(const AddressMatch& m) const {
        const auto ranges = named(m);
        if (!ranges) return too_much();
        Spans spans;
        for (const AddressRange& range : *ranges)
            if (range.low.family() == frame.family) spans.push_back(frame.addresses->span(range));
        if (inverted) spans = outside(std::move(spans), frame.addresses->last());
        return at_end(m.end, inverted, spans, &Box::source, &Box::target, {});
    }
    Reading operator()(const InPrefix& m) const { return addresses(m); }
    Reading operator()(const InRange& m) const { return addresses(m); }
    Reading operator()(const InAny& m) const { return addresses(m); }

    Reading operator()(const InterfaceIs& m) const {
        if (frame.interfaces->too_many()) return too_much();
        const Set set = frame.interfaces->holding(m);
        return exactly({of(m.outgoing ? Dimension::out_interface : Dimension::in_interface, inverted ? ~set : set)});
    }
    Reading operator()(const FromSide& m) const {
        const Set set = only({side_number(m.side)});
        return exactly({of(Dimension::side, inverted ? ~set : set)});
    }
    Reading operator()(const FamilyIs& m) const { return if_so((m.family == frame.family) != inverted); }
    Reading operator()(const ProtocolIn& m) const {
        return exactly({of(Dimension::protocol, inverted ? ~m.numbers : m.numbers)});
    }

    // What reads a header holds for no later fragment, or, for a rule that is blind to them, for all of its protocols.
    Reading for_fragments(const Set& protocols) const {
        return blind ? exactly({of(Dimension::protocol, protocols)}) : exactly({});
    }
    Reading operator()(const HasHeader& m) const {
        const auto number = static_cast<std::uint8_t>(m.protocol);
        if (number != tcp && number != udp && number != icmp && number != icmpv6) return {Reading::How::opaque, {}};
        const Set protocols = only({number});
        return frame.fragments ? for_fragments(protocols) : exactly({of(Dimension::protocol, protocols)});
    }
    Reading operator()(const PortIn& m) const {
        const Set protocols = only({tcp, udp});
        if (frame.fragments) return for_fragments(protocols);
        Spans spans;
        for (const wire::PortRange& r : m.ranges) spans.push_back({r.first.value, r.last.value});
        std::erase_if(spans, [](const Span& s) { return empty(s); });
        if (inverted) spans = outside(std::move(spans), 65535);
        return at_end(m.end, inverted, spans, &Box::first, &Box::second, of(Dimension::protocol, protocols));
    }
    Reading flagged(const Set& flags) const {
        const Set protocols = only({tcp});
        if (frame.fragments) return for_fragments(protocols);
        Box box = of(Dimension::protocol, protocols);
        box.of(Dimension::flags) = flags;
        return exactly({box});
    }
    Reading operator()(const FlagsAre& m) const {
        Set flags;
        for (unsigned value = 0; value < 256; ++value) flags[value] = ((value & m.mask) == m.value) != inverted;
        return flagged(flags);
    }
    Reading operator()(const AckOrRst&) const {
        Set flags;
        for (unsigned value = 0; value < 256; ++value)
            flags[value] = ((value & (wire::TcpFlags::ack | wire::TcpFlags::rst)) != 0) != inverted;
        return flagged(flags);
    }
    Reading operator()(const IcmpIs& m) const {
        const Set protocols = only({frame.family == Family::ipv4 ? icmp : icmpv6});
        if (frame.fragments) return for_fragments(protocols);
        Spans spans;
        if (m.any)
            spans.push_back({0, 65535});
        else if (m.code_low <= m.code_high)
            spans.push_back({m.type * 256U + m.code_low, m.type * 256U + m.code_high});
        if (inverted) spans = outside(std::move(spans), 65535);
        return at_end(End::source, inverted, spans, &Box::first, &Box::second, of(Dimension::protocol, protocols));
    }
    // As in fit.cpp.
    Reading operator()(const ConnectionIs& m) const {
        Set holds;
        for (std::size_t n = 0; n < tracked_count; ++n) {
            const auto label = static_cast<Label>(n % 6);
            const std::size_t direction = n / 6 % 3, mark = n / 18;
            const auto marks = static_cast<std::uint8_t>(((mark & 1U) != 0 ? StateSet::snat : 0) |
                                                         ((mark & 2U) != 0 ? StateSet::dnat : 0));
            const bool has_entry = direction != 0;
            bool fits = true;
            if (m.states) {
                const auto bits = static_cast<std::uint8_t>(state_bit(label) | (has_entry ? marks : 0));
                fits = m.states->has_any(bits) != m.not_states;
            }
            if (!has_entry)
                fits = fits && m.states.has_value();
            else if (m.direction)
                fits = fits && (*m.direction == FlowSide::original) == (direction == 1);
            holds[n] = fits;
        }
        return exactly({of(Dimension::tracked, holds)});
    }
    Reading operator()(const LaterFragment&) const { return if_so(frame.fragments != inverted); }

    template <class Other>
    Reading operator()(const Other&) const {
        return {Reading::How::opaque, {}};
    }
};

}  // namespace

Reading read(const Match& match, bool blind_to_fragments, const Frame& frame) {
    return std::visit(Reader{frame, match.inverted, blind_to_fragments}, match.what);
}

void add_ranges(const RuleSet& rules, Family family, AddressScale& scale) {
    for (const Rule& rule : rules.rules())
        for (const Match& match : rule.matches) {
            const auto ranges = std::visit([](const auto& what) { return named(what); }, match.what);
            if (!ranges) continue;
            for (const AddressRange& range : *ranges)
                if (range.low.family() == family) scale.add(range);
        }
}

}  // namespace sim::firewall::compiled
