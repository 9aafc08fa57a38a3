// Rules written in nft's own language, as `nft list ruleset` shows them: JSON is for programs.
//
// Requires what the importer has taken; of other values something readable is made all the same.
#pragma once

#include "sim/firewall/import/nft_json.hpp"

#include <string>

namespace sim::firewall::import::nft {

// "ip saddr 10.0.0.0/8 tcp dport { 135, 5000-5002 } counter accept": the list under "expr". At most `longest` octets
// and a little more; what is longer ends in "...".
std::string rule_text(const Json& statements, std::size_t longest = std::string::npos);

// "10.0.0.0/8, 192.0.2.1" or "22 : accept, 23 : jump X": the elements of a named set or map, which are names of
// interfaces or not.
std::string elements_text(const Json& elements, bool names);

// A text in quotes as nft writes it.
std::string quoted(const std::string& text);

}  // namespace sim::firewall::import::nft
