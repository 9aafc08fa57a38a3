// Opening: each needed flow is followed to where it is stopped, and a line is written there, until it passes.
#include "sim/firewall/mend/work.hpp"

#include <algorithm>

namespace sim::firewall::mend {
namespace {

using Ranges = std::vector<wire::PortRange>;

constexpr unsigned rounds_max = 64;  // lines written for one flow; rule sets that need more are left to a person

const exact::ProbePacket& last_packet(const Piece& piece) { return piece.result.packets.back(); }

// The chain in which the packet ended.
std::optional<ChainId> chain_of(const RuleSet& rules, const exact::ProbePacket& packet) {
    if (packet.verdict.rule) return rules.rule(*packet.verdict.rule).chain;
    return packet.policy;
}

// Pieces that one new line may serve, and the packet among theirs that ended first in the order of rules.
struct Group {
    Ranges ports;
    const exact::ProbePacket* earliest = nullptr;
};

Group group_of(const RuleSet& rules, const std::vector<const Piece*>& blocked, bool same_rule_only) {
    const exact::ProbePacket& first = last_packet(*blocked.front());
    Group group;
    for (const Piece* piece : blocked) {
        const exact::ProbePacket& p = last_packet(*piece);
        if (p.step != first.step || p.from != first.from || chain_of(rules, p) != chain_of(rules, first)) continue;
        if (same_rule_only && p.verdict.rule != first.verdict.rule) continue;
        group.ports.push_back(piece->ports);
        const bool earlier = p.verdict.rule && group.earliest != nullptr &&
                             (!group.earliest->verdict.rule || *p.verdict.rule < *group.earliest->verdict.rule);
        if (group.earliest == nullptr || earlier) group.earliest = &p;
    }
    group.ports = wire::normalized(std::move(group.ports));
    return group;
}

std::string stopper(const Work& work, const exact::ProbePacket& packet) {
    if (packet.verdict.rule) return work.named(*packet.verdict.rule);
    if (!packet.policy) return std::string(id(packet.verdict.reason));
    const std::string& chain = work.rules().chain(*packet.policy).name;
    switch (work.rules().dialect()) {
        case Dialect::native: return "the default";
        case Dialect::iptables: return "the policy of " + chain;
        case Dialect::cisco_ios: return "the end of list " + chain;
    }
    return "the policy";
}

std::string because(const Work& work, const NeededFlow& flow, const Group& group) {
    const bool forth = group.earliest->from == flow.from;
    const bool later = group.earliest->step == exact::ProbeStep::later;
    const std::string what = !forth ? "answers from " : later ? "later packets to " : "";
    return what + described(flow, group.ports) + (what.empty() ? " was" : " were") + " stopped by " +
           stopper(work, *group.earliest);
}

Clause clause_for(const Work& work, const NeededFlow& flow, const Group& group, Clause::Kind kind) {
    const bool forth = group.earliest->from == flow.from;
    const wire::Prefix server = wire::Prefix::host(flow.server);
    Clause clause{.kind = kind,
                  .protocol = flow.protocol,
                  .from = group.earliest->from,
                  .source = group.earliest->from == Side::client ? flow.clients : server,
                  .target = group.earliest->from == Side::client ? server : flow.clients,
                  .source_ports = {},
                  .target_ports = {},
                  .note = flow.note,
                  .why = because(work, flow, group)};
    (forth ? clause.target_ports : clause.source_ports) = group.ports;
    if (kind == Clause::Kind::answers && !clause.note.empty()) clause.note = "answers of " + clause.note;
    return clause;
}

// What may be said for the packet that was stopped, the best first.
std::vector<Clause::Kind> kinds_for(const NeededFlow& flow, const exact::ProbePacket& packet) {
    if (packet.from != flow.from) return {Clause::Kind::answers};
    if (packet.label == Label::established || packet.label == Label::related)
        return {Clause::Kind::answers, Clause::Kind::allow};
    return {Clause::Kind::allow};
}

// Rules for answers conventionally stand first. Where nothing in the chain refuses, that is the same as its end.
std::vector<Spot> spots_for(const RuleSet& rules, const exact::ProbePacket& packet, Clause::Kind kind) {
    std::vector<Spot> spots = spots_before(rules, packet);
    const bool by_policy = !packet.verdict.rule && packet.policy;
    if (kind != Clause::Kind::answers || rules.dialect() != Dialect::iptables || !by_policy) return spots;
    const Chain& chain = rules.chain(*packet.policy);
    for (std::uint32_t i = chain.first; i < chain.first + chain.count; ++i) {
        const Target::Kind k = rules.rule(RuleId{i}).target.kind;
        if (k != Target::Kind::accept && k != Target::Kind::none) return spots;
    }
    if (chain.count != 0) spots.insert(spots.begin(), {Spot::At::before_rule, RuleId{chain.first}, {}});
    return spots;
}

bool open_one(Work& work, const NeededFlow& flow, const std::vector<const Piece*>& blocked, std::string& refused) {
    for (const bool same_rule_only : {false, true}) {
        const Group group = group_of(work.rules(), blocked, same_rule_only);
        for (const Clause::Kind kind : kinds_for(flow, *group.earliest))
            for (const Spot& spot : spots_for(work.rules(), *group.earliest, kind)) {
                Manuscript changed = work.sheet();
                const Clause clause = clause_for(work, flow, group, kind);
                if (const Refusal refusal = work.scribe().add(changed, work.rules(), spot, clause)) {
                    if (refused.empty()) refused = *refusal;
                    continue;
                }
                if (work.adopt_if_opening(std::move(changed), flow, group.ports)) return true;
            }
    }
    return false;
}

std::string cannot(const Work& work, const NeededFlow& flow, const Piece& piece, const std::string& refused) {
    const exact::ProbePacket& packet = last_packet(piece);
    const std::string what = described(flow, {piece.ports});
    if (!packet.verdict.rule && !packet.policy) {
        if (work.rules().family() && *work.rules().family() != flow.server.family())
            return what + " cannot be opened here: these rules are for the other version of IP";
        return what + " is stopped before any rule (" + std::string(id(packet.verdict.reason)) +
               "), so no rule can open it";
    }
    return what + " is stopped by " + stopper(work, packet) + ", and " +
           (refused.empty() ? "no line that could be added here lets it pass" : refused);
}

std::optional<std::string> open_flow(Work& work, const NeededFlow& flow) {
    for (unsigned round = 0;; ++round) {
        const std::vector<Piece> pieces = work.fate_of(flow);
        std::vector<const Piece*> blocked;
        for (const Piece& piece : pieces)
            if (!piece.result.passed()) blocked.push_back(&piece);
        if (blocked.empty()) return std::nullopt;
        std::string refused;
        if (round == rounds_max || !open_one(work, flow, blocked, refused))
            return cannot(work, flow, *blocked.front(), refused);
    }
}

}  // namespace

std::optional<std::string> open_needed(Work& work) {
    for (const NeededFlow& flow : work.task().needed)
        if (auto reason = open_flow(work, flow)) return reason;
    return std::nullopt;
}

}  // namespace sim::firewall::mend
