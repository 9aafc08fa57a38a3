#include "scenarios/runner/check_rules.hpp"

namespace scenarios::runner {

sim::base::Diagnostics lint_with_lines(const sim::firewall::RuleSet& rules,
                                       std::span<const sim::base::SourceText* const> sources,
                                       const sim::firewall::LintOptions& options) {
    sim::base::Diagnostics found = sim::firewall::lint(rules, options);
    for (auto& finding : found)
        for (const sim::base::SourceText* source : sources)
            if (source->name() == finding.place.file && finding.place.line != 0)
                finding.source_line = std::string(source->line(finding.place.line));
    return found;
}

}  // namespace scenarios::runner
