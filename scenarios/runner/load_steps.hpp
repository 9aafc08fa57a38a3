// The order of work, [[step]], and what has changed at its end, [after].
#pragma once

#include "scenarios/runner/load_context.hpp"
#include "scenarios/runner/scenario.hpp"
#include "scenarios/runner/toml_tree.hpp"

#include <optional>
#include <vector>

namespace scenarios::runner {

// Both need a scenario whose sites and variants are complete.
std::vector<Step> read_steps(LoadContext& context, const Node& node, const Scenario& scenario);
After read_after(LoadContext& context, const Node& table, const Scenario& scenario);

}  // namespace scenarios::runner
