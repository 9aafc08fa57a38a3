// Everything that an administrator could look at: the run as the client saw it, what the filters refused, the
// registries and what the services made of them, the rules in force. Never the scenario's title, nor what it expects.
//
// A situation borrows the variant and, when there was a run, what was seen of it; both must outlive it.
#pragma once

#include "fakeserver/review.hpp"
#include "scenarios/runner/path_addresses.hpp"
#include "scenarios/runner/result.hpp"
#include "sim/firewall/rule_set.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace scenarios::diagnosis {

namespace wire = sim::wire;
namespace firewall = sim::firewall;

struct ServerSituation {
    std::string name;
    wire::IpAddress address;
    wire::IpAddress known_as;                      // by the client; the same where nothing translates
    fakeserver::PortPolicy policy;                 // in force
    fakeserver::PortPolicy on_disk;                // what a restart would put in force
    std::optional<fakeserver::ServerStart> start;  // as it ran; nothing before a run
    fakeserver::Registry disk;
    std::vector<fakeserver::PendingChange> pending;     // on the disk, not in force
    std::vector<fakeserver::RegistryFinding> registry;  // the review of the disk
    wire::Port mapper = fakeserver::mapper_port;        // where clients find its endpoint mapper
};

struct BoxSituation {
    std::string name;
    firewall::SharedRules rules;  // in force
    firewall::Firewall::Settings settings;
    const runner::FirewallSetup* setup = nullptr;
};

struct Situation {
    const runner::StagedVariant* variant = nullptr;
    std::vector<ServerSituation> servers;  // the first holds the mailbox
    std::vector<BoxSituation> boxes;       // from the client to the servers
    wire::Endpoint client;                 // its address, and a port of those from which it calls
    std::vector<client::ActionOutcome> outcomes;
    std::vector<sim::world::Refusal> refusals;

    const runner::Setup& setup() const { return variant->setup(); }
    bool translates() const;  // some filter has a nat table
    const ServerSituation& server_at(const wire::IpAddress& address) const;
};

// Where a client's first packet to a port of a server goes, and as what every filter sees it.
runner::Way way_to(const Situation& situation, const ServerSituation& server, wire::Port port,
                   wire::Protocol protocol = wire::Protocol::tcp);
// Whether it comes to that port of that server.
bool leads_to(const runner::Way& way, const ServerSituation& server, wire::Port port);

// After a run.
Situation situation_of(const runner::StagedVariant& variant, const runner::CloseUp& seen);
// From the files alone.
Situation situation_before(const runner::StagedVariant& variant);

}  // namespace scenarios::diagnosis
