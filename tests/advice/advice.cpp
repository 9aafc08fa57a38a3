// Every mistake gets an advice that turns its rehearsal into one that works, with nothing open that mail does not need;
// a right configuration gets none. What is given out is played again here, from its text alone.
#include "scenarios/advice/advise.hpp"
#include "scenarios/runner/reach.hpp"
#include "tests/diagnosis/lab.hpp"

#include <filesystem>

using namespace lab;
namespace advice = scenarios::advice;

namespace {

using Given = sim::base::Result<advice::Advice, std::string>;

Given advised(const std::shared_ptr<const runner::StagedScenario>& staged, std::size_t variant = 0) {
    const auto units = runner::units_of(staged);
    return advice::advise(units[staged->steps.empty() ? variant : 0], variant, std::nullopt);
}

// Stages the advice from its files and plays it: everything works in all starts, and what is open is needed.
void holds(const advice::Advice& given, const std::string& name) {
    if (given.nothing_to_do()) return;
    const auto staged = played::staged(given.scenario.text, given.scenario.files);
    const auto results = played::results(staged);
    BOOST_TEST_REQUIRE(results.size() == 1U);
    const runner::Result& result = results.front();
    BOOST_TEST((result.status == runner::Status::as_expected), name << "\n" << given.scenario.text);
    BOOST_TEST((result.tally.starts >= 200U || !result.steps.empty()));
    for (const auto& tally : result.tally.actions) BOOST_TEST(tally.fails.times == 0U, name);
    const auto left = diagnosis::diagnose(result.staged_variant(), result.close_ups.front());
    for (const auto& finding : left)
        BOOST_TEST((finding.effect == diagnosis::Effect::risks),
                   name << " still has " << finding.id << ": " << sentence(finding));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(advising)

BOOST_AUTO_TEST_CASE(a_right_configuration_gets_none) {
    for (const Language language : languages) {
        const Given given = advised(Lab(language).staged());
        BOOST_TEST_REQUIRE(given.has_value());
        BOOST_TEST(given->nothing_to_do());
        BOOST_TEST(given->findings.empty());
    }
}

BOOST_AUTO_TEST_CASE(each_mistake_is_mended) {
    std::size_t number = 0;
    for (const Mistake& mistake : mistakes())
        for (const Language language : mistake.in) {
            if (number++ % stride != 0) continue;
            Lab made(language);
            mistake.make(made);
            BOOST_TEST_CONTEXT(mistake.name << ", language " << static_cast<int>(language)) {
                const Given given = advised(made.staged());
                BOOST_TEST(given.has_value(), (given ? std::string() : std::string(given.error())));
                if (!given) continue;
                BOOST_TEST(!given->nothing_to_do());
                holds(*given, mistake.name);
            }
        }
}

BOOST_AUTO_TEST_CASE(any_two_are_mended) {
    const auto list = mistakes();
    std::size_t number = 0;
    std::size_t mended = 0;
    for (std::size_t i = 0; i < list.size(); ++i)
        for (std::size_t j = i + 1; j < list.size(); ++j) {
            if (list[i].facet == list[j].facet) continue;
            // Every fifth pair; the languages in turn.
            if (number++ % (5 * stride) != 0) continue;
            const Language language =
                list[i].in.size() < 3 || list[j].in.size() < 3 ? Language::native : languages[(number / 5) % 3];
            Lab made(language);
            list[i].make(made);
            list[j].make(made);
            BOOST_TEST_CONTEXT(list[i].name << " + " << list[j].name << ", language " << static_cast<int>(language)) {
                const Given given = advised(made.staged());
                BOOST_TEST(given.has_value(), (given ? std::string() : std::string(given.error())));
                if (given) holds(*given, list[i].name + " + " + list[j].name);
                ++mended;
            }
        }
    BOOST_TEST(mended > 100U / stride);
}

BOOST_AUTO_TEST_CASE(every_scenario_that_ships_is_mended) {
    runner::DiskFiles disk;
    std::size_t count = 0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(FIREDRILL_SOURCE_DIR "/scenarios")) {
        if (entry.path().extension() != ".toml" || entry.path().string().find("/lessons/") != std::string::npos)
            continue;
        const auto staging = runner::stage_file(entry.path().string(), disk);
        BOOST_TEST_REQUIRE(staging.staged != nullptr);
        for (std::size_t v = 0; v < staging.staged->variants.size(); ++v) {
            if (count++ % stride != 0) continue;
            const std::string name = entry.path().filename().string() + " / " + staging.staged->variants[v].name;
            const Given given = advised(staging.staged, v);
            const auto& boxes = staging.staged->variants[v].plan.firewalls;
            if (!given &&
                std::any_of(boxes.begin(), boxes.end(), [](const auto& b) { return b.rules->translates(); })) {
                BOOST_TEST(std::string(given.error()).find("translates addresses") != std::string::npos, name);
                continue;
            }
            BOOST_TEST(given.has_value(), name << ": " << (given ? std::string() : std::string(given.error())));
            if (given) holds(*given, name);
        }
    }
    BOOST_TEST(count > 200U);
}

BOOST_AUTO_TEST_SUITE_END()
