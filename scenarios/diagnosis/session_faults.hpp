// What only a run shows: a filter that forgot a silent connection, named pipes that carried what TCP could not, losses,
// and failures that nothing else explains.
#pragma once

#include "scenarios/diagnosis/finding.hpp"
#include "scenarios/diagnosis/situation.hpp"

namespace scenarios::diagnosis {

// `so_far` are the causes that are known already.
Findings session_findings(const Situation& situation, const Findings& so_far);

}  // namespace scenarios::diagnosis
