// Foreign rules as native rules, where that is possible without changing the verdict on a single packet.
//
// Native rules know one list between two sides: no chains to jump to, no labels of connections, no interfaces, no
// inverted matches, and a rule with ports wants a whole transport header. What asks for more has no native form; it is
// never approximated. Rules of one version of IP say so by their addresses (from 0.0.0.0/0).
#pragma once

#include "sim/firewall/import/native.hpp"

#include <optional>
#include <string>
#include <vector>

namespace sim::firewall::import {

struct Obstacle {
    std::optional<RuleId> rule;  // absent: the rule set as a whole
    std::string why;             // "it asks for a connection's state"
};

struct NativeForm {
    NativeRules rules;                // with the places and notes of the foreign rules
    std::vector<Obstacle> obstacles;  // empty: `rules` give the verdicts of the foreign rules, packet for packet
};

// What passes between the two sides of a Firewall; chains for a box's own packets count only where they could hold back
// the answer of a reject.
NativeForm native_form(const RuleSet& rules);

}  // namespace sim::firewall::import
