#include "sim/firewall/native.hpp"

#include <algorithm>

namespace sim::firewall {
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

base::Diagnostics faults_of(const OneToOne& entry, const NativeRules& all) {
    base::Diagnostics found;
    const auto add = [&](std::string what, std::string id, std::string hint) {
        found.push_back(
            {base::Severity::error, entry.origin.place, std::move(what), std::move(id), std::move(hint), {}});
    };
    if (!all.stateful)
        add("a filter that remembers no connections cannot translate their addresses", "nat-needs-state",
            "take stateful = false out, or nat");
    if (entry.public_address.family() != entry.private_address.family())
        add("no packet goes from one version of IP to the other", "mixed-families",
            "use addresses of the same version on both sides");
    const auto taken = [&](const OneToOne& other) {
        return &other < &entry &&
               (other.public_address == entry.public_address || other.private_address == entry.private_address);
    };
    if (std::any_of(all.nat.begin(), all.nat.end(), taken) || entry.public_address == entry.private_address)
        add("one address stands for one other: " + entry.public_address.format() + " and " +
                entry.private_address.format() + " are not both free for it",
            "nat-repeated", "each address belongs in one entry, once");
    return found;
}

// Both directions of each entry, as two chains of a nat table.
SharedRules nat_table(const NativeRules& rules) {
    Draft draft;
    draft.name = rules.name;
    draft.dialect = Dialect::native;
    draft.is_nat = true;
    const auto chain = [&](const char* name, Hook hook, Side from, End end) {
        DraftChain made{.name = name, .policy = Policy{Action::accept}, .rules = {}};
        for (const OneToOne& entry : rules.nat) {
            const auto& [was, is] = end == End::target ? std::pair{entry.public_address, entry.private_address}
                                                       : std::pair{entry.private_address, entry.public_address};
            Rule rule;
            rule.matches.push_back({FromSide{from}});
            rule.matches.push_back({InPrefix{end, wire::Prefix::host(was)}});
            rule.target.kind = Target::Kind::accept;
            Origin origin = entry.origin;
            if (origin.text.empty())
                origin.text = entry.public_address.format() + " stands for " + entry.private_address.format();
            made.rules.push_back(
                {std::move(rule), std::move(origin), Translation{.end = end, .addresses = AddressRange{is, is}}});
        }
        draft.bindings.push_back({.hook = hook, .chain = ChainId{static_cast<std::uint32_t>(draft.chains.size())}});
        draft.chains.push_back(std::move(made));
    };
    chain("inward", Hook::prerouting, Side::client, End::target);
    chain("outward", Hook::postrouting, Side::server, End::source);
    return *RuleSet::make(std::move(draft));  // no jumps, and few rules: nothing that could be wrong
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
    for (const OneToOne& entry : rules.nat)
        for (base::Diagnostic& fault : faults_of(entry, rules)) faults.push_back(std::move(fault));
    if (!faults.empty()) return base::failure(std::move(faults));
    if (!rules.nat.empty()) draft.nat = nat_table(rules);
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

}  // namespace sim::firewall
