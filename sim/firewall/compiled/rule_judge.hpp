// Compiled classifiers for a whole rule set, for Firewall::Settings::judge.
#pragma once

#include "sim/firewall/rule_judge.hpp"

#include <cstdint>
#include <memory>

namespace sim::firewall::compiled {

// Null where it does not pay: `questions` says about how many packets will be judged. A table costs about as much a rule as
// a thousand packets that try that rule; a short list is tried faster than a packet's key is made.
std::shared_ptr<const RuleJudge> judge_for(const SharedRules& rules, std::uint64_t questions);
inline constexpr std::size_t least_rules = 64;
inline constexpr std::uint64_t least_questions = 4000;

}  // namespace sim::firewall::compiled
