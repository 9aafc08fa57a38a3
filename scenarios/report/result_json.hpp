// One result as pages show it: a line of the overview, and below it everything that is known of the start that
// explains it. The layout is described in page/README.md.
#pragma once

#include "scenarios/runner/result.hpp"

#include <boost/json/object.hpp>

namespace scenarios::report {

// The line: case and site (indices), status, outcome, works ("all" "degraded" "some" "none"), starts, actions, causes
// (ids).
boost::json::object line_json(const runner::Result& result);

// The rest: unmet, views (one for each site: site, ladder_json, looks), and with steps: steps.
// A look is standing_json; with steps also from and to, which events of the ladder it covers, and step, its number
// there.
boost::json::object detail_json(const runner::Result& result);

}  // namespace scenarios::report
