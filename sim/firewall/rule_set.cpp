#include "sim/firewall/rule_set.hpp"

#include "sim/firewall/screen.hpp"

#include <algorithm>

namespace sim::firewall {
namespace {

bool leads_on(const Target& target) { return target.kind == Target::Kind::jump || target.kind == Target::Kind::go_to; }

base::Diagnostic error_at(base::Place place, std::string what, std::string id, std::string hint) {
    return {base::Severity::error, std::move(place), std::move(what), std::move(id), std::move(hint), {}};
}

// Chains in an order in which every chain stands before those it leads to; shorter than the chains when some lead
// in a circle. Iterative, because a hostile file may nest as many chains as it has lines.
std::vector<std::uint32_t> callers_first(const std::vector<DraftChain>& chains) {
    std::vector<std::uint32_t> callers(chains.size(), 0);
    for (const DraftChain& chain : chains)
        for (const DraftRule& r : chain.rules)
            if (leads_on(r.rule.target)) ++callers[r.rule.target.chain.index];
    std::vector<std::uint32_t> order;
    for (std::uint32_t i = 0; i < chains.size(); ++i)
        if (callers[i] == 0) order.push_back(i);
    for (std::size_t at = 0; at < order.size(); ++at)
        for (const DraftRule& r : chains[order[at]].rules)
            if (leads_on(r.rule.target) && --callers[r.rule.target.chain.index] == 0)
                order.push_back(r.rule.target.chain.index);
    return order;
}

base::Diagnostics loops_outside(const std::vector<DraftChain>& chains, const std::vector<std::uint32_t>& order) {
    std::vector<bool> fine(chains.size(), false);
    for (const std::uint32_t i : order) fine[i] = true;
    base::Diagnostics found;
    for (std::size_t i = 0; i < chains.size(); ++i)
        for (const DraftRule& r : chains[i].rules)
            if (!fine[i] && leads_on(r.rule.target) && !fine[r.rule.target.chain.index])
                found.push_back(error_at(r.origin.place,
                                         "chain " + base::printable(chains[i].name) + " leads in a circle through " +
                                             base::printable(chains[r.rule.target.chain.index].name),
                                         "jump-loop", "a packet would never come to an end here"));
    return found;
}

struct Weight {
    std::uint64_t rules = 0;  // most rules one packet can meet from here
    std::size_t depth = 0;    // most places to return to
};

base::Diagnostics too_heavy(const std::vector<DraftChain>& chains, const std::vector<std::uint32_t>& order) {
    std::vector<Weight> weights(chains.size());
    base::Diagnostics found;
    for (auto i = order.rbegin(); i != order.rend(); ++i) {
        Weight& w = weights[*i];
        for (const DraftRule& r : chains[*i].rules) {
            w.rules += 1;
            if (!leads_on(r.rule.target)) continue;
            const Weight& beyond = weights[r.rule.target.chain.index];
            w.rules = std::min(w.rules + beyond.rules, RuleSet::rules_per_packet_max + 1);
            w.depth = std::max(w.depth, beyond.depth + (r.rule.target.kind == Target::Kind::jump ? 1U : 0U));
        }
        if (w.depth > RuleSet::jump_depth_max)
            found.push_back(error_at(chains[*i].place,
                                     "chain " + base::printable(chains[*i].name) + " nests deeper than " +
                                         std::to_string(RuleSet::jump_depth_max) + " jumps",
                                     "jump-depth", {}));
        if (w.rules > RuleSet::rules_per_packet_max)
            found.push_back(error_at(
                chains[*i].place,
                "one packet could meet more than a million rules from chain " + base::printable(chains[*i].name),
                "rule-cost", {}));
    }
    return found;
}

}  // namespace

std::string_view id(Dialect dialect) {
    switch (dialect) {
        case Dialect::native: return "native";
        case Dialect::iptables: return "iptables";
        case Dialect::cisco_ios: return "cisco-ios";
        case Dialect::cisco_asa: return "cisco-asa";
        case Dialect::nft: return "nft";
    }
    return "?";
}

std::string_view id(Hook hook) {
    switch (hook) {
        case Hook::input: return "INPUT";
        case Hook::forward: return "FORWARD";
        case Hook::output: return "OUTPUT";
        case Hook::prerouting: return "PREROUTING";
        case Hook::postrouting: return "POSTROUTING";
    }
    return "?";
}

base::Result<SharedRules, base::Diagnostics> RuleSet::make(Draft draft) {
    const std::vector<std::uint32_t> order = callers_first(draft.chains);
    if (order.size() != draft.chains.size()) return base::failure(loops_outside(draft.chains, order));
    if (base::Diagnostics heavy = too_heavy(draft.chains, order); !heavy.empty())
        return base::failure(std::move(heavy));

    auto made = std::shared_ptr<RuleSet>(new RuleSet);
    made->name_ = std::move(draft.name);
    made->dialect_ = draft.dialect;
    made->tracking_ = draft.tracking;
    made->family_ = draft.family;
    made->other_family_passes_ = draft.other_family_passes;
    made->tracked_family_ = draft.tracked_family;
    made->mid_stream_pickup_ = draft.mid_stream_pickup;
    made->unbound_passes_ = draft.unbound_passes;
    made->manners_ = draft.manners;
    made->own_ = draft.own;
    made->bindings_ = std::move(draft.bindings);
    made->is_nat_ = draft.is_nat;
    made->nat_ = std::move(draft.nat);
    for (std::uint32_t c = 0; c < draft.chains.size(); ++c) {
        DraftChain& chain = draft.chains[c];
        const auto first = static_cast<std::uint32_t>(made->rules_.size());
        std::uint32_t number = 0;
        for (DraftRule& drafted : chain.rules) {
            Rule& rule = made->rules_.emplace_back(std::move(drafted.rule));
            rule.chain = ChainId{c};
            made->screens_.push_back(screen_of(rule.matches));
            rule.number = drafted.part ? number : ++number;
            made->origins_.push_back(std::move(drafted.origin));
            if (draft.is_nat) made->translations_.push_back(std::move(drafted.translation));
        }
        made->chains_.push_back({std::move(chain.name), std::move(chain.table), chain.policy, first,
                                 static_cast<std::uint32_t>(chain.rules.size())});
    }
    return SharedRules(std::move(made));
}

RuleSet::RuleSet() = default;
RuleSet::~RuleSet() = default;

std::span<const Screen> RuleSet::screens() const { return screens_; }

bool RuleSet::translates() const {
    return nat_ != nullptr && std::any_of(nat_->translations_.begin(), nat_->translations_.end(),
                                          [](const auto& t) { return t.has_value(); });
}

const Translation* RuleSet::translation(RuleId id) const {
    if (id.index >= translations_.size() || !translations_[id.index]) return nullptr;
    return &*translations_[id.index];
}

std::string RuleSet::label(RuleId id) const {
    const Rule& r = rule(id);
    const std::string number = std::to_string(origin(id).entry != 0 ? origin(id).entry : r.number);
    switch (dialect_) {
        case Dialect::native: return (is_nat_ ? "nat entry " : "rule ") + number;
        case Dialect::iptables: return (is_nat_ ? "nat " : "") + chain(r.chain).name + " rule " + number;
        case Dialect::cisco_ios: return chain(r.chain).name + " entry " + number;
        case Dialect::cisco_asa:
            // Not written by anybody: where an interface's list ends, the global one goes on.
            if (r.target.kind == Target::Kind::go_to) return "the end of " + chain(r.chain).name;
            return chain(r.chain).name + " entry " + number;
        case Dialect::nft: {
            const std::string& table = chain(r.chain).table;
            return (table.empty() ? "" : table + " ") + chain(r.chain).name + " rule " + number;
        }
    }
    return number;
}

std::string RuleSet::place(RuleId id) const {
    const base::Place& p = origin(id).place;
    if (p.line == 0) return p.file;
    const std::string line = p.file + ":" + std::to_string(p.line);
    return dialect_ == Dialect::nft ? line + ":" + std::to_string(p.column) : line;
}

}  // namespace sim::firewall
