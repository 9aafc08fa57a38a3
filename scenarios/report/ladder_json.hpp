// One start as pages draw it: the values that page/ladder.js and page/topology.js read (described at the head of
// ladder.js), in full. Every word in them comes from here or from below; the page adds none of its own.
#pragma once

#include "scenarios/report/events.hpp"

#include <boost/json/object.hpp>

namespace scenarios::report {

// Longer ladders lose their middle, which is replaced by a note that says how much is missing.
inline constexpr std::size_t ladder_events_max = 1000;
// Of a longer rule set, those that decided nothing are left out beyond this number.
inline constexpr std::size_t ladder_rules_max = 150;

// lanes, flows, verdicts, rulebooks, events. `seen.trace` must not be null.
boost::json::object ladder_json(const runner::StagedVariant& variant, const runner::CloseUp& seen);

}  // namespace scenarios::report
