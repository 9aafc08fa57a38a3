#include "scenarios/check/causes.hpp"

#include "scenarios/check/by_default.hpp"
#include "scenarios/check/unused.hpp"
#include "scenarios/diagnosis/diagnose.hpp"
#include "scenarios/diagnosis/filter_faults.hpp"
#include "scenarios/diagnosis/needs.hpp"
#include "scenarios/runner/run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <list>

namespace scenarios::check {
namespace {

using diagnosis::Effect;
using diagnosis::Finding;
using diagnosis::Findings;
using runner::Scenario;
using runner::StagedScenario;
using runner::StagedVariant;

constexpr std::size_t variants_named = 3;

// The lines of the scenario and of the files that it names. A registry export may be in another encoding, so its lines
// are asked of the values that were read from it.
class Lines {
public:
    explicit Lines(const StagedScenario& staged) : scenario_(*staged.scenario->source), variants_(staged.variants) {
        for (const StagedVariant& variant : variants_)
            for (const runner::FirewallSetup& firewall : variant.setup().firewalls) add(firewall.rules);
        for (const runner::Step& step : staged.scenario->steps) add(step.rules);
    }

    // Empty when nobody knows the line.
    std::string at(const base::Place& place) const {
        if (place.file == scenario_.name()) return std::string(scenario_.line(place.line));
        for (const base::SourceText& source : files_)
            if (source.name() == place.file) return std::string(source.line(place.line));
        for (const StagedVariant& variant : variants_)
            for (const runner::StagedServer& server : variant.servers)
                for (const auto& [path, key] : server.registry.keys())
                    for (const auto& [name, value] : key.values)
                        if (value.written.place == place) return value.written.source_line;
        return {};
    }

private:
    void add(const runner::Rules& rules) {
        if (!rules.file || !rules.file->text) return;
        const auto same = [&](const base::SourceText& source) { return source.name() == rules.file->path; };
        if (std::none_of(files_.begin(), files_.end(), same)) files_.emplace_back(rules.file->path, *rules.file->text);
    }

    const base::SourceText& scenario_;
    const std::vector<StagedVariant>& variants_;
    std::list<base::SourceText> files_;
};

std::string in_lines(const std::vector<std::string>& texts) {
    std::string joined;
    for (const std::string& text : texts) joined += (joined.empty() ? "" : "\n") + text;
    return joined;
}

base::Diagnostic told(const Finding& finding, const Scenario& scenario, const Lines& lines) {
    base::Diagnostic one;
    one.severity = finding.effect == Effect::risks ? base::Severity::note : base::Severity::warning;
    one.what = sentence(finding);
    if (finding.likely && one.what.find("likely") == std::string::npos) one.what += " (likely)";
    one.id = finding.id;
    one.hint = in_lines(finding.mend);
    const auto seen = std::find_if(finding.evidence.begin(), finding.evidence.end(),
                                   [](const diagnosis::Evidence& e) { return e.place.line != 0; });
    if (seen != finding.evidence.end())
        one.place = seen->place;
    else
        one.place = finding.stands.line != 0 ? finding.stands : scenario.title_place;
    one.source_line = lines.at(one.place);
    one.witness = finding.witness;
    return one;
}

// Without those about rules that a cause speaks of already: it knows more closely what is wrong with them.
Findings unexplained(Findings unused, const Findings& causes) {
    std::erase_if(unused, [&](const Finding& one) {
        return std::any_of(causes.begin(), causes.end(), [&](const Finding& cause) {
            return std::any_of(cause.evidence.begin(), cause.evidence.end(), [&](const diagnosis::Evidence& e) {
                return e.place.line != 0 && e.place == one.evidence.front().place;
            });
        });
    });
    return unused;
}

// Findings of all variants, and which variants have them.
class Collected {
public:
    // `when` is said of each finding; may be empty.
    Collected(const StagedScenario& staged, std::string when)
        : staged_(staged), lines_(staged), when_(std::move(when)) {}

    void add(std::size_t variant, const Findings& findings) {
        for (const Finding& finding : findings) {
            base::Diagnostic one = told(finding, *staged_.scenario, lines_);
            const auto same =
                std::find_if(rows_.begin(), rows_.end(), [&](const Row& r) { return is_same(r.told, one); });
            Row& row = same == rows_.end() ? rows_.emplace_back(Row{std::move(one), {}}) : *same;
            if (row.variants.empty() || row.variants.back() != variant) row.variants.push_back(variant);
        }
    }

    base::Diagnostics take() {
        base::Diagnostics all;
        for (Row& row : rows_) {
            const std::string where = where_of(row.variants);
            if (!where.empty()) row.told.what += " (" + where + ")";
            all.push_back(std::move(row.told));
        }
        return all;
    }

private:
    struct Row {
        base::Diagnostic told;
        std::vector<std::size_t> variants;
    };

    // A note is told once, and not again for each case that brings rules of its own.
    static bool is_same(const base::Diagnostic& a, const base::Diagnostic& b) {
        const bool notes = a.severity == base::Severity::note && b.severity == base::Severity::note;
        return a == b || (notes && a.id == b.id && a.what == b.what);
    }

    // Empty for what the base has, or all.
    std::string where_of(const std::vector<std::size_t>& variants) const {
        const bool base_has_it = staged_.variants[variants.front()].name.empty();
        if (base_has_it || variants.size() == staged_.variants.size()) return when_;
        std::string named;
        for (std::size_t i = 0; i < std::min(variants.size(), variants_named); ++i)
            named += fmt::format("{}\"{}\"", i == 0 ? "in " : ", ", staged_.variants[variants[i]].name);
        if (variants.size() > variants_named) named += fmt::format(" and {} more", variants.size() - variants_named);
        return named + (when_.empty() ? "" : ", ") + when_;
    }

    const StagedScenario& staged_;
    Lines lines_;
    std::string when_;
    std::vector<Row> rows_;
};

}  // namespace

base::Diagnostics causes_in_files(const StagedScenario& staged) {
    Collected all(staged, staged.steps.empty() ? "" : "before the first step");
    for (std::size_t i = 0; i < staged.variants.size(); ++i) {
        const diagnosis::Situation situation = diagnosis::situation_before(staged.variants[i]);
        Findings findings = diagnosis::diagnose(situation);
        if (!diagnosis::needs_notice(situation))
            for (Finding& notice : diagnosis::notice_findings(situation)) {
                notice.effect = Effect::risks;  // nobody waits for it in this rehearsal
                findings.push_back(std::move(notice));
            }
        all.add(i, findings);
        all.add(i, open_by_default_findings(situation));
        // Steps may give services the ports that are open already.
        if (staged.steps.empty()) all.add(i, unexplained(unused_findings(situation), findings));
    }
    return all.take();
}

base::Diagnostics causes_in_run(const std::shared_ptr<const StagedScenario>& staged) {
    Collected all(*staged, "");
    const auto look = [&all, &staged](std::size_t variant, const runner::CloseUp& seen) {
        all.add(variant, diagnosis::diagnose(staged->variants[variant], seen));
    };
    runner::run(runner::units_of(staged), {}, [&](runner::Result&& result) {
        for (const runner::StepResult& step : result.steps)
            for (const runner::StepAtSite& at : step.sites)
                if (at.close_up) look(at.variant, *at.close_up);
        if (result.steps.empty()) look(result.variant, result.close_ups.front());
    });
    return all.take();
}

}  // namespace scenarios::check
