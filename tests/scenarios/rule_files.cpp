// A scenario's own settings beside a rule file: what holds, and what is said aloud where it does not.
#include "played.hpp"
#include "scenarios/check/check.hpp"

#include <algorithm>

using namespace played;
namespace check = scenarios::check;

namespace {

const std::string rules = "allow tcp port 135\nallow tcp port 5001-5002\n";
const std::string head = "title='t'\n[server]\nregistry='static.reg'\n[firewall]\n";
const std::string iptables =
    "*filter\n:INPUT ACCEPT [0:0]\n:FORWARD DROP [0:0]\n:OUTPUT ACCEPT [0:0]\n"
    "-A FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT\n"
    "-A FORWARD -p tcp -m multiport --dports 135,5001,5002 -j ACCEPT\nCOMMIT\n";

std::vector<std::string> ids(const sim::base::Diagnostics& diagnostics) {
    std::vector<std::string> out;
    for (const auto& d : diagnostics) out.push_back(d.id);
    return out;
}

std::vector<std::string> staging_ids(const std::string& toml, std::map<std::string, std::string> files) {
    files.try_emplace("static.reg", static_reg(5001, 5002));
    runner::MemoryFiles memory(std::move(files));
    runner::Loaded loaded = runner::parse_scenario("test.toml", toml, memory);
    BOOST_TEST_REQUIRE(loaded.scenario.has_value());
    return ids(runner::stage(std::move(*loaded.scenario)).diagnostics);
}

bool works(const std::string& toml, const std::map<std::string, std::string>& files) {
    return result(toml, files).close_ups.front().outcomes.front().works;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(rule_files)

BOOST_AUTO_TEST_CASE(the_scenario_fills_what_the_file_leaves_open) {
    const struct {
        const char* name;
        std::string settings;
        std::string file;
        bool works;
    } cases[] = {
        {"nothing said", "", rules, true},
        {"stateless by the scenario", "stateful=false\n", rules, false},
        {"stateless by the file", "", "stateful no\n" + rules, false},
        {"the file has the last word", "stateful=false\n", "stateful yes\n" + rules, true},
        {"default by the scenario", "default='allow'\n", "allow tcp port 135\n", true},
        {"default by the file", "default='allow'\n", "default drop\nallow tcp port 135\n", false},
    };
    for (const auto& c : cases)
        BOOST_TEST_CONTEXT(c.name)
        BOOST_TEST(works(head + c.settings + "rules='r.rules'\n", {{"r.rules", c.file}}) == c.works);
}

BOOST_AUTO_TEST_CASE(a_setting_that_does_not_count_is_named) {
    const std::vector<std::string> none;
    const std::vector<std::string> overruled{"setting-overruled"};
    BOOST_TEST(staging_ids(head + "rules='r'\nstateful=false\n", {{"r", rules}}) == none,
               boost::test_tools::per_element());
    BOOST_TEST(staging_ids(head + "rules='r'\nstateful=false\n", {{"r", "stateful yes\n" + rules}}) == overruled,
               boost::test_tools::per_element());
    BOOST_TEST(staging_ids(head + "import='r'\n", {{"r", iptables}}) == none, boost::test_tools::per_element());
    BOOST_TEST(staging_ids(head + "import='r'\nstateful=true\ndefault='drop'\n", {{"r", iptables}}) == none,
               boost::test_tools::per_element());
    BOOST_TEST(staging_ids(head + "import='r'\nstateful=false\n", {{"r", iptables}}) == overruled,
               boost::test_tools::per_element());
    BOOST_TEST(staging_ids(head + "import='r'\ndefault='allow'\n", {{"r", iptables}}) == overruled,
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(check_knows_every_kind_of_rule_file) {
    runner::MemoryFiles files(std::map<std::string, std::string>{
        {"a.rules", rules},
        {"b.v4", iptables},
        {"c.acl", "ip access-list extended BRANCH-IN\n permit tcp any host 10.0.0.10 eq 135\n deny ip any any\n"},
        {"bad.rules", "allow tcp port 70000\n"},
        {"bad.v4", "*filter\n:FORWARD DROP [0:0]\n-A FORWARD -m recent --set -j ACCEPT\nCOMMIT\n"},
        {"bad.acl", "ip access-list extended X\n permit tcp any any time-range NIGHT\n"}});
    for (const std::string name : {"a.rules", "b.v4", "c.acl"})
        BOOST_TEST_CONTEXT(name) BOOST_TEST(!has_errors(check::check_file(name, files)));
    for (const std::string name : {"bad.rules", "bad.v4", "bad.acl", "missing.rules"})
        BOOST_TEST_CONTEXT(name) BOOST_TEST(has_errors(check::check_file(name, files)));
}

BOOST_AUTO_TEST_SUITE_END()
