#include "scenarios/diagnosis/choose.hpp"

#include "scenarios/diagnosis/wide_open.hpp"

#include <algorithm>

namespace scenarios::diagnosis {
namespace {

// Up to 5000 Windows NT hands ports out, and the articles disagree about its last hundred (Q194952, Q244523).
constexpr std::uint32_t first_clean = 5001;

}  // namespace

std::vector<wire::PortRange> listed_range(const ServerSituation& server) {
    std::vector<wire::PortRange> listed;
    for (const std::string_view key :
         {"HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Rpc\\Internet", "HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Rpc"}) {
        const fakeserver::RegistryValue* value = server.disk.value(key, "Ports");
        if (value == nullptr) continue;
        std::vector<std::string> entries;
        if (const auto* list = fakeserver::as_list(*value)) entries = *list;
        if (const auto* text = fakeserver::as_text(*value)) entries = {*text};
        for (const std::string& entry : entries)
            if (const auto range = wire::parse_port_range(entry)) listed.push_back(*range);
    }
    return wire::normalized(std::move(listed));
}

bool is_clean(const ServerSituation& server, wire::Port port) {
    const fakeserver::PortPolicy& policy = server.on_disk;
    for (const wire::PortRange& range : listed_range(server))
        if (range.contains(port)) return false;
    return port.value >= first_clean && !policy.pool.windows_range.contains(port) && !policy.pool.all.contains(port) &&
           !policy.taken.contains(port);
}

bool is_tolerable(const ServerSituation& server, wire::Port port) {
    if (is_clean(server, port)) return true;
    for (const wire::PortRange& range : listed_range(server))
        if (range.contains(port)) return false;
    return port.value >= 4900 && port.value <= 5000 && !server.on_disk.taken.contains(port);
}

std::optional<wire::Port> lowest_clean(const ServerSituation& server, const std::vector<wire::Port>& used) {
    // The band that Exchange 2010's own analyzer recommends begins above its dynamic range.
    const bool of_2010 = server.policy.conditions.version == fakeserver::ExchangeVersion::v2010;
    for (std::uint32_t number = of_2010 ? 59531 : first_clean; number <= 65535; ++number) {
        const wire::Port port{static_cast<std::uint16_t>(number)};
        if (is_clean(server, port) && std::find(used.begin(), used.end(), port) == used.end()) return port;
    }
    return std::nullopt;
}

std::optional<wire::Port> port_for(const Situation& situation, std::size_t number, fakeserver::Service wanted) {
    const ServerSituation& server = situation.servers[number];
    std::vector<wire::Port> used = ports_spoken_for(server);
    const auto is_used = [&used](wire::Port port) { return std::find(used.begin(), used.end(), port) != used.end(); };
    const auto spare = spare_ports(situation, number);
    // Ports that other services have for certain: what a faulty value was meant to say may be one of them.
    std::vector<wire::Port> given;
    for (const fakeserver::Service service : fakeserver::start_order)
        if (service != wanted && server.on_disk.plan(service).kind == fakeserver::PlanKind::fixed)
            given.push_back(server.on_disk.plan(service).port);
    const auto is_given = [&given](wire::Port port) {
        return std::find(given.begin(), given.end(), port) != given.end();
    };
    // All services in their order, so that the answer for one does not depend on who else was asked about.
    for (const fakeserver::Service service : fakeserver::start_order) {
        const fakeserver::PlanKind kind = server.on_disk.plan(service).kind;
        if (kind == fakeserver::PlanKind::absent || (kind == fakeserver::PlanKind::fixed && service != wanted))
            continue;
        std::optional<wire::Port> chosen;
        for (const fakeserver::RegistryFinding& one : server.registry)
            if (!chosen && one.service == service && one.meant && is_clean(server, *one.meant) && !is_given(*one.meant))
                chosen = one.meant;
        const bool calls_for_one = service == fakeserver::Service::directory ||
                                   service == fakeserver::Service::information_store || service == wanted;
        if (!calls_for_one && !chosen) continue;  // nobody asks for a port of the MTA
        for (const wire::Port port : spare)
            if (!chosen && is_clean(server, port) && !is_used(port)) chosen = port;
        if (!chosen) chosen = lowest_clean(server, used);
        if (service == wanted) return chosen;
        if (chosen) {
            used.push_back(*chosen);
            given.push_back(*chosen);
        }
    }
    return lowest_clean(server, used);
}

std::vector<wire::Port> ports_spoken_for(const ServerSituation& server) {
    std::vector<wire::Port> ports;
    for (const fakeserver::PortPolicy* policy : {&server.policy, &server.on_disk})
        for (const fakeserver::ServicePlan& plan : policy->plans)
            if (plan.kind == fakeserver::PlanKind::fixed) ports.push_back(plan.port);
    for (const fakeserver::RegistryFinding& finding : server.registry)
        if (finding.meant) ports.push_back(*finding.meant);
    return ports;
}

}  // namespace scenarios::diagnosis
