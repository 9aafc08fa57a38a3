// What only a run can show: runner/warnings.
#include "scenarios/lint/subjects.hpp"

#include <array>

namespace scenarios::lint {
namespace {

using sim::base::Severity;

constexpr auto all = std::to_array<Entry>({
    {"change-not-in-force",
     Severity::warning,
     Stage::run,
     "the registry was changed and the service not restarted",
     "Services read their port when they start. Until then the old one is in force, and the port that the filter now "
     "opens leads nowhere.",
     "Restart the computer, or at least the service.",
     "Q155831, Q148732, Q245273",
     {FileKind::scenario, R"(title = "Imported, not restarted"

[firewall]
allow = [135, 5001]

[[step]]
do = "import-registry"
file = "static.reg"

[[step]]
do = "check"
)",
      "static.reg", R"(REGEDIT4

[HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services\MSExchangeDS\Parameters]
"TCP/IP port"=dword:00001389
)"}},
    {"named-pipes",
     Severity::warning,
     Stage::run,
     "it works, but over named pipes after TCP has failed",
     "The fall-back hides the fault: every start waits for TCP to time out first, and named pipes use the network "
     "logon "
     "in place of the name that the user typed, so some are refused.",
     "Mend the TCP path; the run says where it fails.",
     "Q244523, Q163576",
     {FileKind::scenario, R"(title = "Named pipes hide a closed port"

[client]
binding_order = ["ncacn_ip_tcp", "ncacn_np"]

[firewall]
allow = [135, 139]
)"}},
    {"new-mail-blocked",
     Severity::warning,
     Stage::run,
     "the notice of new mail does not arrive",
     "The server sends it by UDP, to a port that the client chose: unsolicited for any filter. Mail works, but new "
     "items "
     "show only when the view is refreshed.",
     "Allow UDP from the server's ports above 1023 to the clients' ports above 1023, or live without.",
     "Q264035, Q270065, Q159302",
     {FileKind::scenario, R"(title = "No UDP to the clients"

[server]
registry = "static.reg"

[client]
do = ["logon", "new-mail"]

[firewall]
allow = [135, 5001, 5002]
)",
      "static.reg", R"(REGEDIT4

[HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services\MSExchangeDS\Parameters]
"TCP/IP port"=dword:00001389

[HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services\MSExchangeIS\ParametersSystem]
"TCP/IP port"=dword:0000138a
)"}},
    {"rpc-range-exhausted",
     Severity::warning,
     Stage::run,
     "no port was left in the RPC range",
     "A service that starts when the range is empty has no TCP (1721). The range is shared with every other RPC server "
     "of the computer.",
     "Widen the range to at least 100 ports, and the opening in the filter with it.",
     "KB154596, Q217351",
     {FileKind::scenario, R"(title = "Two ports for four services"

[server]
registry = "range.reg"
)",
      "range.reg", R"(REGEDIT4

[HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Rpc\Internet]
"Ports"=hex(7):36,30,30,30,2d,36,30,30,31,00,00
"PortsInternetAvailable"="Y"
"UseInternetPorts"="Y"
)"}},
    {"static-port-not-available",
     Severity::warning,
     Stage::run,
     "a pinned port was taken when its service started",
     "The service runs without TCP, and does not try again. Only the directory and the MTA write it into the event "
     "log.",
     "Free the port or take another one, then restart the service.",
     "Q194952, Q180795, KB907783",
     {FileKind::scenario, R"(title = "Another program was first"

[server]
registry   = "static.reg"
busy_ports = [5001]
)",
      "static.reg", R"(REGEDIT4

[HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services\MSExchangeDS\Parameters]
"TCP/IP port"=dword:00001389
)"}},
    {"static-port-unusable",
     Severity::warning,
     Stage::run,
     "a pinned port is none, so the service likely has no TCP",
     "0 and numbers above 65535 are no ports. The endpoint mapper answers 1753 for the service.",
     "Write a port between 5001 and 65535, with the radix set to decimal.",
     "Q148732",
     {FileKind::scenario, R"(title = "A port above 65535"

[server]
registry = "static.reg"
)",
      "static.reg", R"(REGEDIT4

[HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services\MSExchangeIS\ParametersSystem]
"TCP/IP port"=dword:00010000
)"}},
});

}  // namespace

std::span<const Entry> run_entries() { return all; }

}  // namespace scenarios::lint
