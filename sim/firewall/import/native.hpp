// Native rules: the plain form that scenarios use, and what it means.
//
// - Rules are tried in order; the first that matches decides; otherwise the default does (drop).
// - `stateful` (the normal case): an answer of an allowed connection passes without rules (reason established), as
//   does an ICMP error about one (related). A TCP packet without a connection that is no SYN, and anything else that
//   can neither belong to a connection nor begin one, is dropped (invalid-state). What remains begins a connection
//   and is judged by the rules.
// - Not stateful: every packet is judged alone by the rules of its own direction. Answers need rules of their own.
// - reject: TCP reset for TCP, ICMP port unreachable for the rest, unless `with` says otherwise.
// - Rules hold for IPv4 and IPv6 alike; a rule with addresses holds for their family only.
#pragma once

#include "sim/firewall/rule_set.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sim::firewall::import {

enum class NativeProtocol : std::uint8_t { tcp, udp, icmp, any };
enum class Direction : std::uint8_t { to_server, to_client, both };

// Some addresses; empty means any.
struct AddressSet {
    std::vector<wire::Prefix> prefixes;
    std::vector<AddressRange> ranges;
    bool empty() const { return prefixes.empty() && ranges.empty(); }
    bool operator==(const AddressSet&) const = default;
};

struct NativeRule {
    Action action = Action::accept;
    NativeProtocol protocol = NativeProtocol::tcp;
    AddressSet from;
    std::vector<wire::PortRange> from_ports;  // empty: any. Ports ask for TCP or UDP: with `any` they match both
    AddressSet to;
    std::vector<wire::PortRange> ports;  // of the target
    Direction direction = Direction::to_server;
    bool acknowledged = false;  // TCP with ACK or RST set only: the poor man's "established"
    bool log = false;
    std::optional<RejectWith> with{};  // for reject; absent: NativeRules::reject_with
    Origin origin{};
};

struct NativeRules {
    std::string name = "firewall";
    std::vector<NativeRule> rules;
    Action default_action = Action::drop;
    bool stateful = true;
    std::optional<RejectWith> reject_with{};  // for rejects that do not say; absent: by protocol
};

// Errors: [ports-without-protocol] for ICMP rules with ports, [tcp-reset-needs-tcp], [acknowledged-needs-tcp],
// [mixed-families] when no packet could have both addresses.
[[nodiscard]] base::Result<SharedRules, base::Diagnostics> build(const NativeRules& rules);

// The short form `allow = [135, "5000-5100"]`: TCP from any to the servers, one rule per range.
std::vector<NativeRule> allow_ports(std::span<const wire::PortRange> ports, std::span<const wire::IpAddress> servers,
                                    const base::Place& place);

// "any", "10.0.0.10", "10.0.0.0/24", "10.0.0.1-10.0.0.9", or several with commas. The reason when it is none.
[[nodiscard]] base::Result<AddressSet, std::string> parse_addresses(std::string_view text);
// "135", "5000-5100", or several with commas; "any" is empty.
[[nodiscard]] base::Result<std::vector<wire::PortRange>, std::string> parse_ports(std::string_view text);
// "tcp-reset", "port-unreachable", "admin-prohibited", "host-unreachable", ...
std::optional<RejectWith> parse_reject(std::string_view word);

std::string format(const AddressSet& addresses);  // "any" when empty
// The rule as a line of a native rule file (native_text.hpp); parses back to the same rule.
std::string format(const NativeRule& rule);

}  // namespace sim::firewall::import
