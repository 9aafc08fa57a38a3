#include "sim/firewall/exact/lint_reach.hpp"

#include <algorithm>

namespace sim::firewall::exact {
namespace {

constexpr std::size_t paths_max = 64;        // to one chain
constexpr std::size_t decided_max = 20'000;  // cells that one chain keeps
constexpr std::uint64_t effort_for_a_set = 1'000'000;
constexpr std::uint64_t effort_for_a_chain = 100'000'000;
constexpr std::size_t sent_back_max = 512;  // cells of RETURNs that are cut out of what follows them

bool is_final(Target::Kind kind) {
    return kind == Target::Kind::accept || kind == Target::Kind::drop || kind == Target::Kind::reject;
}
bool leads_on(Target::Kind kind) { return kind == Target::Kind::jump || kind == Target::Kind::go_to; }

Taker::Does does(Target::Kind kind) {
    return kind == Target::Kind::accept ? Taker::Does::accepts : Taker::Does::refuses;
}

// Callees before callers; RuleSet::make has seen to it that there is no circle.
std::vector<std::uint32_t> callees_first(const RuleSet& rules) {
    std::vector<std::uint32_t> callers(rules.chains().size(), 0);
    for (const Rule& rule : rules.rules())
        if (leads_on(rule.target.kind)) ++callers[rule.target.chain.index];
    std::vector<std::uint32_t> order;
    for (std::uint32_t c = 0; c < callers.size(); ++c)
        if (callers[c] == 0) order.push_back(c);
    for (std::size_t at = 0; at < order.size(); ++at) {
        const Chain& chain = rules.chains()[order[at]];
        for (std::uint32_t i = chain.first; i < chain.first + chain.count; ++i)
            if (const Target& target = rules.rules()[i].target;
                leads_on(target.kind) && --callers[target.chain.index] == 0)
                order.push_back(target.chain.index);
    }
    std::reverse(order.begin(), order.end());
    return order;
}

}  // namespace

RuleSpaces::RuleSpaces(const RuleSet& rules, Effort& effort) : space(rules) {
    of.reserve(rules.rules().size());
    for (const Rule& rule : rules.rules()) {
        Effort own = effort.part(effort_for_a_set);
        const std::uint64_t had = own.left();
        of.push_back(effort.spent() ? std::nullopt : space.of(rule, own));
        effort.pay(own, had);
        all_exact = all_exact && (of.back().has_value() || rule.target.kind == Target::Kind::none);
    }
}

std::vector<ChainId> entries_of(const RuleSet& rules) {
    std::vector<ChainId> entries;
    for (const Binding& binding : rules.bindings())
        if (std::find(entries.begin(), entries.end(), binding.chain) == entries.end()) entries.push_back(binding.chain);
    return entries;
}

Reach::Reach(const RuleSet& rules, const RuleSpaces& spaces, Effort& effort)
    : rules_(rules),
      spaces_(spaces),
      chains_(rules.chains().size()),
      paths_(rules.chains().size()),
      too_many_paths_(rules.chains().size(), false),
      exact_(spaces.all_exact) {
    for (const std::uint32_t chain : callees_first(rules)) make_chain(chain, effort);
    for (const ChainTakers& chain : chains_) exact_ = exact_ && !chain.cut;
    make_paths(effort);
}

// The takers of one chain in order. What a jump's chain decides is known already, and what follows a RETURN decides
// only of what was not sent back.
void Reach::make_chain(std::uint32_t number, Effort& whole) {
    ChainTakers& own = chains_[number];
    const Chain& chain = rules_.chains()[number];
    Effort effort = whole.part(effort_for_a_chain);
    const std::uint64_t had = effort.left();
    PacketSet sent_back;
    // While it is known what was sent back above; of a chain that nobody calls nothing need be known.
    bool sure = !chain.policy;
    const auto decided = [&](const PacketSet& set, RuleId rule, Taker::Does what) {
        if (!sure) return;
        for (Cell& cell : difference(set, sent_back, effort)) own.decided.push_back({std::move(cell), rule, what});
        if (effort.spent() || own.decided.size() > decided_max) {
            own.cut = true;
            sure = false;
        }
    };
    for (std::uint32_t i = chain.first; i < chain.first + chain.count; ++i) {
        own.before.push_back(own.takers.size());
        const Target& target = rules_.rules()[i].target;
        const std::optional<PacketSet>& fits = spaces_.of[i];
        if (target.kind == Target::Kind::none) continue;
        if (leads_on(target.kind)) {
            const ChainTakers& beyond = chains_[target.chain.index];
            own.cut = own.cut || beyond.cut;
            if (fits)
                for (const Taker& taker : beyond.decided) {
                    const PacketSet both = intersection(*fits, {taker.cell}, effort);
                    for (const Cell& cell : both) own.takers.add({cell, taker.rule, taker.does});
                    decided(both, taker.rule, taker.does);
                }
        }
        if (target.kind == Target::Kind::jump) continue;
        const bool ends_here = is_final(target.kind);
        if (fits)
            for (const Cell& cell : *fits)
                own.takers.add({cell, RuleId{i}, ends_here ? does(target.kind) : Taker::Does::sends_back});
        if (ends_here) {
            if (fits) decided(*fits, RuleId{i}, does(target.kind));
            continue;
        }
        if (fits) sent_back.insert(sent_back.end(), fits->begin(), fits->end());
        if (!fits || sent_back.size() > sent_back_max) {
            own.cut = own.cut || !chain.policy;
            sure = false;
        }
    }
    own.before.push_back(own.takers.size());
    own.cut = own.cut || effort.spent();  // then takers are missing
    whole.pay(effort, had);
}

void Reach::make_paths(Effort& whole) {
    for (const ChainId entry : entries_of(rules_)) paths_[entry.index].push_back({entry, {}, spaces_.space.universe()});
    std::vector<std::uint32_t> order = callees_first(rules_);
    std::reverse(order.begin(), order.end());
    for (const std::uint32_t number : order) {
        const Chain& chain = rules_.chains()[number];
        for (std::uint32_t i = chain.first; i < chain.first + chain.count; ++i) {
            const Target& target = rules_.rules()[i].target;
            if (!leads_on(target.kind)) continue;
            std::vector<Path>& beyond = paths_[target.chain.index];
            too_many_paths_[target.chain.index] = too_many_paths_[target.chain.index] || too_many_paths_[number];
            for (const Path& path : paths_[number]) {
                if (beyond.size() >= paths_max || whole.spent()) {
                    too_many_paths_[target.chain.index] = true;
                    break;
                }
                Path further{path.entry, path.jumps, path.set};
                further.jumps.push_back(RuleId{i});
                Effort own = whole.part(effort_for_a_set);
                const std::uint64_t had = own.left();
                if (spaces_.of[i]) further.set = intersection(path.set, *spaces_.of[i], own);
                whole.pay(own, had);
                if (own.spent()) too_many_paths_[target.chain.index] = true;
                if (!further.set.empty()) beyond.push_back(std::move(further));
            }
        }
    }
}

const std::vector<Reach::Path>* Reach::paths_to(ChainId chain) const {
    return too_many_paths_[chain.index] ? nullptr : &paths_[chain.index];
}

std::size_t Reach::takers_above(RuleId rule) const {
    const ChainId chain = rules_.rule(rule).chain;
    return chains_[chain.index].before[rule.index - rules_.chain(chain).first];
}

std::vector<TakerSpan> Reach::spans_of(const Path& path, RuleId rule) const {
    std::vector<TakerSpan> spans;
    for (const RuleId jump : path.jumps) spans.push_back({&takers(rules_.rule(jump).chain), takers_above(jump)});
    spans.push_back({&takers(rules_.rule(rule).chain), takers_above(rule)});
    return spans;
}

bool Reach::is_confirmed(const Witness& witness, ChainId entry, RuleId rule) const {
    const auto judged = judge(witness, rules_, entry);
    return judged && std::find(judged->matched.begin(), judged->matched.end(), rule) != judged->matched.end();
}

Reach::Fate Reach::fate(RuleId rule, Effort& effort) const {
    const std::optional<PacketSet>& fits = spaces_.of[rule.index];
    const ChainId chain = rules_.rule(rule).chain;
    if (!fits) return {};
    if (fits->empty()) return {Fate::Kind::empty};
    if (too_many_paths_[chain.index]) return {};
    bool any = false;
    for (const Path& path : paths_[chain.index]) {
        const PacketSet coming = intersection(*fits, path.set, effort);
        if (effort.spent()) return {};
        if (coming.empty()) continue;
        any = true;
        const Covering covering = cover(coming, spans_of(path, rule), effort);
        if (covering.covered == Covered::unknown) return {};
        if (covering.covered == Covered::yes) continue;
        const Witness witness = witness_of(*covering.escape, spaces_.space);
        // Takers that are not known may have taken it all the same.
        if (!exact_ && !is_confirmed(witness, path.entry, rule)) return {};
        return {Fate::Kind::reached, witness, path.entry};
    }
    return {any ? Fate::Kind::taken : Fate::Kind::apart};
}

std::optional<Witness> Reach::coming(RuleId rule, const PacketSet& packets, Effort& effort) const {
    for (const Path& path : paths_[rules_.rule(rule).chain.index]) {
        const Covering covering = cover(intersection(packets, path.set, effort), spans_of(path, rule), effort);
        if (effort.spent()) return std::nullopt;
        if (covering.covered != Covered::no) continue;
        const Witness witness = witness_of(*covering.escape, spaces_.space);
        if (exact_ || is_confirmed(witness, path.entry, rule)) return witness;
    }
    return std::nullopt;
}

bool Reach::is_matched(const Witness& witness, RuleId rule) const {
    const std::vector<ChainId> entries = entries_of(rules_);
    return std::any_of(entries.begin(), entries.end(),
                       [&](ChainId entry) { return is_confirmed(witness, entry, rule); });
}

Reach::Entered Reach::entered(ChainId chain, Effort& effort) const {
    if (rules_.chain(chain).policy || too_many_paths_[chain.index]) return {};
    for (const Path& path : paths_[chain.index]) {
        std::vector<TakerSpan> spans;
        for (const RuleId jump : path.jumps) spans.push_back({&takers(rules_.rule(jump).chain), takers_above(jump)});
        const Covering covering = cover(path.set, spans, effort);
        if (covering.covered == Covered::no) return {true, witness_of(*covering.escape, spaces_.space)};
        if (covering.covered == Covered::unknown) return {};
    }
    return {.any = false};
}

bool Reach::each_taker(RuleId rule, Effort& effort, const Part& part) const {
    const ChainId chain = rules_.rule(rule).chain;
    for (const Path& path : paths_[chain.index])
        if (!each_taker_on(path, rule, *spaces_.of[rule.index], effort, part)) return false;
    return true;
}

bool Reach::each_taker_on(const Path& path, RuleId rule, const PacketSet& packets, Effort& effort,
                          const Part& part) const {
    return decide(intersection(packets, path.set, effort), spans_of(path, rule), 0, effort, part);
}

bool Reach::each_behind(RuleId rule, Effort& effort, const Part& part) const {
    const ChainTakers& own = chains_[rules_.rule(rule).chain.index];
    const std::size_t behind = own.before[rule.index - rules_.chain(rules_.rule(rule).chain).first + 1];
    const TakerSpan span{&own.takers, own.takers.size()};
    return decide(*spaces_.of[rule.index], {&span, 1}, behind, effort, part);
}

bool Reach::is_taken_before(RuleId rule, const Cell& cell, Effort& effort) const {
    const TakerSpan span{&takers(rules_.rule(rule).chain), takers_above(rule)};
    return cover({cell}, {&span, 1}, effort).covered == Covered::yes;
}

bool Reach::is_sure_behind(RuleId rule) const {
    const ChainId id = rules_.rule(rule).chain;
    const Chain& chain = rules_.chain(id);
    for (std::uint32_t i = rule.index + 1; i < chain.first + chain.count; ++i) {
        const Target& target = rules_.rules()[i].target;
        if (!spaces_.of[i] && target.kind != Target::Kind::none) return false;
        if (leads_on(target.kind) && chains_[target.chain.index].cut) return false;
    }
    return true;
}

}  // namespace sim::firewall::exact
