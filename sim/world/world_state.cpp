// Building a world from a plan.
#include "sim/world/world_state.hpp"

#include <algorithm>
#include <cassert>
#include <string>
#include <utility>

namespace sim::world {

namespace {

net::LinkSettings link_of(const WorldPlan& plan, std::uint32_t number) {
    return number < plan.links.size() ? plan.links[number] : net::LinkSettings{};
}

const HostPlan& host_of(const WorldPlan& plan, std::size_t number) {
    return number == 0 ? plan.client : plan.servers[number - 1];
}

// Segments must fit every link of the path: nobody discovers the path's MTU here.
net::HostSettings host_settings(const WorldPlan& plan, std::size_t number) {
    const HostPlan& host = host_of(plan, number);
    std::uint32_t mtu = link_of(plan, 0).mtu;
    for (std::uint32_t link = 1; link <= plan.firewalls.size(); ++link) mtu = std::min(mtu, link_of(plan, link).mtu);
    return {.addresses = host.addresses,
            .profile = host.profile,
            .mtu = mtu,
            .ports_used_at_boot = host.ports_used_at_boot};
}

// Streams of chance are named, so that one more server or link does not change what the others draw.
base::Random stream(std::uint64_t seed, const char* what, std::size_t number) {
    return base::Random(seed).fork(what + std::to_string(number));
}
// A link that loses nothing draws nothing.
base::Random link_stream(const WorldPlan& plan, const char* what, std::uint32_t number) {
    return link_of(plan, number).loss.numerator == 0 ? base::Random(plan.seed) : stream(plan.seed, what, number);
}

}  // namespace

World::State::Wire::Wire(State& state, std::uint32_t number, const WorldPlan& plan)
    : watch(state.recorder, number),
      // Only the links that hosts send on must go through the scheduler in any case.
      inward(state.scheduler, link_of(plan, number), link_stream(plan, "inward", number),
             state.towards_servers_end(number), &watch,
             number == 0 ? net::Crossing::scheduled : net::Crossing::at_once),
      outward(state.scheduler, link_of(plan, number), link_stream(plan, "outward", number),
              state.towards_client_end(number), &watch,
              number == state.boxes.size() ? net::Crossing::scheduled : net::Crossing::at_once) {}

net::Node& World::State::towards_servers_end(std::uint32_t link) {
    return link < boxes.size() ? boxes[link]->node.client_face() : server_end;
}
net::Node& World::State::towards_client_end(std::uint32_t link) {
    return link > 0 ? boxes[link - 1]->node.server_face() : client_end;
}

World::State::State(const WorldPlan& plan) : client_end(recorder), server_end(recorder) {
    assert(!plan.servers.empty());
    for (std::uint32_t i = 0; i < plan.firewalls.size(); ++i)
        boxes.push_back(std::unique_ptr<Box>(new Box{FirewallNode(i, recorder), nullptr}));
    for (std::uint32_t i = 0; i <= boxes.size(); ++i) wires.push_back(std::make_unique<Wire>(*this, i, plan));
    for (std::size_t i = 0; i < boxes.size(); ++i) boxes[i]->node.connect(wires[i]->outward, wires[i + 1]->inward);
    server_wire = std::make_unique<net::Link>(scheduler, net::LinkSettings{}, base::Random(plan.seed), server_end);
    for (std::size_t i = 0; i <= plan.servers.size(); ++i) {
        stations.push_back(std::make_unique<Station>(recorder, static_cast<std::uint32_t>(i), scheduler,
                                                     host_settings(plan, i), stream(plan.seed, "host", i)));
        Station& station = *stations.back();
        (i == 0 ? client_end : server_end).add(station.host);
        if (i == 0)
            station.egress.connect(wires.front()->inward);
        else
            station.egress.connect(wires.back()->outward, server_end, *server_wire);
    }
    introduce(plan);
}

bool World::State::fits(const WorldPlan& plan) const {
    return plan.firewalls.size() == boxes.size() && plan.servers.size() + 1 == stations.size();
}

void World::State::refit(const WorldPlan& plan) {
    for (std::size_t i = 0; i < started; ++i) drivers[i]->forget();
    started = 0;
    scheduler.reset();
    for (std::uint32_t i = 0; i < wires.size(); ++i) {
        Wire& wire = *wires[i];
        wire.inward.reset(link_of(plan, i), link_stream(plan, "inward", i), &wire.watch);
        wire.outward.reset(link_of(plan, i), link_stream(plan, "outward", i), &wire.watch);
    }
    server_wire->reset(net::LinkSettings{}, base::Random(plan.seed), nullptr);
    for (std::size_t i = 0; i < stations.size(); ++i)
        stations[i]->host.reset(host_settings(plan, i), stream(plan.seed, "host", i));
    introduce(plan);
}

// What the parts have in common with every life: names, rules, ports.
void World::State::introduce(const WorldPlan& plan) {
    recorder.begin(plan.trace);
    for (std::size_t i = 0; i < stations.size(); ++i) {
        const HostPlan& host = host_of(plan, i);
        Station& station = *stations[i];
        recorder.add_host(host.name, host.addresses);
        for (const wire::Port port : host.open_ports) (void)station.host.listen(station.silent, port);
        for (const wire::Port port : host.taken_ports) {
            station.host.occupy(wire::Protocol::tcp, port);
            station.host.occupy(wire::Protocol::udp, port);
        }
    }
    for (std::size_t i = 0; i < boxes.size(); ++i) {
        const FirewallPlan& box = plan.firewalls[i];
        recorder.add_firewall(box.name);
        boxes[i]->gate = box.gate ? nullptr : std::make_shared<FirewallGate>(box.rules, box.settings);
        boxes[i]->node.set_gate(box.gate ? box.gate : boxes[i]->gate);
        boxes[i]->node.set_rules(recorder.add_rules(box.rules));
    }
}

}  // namespace sim::world
