// The connection table as people read it.
#pragma once

#include "sim/firewall/firewall.hpp"
#include "sim/firewall/flow_table.hpp"

#include <string>
#include <vector>

namespace sim::firewall {

ConnectionInfo describe(const Entry& entry, base::SimTime now);
std::vector<ConnectionInfo> connection_list(const FlowTable& table, base::SimTime now);

}  // namespace sim::firewall
