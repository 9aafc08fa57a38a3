#include "sim/firewall/openings.hpp"

#include "sim/firewall/lint_reach.hpp"

#include <algorithm>

namespace sim::firewall {

struct Openings::Work {
    Work(SharedRules shared, const Firewall::Settings& settings, std::uint64_t most)
        : rules(std::move(shared)),
          client_side(settings.client_side),
          server_side(settings.server_side),
          effort(most),
          spaces(*rules, effort),
          reach(*rules, spaces, effort) {}

    PacketSet first_packets(const wire::IpAddress& host, wire::Protocol protocol) const;
    bool is_entered(ChainId entry) const;

    SharedRules rules;
    std::string client_side, server_side;
    Effort effort;
    RuleSpaces spaces;
    Reach reach;
    struct Part {
        RuleId rule;
        Cell cell;
        ChainId entry;
    };
    std::vector<Part> parts;
};

// The first packets of connections from the clients' side to the host.
PacketSet Openings::Work::first_packets(const wire::IpAddress& host, wire::Protocol protocol) const {
    PacketSet set;
    for (Cell cell : spaces.space.universe()) {
        if (cell.source.low.family() != host.family()) continue;
        cell.target = {host, host};
        cell.shapes = Cell::whole;
        cell.sides &= Cell::from_client;
        cell.protocols.reset();
        cell.protocols.set(static_cast<std::size_t>(protocol));
        if (protocol == wire::Protocol::tcp) {
            cell.flags.reset();
            cell.flags.set(wire::TcpFlags::syn);
        }
        for (std::size_t i = 0; i < tracked_count; ++i) {
            const TrackedAs as = tracked_as(i);
            const bool begins = as.label == Label::none ||
                                (as.label == Label::new_flow && as.marks == 0 && as.direction == FlowSide::original);
            cell.tracked[i] = cell.tracked[i] && begins;
        }
        cell.in_interfaces &= spaces.space.interface_class(client_side);
        cell.out_interfaces &= spaces.space.interface_class(server_side);
        if (cell.sides != 0 && cell.tracked.any() && cell.in_interfaces != 0 && cell.out_interfaces != 0)
            set.push_back(cell);
    }
    return set;
}

bool Openings::Work::is_entered(ChainId entry) const {
    return std::any_of(rules->bindings().begin(), rules->bindings().end(), [&](const Binding& b) {
        return b.chain == entry && b.hook == Hook::forward && (!b.from || *b.from == Side::client) &&
               (b.in_interface.empty() || b.in_interface == client_side) &&
               (b.out_interface.empty() || b.out_interface == server_side);
    });
}

Openings::Openings(SharedRules rules, const Firewall::Settings& settings, std::uint64_t effort)
    : work_(std::make_unique<Work>(std::move(rules), settings, effort)) {}
Openings::~Openings() = default;

std::optional<std::vector<Opening>> Openings::of(const wire::IpAddress& host, wire::Protocol protocol) {
    Work& work = *work_;
    work.parts.clear();
    std::vector<Opening> all;
    const PacketSet asked = work.first_packets(host, protocol);
    for (std::uint32_t i = 0; i < work.rules->rules().size(); ++i) {
        const RuleId id{i};
        const Rule& rule = work.rules->rule(id);
        if (rule.target.kind != Target::Kind::accept || !work.spaces.of[i]) continue;
        const PacketSet wanted = intersection(*work.spaces.of[i], asked, work.effort);
        if (work.effort.spent()) return std::nullopt;
        if (wanted.empty()) continue;
        const auto* paths = work.reach.paths_to(rule.chain);
        if (paths == nullptr) return std::nullopt;
        Opening opening{id, {}};
        for (const Reach::Path& path : *paths) {
            if (!work.is_entered(path.entry)) continue;
            const bool done =
                work.reach.each_taker_on(path, id, wanted, work.effort, [&](const Cell& part, const Taker* taker) {
                    if (taker != nullptr) return true;
                    work.parts.push_back({id, part, path.entry});
                    opening.ports.push_back({wire::Port{part.second.low}, wire::Port{part.second.high}});
                    return true;
                });
            if (!done) return std::nullopt;
        }
        opening.ports = wire::normalized(std::move(opening.ports));
        if (!opening.ports.empty()) all.push_back(std::move(opening));
    }
    return all;
}

std::optional<Witness> Openings::witness(RuleId rule, wire::Port port, const wire::IpAddress& client) const {
    const Work::Part* best = nullptr;
    for (const Work::Part& part : work_->parts) {
        if (part.rule != rule || port.value < part.cell.second.low || part.cell.second.high < port.value) continue;
        if (best == nullptr || part.cell.source.contains(client)) best = &part;
    }
    if (best == nullptr) return std::nullopt;
    Cell cell = best->cell;
    cell.second = {port.value, port.value};
    if (cell.source.contains(client)) cell.source = {client, client};
    // Rules above that cannot be expressed may take it all the same: the predicate has the last word.
    Witness made = witness_of(cell, work_->spaces.space);
    const auto judged = judge(made, *work_->rules, best->entry);
    if (!judged || judged->verdict.action != Action::accept || judged->verdict.rule != rule) return std::nullopt;
    return made;
}

}  // namespace sim::firewall
