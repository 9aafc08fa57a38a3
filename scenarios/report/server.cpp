#include "scenarios/report/server.hpp"

#include "fakeserver/endpoint_map.hpp"
#include "fakeserver/start_report.hpp"

#include <fmt/format.h>

namespace scenarios::report {
namespace {

void add_services(std::string& out, const runner::ServerView& server) {
    out += "Services\n";
    for (const fakeserver::Service service : fakeserver::start_order) {
        const auto& start = server.start.of(service);
        if (start.no_tcp == fakeserver::NoTcp::absent) continue;
        const auto* traits = fakeserver::traits_of(server.policy.conditions.version, service);
        out += fmt::format("  {:<8} {:<34} {}\n", start.running() ? "running" : "stopped", traits == nullptr ? "" : traits->title,
                           fakeserver::explain(server.policy, server.start, service));
    }
}

void add_event_log(std::string& out, const runner::ServerView& server) {
    out += "\nApplication event log\n";
    const auto entries = fakeserver::event_log(server.policy, server.start);
    for (const auto& entry : entries) out += fmt::format("  {:<14} {:>5}  {}\n", entry.source, entry.id, entry.text);
    if (entries.empty()) out += "  nothing about ports (the store and the attendant write nothing even when they lose theirs, Q180795)\n";
}

void add_map(std::string& out, const runner::ServerView& server) {
    out += "\nEndpoint map, as TCP 135 answers\n";
    const auto map = fakeserver::endpoint_map(server.policy, server.start);
    for (const auto& entry : map)
        out += fmt::format("  UUID: {} {}\n    ncacn_ip_tcp:{}[{}]\n", entry.interface.uuid.format(), entry.annotation, server.address.format(),
                           sim::wire::format(entry.port));
    out += fmt::format("  Total endpoints found: {}\n", map.size());
}

void add_listeners(std::string& out, const runner::ServerView& server) {
    out += "\nListening on TCP\n";
    for (const auto& listener : fakeserver::listeners(server.policy, server.start))
        out += fmt::format("  {:<21} {}\n", server.address.format() + ":" + sim::wire::format(listener.port), listener.program);
}

}  // namespace

std::string server_text(const runner::CloseUp& seen) {
    std::string out;
    for (const runner::ServerView& server : seen.servers) {
        if (!out.empty()) out += "\n";
        out += fmt::format("{} ({})\n\n", server.name, server.address.format());
        add_services(out, server);
        add_event_log(out, server);
        add_map(out, server);
        add_listeners(out, server);
        for (const auto& change : server.pending)
            out += fmt::format("\nNot in force yet: {} is {} in the registry, {} in force; needs a {}\n", change.value, change.on_disk, change.in_force,
                               change.needs);
    }
    return out;
}

}  // namespace scenarios::report
