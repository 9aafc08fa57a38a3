// The server's own view of a start, or of how it stands after the last step: what its services did one after the other
// and what the event log says of it, what the endpoint mapper answers, what netstat lists, what waits for a restart.
//
// Words and columns are those of the tools that administrators know (PortQry, netstat -an), so that the page can be
// held beside the real thing.
#pragma once

#include "scenarios/runner/result.hpp"

#include <string>
#include <string_view>

namespace scenarios::report {

// "Windows NT 4.0", "Windows Server 2003"
std::string_view windows_title(fakeserver::Windows windows);

std::string server_text(const runner::CloseUp& seen);

// One line a server, schema "firedrill.server/1"; see json.hpp for what is promised of it.
std::string server_json_lines(const runner::CloseUp& seen);

}  // namespace scenarios::report
