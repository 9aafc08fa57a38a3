// The lint of rules, with the lines of the files that they stand in.
#pragma once

#include "scenarios/runner/stage.hpp"
#include "sim/base/diagnostic.hpp"
#include "sim/firewall/exact/lint.hpp"

#include <span>

namespace scenarios::runner {

// Places in one of the sources get their line, so that the reader sees what is meant.
sim::base::Diagnostics lint_with_lines(const sim::firewall::RuleSet& rules,
                                       std::span<const sim::base::SourceText* const> sources,
                                       const sim::firewall::exact::LintOptions& options);

// The same for all rules of a scenario: of every variant's firewalls, and of the steps that replace them. What several
// cases share is said once.
sim::base::Diagnostics lint_scenario(const StagedScenario& staged, const sim::firewall::exact::LintOptions& options);

// Of one variant's firewalls.
sim::base::Diagnostics lint_variant(const Scenario& scenario, const Setup& setup, const world::WorldPlan& plan,
                                    const sim::firewall::exact::LintOptions& options);

}  // namespace scenarios::runner
