#include "scenarios/diagnosis/choose.hpp"

#include "scenarios/diagnosis/needs.hpp"
#include "scenarios/diagnosis/path.hpp"
#include "scenarios/diagnosis/wide_open.hpp"

#include <algorithm>

namespace scenarios::diagnosis {
namespace {

// Up to 5000 Windows NT hands ports out, and the articles disagree about its last hundred (Q194952, Q244523).
constexpr std::uint32_t first_clean = 5001;

// Typed backwards it is no range to Windows, but a reader knows what was meant.
std::optional<wire::PortRange> range_in(const std::string& entry) {
    if (const auto range = wire::parse_port_range(entry)) return *range;
    const std::size_t dash = entry.find('-');
    if (dash == std::string::npos) return std::nullopt;
    if (const auto range = wire::parse_port_range(entry.substr(dash + 1) + "-" + entry.substr(0, dash))) return *range;
    return std::nullopt;
}

}  // namespace

std::vector<wire::PortRange> listed_range(const ServerSituation& server) {
    std::vector<wire::PortRange> listed;
    for (const std::string_view key : {fakeserver::rpc_internet_key, fakeserver::misplaced_rpc_key}) {
        const fakeserver::RegistryValue* value = server.disk.value(key, "Ports");
        if (value == nullptr) continue;
        std::vector<std::string> entries;
        if (const auto* list = fakeserver::as_list(*value)) entries = *list;
        if (const auto* text = fakeserver::as_text(*value)) entries = {*text};
        for (const std::string& entry : entries)
            if (const auto range = range_in(entry)) listed.push_back(*range);
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

namespace {

using fakeserver::PlanKind;
using fakeserver::Service;

// Whether the service cannot keep what it has: it draws its port, or the review has something against the fixed one.
bool wants_a_port(const ServerSituation& server, Service service) {
    if (server.on_disk.plan(service).kind != PlanKind::fixed) return true;
    return std::any_of(server.registry.begin(), server.registry.end(),
                       [service](const fakeserver::RegistryFinding& one) {
                           return one.service == service && one.diagnostic.severity != base::Severity::note;
                       });
}

// Hands out ports to one service after the other, so that no two get the same.
class Chooser {
public:
    Chooser(const Situation& situation, std::size_t number)
        : situation_(situation),
          server_(situation.servers[number]),
          used_(ports_spoken_for(server_)),
          spare_(spare_ports(situation, number)) {}

    // A port that a service has for certain.
    void give(wire::Port port) { given_.push_back(port); }

    std::optional<wire::Port> choose(Service service) {
        std::optional<wire::Port> chosen;
        for (const fakeserver::RegistryFinding& one : server_.registry)
            if (!chosen && one.service == service && one.meant && is_clean(server_, *one.meant) &&
                !is_in(given_, *one.meant))
                chosen = one.meant;
        for (const wire::Port port : spare_)
            if (!chosen && is_clean(server_, port) && !is_in(used_, port)) chosen = port;
        if (!chosen) chosen = lowest_that_nobody_refuses();
        if (!chosen) chosen = lowest_clean(server_, used_);
        if (chosen) {
            used_.push_back(*chosen);
            given_.push_back(*chosen);
        }
        return chosen;
    }

private:
    static bool is_in(const std::vector<wire::Port>& list, wire::Port port) {
        return std::find(list.begin(), list.end(), port) != list.end();
    }

    // A rule that refuses a port by name has its reasons; another port needs no hole in it. Where a rule refuses
    // everything there is no such port.
    std::optional<wire::Port> lowest_that_nobody_refuses() const {
        constexpr unsigned tries = 64;
        std::vector<wire::Port> skipped = used_;
        for (unsigned i = 0; i < tries; ++i) {
            const auto port = lowest_clean(server_, skipped);
            if (!port) return std::nullopt;
            std::vector<wire::PortRange> refused;
            for (std::size_t box = 0; box < situation_.boxes.size(); ++box)
                for (const Blocked& blocked :
                     blocked_by(situation_, box, server_.address, {{*port, wire::Port{65535}}}))
                    if (blocked.stopped.verdict.rule && blocked.ports.front().contains(*port)) refused = blocked.ports;
            if (refused.empty()) return port;
            if (refused.front().last.value == 65535) return std::nullopt;
            for (std::uint32_t p = port->value; p <= refused.front().last.value; ++p)
                skipped.push_back(wire::Port{static_cast<std::uint16_t>(p)});
        }
        return std::nullopt;
    }

    const Situation& situation_;
    const ServerSituation& server_;
    std::vector<wire::Port> used_;
    std::vector<wire::Port> given_;
    std::vector<wire::Port> spare_;
};

}  // namespace

std::optional<wire::Port> port_for(const Situation& situation, std::size_t number, Service wanted) {
    const ServerSituation& server = situation.servers[number];
    Chooser chooser(situation, number);
    std::vector<Service> in_order;
    for (const Need& need : needs_of(situation))
        if (need.server == number && need.service) in_order.push_back(*need.service);
    if (std::find(in_order.begin(), in_order.end(), wanted) == in_order.end()) in_order.push_back(wanted);
    const auto gets_one = [&](Service service) { return service == wanted || wants_a_port(server, service); };
    for (const Service service : fakeserver::start_order)
        if (server.on_disk.plan(service).kind == PlanKind::fixed &&
            !(gets_one(service) && std::find(in_order.begin(), in_order.end(), service) != in_order.end()))
            chooser.give(server.on_disk.plan(service).port);
    // Every service that has to get one, in the same order whoever is asked about.
    for (const Service service : in_order) {
        if (!gets_one(service)) continue;
        const auto chosen = chooser.choose(service);
        if (service == wanted) return chosen;
    }
    return std::nullopt;
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
