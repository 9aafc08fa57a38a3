// Causes in the client and in the network: scenarios/diagnosis/diagnose, session_faults.
#include "scenarios/lint/subjects.hpp"

#include <array>

namespace scenarios::lint {
namespace {

using sim::base::Severity;

constexpr auto all = std::to_array<Entry>({
    {"name-not-resolvable",
     Severity::warning,
     Stage::diagnosis,
     "the client cannot resolve the server's name",
     "A profile may be made with an address, but the name of the server is what gets stored. Check Name works, and the "
     "next start of Outlook fails, although ping to the address works all the time.",
     "Add the server to the client's HOSTS file, or to its DNS or WINS.",
     "Q149692, Q152725",
     {FileKind::scenario, R"(title = "Nobody told the branch the name"

[server]
registry = "static.reg"

[client]
resolves = false

[firewall]
allow = [135, 5001, 5002]
)",
      "static.reg", pinned}},
    {"pipes-not-available",
     Severity::warning,
     Stage::diagnosis,
     "named pipes lead nowhere",
     "The binding order sends the client to named pipes, over TCP 139 or 445, and the server does not accept them "
     "there or the filter does not let them through.",
     "Put ncacn_ip_tcp first in the client's Rpc_Binding_Order.",
     "Q163576, Q136516",
     {FileKind::scenario, R"(title = "Pipes to a server that has none"

[server]
registry = "static.reg"
listen   = []

[client]
binding_order = ["ncacn_np"]

[firewall]
allow = [135, 139, 5001, 5002]
)",
      "static.reg", pinned}},
    {"notice-over-ipv6",
     Severity::warning,
     Stage::diagnosis,
     "the notice of new mail knows IPv4 only",
     "The client registers an IPv4 address for the UDP notice, so over IPv6 mail works and new items show only when "
     "the "
     "view is refreshed.",
     "Let the client reach the server over IPv4, or live without the notice.",
     "Q264035",
     {FileKind::scenario, R"(title = "New mail over IPv6"

[server]
address  = "fd00::10"
registry = "static.reg"

[client]
address = "fd00:1::5"
do      = ["logon", "new-mail"]

[firewall]
default = "allow"
)",
      "static.reg", pinned}},
    {"packet-loss",
     Severity::warning,
     Stage::diagnosis,
     "packets get lost on the way",
     "Registry and filters are right, and the line loses so much that the client gives up first. Another start may "
     "work.",
     "Mend the line; the rules need no change.",
     "",
     {FileKind::scenario, R"(title = "A line that is down"

[server]
registry = "static.reg"

[network]
loss = "100%"

[firewall]
allow = [135, 5001, 5002]
)",
      "static.reg", pinned}},
    {"unexplained",
     Severity::warning,
     Stage::diagnosis,
     "neither the registry nor the filters explain it",
     "The run failed, and everything that the diagnosis looks at is in order. A line on which an answer takes longer "
     "than the client waits is one such case.",
     "Look at the packets: firedrill show, or run with --pcap.",
     "",
     {FileKind::scenario, R"(title = "An answer that takes half a minute"

[server]
registry = "static.reg"

[network]
latency = "25s"

[firewall]
allow = [135, 5001, 5002]
)",
      "static.reg", pinned}},
});

}  // namespace

std::span<const Entry> client_cause_entries() { return all; }

}  // namespace scenarios::lint
