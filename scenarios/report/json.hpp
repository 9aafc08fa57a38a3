// Results and events as JSON Lines: one object a line, keys in a fixed order, numbers as integers (times in nanoseconds
// of virtual time). The lines of several shards concatenate into the lines of the whole.
//
// "schema" names the layout: firedrill.run/1 for results, firedrill.event/1 for the events of one start,
// firedrill.server/1 (server.hpp) for the server's own view. Keys may be added
// under the same number; none is renamed or changes its meaning.
#pragma once

#include "scenarios/report/events.hpp"
#include "scenarios/runner/result.hpp"

#include <string>

namespace scenarios::report {

// Ends with a line feed.
std::string json_line(const runner::Result& result);

// One line an event.
std::string json_lines(const Events& events);

}  // namespace scenarios::report
