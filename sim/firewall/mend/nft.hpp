// What mending an nft rule set needs beside its scribe. Private to mending.
#pragma once

#include "sim/firewall/mend/mend.hpp"

#include <string>
#include <vector>

namespace sim::firewall::mend {

// Turns edits of JSON lines into commands of nft that do the same to the rule set in the kernel, by the handles that
// the JSON tells: "nft 'insert rule inet filter forward position 14 tcp dport 5001 accept'". `original` is the sheet as
// it was. The commands are to be given in their order. Edits have no lines then.
void tell_as_commands(std::vector<RuleEdit>& edits, const std::string& original);

}  // namespace sim::firewall::mend
