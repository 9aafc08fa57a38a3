// The diagnosis of every scenario that is shipped, against a table that was looked at line by line:
// tests/diagnosis/catalogue.txt. Renew it with FIREDRILL_RENEW=1 and read what changed.
#include "tests/diagnosis/lab.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

using namespace lab;

namespace {

std::vector<std::string> scenario_files() {
    std::vector<std::string> files;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(FIREDRILL_SOURCE_DIR "/scenarios"))
        if (entry.path().extension() == ".toml" && entry.path().string().find("/lessons/") == std::string::npos)
            files.push_back(entry.path().string());
    std::sort(files.begin(), files.end());
    return files;
}

std::string listed(const diagnosis::Findings& findings) {
    std::string text;
    for (const auto& finding : findings) {
        text += (text.empty() ? "" : ", ") + finding.id;
        if (finding.effect != diagnosis::Effect::breaks) text += " (" + std::string(id(finding.effect)) + ")";
    }
    return text.empty() ? "nothing" : text;
}

bool works(const std::vector<client::ActionOutcome>& outcomes) {
    return std::all_of(outcomes.begin(), outcomes.end(), [](const auto& o) { return o.works; });
}

// A run in which everything worked must not be told what breaks it, unless other starts do fail; one that failed must
// be told something.
void agrees(const std::string& name, const runner::CloseUp& seen, const diagnosis::Findings& findings,
            bool every_start_works) {
    const bool breaks = std::any_of(findings.begin(), findings.end(),
                                    [](const auto& f) { return f.effect == diagnosis::Effect::breaks; });
    if (works(seen.outcomes)) {
        if (every_start_works) BOOST_TEST(!breaks, name << " works, and is told " << listed(findings));
    } else
        BOOST_TEST(breaks, name << " fails, and is told " << listed(findings));
    BOOST_TEST(!has(findings, "unexplained"), name);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(catalogue)

BOOST_AUTO_TEST_CASE(every_scenario_has_its_diagnosis) {
    std::string table;
    runner::DiskFiles disk;
    for (const std::string& file : scenario_files()) {
        auto staging = runner::stage_file(file, disk);
        BOOST_TEST_REQUIRE(staging.staged != nullptr, file);
        for (const runner::Result& result : played::results(staging.staged)) {
            std::string name =
                std::filesystem::relative(file, FIREDRILL_SOURCE_DIR "/scenarios").parent_path().string() + "/" +
                result.name;
            for (const runner::StepResult& step : result.steps)
                for (const runner::StepAtSite& at : step.sites)
                    if (at.close_up) {
                        const auto findings = diagnosis::diagnose(result.staged->variants[at.variant], *at.close_up);
                        const std::string where = name + " / " + std::to_string(&step - result.steps.data());
                        table +=
                            where + " / " + result.staged->variants[at.variant].name + ": " + listed(findings) + "\n";
                        agrees(where, *at.close_up, findings, true);
                    }
            if (!result.steps.empty()) continue;
            const auto findings = diagnosis::diagnose(result.staged_variant(), result.close_ups.front());
            table += name + ": " + listed(findings) + "\n";
            std::uint64_t failures = 0;
            for (const auto& tally : result.tally.actions) failures += tally.fails.times;
            agrees(name, result.close_ups.front(), findings, failures == 0);
        }
    }
    const std::string golden = FIREDRILL_SOURCE_DIR "/tests/diagnosis/catalogue.txt";
    if (std::getenv("FIREDRILL_RENEW") != nullptr) std::ofstream(golden) << table;
    std::ifstream before(golden);
    std::stringstream wanted;
    wanted << before.rdbuf();
    std::istringstream lines(table);
    for (std::string line; std::getline(lines, line);)
        BOOST_TEST(wanted.str().find(line + "\n") != std::string::npos, "new or changed: " << line);
    BOOST_TEST(wanted.str().size() == table.size());
}

BOOST_AUTO_TEST_SUITE_END()
