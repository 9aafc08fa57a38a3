#include "scenarios/report/text.hpp"

#include "scenarios/diagnosis/diagnose.hpp"
#include "scenarios/report/findings.hpp"
#include "scenarios/report/story.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace scenarios::report {
namespace {

using runner::Result;
using runner::Status;

constexpr std::size_t width = 100;

std::string action_in_words(const runner::ActionTally& tally, client::Do action, std::uint64_t starts) {
    std::string text(id(action));
    if (tally.works.times == starts)
        text += " works";
    else if (tally.works.times > 0)
        text += fmt::format(" works in {} of {} starts", tally.works.times, starts);
    else {
        text += " fails";
        std::size_t places = 0;
        std::string where;
        for (std::size_t p = 0; p < tally.fails_at.size(); ++p)
            if (tally.fails_at[p].times > 0) {
                ++places;
                where = std::string(id(static_cast<client::Phase>(p)));
            }
        if (places == 1) text += " at " + where;
        if (places > 1) text += " at several places";
    }
    if (tally.degraded.times > 0)
        text += tally.degraded.times == starts ? ", over named pipes" : ", sometimes over named pipes";
    return text;
}

Tone tone_of(Status status) {
    switch (status) {
        case Status::as_expected: return Tone::good;
        case Status::wrong: return Tone::bad;
        case Status::ran: return Tone::strong;
        case Status::stopped: return Tone::quiet;
    }
    return Tone::plain;
}

void add_field(std::string& out, std::string_view name, const std::string& text) {
    out += fmt::format("        {:<9} {}\n", name, wrapped(text, width, 18));
}

void add_unmet(std::string& out, const runner::Unmet& unmet) {
    add_field(out, "expected", unmet.expected);
    add_field(out, "got", unmet.got);
}

void add_lines(std::string& out, const std::vector<Line>& lines) {
    for (const Line& line : lines) add_field(out, line.label, line.text);
}

void add_story(std::string& out, const Result& result, const runner::CloseUp& seen) {
    const std::string decided = decided_in_words(seen);
    if (!decided.empty()) add_field(out, "decided", fmt::format("seed {}, {}", seen.seed, decided));
    for (const std::string& line : inspection_in_words(seen)) add_field(out, "inspects", line);
    for (const std::string& sentence : story_of(seen)) {
        const std::size_t indent = sentence.find_first_not_of(' ');
        out += fmt::format("        {}{}\n", std::string(indent, ' '),
                           wrapped(sentence.substr(indent), width, 10 + indent));
    }
    const auto findings = diagnosis::diagnose(result.staged_variant(), seen);
    add_lines(out, lines_of(findings));
    for (const runner::Warning& warning : warnings_beside(seen.warnings, findings))
        add_field(out, "warning",
                  fmt::format("{}{} [{}]", warning.place.file.empty() ? "" : base::format(warning.place) + ": ",
                              warning.text, warning.id));
}

std::string at_site(const Result& result, std::optional<std::size_t> site) {
    return site ? result.scenario().sites[*site].name + ": " : std::string();
}

// What a site saw, and where something failed, why.
void add_site(std::string& out, const Result& result, const runner::StepAtSite& seen, std::vector<std::string>& told) {
    out += fmt::format("                     {}{}\n", at_site(result, seen.site), outcomes_in_words(seen.outcomes));
    if (!seen.close_up) return;
    const auto& variant = result.staged->variants[seen.variant];
    diagnosis::Findings fresh;
    for (auto& finding : diagnosis::diagnose(variant, *seen.close_up)) {
        if (finding.effect == diagnosis::Effect::risks) continue;
        const std::string words = at_site(result, seen.site) + sentence(finding);
        const bool is_new = std::find(told.begin(), told.end(), words) == told.end();
        if (is_new) told.push_back(words);
        // Told before, under an earlier step: the headline is enough.
        if (!is_new) finding.evidence.clear(), finding.mend.clear();
        fresh.push_back(std::move(finding));
    }
    for (const Line& line : lines_of(fresh))
        out += fmt::format("                       {} {}\n", line.label, wrapped(line.text, width, 29));
}

void add_steps(std::string& out, const Result& result) {
    std::vector<std::string> told;  // causes, so that each is explained once
    std::size_t number = result.steps.empty() || result.steps.front().step == nullptr ? 0 : 1;
    for (const runner::StepResult& step : result.steps) {
        out += fmt::format("        {:>9} s  {}\n",
                           base::format_seconds(step.began).substr(0, base::format_seconds(step.began).find(' ')),
                           step_title(result, step, number++));
        for (const runner::StepAtSite& seen : step.sites) add_site(out, result, seen, told);
        for (const runner::Outage& outage : step.outages)
            out += fmt::format("                     {}cut off for {}{}\n", at_site(result, outage.site),
                               base::format_human(outage.length), outage.open ? ", still cut off at the end" : "");
        for (const runner::Unmet& unmet : step.unmet) add_unmet(out, unmet);
    }
}

}  // namespace

std::string step_title(const Result& result, const runner::StepResult& step, std::size_t number) {
    if (step.step == nullptr) return "before the first step";
    std::string text = fmt::format("step {}: {}", number, id(step.step->kind.value));
    if (step.step->service) text += " " + std::string(id(step.step->service->value));
    if (step.step->file) text += " " + step.step->file->written;
    if (step.step->site) text += " at " + result.scenario().sites[*step.step->site].name;
    if (!step.step->note.empty()) text += " (" + step.step->note + ")";
    return text;
}

std::string outcomes_in_words(const std::vector<client::ActionOutcome>& outcomes) {
    std::string text;
    for (const auto& outcome : outcomes) {
        text += (text.empty() ? "" : ", ") + std::string(id(outcome.action)) + (outcome.works ? " works" : " fails");
        if (outcome.failure && !outcome.works) text += " at " + std::string(id(outcome.failure->phase));
        if (outcome.degraded) text += " over named pipes";
    }
    return text;
}

std::string outcome_in_words(const Result& result) {
    std::string text;
    for (const client::Do action : client::all_do) {
        const runner::ActionTally& tally = result.tally.of(action);
        if (tally.works.times + tally.fails.times == 0) continue;
        const std::uint64_t asked = tally.works.times + tally.fails.times;
        text += (text.empty() ? "" : "; ") + action_in_words(tally, action, asked);
    }
    return text.empty() ? "nothing was asked of the client" : text;
}

std::string selection_of(const Result& result, std::uint64_t seed) {
    std::string text;
    const runner::Variant& variant = *result.staged_variant().variant;
    if (variant.case_index) text += fmt::format(" --case {}", *variant.case_index + 1);
    if (variant.site_index && result.steps.empty()) text += fmt::format(" --site {}", *variant.site_index + 1);
    return text + fmt::format(" --seed {}", seed);
}

std::string text_of(const Result& result, const TextOptions& options) {
    const std::string status(id(result.status));
    std::string words = outcome_in_words(result);
    if (!result.steps.empty()) words = fmt::format("{} steps", result.staged->steps.size());
    if (result.status == Status::as_expected) words += ", as expected";
    if (result.status == Status::stopped) words += fmt::format(" so far, stopped after {} starts", result.tally.starts);
    std::string out =
        fmt::format("  {} {:<{}}  {}", options.style(tone_of(result.status), fmt::format("{:<7}", status)), result.name,
                    options.name_width, words);
    if (result.tally.starts > 1 && result.status != Status::stopped)
        out += fmt::format("  {} starts", result.tally.starts);
    out += '\n';
    const bool in_full = result.status == Status::wrong || result.status == Status::ran || options.stories;
    if (!in_full) return out;
    for (const runner::Unmet& unmet : result.unmet) add_unmet(out, unmet);
    if (!result.steps.empty()) {
        add_steps(out, result);
        return out;
    }
    for (const runner::CloseUp& seen : result.close_ups) {
        add_story(out, result, seen);
        add_field(
            out, "see",
            fmt::format("firedrill show {}{}", result.scenario().source->name(), selection_of(result, seen.seed)));
    }
    return out;
}

void Totals::add(Status status) {
    switch (status) {
        case Status::as_expected: ++passed; break;
        case Status::wrong: ++failed; break;
        case Status::ran: ++ran; break;
        case Status::stopped: ++stopped; break;
    }
}

std::string text_of(const Totals& totals) {
    std::string text = fmt::format("{} passed, {} failed, {} skipped", totals.passed, totals.failed, totals.skipped);
    if (totals.ran > 0) text += fmt::format(", {} ran without an expectation", totals.ran);
    if (totals.stopped > 0) text += fmt::format(", {} stopped", totals.stopped);
    return text + "\n";
}

}  // namespace scenarios::report
