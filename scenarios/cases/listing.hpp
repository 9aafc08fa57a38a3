// A foreign rule file in plain words: every rule with its number, what it asks, what it does, and the file and line it
// came from. Where the file has an exact native form (sim/firewall/import/native_form.hpp) the text is that: a native rule
// file that can be used as one. Where not, it is a listing, which no reader of rules takes for rules.
#pragma once

#include "scenarios/cases/names.hpp"
#include "sim/firewall/rule_set.hpp"

#include <string>
#include <string_view>

namespace scenarios::cases {

// `format`: "iptables", for the first line.
std::string listing_text(const firewall::RuleSet& rules, std::string_view format);

// One JSON object a rule, in order: chain, number, action (with, to), matches in words, log, place, text, note; then
// native (the line of the native file) where the whole has a native form, or no_native_form with the reason.
std::string listing_lines(const firewall::RuleSet& rules);

}  // namespace scenarios::cases
