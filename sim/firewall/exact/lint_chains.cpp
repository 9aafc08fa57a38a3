// Chains that do nothing: nobody leads there, nothing stands there, or nobody comes back.
#include "sim/firewall/exact/lint_report.hpp"

#include <fmt/format.h>

namespace sim::firewall::exact {
namespace {

using base::Severity;

std::string name_of(const Chain& chain) { return base::printable(chain.name, 60); }

void review_unused(LintWork& work, const std::vector<bool>& led_to) {
    for (std::uint32_t c = 0; c < work.rules.chains().size(); ++c) {
        const Chain& chain = work.rules.chains()[c];
        if (led_to[c] || chain.policy || chain.count == 0) continue;
        std::string shown;
        std::optional<Witness> witness;
        for (std::uint32_t i = chain.first; i < chain.first + chain.count && !witness; ++i)
            if (const auto& fits = work.spaces.of[i]; fits && !fits->empty()) {
                witness = witness_of(fits->front(), work.spaces.space);
                shown = fmt::format("for instance {} never comes to {}; ", format(*witness),
                                    work.rules.label(RuleId{i}));
            }
        work.report.add(
            {Severity::note, RuleId{chain.first}, "chain-unused",
             fmt::format("nothing leads to chain {}, so its {}", name_of(chain),
                         chain.count == 1 ? "rule does nothing" : fmt::format("{} rules do nothing", chain.count)),
             shown + fmt::format("a rule with {} {} in a chain that packets enter would lead there",
                                 work.rules.dialect() == Dialect::nft ? "jump" : "-j", name_of(chain)),
             witness});
    }
}

// Whether no rule of the chain decides, notes or leads on.
bool does_nothing(const RuleSet& rules, const Chain& chain) {
    for (std::uint32_t i = chain.first; i < chain.first + chain.count; ++i) {
        const Rule& rule = rules.rules()[i];
        if (rule.log || (rule.target.kind != Target::Kind::none && rule.target.kind != Target::Kind::leave))
            return false;
    }
    return true;
}

// A packet that comes to the rule.
std::optional<Witness> one_of(LintWork& work, RuleId id) {
    Effort share = work.share();
    const std::uint64_t had = share.left();
    const auto fate = work.reach.fate(id, share);
    work.pay(share, had);
    return fate.witness;
}

void review_jump(LintWork& work, RuleId id) {
    const Rule& rule = work.rules.rule(id);
    const Chain& beyond = work.rules.chain(rule.target.chain);
    if (does_nothing(work.rules, beyond)) {
        const bool jump = rule.target.kind == Target::Kind::jump;
        const auto witness = one_of(work, id);
        work.report.add({Severity::note, id, "jump-to-nothing",
                         fmt::format("this rule leads to chain {}, where no rule does anything, so it {}",
                                     name_of(beyond), jump ? "changes nothing" : "only leaves its own chain"),
                         jump ? "fill the chain, or take the jump out" : "fill the chain, or write -j RETURN",
                         witness});
        return;
    }
    // A chain that decides everything (log and drop) is a common thing to jump to.
    const auto& fits = work.spaces.of[id.index];
    if (!work.options.pairs || rule.target.kind != Target::Kind::jump || !fits || fits->empty()) return;
    bool all = true;
    const Takers& takers = work.reach.takers(rule.target.chain);
    const TakerSpan span{&takers, takers.size()};
    Effort share = work.share();
    const std::uint64_t had = share.left();
    all = decide(*fits, {&span, 1}, 0, share, [](const Cell&, const Taker* taker) {
        return taker != nullptr && taker->does != Taker::Does::sends_back;
    });
    work.pay(share, had);
    if (all)
        work.report.add({Severity::note, id, "jump-never-returns",
                         fmt::format("no packet comes back from chain {}: everything that this rule fits is decided "
                                     "there",
                                     name_of(beyond)),
                         "a goto (-g) would say so; rules below never see these packets", one_of(work, id)});
}

}  // namespace

void lint_chains(LintWork& work, const std::vector<bool>& led_to) {
    review_unused(work, led_to);
    for (std::uint32_t i = 0; i < work.rules.rules().size(); ++i) {
        const Rule& rule = work.rules.rules()[i];
        if (leads_on(rule.target.kind) && led_to[rule.chain.index] && !work.dead[i] && !work.effort.spent())
            review_jump(work, RuleId{i});
    }
}

}  // namespace sim::firewall::exact
