// The algebra on cells.
#include "sim/firewall/exact/space.hpp"

#include <algorithm>

namespace sim::firewall::exact {
namespace {

wire::IpAddress after(const wire::IpAddress& a) {
    if (a.is_v4()) return wire::IpAddress::v4(a.v4_bits() + 1);
    return wire::IpAddress::v6(a.high() + (a.low() == ~std::uint64_t{0} ? 1U : 0U), a.low() + 1);
}
wire::IpAddress before(const wire::IpAddress& a) {
    if (a.is_v4()) return wire::IpAddress::v4(a.v4_bits() - 1);
    return wire::IpAddress::v6(a.high() - (a.low() == 0 ? 1U : 0U), a.low() - 1);
}
std::uint16_t after(std::uint16_t port) { return static_cast<std::uint16_t>(port + 1U); }
std::uint16_t before(std::uint16_t port) { return static_cast<std::uint16_t>(port - 1U); }

template <class Span>
bool meet_span(const Span& a, const Span& b) {
    return a.low <= b.high && b.low <= a.high;
}
template <class Span>
Span common(const Span& a, const Span& b) {
    return {std::max(a.low, b.low), std::min(a.high, b.high)};
}

// Both parts of `left` that lie outside of `what` in one dimension go to `out`; `left` keeps what lies inside. Requires
// the two to meet there.
template <class Span>
void carve_span(Cell& left, Span Cell::*dimension, const Span& what, PacketSet& out) {
    Span& own = left.*dimension;
    if (own.low < what.low) {
        Cell below = left;
        (below.*dimension).high = before(what.low);
        out.push_back(below);
        own.low = what.low;
    }
    if (what.high < own.high) {
        Cell above = left;
        (above.*dimension).low = after(what.high);
        out.push_back(above);
        own.high = what.high;
    }
}

// The same for a finite set.
template <class Bits>
void carve_bits(Cell& left, Bits Cell::*dimension, const Bits& what, PacketSet& out) {
    Bits& own = left.*dimension;
    const Bits outside = static_cast<Bits>(own & ~what);
    if (outside != Bits{}) {
        Cell rest = left;
        rest.*dimension = outside;
        out.push_back(rest);
    }
    own = static_cast<Bits>(own & what);
}

Cell common(const Cell& a, const Cell& b) {
    Cell c;
    c.shapes = static_cast<std::uint8_t>(a.shapes & b.shapes);
    c.sides = static_cast<std::uint8_t>(a.sides & b.sides);
    c.in_interfaces = a.in_interfaces & b.in_interfaces;
    c.out_interfaces = a.out_interfaces & b.out_interfaces;
    c.source = common(a.source, b.source);
    c.target = common(a.target, b.target);
    c.first = common(a.first, b.first);
    c.second = common(a.second, b.second);
    c.protocols = a.protocols & b.protocols;
    c.flags = a.flags & b.flags;
    c.tracked = a.tracked & b.tracked;
    return c;
}

// Requires the two to meet.
void carve(Cell left, const Cell& what, PacketSet& out) {
    carve_bits(left, &Cell::protocols, what.protocols, out);
    carve_span(left, &Cell::target, what.target, out);
    carve_span(left, &Cell::source, what.source, out);
    carve_span(left, &Cell::second, what.second, out);
    carve_span(left, &Cell::first, what.first, out);
    carve_bits(left, &Cell::sides, what.sides, out);
    carve_bits(left, &Cell::shapes, what.shapes, out);
    carve_bits(left, &Cell::tracked, what.tracked, out);
    carve_bits(left, &Cell::flags, what.flags, out);
    carve_bits(left, &Cell::in_interfaces, what.in_interfaces, out);
    carve_bits(left, &Cell::out_interfaces, what.out_interfaces, out);
}

}  // namespace

bool meet(const Cell& a, const Cell& b) {
    return meet_span(a.target, b.target) && meet_span(a.second, b.second) && meet_span(a.source, b.source) &&
           meet_span(a.first, b.first) && (a.sides & b.sides) != 0 && (a.shapes & b.shapes) != 0 &&
           (a.in_interfaces & b.in_interfaces) != 0 && (a.out_interfaces & b.out_interfaces) != 0 &&
           (a.protocols & b.protocols).any() && (a.tracked & b.tracked).any() && (a.flags & b.flags).any();
}

PacketSet intersection(const PacketSet& a, const PacketSet& b, Effort& effort) {
    PacketSet result;
    for (const Cell& x : a)
        for (const Cell& y : b) {
            effort.step();
            if (effort.spent()) return result;
            if (meet(x, y)) result.push_back(common(x, y));
            effort.grown(result.size());
        }
    return result;
}

PacketSet difference(PacketSet from, const PacketSet& what, Effort& effort) {
    for (const Cell& w : what) {
        PacketSet rest;
        for (const Cell& f : from) {
            effort.step();
            if (effort.spent()) return from;
            if (meet(f, w))
                carve(f, w, rest);
            else
                rest.push_back(f);
        }
        effort.grown(rest.size());
        from = std::move(rest);
        if (from.empty()) break;
    }
    return from;
}

TrackedAs tracked_as(std::size_t index) {
    TrackedAs as;
    as.label = static_cast<Label>(index % 6);
    const std::size_t direction = index / 6 % 3;
    if (direction != 0) as.direction = direction == 1 ? FlowSide::original : FlowSide::reply;
    const std::size_t marks = index / 18;
    as.marks =
        static_cast<std::uint8_t>(((marks & 1U) != 0 ? StateSet::snat : 0) | ((marks & 2U) != 0 ? StateSet::dnat : 0));
    return as;
}

}  // namespace sim::firewall::exact
