// Causes that are rules which come near and miss: scenarios/diagnosis/near_miss.
#include "scenarios/lint/subjects.hpp"

#include <array>

namespace scenarios::lint {
namespace {

using sim::base::Severity;

constexpr auto all = std::to_array<Entry>({
    {"udp-instead-of-tcp",
     Severity::warning,
     Stage::diagnosis,
     "the rule is for UDP",
     "RPC of Exchange runs over TCP. A rule for UDP 135 is no rule at all for Outlook, and it looks just like a closed "
     "port.",
     "Make it a rule for TCP.",
     "Q155831",
     {FileKind::scenario, R"(title = "135 was opened for UDP"

[server]
registry = "static.reg"

[[firewall.rule]]
action   = "allow"
protocol = "udp"
port     = 135

[[firewall.rule]]
action = "allow"
port   = [5001, 5002]
)",
      "static.reg", pinned}},
    {"rule-order",
     Severity::warning,
     Stage::diagnosis,
     "a rule above refuses what a rule below allows",
     "The first rule that matches decides. The permit is there, is right, and is never asked.",
     "Move the permit above the rule that refuses.",
     "Q155831",
     {FileKind::scenario, R"(title = "A deny above the permit"

[server]
registry = "static.reg"

[[firewall.rule]]
action = "drop"
port   = "5000-5999"

[[firewall.rule]]
action = "allow"
port   = [135, 5001, 5002]
)",
      "static.reg", pinned}},
    {"wrong-direction",
     Severity::warning,
     Stage::diagnosis,
     "the rule is for the other direction",
     "The client calls first. A rule for packets from the server lets answers pass to a question that never arrives.",
     "Write the rule from the clients to the server.",
     "Q179442, Q259240",
     {FileKind::scenario, R"(title = "135 was opened towards the clients"

[server]
registry = "static.reg"

[[firewall.rule]]
action    = "allow"
port      = 135
direction = "to-client"

[[firewall.rule]]
action = "allow"
port   = [5001, 5002]
)",
      "static.reg", pinned}},
    {"wrong-chain",
     Severity::warning,
     Stage::diagnosis,
     "the rule stands in a list that these packets never meet",
     "INPUT is for packets to the firewall itself, FORWARD for those that pass through. A rule in the wrong list, or "
     "in one that no interface uses, does nothing.",
     "Put the rule into the list that forwarded packets meet.",
     "Q179442",
     {FileKind::scenario, R"(title = "The rule for 135 stands in INPUT"

[firewall]
import  = "input.rules.v4"
inspect = ["dcerpc"]
)",
      "input.rules.v4", R"(*filter
:INPUT DROP [0:0]
:FORWARD DROP [0:0]
-A INPUT -p tcp -m tcp --dport 135 -j ACCEPT
-A FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
COMMIT
)"}},
    {"wrong-address",
     Severity::warning,
     Stage::diagnosis,
     "the rule is for another server address",
     "Port and protocol are right, and the target is another host, an old address or the network next door.",
     "Write the address that the server has.",
     "Q155831",
     {FileKind::scenario, R"(title = "An old address"

[server]
registry = "static.reg"

[[firewall.rule]]
action = "allow"
port   = 135
to     = "10.0.0.99"

[[firewall.rule]]
action = "allow"
port   = [5001, 5002]
)",
      "static.reg", pinned}},
    {"wrong-client-network",
     Severity::warning,
     Stage::diagnosis,
     "the rule is for other clients",
     "Some computers of the branch get through and others do not, because the prefix of the rule is too long or "
     "another one.",
     "Write the network that the clients are in.",
     "Q155831",
     {FileKind::scenario, R"(title = "The rule knows another branch"

[server]
registry = "static.reg"

[[firewall.rule]]
action = "allow"
port   = 135
from   = "198.51.100.0/24"

[[firewall.rule]]
action = "allow"
port   = [5001, 5002]
)",
      "static.reg", pinned}},
    {"wrong-port-side",
     Severity::warning,
     Stage::diagnosis,
     "the rule looks at the client's port",
     "Clients call from any port above 1023. A rule that asks for 5001 as the source port waits for a packet that no "
     "client sends.",
     "Ask for the port at the server's end.",
     "Q155831, Q259240",
     {FileKind::scenario, R"(title = "Source port for target port"

[server]
registry = "static.reg"

[[firewall.rule]]
action    = "allow"
from_port = 135

[[firewall.rule]]
action = "allow"
port   = [5001, 5002]
)",
      "static.reg", pinned}},
    {"rule-for-answers-only",
     Severity::warning,
     Stage::diagnosis,
     "the rule lets only answers pass",
     "ESTABLISHED means packets of a connection that the filter knows. The first packet of a client belongs to none "
     "yet, so the rule never takes one.",
     "Let the rule take new connections as well.",
     "Q179442",
     {FileKind::scenario, R"(title = "135 for established connections"

[firewall]
import  = "established.rules.v4"
inspect = ["dcerpc"]
)",
      "established.rules.v4", R"(*filter
:FORWARD DROP [0:0]
-A FORWARD -p tcp -m tcp --dport 135 -m conntrack --ctstate ESTABLISHED -j ACCEPT
COMMIT
)"}},
});

}  // namespace

std::span<const Entry> missed_rule_entries() { return all; }

}  // namespace scenarios::lint
