// Causes where a filter reads RPC and opens nothing: scenarios/diagnosis/inspection_faults.
#include "scenarios/lint/subjects.hpp"

#include <array>

namespace scenarios::lint {
namespace {

using sim::base::Severity;

constexpr auto all = std::to_array<Entry>({
    {"mapper-not-asked",
     Severity::warning,
     Stage::diagnosis,
     "the client knows the port and does not ask, so inspection opens nothing",
     "RPC inspection opens a port when it reads the endpoint mapper's answer. A client that has the port in its "
     "profile, "
     "or from an earlier session, asks nobody and gets no pinhole.",
     "Let the client ask, or open the port by a rule.",
     "KB833799, KB154596",
     {FileKind::scenario, R"(title = "The profile names the ports"

[server]
registry = "static.reg"

[client]
known_ports = { directory = 5001, information-store = 5002 }

[firewall]
allow   = [135]
inspect = ["dcerpc"]
)",
      "static.reg", pinned}},
    {"mapper-not-inspected",
     Severity::warning,
     Stage::diagnosis,
     "the endpoint mapper is not on the port that inspection reads",
     "Inspection reads talk on TCP 135. Behind a tunnel or a forwarder that offers the mapper on another port the "
     "client "
     "is answered, and no pinhole opens.",
     "Let clients reach the mapper on 135, or pin the ports and open them by rules.",
     "KB154596",
     {FileKind::scenario, R"(title = "The mapper behind a forwarder"

[network]
mapper_port = 1135

[firewall]
allow   = [1135]
inspect = ["dcerpc"]
)"}},
    {"mapper-talk-sealed",
     Severity::warning,
     Stage::diagnosis,
     "the talk with the endpoint mapper is sealed, so inspection cannot read it",
     "With packet privacy the answer is encrypted. The client learns the right port, the firewall learns nothing and "
     "opens "
     "no pinhole.",
     "Ask the mapper in the clear, or pin the ports and open them by rules.",
     "KB154596",
     {FileKind::scenario, R"(title = "Sealed talk with the mapper"

[client]
seals_mapper = true

[firewall]
allow   = [135]
inspect = ["dcerpc"]
)"}},
    {"interface-not-listed",
     Severity::warning,
     Stage::diagnosis,
     "RPC inspection does not open pinholes for the interface",
     "Where inspection has a list of interfaces, only those get a pinhole. Outlook needs NSPI (the directory) and "
     "EMSMDB "
     "(the store), from Exchange 2000 on RFR (referrals) too.",
     "Add the missing interface to the list.",
     "KB154596",
     {FileKind::scenario, R"(title = "The store is not on the list"

[firewall]
allow              = [135]
inspect            = ["dcerpc"]
inspect_interfaces = ["NSPI"]
)"}},
    {"pinhole-expired",
     Severity::warning,
     Stage::diagnosis,
     "the pinhole expired before the client connected",
     "A pinhole stays open for a minute or two. A client that comes back later with the port that it remembers asks "
     "nobody, and the firewall has closed it.",
     "Raise the time-out of pinholes, or let the client ask again.",
     "KB154596",
     {FileKind::scenario, R"(title = "Back after three minutes"

[client]
remembers_ports = true

[firewall]
allow   = [135]
inspect = ["dcerpc"]

[[step]]
do = "logon"

[[step]]
do  = "wait"
for = "3m"

[[step]]
do = "logon"
)"}},
    {"pinhole-used-up",
     Severity::warning,
     Stage::diagnosis,
     "the pinhole was for one connection, and this is another",
     "Where the first connection uses a pinhole up, a second one to the same port meets the rules, although the client "
     "was "
     "told the port a moment ago.",
     "Let a pinhole serve several connections until it expires, or let the client ask before each.",
     "KB154596",
     {FileKind::scenario, R"(title = "Mailbox and public folders through one pinhole"

[client]
do              = ["public-folders"]
remembers_ports = true

[firewall]
allow        = [135]
inspect      = ["dcerpc"]
pinhole_uses = "one"
)"}},
    {"remembered-port-wrong",
     Severity::warning,
     Stage::diagnosis,
     "the client goes to the port of an earlier start",
     "Without a port of its own a service draws another at every start. A client that still has the old one from an "
     "earlier answer of the endpoint mapper, and does not ask again, calls where nobody answers any more; no filter and "
     "no pinhole can help it.",
     "Let the client ask again: log off and on. Or pin the port of the service.",
     "Q180795, KB833799",
     {FileKind::scenario, R"(title = "The server was restarted over lunch"

[client]
remembers_ports = true

[firewall]
allow   = [135]
inspect = ["dcerpc"]

[[step]]
do = "logon"

[[step]]
do = "restart-server"

[[step]]
do = "logon"
)"}},
    {"known-port-wrong",
     Severity::warning,
     Stage::diagnosis,
     "the client goes to a port that the service does not have",
     "A port in the client's profile is not asked for. When the server's port changes, or was never pinned, the client "
     "calls where nobody answers.",
     "Pin the service's port to the one in the profile, or take it out of the profile.",
     "KB833799",
     {FileKind::scenario, R"(title = "A profile of last year"

[server]
registry = "static.reg"

[client]
known_ports = { directory = 6001 }

[firewall]
allow = [135, 5001, 5002, 6001]
)",
      "static.reg", pinned}},
});

}  // namespace

std::span<const Entry> inspection_cause_entries() { return all; }

}  // namespace scenarios::lint
