#include "scenarios/diagnosis/situation.hpp"

#include <algorithm>
#include <cassert>

namespace scenarios::diagnosis {
namespace {

constexpr wire::Port port_of_a_client(runner::Windows windows) {
    return wire::Port{static_cast<std::uint16_t>(windows == runner::Windows::windows_2008 ? 49164 : 1037)};
}

Situation begun(const runner::StagedVariant& variant) {
    Situation s;
    s.variant = &variant;
    s.client = {variant.plan.client.addresses.front(), port_of_a_client(variant.setup().client.windows)};
    for (std::size_t i = 0; i < variant.plan.firewalls.size(); ++i) {
        const sim::world::FirewallPlan& box = variant.plan.firewalls[i];
        s.boxes.push_back({box.name, box.rules, firewall::settings_with(*box.rules, box.settings),
                           &variant.setup().firewalls[i]});
    }
    return s;
}

}  // namespace

bool Situation::translates() const {
    return std::any_of(boxes.begin(), boxes.end(), [](const BoxSituation& box) { return box.rules->translates(); });
}

const ServerSituation& Situation::server_at(const wire::IpAddress& address) const {
    const auto at = std::find_if(servers.begin(), servers.end(),
                                 [&](const ServerSituation& server) { return server.address == address; });
    assert(at != servers.end());
    return *at;
}

runner::Way way_to(const Situation& situation, const ServerSituation& server, wire::Port port,
                   wire::Protocol protocol) {
    std::vector<sim::world::FirewallPlan> boxes;
    for (const BoxSituation& box : situation.boxes) {
        sim::world::FirewallPlan& plan = boxes.emplace_back();
        plan.rules = box.rules;
        if (box.rules->nat()) plan.settings = box.settings;
    }
    return runner::way_of(boxes, protocol, situation.client, {server.known_as, port});
}

bool leads_to(const runner::Way& way, const ServerSituation& server, wire::Port port) {
    return way.arrives && way.server == wire::Endpoint{server.address, port};
}

Situation situation_of(const runner::StagedVariant& variant, const runner::CloseUp& seen) {
    Situation s = begun(variant);
    for (std::size_t i = 0; i < s.boxes.size() && i < seen.rules.size(); ++i) {
        s.boxes[i].rules = seen.rules[i];
        s.boxes[i].settings = firewall::settings_with(*seen.rules[i], variant.plan.firewalls[i].settings);
    }
    for (std::size_t i = 0; i < seen.servers.size(); ++i) {
        const runner::ServerView& server = seen.servers[i];
        s.servers.push_back({server.name, server.address, variant.servers[i].known_as, server.policy,
                             fakeserver::make_port_policy(server.disk, server.policy.conditions), server.start,
                             server.disk, server.pending, fakeserver::review(server.disk, server.policy.conditions),
                             variant.setup().network.mapper_port.value});
    }
    s.outcomes = seen.outcomes;
    s.refusals = seen.refusals;
    return s;
}

Situation situation_before(const runner::StagedVariant& variant) {
    Situation s = begun(variant);
    for (const runner::StagedServer& server : variant.servers)
        s.servers.push_back({server.name,
                             server.address,
                             server.known_as,
                             server.policy,
                             server.policy,
                             std::nullopt,
                             server.registry,
                             {},
                             fakeserver::review(server.registry, server.conditions),
                             variant.setup().network.mapper_port.value});
    return s;
}

}  // namespace scenarios::diagnosis
