#include "scenarios/report/server.hpp"

#include "fakeserver/endpoint_map.hpp"
#include "fakeserver/start_log.hpp"
#include "scenarios/report/story.hpp"

#include <fmt/format.h>

namespace scenarios::report {
namespace {

constexpr std::size_t width = 96;

void add_line(std::string& out, std::size_t indent, const std::string& text) {
    out += std::string(indent, ' ') + wrapped(text, width, indent) + "\n";
}

void add_start_log(std::string& out, const runner::ServerView& server) {
    out += "Services, in the order in which they start\n";
    for (const auto& entry : fakeserver::start_log(server.policy, server.start)) {
        out += fmt::format("\n  {:<4} {} ({}, {})\n", short_name(entry.service), entry.title, entry.windows_service,
                           entry.process);
        add_line(out, 7, entry.happened);
        if (entry.event)
            add_line(out, 7,
                     fmt::format("Application log, {}, event {}: {}", entry.event->source, entry.event->id,
                                 entry.event->text));
        if (!entry.silence.empty()) add_line(out, 7, "Application log: nothing. " + entry.silence);
        for (const std::string& remark : entry.remarks) add_line(out, 7, "(" + remark + ")");
    }
}

void add_map(std::string& out, const runner::ServerView& server) {
    out += "\nEndpoint map, as TCP 135 answers PortQry\n\n";
    const auto map = fakeserver::endpoint_map(server.policy, server.start);
    for (const auto& entry : map)
        out += fmt::format("  UUID: {} {}\n  ncacn_ip_tcp:{}[{}]   version {}.{}\n\n", entry.interface.uuid.format(),
                           entry.annotation, server.address.format(), sim::wire::format(entry.port),
                           entry.interface.major, entry.interface.minor);
    out += fmt::format("  Total endpoints found: {}\n", map.size());
    for (const auto& missing : fakeserver::missing_from_map(server.policy, server.start))
        add_line(out, 2,
                 fmt::format("Not in it: {} {} ({}); who asks for it over TCP gets 1753", missing.uuid,
                             missing.annotation, short_name(missing.service)));
    add_line(out, 2, "(TCP only: a real map holds named pipes and local RPC beside it.)");
    if (server.policy.conditions.version <= fakeserver::ExchangeVersion::v5_5)
        add_line(out, 2,
                 "(The names of SA, IS and MTA come from an Exchange 2000 map, the version of the DRS interface from "
                 "later Windows; likely "
                 "the same here.)");
}

// Who wanted the port that another has.
std::string wanted_by(const runner::ServerView& server, sim::wire::Port port) {
    std::string names;
    for (const fakeserver::Service service : fakeserver::start_order) {
        const bool lost =
            server.start.of(service).no_tcp == fakeserver::NoTcp::taken && server.policy.plan(service).port == port;
        if (lost) names += (names.empty() ? "" : " and ") + std::string(short_name(service));
    }
    return names.empty() ? names : "; " + names + " wanted it";
}

// NetBIOS listens on the address of its card, everything else on all addresses, as netstat shows it.
std::string local_address(const runner::ServerView& server, sim::wire::Port port) {
    constexpr sim::wire::Port netbios_session{139};
    const bool v4 = server.address.is_v4();
    const std::string host = port == netbios_session ? server.address.format() : v4 ? "0.0.0.0" : "::";
    return fmt::format("{}:{}", v4 ? host : "[" + host + "]", port.value);
}

void add_listeners(std::string& out, const runner::ServerView& server) {
    out += "\nListeners, as netstat -an lists them\n\n";
    const std::string nowhere = server.address.is_v4() ? "0.0.0.0:0" : "[::]:0";
    out += fmt::format("  {:<6} {:<22} {:<22} {:<12} {}\n", "Proto", "Local Address", "Foreign Address", "State",
                       "(whose it is)");
    for (const auto& listener : fakeserver::listeners(server.policy, server.start)) {
        const std::string owner = listener.service
                                      ? fmt::format("{}, {}", short_name(*listener.service), listener.program)
                                      : listener.program;
        out += fmt::format("  {:<6} {:<22} {:<22} {:<12} {}{}\n", "TCP", local_address(server, listener.port), nowhere,
                           "LISTENING", owner, wanted_by(server, listener.port));
    }
    add_line(
        out, 2,
        "(netstat -a does not show every port that is taken, Q180795; later advice is netstat -an, KB270836. The last "
        "column is this page's own.)");
}

void add_pending(std::string& out, const runner::ServerView& server) {
    out += "\nRegistry changes that wait for a restart\n\n";
    for (const auto& change : server.pending) {
        const std::string at =
            change.written ? fmt::format(" ({})", sim::base::format(change.written->place)) : std::string();
        add_line(out, 2,
                 fmt::format("{}: {} in force, {} on the disk{}; needs a {}", change.value, change.in_force,
                             change.on_disk, at, change.needs));
    }
    if (server.pending.empty()) out += "  none\n";
}

}  // namespace

std::string_view windows_title(fakeserver::Windows windows) {
    switch (windows) {
        case fakeserver::Windows::nt4: return "Windows NT 4.0";
        case fakeserver::Windows::w2000: return "Windows 2000";
        case fakeserver::Windows::w2003: return "Windows Server 2003";
        case fakeserver::Windows::w2008: return "Windows Server 2008";
    }
    return "Windows";
}

std::string server_text(const runner::CloseUp& seen) {
    std::string out;
    for (const runner::ServerView& server : seen.servers) {
        if (!out.empty()) out += "\n\n";
        out += fmt::format("{} ({}), Exchange {} on {}\n\n", server.name, server.address.format(),
                           word(server.policy.conditions.version), windows_title(server.policy.conditions.windows));
        add_start_log(out, server);
        add_map(out, server);
        add_listeners(out, server);
        add_pending(out, server);
    }
    return out;
}

}  // namespace scenarios::report
