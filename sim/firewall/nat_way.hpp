// Where a firewall's translation leads, whatever its rules say of the packet: for telling by which address a client
// knows a server, and what its packets look like at each firewall of a path.
#pragma once

#include "sim/firewall/firewall.hpp"
#include "sim/firewall/rule_set.hpp"

#include <optional>
#include <vector>

namespace sim::firewall {

struct NatWay {
    wire::Endpoint source;  // of the first packet of a connection, behind the firewall
    wire::Endpoint target;
    std::vector<RuleId> by{};  // rules of its nat table that did it
    bool ends_here = false;    // it is for the firewall itself, or cannot be translated
};

// TCP or UDP; both endpoints are of one family. Without a nat table everything stays as it is.
NatWay nat_way(const SharedRules& rules, const Firewall::Settings& settings, wire::Protocol protocol,
               const wire::Endpoint& source, const wire::Endpoint& target, Side from = Side::client);

// The address by which the client's side reaches one on the servers' side, found among those that the nat table names:
// the first that leads there, for TCP 135 or for the port that its rule names. Absent when none does.
std::optional<wire::IpAddress> outside_address(const SharedRules& rules, const Firewall::Settings& settings,
                                               const wire::IpAddress& client, const wire::IpAddress& server);

// RFC 1918, RFC 6598, link-local; fc00::/7. Nobody beyond the network that uses them has a way to them.
bool is_private(const wire::IpAddress& address);

}  // namespace sim::firewall
