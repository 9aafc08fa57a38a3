// What a packet filter says of one packet, in the closed vocabulary that every view shares: the same ids appear
// in text, JSON, lint, lessons and documents.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sim::firewall {

enum class Action : std::uint8_t { accept, drop, reject };

// How a rejected sender is told (iptables REJECT names; Cisco sends admin_prohibited).
enum class RejectWith : std::uint8_t {
    tcp_reset,
    port_unreachable,
    net_unreachable,
    host_unreachable,
    proto_unreachable,
    net_prohibited,
    host_prohibited,
    admin_prohibited,
    no_route,          // IPv6 only
    addr_unreachable,  // IPv6 only
    policy_fail,       // IPv6 only, nftables
    reject_route,      // IPv6 only, nftables
};

// Why. Each has an id ("no-rule-matched") and a sentence for people.
enum class Reason : std::uint8_t {
    rule,             // a rule decided
    no_rule_matched,  // no rule matched, so the default or the chain's policy decided
    established,      // stateful filter: belongs to a connection that was allowed
    related,          // stateful filter: an ICMP error about such a connection
    rpc_pinhole,      // the endpoint mapper's answer announced this port (RPC inspection)
    invalid_state,    // stateful filter: belongs to no known connection and may not begin one
    malformed,        // not a packet that can be judged
    fragment_held,    // waits for the rest of its datagram
    hop_limit,        // its hop limit ended here
    rpc_not_mapper,   // RPC inspection lets only talk with the endpoint mapper itself through on TCP 135
    not_translated,   // address translation has no way to carry it
    for_the_box,      // it is for the filter's own host, where nothing waits for it
    no_way_there,     // its target is a private address that translation hides from where it came from
    not_routed,       // routing has no way for its addresses: none leads there, or no host may send from or to them
};

// What connection tracking calls the packet (firewall-semantics: section 4).
enum class Label : std::uint8_t { none, new_flow, established, related, invalid, untracked };

// Index of a rule in its RuleSet.
struct RuleId {
    std::uint32_t index = 0;
    auto operator<=>(const RuleId&) const = default;
};

struct Verdict {
    Action action = Action::drop;
    Reason reason = Reason::no_rule_matched;
    std::optional<RuleId> rule{};            // the rule that decided, where one did
    std::optional<RejectWith> with{};        // for reject
    std::optional<std::uint32_t> pinhole{};  // Reason::rpc_pinhole: its number (inspection.hpp)

    bool operator==(const Verdict&) const = default;
};

inline constexpr std::size_t reason_count = 14;

std::string_view id(Action action);        // "accept" "drop" "reject"
std::string_view id(RejectWith with);      // "tcp-reset" "icmp-port-unreachable" ...
std::string_view id(Reason reason);        // "no-rule-matched"
std::string_view id(Label label);          // "NEW" "ESTABLISHED" "RELATED" "INVALID" "UNTRACKED", none: "-"
std::string_view sentence(Reason reason);  // "No rule matched, so the default decided."
std::optional<Reason> parse_reason(std::string_view id);

}  // namespace sim::firewall
