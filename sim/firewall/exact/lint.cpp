#include "sim/firewall/exact/lint.hpp"

#include "sim/firewall/exact/lint_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <tuple>

namespace sim::firewall::exact {
namespace {

// Chains to which some way leads from a chain that packets enter.
std::vector<bool> chains_led_to(const RuleSet& rules) {
    std::vector<bool> led_to(rules.chains().size(), false);
    std::vector<ChainId> open = entries_of(rules);
    for (const ChainId entry : open) led_to[entry.index] = true;
    while (!open.empty()) {
        const Chain& chain = rules.chain(open.back());
        open.pop_back();
        for (std::uint32_t i = chain.first; i < chain.first + chain.count; ++i) {
            const Target& target = rules.rules()[i].target;
            if (!leads_on(target.kind) || led_to[target.chain.index]) continue;
            led_to[target.chain.index] = true;
            open.push_back(target.chain);
        }
    }
    return led_to;
}

// One line of a file may be several rules (lists of addresses), and may stand in several chains (one list bound twice).
// It is blamed only when all of them are dead.
std::vector<std::vector<RuleId>> copies_of(const RuleSet& rules, const std::vector<bool>& led_to) {
    std::vector<std::vector<RuleId>> copies;
    std::map<std::tuple<std::string, std::uint32_t, std::uint32_t, std::string>, std::size_t> known;
    for (std::uint32_t i = 0; i < rules.rules().size(); ++i) {
        const Origin& origin = rules.origin(RuleId{i});
        const Rule& rule = rules.rules()[i];
        const bool acts = rule.target.kind != Target::Kind::none || rule.log;
        if (!led_to[rule.chain.index] || !acts) continue;
        const auto [at, fresh] =
            known.try_emplace({origin.place.file, origin.place.line, origin.place.column, origin.text}, copies.size());
        if (fresh) copies.emplace_back();
        copies[at->second].push_back(RuleId{i});
    }
    return copies;
}

void tell_unexamined(LintWork& work, const std::vector<std::vector<RuleId>>& copies) {
    std::vector<RuleId> missing;
    for (const std::vector<RuleId>& line : copies)
        if (std::any_of(line.begin(), line.end(), [&](RuleId id) { return !work.examined[id.index]; }))
            missing.push_back(line.front());
    if (missing.empty()) return;
    work.report.add_remark("rule-lint-incomplete",
                           fmt::format("{} of {} rules were not examined: what they or the rules around them match is "
                                       "too entangled to be compared exactly",
                                       missing.size(), copies.size()),
                           fmt::format("{}; whether they ever decide is not said; run and explain judge packets as "
                                       "ever",
                                       work.report.names_of(missing).text));
}

}  // namespace

base::Diagnostics lint(const RuleSet& rules, const LintOptions& options) {
    LintReport report(rules);
    if (rules.rules().size() > lint_rules_max) {
        report.add_remark(
            "rule-lint-incomplete",
            fmt::format("none of {} rules was examined: they are too many to be compared with one another",
                        rules.rules().size()),
            "rules that never decide are not looked for here; run and explain judge packets as ever");
        return report.take();
    }
    const std::vector<bool> led_to = chains_led_to(rules);
    const auto copies = copies_of(rules, led_to);
    Effort effort(options.effort);
    const RuleSpaces spaces(rules, effort);
    const Reach reach(rules, spaces, effort);
    LintWork work{.rules = rules,
                  .options = options,
                  .spaces = spaces,
                  .reach = reach,
                  .effort = effort,
                  .report = report,
                  .dead = std::vector<bool>(rules.rules().size(), false),
                  .examined = std::vector<bool>(rules.rules().size(), false)};
    lint_rules(work, copies);
    if (options.pairs && !effort.spent()) lint_pairs(work);
    lint_chains(work, led_to);
    tell_unexamined(work, copies);
    return report.take();
}

}  // namespace sim::firewall::exact
