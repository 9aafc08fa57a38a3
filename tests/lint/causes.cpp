// Every cause of the diagnosis with an example of its own: played, the example has exactly that cause.
#include "scenarios/check/causes.hpp"

#include "scenarios/diagnosis/diagnose.hpp"
#include "scenarios/lint/catalogue.hpp"
#include "scenarios/runner/run.hpp"

#include <boost/test/unit_test.hpp>

#include <map>
#include <set>
#include <string>

namespace {

namespace lint = scenarios::lint;
namespace runner = scenarios::runner;
namespace diagnosis = scenarios::diagnosis;

using Ids = std::set<std::string>;

std::shared_ptr<const runner::StagedScenario> staged(const lint::Entry& entry) {
    std::map<std::string, std::string> texts{{"example.toml", lint::whole_text(entry.example)}};
    if (!entry.example.beside_name.empty())
        texts.emplace(std::string(entry.example.beside_name), std::string(entry.example.beside_text));
    runner::MemoryFiles files(std::move(texts));
    const runner::Staging staging = runner::stage_file("example.toml", files);
    for (const auto& d : staging.diagnostics) BOOST_TEST_MESSAGE(format(d));
    BOOST_TEST_REQUIRE(staging.staged != nullptr);
    return staging.staged;
}

// What spoils the run, or, with steps, the last of them.
Ids causes_of(const lint::Entry& entry) {
    Ids ids;
    runner::run(runner::units_of(staged(entry)), {}, [&ids](runner::Result&& result) {
        const auto look = [&](const runner::CloseUp& seen) {
            for (const auto& finding : diagnosis::diagnose(result.staged_variant(), seen))
                if (finding.effect != diagnosis::Effect::risks) ids.insert(finding.id);
        };
        if (result.steps.empty()) return look(result.close_ups.front());
        for (const runner::StepAtSite& at : result.steps.back().sites)
            if (at.close_up) look(*at.close_up);
    });
    return ids;
}

std::string shown(const Ids& ids) {
    std::string text;
    for (const std::string& id : ids) text += id + " ";
    return text;
}

// A silenced reject comes with what it rejects.
const std::map<std::string, Ids> companions{{"reject-silenced", {"mapper-closed"}}};

// Only a run shows these.
const Ids of_runs{"idle-timeout", "notice-over-ipv6", "packet-loss",      "pinhole-expired",
                   "pinhole-used-up", "pipes-not-available", "remembered-port-wrong", "unexplained"};

}  // namespace

BOOST_AUTO_TEST_SUITE(causes)

BOOST_AUTO_TEST_CASE(each_example_played_has_that_cause_and_no_other) {
    std::size_t played = 0;
    for (const lint::Entry* entry : lint::entries()) {
        if (entry->stage != lint::Stage::diagnosis) continue;
        ++played;
        Ids expected{std::string(entry->id)};
        if (const auto more = companions.find(std::string(entry->id)); more != companions.end())
            expected.insert(more->second.begin(), more->second.end());
        const Ids found = causes_of(*entry);
        BOOST_TEST((found == expected), entry->id << " instead of: " << shown(found));
    }
    BOOST_TEST(played >= 25U);
}

// The older entries keep their examples: where one is a scenario, its play has the cause too.
BOOST_AUTO_TEST_CASE(examples_of_warnings_have_their_cause) {
    for (const auto& cause : diagnosis::known_causes()) {
        const lint::Entry* entry = lint::find(cause.id);
        BOOST_TEST_REQUIRE((entry != nullptr), cause.id);
        if (entry->stage == lint::Stage::diagnosis || entry->example.kind != lint::FileKind::scenario) continue;
        const Ids found = causes_of(*entry);
        BOOST_TEST((found.count(std::string(cause.id)) == 1U), cause.id << " instead of: " << shown(found));
    }
}

// A client that comes back with a port that it remembers: what closed the pinhole, all of it, or that no pinhole would
// have helped.
BOOST_AUTO_TEST_CASE(who_comes_back) {
    struct Row {
        const char* firewall;
        const char* between;
        Ids causes;
    };
    const Row rows[] = {
        {"pinhole_timeout = '1s'", "do = 'wait'\nfor = '2s'", {"pinhole-expired"}},
        {"pinhole_uses = 'one'\npinhole_timeout = '10m'", "do = 'wait'\nfor = '2s'", {"pinhole-used-up"}},
        {"pinhole_uses = 'one'\npinhole_timeout = '1s'",
         "do = 'wait'\nfor = '2s'",
         {"pinhole-used-up", "pinhole-expired"}},
        {"pinhole_timeout = '10m'", "do = 'wait'\nfor = '2s'", {}},
        {"pinhole_timeout = '2m'", "do = 'restart-server'", {"remembered-port-wrong"}},
        {"pinhole_timeout = '10m'", "do = 'restart-server'", {"remembered-port-wrong"}},
    };
    for (const Row& row : rows) {
        const std::string text = std::string("title = 't'\nclient.remembers_ports = true\n[firewall]\nallow = [135]\n") +
                                 "inspect = ['dcerpc']\n" + row.firewall + "\n[[step]]\ndo = 'logon'\n[[step]]\n" +
                                 row.between + "\n[[step]]\ndo = 'logon'\n";
        lint::Entry entry{};
        entry.example.text = text;
        const Ids found = causes_of(entry);
        BOOST_TEST((found == row.causes), row.firewall << ", " << row.between << ": " << shown(found));
    }
}

BOOST_AUTO_TEST_CASE(the_files_alone_show_most) {
    for (const lint::Entry* entry : lint::entries()) {
        if (entry->stage != lint::Stage::diagnosis) continue;
        bool said = false;
        for (const auto& d : scenarios::check::causes_in_files(*staged(*entry))) said = said || d.id == entry->id;
        BOOST_TEST((said == (of_runs.count(std::string(entry->id)) == 0U)), entry->id);
    }
}

BOOST_AUTO_TEST_SUITE_END()
