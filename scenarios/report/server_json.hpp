// One server's own view as JSON, the same in every kind of line and page that has one (see server.hpp).
#pragma once

#include "scenarios/runner/result.hpp"

#include <boost/json/object.hpp>

namespace scenarios::report {

// name, address, version, windows, services, endpoint_map, listeners, pending.
boost::json::object server_json(const runner::ServerView& server);

}  // namespace scenarios::report
