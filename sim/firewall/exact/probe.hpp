// Asks a rule set questions without a network: would this conversation pass, and if not, which packet of it ended
// where; at which ports does the set change its mind; what would it say with one rule taken out.
//
// Every probe is a conversation of real packets on a fresh box, judged by Firewall itself, so that its answer is the
// one that a run would get. What only time shows (idle time-outs), fragments and RPC pinholes are not probed.
#pragma once

#include "sim/firewall/firewall.hpp"
#include "sim/firewall/rule_set.hpp"

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace sim::firewall::exact {

// A port from which Windows of that time calls: any number of its dynamic range serves.
inline constexpr wire::Port calling_port{1037};

// What a packet is to its conversation.
enum class ProbeStep : std::uint8_t {
    question,  // the first packet: the SYN, or the datagram
    answer,    // the first packet of the other end: the SYN-ACK, or the datagram back
    later,     // the rest of the handshake, and data both ways
};
std::string_view id(ProbeStep step);  // "question" "answer" "later"

struct ProbePacket {
    ProbeStep step = ProbeStep::question;
    Side from = Side::client;
    Verdict verdict;
    Label label = Label::none;
    bool told = false;  // refused, and the sender hears of it: a reset or an ICMP error got out to it

    // Its way through the rules: those that matched, in order (jumps and LOG included); the chain whose policy or
    // default decided at last, if one did; and how many lists or chains on its way had accepted it (Cisco: a packet
    // may meet two).
    std::vector<RuleId> matched{};
    std::optional<ChainId> policy{};
    unsigned chains_passed = 0;
};

struct ProbeResult {
    std::vector<ProbePacket> packets;  // as far as the conversation got; never empty

    bool passed() const { return packets.back().verdict.action == Action::accept; }
    // The packet that did not pass; null when all did.
    const ProbePacket* stopped() const { return passed() ? nullptr : &packets.back(); }
};

// A whole small TCP conversation: SYN, SYN-ACK, ACK, data, data back. `begins` says on which side its opener is: the
// client's endpoint calls the server's, or the other way round. Both addresses are of one family.
ProbeResult probe_tcp(const SharedRules& rules, const Firewall::Settings& settings, const wire::Endpoint& client,
                      const wire::Endpoint& server, Side begins = Side::client);

// One datagram, and with `answered` the one back.
ProbeResult probe_udp(const SharedRules& rules, const Firewall::Settings& settings, const wire::Endpoint& client,
                      const wire::Endpoint& server, Side begins = Side::client, bool answered = false);

// The first packet alone: whether a port is open to it, and by what.
ProbePacket probe_question(const SharedRules& rules, const Firewall::Settings& settings, wire::Protocol protocol,
                           const wire::Endpoint& client, const wire::Endpoint& server, Side begins = Side::client);

// Every port of the target that a first packet gets through to, exactly, with the rule that let it: absent for a
// policy or default, and where no rules stand. `server` is the target, or `client` when the server begins. TCP or UDP.
struct OpenPorts {
    wire::PortRange ports;
    std::optional<RuleId> by{};
};
std::vector<OpenPorts> open_ports(const SharedRules& rules, const Firewall::Settings& settings, wire::Protocol protocol,
                                  const wire::IpAddress& client, const wire::IpAddress& server,
                                  Side begins = Side::client);

// The ports at which some rule changes its mind, in order, from 0 to 65536. All ports from one of them to the next
// (excluded) are treated alike, so one of them answers for all.
std::vector<std::uint32_t> port_cuts(const RuleSet& rules);
// The same for packets between these two addresses, either way: rules for others have no say, and in a long list most
// are.
std::vector<std::uint32_t> port_cuts(const RuleSet& rules, const wire::IpAddress& one, const wire::IpAddress& other);

// The set as its importer or builder handed it over, to be changed and made again. Where chains were declared is not
// kept; where rules were written is.
Draft draft_of(const RuleSet& rules);

// What if this rule was not there. Ids of the rules behind it are one less in the new set.
SharedRules without_rule(const RuleSet& rules, RuleId rule);

}  // namespace sim::firewall::exact
