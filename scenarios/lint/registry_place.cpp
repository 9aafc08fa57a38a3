// Values in the wrong place or with the wrong name, and the range for RPC servers: fakeserver/review.
#include "scenarios/lint/subjects.hpp"

#include <array>

namespace scenarios::lint {
namespace {

using sim::base::Severity;

constexpr auto all = std::to_array<Entry>({
    {"mta-name-case",
     Severity::warning,
     Stage::review,
     "the name of an MTA value is written in another case",
     "The names of the MTA's values may be case-sensitive: one article says so of its neighbour, none of this one. If "
     "they are, the value is not read, and servers behind the filter cannot be reached by the MTA.",
     "Write the name exactly as the articles do: TCP/IP port for RPC listens.",
     "Q161931, Q176466",
     {FileKind::registry, R"(REGEDIT4

[HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services\MSExchangeMTA\Parameters]
"TCP/IP Port for RPC listens"=dword:0000138c
)"}},
    {"other-control-set",
     Severity::warning,
     Stage::review,
     "the value stands in a control set that is not the current one",
     "Windows reads CurrentControlSet. A value in ControlSet002 does nothing, so the service keeps its dynamic port.",
     "Write to HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet.",
     "Q155831",
     {FileKind::registry, R"(REGEDIT4

[HKEY_LOCAL_MACHINE\SYSTEM\ControlSet002\Services\MSExchangeDS\Parameters]
"TCP/IP port"=dword:00001389
)"}},
    {"port-misspelt",
     Severity::warning,
     Stage::review,
     "nothing reads a value of that name",
     "The name comes near to one that is read, but Windows does not guess. The service keeps a dynamic port, and the "
     "filter's opening leads nowhere.",
     "Write the name as the articles do: TCP/IP port.",
     "Q155831, Q148732",
     {FileKind::registry, R"(REGEDIT4

[HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services\MSExchangeDS\Parameters]
"TCPIP port"=dword:00001389
)"}},
    {"port-value-of-other-version",
     Severity::note,
     Stage::review,
     "another version of Exchange reads this value, not this one",
     "The value does no harm and no good. It matters when it was meant to pin a port: this version does not look here.",
     "Take the value out, or say the right version in the scenario.",
     "KB270836",
     {FileKind::registry, R"(REGEDIT4

[HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services\MSExchangeSA\Parameters]
"TCP/IP NSPI Port"=dword:0000138a
)"}},
    {"port-wrong-key",
     Severity::warning,
     Stage::review,
     "the value stands under a key that the service does not read",
     "The information store reads ParametersSystem; under Parameters or ParametersPrivate the value does nothing. "
     "Names resolve, the mailbox does not open, and the store's port changes with each start.",
     "Move the value to the key that is named, and restart the service.",
     "Q148732, Q155831",
     {FileKind::registry, R"(REGEDIT4

[HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services\MSExchangeIS\ParametersPrivate]
"TCP/IP port"=dword:0000138a
)"}},
    {"rpc-range-misplaced",
     Severity::warning,
     Stage::review,
     "a value of the RPC range stands under Rpc, not Rpc\\Internet",
     "Nothing reads it there, so services draw from the whole dynamic range while the filter opens the small one. One "
     "article prints the values without the Internet key.",
     "Move the three values to HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Rpc\\Internet.",
     "Q258469, KB154596",
     {FileKind::registry, R"(REGEDIT4

[HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Rpc]
"UseInternetPorts"="Y"
)"}},
    {"rpc-range-not-used",
     Severity::warning,
     Stage::review,
     "servers draw from what the range leaves out",
     "PortsInternetAvailable says what the list is, UseInternetPorts whether programs draw from it. When the two "
     "differ, services get ports outside the list, which the filter does not open.",
     "Set both to Y.",
     "KB154596",
     {FileKind::registry, R"(REGEDIT4

[HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Rpc\Internet]
"Ports"=hex(7):36,30,30,30,2d,36,31,39,39,00,00
"PortsInternetAvailable"="Y"
"UseInternetPorts"="N"
)"}},
    {"rpc-range-small",
     Severity::warning,
     Stage::review,
     "the RPC range holds fewer than 100 ports",
     "Every RPC server of the computer draws from the range, Exchange's services among them. When it is empty, a "
     "service starts without TCP (1721).",
     "Give at least 100 ports above 5000, and open the same range in the filter.",
     "KB154596, Q258469, Q217351",
     {FileKind::registry, R"(REGEDIT4

[HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Rpc\Internet]
"Ports"=hex(7):36,30,30,30,2d,36,30,30,39,00,00
"PortsInternetAvailable"="Y"
"UseInternetPorts"="Y"
)"}},
    {"rpc-range-void",
     Severity::error,
     Stage::review,
     "Rpc\\Internet is incomplete, so likely no service gets a TCP port",
     "One missing or unreadable value voids the whole key: every call that opens a TCP endpoint fails. The endpoint "
     "mapper still answers on 135, with 1753 for everything.",
     "Write all three: Ports (REG_MULTI_SZ, for instance 6000-6199), PortsInternetAvailable and UseInternetPorts "
     "(REG_SZ, Y). Or delete the key.",
     "KB154596, Q217351",
     {FileKind::registry, R"(REGEDIT4

[HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Rpc\Internet]
"Ports"=hex(7):36,30,30,30,2d,36,31,39,39,00,00
"UseInternetPorts"="Y"
)"}},
});

}  // namespace

std::span<const Entry> registry_place_entries() { return all; }

}  // namespace scenarios::lint
