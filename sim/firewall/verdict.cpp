#include "sim/firewall/verdict.hpp"

#include <array>

namespace sim::firewall {
namespace {

struct ReasonText {
    std::string_view id;
    std::string_view sentence;
};

// In the order of the enum.
constexpr std::array<ReasonText, reason_count> reasons{{
    {"rule", "A rule decided."},
    {"no-rule-matched", "No rule matched, so the default decided."},
    {"established", "It belongs to a connection that was allowed."},
    {"related", "It is an ICMP error about a connection that was allowed."},
    {"rpc-pinhole", "The endpoint mapper announced this port to this client, and RPC inspection opened it."},
    {"invalid-state", "It belongs to no known connection and may not begin one."},
    {"malformed", "It is not a packet that can be judged."},
    {"fragment-held", "It waits for the other fragments of its datagram."},
    {"hop-limit", "Its hop limit ended here."},
    {"rpc-not-mapper", "RPC inspection lets only talk with the endpoint mapper itself through on port 135."},
    {"not-translated", "Address translation has no way to carry it."},
    {"for-the-box", "It is for the firewall's own address, where no program waits for it."},
    {"no-way-there",
     "Its target is a private address of the other side, and the network it comes from has no way there."},
    {"not-routed", "Routing has no way for a packet with these addresses."},
}};

constexpr std::array<std::string_view, 12> rejects{"tcp-reset",
                                                   "icmp-port-unreachable",
                                                   "icmp-net-unreachable",
                                                   "icmp-host-unreachable",
                                                   "icmp-proto-unreachable",
                                                   "icmp-net-prohibited",
                                                   "icmp-host-prohibited",
                                                   "icmp-admin-prohibited",
                                                   "icmp6-no-route",
                                                   "icmp6-addr-unreachable",
                                                   "icmp6-policy-fail",
                                                   "icmp6-reject-route"};

}  // namespace

std::string_view id(Action action) {
    switch (action) {
        case Action::accept: return "accept";
        case Action::drop: return "drop";
        case Action::reject: return "reject";
    }
    return "?";
}

std::string_view id(RejectWith with) { return rejects[static_cast<std::size_t>(with)]; }

std::string_view id(Reason reason) { return reasons[static_cast<std::size_t>(reason)].id; }

std::string_view sentence(Reason reason) { return reasons[static_cast<std::size_t>(reason)].sentence; }

std::string_view id(Label label) {
    switch (label) {
        case Label::none: return "-";
        case Label::new_flow: return "NEW";
        case Label::established: return "ESTABLISHED";
        case Label::related: return "RELATED";
        case Label::invalid: return "INVALID";
        case Label::untracked: return "UNTRACKED";
    }
    return "?";
}

std::optional<Reason> parse_reason(std::string_view id) {
    for (std::size_t i = 0; i < reasons.size(); ++i)
        if (reasons[i].id == id) return static_cast<Reason>(i);
    return std::nullopt;
}

}  // namespace sim::firewall
