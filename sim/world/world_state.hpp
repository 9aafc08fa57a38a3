// The parts of a world and how they hang together; only world*.cpp look at this.
#pragma once

#include "sim/net/host.hpp"
#include "sim/net/link.hpp"
#include "sim/net/scheduler.hpp"
#include "sim/world/actor_driver.hpp"
#include "sim/world/firewall_node.hpp"
#include "sim/world/recorder.hpp"
#include "sim/world/segments.hpp"
#include "sim/world/silent_program.hpp"
#include "sim/world/world.hpp"

#include <memory>
#include <vector>

namespace sim::world {

// The gate of a plan that names rules.
class FirewallGate final : public Gate {
public:
    FirewallGate(std::shared_ptr<const firewall::RuleSet> rules, const firewall::Firewall::Settings& settings)
        : box(std::move(rules), settings) {}
    firewall::Passage judge(base::ByteView packet, firewall::Side from, base::SimTime now) override {
        return box.judge(packet, from, now);
    }
    firewall::Firewall box;
};

struct World::State {
    explicit State(const WorldPlan& plan);

    // Same numbers of firewalls and servers: the same parts can serve again.
    bool fits(const WorldPlan& plan) const;
    void refit(const WorldPlan& plan);

    // A computer: its programs, and its way onto the network.
    struct Station {
        Station(Recorder& recorder, std::uint32_t number, net::Scheduler& scheduler, const net::HostSettings& settings,
                const base::Random& random)
            : egress(recorder, number), host(scheduler, settings, random, egress), silent(host) {}
        Egress egress;
        net::Host host;
        SilentProgram silent;
    };
    // Both directions of one link of the path.
    struct Wire {
        Wire(State& state, std::uint32_t number, const WorldPlan& plan);
        LossWatch watch;
        net::Link inward;   // towards the servers
        net::Link outward;  // towards the client
    };
    struct Box {
        FirewallNode node;
        std::shared_ptr<FirewallGate> gate;  // null: a foreign gate judges
    };

    void introduce(const WorldPlan& plan);
    void set_rules(std::size_t firewall, std::shared_ptr<const firewall::RuleSet> rules);
    net::Node& towards_servers_end(std::uint32_t link);
    net::Node& towards_client_end(std::uint32_t link);

    net::Scheduler scheduler;
    Recorder recorder;
    Ingress client_end;
    Ingress server_end;
    std::vector<std::unique_ptr<Box>> boxes;
    std::vector<std::unique_ptr<Wire>> wires;           // one more than boxes
    std::unique_ptr<net::Link> server_wire;             // between servers
    std::vector<std::unique_ptr<Station>> stations;     // by HostId
    std::vector<std::unique_ptr<ActorDriver>> drivers;  // by ActorId, and some kept for later behind those
    std::size_t started = 0;
};

}  // namespace sim::world
