#include "scenarios/runner/check_rules.hpp"

#include <algorithm>

namespace scenarios::runner {
namespace {

// Rules that a scenario names stand in their own file or in the scenario's.
base::Diagnostics lint_named(const firewall::RuleSet& rules, const Rules& named, const Scenario& scenario,
                             const firewall::exact::LintOptions& options) {
    const base::SourceText of_file(named.file ? named.file->path : std::string(),
                                   named.file && named.file->text ? *named.file->text : std::string());
    const base::SourceText* const sources[] = {&of_file, scenario.source.get()};
    return lint_with_lines(rules, sources, options);
}

void join(base::Diagnostics& into, base::Diagnostics more) {
    for (base::Diagnostic& finding : more)
        if (std::find(into.begin(), into.end(), finding) == into.end()) into.push_back(std::move(finding));
}

}  // namespace

base::Diagnostics lint_with_lines(const firewall::RuleSet& rules, std::span<const base::SourceText* const> sources,
                                  const firewall::exact::LintOptions& options) {
    base::Diagnostics found = firewall::exact::lint(rules, options);
    for (base::Diagnostic& finding : found)
        for (const base::SourceText* source : sources)
            if (source->name() == finding.place.file && finding.place.line != 0)
                finding.source_line = std::string(source->line(finding.place.line));
    return found;
}

base::Diagnostics lint_variant(const Scenario& scenario, const Setup& setup, const world::WorldPlan& plan,
                               const firewall::exact::LintOptions& options) {
    base::Diagnostics all;
    for (std::size_t i = 0; i < plan.firewalls.size(); ++i)
        if (plan.firewalls[i].rules != nullptr)
            join(all, lint_named(*plan.firewalls[i].rules, setup.firewalls[i].rules, scenario, options));
    return all;
}

base::Diagnostics lint_scenario(const StagedScenario& staged, const firewall::exact::LintOptions& options) {
    base::Diagnostics all;
    for (const StagedVariant& variant : staged.variants)
        join(all, lint_variant(*staged.scenario, variant.setup(), variant.plan, options));
    for (const StagedStep& step : staged.steps)
        for (const auto& rules : step.rules)
            if (rules != nullptr) join(all, lint_named(*rules, step.step->rules, *staged.scenario, options));
    return all;
}

}  // namespace scenarios::runner
