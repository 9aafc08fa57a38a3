// One rule of an iptables-save file: its words, and what they mean. Private to the importer.
#pragma once

#include "sim/base/diagnostic.hpp"
#include "sim/firewall/import/iptables_words.hpp"
#include "sim/firewall/rule_set.hpp"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace sim::firewall::import::iptables {

// What the parser of a rule must know of its surroundings.
struct Surroundings {
    const base::SourceText& source;
    wire::Family family;
    std::string_view chain;                                           // that the rule stands in
    const std::map<std::string, std::uint32_t, std::less<>>& chains;  // all chains by name, the built-in ones first
    std::uint32_t built_in_count;
    bool nat;                    // the table is nat, not filter
    base::Diagnostics& remarks;  // what is taken, and likely not meant
};

struct ParsedRule {
    std::vector<Rule> rules;             // one per combination of its addresses
    std::vector<std::string> canonical;  // the same, written as "-A CHAIN ..."
    std::string comment;
    bool asks_state = false;
    std::optional<Translation> translation{};
    std::string_view translates_in{};  // its target may be reached from these chains: "PREROUTING and OUTPUT"
};

// Reads the words after "-A CHAIN". Adds to the diagnostics what is wrong; the rule counts only when nothing is.
ParsedRule parse_rule(const std::vector<Word>& words, std::size_t first, const Surroundings& around,
                      base::Diagnostics& faults);

}  // namespace sim::firewall::import::iptables
