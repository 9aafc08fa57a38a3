// Which cells take a cell away before it comes somewhere: the two questions that the lint of rules asks of lists of
// cells, both exact.
//
// cover: are these sets taken whole, in whatever order? Depth first over what is left, with the taker that overlaps
// most first, and an end at the first packet that escapes: most rules of a file are reached, and show it at once.
//
// decide: who takes each part, when the first in the list that fits takes it, as rules do.
//
// Both stop when the Effort is spent, and then know nothing.
#pragma once

#include "sim/firewall/space.hpp"

#include <functional>
#include <span>
#include <vector>

namespace sim::firewall {

struct Taker {
    enum class Does : std::uint8_t { accepts, refuses, sends_back };  // back: to the caller, or to the policy
    Cell cell;
    RuleId rule;
    Does does = Does::accepts;
};

// Takers in the order in which a packet meets them.
class Takers {
public:
    void add(Taker taker);
    std::size_t size() const { return all_.size(); }
    const Taker& operator[](std::size_t index) const { return all_[index]; }

    // The first of [from, end) that meets the cell, or `end`.
    std::size_t next_meeting(const Cell& cell, std::size_t from, std::size_t end, Effort& effort) const;

private:
    // What most cells differ in, small enough to look through thousands.
    struct Key {
        std::uint32_t target_low, target_high, source_low, source_high;  // IPv4; all of them for IPv6
        std::uint16_t first_low, first_high, second_low, second_high;
        std::uint8_t family;  // a bit each
        std::uint8_t usual;   // TCP, UDP, ICMP, others: a bit each
        std::uint8_t sides;
        std::uint8_t shapes;
    };
    static Key key_of(const Cell& cell);
    static bool may_meet(const Key& a, const Key& b);

    std::vector<Taker> all_;
    std::vector<Key> keys_;
};

struct TakerSpan {  // the first `count` of them
    const Takers* takers = nullptr;
    std::size_t count = 0;
};

enum class Covered : std::uint8_t { yes, no, unknown };
struct Covering {
    Covered covered = Covered::unknown;
    std::optional<Cell> escape{};  // no: a part that nobody takes
};
Covering cover(const PacketSet& cells, std::span<const TakerSpan> spans, Effort& effort);

// Hears of each part and of who takes it; null: nobody does. False ends the search.
using Part = std::function<bool(const Cell& part, const Taker* taker)>;
// `from`: takers of the first span before this index are left out. False when it was ended or the effort is spent.
bool decide(const PacketSet& cells, std::span<const TakerSpan> spans, std::size_t from, Effort& effort,
            const Part& part);

}  // namespace sim::firewall
