// How cases and sites are laid over the base, and the steps that follow.
#include "tests/scenarios/load_support.hpp"

#include <chrono>

using namespace load_tests;

BOOST_AUTO_TEST_SUITE(load_layers)

BOOST_AUTO_TEST_CASE(a_case_replaces_single_keys_and_its_expectation_replaces_the_whole) {
    const Scenario scenario = good(R"(title = "x"
[server]
name = "MAIL"
busy_ports = [6000]
[firewall]
allow = [135, 5000]
[expect]
logon = "works"
ports = { directory = 5000 }
[[case]]
title = "taken"
server.busy_ports = [5000]
expect.logon = "fails"
[[case]]
title = "table"
[case.server]
version = "4.0"
[case.network]
mtu = 576
)");
    BOOST_TEST_REQUIRE(scenario.variants.size() == 3U);
    const Setup& taken = scenario.variants[1].setup;
    BOOST_TEST(taken.servers[0].name.value == "MAIL");
    BOOST_TEST(taken.servers[0].busy_ports.size() == 1U);
    BOOST_TEST(wire::format(taken.servers[0].busy_ports[0].value) == "5000");
    BOOST_TEST(taken.expect->ports.empty());
    BOOST_TEST(taken.firewalls[0].rules.allow.size() == 2U);
    const Setup& table = scenario.variants[2].setup;
    BOOST_TEST(id(table.servers[0].version.value) == "4.0");
    BOOST_TEST(table.network.mtu == 576U);
    BOOST_TEST(table.expect->ports.size() == 1U);
    BOOST_TEST(variant_name(scenario, scenario.variants[1]) == "taken");
    // The base stays as it was.
    BOOST_TEST(wire::format(scenario.variants[0].setup.servers[0].busy_ports[0].value) == "6000");
}

BOOST_AUTO_TEST_CASE(a_new_source_of_rules_drops_the_old_one_and_what_belonged_to_it) {
    const struct {
        const char* name;
        const char* over;
        RuleSource source;
        bool acl;
    } cases[] = {
        {"allow", "firewall.allow = [135]", RuleSource::allow, false},
        {"native file", "firewall.rules = \"branch.rules\"", RuleSource::native_file, false},
        {"rules", "[[case.firewall.rule]]\naction = \"allow\"", RuleSource::rules, false},
        {"another file", "firewall.import = \"branch.rules\"", RuleSource::import_file, false},
        {"another list", "firewall.acl = \"OTHER\"", RuleSource::import_file, true},
        {"another default", "firewall.default = \"reject\"", RuleSource::import_file, true},
    };
    for (const auto& c : cases) BOOST_TEST_CONTEXT(c.name) {
            const Scenario scenario =
                good(std::string("title = \"x\"\n[firewall]\nimport = \"branch.acl\"\nacl = \"IN\"\n"
                                 "stateful = false\n[[case]]\ntitle = \"c\"\n") +
                     c.over);
            const FirewallSetup& firewall = scenario.variants.at(1).setup.firewalls.at(0);
            BOOST_TEST((firewall.rules.source == c.source));
            BOOST_TEST(firewall.rules.acl.has_value() == c.acl);
            BOOST_TEST(!firewall.stateful.value);
            BOOST_TEST(scenario.variants[0].setup.firewalls[0].rules.acl->value == "IN");
        }
}

BOOST_AUTO_TEST_CASE(sites_lie_between_base_and_case) {
    const Scenario scenario = good(R"(title = "x"
[firewall]
default = "drop"
[[site]]
name = "London"
firewall.allow = [135]
network.latency = "1ms"
[[site]]
name = "Leeds"
client.address = "198.51.100.50"
[[site.firewall]]
name = "outer"
allow = [135]
[[site.firewall]]
name = "inner"
allow = [5000]
[[site]]
name = "Head office"
firewall.default = "allow"
[[case]]
title = "slow"
network.latency = "2ms"
)");
    BOOST_TEST_REQUIRE(scenario.variants.size() == 6U);
    BOOST_TEST(variant_name(scenario, scenario.variants[1]) == "Leeds");
    BOOST_TEST(variant_name(scenario, scenario.variants[4]) == "Leeds / slow");
    BOOST_TEST(scenario.variants[0].setup.client.address.value.format() == "192.0.2.50");
    BOOST_TEST(scenario.variants[2].setup.client.address.value.format() == "192.0.2.52");
    BOOST_TEST(scenario.variants[1].setup.firewalls.size() == 2U);
    BOOST_TEST(id(scenario.variants[2].setup.firewalls.at(0).default_action) == "allow");
    BOOST_TEST((scenario.variants[0].setup.network.latency == std::chrono::milliseconds(1)));
    BOOST_TEST((scenario.variants[3].setup.network.latency == std::chrono::milliseconds(2)));
}

BOOST_AUTO_TEST_CASE(a_table_over_a_list_says_by_name_what_it_changes) {
    const std::string start =
        "title = \"x\"\n[[server]]\nname = \"A\"\n[[server]]\nname = \"B\"\n[[case]]\ntitle = \"c\"\n";
    const Scenario scenario = good(start + "server = { name = \"B\", busy_ports = 5000 }");
    BOOST_TEST(scenario.variants.at(1).setup.servers.at(0).busy_ports.empty());
    BOOST_TEST(scenario.variants.at(1).setup.servers.at(1).busy_ports.size() == 1U);
    for (const char* wrong : {"server.busy_ports = 5000", "server = { name = \"C\", busy_ports = 5000 }"})
        BOOST_TEST_CONTEXT(wrong) {
            const Loaded loaded = load(start + wrong);
            BOOST_TEST_REQUIRE(find(loaded, "which-one") != nullptr, shown(loaded));
            BOOST_TEST(find(loaded, "which-one")->place.line == 8U);
        }
    // A list of one is no list: nothing needs to be named.
    good("title = \"x\"\n[[server]]\n[[case]]\ntitle = \"c\"\nserver.busy_ports = 5000");
}

BOOST_AUTO_TEST_CASE(steps_and_what_they_lead_to) {
    const Scenario scenario = good(R"(title = "x"
[firewall]
default = "drop"
[[site]]
name = "London"
[[site]]
name = "Head office"
[[step]]
do = "check"
note = "today"
expect = { London = "fails", "Head office" = { logon = "fails", fails_at = "endpoint-mapper" } }
[[step]]
do = "import-registry"
file = "reg/static-5000-5001.reg"
outage = "10m"
[[step]]
do = "restart-service"
service = "information-store"
expect = "fails"
[[step]]
do = "replace-firewall"
site = "Head office"
import = "branch.acl"
acl = "BRANCH-IN"
[[step]]
do = "logon"
[[step]]
do = "wait"
for = "2h"
[[step]]
do = "use"
[after]
newly_works = ["London"]
newly_breaks = []
newly_closed = { London = ["5002-5100"] }
newly_open = {}
)");
    BOOST_TEST_REQUIRE(scenario.steps.size() == 7U);
    BOOST_TEST(scenario.steps[0].note == "today");
    BOOST_TEST_REQUIRE(scenario.steps[0].expect.size() == 2U);
    BOOST_TEST(scenario.steps[0].expect[1].site.value() == 1U);
    BOOST_TEST(id(scenario.steps[0].expect[1].expect.fails_at->value) == "endpoint-mapper");
    BOOST_TEST(scenario.steps[1].file->path == "play/reg/static-5000-5001.reg");
    BOOST_TEST((scenario.steps[1].outage->value == std::chrono::minutes(10)));
    BOOST_TEST(!scenario.steps[2].outage.has_value());
    BOOST_TEST(scenario.steps[2].expect.size() == 2U);
    BOOST_TEST(id(scenario.steps[2].service->value) == "information-store");
    BOOST_TEST(scenario.steps[3].site.value() == 1U);
    BOOST_TEST((scenario.steps[3].rules.source == RuleSource::import_file));
    BOOST_TEST(scenario.steps[3].rules.acl->value == "BRANCH-IN");
    BOOST_TEST((scenario.steps[5].wait == std::chrono::hours(2)));
    const After& after = scenario.after.value();
    BOOST_TEST(after.newly_works->at(0).site.value() == 0U);
    BOOST_TEST(after.newly_breaks->empty());
    BOOST_TEST(after.newly_closed->at(0).ports.size() == 1U);
    BOOST_TEST(after.newly_open->empty());
}

BOOST_AUTO_TEST_CASE(without_sites_steps_and_after_speak_of_the_one_client) {
    const Scenario scenario = good(R"(title = "x"
[[step]]
do = "check"
expect = { logon = "works", ports = { directory = "1024-5000" } }
[after]
newly_breaks = ["logon"]
newly_open = [5000, "6000-6010"]
)");
    BOOST_TEST(!scenario.steps[0].expect.at(0).site.has_value());
    BOOST_TEST(!scenario.after->newly_works.has_value());
    BOOST_TEST((scenario.after->newly_breaks->at(0).action == ClientAction::logon));
    BOOST_TEST(scenario.after->newly_open->at(0).ports.size() == 2U);
}

BOOST_AUTO_TEST_SUITE_END()
