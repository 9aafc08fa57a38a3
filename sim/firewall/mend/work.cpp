#include "sim/firewall/mend/work.hpp"

#include <algorithm>
#include <cassert>
#include <limits>

namespace sim::firewall::mend {
namespace {

using Ranges = std::vector<wire::PortRange>;

constexpr wire::Protocol protocols[] = {wire::Protocol::tcp, wire::Protocol::udp};

void append(Ranges& into, const Ranges& more) { into.insert(into.end(), more.begin(), more.end()); }

Ranges ports_of(const std::vector<exact::OpenPorts>& open) {
    Ranges ports;
    for (const exact::OpenPorts& o : open) ports.push_back(o.ports);
    return wire::normalized(std::move(ports));
}

// What stays open without a rule that says so.
Ranges open_by_default(const std::vector<exact::OpenPorts>& open) {
    Ranges ports;
    for (const exact::OpenPorts& o : open)
        if (!o.by) ports.push_back(o.ports);
    return ports;
}

std::uint64_t count_of(const std::vector<Surplus>& surplus) {
    std::uint64_t count = 0;
    for (const Surplus& s : surplus)
        for (const wire::PortRange& r : s.ports) count += r.size();
    return count;
}

std::vector<Lane> lanes_of(const MendTask& task) {
    std::vector<Lane> lanes;
    for (const NeededFlow& flow : task.needed) {
        const Lane lane{flow.client, flow.server};
        if (std::find(lanes.begin(), lanes.end(), lane) == lanes.end()) lanes.push_back(lane);
    }
    return lanes;
}

exact::ProbeResult probe_flow(const SharedRules& rules, const Firewall::Settings& settings, const NeededFlow& flow,
                              wire::Port port) {
    const bool by_client = flow.from == Side::client;
    const wire::Endpoint client{flow.client, by_client ? exact::calling_port : port};
    const wire::Endpoint server{flow.server, by_client ? port : exact::calling_port};
    if (flow.protocol == wire::Protocol::tcp) return exact::probe_tcp(rules, settings, client, server, flow.from);
    return exact::probe_udp(rules, settings, client, server, flow.from, by_client);
}

// Cuts ports where some rule changes its mind.
Ranges cut_up(const Ranges& ports, const std::vector<std::uint32_t>& cuts) {
    Ranges pieces;
    for (const wire::PortRange& range : wire::normalized(ports)) {
        std::uint32_t at = range.first.value;
        for (auto cut = std::upper_bound(cuts.begin(), cuts.end(), at); at <= range.last.value; ++cut) {
            const std::uint32_t last = std::min<std::uint32_t>(*cut - 1, range.last.value);
            pieces.push_back(
                {wire::Port{static_cast<std::uint16_t>(at)}, wire::Port{static_cast<std::uint16_t>(last)}});
            at = last + 1;
        }
    }
    return pieces;
}

std::vector<std::uint32_t> cuts_of_both(const RuleSet& a, const RuleSet& b) {
    std::vector<std::uint32_t> cuts = exact::port_cuts(a);
    const std::vector<std::uint32_t> more = exact::port_cuts(b);
    cuts.insert(cuts.end(), more.begin(), more.end());
    std::sort(cuts.begin(), cuts.end());
    cuts.erase(std::unique(cuts.begin(), cuts.end()), cuts.end());
    return cuts;
}

// How far a conversation comes, for comparing: by packets, then by the lists that the last one got through.
std::uint64_t distance(const exact::ProbeResult& result) {
    if (result.passed()) return std::numeric_limits<std::uint64_t>::max();
    return std::uint64_t{result.packets.size()} << 32U | result.packets.back().chains_passed;
}

}  // namespace

std::vector<wire::PortRange> common(const Ranges& a, const Ranges& b) { return wire::without(a, wire::without(a, b)); }

std::string described(const NeededFlow& flow, const Ranges& ports) {
    std::string text = wire::format(flow.protocol) + " " + wire::format(ports) + " of " +
                       (flow.from == Side::client ? flow.server : flow.client).format();
    return flow.note.empty() ? text : text + " (" + flow.note + ")";
}

Work::Work(const Scribe& scribe, const MendTask& task, Manuscript sheet, SharedRules rules)
    : scribe_(scribe),
      task_(task),
      lanes_(lanes_of(task)),
      sheet_(std::move(sheet)),
      rules_(std::move(rules)),
      rules_at_first_(rules_),
      openings_(openings_of(rules_)),
      at_first_(openings_) {}

std::vector<Piece> Work::fate_of(const NeededFlow& flow) const {
    std::vector<Piece> pieces;
    for (const wire::PortRange& ports : cut_up(flow.ports, exact::port_cuts(*rules_)))
        pieces.push_back({ports, probe_flow(rules_, task_.settings, flow, ports.last)});
    return pieces;
}

exact::ProbePacket Work::first_packet(const Lane& lane, wire::Protocol protocol, wire::Port port) const {
    return exact::probe_question(rules_, task_.settings, protocol, {lane.client, exact::calling_port},
                                 {lane.server, port});
}

Ranges Work::needed(const Lane& lane, wire::Protocol protocol, Side from) const {
    Ranges ports;
    for (const NeededFlow& flow : task_.needed) {
        const bool on_lane = flow.server == lane.server && flow.clients.contains(lane.client);
        if (on_lane && flow.protocol == protocol && flow.from == from) append(ports, flow.ports);
    }
    return wire::normalized(std::move(ports));
}

Ranges Work::allowed(const Lane& lane, wire::Protocol protocol) const {
    Ranges ports = needed(lane, protocol, Side::client);
    append(ports, protocol == wire::Protocol::tcp ? task_.may_stay_tcp : task_.may_stay_udp);
    return wire::normalized(std::move(ports));
}

std::vector<Opening> Work::openings_of(const SharedRules& rules) const {
    std::vector<Opening> openings;
    for (std::size_t i = 0; i < lanes_.size(); ++i)
        for (const wire::Protocol protocol : protocols)
            for (const Side from : {Side::client, Side::server})
                openings.push_back(
                    {i, protocol, from,
                     exact::open_ports(rules, task_.settings, protocol, lanes_[i].client, lanes_[i].server, from)});
    return openings;
}

std::vector<Surplus> Work::surplus_of(const std::vector<Opening>& openings) const {
    std::vector<Surplus> found;
    for (const Opening& opening : openings) {
        if (opening.from != Side::client) continue;
        const std::size_t before = found.size();
        const Ranges may = allowed(lanes_[opening.lane], opening.protocol);
        for (const exact::OpenPorts& open : opening.ports) {
            if (!open.by) continue;
            const Ranges left = wire::without({open.ports}, may);
            if (left.empty()) continue;
            const auto known = std::find_if(found.begin() + static_cast<std::ptrdiff_t>(before), found.end(),
                                            [&](const Surplus& s) { return s.by == *open.by; });
            if (known == found.end())
                found.push_back({opening.lane, opening.protocol, *open.by, left});
            else
                append(known->ports, left);
        }
    }
    return found;
}

std::optional<Work::Reading> Work::read(const Manuscript& sheet) const {
    auto rules = scribe_.read(sheet.text());
    if (!rules) return std::nullopt;
    return Reading{*rules, openings_of(*rules)};
}

bool Work::sets_nothing_back(const Reading& changed) const {
    const std::vector<std::uint32_t> cuts = cuts_of_both(*rules_, *changed.rules);
    for (const NeededFlow& flow : task_.needed)
        for (const wire::PortRange& ports : cut_up(flow.ports, cuts)) {
            const auto before = distance(probe_flow(rules_, task_.settings, flow, ports.last));
            if (distance(probe_flow(changed.rules, task_.settings, flow, ports.last)) < before) return false;
        }
    return true;
}

Ranges Work::opened_beyond_need(const std::vector<Opening>& before, const std::vector<Opening>& after) const {
    assert(before.size() == after.size());
    Ranges beyond;
    for (std::size_t i = 0; i < after.size(); ++i)
        append(beyond, wire::without(wire::without(ports_of(after[i].ports), ports_of(before[i].ports)),
                                     needed(lanes_[after[i].lane], after[i].protocol, after[i].from)));
    return beyond;
}

bool Work::take(Manuscript changed, Reading reading) {
    sheet_ = std::move(changed);
    rules_ = std::move(reading.rules);
    openings_ = std::move(reading.openings);
    return true;
}

bool Work::adopt_if_opening(Manuscript changed, const NeededFlow& flow, const Ranges& ports) {
    auto reading = read(changed);
    if (!reading || !opened_beyond_need(openings_, reading->openings).empty() || !sets_nothing_back(*reading))
        return false;
    for (const wire::PortRange& piece : cut_up(ports, cuts_of_both(*rules_, *reading->rules))) {
        const auto before = distance(probe_flow(rules_, task_.settings, flow, piece.last));
        if (distance(probe_flow(reading->rules, task_.settings, flow, piece.last)) <= before) return false;
    }
    return take(std::move(changed), std::move(*reading));
}

bool Work::adopt_if_closing(Manuscript changed) {
    auto reading = read(changed);
    if (!reading || !opened_beyond_need(openings_, reading->openings).empty() || !sets_nothing_back(*reading))
        return false;
    if (count_of(surplus_of(reading->openings)) >= count_of(surplus())) return false;
    for (std::size_t i = 0; i < openings_.size(); ++i) {
        if (openings_[i].from != Side::client) continue;
        const Ranges may = allowed(lanes_[openings_[i].lane], openings_[i].protocol);
        const std::vector<exact::OpenPorts>& before = openings_[i].ports;
        const std::vector<exact::OpenPorts>& after = reading->openings[i].ports;
        if (!wire::without(common(ports_of(before), may), ports_of(after)).empty()) return false;
        // A port that a rule let go and the default opens is not closed.
        const Ranges fallen = wire::without(open_by_default(after), open_by_default(before));
        if (!wire::without(fallen, may).empty()) return false;
    }
    return take(std::move(changed), std::move(*reading));
}

std::optional<std::string> Work::fault() const {
    for (const NeededFlow& flow : task_.needed)
        for (const Piece& piece : fate_of(flow))
            if (!piece.result.passed()) return described(flow, {piece.ports}) + " stays closed";
    if (const Ranges beyond = opened_beyond_need(at_first_, openings_); !beyond.empty())
        return "port " + wire::format(beyond) + " would be opened beside what is needed";
    if (task_.close_excess && !surplus().empty())
        return "port " + wire::format(surplus().front().ports) + " stays open without need";
    return std::nullopt;
}

std::string Work::named(RuleId rule) const {
    const std::uint32_t line = line_of(*rules_, rule);
    const std::uint32_t original = line >= 1 && line <= sheet_.size() ? sheet_.original(line) : 0;
    if (original == 0) return "a new rule";
    // Numbers move as lines are written; people know those of their own file.
    for (std::uint32_t i = 0; i < rules_at_first_->rules().size(); ++i) {
        const bool same_list = rules_at_first_->chain(rules_at_first_->rule(RuleId{i}).chain).name ==
                               rules_->chain(rules_->rule(rule).chain).name;
        if (same_list && line_of(*rules_at_first_, RuleId{i}) == original)
            return rules_at_first_->label(RuleId{i}) + " (line " + std::to_string(original) + ")";
    }
    return "line " + std::to_string(original);
}

namespace {

// A chain of the user's own in which nothing is accepted.
bool only_refuses(const RuleSet& rules, ChainId id) {
    const Chain& chain = rules.chain(id);
    if (chain.policy) return false;
    for (std::uint32_t i = chain.first; i < chain.first + chain.count; ++i) {
        const Target::Kind kind = rules.rule(RuleId{i}).target.kind;
        if (kind == Target::Kind::accept || kind == Target::Kind::jump || kind == Target::Kind::go_to) return false;
    }
    return true;
}

}  // namespace

std::vector<Spot> spots_before(const RuleSet& rules, const exact::ProbePacket& packet) {
    std::vector<Spot> spots;
    const auto before = [&](RuleId rule) {
        for (const Spot& s : spots)
            if (s.at == Spot::At::before_rule && s.rule == rule) return;
        spots.push_back({Spot::At::before_rule, rule, {}});
    };
    const auto kind = [&](RuleId rule) { return rules.rule(rule).target.kind; };
    // A LOG that noted the packet directly before its end belongs to that end: what passes should not be noted there.
    const auto before_its_log = [&](const Chain& chain, std::uint32_t end) {
        std::uint32_t at = end;
        while (at > chain.first && kind(RuleId{at - 1}) == Target::Kind::none &&
               std::find(packet.matched.begin(), packet.matched.end(), RuleId{at - 1}) != packet.matched.end())
            --at;
        if (at != end) before(RuleId{at});
    };
    // A chain that only refuses (LOGDROP and its like) is no place for a permit, and others may share it: before the
    // jump that led there.
    if (packet.verdict.rule && only_refuses(rules, rules.rule(*packet.verdict.rule).chain))
        for (auto rule = packet.matched.rbegin(); rule != packet.matched.rend(); ++rule) {
            const Target::Kind k = kind(*rule);
            if (k != Target::Kind::jump && k != Target::Kind::go_to) continue;
            if (only_refuses(rules, rules.rule(*rule).chain)) continue;
            before_its_log(rules.chain(rules.rule(*rule).chain), rule->index);
            before(*rule);
            break;
        }
    if (packet.verdict.rule) {
        before_its_log(rules.chain(rules.rule(*packet.verdict.rule).chain), packet.verdict.rule->index);
        before(*packet.verdict.rule);
    } else if (packet.policy) {
        // A goto and a RETURN lead to the policy past the end of its own chain.
        if (!packet.matched.empty() && kind(packet.matched.back()) == Target::Kind::leave)
            before(packet.matched.back());
        if (!packet.matched.empty() && kind(packet.matched.back()) == Target::Kind::go_to)
            spots.push_back({Spot::At::end_of_chain, {}, rules.rule(packet.matched.back()).target.chain});
        const Chain& chain = rules.chain(*packet.policy);
        before_its_log(chain, chain.first + chain.count);
        spots.push_back({Spot::At::end_of_chain, {}, *packet.policy});
    } else {
        return spots;
    }
    std::optional<ChainId> entry = packet.policy;
    for (auto rule = packet.matched.rbegin(); rule != packet.matched.rend(); ++rule) {
        const Target::Kind k = kind(*rule);
        if (k == Target::Kind::jump || k == Target::Kind::go_to || k == Target::Kind::leave) before(*rule);
        if (!entry && rules.chain(rules.rule(*rule).chain).policy) entry = rules.rule(*rule).chain;
    }
    if (entry && rules.chain(*entry).count != 0) before(RuleId{rules.chain(*entry).first});
    return spots;
}

}  // namespace sim::firewall::mend
