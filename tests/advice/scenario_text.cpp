// A scenario written down again is the same scenario.
#include "scenarios/advice/scenario_text.hpp"

#include "tests/scenarios/played.hpp"

#include <filesystem>

namespace advice = scenarios::advice;
namespace runner = scenarios::runner;

BOOST_AUTO_TEST_SUITE(scenario_text)

// Every variant of every scenario that ships: written, loaded, written again, and played with the same result.
BOOST_AUTO_TEST_CASE(comes_back_the_same) {
    runner::DiskFiles disk;
    std::size_t count = 0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(FIREDRILL_SOURCE_DIR "/scenarios")) {
        if (entry.path().extension() != ".toml" || entry.path().string().find("/lessons/") != std::string::npos)
            continue;
        const auto staging = runner::stage_file(entry.path().string(), disk);
        BOOST_TEST_REQUIRE(staging.staged != nullptr);
        for (const runner::StagedVariant& variant : staging.staged->variants) {
            runner::Setup setup = variant.setup();
            setup.expect.reset();
            const auto written = advice::write_scenario(setup, "A \"title\" with \\ in it", "about\nit");
            const auto staged = played::staged(written.text, written.files);
            const auto again =
                advice::write_scenario(staged->variants.front().setup(), "A \"title\" with \\ in it", "about\nit");
            BOOST_TEST(again.text == written.text);
            BOOST_TEST(again.files == written.files);
            const auto before = runner::close_up(variant, 3);
            const auto after = runner::close_up(staged->variants.front(), 3);
            BOOST_TEST((before.outcomes == after.outcomes), entry.path() << " / " << variant.name);
            ++count;
        }
    }
    BOOST_TEST(count > 200U);
}

BOOST_AUTO_TEST_CASE(steps_leave_their_mark) {
    const auto staged = played::staged(
        "title='t'\n[firewall]\nrules='a.rules'\n[[step]]\ndo='import-registry'\nfile='static.reg'\n[[step]]\n"
        "do='replace-firewall'\nrules='b.rules'\n[[step]]\ndo='check'\n",
        {{"a.rules", "default drop\n"}, {"b.rules", "default drop\nallow tcp 135\n"}});
    const auto& scenario = *staged->scenario;
    const runner::Setup after = advice::after_steps(scenario, scenario.variants.front());
    BOOST_TEST(after.servers.front().registry.size() == 1U);
    BOOST_TEST(after.firewalls.front().rules.file->written == "b.rules");
}

BOOST_AUTO_TEST_SUITE_END()
