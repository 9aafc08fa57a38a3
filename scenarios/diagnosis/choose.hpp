// Which port to give a service, by the guidance that reconciles the articles (inferred): 5001 and up, outside of what
// Windows and RPC hand out, not taken, not another service's.
#pragma once

#include "scenarios/diagnosis/situation.hpp"

#include <optional>
#include <vector>

namespace scenarios::diagnosis {

// The ports that Rpc\Internet lists, be the configuration whole or not; also those of a list that stands one key too
// high (Q258469). Entries that cannot be read are left out.
std::vector<wire::PortRange> listed_range(const ServerSituation& server);

// Whether the guidance has nothing against it, other services' ports apart.
bool is_clean(const ServerSituation& server, wire::Port port);

// Clean, or at the boundary that the articles disagree about (4900-5000, the base article's own 5000 among them): not
// chosen here, but no mistake of whoever chose it.
bool is_tolerable(const ServerSituation& server, wire::Port port);

// The lowest clean port that is none of `used`. Nothing only when there is none at all.
std::optional<wire::Port> lowest_clean(const ServerSituation& server, const std::vector<wire::Port>& used);

// The port to give a service that has to get one: what its faulty value was meant to say, else a port that the filters
// already open for nobody, else the lowest that no rule refuses, else the lowest; each only when clean. Services that
// keep their port are left alone, and no two get the same. Nothing when none is left.
std::optional<wire::Port> port_for(const Situation& situation, std::size_t server, fakeserver::Service service);

// Ports that the services of the server have, or were meant to have.
std::vector<wire::Port> ports_spoken_for(const ServerSituation& server);

}  // namespace scenarios::diagnosis
