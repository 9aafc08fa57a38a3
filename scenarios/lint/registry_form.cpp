// The frame of a .reg file: header, keys, lines. fakeserver/registry_file and registry_key.
#include "scenarios/lint/subjects.hpp"

#include <array>

namespace scenarios::lint {
namespace {

using namespace std::string_view_literals;
using sim::base::Severity;

constexpr auto all = std::to_array<Entry>({
    {"reg-empty",
     Severity::error,
     Stage::reading,
     "the registry file is empty",
     "An empty file pins no port. Perhaps the export failed, or the file was copied while it was being written.",
     "Export the keys again with Regedit.",
     "",
     {FileKind::registry, "<nothing>\n", {}, {}, {"<nothing>\n", "", 1}}},
    {"reg-header-missing",
     Severity::error,
     Stage::reading,
     "the first line is not the header that Regedit asks for",
     "Regedit imports nothing from a file without its header, so the server keeps its dynamic ports, without a word in "
     "the services' logs.",
     "Begin the file with REGEDIT4, or with Windows Registry Editor Version 5.00.",
     "",
     {FileKind::registry, R"([HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services\MSExchangeDS\Parameters]
"TCP/IP port"=dword:00001389
)"}},
    {"reg-header-wrong",
     Severity::error,
     Stage::reading,
     "Regedit does not know this header",
     "Regedit takes exactly two headers. With any other it imports nothing, and the ports stay dynamic.",
     "Write REGEDIT4, or Windows Registry Editor Version 5.00.",
     "",
     {FileKind::registry, R"(REGEDIT5

[HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services\MSExchangeDS\Parameters]
"TCP/IP port"=dword:00001389
)"}},
    {"reg-key-deep",
     Severity::error,
     Stage::reading,
     "the key has more levels than the registry takes",
     "Such a key cannot exist, so nothing below it can pin a port.",
     "Look for a key that was pasted twice.",
     "",
     {FileKind::registry, "REGEDIT4\n\n[HKEY_LOCAL_MACHINE<100 levels>]\n", {}, {}, {"<100 levels>", "\\a", 100}}},
    {"reg-key-empty",
     Severity::error,
     Stage::reading,
     "a level of the key has no name",
     "The key is not the one that the service reads. Often every \\ was doubled, as it must be in values, but not in "
     "keys.",
     "Write single \\ between the levels.",
     "",
     {FileKind::registry, R"(REGEDIT4

[HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\MSExchangeDS\\Parameters]
"TCP/IP port"=dword:00001389
)"}},
    {"reg-key-long",
     Severity::error,
     Stage::reading,
     "the key is longer than the registry takes",
     "Such a key cannot exist, so nothing below it can pin a port.",
     "Shorten it to the key that the service reads.",
     "",
     {FileKind::registry,
      "REGEDIT4\n\n[HKEY_LOCAL_MACHINE\\<a very long name>]\n",
      {},
      {},
      {"<a very long name>", "a", 300}}},
    {"reg-key-root",
     Severity::error,
     Stage::reading,
     "the key begins with no root of the registry",
     "Regedit skips the key and everything below it. The port that stands there is not set.",
     "Begin with HKEY_LOCAL_MACHINE\\ and separate the levels with \\.",
     "",
     {FileKind::registry, R"(REGEDIT4

[HKEY_LOCAL_MASCHINE\SYSTEM\CurrentControlSet\Services\MSExchangeDS\Parameters]
"TCP/IP port"=dword:00001389
)"}},
    {"reg-key-space",
     Severity::warning,
     Stage::reading,
     "a space is part of the key's name",
     "The key with the space is another key. The service looks for the name without it, and keeps a dynamic port.",
     "Take the space out.",
     "",
     {FileKind::registry, R"(REGEDIT4

[HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services\MSExchangeDS \Parameters]
"TCP/IP port"=dword:00001389
)"}},
    {"reg-key-text",
     Severity::error,
     Stage::reading,
     "text stands behind the key's ]",
     "What Regedit makes of the line is not sure, so neither is the port.",
     "Put the value on a line of its own.",
     "",
     {FileKind::registry, R"(REGEDIT4

[HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services\MSExchangeDS\Parameters] 5001
)"}},
    {"reg-key-unclosed",
     Severity::error,
     Stage::reading,
     "the key is not closed with ]",
     "The values below belong to no key, so the port is not set.",
     "Close the key with ] on the same line.",
     "",
     {FileKind::registry, R"(REGEDIT4

[HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services\MSExchangeDS\Parameters
)"}},
    {"reg-line",
     Severity::error,
     Stage::reading,
     "the line is neither a key, a value nor a comment",
     "Regedit leaves the line out. If it was meant to set a port, the port is not set.",
     "Put quotes around the value's name; begin a comment with ;.",
     "",
     {FileKind::registry, R"(REGEDIT4

[HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services\MSExchangeDS\Parameters]
TCP/IP port=dword:00001389
)"}},
    {"reg-not-a-reg-file",
     Severity::error,
     Stage::reading,
     "the file is no registry export",
     "Nothing in it can be a port of the server.",
     "Name the .reg file here, and the scenario where scenarios go.",
     "",
     {FileKind::registry, "title = \"Branch office\"\n[server]\nversion = \"5.5\"\n"}},
    {"reg-not-text",
     Severity::error,
     Stage::reading,
     "the file is no text",
     "Hives and other binaries hold keys too, but not in a form that Regedit imports.",
     "Export the key with Regedit as text.",
     "",
     {FileKind::registry,
      "regf<octets of a hive>\n",
      {},
      {},
      {"<octets of a hive>", "\0\x01\0\0\x02\0\0\0\x81\0\0\0\0\0\0"sv, 6}}},
    {"reg-nul",
     Severity::error,
     Stage::reading,
     "a zero character stands in the text",
     "Text has none, so the file is damaged. What stands behind it cannot be trusted.",
     "Export the key again.",
     "",
     {FileKind::registry,
      "REGEDIT4\n\n[HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\MSExchangeDS\\Parameters]\n; a comment "
      "with "
      "a <zero> in it\n",
      {},
      {},
      {"<zero>", "\0"sv, 1}}},
    {"reg-root-abbreviated",
     Severity::warning,
     Stage::reading,
     "the root of the key is abbreviated",
     "HKLM is what people say; Regedit may not know it (likely), and then sets nothing.",
     "Write HKEY_LOCAL_MACHINE.",
     "",
     {FileKind::registry, R"(REGEDIT4

[HKLM\SYSTEM\CurrentControlSet\Services\MSExchangeDS\Parameters]
"TCP/IP port"=dword:00001389
)"}},
    {"reg-too-large",
     Severity::error,
     Stage::reading,
     "the registry file is too large",
     "An export of a whole registry is refused, so that a damaged or hostile file cannot fill the memory.",
     "Export only the keys that matter: MSExchangeDS, MSExchangeIS, MSExchangeSA, MSExchangeMTA, Rpc.",
     "",
     {FileKind::registry,
      "REGEDIT4\n<more than four megabytes of comments>",
      {},
      {},
      {"<more than four megabytes of comments>", "; 4567890123456789012345678901234567890123456789012345678901234\n",
       70'000}}},
    {"reg-too-many",
     Severity::error,
     Stage::reading,
     "the registry file holds too many keys and values",
     "An export of a whole registry is refused, so that a damaged or hostile file cannot fill the memory.",
     "Export only the keys that matter.",
     "",
     {FileKind::registry,
      "REGEDIT4\n<very many keys>",
      {},
      {},
      {"<very many keys>", "[HKEY_LOCAL_MACHINE\\#]\n", 51'000}}},
    {"reg-too-many-errors",
     Severity::error,
     Stage::reading,
     "there are too many findings in the registry file",
     "Reading stopped, so what stands further down was not looked at.",
     "Mend the first ones; perhaps this is another kind of file.",
     "",
     {FileKind::registry,
      "REGEDIT4\n<lines that are no keys and no values>",
      {},
      {},
      {"<lines that are no keys and no values>", "nonsense #\n", 2000}}},
    {"reg-utf16-bad",
     Severity::error,
     Stage::reading,
     "half a character stands in UTF-16 text",
     "The file is damaged. What stands there cannot be trusted.",
     "Export the key again.",
     "",
     {FileKind::registry,
      "<UTF-16 text with a surrogate that has no partner>",
      {},
      {},
      {"<UTF-16 text with a surrogate that has no partner>",
       "\xff\xfeR\0E\0G\0E\0D\0I\0T\0004\0\n\0;\0\x00\xd8 \0\n\0"sv, 1}}},
    {"reg-utf16-big-endian",
     Severity::error,
     Stage::reading,
     "the file is big-endian UTF-16",
     "Regedit reads little-endian UTF-16 only, so it imports nothing.",
     "Save the file again as Unicode (little endian).",
     "",
     {FileKind::registry,
      "<UTF-16 text that begins with the octets FE FF>",
      {},
      {},
      {"<UTF-16 text that begins with the octets FE FF>", "\xfe\xff\0R\0E\0G\0E\0D\0I\0T\0004\0\n"sv, 1}}},
    {"reg-utf16-odd",
     Severity::error,
     Stage::reading,
     "UTF-16 text ends in the middle of a character",
     "The file was likely cut off, and the values at its end with it.",
     "Export the key again.",
     "",
     {FileKind::registry,
      "<UTF-16 text of an odd number of octets>",
      {},
      {},
      {"<UTF-16 text of an odd number of octets>", "\xff\xfeR\0E\0G\0E\0D\0I\0T\0004\0\n\0;"sv, 1}}},
    {"reg-utf16-without-bom",
     Severity::error,
     Stage::reading,
     "the file is UTF-16 without its byte order mark",
     "Regedit takes it for something else and imports nothing.",
     "Save the file again as Unicode, or as ANSI with the header REGEDIT4.",
     "",
     {FileKind::registry,
      "<UTF-16 text without the octets FF FE at its start>",
      {},
      {},
      {"<UTF-16 text without the octets FF FE at its start>", "R\0E\0G\0E\0D\0I\0T\0004\0\n\0"sv, 1}}},
});

}  // namespace

std::span<const Entry> registry_form_entries() { return all; }

}  // namespace scenarios::lint
