// What the lookups share, whatever they are written with. Private to them.
#pragma once

#include "sim/firewall/compiled/layout.hpp"

#include <algorithm>

namespace sim::firewall::compiled {

// The class of a value, by halving, without a branch.
__attribute__((always_inline)) inline std::uint32_t class_by_steps(const Starts& starts, std::uint32_t value) {
    const std::uint32_t* const values = starts.values.data();
    std::uint32_t at = 0;
    for (std::uint32_t step = 1U << (starts.bits - 1); step != 0; step >>= 1U)
        at += values[at + step] <= value ? step : 0;
    return at;
}

inline constexpr std::size_t round_size = 32;

// Any number of packets, by a function for a whole round of them and a function for one: of what is left at the end,
// `few` are faster alone, and more are filled up to a round.
template <auto round, auto one, std::size_t few>
void in_rounds(const Layout& layout, const Key* keys, std::uint32_t* lines, std::size_t count) {
    for (; count >= round_size; count -= round_size, keys += round_size, lines += round_size)
        round(layout, keys, lines);
    if (count <= few) {
        for (std::size_t i = 0; i < count; ++i) lines[i] = one(layout, keys[i]);
        return;
    }
    Key padded[round_size];
    std::uint32_t found[round_size];
    std::copy_n(keys, count, padded);
    round(layout, padded, found);
    std::copy_n(found, count, lines);
}

}  // namespace sim::firewall::compiled
