// What stands in for trying the rules of a chain in turn, where nobody asks why: the same verdicts, found faster. Made
// in sim/firewall/compiled for rule sets that are long enough to be worth it.
#pragma once

#include "sim/firewall/facts.hpp"
#include "sim/firewall/rule_set.hpp"

namespace sim::firewall {

class RuleJudge {
public:
    RuleJudge() = default;
    RuleJudge(const RuleJudge&) = delete;
    RuleJudge& operator=(const RuleJudge&) = delete;
    virtual ~RuleJudge() = default;

    // The set that it judges by; asked about no other.
    virtual const RuleSet& rules() const = 0;
    // As evaluate.hpp. Requires an entry chain: one with a policy.
    virtual Verdict judge(ChainId entry, const Facts& facts) const = 0;
};

}  // namespace sim::firewall
