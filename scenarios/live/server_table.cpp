#include "scenarios/live/server_table.hpp"

#include "fakeserver/start_report.hpp"

#include <fmt/format.h>

#include <iterator>
#include <set>

namespace scenarios::live {

namespace wire = sim::wire;

std::string server_table(const wire::IpAddress& address, wire::Port mapper, const fakeserver::StartConditions& played,
                         const fakeserver::PortPolicy& policy, const fakeserver::ServerStart& start) {
    std::string text;
    const auto line = [&text](const std::string& where, std::string_view program, const std::string& what) {
        fmt::format_to(std::back_inserter(text), "  {:<22} {:<14} {}\n", where, program, what);
    };
    const bool nt4 = policy.conditions.windows == fakeserver::Windows::nt4;
    line(wire::format(wire::Endpoint{address, mapper}), nt4 ? "RPCSS.EXE" : "SVCHOST.EXE", "the endpoint mapper");
    for (const fakeserver::Service service : fakeserver::start_order) {
        const auto& own = start.of(service);
        if (own.no_tcp == fakeserver::NoTcp::absent) continue;
        const auto* traits = fakeserver::traits_of(policy.conditions.version, service);
        line(own.has_tcp() ? wire::format(wire::Endpoint{address, own.port}) : "no TCP port",
             traits == nullptr ? std::string_view() : traits->process, fakeserver::explain(policy, start, service));
    }
    std::set<wire::Port> others;
    if (played.listen) others.insert(played.listen->begin(), played.listen->end());
    others.insert(played.busy.begin(), played.busy.end());
    for (const wire::Port port : others)
        line(wire::format(wire::Endpoint{address, port}), "another program", "accepts and says nothing");
    return text;
}

}  // namespace scenarios::live
