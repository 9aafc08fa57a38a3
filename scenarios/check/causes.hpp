// What the diagnosis says, as findings with a place in a file: of a scenario's files alone, and of a run.
//
// Without a run it is known what must get through and what the filters and the registry do to it, for every port that a
// service can get. What only a run shows (a silent session that is forgotten, packets lost on the way) is not said of
// the files. A scenario with steps is looked at as it stands before the first of them.
#pragma once

#include "scenarios/diagnosis/finding.hpp"
#include "scenarios/runner/stage.hpp"
#include "sim/base/diagnostic.hpp"

namespace scenarios::check {

namespace base = sim::base;

// A cause that breaks or degrades is a warning: a scenario may be broken on purpose, so none is an error. A risk is a
// note. The notice of new mail is looked at for every client, and is a note where none waits for it.
//
// Each once, however many variants share it; which ones is said where the base is none of them. The place is that of
// the evidence, else of the firewall, else of the scenario's title.
base::Diagnostics causes_in_files(const runner::StagedScenario& staged);

// The same of what every variant's run showed, steps included. Plays the scenario.
base::Diagnostics causes_in_run(const std::shared_ptr<const runner::StagedScenario>& staged);

}  // namespace scenarios::check
