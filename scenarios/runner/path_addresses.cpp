#include "scenarios/runner/path_addresses.hpp"

#include "sim/firewall/probe.hpp"

#include <algorithm>

namespace scenarios::runner {
namespace {

using sim::world::FirewallPlan;

constexpr wire::Port mapper_port{135};

bool translates(const FirewallPlan& box) { return box.rules && box.rules->nat(); }

void add(std::vector<wire::IpAddress>& list, const wire::IpAddress& address) {
    if (std::find(list.begin(), list.end(), address) == list.end()) list.push_back(address);
}

}  // namespace

PathAddresses path_addresses(const std::vector<FirewallPlan>& firewalls, const wire::IpAddress& client,
                             const std::vector<wire::IpAddress>& servers) {
    PathAddresses known{.servers = servers, .hidden = std::vector<PathAddresses::Hidden>(firewalls.size())};
    if (std::none_of(firewalls.begin(), firewalls.end(), translates)) return known;
    for (wire::IpAddress& server : known.servers)
        for (std::size_t i = firewalls.size(); i-- > 0;) {
            if (!translates(firewalls[i])) continue;
            const auto outside =
                sim::firewall::outside_address(firewalls[i].rules, firewalls[i].settings, client, server);
            if (!outside) continue;
            if (sim::firewall::is_private(server)) add(known.hidden[i].from_clients, server);
            server = *outside;
        }
    for (const wire::IpAddress& server : known.servers) {
        if (server.family() != client.family()) continue;
        const Way way =
            way_of(firewalls, wire::Protocol::tcp, {client, sim::firewall::calling_port}, {server, mapper_port});
        for (std::size_t i = 0; i < way.legs.size(); ++i) {
            const wire::IpAddress before = way.legs[i].client.address;
            const wire::IpAddress behind =
                i + 1 < way.legs.size() ? way.legs[i + 1].client.address : way.client.address;
            if (before != behind && sim::firewall::is_private(before)) add(known.hidden[i].from_servers, before);
        }
    }
    return known;
}

Way way_of(const std::vector<FirewallPlan>& firewalls, wire::Protocol protocol, const wire::Endpoint& client,
           const wire::Endpoint& server) {
    Way way{.legs = {}, .client = client, .server = server};
    for (std::size_t i = 0; i < firewalls.size(); ++i) {
        const FirewallPlan& box = firewalls[i];
        way.legs.push_back({way.client, way.server});
        if (!translates(box)) continue;
        auto next = sim::firewall::nat_way(box.rules, box.settings, protocol, way.client, way.server);
        way.client = next.source;
        way.server = next.target;
        way.by = std::move(next.by);
        way.by_box = i;
        way.arrives = !next.ends_here;
        if (!way.arrives) break;
    }
    return way;
}

}  // namespace scenarios::runner
