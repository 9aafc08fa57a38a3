#include "sim/firewall/import/native.hpp"

#include <algorithm>

namespace sim::firewall::import {
namespace {

using wire::Protocol;

constexpr std::uint8_t number(Protocol p) { return static_cast<std::uint8_t>(p); }

bool holds_family(const AddressSet& set, wire::Family family) {
    const auto of_prefix = [family](const wire::Prefix& p) { return p.family() == family; };
    const auto of_range = [family](const AddressRange& r) { return r.low.family() == family; };
    return set.empty() || std::any_of(set.prefixes.begin(), set.prefixes.end(), of_prefix) ||
           std::any_of(set.ranges.begin(), set.ranges.end(), of_range);
}

void add_addresses(std::vector<Match>& matches, End end, const AddressSet& set) {
    if (set.empty()) return;
    if (set.prefixes.size() == 1 && set.ranges.empty())
        matches.push_back({InPrefix{end, set.prefixes.front()}});
    else if (set.ranges.size() == 1 && set.prefixes.empty())
        matches.push_back({InRange{end, set.ranges.front()}});
    else
        matches.push_back({InAny{end, set.prefixes, set.ranges}});
}

bool asks_header(const NativeRule& rule) {
    return !rule.ports.empty() || !rule.from_ports.empty() || rule.acknowledged;
}

void add_protocol(std::vector<Match>& matches, const NativeRule& rule) {
    ProtocolIn in;
    switch (rule.protocol) {
        case NativeProtocol::tcp: in = ProtocolIn::only(number(Protocol::tcp)); break;
        case NativeProtocol::udp: in = ProtocolIn::only(number(Protocol::udp)); break;
        case NativeProtocol::icmp:
            in.numbers.set(number(Protocol::icmp));
            in.numbers.set(number(Protocol::icmpv6));
            break;
        case NativeProtocol::any:
            if (!asks_header(rule)) return;
            in.numbers.set(number(Protocol::tcp));
            in.numbers.set(number(Protocol::udp));
            break;
    }
    matches.push_back({in});
}

Target target_of(const NativeRule& rule, const NativeRules& all) {
    switch (rule.action) {
        case Action::accept: return {Target::Kind::accept};
        case Action::drop: return {Target::Kind::drop};
        case Action::reject: break;
    }
    if (rule.with) return {Target::Kind::reject, rule.with};
    // For all rules at once a TCP reset means "as each protocol would have it".
    return {Target::Kind::reject, all.reject_with == RejectWith::tcp_reset ? std::nullopt : all.reject_with};
}

Rule translated(const NativeRule& rule, const NativeRules& all) {
    Rule made;
    if (rule.direction != Direction::both)
        made.matches.push_back({FromSide{rule.direction == Direction::to_server ? Side::client : Side::server}});
    add_protocol(made.matches, rule);
    add_addresses(made.matches, End::source, rule.from);
    add_addresses(made.matches, End::target, rule.to);
    if (asks_header(rule) && rule.protocol == NativeProtocol::tcp) made.matches.push_back({HasHeader{Protocol::tcp}});
    if (asks_header(rule) && rule.protocol == NativeProtocol::udp) made.matches.push_back({HasHeader{Protocol::udp}});
    if (!rule.from_ports.empty()) made.matches.push_back({PortIn{End::source, rule.from_ports}});
    if (!rule.ports.empty()) made.matches.push_back({PortIn{End::target, rule.ports}});
    if (rule.acknowledged) made.matches.push_back({AckOrRst{}});
    made.target = target_of(rule, all);
    if (rule.log) made.log = Log{};
    return made;
}

base::Diagnostics faults_of(const NativeRule& rule) {
    base::Diagnostics found;
    const auto add = [&](std::string what, std::string id, std::string hint) {
        found.push_back({base::Severity::error, rule.origin.place, std::move(what), std::move(id), std::move(hint),
                         rule.origin.text});
    };
    const bool has_ports = !rule.ports.empty() || !rule.from_ports.empty();
    if (has_ports && rule.protocol == NativeProtocol::icmp)
        add("ICMP has no ports", "ports-without-protocol", "name tcp or udp, or leave the ports out");
    if (rule.acknowledged && rule.protocol != NativeProtocol::tcp)
        add("only TCP packets acknowledge", "acknowledged-needs-tcp", "say tcp");
    if (rule.action == Action::reject && rule.with == RejectWith::tcp_reset && rule.protocol != NativeProtocol::tcp)
        add("a TCP reset answers TCP only", "tcp-reset-needs-tcp", "say tcp, or reject with port-unreachable");
    const bool possible = (holds_family(rule.from, wire::Family::ipv4) && holds_family(rule.to, wire::Family::ipv4)) ||
                          (holds_family(rule.from, wire::Family::ipv6) && holds_family(rule.to, wire::Family::ipv6));
    if (!possible)
        add("no packet goes from one version of IP to the other", "mixed-families",
            "use addresses of the same version on both sides");
    return found;
}

}  // namespace

base::Result<SharedRules, base::Diagnostics> build(const NativeRules& rules) {
    base::Diagnostics faults;
    Draft draft;
    draft.name = rules.name;
    draft.dialect = Dialect::native;
    draft.tracking = rules.stateful ? Tracking::gate : Tracking::off;
    draft.mid_stream_pickup = false;
    DraftChain chain;
    chain.name = "rules";
    chain.policy =
        Policy{rules.default_action, rules.reject_with == RejectWith::tcp_reset ? std::nullopt : rules.reject_with};
    for (const NativeRule& rule : rules.rules) {
        for (base::Diagnostic& fault : faults_of(rule)) faults.push_back(std::move(fault));
        DraftRule made{translated(rule, rules), rule.origin};
        if (made.origin.text.empty()) made.origin.text = format(rule);
        chain.rules.push_back(std::move(made));
    }
    if (!faults.empty()) return base::failure(std::move(faults));
    draft.chains.push_back(std::move(chain));
    draft.bindings.push_back({.hook = Hook::forward, .chain = ChainId{0}});
    return RuleSet::make(std::move(draft));
}

std::vector<NativeRule> allow_ports(std::span<const wire::PortRange> ports, std::span<const wire::IpAddress> servers,
                                    const base::Place& place) {
    AddressSet to;
    for (const wire::IpAddress& server : servers) to.prefixes.push_back(wire::Prefix::host(server));
    std::vector<NativeRule> rules;
    for (const wire::PortRange& range : ports) {
        NativeRule rule;
        rule.to = to;
        rule.ports = {range};
        rule.origin.place = place;
        rules.push_back(std::move(rule));
    }
    return rules;
}

}  // namespace sim::firewall::import
