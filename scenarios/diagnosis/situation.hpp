// Everything that an administrator could look at: the run as the client saw it, what the filters refused, the
// registries and what the services made of them, the rules in force. Never the scenario's title, nor what it expects.
//
// A situation borrows the variant and, when there was a run, what was seen of it; both must outlive it.
#pragma once

#include "fakeserver/review.hpp"
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
};

// After a run.
Situation situation_of(const runner::StagedVariant& variant, const runner::CloseUp& seen);
// From the files alone.
Situation situation_before(const runner::StagedVariant& variant);

}  // namespace scenarios::diagnosis
