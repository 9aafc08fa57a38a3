#include "scenarios/diagnosis/wide_open.hpp"

#include "scenarios/diagnosis/choose.hpp"
#include "scenarios/diagnosis/filter_faults.hpp"
#include "scenarios/diagnosis/path.hpp"
#include "scenarios/runner/reach.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace scenarios::diagnosis {
namespace {

// Fewer ports than this may serve something that is not rehearsed here: web, name service, other mail protocols.
constexpr std::uint32_t too_many = 100;
// A rule for a few ports names them one by one.
constexpr std::uint32_t a_few = 16;

struct Excess {
    std::vector<wire::PortRange> ports;
    std::vector<Opened> opened;  // the parts of them, with rules
};

Excess excess_of(std::vector<Opened> opened, const std::vector<wire::PortRange>& useful) {
    Excess excess;
    for (Opened& one : opened) {
        const auto rest = runner::without({one.ports}, useful);
        if (rest.empty()) continue;
        excess.ports.insert(excess.ports.end(), rest.begin(), rest.end());
        excess.opened.push_back(std::move(one));
    }
    excess.ports = wire::normalized(std::move(excess.ports));
    return excess;
}

Finding too_wide(const Situation& situation, const ServerSituation& server, const Excess& excess,
                 std::string_view protocol) {
    Finding found = finding("too-wide", Effect::degrades,
                            fmt::format("{} {} ports of {} are open without need: {}", wire::port_count(excess.ports),
                                        protocol, server.name, wire::format(excess.ports)));
    found.witness = first_packet(situation, protocol == "TCP" ? wire::Protocol::tcp : wire::Protocol::udp,
                                 {server.address, excess.ports.front().first});
    for (std::size_t box = 0; box < situation.boxes.size(); ++box) {
        std::vector<firewall::RuleId> told;
        for (const Opened& one : excess.opened) {
            if (std::find(told.begin(), told.end(), one.rules[box]) != told.end()) continue;
            told.push_back(one.rules[box]);
            found.evidence.push_back(rule_evidence(situation.boxes[box], one.rules[box], "opens them"));
        }
    }
    found.mend.push_back(protocol == "TCP"
                             ? "pin the ports of the services (Q155831), and open TCP 135 and exactly those"
                             : "take the rule out: Exchange needs no UDP port of the server");
    return found;
}

}  // namespace

std::vector<wire::PortRange> useful_ports(const ServerSituation& server) {
    std::vector<wire::PortRange> useful{wire::PortRange::only(server.mapper)};
    for (const fakeserver::PortPolicy* policy : {&server.policy, &server.on_disk}) {
        for (const fakeserver::ServicePlan& plan : policy->plans) {
            if (plan.kind == fakeserver::PlanKind::fixed) useful.push_back(wire::PortRange::only(plan.port));
            if (plan.kind == fakeserver::PlanKind::dynamic && policy->pool.kind == fakeserver::PoolKind::rpc_range)
                useful.insert(useful.end(), policy->pool.all.ranges().begin(), policy->pool.all.ranges().end());
        }
        for (const wire::Port port : fakeserver::other_listeners(policy->conditions))
            useful.push_back(wire::PortRange::only(port));
        for (const wire::Port port : policy->conditions.busy) useful.push_back(wire::PortRange::only(port));
    }
    // A range that was written down with a mistake beside it is meant all the same.
    const auto listed = listed_range(server);
    useful.insert(useful.end(), listed.begin(), listed.end());
    for (const fakeserver::RegistryFinding& one : server.registry)
        if (one.meant) useful.push_back(wire::PortRange::only(*one.meant));
    return wire::normalized(std::move(useful));
}

std::vector<wire::Port> spare_ports(const Situation& situation, std::size_t server) {
    const ServerSituation& here = situation.servers[server];
    const Excess excess = excess_of(opened(situation, here.address), useful_ports(here));
    std::vector<wire::Port> spare;
    for (const wire::PortRange& range : excess.ports)
        if (wire::port_count({range}) <= a_few)
            for (std::uint32_t port = range.first.value; port <= range.last.value; ++port)
                if (port > 1023) spare.push_back(wire::Port{static_cast<std::uint16_t>(port)});
    return spare;
}

Findings wide_open_findings(const Situation& situation) {
    Findings found;
    for (const ServerSituation& server : situation.servers) {
        const Excess tcp = excess_of(opened(situation, server.address), useful_ports(server));
        if (wire::port_count(tcp.ports) >= too_many) found.push_back(too_wide(situation, server, tcp, "TCP"));
        const Excess udp = excess_of(opened_udp(situation, server.address), {});
        if (wire::port_count(udp.ports) >= too_many) found.push_back(too_wide(situation, server, udp, "UDP"));
    }
    return found;
}

}  // namespace scenarios::diagnosis
