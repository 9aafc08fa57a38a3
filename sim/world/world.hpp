// A network in a box: hosts, links and firewalls built from a plan, actors run on the hosts, time moved by hand.
//
//     World world(plan);
//     const ActorId server = world.start(server_host(0), fake_server);
//     world.start(client_host, outlook);
//     world.run_until([&] { return outlook.done(); }, latest);
//     world.run_for(2h);                                  // an idle session costs no event
//     world.stop(server);                                 // the process dies: RST on its connections
//     world.replace_rules(0, new_rules);
//
// Actors are borrowed: an actor must outlive the world, or be stopped first (one that is never stopped hears nothing
// when the world goes away). start(), stop() and the rest are called from outside of running, never by an actor.
//
// Same plan, same actors, same calls: the same octets at the same times.
#pragma once

#include "sim/actor/actor.hpp"
#include "sim/net/host.hpp"
#include "sim/net/scheduler.hpp"
#include "sim/world/plan.hpp"
#include "sim/world/trace.hpp"

#include <cstdint>
#include <memory>

namespace sim::world {

class World {
public:
    explicit World(const WorldPlan& plan);
    ~World();

    World(const World&) = delete;
    World& operator=(const World&) = delete;

    // Builds another world in the same memory: as World(plan), but without most of its allocations. All actors are
    // forgotten without a word.
    void rebuild(const WorldPlan& plan);

    // ---- actors ----
    // Started, and the answers to what the actor does at once (Listening ...), are handled before this returns.
    ActorId start(HostId host, actor::Actor& actor);
    // The process dies: connections reset, ports and timers freed; the actor is not called again.
    void stop(ActorId actor);
    bool running(ActorId actor) const;
    // An event from outside, as a driver would deliver it: the arrival of mail, a wish of the user.
    void deliver(ActorId actor, const actor::Event& event);

    // ---- time ----
    base::SimTime now() const;
    // Nothing more will happen by itself. Waits of TIME_WAIT do not count; timers of actors do.
    net::Scheduler::End run_until_idle(std::uint64_t event_budget = net::Scheduler::unlimited);
    // Everything up to `time` happens; then it is `time`.
    net::Scheduler::End run_until(base::SimTime time, std::uint64_t event_budget = net::Scheduler::unlimited);
    net::Scheduler::End run_for(base::SimDuration duration, std::uint64_t event_budget = net::Scheduler::unlimited) {
        return run_until(now() + duration, event_budget);
    }
    // The next event, if it comes no later than `latest`.
    bool step(base::SimTime latest = base::SimTime::max());
    // Stops as soon as done() is true, asked before the first event and after each. False when nothing more
    // happened up to `latest`, or the budget was used up; time then stands at the last event, not at `latest`.
    template <class Predicate>
    requires requires(Predicate done) { static_cast<bool>(done()); }
    bool run_until(Predicate done, base::SimTime latest = base::SimTime::max(),
                   std::uint64_t event_budget = net::Scheduler::unlimited) {
        while (!done()) {
            if (event_budget-- == 0 || !step(latest)) return false;
        }
        return true;
    }
    std::uint64_t events() const;  // fired so far

    // ---- changes while it runs ----
    enum class Connections : std::uint8_t { kept, forgotten };
    void replace_rules(std::size_t firewall, std::shared_ptr<const firewall::RuleSet> rules,
                       Connections connections = Connections::kept);
    void reboot_firewall(std::size_t firewall);  // the same rules, all connections forgotten
    void change_link(std::size_t link, const net::LinkSettings& settings);

    // ---- looking ----
    net::Host& host(HostId id);  // ports, open connections
    std::size_t firewall_count() const;
    const Trace* trace() const;  // null unless the plan asked for one
    // Connects that failed, kept with or without a trace.
    const std::vector<FailedConnect>& failed_connects() const;
    // Packets that firewalls dropped or rejected, in order, kept with or without a trace.
    const std::vector<Refusal>& refusals() const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace sim::world
