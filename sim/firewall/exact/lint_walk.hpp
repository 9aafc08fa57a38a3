// Sets of packets led through chains, as evaluate.hpp leads one packet. Internal to lint.
//
// What cannot be expressed errs on one side: a rule without a set may fit anything and decides nothing for sure, so the
// sets that arrive somewhere are never too small.
#pragma once

#include "sim/firewall/exact/space.hpp"

#include <optional>
#include <vector>

namespace sim::firewall::exact {

// The sets of all rules, made once.
struct RuleSpaces {
    RuleSpaces(const RuleSet& rules, Effort& effort);

    Space space;
    std::vector<std::optional<PacketSet>> of;  // by RuleId
};

class Walk {
public:
    Walk(const RuleSet& rules, const RuleSpaces& spaces, Effort& effort)
        : rules_(rules), spaces_(spaces), effort_(effort) {}

    struct Decided {
        RuleId rule;
        Cell sample;  // a packet that it decided
    };

    // Leads a set from the first rule of an entry chain up to a rule. True when some packet may arrive there; then the
    // walk ends at once. Otherwise takers() are the rules that took the set on its way.
    bool arrives(ChainId entry, const PacketSet& set, RuleId goal);

    // What of the set may arrive, in full.
    PacketSet arrivals(ChainId entry, const PacketSet& set, RuleId goal);

    // Leads a set from behind a rule of an entry chain to its end. What is not decided there is left to the policy.
    PacketSet goes_on(RuleId behind, PacketSet set);

    // Rules that decided of the set, or sent it back from the goal's chain; in the order in which they were met.
    const std::vector<Decided>& decided() const { return decided_; }
    // Those that did so before the goal's place was passed for the last time.
    std::vector<Decided> takers() const;
    bool sure() const { return sure_; }  // no rule without a set was met

private:
    PacketSet through(std::uint32_t first, std::uint32_t end, PacketSet set, unsigned depth);
    void reset(std::optional<RuleId> goal, bool stop);

    const RuleSet& rules_;
    const RuleSpaces& spaces_;
    Effort& effort_;
    std::optional<RuleId> goal_;
    bool stop_ = false;
    bool sure_ = true;
    std::optional<std::size_t> decided_before_;  // how many, when the goal's place was passed
    PacketSet arrived_;
    std::vector<Decided> decided_;
};

// By chain: what rules ask of a packet that is led there, whatever stands above them. Too large rather than too small.
std::vector<PacketSet> ways_into(const RuleSet& rules, const RuleSpaces& spaces, Effort& effort);

// Entry chains that packets enter, each once.
std::vector<ChainId> entries_of(const RuleSet& rules);

}  // namespace sim::firewall::exact
