// Rules that never decide, as the runner tells them: warnings in runs, everything in a check.
#include "scenarios/check/check.hpp"
#include "scenarios/diagnosis/finding.hpp"
#include "tests/scenarios/played.hpp"

#include <algorithm>

using namespace played;
namespace check = scenarios::check;

namespace {

constexpr const char* shadowed = R"(title = "x"
[server]
registry = "static.reg"
[[firewall.rule]]
action = "drop"
port   = "1024-65535"
[[firewall.rule]]
action = "allow"
port   = 135
[[firewall.rule]]
action = "allow"
port   = [5001, 5002]
)";

std::string ids(const sim::base::Diagnostics& found) {
    std::string text;
    for (const auto& d : found)
        text += (text.empty() ? "" : " ") + d.place.file + ":" + std::to_string(d.place.line) + ":" + d.id;
    return text;
}

sim::base::Diagnostics checked(std::map<std::string, std::string> files, bool pairs = false) {
    files.try_emplace("static.reg", static_reg(5001, 5002));
    runner::MemoryFiles memory(std::move(files));
    auto found = check::check_file("test.toml", memory, {.pairs = pairs});
    // What the diagnosis makes of these rules is no concern of the lint.
    std::erase_if(found, [](const auto& d) {
        return scenarios::diagnosis::find_cause(d.id) != nullptr || d.id == "open-unused" ||
               d.id == "open-by-default";
    });
    return found;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(rule_lint)

BOOST_AUTO_TEST_CASE(a_run_warns_of_it) {
    const auto result =
        played::result(std::string(shadowed) + "[expect]\nlogon = \"fails\"\nwarns = [\"rule-shadowed\"]\n");
    BOOST_TEST((result.status == runner::Status::as_expected));
    const auto& warnings = result.close_ups.at(0).warnings;
    BOOST_TEST((std::any_of(warnings.begin(), warnings.end(),
                            [](const runner::Warning& w) { return w.id == "rule-shadowed" && w.place.line == 10; })));
}

BOOST_AUTO_TEST_CASE(a_run_does_not_warn_of_what_is_in_order) {
    const auto result = played::result(
        "title = \"x\"\n[server]\nregistry = \"static.reg\"\n[firewall]\nallow = [135, 5001, 5002]\n[expect]\nwarns = "
        "[\"rule-shadowed\"]\n");
    BOOST_TEST((result.status == runner::Status::wrong));
}

BOOST_AUTO_TEST_CASE(check_shows_the_line) {
    const auto found = checked({{"test.toml", shadowed}});
    BOOST_TEST_REQUIRE(ids(found) == "test.toml:10:rule-shadowed");
    BOOST_TEST(found[0].source_line == "[[firewall.rule]]");
    BOOST_TEST((found[0].what.find("rule 1 (test.toml:4)") != std::string::npos), found[0].what);
}

BOOST_AUTO_TEST_CASE(notes_are_for_check_alone) {
    const std::string toml = "title = \"x\"\n[firewall]\nrules = \"wide.rules\"\n";
    const std::string rules = "allow tcp 5001\nallow tcp 1024-65535\n";
    BOOST_TEST(ids(checked({{"test.toml", toml}, {"wide.rules", rules}})) == "wide.rules:1:rule-redundant");
    BOOST_TEST(staged(toml, {{"wide.rules", rules}})->variants[0].findings.empty());
}

BOOST_AUTO_TEST_CASE(cases_that_share_rules_say_it_once) {
    const auto found =
        checked({{"test.toml", std::string(shadowed) + "[[case]]\ntitle = \"a\"\nclient.windows = "
                                                       "\"nt4\"\n[[case]]\ntitle = \"b\"\nclient.windows = \"xp\"\n"}});
    BOOST_TEST(ids(found) == "test.toml:10:rule-shadowed");
}

BOOST_AUTO_TEST_CASE(rules_of_steps_are_looked_at) {
    const auto found = checked(
        {{"test.toml",
          "title = \"x\"\n[firewall]\nallow = [135]\n[[step]]\ndo = \"replace-firewall\"\nrules = \"new.rules\"\n"},
         {"new.rules", "drop any\nallow tcp 135\n"}});
    BOOST_TEST(ids(found) == "new.rules:2:rule-shadowed");
}

BOOST_AUTO_TEST_CASE(pairs_on_request) {
    const std::string toml = "title = \"x\"\n[firewall]\nrules = \"pair.rules\"\n";
    const std::string rules = "drop tcp 135 from 192.0.2.0/24\nallow tcp 135\n";
    BOOST_TEST(ids(checked({{"test.toml", toml}, {"pair.rules", rules}})).empty());
    BOOST_TEST(ids(checked({{"test.toml", toml}, {"pair.rules", rules}}, true)) == "pair.rules:2:rule-generalises");
}

BOOST_AUTO_TEST_SUITE_END()
