#include "scenarios/lesson/plays.hpp"

#include "scenarios/runner/load.hpp"
#include "scenarios/runner/load_reader.hpp"
#include "scenarios/runner/run.hpp"
#include "scenarios/runner/stage.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace scenarios::lesson {
namespace {

using runner::Scenario;

bool changes_steps(const RunRef& run) { return !run.order.empty() || !run.without.empty() || run.until; }

std::vector<std::string> titles(const RunRef& run) {
    std::vector<std::string> all;
    for (const Name& one : run.cases) all.push_back(one.value);
    return all;
}

// The steps that are done, in their order. Their own expectations hold only for the order they were written for, so
// each is followed by a look alone; outages are measured by these looks.
void choose_steps(const RunRef& run, Scenario& scenario) {
    std::vector<std::size_t> order;
    for (std::size_t i = 0; i < scenario.steps.size(); ++i) order.push_back(i);
    if (!run.order.empty()) {
        order.clear();
        for (const auto& number : run.order) order.push_back(number.value - 1);
    }
    std::vector<runner::Step> chosen;
    for (const std::size_t index : order) {
        const std::uint64_t number = index + 1;
        const bool left_out = std::any_of(run.without.begin(), run.without.end(),
                                          [&](const auto& without) { return without.value == number; });
        if (!left_out) chosen.push_back(scenario.steps[index]);
        if (run.until && run.until->value == number) break;
    }
    for (runner::Step& step : chosen) {
        step.outage.reset();
        step.expect.clear();
        if (scenario.sites.empty()) step.expect.push_back({std::nullopt, {}, step.place});
        for (std::size_t site = 0; site < scenario.sites.size(); ++site) step.expect.push_back({site, {}, step.place});
    }
    scenario.steps = std::move(chosen);
    scenario.after.reset();
}

runner::Result play_unit(const std::shared_ptr<const runner::StagedScenario>& staged, std::size_t variant,
                         std::optional<std::uint64_t> seed) {
    std::vector<runner::Unit> units = runner::units_of(staged);
    const bool steps = units.front().has_steps();
    runner::RunOptions how;
    how.seed = seed;
    runner::Result result;
    runner::run({units[steps ? 0 : variant]}, how, [&](runner::Result&& one) { result = std::move(one); });
    return result;
}

// The variant that is meant: the combined case where there is one, at the site.
std::size_t variant_of(const RunRef& run, const Scenario& scenario, std::size_t site) {
    const std::size_t sites = std::max<std::size_t>(scenario.sites.size(), 1);
    return (run.cases.empty() ? 0 : sites) + site;
}

std::string words(const runner::Unmet& unmet) { return fmt::format("expected {}, got {}", unmet.expected, unmet.got); }

std::string range(const Span<std::uint64_t>& span) {
    return span.low == span.high ? grouped(span.low) : grouped(span.low) + " to " + grouped(span.high);
}

void compare_ports(const std::optional<Placed<Span<std::uint64_t>>>& wanted, std::uint64_t got, std::string_view what,
                   std::vector<std::string>& unmet) {
    if (wanted && !wanted->value.holds(got))
        unmet.push_back(fmt::format("expected {} {}, got {}", range(wanted->value), what, grouped(got)));
}

void compare_outage(const OutageMeaning& wanted, const Facts& facts, std::vector<std::string>& unmet) {
    const bool holds = wanted.cut == Cut::none ? !facts.outage
                       : wanted.cut == Cut::stays
                           ? facts.outage_stays
                           : facts.outage && !facts.outage_stays && wanted.length.holds(*facts.outage);
    if (holds) return;
    unmet.push_back(fmt::format("expected {}, got {}",
                                wanted.cut == Cut::none ? std::string("no outage")
                                : wanted.cut == Cut::stays
                                    ? std::string("an outage that stays")
                                    : fmt::format("an outage of {} to {}", base::format_human(wanted.length.low),
                                                  base::format_human(wanted.length.high)),
                                facts.outage ? "an outage, " + shown(facts, Value::outage) : std::string("none")));
}

// What no [expect] can say.
void compare_facts(const Meaning& meaning, const Facts& facts, std::vector<std::string>& unmet) {
    compare_ports(meaning.open_ports, facts.open_ports, "open ports", unmet);
    compare_ports(meaning.open_to_client, facts.open_to_client, "ports open to the client", unmet);
    if (meaning.waits && (!facts.waited || !meaning.waits->value.holds(*facts.waited)))
        unmet.push_back(fmt::format("expected a wait of {} to {}, got {}", base::format_human(meaning.waits->value.low),
                                    base::format_human(meaning.waits->value.high), shown(facts, Value::waits)));
    if (meaning.outage) compare_outage(meaning.outage->value, facts, unmet);
}

}  // namespace

RunRef laid_over(const RunRef& below, const RunRef& above) {
    if (above.scenario) return above;
    RunRef run = below;
    run.cases.insert(run.cases.end(), above.cases.begin(), above.cases.end());
    run.without.insert(run.without.end(), above.without.begin(), above.without.end());
    if (above.site) run.site = above.site;
    if (above.seed) run.seed = above.seed;
    if (!above.order.empty()) run.order = above.order;
    if (above.until) run.until = above.until;
    if (above.given()) run.place = above.place;
    return run;
}

std::string key_of(const RunRef& run) {
    std::string key = run.path;
    for (const Name& one : run.cases) key += "\ncase " + one.value;
    if (run.site) key += "\nsite " + run.site->value;
    if (run.seed) key += fmt::format("\nseed {}", run.seed->value);
    for (const auto& step : run.order) key += fmt::format("\norder {}", step.value);
    for (const auto& step : run.without) key += fmt::format("\nwithout {}", step.value);
    if (run.until) key += fmt::format("\nuntil {}", run.until->value);
    return key;
}

void Plays::error(const base::Place& at, std::string what, std::string id, std::string hint,
                  base::Diagnostics& told) const {
    base::Diagnostic one =
        lesson_.source->diagnose(base::Severity::error, at, std::move(what), std::move(id), std::move(hint));
    if (std::find(told.begin(), told.end(), one) == told.end()) told.push_back(std::move(one));
}

const Plays::Loaded& Plays::load(const std::string& path, const std::vector<std::string>& cases) {
    std::string key = path;
    for (const std::string& one : cases) key += "\n" + one;
    const auto found = loaded_.find(key);
    if (found != loaded_.end()) return found->second;
    runner::Loaded read = runner::load_combined(path, cases, files_);
    Loaded loaded;
    base::Diagnostics diagnostics = read.diagnostics;
    if (read.scenario) {
        runner::Staging staging = runner::stage(*read.scenario);
        diagnostics.insert(diagnostics.end(), staging.diagnostics.begin(), staging.diagnostics.end());
        if (staging.staged) loaded.scenario = std::move(read.scenario);
    }
    for (const base::Diagnostic& one : diagnostics)
        if (one.severity == base::Severity::error && loaded.first_error.empty())
            loaded.first_error = format(one.place) + ": " + one.what;
    return loaded_.emplace(std::move(key), std::move(loaded)).first->second;
}

bool Plays::find_case(const RunRef& run, base::Diagnostics& told) const {
    const runner::Loaded whole = runner::load_scenario(run.path, files_);
    if (!whole.scenario) return true;  // told already
    std::vector<std::string_view> known;
    for (const auto& info : whole.scenario->cases) known.push_back(info.title);
    bool found = true;
    for (const Name& wanted : run.cases) {
        if (std::find(known.begin(), known.end(), wanted.value) != known.end()) continue;
        const std::string near = base::nearest_word(wanted.value, known);
        error(wanted.place,
              fmt::format("{} has no case \"{}\"", run.scenario->value, base::printable(wanted.value, 60)),
              "unknown-case", near.empty() ? "cases are named by their whole title" : "did you mean \"" + near + "\"?",
              told);
        found = false;
    }
    return found;
}

bool Plays::find_steps(const RunRef& run, const Scenario& scenario, base::Diagnostics& told) const {
    std::vector<Placed<std::uint64_t>> numbers = run.order;
    numbers.insert(numbers.end(), run.without.begin(), run.without.end());
    if (run.until) numbers.push_back(*run.until);
    bool found = true;
    for (const auto& number : numbers) {
        if (number.value <= scenario.steps.size()) continue;
        error(number.place, fmt::format("{} has no step {}", run.scenario->value, number.value), "unknown-step",
              scenario.steps.empty() ? "it has no steps at all" : fmt::format("it has {} steps", scenario.steps.size()),
              told);
        found = false;
    }
    return found;
}

std::size_t Plays::site_of(const RunRef& run, const Scenario& scenario) const {
    for (std::size_t i = 0; run.site && i < scenario.sites.size(); ++i)
        if (scenario.sites[i].name == run.site->value) return i;
    return 0;
}

bool Plays::find(const RunRef& run, base::Diagnostics& told) {
    if (!run.scenario) {
        error(run.place, "no scenario is named here", "missing-key", "write scenario = \"...\"", told);
        return false;
    }
    const Loaded& base = load(run.path, {});
    if (!base.scenario) {
        error(run.scenario->place, fmt::format("{} cannot be played", base::printable(run.scenario->value, 80)),
              "lesson-scenario", base.first_error, told);
        return false;
    }
    if (!find_case(run, told) || !find_steps(run, *base.scenario, told)) return false;
    if (run.site) {
        std::vector<std::string_view> known;
        for (const auto& info : base.scenario->sites) known.push_back(info.name);
        if (std::find(known.begin(), known.end(), run.site->value) == known.end()) {
            const std::string near = base::nearest_word(run.site->value, known);
            error(run.site->place,
                  fmt::format("{} has no site {}", run.scenario->value, base::printable(run.site->value, 60)),
                  "unknown-site", near.empty() ? "sites: " + runner::join_words(known) : "did you mean " + near + "?",
                  told);
            return false;
        }
    }
    const Loaded& whole = load(run.path, titles(run));
    if (!whole.scenario)
        error(run.place, "these cases together cannot be played", "lesson-scenario", whole.first_error, told);
    return whole.scenario.has_value();
}

Scenario Plays::scenario_of(const RunRef& run) {
    Scenario scenario = *load(run.path, titles(run)).scenario;
    if (!scenario.steps.empty() && changes_steps(run)) choose_steps(run, scenario);
    return scenario;
}

PlayedPtr Plays::play(const RunRef& run) {
    const std::string key = key_of(run);
    if (const auto found = played_.find(key); found != played_.end()) return found->second;
    const runner::Staging staging = runner::stage(scenario_of(run));
    auto played = std::make_shared<Played>();
    const std::size_t site = site_of(run, *staging.staged->scenario);
    played->result = play_unit(staging.staged, variant_of(run, *staging.staged->scenario, site),
                               run.seed ? std::optional(run.seed->value) : std::nullopt);
    played->site = played->result.steps.empty() ? 0 : site;
    played->facts = facts_of(played->result, played->site);
    return played_.emplace(key, std::move(played)).first->second;
}

std::string Plays::unexpected(const RunRef& run) {
    if (changes_steps(run) || run.seed) return {};
    const PlayedPtr played = play(run);
    if (played->result.status != runner::Status::wrong) return {};
    for (const runner::Unmet& one : played->result.unmet) return words(one);
    for (const runner::StepResult& step : played->result.steps)
        for (const runner::Unmet& one : step.unmet) return words(one);
    return "not as expected";
}

std::vector<std::string> Plays::unmet(const RunRef& run, const Meaning& meaning, base::Diagnostics& told) {
    Scenario scenario = scenario_of(run);
    const std::size_t site = site_of(run, scenario);
    const std::size_t variant = variant_of(run, scenario, site);
    const bool steps = !scenario.steps.empty();
    if (steps) {
        for (runner::Step& step : scenario.steps) step.expect.clear(), step.outage.reset();
        scenario.after.reset();
        const auto number = scenario.sites.empty() ? std::nullopt : std::optional(site);
        for (runner::Step& step : scenario.steps) step.expect.push_back({number, {}, step.place});
        scenario.steps.back().expect = {{number, meaning.expect, meaning.place}};
    } else {
        for (runner::Variant& one : scenario.variants) one.setup.expect.reset();
        scenario.variants[variant].setup.expect = meaning.expect;
    }
    const runner::Staging staging = runner::stage(std::move(scenario));
    for (base::Diagnostic one : staging.diagnostics) {
        if (one.severity != base::Severity::error) continue;
        error(one.place, one.what, one.id, one.hint, told);
    }
    if (!staging.staged) return {"it cannot be compared"};
    const runner::Result result =
        play_unit(staging.staged, variant, run.seed ? std::optional(run.seed->value) : std::nullopt);
    std::vector<std::string> all;
    for (const runner::Unmet& one : result.unmet) all.push_back(words(one));
    for (const runner::StepResult& step : result.steps)
        for (const runner::Unmet& one : step.unmet) all.push_back(words(one));
    compare_facts(meaning, play(run)->facts, all);
    return all;
}

}  // namespace scenarios::lesson
