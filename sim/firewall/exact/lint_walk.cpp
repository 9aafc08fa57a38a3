#include "sim/firewall/exact/lint_walk.hpp"

#include <algorithm>
#include <iterator>

namespace sim::firewall::exact {
namespace {

constexpr unsigned depth_max = 200;  // chains within chains; gotos are not bounded by RuleSet::make

void join(PacketSet& into, PacketSet more) {
    into.insert(into.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

bool is_final(Target::Kind kind) {
    return kind == Target::Kind::accept || kind == Target::Kind::drop || kind == Target::Kind::reject;
}

}  // namespace

RuleSpaces::RuleSpaces(const RuleSet& rules, Effort& effort) : space(rules) {
    of.reserve(rules.rules().size());
    for (const Rule& rule : rules.rules()) {
        if (effort.spent()) return;
        of.push_back(space.of(rule, effort));
    }
}

void Walk::reset(std::optional<RuleId> goal, bool stop) {
    goal_ = goal;
    stop_ = stop;
    sure_ = true;
    decided_before_.reset();
    arrived_.clear();
    decided_.clear();
}

bool Walk::arrives(ChainId entry, const PacketSet& set, RuleId goal) {
    reset(goal, true);
    const Chain& chain = rules_.chain(entry);
    (void)through(chain.first, chain.first + chain.count, set, 0);
    return !arrived_.empty();
}

PacketSet Walk::arrivals(ChainId entry, const PacketSet& set, RuleId goal) {
    reset(goal, false);
    const Chain& chain = rules_.chain(entry);
    (void)through(chain.first, chain.first + chain.count, set, 0);
    return arrived_;
}

PacketSet Walk::goes_on(RuleId behind, PacketSet set) {
    reset(std::nullopt, false);
    const Chain& chain = rules_.chain(rules_.rule(behind).chain);
    return through(behind.index + 1, chain.first + chain.count, std::move(set), 0);
}

std::vector<Walk::Decided> Walk::takers() const {
    const std::size_t count = decided_before_.value_or(decided_.size());
    return {decided_.begin(), decided_.begin() + static_cast<std::ptrdiff_t>(count)};
}

// The set that comes back from these rules: what fell off their end, and what a RETURN sent back.
PacketSet Walk::through(std::uint32_t first, std::uint32_t end, PacketSet set, unsigned depth) {
    PacketSet back;
    if (depth > depth_max) effort_.grown(Effort::cells_max + 1);  // gives up
    for (std::uint32_t i = first; i < end && !effort_.spent(); ++i) {
        if (goal_ && goal_->index == i) {
            decided_before_ = decided_.size();
            join(arrived_, set);
            if (stop_ && !arrived_.empty()) return {};
        }
        if (set.empty()) {
            if (!goal_ || goal_->index <= i || goal_->index >= end) break;
            continue;  // only to see that the goal's place is here
        }
        const Rule& rule = rules_.rules()[i];
        if (rule.target.kind == Target::Kind::none) continue;
        const std::optional<PacketSet>& fits = spaces_.of[i];
        PacketSet entering = fits ? intersection(set, *fits, effort_) : set;
        if (entering.empty()) continue;
        sure_ = sure_ && fits.has_value();
        PacketSet rest = fits ? difference(std::move(set), *fits, effort_) : std::move(set);
        if (is_final(rule.target.kind)) {
            if (fits) decided_.push_back({RuleId{i}, entering.front()});
        } else if (rule.target.kind == Target::Kind::leave) {
            if (fits && goal_ && rules_.rule(*goal_).chain == rule.chain)
                decided_.push_back({RuleId{i}, entering.front()});
            join(back, std::move(entering));
        } else {
            const Cell sample = entering.front();
            const Chain& beyond = rules_.chain(rule.target.chain);
            PacketSet returned = through(beyond.first, beyond.first + beyond.count, std::move(entering), depth + 1);
            if (stop_ && !arrived_.empty()) return {};
            const bool comes_back = rule.target.kind == Target::Kind::jump;
            if (!comes_back && fits && goal_ && rules_.rule(*goal_).chain == rule.chain)
                decided_.push_back({RuleId{i}, sample});
            join(comes_back ? rest : back, std::move(returned));
        }
        set = std::move(rest);
        effort_.grown(set.size() + back.size());
    }
    join(back, std::move(set));
    return back;
}

std::vector<PacketSet> ways_into(const RuleSet& rules, const RuleSpaces& spaces, Effort& effort) {
    std::vector<PacketSet> ways(rules.chains().size());
    std::vector<std::uint32_t> callers(rules.chains().size(), 0);
    for (const Rule& rule : rules.rules())
        if (rule.target.kind == Target::Kind::jump || rule.target.kind == Target::Kind::go_to)
            ++callers[rule.target.chain.index];
    // Callers first; RuleSet::make has seen to it that there is no circle.
    std::vector<std::uint32_t> order;
    for (std::uint32_t c = 0; c < callers.size(); ++c)
        if (callers[c] == 0) order.push_back(c);
    for (const ChainId entry : entries_of(rules)) ways[entry.index] = spaces.space.universe();
    for (std::size_t at = 0; at < order.size(); ++at) {
        const Chain& chain = rules.chains()[order[at]];
        for (std::uint32_t i = chain.first; i < chain.first + chain.count && !effort.spent(); ++i) {
            const Target& target = rules.rules()[i].target;
            if (target.kind != Target::Kind::jump && target.kind != Target::Kind::go_to) continue;
            const PacketSet& here = ways[order[at]];
            join(ways[target.chain.index], spaces.of[i] ? intersection(here, *spaces.of[i], effort) : here);
            effort.grown(ways[target.chain.index].size());
            if (--callers[target.chain.index] == 0) order.push_back(target.chain.index);
        }
    }
    return ways;
}

std::vector<ChainId> entries_of(const RuleSet& rules) {
    std::vector<ChainId> entries;
    for (const Binding& binding : rules.bindings())
        if (std::find(entries.begin(), entries.end(), binding.chain) == entries.end()) entries.push_back(binding.chain);
    return entries;
}

}  // namespace sim::firewall::exact
