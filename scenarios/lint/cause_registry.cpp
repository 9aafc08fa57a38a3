// Causes that stand in the registry or in the services: scenarios/diagnosis/service_faults.
#include "scenarios/lint/subjects.hpp"

#include <array>

namespace scenarios::lint {
namespace {

using sim::base::Severity;

constexpr auto all = std::to_array<Entry>({
    {"no-static-port",
     Severity::warning,
     Stage::diagnosis,
     "nothing pins the port, so it differs at every start",
     "As installed, the directory and the information store draw a port whenever they start. A filter that opens 135 "
     "alone lets the client ask where to go, and not go there: the logon fails with 1722.",
     "Write the two ports into the registry, restart, and open 135 and exactly those two.",
     "Q155831, Q148732",
     {FileKind::scenario, R"(title = "As installed"

[firewall]
allow = [135]
)"}},
    {"second-server-dynamic",
     Severity::warning,
     Stage::diagnosis,
     "the ports of another server are not pinned",
     "The mailbox works, and public folders that live on another server do not: there nobody wrote the values, so "
     "every start draws other ports.",
     "Pin the ports on every server that clients are sent to, and open them for each.",
     "Q190436",
     {FileKind::scenario, R"(title = "The public folders were forgotten"

[client]
do = ["public-folders"]

[firewall]
allow = [135, 5001, 5002]

[[server]]
name     = "MAIL"
registry = "static.reg"

[[server]]
name = "FOLDERS"
)",
      "static.reg", pinned}},
    {"attendant-not-pinned",
     Severity::warning,
     Stage::diagnosis,
     "the System Attendant's port is not pinned",
     "Outlook never calls the System Attendant, but the Administrator program does, and hangs. The mail of everybody "
     "else works, so the filter is the last thing that is looked at.",
     "Write \"TCP/IP port\" under MSExchangeSA\\Parameters too, restart, and open that port.",
     "Q240859, Q245273",
     {FileKind::scenario, R"(title = "The Administrator program hangs"

[server]
registry = "static.reg"

[client]
do = ["admin"]

[firewall]
allow = [135, 5001, 5002]
)",
      "static.reg", pinned}},
    {"port-digits-typed",
     Severity::warning,
     Stage::diagnosis,
     "the hexadecimal digits of an export were typed as a decimal number",
     "An export shows 5000 as 00001388. Whoever types 1388 with the radix set to decimal pins port 1388: the filter "
     "opens 5000, and 1388 is one of those that Windows hands out besides.",
     "Type the decimal number, or import the export as it is.",
     "Q155831, Q148732",
     {FileKind::scenario, R"(title = "1388 was typed for 5000"

[server]
registry = "typed.reg"

[firewall]
allow = [135, 5000, 5002]
)",
      "typed.reg", R"(REGEDIT4

[HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services\MSExchangeDS\Parameters]
"TCP/IP port"=dword:0000056c

[HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services\MSExchangeIS\ParametersSystem]
"TCP/IP port"=dword:0000138a
)"}},
    {"service-stopped",
     Severity::warning,
     Stage::diagnosis,
     "the service is not started",
     "A service that does not run has no endpoint. The mapper answers 1753 for it, and no rule of a filter changes "
     "that.",
     "Start the service, and those that it depends on: attendant, directory, information store.",
     "Q143380",
     {FileKind::scenario, R"(title = "The store is down"

[server]
registry = "static.reg"
stopped  = ["information-store"]

[firewall]
allow = [135, 5001, 5002]
)",
      "static.reg", pinned}},
});

}  // namespace

std::span<const Entry> registry_cause_entries() { return all; }

}  // namespace scenarios::lint
