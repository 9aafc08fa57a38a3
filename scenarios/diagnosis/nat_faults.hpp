// What address translation does to a conversation that RPC cannot bear: the endpoint mapper names a port, and the
// client asks for exactly that port at the address it has for the server (Q238390; the address in the mapper's answer
// is likely ignored by the clients of that time).
#pragma once

#include "scenarios/diagnosis/finding.hpp"
#include "scenarios/diagnosis/needs.hpp"

#include <vector>

namespace scenarios::diagnosis {

// Findings about the ports of a need that are not led to the server, or whose server has no address that the client can
// reach. Nothing where no filter translates.
Findings nat_findings(const Situation& situation, const Need& need, const std::vector<wire::PortRange>& ports);

// The notice of new mail goes to the address that the client registered, which nobody beyond this filter can reach.
Finding notice_to_private_address(const Situation& situation, const BoxSituation& box);

}  // namespace scenarios::diagnosis
