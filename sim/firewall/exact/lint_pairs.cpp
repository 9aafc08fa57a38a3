// Pairs of rules whose order decides: told on request only, for most are meant.
#include "sim/firewall/exact/lint_report.hpp"

#include <fmt/format.h>

namespace sim::firewall::exact {
namespace {

using base::Severity;

constexpr std::size_t pairs_told_max = 1000;

class PairLint {
public:
    explicit PairLint(LintWork& work) : work_(work), rules_(work.rules) {}

    void review() {
        for (const Chain& chain : rules_.chains())
            for (std::uint32_t y = chain.first; y < chain.first + chain.count; ++y) {
                review_against(chain, RuleId{y});
                if (work_.effort.spent() || told_ > pairs_told_max) return too_many();
            }
    }

private:
    // One finding for each rule above that overlaps it and does the other thing.
    void review_against(const Chain& chain, RuleId y) {
        const auto& fits = work_.spaces.of[y.index];
        if (!fits || !is_final(rules_.rule(y).target.kind) || work_.dead[y.index]) return;
        const Takers& takers = work_.reach.takers(rules_.rule(y).chain);
        std::vector<RuleId> met;
        for (const Cell& cell : *fits)
            for (std::size_t i = takers.next_meeting(cell, 0, takers.size(), work_.effort); i < takers.size();
                 i = takers.next_meeting(cell, i + 1, takers.size(), work_.effort)) {
                const RuleId x = takers[i].rule;
                if (x < y && x.index >= chain.first && !work_.dead[x.index] && (met.empty() || met.back() != x)) met.push_back(x);
                if (!(x < y) && x.index < chain.first + chain.count) break;
            }
        std::sort(met.begin(), met.end());
        met.erase(std::unique(met.begin(), met.end()), met.end());
        for (const RuleId x : met)
            if (!work_.effort.spent()) review_pair(x, y);
    }

    void review_pair(RuleId x, RuleId y) {
        const Rule& a = rules_.rule(x);
        const Rule& b = rules_.rule(y);
        if (a.chain != b.chain || !is_final(a.target.kind) || same_effect(a, b)) return;
        const PacketSet& first = *work_.spaces.of[x.index];
        const PacketSet& second = *work_.spaces.of[y.index];
        const PacketSet both = intersection(first, second, work_.effort);
        if (both.empty() || work_.effort.spent()) return;
        if (difference(second, first, work_.effort).empty()) return;  // shadowed
        const bool inside = difference(first, second, work_.effort).empty();
        if (work_.effort.spent()) return;
        // What others take before the first of the two is not theirs to decide.
        const auto witness = work_.reach.coming(x, both, work_.effort);
        if (!witness || ++told_ > pairs_told_max) return;
        const std::string shown = fmt::format("for instance {}", format(*witness));
        if (inside)
            work_.report.add({Severity::note, y, "rule-generalises",
                              fmt::format("{} is an exception to this rule: it {} what this one {}",
                                          work_.report.name_of(x), verb(a.target), verb(b.target)),
                              shown + "; usually meant", *witness});
        else
            work_.report.add({Severity::note, y, "rule-correlated",
                              fmt::format("this rule and {} overlap, and their order decides: that one {}, this one {}",
                                          work_.report.name_of(x), verb(a.target), verb(b.target)),
                              fmt::format("{}: {} {} it", shown, rules_.label(x), verb(a.target)), *witness});
    }

    void too_many() {
        work_.report.add_remark(
            "rule-lint-incomplete",
            fmt::format("more pairs of rules overlap than are told: {} are", std::min(told_, pairs_told_max)),
            "their order decides in the others too");
    }

    LintWork& work_;
    const RuleSet& rules_;
    std::size_t told_ = 0;
};

}  // namespace

void lint_pairs(LintWork& work) { PairLint(work).review(); }

}  // namespace sim::firewall::exact
