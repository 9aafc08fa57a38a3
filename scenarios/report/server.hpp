// The server's own view of a start: what its services did, what the event log says, what the endpoint mapper would
// answer, what netstat would list.
#pragma once

#include "scenarios/runner/result.hpp"

#include <string>

namespace scenarios::report {

std::string server_text(const runner::CloseUp& seen);

}  // namespace scenarios::report
