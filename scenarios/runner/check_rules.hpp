// The lint of rules, with the lines of the files that they stand in.
#pragma once

#include "sim/base/diagnostic.hpp"
#include "sim/firewall/lint.hpp"

#include <span>

namespace scenarios::runner {

// Places in one of the sources get their line, so that the reader sees what is meant.
sim::base::Diagnostics lint_with_lines(const sim::firewall::RuleSet& rules,
                                       std::span<const sim::base::SourceText* const> sources,
                                       const sim::firewall::LintOptions& options);

}  // namespace scenarios::runner
