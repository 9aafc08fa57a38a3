// A world in plain values: one client, a path of firewalls, the servers behind it.
//
//   client --- link 0 --- firewall 0 --- link 1 --- ... --- firewall n-1 --- link n --- servers (one network)
//
// Everything random follows from the seed: initial sequence numbers, IP identifications, loss, random ports.
#pragma once

#include "sim/net/link.hpp"
#include "sim/net/stack_profile.hpp"
#include "sim/wire/address.hpp"
#include "sim/wire/endpoint.hpp"
#include "sim/world/gate.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace sim::world {

struct HostPlan {
    std::string name;
    std::vector<wire::IpAddress> addresses;  // at least one, of no other host
    net::StackProfile profile{};
    std::uint16_t ports_used_at_boot = 0;   // how far the dynamic port counter has moved already
    std::vector<wire::Port> open_ports{};   // TCP ports of programs not studied (139, 445): they accept and stay silent
    std::vector<wire::Port> taken_ports{};  // TCP and UDP ports in use where nobody accepts
};

struct FirewallPlan {
    std::string name;
    std::shared_ptr<const firewall::RuleSet> rules{};
    firewall::Firewall::Settings settings{};
    std::shared_ptr<Gate> gate{};  // judges in place of `rules` when given: tests, other filters
};

struct WorldPlan {
    HostPlan client;
    std::vector<HostPlan> servers;         // at least one
    std::vector<FirewallPlan> firewalls;   // from the client to the servers; may be empty
    std::vector<net::LinkSettings> links;  // by number; links beyond the last one given are short wires
    std::uint64_t seed = 1;
    bool trace = false;
};

}  // namespace sim::world
