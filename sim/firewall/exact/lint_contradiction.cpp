// Rules that ask for what no packet can have.
#include "sim/firewall/exact/lint_report.hpp"
#include "sim/firewall/explain.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace sim::firewall::exact {
namespace {

bool fits_none(const LintWork& work, const Rule& rule, Effort& effort) {
    const auto set = work.spaces.space.of(rule, effort);
    return set && set->empty();
}

// As few matches as shut each other out: taken away one by one while the rest still does.
std::vector<Match> clashing(const LintWork& work, const Rule& rule, Effort& effort) {
    Rule rest = rule;
    for (std::size_t i = 0; i < rest.matches.size();) {
        Rule less = rest;
        less.matches.erase(less.matches.begin() + static_cast<std::ptrdiff_t>(i));
        if (fits_none(work, less, effort))
            rest = std::move(less);
        else
            ++i;
    }
    return rest.matches;
}

// A later fragment, where there is none.
bool put_together(const std::vector<Match>& clash) {
    return clash.size() == 1 && !clash[0].inverted && std::holds_alternative<LaterFragment>(clash[0].what);
}

// What fits all that the rule asks but the one.
std::optional<Witness> nearly(const LintWork& work, Rule rule, const Match& but, Effort& effort) {
    const auto at = std::find(rule.matches.begin(), rule.matches.end(), but);
    if (at == rule.matches.end()) return std::nullopt;
    rule.matches.erase(at);
    const auto set = work.spaces.space.of(rule, effort);
    if (!set || set->empty()) return std::nullopt;
    return witness_of(set->front(), work.spaces.space);
}

}  // namespace

void tell_contradiction(LintWork& work, RuleId id) {
    const Rule& rule = work.rules.rule(id);
    Effort effort = work.share();
    const std::uint64_t had = effort.left();
    const std::vector<Match> clash = clashing(work, rule, effort);
    std::string asked;
    for (std::size_t i = 0; i < clash.size(); ++i)
        asked += (i == 0 ? "" : i + 1 == clash.size() ? " and " : ", ") + describe(clash[i]);
    std::string shown;
    const auto witness = clash.empty() ? std::nullopt : nearly(work, rule, clash.back(), effort);
    if (witness) shown = fmt::format("for instance {} fits all but {}; ", format(*witness), describe(clash.back()));
    work.pay(effort, had);
    work.report.add(
        {base::Severity::warning, id, "rule-never-matches",
         clash.size() > 1    ? fmt::format("no packet fits this rule: {} shut each other out", asked)
         : put_together(clash) ? std::string("no packet fits this rule: connections are tracked here, so fragments are "
                                             "put together before the rules see them")
         : clash.size() == 1 ? fmt::format("no packet fits this rule: nothing is \"{}\"", asked)
                             : std::string("no packet fits this rule: what it asks contradicts itself"),
         shown + (clash.size() > 1 ? "all its matches must hold; mend one of these, or take the rule out"
                                   : "mend what it asks, or take the rule out"),
         witness});
}

}  // namespace sim::firewall::exact
