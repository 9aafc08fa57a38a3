// What the port values in a registry would do: fakeserver/review.
#include "scenarios/lint/subjects.hpp"

#include <array>

namespace scenarios::lint {
namespace {

using sim::base::Severity;

constexpr auto all = std::to_array<Entry>({
    {"port-above-65535",
     Severity::error,
     Stage::review,
     "a port value is above 65535",
     "There is no such port. The service likely starts without TCP, and clients outside get 1753 from the endpoint "
     "mapper. Mostly a port of 10000 and more was typed while Regedt32 took hexadecimal digits.",
     "Write the port again with the radix set to decimal, between 5001 and 65535.",
     "Q148732, KB298369",
     {FileKind::registry, R"(REGEDIT4

[HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services\MSExchangeDS\Parameters]
"TCP/IP port"=dword:00010000
)"}},
    {"port-boundary",
     Severity::note,
     Stage::review,
     "the port lies at the upper end of the dynamic range",
     "4900 to 5000 is where the articles disagree: the base article's own example is 5000, others count it among the "
     "ports that Windows hands out by itself. It works until another program draws it first.",
     "Nothing must be done. 5001 and up is clean by every article.",
     "Q155831, Q194952, Q244523",
     {FileKind::registry, R"(REGEDIT4

[HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services\MSExchangeDS\Parameters]
"TCP/IP port"=dword:00001388
)"}},
    {"port-busy",
     Severity::error,
     Stage::review,
     "another program on the server has the port already",
     "The service starts, says so in the event log only if it is the directory or the MTA, and has no TCP until it is "
     "restarted with the port free. Clients fall back to named pipes or fail.",
     "Take a port that nothing else uses (netstat -an shows them), and open the same one in the filter.",
     "Q194952, Q180795, Q244523",
     {FileKind::scenario, R"(title = "Another program has port 5001"

[server]
registry   = "static.reg"
busy_ports = [5001]
)",
      "static.reg", R"(REGEDIT4

[HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services\MSExchangeDS\Parameters]
"TCP/IP port"=dword:00001389
)"}},
    {"port-duplicate",
     Severity::error,
     Stage::review,
     "two services have the same port",
     "The one that starts first gets it (order: attendant, directory, information store and MTA); the other has no "
     "TCP. With directory and store on one port, names resolve and the mailbox does not open.",
     "Give each key a port of its own, restart, and open both.",
     "KB270836, Q194952, Q143380",
     {FileKind::registry, R"(REGEDIT4

[HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services\MSExchangeDS\Parameters]
"TCP/IP port"=dword:00001389

[HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services\MSExchangeIS\ParametersSystem]
"TCP/IP port"=dword:00001389
)"}},
    {"port-hex-typed",
     Severity::warning,
     Stage::review,
     "the port looks as if it was typed in hexadecimal",
     "A .reg file and Regedt32 with its usual radix hold hexadecimal numbers. 5001 typed so is 0x5001, port 20481: the "
     "service listens there, the filter opens 5001, and every connection times out with 1722.",
     "Write dword:00001389 for 5001; in Regedt32 choose decimal before typing.",
     "Q148732, Q155831",
     {FileKind::registry, R"(REGEDIT4

[HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services\MSExchangeDS\Parameters]
"TCP/IP port"=dword:00005001
)"}},
    {"port-in-dynamic-range",
     Severity::warning,
     Stage::review,
     "Windows hands the port out by itself",
     "Any program that asks for some port may be given this one before the service starts. Then the service has no TCP "
     "until the next start: a fault that comes and goes with restarts.",
     "Take a port outside the dynamic range of that Windows: 5001 and up before Windows 2008, below 49152 from there "
     "on.",
     "Q180795, Q194952, Q244523, KB929851",
     {FileKind::registry, R"(REGEDIT4

[HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services\MSExchangeDS\Parameters]
"TCP/IP port"=dword:00000bb8
)"}},
    {"port-in-rpc-range",
     Severity::warning,
     Stage::review,
     "the port lies in the range that RPC servers draw from",
     "Rpc\\Internet gives its range to every RPC server without a port of its own. One of them can draw the pinned "
     "port "
     "first, and the Exchange service then starts without TCP.",
     "Take a port outside the range, or leave it out of the range.",
     "KB154596",
     {FileKind::registry, R"(REGEDIT4

[HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services\MSExchangeDS\Parameters]
"TCP/IP port"=dword:00001772

[HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Rpc\Internet]
"Ports"=hex(7):36,30,30,30,2d,36,31,39,39,00,00
"PortsInternetAvailable"="Y"
"UseInternetPorts"="Y"
)"}},
    {"port-is-mapper",
     Severity::error,
     Stage::review,
     "135 belongs to the endpoint mapper",
     "RPCSS listens on 135 before any Exchange service starts, so the service has no TCP. All that looks right in the "
     "filter, where 135 is open anyhow.",
     "Take a free port between 5001 and 65535, and open that one beside 135.",
     "Q194952, Q155831",
     {FileKind::registry, R"(REGEDIT4

[HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services\MSExchangeDS\Parameters]
"TCP/IP port"=dword:00000087
)"}},
    {"port-just-above-1023",
     Severity::warning,
     Stage::review,
     "the port is among the first that Windows hands out",
     "Windows before 2008 begins to hand out ports right above 1023, and every boot uses some. The port is taken more "
     "often than not, and the service then has no TCP.",
     "Take a free port between 5001 and 65535, and open the same one in the filter.",
     "Q155831, Q180795",
     {FileKind::registry, R"(REGEDIT4

[HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services\MSExchangeDS\Parameters]
"TCP/IP port"=dword:00000402
)"}},
    {"port-low",
     Severity::warning,
     Stage::review,
     "the port is among the well-known ones",
     "Ports below 1024 belong to other services by convention. It works as long as none of them runs on the server.",
     "Make sure that nothing else has the port, and write it into the services file; or take 5001 and up.",
     "Q180795, Q194952",
     {FileKind::registry, R"(REGEDIT4

[HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services\MSExchangeDS\Parameters]
"TCP/IP port"=dword:000003e7
)"}},
    {"port-wrong-type",
     Severity::warning,
     Stage::review,
     "the value has a type that the service does not read",
     "A port written as text where a number is asked for is likely ignored: the service keeps a dynamic port, another "
     "one after each start, and the port that the filter opens leads nowhere.",
     "Delete the value and write it as the articles say: REG_DWORD (REG_SZ for the address book of Exchange 2010).",
     "Q148732, Q155831",
     {FileKind::registry, R"(REGEDIT4

[HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services\MSExchangeDS\Parameters]
"TCP/IP port"="5001"
)"}},
    {"port-zero",
     Severity::error,
     Stage::review,
     "port 0 is no port",
     "A value of 0 likely leaves the service without TCP; it does not mean \"any port\".",
     "Delete the value for a dynamic port, or write the port wanted.",
     "",
     {FileKind::registry, R"(REGEDIT4

[HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services\MSExchangeDS\Parameters]
"TCP/IP port"=dword:00000000
)"}},
});

}  // namespace

std::span<const Entry> registry_port_entries() { return all; }

}  // namespace scenarios::lint
