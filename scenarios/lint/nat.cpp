// Address translation in rule files and scenarios: sim/firewall/iptables_nat, native, runner/stage_addresses.
#include "scenarios/lint/subjects.hpp"

#include <array>

namespace scenarios::lint {
namespace {

using sim::base::Severity;

constexpr std::string_view masquerading = R"(*nat
:PREROUTING ACCEPT [0:0]
:POSTROUTING ACCEPT [0:0]
-A POSTROUTING -s 10.0.0.0/24 -o eth0 -j MASQUERADE
COMMIT
*filter
:FORWARD ACCEPT [0:0]
COMMIT
)";

constexpr auto all = std::to_array<Entry>({
    {"wrong-table",
     Severity::error,
     Stage::reading,
     "this belongs in the other table",
     "Targets that translate stand in *nat, targets that refuse stand in *filter. The real tool does not load anything "
     "else.",
     "Move the rule to the table of its target.",
     "",
     {FileKind::iptables,
      "*filter\n:FORWARD DROP [0:0]\n-A FORWARD -p tcp --dport 135 -j DNAT --to-destination 10.0.0.10\nCOMMIT\n"}},
    {"nat-wrong-chain",
     Severity::error,
     Stage::reading,
     "this translation has its place in another chain",
     "DNAT and REDIRECT change the target before the way is known: PREROUTING and OUTPUT. SNAT and MASQUERADE change "
     "the source when the packet leaves: POSTROUTING, SNAT also INPUT. The kernel does not load the rule elsewhere.",
     "Move the rule.",
     "",
     {FileKind::iptables,
      "*nat\n:PREROUTING ACCEPT [0:0]\n-A PREROUTING -s 10.0.0.10 -j SNAT --to-source 203.0.113.10\nCOMMIT\n"
      "*filter\n:FORWARD DROP [0:0]\nCOMMIT\n"}},
    {"nat-needs-address",
     Severity::error,
     Stage::reading,
     "a rule translates to the firewall's own address, which the scenario does not tell",
     "MASQUERADE and REDIRECT use the address that the firewall has on the interface in question. Which one that is "
     "stands in no rule file.",
     "Add client_side_address or server_side_address to [firewall], and client_side and server_side with the names of "
     "the interfaces.",
     "",
     {FileKind::scenario, R"(title = "Everybody behind one address"

[firewall]
import      = "branch.rules.v4"
client_side = "eth0"
server_side = "eth1"
)",
      "branch.rules.v4", masquerading}},
    {"other-family",
     Severity::error,
     Stage::reading,
     "the rules are for the other version of IP",
     "iptables never sees an IPv6 packet, and an IPv4 access list filters none: ip6tables and ipv6 access lists do. What "
     "the filter does with such a packet stands in another file, so no verdict about it can be given.",
     "Import the rules for the version of IP that client and server talk over.",
     "",
     {FileKind::scenario, R"(title = "Rules for the other IP"

[server]
version = "2010"
windows = "2008"
address = "2001:db8:1::10"

[client]
windows = "2008"
address = "2001:db8:2::50"

[firewall]
import = "branch.rules.v4"
)",
      "branch.rules.v4", "*filter\n:FORWARD DROP [0:0]\n-A FORWARD -p tcp --dport 135 -j ACCEPT\nCOMMIT\n"}},
    {"nat-needs-state",
     Severity::error,
     Stage::reading,
     "a filter that remembers no connections cannot translate here",
     "Translation is decided by a connection's first packet, and all others follow it.",
     "Take stateful = false out, or nat.",
     "",
     {FileKind::scenario, R"(title = "Translation without a memory"

[firewall]
stateful = false
allow    = [135, 5001, 5002]
nat      = [{ public = "203.0.113.10", private = "10.0.0.10" }]
)"}},
    {"nat-repeated",
     Severity::error,
     Stage::reading,
     "one address stands for one other, and here it would stand for two",
     "With one-to-one translation both directions must be unambiguous: the public address leads to one host, and the "
     "host calls out by one address.",
     "Give each server a public address of its own.",
     "Q238390",
     {FileKind::scenario, R"(title = "Two servers, one address"

[firewall]
allow = [135, 5001, 5002]
nat   = [{ public = "203.0.113.10", private = "10.0.0.10" }, { public = "203.0.113.10", private = "10.0.0.11" }]
)"}},
    {"nat-changes",
     Severity::error,
     Stage::reading,
     "a step brings in rules that translate other addresses",
     "The client would go on with the address that it has for the server, and the rehearsal would show nothing but "
     "that.",
     "Play the state before and the state after as cases of their own.",
     "",
     {FileKind::scenario, R"(title = "Translation comes and goes"

[firewall]
allow = [135, 5001, 5002]
nat   = [{ public = "203.0.113.10", private = "10.0.0.10" }]

[[step]]
do     = "replace-firewall"
import = "plain.rules.v4"
)",
      "plain.rules.v4", "*filter\n:FORWARD ACCEPT [0:0]\nCOMMIT\n"}},
});

}  // namespace

std::span<const Entry> nat_entries() { return all; }

}  // namespace scenarios::lint
