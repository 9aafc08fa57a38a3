#include "sim/world/world.hpp"

#include "sim/world/world_state.hpp"

#include <cassert>
#include <utility>

namespace sim::world {

World::World(const WorldPlan& plan) : state_(std::make_unique<State>(plan)) {}
World::~World() = default;

void World::rebuild(const WorldPlan& plan) {
    if (state_->fits(plan))
        state_->refit(plan);
    else
        state_ = std::make_unique<State>(plan);
}

// ---- actors ----

ActorId World::start(HostId host, actor::Actor& actor) {
    State& s = *state_;
    assert(host.index < s.stations.size());
    if (s.started == s.drivers.size()) s.drivers.push_back(std::make_unique<ActorDriver>(s.scheduler, s.recorder));
    const ActorId id{static_cast<std::uint32_t>(s.started++)};
    s.drivers[id.index]->start(s.stations[host.index]->host, host, id, actor);
    return id;
}

void World::stop(ActorId actor) {
    assert(actor.index < state_->started);
    state_->drivers[actor.index]->stop();
}

bool World::running(ActorId actor) const {
    return actor.index < state_->started && state_->drivers[actor.index]->running();
}

void World::deliver(ActorId actor, const actor::Event& event) {
    assert(actor.index < state_->started);
    state_->drivers[actor.index]->deliver(event);
}

// ---- time ----

base::SimTime World::now() const { return state_->scheduler.now(); }
std::uint64_t World::events() const { return state_->scheduler.fired(); }
net::Scheduler::End World::run_until_idle(std::uint64_t event_budget) { return state_->scheduler.run(event_budget); }
net::Scheduler::End World::run_until(base::SimTime time, std::uint64_t event_budget) {
    return state_->scheduler.run_until(time, event_budget);
}
bool World::step(base::SimTime latest) { return state_->scheduler.step(latest); }

// ---- changes ----

void World::replace_rules(std::size_t firewall, std::shared_ptr<const firewall::RuleSet> rules,
                          Connections connections) {
    assert(firewall < state_->boxes.size());
    State::Box& box = *state_->boxes[firewall];
    assert(box.gate && "a foreign gate has no rules to replace");
    box.gate->box.reload(rules);
    if (connections == Connections::forgotten) box.gate->box.forget();
    box.node.set_rules(state_->recorder.add_rules(std::move(rules)));
}

void World::reboot_firewall(std::size_t firewall) {
    assert(firewall < state_->boxes.size());
    if (state_->boxes[firewall]->gate) state_->boxes[firewall]->gate->box.forget();
}

void World::change_link(std::size_t link, const net::LinkSettings& settings) {
    assert(link < state_->wires.size());
    state_->wires[link]->inward.change(settings);
    state_->wires[link]->outward.change(settings);
}

// ---- looking ----

net::Host& World::host(HostId id) {
    assert(id.index < state_->stations.size());
    return state_->stations[id.index]->host;
}
std::size_t World::firewall_count() const { return state_->boxes.size(); }
const Trace* World::trace() const { return state_->recorder.trace(); }
const std::vector<FailedConnect>& World::failed_connects() const { return state_->recorder.failed_connects(); }
const std::vector<Refusal>& World::refusals() const { return state_->recorder.refusals(); }

}  // namespace sim::world
