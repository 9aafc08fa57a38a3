// Rules of a nat table that translate to the firewall's own address (MASQUERADE, REDIRECT) where nobody has said which
// one that is. With such a rule no verdict is worth anything: the packet would be lost in the model alone.
#pragma once

#include "sim/firewall/firewall.hpp"
#include "sim/firewall/rule_set.hpp"

#include <vector>

namespace sim::firewall {

struct AddressWanted {
    RuleId rule;  // of rules.nat()
    Side side = Side::client;
};

// At most one a rule, in their order. `settings` names the interfaces and the addresses that are known.
std::vector<AddressWanted> addresses_wanted(const RuleSet& rules, const Firewall::Settings& settings);

}  // namespace sim::firewall
