// Whether mended rules let somebody in whom the administrator had shut out by a rule of his own.
//
// A new rule for a network is met before rules further down that keep some of that network out. The proof by rehearsal
// sees one client; this looks at the others that the rules name.
#pragma once

#include "sim/firewall/mend/mend.hpp"
#include "sim/firewall/rule_set.hpp"

namespace scenarios::advice {

// True when an address that the rules name as a source was refused by a rule (not by the default, and not by the rules
// that the mend is about, which stop the client too), and passes afterwards.
bool lets_in_shut_out(const sim::firewall::SharedRules& before, const sim::firewall::SharedRules& after,
                      const sim::firewall::mend::MendTask& task);

}  // namespace scenarios::advice
