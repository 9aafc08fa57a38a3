#include "fakeserver/start_log.hpp"

#include "fakeserver/endpoint_map.hpp"

#include <fmt/format.h>

namespace fakeserver {
namespace {

bool up_to_5_5(const PortPolicy& policy) { return policy.conditions.version <= ExchangeVersion::v5_5; }

std::string silence_of(const PortPolicy& policy, const ServiceStart& start, Service service) {
    const std::string_view name = short_name(service);
    const bool known_silent = service == Service::information_store || service == Service::attendant;
    if (up_to_5_5(policy) && known_silent && start.no_tcp == NoTcp::taken)
        return fmt::format("{} lost its port and logs nothing (Q180795)", name);
    if (up_to_5_5(policy) && known_silent)
        return fmt::format("{} has no port and likely logs nothing, as when its port is taken (Q180795)", name);
    return fmt::format("{} likely logs nothing: no article names an event for it in this version", name);
}

std::vector<std::string> remarks_of(const PortPolicy& policy, const ServiceStart& start, const StartEntry& entry) {
    std::vector<std::string> remarks;
    const ExchangeVersion version = policy.conditions.version;
    if (entry.event && entry.service == Service::information_store)
        remarks.emplace_back("as information only, and from Service Pack 2 on; before that likely nothing (KB907783)");
    else if (entry.event && (start.no_tcp != NoTcp::taken || !up_to_5_5(policy)))
        remarks.emplace_back("the event is known from Exchange 5.5 and a port that is taken; here it is likely");
    if (entry.event && entry.service == Service::directory && up_to_5_5(policy))
        remarks.emplace_back("replication partners log 1083 and 1059, DRA error 13 (Q180795)");
    if (start.no_tcp == NoTcp::taken)
        remarks.emplace_back(
            "it runs on without TCP: its other protocols are registered, and the port is not tried again until it "
            "restarts "
            "(Q194952)");
    if (start.no_tcp == NoTcp::dependency_stopped && version <= ExchangeVersion::v5_5)
        remarks.emplace_back("order and dependencies: SA, then DS, then IS and MTA (Q143380)");
    return remarks;
}

}  // namespace

std::vector<StartEntry> start_log(const PortPolicy& policy, const ServerStart& start) {
    std::vector<StartEntry> log;
    const std::vector<EventLogEntry> events = event_log(policy, start);
    for (const Service service : start_order) {
        const ServiceStart& own = start.of(service);
        const ServiceTraits* traits = traits_of(policy.conditions.version, service);
        if (own.no_tcp == NoTcp::absent || traits == nullptr) continue;
        StartEntry entry{.service = service,
                         .title = std::string(traits->title),
                         .windows_service = std::string(traits->windows_service),
                         .process = std::string(traits->process),
                         .running = own.running(),
                         .happened = explain(policy, start, service),
                         .event = {},
                         .silence = {},
                         .remarks = {}};
        for (const EventLogEntry& event : events)
            if (event.service == service) entry.event = event;
        if (!entry.event && rpc_status(own.no_tcp) != 0) entry.silence = silence_of(policy, own, service);
        entry.remarks = remarks_of(policy, own, entry);
        log.push_back(std::move(entry));
    }
    return log;
}

std::vector<MissingInterface> missing_from_map(const PortPolicy& policy, const ServerStart& start) {
    std::vector<MissingInterface> missing;
    for (const Service service : start_order) {
        const auto rows = interfaces_of(policy.conditions.version, service);
        const ServiceStart& own = start.of(service);
        if (own.has_tcp() || own.no_tcp == NoTcp::absent || rows.empty()) continue;
        missing.push_back({service, rows.front().id.uuid.format(), std::string(rows.front().annotation)});
    }
    return missing;
}

}  // namespace fakeserver
