// Lays cases and sites over the base, on the tree; scenario.hpp tells the rules.
#pragma once

#include "scenarios/runner/load_context.hpp"
#include "scenarios/runner/toml_tree.hpp"

namespace scenarios::runner {

// The keys of a set-up out of a table (the top, a case or a site); all others are left behind.
Node setup_layer(const Node& table);

// `above` laid over `below`; both come from setup_layer or from here.
Node lay_over(LoadContext& context, const Node& below, const Node& above);

}  // namespace scenarios::runner
