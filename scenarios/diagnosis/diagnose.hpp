// The expert: what is wrong in this rehearsal, from what an administrator could see (situation.hpp), and how to mend
// it.
//
// Works from what must get through (needs.hpp), not from where the run happened to stop, so that a fault that hides
// another does not hide it here. Where everything works nothing is said to break; what degrades (named pipes, ports
// open without need) and what will not always work may still be named. A right configuration gets no finding at all.
#pragma once

#include "scenarios/diagnosis/finding.hpp"
#include "scenarios/diagnosis/situation.hpp"

namespace scenarios::diagnosis {

// In the order in which a client would meet the causes; each cause once.
Findings diagnose(const Situation& situation);

// After a run, and from the files alone.
Findings diagnose(const runner::StagedVariant& variant, const runner::CloseUp& seen);
Findings diagnose(const runner::StagedVariant& variant);

}  // namespace scenarios::diagnosis
