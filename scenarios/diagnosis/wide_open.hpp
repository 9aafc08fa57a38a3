// Ports that rules open and that mail has no use for.
#pragma once

#include "scenarios/diagnosis/finding.hpp"
#include "scenarios/diagnosis/situation.hpp"

#include <cstddef>
#include <vector>

namespace scenarios::diagnosis {

// The TCP ports that some service of the server has, or draws from a range confined for that purpose, or listens on
// besides; and those that a faulty registry value was meant to give.
std::vector<wire::PortRange> useful_ports(const ServerSituation& server);

// Ports of the server that rules open one by one (or a few together), and that no service has.
std::vector<wire::Port> spare_ports(const Situation& situation, std::size_t server);

// Filters whose rules open a hundred ports or more of a server without need. A default that lets everything pass is no
// filter, and nothing is said of it.
Findings wide_open_findings(const Situation& situation);

}  // namespace scenarios::diagnosis
