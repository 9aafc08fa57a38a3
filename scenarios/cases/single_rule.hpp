// Single iptables rules against the real iptables-restore, as in tests/firewall/goldens/import-rules.jsonl:
//
//   {"family":"ipv4","rule":"-A FORWARD -p 6 -j ACCEPT","accepted":true,"canonical":["-A FORWARD -p tcp -j ACCEPT"]}
//
// Each rule stands in a filter table with the chains INPUT, FORWARD, OUTPUT and USER.
#pragma once

#include "scenarios/cases/compare.hpp"

#include <boost/json/object.hpp>

#include <string>

namespace scenarios::cases {

// {"rule":...,"family":...,"accepted":...} with "canonical", or with "error" and the refused "word".
json::object try_rule(const json::object& record);

// accepted and canonical must be the same. Of an error that quotes a word, ours must name it too; a rule that is
// "outside_subset" must be refused by that word.
void compare_rule(const json::object& tried, const json::object& record, Tally& tally);

}  // namespace scenarios::cases
