#include "scenarios/report/result_json.hpp"

#include "scenarios/diagnosis/diagnose.hpp"
#include "scenarios/report/ladder_json.hpp"
#include "scenarios/report/standing_json.hpp"
#include "scenarios/report/text.hpp"

#include <boost/json.hpp>
#include <fmt/format.h>

#include <algorithm>

namespace scenarios::report {
namespace {

namespace json = boost::json;
using runner::Result;

json::array actions_json(const runner::Tally& tally) {
    json::array array;
    for (const client::Do action : client::all_do) {
        const runner::ActionTally& counts = tally.of(action);
        if (counts.works.times + counts.fails.times == 0) continue;
        json::object entry{{"action", id(action)}, {"works", counts.works.times}, {"fails", counts.fails.times}};
        if (counts.degraded.times > 0) entry["degraded"] = counts.degraded.times;
        json::object at;
        for (const client::Phase phase : client::all_phases)
            if (const auto& count = counts.fails_at[static_cast<std::size_t>(phase)]; count.times > 0)
                at[id(phase)] = count.times;
        if (!at.empty()) entry["fails_at"] = std::move(at);
        if (counts.works.times > 0) entry["first_working_seed"] = counts.works.first_seed;
        if (counts.fails.times > 0) entry["first_failing_seed"] = counts.fails.first_seed;
        array.push_back(std::move(entry));
    }
    return array;
}

// Over all that was asked of the client in all starts.
std::string_view works_in_all(const runner::Tally& tally) {
    std::uint64_t works = 0;
    std::uint64_t fails = 0;
    std::uint64_t degraded = 0;
    for (const client::Do action : client::all_do) {
        works += tally.of(action).works.times;
        fails += tally.of(action).fails.times;
        degraded += tally.of(action).degraded.times;
    }
    if (fails == 0) return degraded == 0 ? "all" : "degraded";
    return works == 0 ? "none" : "some";
}

json::array unmet_json(const std::vector<runner::Unmet>& list) {
    json::array array;
    for (const runner::Unmet& unmet : list) {
        json::object one{{"expected", unmet.expected}, {"got", unmet.got}};
        if (unmet.seed) one["seed"] = *unmet.seed;
        array.push_back(std::move(one));
    }
    return array;
}

// With steps the causes of every step count, for the last one may have mended what it is about.
json::array causes_json(const Result& result) {
    std::vector<std::string> ids;
    const auto add = [&ids](const diagnosis::Findings& findings) {
        for (const diagnosis::Finding& finding : findings)
            if (finding.effect != diagnosis::Effect::risks &&
                std::find(ids.begin(), ids.end(), finding.id) == ids.end())
                ids.push_back(finding.id);
    };
    for (const runner::StepResult& step : result.steps)
        for (const runner::StepAtSite& at : step.sites)
            if (at.close_up) add(diagnosis::diagnose(result.staged->variants[at.variant], *at.close_up));
    if (result.steps.empty())
        for (const runner::CloseUp& seen : result.close_ups) add(diagnosis::diagnose(result.staged_variant(), seen));
    json::array array;
    for (const std::string& one : ids) array.emplace_back(one);
    return array;
}

bool all_work(const std::vector<client::ActionOutcome>& outcomes) {
    return std::all_of(outcomes.begin(), outcomes.end(), [](const auto& outcome) { return outcome.works; });
}

json::array steps_json(const Result& result) {
    json::array array;
    std::size_t number = result.steps.empty() || result.steps.front().step == nullptr ? 0 : 1;
    for (const runner::StepResult& step : result.steps) {
        json::object entry{{"title", step_title(result, step, number++)}, {"began", base::format_seconds(step.began)}};
        json::array sites;
        for (const runner::StepAtSite& seen : step.sites)
            sites.push_back(json::object{{"site", seen.site ? json::value(*seen.site) : json::value(0)},
                                         {"works", all_work(seen.outcomes)},
                                         {"text", outcomes_in_words(seen.outcomes)}});
        entry["sites"] = std::move(sites);
        json::array outages;
        for (const runner::Outage& outage : step.outages)
            outages.push_back(json::object{{"site", outage.site ? json::value(*outage.site) : json::value(0)},
                                           {"text", "cut off for " + base::format_human(outage.length) +
                                                        (outage.open ? ", still cut off at the end" : "")}});
        if (!outages.empty()) entry["outages"] = std::move(outages);
        if (!step.unmet.empty()) entry["unmet"] = unmet_json(step.unmet);
        array.push_back(std::move(entry));
    }
    return array;
}

// The first event that is not before that time.
std::size_t first_event_at(const json::array& events, base::SimTime time) {
    const auto wanted = std::chrono::duration_cast<std::chrono::milliseconds>(time.time_since_epoch()).count();
    const auto found = std::find_if(events.begin(), events.end(),
                                    [&](const json::value& event) { return event.at("t").as_int64() >= wanted; });
    return static_cast<std::size_t>(found - events.begin());
}

// What one site saw, step by step, and at the end where it was asked once more.
json::array looks_json(const Result& result, std::size_t site, const json::array& events) {
    json::array looks;
    const runner::CloseUp& last = result.close_ups[site];
    base::SimTime last_look{};
    const auto add = [&](const runner::StagedVariant& variant, const runner::CloseUp& seen) -> json::object& {
        if (!seen.outcomes.empty()) last_look = seen.outcomes.front().began;
        json::object look = standing_json(variant, seen);
        const std::size_t from = looks.empty() ? 0 : first_event_at(events, last_look);
        if (!looks.empty()) looks.back().as_object()["to"] = from;
        look["from"] = from;
        look["to"] = events.size();
        looks.push_back(std::move(look));
        return looks.back().as_object();
    };
    for (std::size_t step = 0; step < result.steps.size(); ++step)
        for (const runner::StepAtSite& at : result.steps[step].sites)
            if (at.variant == site && at.stood) add(result.staged->variants[at.variant], *at.stood)["step"] = step;
    const bool asked_again = !last.outcomes.empty() && (looks.empty() || last.outcomes.front().began > last_look);
    if (asked_again) add(result.staged->variants[site], last);
    return looks;
}

// The close-up of a site at the end, with what it saw at every step: its packets are those of all steps, too.
runner::CloseUp with_all_outcomes(const Result& result, std::size_t site) {
    runner::CloseUp seen = result.close_ups[site];
    std::vector<client::ActionOutcome> all;
    for (const runner::StepResult& step : result.steps)
        for (const runner::StepAtSite& at : step.sites)
            if (at.variant == site) all.insert(all.end(), at.outcomes.begin(), at.outcomes.end());
    for (const client::ActionOutcome& outcome : seen.outcomes)
        if (std::find(all.begin(), all.end(), outcome) == all.end()) all.push_back(outcome);
    seen.outcomes = std::move(all);
    return seen;
}

json::object view_json(const Result& result, const runner::StagedVariant& variant, const runner::CloseUp& seen) {
    json::object view = ladder_json(variant, seen);
    if (variant.variant->site_index) view["site"] = *variant.variant->site_index;
    if (!result.steps.empty()) return view;
    view["looks"] = json::array{standing_json(variant, seen)};
    return view;
}

}  // namespace

json::object line_json(const Result& result) {
    const runner::Variant& variant = *result.staged_variant().variant;
    json::object line;
    if (variant.case_index) line["case"] = *variant.case_index;
    if (variant.site_index && result.steps.empty()) line["site"] = *variant.site_index;
    line["status"] = id(result.status);
    line["outcome"] = result.steps.empty() ? outcome_in_words(result)
                                           : fmt::format("{} steps; at the end {}", result.staged->steps.size(),
                                                         outcome_in_words(result));
    line["works"] = works_in_all(result.tally);
    line["starts"] = result.tally.starts;
    line["actions"] = actions_json(result.tally);
    line["causes"] = causes_json(result);
    return line;
}

json::object detail_json(const Result& result) {
    json::object detail;
    if (!result.unmet.empty()) detail["unmet"] = unmet_json(result.unmet);
    json::array views;
    for (std::size_t i = 0; i < result.close_ups.size(); ++i) {
        const runner::CloseUp& seen = result.close_ups[i];
        if (!seen.trace) continue;
        const auto& variant = result.steps.empty() ? result.staged_variant() : result.staged->variants[i];
        json::object view = view_json(result, variant, result.steps.empty() ? seen : with_all_outcomes(result, i));
        if (!result.steps.empty()) view["looks"] = looks_json(result, i, view["events"].as_array());
        views.push_back(std::move(view));
    }
    detail["views"] = std::move(views);
    if (!result.steps.empty()) detail["steps"] = steps_json(result);
    return detail;
}

}  // namespace scenarios::report
