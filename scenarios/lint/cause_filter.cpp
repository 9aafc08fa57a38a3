// Causes that lie in what a filter does: scenarios/diagnosis/filter_faults, wide_open, session_faults.
#include "scenarios/lint/subjects.hpp"

#include <array>

namespace scenarios::lint {
namespace {

using sim::base::Severity;

constexpr auto all = std::to_array<Entry>({
    {"mapper-closed",
     Severity::warning,
     Stage::diagnosis,
     "TCP 135 is closed",
     "Every client asks the endpoint mapper on 135 first. Without it the ports of the services are open for nobody: "
     "nothing works, after a long wait, with the words of a network problem. Many providers block 135.",
     "Open TCP 135 from the clients to the server.",
     "Q155831, Q152725",
     {FileKind::scenario, R"(title = "The two ports, and not 135"

[server]
registry = "static.reg"

[firewall]
allow = [5001, 5002]
)",
      "static.reg", pinned}},
    {"port-closed",
     Severity::warning,
     Stage::diagnosis,
     "no rule opens the port",
     "The registry gives the service a port, and the filter does not open it. With the directory alone open, names "
     "resolve and the mailbox does not; with the store alone, nobody gets as far.",
     "Open 135 and the port of each service that clients call.",
     "Q155831",
     {FileKind::scenario, R"(title = "Only the directory is open"

[server]
registry = "static.reg"

[firewall]
allow = [135, 5001]
)",
      "static.reg", pinned}},
    {"rule-port-differs",
     Severity::warning,
     Stage::diagnosis,
     "the rule opens another port than the registry gives",
     "The service listens on one port and the filter opens another that nobody has. Mostly one of the two was changed "
     "and the other forgotten.",
     "Write the same number in both places.",
     "Q155831",
     {FileKind::scenario, R"(title = "5002 in the registry, 5003 in the rule"

[server]
registry = "static.reg"

[firewall]
allow = [135, 5001, 5003]
)",
      "static.reg", pinned}},
    {"range-differs",
     Severity::warning,
     Stage::diagnosis,
     "the rule does not open the whole range",
     "The service draws its port from a range, and the filter opens less than that. It works after most restarts and "
     "fails after the one that draws the missing port.",
     "Open the whole range of Rpc\\Internet, or pin the ports and open those alone.",
     "KB154596",
     {FileKind::scenario, R"(title = "The rule ends one port early"

[server]
registry = "range.reg"

[firewall]
allow = [135, "6000-6148"]
)",
      "range.reg", R"(REGEDIT4

[HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Rpc\Internet]
"Ports"=hex(7):36,30,30,30,2d,36,31,34,39,00,00
"PortsInternetAvailable"="Y"
"UseInternetPorts"="Y"
)"}},
    {"answers-blocked",
     Severity::warning,
     Stage::diagnosis,
     "the server's answers are not let through",
     "A filter without connection tracking judges each packet alone. The SYN arrives, the answer is lost on the way "
     "back, and the user waits as for a closed port: 21 or 45 seconds.",
     "Allow TCP with ACK set from the server's three ports to the clients' ports above 1023, or use a stateful filter.",
     "Q259240, Q179442",
     {FileKind::scenario, R"(title = "No rule for the way back"

[server]
registry = "static.reg"

[firewall]
stateful = false
allow    = [135, 5001, 5002]
)",
      "static.reg", pinned}},
    {"reject-silenced",
     Severity::warning,
     Stage::diagnosis,
     "the filter rejects, but its own rules swallow the answer",
     "The reset or ICMP error of a reject is a packet of the firewall itself and has to pass OUTPUT. Where that is "
     "closed, the user waits as long as for a drop.",
     "Let the firewall send its own answers: in OUTPUT accept RELATED and ESTABLISHED.",
     "Q175523",
     {FileKind::scenario, R"(title = "A reject that nobody hears"

[firewall]
import  = "silent.rules.v4"
inspect = ["dcerpc"]
)",
      "silent.rules.v4", R"(*filter
:FORWARD DROP [0:0]
:OUTPUT DROP [0:0]
-A FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A FORWARD -p tcp -m tcp --dport 135 -j REJECT --reject-with tcp-reset
COMMIT
)"}},
    {"idle-timeout",
     Severity::warning,
     Stage::diagnosis,
     "the filter forgets a silent connection",
     "Outlook keeps its connections open and may be silent for hours. A stateful filter that has forgotten one drops "
     "the next packet without a word, and sending fails although a fresh logon works.",
     "Raise the time-out above the longest silence of a working day.",
     "Q149541",
     {FileKind::scenario, R"(title = "Silent over lunch"

[server]
registry = "static.reg"

[firewall]
allow        = [135, 5001, 5002]
idle_timeout = "1h"

[[step]]
do = "logon"

[[step]]
do  = "wait"
for = "2h"

[[step]]
do = "use"
)",
      "static.reg", pinned}},
    {"too-wide",
     Severity::warning,
     Stage::diagnosis,
     "far more is open than mail needs",
     "Everything works, for the mail and for whoever comes next: each port that is opened \"to make it work\" is a way "
     "to every program that happens to listen there.",
     "Pin the ports, open 135 and exactly those, and take the wide rule out.",
     "Q155831, KB154596",
     {FileKind::scenario, R"(title = "To make it work"

[server]
registry = "static.reg"

[firewall]
allow = [135, "1024-65535"]
)",
      "static.reg", pinned}},
});

}  // namespace

std::span<const Entry> filter_cause_entries() { return all; }

}  // namespace scenarios::lint
