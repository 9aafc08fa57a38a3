// Rules that can be read and do nothing: sim/firewall/lint.
#include "scenarios/lint/subjects.hpp"

#include <array>

namespace scenarios::lint {
namespace {

using sim::base::Severity;

constexpr auto all = std::to_array<Entry>({
    {"chain-unused",
     Severity::note,
     Stage::review,
     "nothing leads to a chain",
     "No packet meets its rules. When the rules for the mail server stand there, they open nothing, and the policy "
     "decides.",
     "Lead there from a chain that packets enter: -A FORWARD -j NAME; or take the chain out.",
     "",
     {FileKind::iptables, R"(*filter
:FORWARD DROP [0:0]
:MAIL - [0:0]
-A MAIL -p tcp --dport 135 -j ACCEPT
COMMIT
)"}},
    {"jump-never-returns",
     Severity::note,
     Stage::review,
     "nothing comes back from a chain",
     "Everything that the jump fits is decided in the other chain, so the rules below never see these packets. Often "
     "meant "
     "(log and drop). Told with --pairs only.",
     "Nothing must be done, if it is meant; -g says it more clearly than -j.",
     "",
     {FileKind::iptables, R"(*filter
:FORWARD ACCEPT [0:0]
:LOGDROP - [0:0]
-A FORWARD -p tcp -m tcp --dport 139 -j LOGDROP
-A LOGDROP -j LOG
-A LOGDROP -j DROP
COMMIT
)"}},
    {"jump-to-nothing",
     Severity::note,
     Stage::review,
     "a rule leads to a chain that does nothing",
     "The chain is empty, or none of its rules decides. When the permits for the mail server were to stand there, they "
     "are "
     "missing, and the policy decides.",
     "Fill the chain, or take the jump out.",
     "",
     {FileKind::iptables, R"(*filter
:FORWARD DROP [0:0]
:MAIL - [0:0]
-A FORWARD -p tcp -j MAIL
COMMIT
)"}},
    {"open-unused",
     Severity::warning,
     Stage::review,
     "a rule opens ports that nothing there can use",
     "Neither the endpoint mapper nor a service can have the port, and nothing else is said to listen there. Today "
     "that "
     "is harmless; what is started there tomorrow is open to all.",
     "Take the port out of the rule, or the rule out; or name what listens there.",
     "Q155831",
     {FileKind::scenario, R"(title = "A port too many"

[firewall]
allow   = [135, 8080]
inspect = ["dcerpc"]
)"}},
    {"open-by-default",
     Severity::note,
     Stage::review,
     "ports are open because no rule refuses them",
     "A filter that lists what it forbids lets everything else pass, also what is started tomorrow. Mail needs few ports, "
     "and those can be named.",
     "Refuse by default, and open TCP 135 and the ports of the services.",
     "Q155831",
     {FileKind::scenario, R"(title = "Everything but a few"

[firewall]
default = "allow"

[[firewall.rule]]
action = "drop"
port   = "5001-65535"
)"}},
    {"rule-correlated",
     Severity::note,
     Stage::review,
     "two rules overlap, and their order decides",
     "What both fit, the first one decides. It may be meant so; whoever moves one of them changes what passes. Told "
     "with --pairs only.",
     "Nothing must be done, if the order is meant.",
     "",
     {FileKind::native_rules, "drop tcp 5000-6000 from 192.0.2.0/24\nallow tcp 5001-7000\n"}},
    {"rule-generalises",
     Severity::note,
     Stage::review,
     "a rule above is an exception to a wider one",
     "The usual way to write an exception, so mostly right. It must stay above the wide rule. Told with --pairs only.",
     "Nothing must be done, if the exception is meant.",
     "",
     {FileKind::native_rules, "drop tcp 5001 from 192.0.2.0/24\nallow tcp 5001-5002\n"}},
    {"rule-lint-incomplete",
     Severity::note,
     Stage::review,
     "not all rules were examined",
     "Whether these rules ever decide is not said: there are too many, or what they match cannot be compared exactly "
     "in "
     "time. Of the others everything is said, and packets are judged as ever.",
     "Check a part of the rules in a file of its own, if it matters.",
     "",
     {FileKind::native_rules, "<30000 rules>", {}, {}, {"<30000 rules>", "allow tcp 135 from 10.0.0.0/8\n", 30'000}}},
    {"rule-never-matches",
     Severity::warning,
     Stage::review,
     "no packet fits a rule",
     "What the rule asks contradicts itself, or what leads to its chain. If it was to open a port for the mail, the "
     "port "
     "is closed.",
     "Mend the match that shuts the others out.",
     "",
     {FileKind::iptables, R"(*filter
:FORWARD DROP [0:0]
-A FORWARD -s 192.0.2.0/24 -m iprange --src-range 10.1.0.1-10.1.0.9 -p tcp --dport 135 -j ACCEPT
COMMIT
)"}},
    {"rule-redundant",
     Severity::note,
     Stage::review,
     "a permit changes nothing, because a later one allows the same",
     "Harmless, and a sign that the later rule opens more than was meant: 1024-65535 \"to make it work\" makes a "
     "pinned "
     "port needless, and everything else reachable.",
     "Take it out, or make the later rule narrower.",
     "Q155831",
     {FileKind::native_rules, "allow tcp 5001\nallow tcp 1024-65535\n"}},
    {"rule-shadowed",
     Severity::warning,
     Stage::review,
     "a rule never decides, because earlier ones take its packets",
     "The first rule that matches decides. A permit below a deny of the same packets opens nothing: the mail server "
     "stays out of reach, however right the permit looks. When the earlier rules do the same, it is only a note.",
     "Put the rule above those that are named, or make them narrower.",
     "Q155831",
     {FileKind::native_rules, "drop tcp 1024-65535\nallow tcp 135\nallow tcp 5001-5002\n"}},
});

}  // namespace

std::span<const Entry> rule_lint_entries() { return all; }

}  // namespace scenarios::lint
