// Closing: what rules open of the servers without need is taken out of the rule that opens it, or denied before it.
#include "sim/firewall/mend/work.hpp"

#include <algorithm>

namespace sim::firewall::mend {
namespace {

using Ranges = std::vector<wire::PortRange>;

constexpr unsigned rounds_max = 1000;  // each takes at least one port out of the surplus

void append(Ranges& into, const Ranges& more) { into.insert(into.end(), more.begin(), more.end()); }

bool same_line(const RuleSet& rules, RuleId a, RuleId b) {
    return line_of(rules, a) != 0 && line_of(rules, a) == line_of(rules, b);
}

// All rules that the line of this one became (a list of addresses is one rule each in iptables).
std::vector<RuleId> rules_of_line(const RuleSet& rules, RuleId rule) {
    std::vector<RuleId> found;
    for (std::uint32_t i = 0; i < rules.rules().size(); ++i)
        if (same_line(rules, RuleId{i}, rule)) found.push_back(RuleId{i});
    return found;
}

// Whether the addresses at that end of a rule hold this one, as far as its matches on addresses say.
bool holds(const Rule& rule, End end, const wire::IpAddress& address) {
    for (const Match& match : rule.matches) {
        bool inside = true;
        if (const auto* prefix = std::get_if<InPrefix>(&match.what); prefix != nullptr && prefix->end == end)
            inside = prefix->prefix.contains(address) != match.inverted;
        if (const auto* range = std::get_if<InRange>(&match.what); range != nullptr && range->end == end)
            inside = range->range.contains(address) != match.inverted;
        if (const auto* any = std::get_if<InAny>(&match.what); any != nullptr && any->end == end) {
            inside = std::any_of(any->prefixes.begin(), any->prefixes.end(),
                                 [&](const wire::Prefix& p) { return p.contains(address); }) ||
                     std::any_of(any->ranges.begin(), any->ranges.end(),
                                 [&](const AddressRange& r) { return r.contains(address); });
        }
        if (!inside) return false;
    }
    return true;
}

// Whether a rule is for nobody but the needed servers, so that changing it touches no other host.
bool only_for_servers(const Work& work, const Rule& rule) {
    const auto is_server = [&](const wire::IpAddress& address) {
        return std::any_of(work.lanes().begin(), work.lanes().end(),
                           [&](const Lane& lane) { return lane.server == address; });
    };
    const auto host = [&](const wire::Prefix& p) {
        return p == wire::Prefix::host(p.address()) && is_server(p.address());
    };
    const auto single = [&](const AddressRange& r) { return r.low == r.high && is_server(r.low); };
    for (const Match& match : rule.matches) {
        if (match.inverted) continue;
        if (const auto* prefix = std::get_if<InPrefix>(&match.what); prefix != nullptr && prefix->end == End::target)
            if (host(prefix->prefix)) return true;
        if (const auto* range = std::get_if<InRange>(&match.what); range != nullptr && range->end == End::target)
            if (single(range->range)) return true;
        if (const auto* any = std::get_if<InAny>(&match.what); any != nullptr && any->end == End::target)
            if (std::all_of(any->prefixes.begin(), any->prefixes.end(), host) &&
                std::all_of(any->ranges.begin(), any->ranges.end(), single))
                return true;
    }
    return false;
}

bool asks_protocol(const Rule& rule, wire::Protocol protocol) {
    for (const Match& match : rule.matches)
        if (const auto* in = std::get_if<ProtocolIn>(&match.what))
            if (in->numbers.test(static_cast<std::size_t>(protocol)) == match.inverted) return false;
    return true;
}

// Whether `wide` matches all that `rule` does, ports aside: it asks nothing that the other does not ask too.
bool as_general(const Rule& wide, const Rule& rule) {
    return std::all_of(wide.matches.begin(), wide.matches.end(), [&](const Match& match) {
        const auto* ports = std::get_if<PortIn>(&match.what);
        if (ports != nullptr && ports->end == End::target && !match.inverted) return true;
        return std::find(rule.matches.begin(), rule.matches.end(), match) != rule.matches.end();
    });
}

// Allowed ports of a lane that need not stand in the rule: others before it open them to all that it would.
Ranges opened_before(const Work& work, const Opening& opening, RuleId rule) {
    Ranges ports;
    for (const exact::OpenPorts& open : opening.ports) {
        if (!open.by || same_line(work.rules(), *open.by, rule)) continue;
        if (as_general(work.rules().rule(*open.by), work.rules().rule(rule))) ports.push_back(open.ports);
    }
    return wire::normalized(std::move(ports));
}

// The target ports that the rule must keep.
Ranges kept_ports(const Work& work, RuleId rule) {
    Ranges keep;
    for (const RuleId one : rules_of_line(work.rules(), rule)) {
        const Rule& r = work.rules().rule(one);
        for (const Opening& opening : work.openings()) {
            const Lane& lane = work.lanes()[opening.lane];
            if (opening.from != Side::client || !asks_protocol(r, opening.protocol)) continue;
            // A rule for both ways may carry what the server begins too.
            if (holds(r, End::source, lane.server) && holds(r, End::target, lane.client))
                append(keep, work.needed(lane, opening.protocol, Side::server));
            if (holds(r, End::source, lane.client) && holds(r, End::target, lane.server))
                append(keep, wire::without(work.allowed(lane, opening.protocol), opened_before(work, opening, one)));
        }
    }
    return common(target_ports(work.rules().rule(rule)), keep);
}

std::string who_has(const Work& work, const Surplus& surplus) { return work.lanes()[surplus.lane].server.format(); }

bool narrow(Work& work, const Surplus& surplus, RuleId rule, std::string& refused) {
    const Ranges now = target_ports(work.rules().rule(rule));
    if (now.empty()) return false;
    const std::vector<RuleId> siblings = rules_of_line(work.rules(), rule);
    const bool ours = std::all_of(siblings.begin(), siblings.end(),
                                  [&](RuleId one) { return only_for_servers(work, work.rules().rule(one)); });
    if (!ours && !work.task().only_these_servers) return false;
    const Ranges keep = kept_ports(work, rule);
    if (keep == now) return false;
    Manuscript changed = work.sheet();
    const std::string opened = "opened " + wire::format(now) + " of " + who_has(work, surplus);
    const Refusal refusal =
        keep.empty() ? work.scribe().remove(changed, work.rules(), rule, opened + ", and nothing needs them")
                     : work.scribe().narrow(changed, work.rules(), rule, keep,
                                            opened + ", and only " + wire::format(keep) + " is needed or may stay");
    if (refusal && refused.empty()) refused = *refusal;
    return !refusal && work.adopt_if_closing(std::move(changed));
}

// Whom a deny is for: the clients in question, as far as the rule reaches them.
wire::Prefix refused_clients(const Work& work, const Surplus& surplus, const Rule& rule) {
    const Lane& lane = work.lanes()[surplus.lane];
    wire::Prefix clients = wire::Prefix::host(lane.client);
    for (const NeededFlow& flow : work.task().needed)
        if (flow.server == lane.server && flow.client == lane.client) {
            clients = flow.clients;
            break;
        }
    for (const Match& match : rule.matches)
        if (const auto* prefix = std::get_if<InPrefix>(&match.what))
            if (prefix->end == End::source && !match.inverted && prefix->prefix.length() > clients.length())
                clients = prefix->prefix;
    return clients;
}

bool deny_before(Work& work, const Surplus& surplus, const exact::ProbePacket& packet, RuleId rule,
                 std::string& refused) {
    const std::string opener = work.named(rule);
    exact::ProbePacket at_rule = packet;
    at_rule.verdict.rule = rule;
    for (const Spot& spot : spots_before(work.rules(), at_rule)) {
        Manuscript changed = work.sheet();
        const Ranges ports = wire::normalized(surplus.ports);
        const Clause clause{.kind = Clause::Kind::deny,
                            .protocol = surplus.protocol,
                            .from = Side::client,
                            .source = refused_clients(work, surplus, work.rules().rule(rule)),
                            .target = wire::Prefix::host(work.lanes()[surplus.lane].server),
                            .source_ports = {},
                            .target_ports = ports == Ranges{wire::PortRange::all()} ? Ranges{} : ports,
                            .note = "not needed",
                            .why = opener + " opened " + wire::format(surplus.protocol) + " " + wire::format(ports) +
                                   " of " + who_has(work, surplus) +
                                   ", and nothing needs them; for others that rule stays as it is"};
        if (const Refusal refusal = work.scribe().add(changed, work.rules(), spot, clause)) {
            if (refused.empty()) refused = *refusal;
            continue;
        }
        if (work.adopt_if_closing(std::move(changed))) return true;
    }
    return false;
}

bool close_one(Work& work, const Surplus& surplus, std::string& refused) {
    const exact::ProbePacket packet =
        work.first_packet(work.lanes()[surplus.lane], surplus.protocol, surplus.ports.front().last);
    std::vector<RuleId> openers;  // one per list on the way; the last one decided
    for (auto rule = packet.matched.rbegin(); rule != packet.matched.rend(); ++rule)
        if (work.rules().rule(*rule).target.kind == Target::Kind::accept) openers.push_back(*rule);
    for (const RuleId opener : openers)
        if (narrow(work, surplus, opener, refused)) return true;
    for (const RuleId opener : openers)
        if (deny_before(work, surplus, packet, opener, refused)) return true;
    return false;
}

}  // namespace

std::optional<std::string> close_surplus(Work& work) {
    for (unsigned round = 0;; ++round) {
        const std::vector<Surplus> surplus = work.surplus();
        if (surplus.empty()) return std::nullopt;
        const Surplus& first = surplus.front();
        std::string refused;
        if (round < rounds_max && close_one(work, first, refused)) continue;
        return wire::format(first.protocol) + " " + wire::format(first.ports) + " of " + who_has(work, first) +
               " is opened by " + work.named(first.by) + ", and " +
               (refused.empty() ? "no change of a line here closes it and leaves the rest as it is" : refused);
    }
}

}  // namespace sim::firewall::mend
