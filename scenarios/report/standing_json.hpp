// How things stood when the client was done, as pages show it beside the ladder: what the user got and why, what is
// open, what the services and the endpoint map look like, and the lines of the registry that had a say.
#pragma once

#include "scenarios/runner/result.hpp"

#include <boost/json/object.hpp>

namespace scenarios::report {

// seed, outcomes (action, works, degraded, summary, user_reads), findings (findings_json.hpp, places in words),
// warnings, open (tcp, udp: in words), unlisted (what, server: services that the endpoint mapper gave no port of),
// servers (name, address, version, windows, services, missing, pending), registry (server, place, text, means). A
// service is as in server_json.hpp, with `is` for what never changes and `interfaces` for what the endpoint map has of
// it. Members that are false, null or empty are not there.
boost::json::object standing_json(const runner::StagedVariant& variant, const runner::CloseUp& seen);

// The value without members of objects that are false, null or empty, at any depth.
boost::json::value without_empty(boost::json::value value);

}  // namespace scenarios::report
