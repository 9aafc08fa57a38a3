// Names and data of values in a .reg file: fakeserver/registry_file and registry_data.
#include "scenarios/lint/subjects.hpp"

#include <array>

namespace scenarios::lint {
namespace {

using sim::base::Severity;

constexpr auto all = std::to_array<Entry>({
    {"reg-duplicate-value",
     Severity::warning,
     Stage::reading,
     "a value is written twice",
     "The last one counts, so the port may be another than the one that was read first and opened in the filter.",
     "Keep one of the two.",
     "",
     {FileKind::registry, R"(REGEDIT4

[HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services\MSExchangeDS\Parameters]
"TCP/IP port"=dword:00001389
"TCP/IP port"=dword:0000138a
)"}},
    {"reg-dword",
     Severity::error,
     Stage::reading,
     "a dword is not 1 to 8 hexadecimal digits",
     "Regedit does not set the value, so the port stays dynamic.",
     "Port 5001 is dword:00001389, without 0x.",
     "Q155831",
     {FileKind::registry, R"(REGEDIT4

[HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services\MSExchangeDS\Parameters]
"TCP/IP port"=dword:0x1389
)"}},
    {"reg-dword-size",
     Severity::warning,
     Stage::reading,
     "a REG_DWORD does not have 4 octets",
     "Programs do not take it for a number, so the port stays dynamic (likely).",
     "Write dword:00001389.",
     "",
     {FileKind::registry, R"(REGEDIT4

[HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services\MSExchangeDS\Parameters]
"TCP/IP port"=hex(4):89,13
)"}},
    {"reg-escape",
     Severity::warning,
     Stage::reading,
     "a \\ in quoted text is not doubled",
     "Regedit drops it (likely), so the name or the text becomes another one.",
     "Write \\\\ for \\.",
     "",
     {FileKind::registry, R"(REGEDIT4

[HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services\MSExchangeDS\Parameters]
"Database file"="C:\exchsrvr\dsadata\dir.edb"
)"}},
    {"reg-hex",
     Severity::error,
     Stage::reading,
     "octets are not written as two hexadecimal digits with commas",
     "Regedit does not set the value. For Rpc\\Internet one value missing voids the whole range.",
     "Write 36,30,30,30,00; a line that goes on ends in ,\\.",
     "KB154596",
     {FileKind::registry, R"(REGEDIT4

[HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Rpc\Internet]
"Ports"=hex(7):36 30 30 30 00 00
)"}},
    {"reg-hex-comma",
     Severity::warning,
     Stage::reading,
     "octets end in a comma",
     "Regedit takes the value as it stands. Was the \\ at the end of the line lost, the rest of the range is lost too.",
     "Put ,\\ at the end of a line that goes on.",
     "",
     {FileKind::registry, R"(REGEDIT4

[HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Rpc\Internet]
"Ports"=hex(7):36,30,30,30,2d,36,31,39,39,00,00,
"PortsInternetAvailable"="Y"
"UseInternetPorts"="Y"
)"}},
    {"reg-hex-cut",
     Severity::error,
     Stage::reading,
     "the file ends where octets should go on",
     "The value is incomplete, and perhaps more is missing.",
     "Export the key again.",
     "",
     {FileKind::registry, R"(REGEDIT4

[HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Rpc\Internet]
"Ports"=hex(7):36,30,30,30,\
)"}},
    {"reg-hex-type",
     Severity::error,
     Stage::reading,
     "the type is not written as hex(N):",
     "Regedit does not set the value.",
     "Write hex(7): for a list of texts, hex: for octets.",
     "",
     {FileKind::registry, R"(REGEDIT4

[HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Rpc\Internet]
"Ports"=hex(multi):36,30,30,30,00,00
)"}},
    {"reg-string-unclosed",
     Severity::error,
     Stage::reading,
     "a text is not closed with a quote",
     "Regedit does not set the value.",
     "Close the text on the same line.",
     "",
     {FileKind::registry, R"(REGEDIT4

[HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Rpc\Internet]
"UseInternetPorts"="Y
)"}},
    {"reg-text-encoding",
     Severity::warning,
     Stage::reading,
     "text in octets does not fit the file's header",
     "A REGEDIT4 file holds one octet a character, a version 5 file two. Otherwise the text becomes another one: a "
     "range is read as its first digit, and Rpc\\Internet is void.",
     "Change the header or the octets.",
     "KB154596",
     {FileKind::registry, R"(REGEDIT4

[HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Exchange]
"Range"=hex(2):36,00,30,00,30,00,30,00,00,00
)"}},
    {"reg-value-before-key",
     Severity::error,
     Stage::reading,
     "a value stands before the first key",
     "It belongs to no key, so nothing is set.",
     "Begin with the key, in [ ].",
     "",
     {FileKind::registry, R"(REGEDIT4

"TCP/IP port"=dword:00001389
[HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services\MSExchangeDS\Parameters]
)"}},
    {"reg-value-equals",
     Severity::error,
     Stage::reading,
     "= is missing behind a value's name",
     "Regedit leaves the line out, so the port is not set.",
     "Write \"TCP/IP port\"=dword:00001389.",
     "",
     {FileKind::registry, R"(REGEDIT4

[HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services\MSExchangeDS\Parameters]
"TCP/IP port":dword:00001389
)"}},
    {"reg-value-kind",
     Severity::error,
     Stage::reading,
     "what stands behind = is no kind of value",
     "Regedit leaves the line out, so the port is not set.",
     "Write \"text\", dword:, hex:, hex(N): or -.",
     "Q155831",
     {FileKind::registry, R"(REGEDIT4

[HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services\MSExchangeDS\Parameters]
"TCP/IP port"=5001
)"}},
    {"reg-value-long",
     Severity::error,
     Stage::reading,
     "a value has too many octets",
     "No port and no range needs so many; the file is damaged or no export.",
     "Export only the keys that matter.",
     "",
     {FileKind::registry,
      "REGEDIT4\n\n[HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Exchange]\n\"Data\"=hex:<more than a megabyte>00\n",
      {},
      {},
      {"<more than a megabyte>", "00,", 1'100'000}}},
    {"reg-value-text",
     Severity::error,
     Stage::reading,
     "text stands behind a value",
     "What Regedit makes of the line is not sure, so neither is the port.",
     "Begin a comment with ;.",
     "",
     {FileKind::registry, R"(REGEDIT4

[HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Rpc\Internet]
"UseInternetPorts"="Y" yes
)"}},
    {"reg-value-under-deleted-key",
     Severity::error,
     Stage::reading,
     "a value stands under a key that is being deleted",
     "Regedit ignores it: the key goes, and the port with it.",
     "Name the key again without the -.",
     "",
     {FileKind::registry, R"(REGEDIT4

[-HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services\MSExchangeDS\Parameters]
"TCP/IP port"=dword:00001389
)"}},
});

}  // namespace

std::span<const Entry> registry_data_entries() { return all; }

}  // namespace scenarios::lint
