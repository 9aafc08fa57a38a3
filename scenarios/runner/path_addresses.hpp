// By which addresses the two ends of a path know each other, where firewalls translate.
//
// A client knows a server by the address that translation leads to it; nobody beyond a translating firewall has a way
// to the private address behind it (RFC 1918 5; likely for any network that needs translation at all).
#pragma once

#include "sim/firewall/nat_way.hpp"
#include "sim/world/plan.hpp"

#include <vector>

namespace scenarios::runner {

namespace wire = sim::wire;

struct PathAddresses {
    struct Hidden {  // private addresses that nobody on that side of a firewall has a way to
        std::vector<wire::IpAddress> from_clients;
        std::vector<wire::IpAddress> from_servers;
        bool operator==(const Hidden&) const = default;
    };
    std::vector<wire::IpAddress> servers;  // as the client knows them, in their order
    std::vector<Hidden> hidden;            // by firewall

    bool operator==(const PathAddresses&) const = default;
};

// Firewalls whose rules are null (they had errors) translate nothing.
PathAddresses path_addresses(const std::vector<sim::world::FirewallPlan>& firewalls, const wire::IpAddress& client,
                             const std::vector<wire::IpAddress>& servers);

// Where a first packet of a client goes, whatever the filters say of it.
struct Way {
    struct Leg {  // as a firewall sees it arrive
        wire::Endpoint client;
        wire::Endpoint server;
    };
    std::vector<Leg> legs;  // by firewall, as far as it comes
    wire::Endpoint client;  // at its end
    wire::Endpoint server;
    bool arrives = true;                      // not ended at a firewall
    std::vector<sim::firewall::RuleId> by{};  // rules of the nat table that it met last
    std::size_t by_box = 0;                   // and whose they are
};
Way way_of(const std::vector<sim::world::FirewallPlan>& firewalls, wire::Protocol protocol,
           const wire::Endpoint& client, const wire::Endpoint& server);

}  // namespace scenarios::runner
