// The check against the plays that are shipped: it warns of no rehearsal that works, and of every one that does not.
#include "scenarios/check/causes.hpp"
#include "scenarios/diagnosis/diagnose.hpp"
#include "tests/scenarios/played.hpp"

#include <algorithm>
#include <filesystem>
#include <set>

using namespace played;
namespace check = scenarios::check;
namespace diagnosis = scenarios::diagnosis;

namespace {

// Causes that no file shows: what the client tries besides, and what happens on the way.
const std::set<std::string> of_runs{"pipes-not-available", "packet-loss", "idle-timeout", "pinhole-expired",
                                    "pinhole-used-up", "remembered-port-wrong"};

std::vector<std::string> scenario_files() {
    std::vector<std::string> files;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(FIREDRILL_SOURCE_DIR "/scenarios"))
        if (entry.path().extension() == ".toml" && entry.path().string().find("/lessons/") == std::string::npos)
            files.push_back(entry.path().string());
    std::sort(files.begin(), files.end());
    return files;
}

bool good(const std::vector<client::ActionOutcome>& outcomes) {
    return std::all_of(outcomes.begin(), outcomes.end(), [](const auto& o) { return o.works && !o.degraded; });
}

// In every start, and at every site after every step.
bool works(const runner::Result& result) {
    for (const auto& step : result.steps)
        for (const auto& at : step.sites)
            if (!good(at.outcomes)) return false;
    for (const auto& seen : result.close_ups)
        if (!good(seen.outcomes)) return false;
    for (const auto& action : result.tally.actions)
        if (action.fails.times != 0) return false;
    return true;
}

bool breaks(const diagnosis::Findings& findings) {
    return std::any_of(findings.begin(), findings.end(),
                       [](const auto& f) { return f.effect == diagnosis::Effect::breaks; });
}

bool only_of_runs(const diagnosis::Findings& findings) {
    return std::all_of(findings.begin(), findings.end(),
                       [](const auto& f) { return f.effect != diagnosis::Effect::breaks || of_runs.count(f.id) == 1; });
}

bool works_sometimes(const runner::Result& result) {
    return std::all_of(result.tally.actions.begin(), result.tally.actions.end(),
                       [](const auto& action) { return action.fails.times == 0 || action.works.times != 0; });
}

// What one variant's files show must agree with what its run does.
void agrees(const runner::Result& result) {
    const runner::StagedVariant& variant = result.staged_variant();
    const auto from_files = diagnosis::diagnose(variant);
    if (works(result)) {
        BOOST_TEST(!breaks(from_files),
                   result.name << " works, and a check says " << (from_files.empty() ? "" : from_files.front().id));
        return;
    }
    const auto from_run = diagnosis::diagnose(variant, result.close_ups.front());
    if (!breaks(from_run) || only_of_runs(from_run)) return;
    // What a drawn port decides is a risk for the files, or what the review of the registry doubts.
    const bool doubted = works_sometimes(result) && (!from_files.empty() || !variant.findings.empty());
    BOOST_TEST((breaks(from_files) || doubted), result.name << " fails, and a check says nothing");
}

}  // namespace

BOOST_AUTO_TEST_SUITE(catalogue)

BOOST_AUTO_TEST_CASE(checks_agree_with_runs) {
    runner::DiskFiles disk;
    std::size_t all_good = 0;
    for (const std::string& file : scenario_files()) {
        const auto staging = runner::stage_file(file, disk);
        BOOST_TEST_REQUIRE((staging.staged != nullptr), file);
        bool all_work = true;
        for (const runner::Result& result : results(staging.staged)) {
            all_work = all_work && works(result);
            if (result.steps.empty()) agrees(result);
        }
        if (!all_work) continue;
        ++all_good;
        for (const auto& d : check::causes_in_files(*staging.staged))
            BOOST_TEST((d.severity == sim::base::Severity::note || d.id == "too-wide"), format(d));
    }
    BOOST_TEST(all_good >= 2U);
}

BOOST_AUTO_TEST_SUITE_END()
