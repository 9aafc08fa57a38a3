// Causes in address translation: scenarios/diagnosis/nat_faults.
#include "scenarios/lint/subjects.hpp"

#include <array>

namespace scenarios::lint {
namespace {

using sim::base::Severity;

constexpr std::string_view high_ports_alone = R"(*nat
:PREROUTING ACCEPT [0:0]
-A PREROUTING -d 203.0.113.1/32 -p tcp -m tcp --dport 1024:65535 -j DNAT --to-destination 10.0.0.10
COMMIT
*filter
:FORWARD ACCEPT [0:0]
COMMIT
)";

constexpr std::string_view mapper_moved = R"(*nat
:PREROUTING ACCEPT [0:0]
-A PREROUTING -d 203.0.113.1/32 -p tcp -m tcp --dport 135 -j DNAT --to-destination 10.0.0.10:1135
-A PREROUTING -d 203.0.113.1/32 -p tcp -j DNAT --to-destination 10.0.0.10
COMMIT
*filter
:FORWARD ACCEPT [0:0]
COMMIT
)";

constexpr std::string_view hiding = R"(*nat
:POSTROUTING ACCEPT [0:0]
-A POSTROUTING -s 192.168.1.0/24 -j SNAT --to-source 203.0.113.77
COMMIT
*filter
:FORWARD ACCEPT [0:0]
COMMIT
)";

constexpr auto all = std::to_array<Entry>({
    {"nat-port-missing",
     Severity::warning,
     Stage::diagnosis,
     "the port is not translated to the server",
     "The endpoint mapper is reached at the public address and names a port, and for that port nobody leads the client "
     "on. It looks like a closed port, although every rule is there.",
     "Translate 135 and the port of each service, under the same numbers; or give the server a public address of its "
     "own.",
     "Q238390",
     {FileKind::scenario, R"(title = "135 was forgotten"

[firewall]
import = "forwarding.rules.v4"
)",
      "forwarding.rules.v4", high_ports_alone}},
    {"nat-leads-elsewhere",
     Severity::warning,
     Stage::diagnosis,
     "translation leads to another port or host than the endpoint mapper names",
     "The endpoint mapper knows the server's own ports and hosts, not those of the translation. A client asks for the "
     "port that it names, at the address that the client has.",
     "Translate every port under its own number.",
     "Q238390",
     {FileKind::scenario, R"(title = "The mapper under another number"

[firewall]
import = "forwarding.rules.v4"
)",
      "forwarding.rules.v4", mapper_moved}},
    {"server-address-private",
     Severity::warning,
     Stage::diagnosis,
     "the client has the server's private address",
     "The name resolves to the address that the server has on its own network, and from outside there is no way to it. "
     "Ping and Check Name fail alike.",
     "Let the name resolve to the public address at these clients: HOSTS, DNS or WINS.",
     "Q238390",
     {FileKind::scenario, R"(title = "One DNS for inside and outside"

[server]
registry = "static.reg"
public   = "10.0.0.10"

[firewall]
allow = [135, 5001, 5002]
nat   = [{ public = "203.0.113.10", private = "10.0.0.10" }]
)",
      "static.reg", pinned}},
    {"notice-to-private-address",
     Severity::warning,
     Stage::diagnosis,
     "the notice of new mail goes to an address that translation hides",
     "The client registers its own address inside of the RPC call, where translation does not see it. The server sends "
     "the notice there, and nothing comes. Mail works; new items show when the view is refreshed.",
     "Live without the notice, or reach the server without translation.",
     "Q264035, KB305572",
     {FileKind::scenario, R"(title = "A home office behind one address"

[server]
address = "198.51.100.10"

[client]
address = "192.168.1.50"
do      = ["logon", "new-mail"]

[firewall]
import = "home.rules.v4"
)",
      "home.rules.v4", hiding}},
});

}  // namespace

std::span<const Entry> nat_cause_entries() { return all; }

}  // namespace scenarios::lint
