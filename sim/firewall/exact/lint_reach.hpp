// What comes to a rule, whatever stands above it and in the chains that lead to it. Internal to lint.
//
// A packet comes to a rule along a path: a jump or goto in an entry chain, one in the chain behind it, and so on. It
// comes there exactly when every jump of the path fits it, and nothing above those jumps, nor above the rule itself,
// takes it: a rule that decides, a RETURN, a goto, or a chain that decides it and does not send it back. Each of these
// is a list of cells, so the question is whether cells cover a cell (cover.hpp).
//
// What cannot be expressed errs on one side: a rule without a set may fit anything and takes nothing for sure, so what
// comes to a rule is never too small. Where that made a difference, the predicate itself is asked with one packet, and
// where that does not settle it, nothing is known.
#pragma once

#include "sim/firewall/exact/cover.hpp"
#include "sim/firewall/exact/witness.hpp"

#include <optional>
#include <vector>

namespace sim::firewall::exact {

// The sets of all rules, made once.
struct RuleSpaces {
    RuleSpaces(const RuleSet& rules, Effort& effort);

    Space space;
    std::vector<std::optional<PacketSet>> of;  // by RuleId
    bool all_exact = true;
};

// Entry chains that packets enter, each once.
std::vector<ChainId> entries_of(const RuleSet& rules);

class Reach {
public:
    Reach(const RuleSet& rules, const RuleSpaces& spaces, Effort& effort);

    struct Path {
        ChainId entry;
        std::vector<RuleId> jumps;  // outermost first
        PacketSet set;              // what fits all of them
    };
    // Along which a packet may come to the chain; absent when there are more than are looked at.
    const std::vector<Path>* paths_to(ChainId chain) const;

    struct Fate {
        enum class Kind : std::uint8_t {
            reached,  // a packet comes there: the witness
            taken,    // none does: others take them all
            apart,    // none does: what leads to its chain asks for something else
            empty,    // none does: no packet fits it at all
            unknown,
        };
        Kind kind = Kind::unknown;
        std::optional<Witness> witness{};
        ChainId entry{};  // where the witness enters
    };
    Fate fate(RuleId rule, Effort& effort) const;
    // Whether anything comes to the chain at all, and a packet that does, where one is known.
    struct Entered {
        bool any = true;
        std::optional<Witness> witness{};
    };
    Entered entered(ChainId chain, Effort& effort) const;
    // One of these packets that comes to the rule and is taken by nobody before; absent when there is none, or it is not
    // known.
    std::optional<Witness> coming(RuleId rule, const PacketSet& packets, Effort& effort) const;
    // Whether the packet comes to the rule and is matched by it, asked of the predicate; on any way into the rule set.
    bool is_matched(const Witness& witness, RuleId rule) const;

    // Of what would come to the rule: each part with the one who takes it; see decide. False when it was ended early.
    bool each_taker(RuleId rule, Effort& effort, const Part& part) const;
    // The same of some of its packets, on one of the paths to it.
    bool each_taker_on(const Path& path, RuleId rule, const PacketSet& packets, Effort& effort, const Part& part) const;
    // The same for what lies behind a rule of an entry chain.
    bool each_behind(RuleId rule, Effort& effort, const Part& part) const;
    // Whether all that fits the cell was taken before it came to a rule of an entry chain.
    bool is_taken_before(RuleId rule, const Cell& cell, Effort& effort) const;
    // Whether rules in the same chain, behind it, cannot be expressed.
    bool is_sure_behind(RuleId rule) const;

    // Who takes packets that have come to the chain, up to its end.
    const Takers& takers(ChainId chain) const { return chains_[chain.index].takers; }

private:
    struct ChainTakers {
        Takers takers;
        std::vector<std::size_t> before;  // by rule of the chain, and at the end: how many takers stand above
        std::vector<Taker> decided;       // what a packet that enters meets and does not come back from
        bool cut = false;                 // more would be decided than is kept, or it is not known
    };
    void make_chain(std::uint32_t chain, Effort& effort);
    void make_paths(Effort& effort);
    std::size_t takers_above(RuleId rule) const;
    std::vector<TakerSpan> spans_of(const Path& path, RuleId rule) const;
    bool is_confirmed(const Witness& witness, ChainId entry, RuleId rule) const;

    const RuleSet& rules_;
    const RuleSpaces& spaces_;
    std::vector<ChainTakers> chains_;
    std::vector<std::vector<Path>> paths_;
    std::vector<bool> too_many_paths_;
    bool exact_ = true;  // every taker is known
};

}  // namespace sim::firewall::exact
