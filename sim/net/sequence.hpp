// Sequence numbers modulo 2^32 (RFC 9293 3.4). There is no `<` on purpose: order only has a meaning between numbers
// less than 2^31 apart, so it is asked by name.
#pragma once

#include <cstdint>

namespace sim::net {

struct SeqNum {
    std::uint32_t value = 0;

    constexpr SeqNum() = default;
    constexpr explicit SeqNum(std::uint32_t v) : value(v) {}
    constexpr bool operator==(const SeqNum&) const = default;
    constexpr SeqNum operator+(std::uint32_t octets) const { return SeqNum{value + octets}; }
};

constexpr bool before(SeqNum a, SeqNum b) { return static_cast<std::int32_t>(a.value - b.value) < 0; }
constexpr bool at_most(SeqNum a, SeqNum b) { return !before(b, a); }
// How far `to` lies behind `from`; requires at_most(from, to).
constexpr std::uint32_t distance(SeqNum from, SeqNum to) { return to.value - from.value; }
// Requires nothing: true when `a` lies in [from, from + length).
constexpr bool within(SeqNum a, SeqNum from, std::uint32_t length) { return a.value - from.value < length; }

}  // namespace sim::net
