// An entry chain as one list, in which the first line that fits decides: jumps, gotos and returns are written out.
//
// A jump becomes the lines of its chain, each narrowed by what the jump asks. A return becomes a line that sends a
// packet on to a later line. What cannot be said in boxes becomes a line that must be confirmed by the predicate: its
// boxes are then too large rather than too small.
#pragma once

#include "sim/firewall/compiled/box.hpp"

#include <optional>
#include <vector>

namespace sim::firewall::compiled {

struct Line {
    enum class Kind : std::uint8_t {
        decide,  // the rule's target decides
        skip,    // goes on at `next`: a return, or the end of a chain that was entered by a goto
        enter,   // a jump to be confirmed: if it does not match, goes on at `next`, behind the lines of its chain
    };
    Kind kind = Kind::decide;
    bool confirm = false;  // only if the predicate says that the rule matches
    RuleId rule;
    std::uint32_t next = 0;  // may lie behind the last line: then the policy decides
    Boxes boxes;
};

// More lines than this are not worth a table.
inline constexpr std::size_t lines_max = 60'000;

// Absent when the list would grow too long.
std::optional<std::vector<Line>> lines_of(const RuleSet& rules, ChainId entry, const Frame& frame);

}  // namespace sim::firewall::compiled
