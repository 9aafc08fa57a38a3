// A way of rejecting in the words of the rule set's own dialect: "icmp-port-unreachable", "icmpx no-route".
#pragma once

#include "sim/firewall/rule_set.hpp"

#include <string>

namespace sim::firewall::import {

// `for_both`: of a rule that speaks for both versions of IP (nft's icmpx).
std::string reject_words(const RuleSet& rules, RejectWith with, wire::Family family, bool for_both);
// Of a verdict; empty when it does not reject.
std::string reject_words(const RuleSet& rules, const Verdict& verdict, wire::Family family);

}  // namespace sim::firewall::import
