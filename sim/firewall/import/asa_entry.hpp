// One entry of an ASA access list: "permit|deny PROTO SRC [PORTS] DST [PORTS|ICMP] [log ...] [inactive]".
//
// Most entries become one rule, however large the groups they name: a group of addresses or ports is one match.
// Services of several protocols, and groups of ICMP types, become a rule each; they share the line and its number.
#pragma once

#include "sim/firewall/import/asa_objects.hpp"
#include "sim/firewall/rule_set.hpp"

namespace sim::firewall::import {

struct AsaEntry {
    std::vector<Rule> rules;
    Used used;
    bool inactive = false;
    bool log = false;
};

// From words[at], which is permit or deny. The entry counts only when nothing was complained of.
AsaEntry read_entry(const std::vector<Word>& words, std::size_t at, const Objects& objects, Complaints& complaints);

}  // namespace sim::firewall::import
