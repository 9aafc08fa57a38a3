#include "scenarios/check/by_default.hpp"

#include "scenarios/diagnosis/needs.hpp"
#include "scenarios/diagnosis/path.hpp"
#include "scenarios/diagnosis/wide_open.hpp"
#include "sim/firewall/exact/probe.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace scenarios::check {
namespace {

namespace firewall = sim::firewall;
namespace wire = sim::wire;
using diagnosis::BoxSituation;
using diagnosis::ServerSituation;
using Ports = std::vector<wire::PortRange>;

const Ports every_port{{wire::Port{1}, wire::Port{65535}}};

Ports both(const Ports& a, const Ports& b) { return wire::without(a, wire::without(a, b)); }

// What listens there on purpose, and every port that a service may have which the client needs.
Ports needed_ports(const diagnosis::Situation& situation, const ServerSituation& server) {
    Ports needed = diagnosis::useful_ports(server);
    for (const diagnosis::Need& need : diagnosis::needs_of(situation))
        if (&situation.servers[need.server] == &server)
            needed.insert(needed.end(), need.ports.begin(), need.ports.end());
    return wire::normalized(std::move(needed));
}

struct Passing {
    Ports ports;                        // through the whole path, by some default
    const BoxSituation* box = nullptr;  // the first whose default it is
};

Passing passing(const diagnosis::Situation& situation, const wire::IpAddress& server, wire::Protocol protocol) {
    Passing found;
    Ports path = every_port, by_default;
    for (const BoxSituation& box : situation.boxes) {
        Ports open, silent;
        for (const auto& one :
             firewall::exact::open_ports(box.rules, box.settings, protocol, situation.client.address, server)) {
            open.push_back(one.ports);
            if (!one.by && !box.rules->rules().empty()) silent.push_back(one.ports);
        }
        path = both(path, wire::normalized(std::move(open)));
        if (!silent.empty() && found.box == nullptr) found.box = &box;
        by_default.insert(by_default.end(), silent.begin(), silent.end());
    }
    found.ports = both(path, wire::normalized(std::move(by_default)));
    return found;
}

}  // namespace

diagnosis::Findings open_by_default_findings(const diagnosis::Situation& situation) {
    diagnosis::Findings all;
    if (situation.translates()) return all;
    for (const ServerSituation& server : situation.servers) {
        if (server.address.family() != situation.client.address.family()) continue;
        const Passing tcp = passing(situation, server.address, wire::Protocol::tcp),
                      udp = passing(situation, server.address, wire::Protocol::udp);
        const Ports idle = wire::without(tcp.ports, needed_ports(situation, server));
        if (idle.empty() && udp.ports.empty()) continue;
        const BoxSituation& box = idle.empty() ? *udp.box : *tcp.box;
        std::string what;
        if (!idle.empty()) what = "TCP " + wire::format(idle);
        if (!udp.ports.empty()) what += (what.empty() ? "UDP " : ", UDP ") + wire::format(udp.ports);
        diagnosis::Finding found;
        found.id = "open-by-default";
        found.effect = diagnosis::Effect::risks;
        found.what = fmt::format("{} lets pass what none of its rules refuses: {} of {}, which nothing there needs",
                                 box.name, what, server.name);
        found.mend = {
            fmt::format("let {} refuse what no rule allows, and open TCP 135 and the ports of the services "
                        "(Q155831)",
                        box.name)};
        found.articles = "Q155831";
        found.stands = box.setup != nullptr ? box.setup->place : sim::base::Place{};
        found.witness =
            idle.empty()
                ? diagnosis::first_packet(situation, wire::Protocol::udp, {server.address, udp.ports.front().first})
                : diagnosis::first_packet(situation, wire::Protocol::tcp, {server.address, idle.front().first});
        all.push_back(std::move(found));
    }
    return all;
}

}  // namespace scenarios::check
