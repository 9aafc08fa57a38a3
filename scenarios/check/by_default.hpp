// Ports that pass because no rule refuses them: a filter that forbids some things and lets everything else pass.
#pragma once

#include "scenarios/diagnosis/finding.hpp"
#include "scenarios/diagnosis/situation.hpp"

namespace scenarios::check {

// One note a server: the TCP and UDP ports of it that get through every filter, by the default of one of them at least,
// and that mail does not need; exact. A filter without any rule is none, and nothing is said of it, nor of filters
// that translate addresses.
diagnosis::Findings open_by_default_findings(const diagnosis::Situation& situation);

}  // namespace scenarios::check
