// What a live server listens on, as a table for stdout: one line a port, services without one included.
#pragma once

#include "fakeserver/start.hpp"

#include <string>

namespace scenarios::live {

// `played` are the conditions as ordered: their `listen` and `busy` ports are open, too.
std::string server_table(const sim::wire::IpAddress& address, sim::wire::Port mapper,
                         const fakeserver::StartConditions& played, const fakeserver::PortPolicy& policy,
                         const fakeserver::ServerStart& start);

}  // namespace scenarios::live
