// Texts that load, and every value of the format as it comes out.
#include "tests/scenarios/load_support.hpp"

#include <chrono>

using namespace load_tests;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(load_values)

BOOST_AUTO_TEST_CASE(twelve_lines_are_enough_and_the_rest_has_defaults) {
    const Scenario scenario = good(R"(title = "Only 135 is open"

[server]
registry = "reg/as-installed.reg"

[firewall]
allow = [135]

[expect]
logon = "fails"
)");
    BOOST_TEST(scenario.title == "Only 135 is open");
    BOOST_TEST(scenario.format == 1U);
    BOOST_TEST_REQUIRE(scenario.variants.size() == 1U);
    const Setup& setup = scenario.variants[0].setup;
    BOOST_TEST(variant_name(scenario, scenario.variants[0]) == "");
    BOOST_TEST_REQUIRE(setup.servers.size() == 1U);
    const ServerSetup& server = setup.servers[0];
    BOOST_TEST(server.name.value == "EXCH01");
    BOOST_TEST(!server.name.written());
    BOOST_TEST(server.address.value.format() == "10.0.0.10");
    BOOST_TEST(id(server.version.value) == "5.5");
    BOOST_TEST(id(server.windows.value) == "nt4");
    BOOST_TEST(id(server.dynamic) == "random");
    BOOST_TEST(!server.listen.has_value());
    BOOST_TEST_REQUIRE(server.registry.size() == 1U);
    BOOST_TEST(server.registry[0].path == "play/reg/as-installed.reg");
    BOOST_TEST(*server.registry[0].text == "REGEDIT4\n");
    BOOST_TEST(server.registry[0].place.line == 4U);
    BOOST_TEST(server.registry[0].place.column == 12U);
    BOOST_TEST(setup.client.address.value.format() == "192.0.2.50");
    BOOST_TEST(id(setup.client.windows) == "2000");
    BOOST_TEST(id(setup.client.actions.at(0).value) == "logon");
    BOOST_TEST(id(setup.client.binding_order.at(0).value) == "ncacn_ip_tcp");
    BOOST_TEST(setup.client.resolves);
    BOOST_TEST_REQUIRE(setup.firewalls.size() == 1U);
    BOOST_TEST((setup.firewalls[0].rules.source == RuleSource::allow));
    BOOST_TEST(id(setup.firewalls[0].default_action) == "drop");
    BOOST_TEST(setup.firewalls[0].stateful.value);
    BOOST_TEST((setup.network.latency == 10ms));
    BOOST_TEST(setup.network.mtu == 1500U);
    BOOST_TEST((setup.network.loss == Ratio{0, 100}));
    BOOST_TEST_REQUIRE(setup.expect.has_value());
    BOOST_TEST(!setup.sweep.has_value());
}

BOOST_AUTO_TEST_CASE(no_firewall_and_no_expectation_are_fine) {
    const Scenario scenario = good("title = \"x\"");
    BOOST_TEST(scenario.variants[0].setup.firewalls.empty());
    BOOST_TEST(!scenario.variants[0].setup.expect.has_value());
}

BOOST_AUTO_TEST_CASE(the_template_loads_as_it_stands) {
    MemoryFiles nothing(std::map<std::string, std::string>{});
    const Loaded loaded = parse_scenario("new.toml", scenario_template(), nothing);
    BOOST_TEST_REQUIRE(loaded.scenario.has_value(), shown(loaded));
    BOOST_TEST(loaded.diagnostics.empty(), shown(loaded));
    BOOST_TEST(loaded.scenario->variants.size() == 2U);
    BOOST_TEST(loaded.scenario->variants[1].setup.firewalls[0].rules.allow.size() == 2U);
}

BOOST_AUTO_TEST_CASE(the_parts_of_the_template_that_are_switched_off_load_too) {
    std::string text;
    const std::string source = scenario_template();
    for (std::size_t at = 0; at < source.size();) {
        const std::size_t end = source.find('\n', at);
        std::string line = source.substr(at, end - at);
        at = end + 1;
        const bool is_key = line.size() > 2 && line[0] == '#' && line.find(" = ") != std::string::npos;
        const bool other_source =
            line.find("rules  =") != std::string::npos || line.find("import =") != std::string::npos;
        // The long form would follow the short one, and would end the [firewall] table before it.
        if (line.find("In place of allow") != std::string::npos)
            while (source.substr(at, 11) != "# [network]") at = source.find('\n', at) + 1;
        text += is_key && !other_source ? line.substr(2) : line.substr(0, 11) == "# [network]" ? line.substr(2) : line;
        text += '\n';
    }
    // What the template only mentions together with another value.
    const auto replace = [&](std::string_view old, std::string_view with) {
        const std::size_t at = text.find(old);
        BOOST_TEST_REQUIRE(at != std::string::npos, old);
        text.replace(at, old.size(), with);
    };
    replace("logon    = \"fails\"", "logon    = \"sometimes\"");
    MemoryFiles beside(std::map<std::string, std::string>{{"static-5000-5001.reg", "REGEDIT4\n"}});
    const Loaded loaded = parse_scenario("new.toml", text, beside);
    BOOST_TEST(loaded.scenario.has_value(), shown(loaded) << text);
}

BOOST_AUTO_TEST_CASE(durations) {
    const struct {
        const char* text;
        std::chrono::nanoseconds value;
    } cases[] = {{"10ms", 10ms}, {"250us", 250us}, {"45s", 45s}, {"10m", 10min}, {"10min", 10min},
                 {"2h", 2h},     {"3d", 72h},      {"0s", 0s},   {"1 s", 1s}};
    for (const auto& c : cases) BOOST_TEST_CONTEXT(c.text) {
            const Scenario scenario = good(std::string("title = \"x\"\nnetwork.latency = \"") + c.text + "\"");
            BOOST_TEST((scenario.variants[0].setup.network.latency == c.value));
        }
}

BOOST_AUTO_TEST_CASE(shares_are_ratios_of_whole_numbers) {
    const struct {
        const char* text;
        Ratio value;
    } cases[] = {{"0%", {0, 100}},
                 {"100%", {100, 100}},
                 {"0.5%", {5, 1000}},
                 {"99.9%", {999, 1000}},
                 {"0.000001%", {1, 100'000'000}}};
    for (const auto& c : cases) BOOST_TEST_CONTEXT(c.text) {
            const Scenario scenario = good(std::string("title = \"x\"\nnetwork.loss = \"") + c.text + "\"");
            BOOST_TEST((scenario.variants[0].setup.network.loss == c.value));
        }
}

BOOST_AUTO_TEST_CASE(every_key_of_inspection_and_of_clients_that_it_meets) {
    const Scenario scenario = good(R"(title = "x"
[client]
known_ports = { directory = 5001, information-store = 5002 }
remembers_ports = true
seals_mapper = true
[network]
mapper_port = 1135
[firewall]
inspect = "dcerpc"
inspect_interfaces = ["NSPI", "a4f1db00-ca47-1067-b31f-00dd010662da"]
inspect_lookups = "5m"
inspect_mapper_only = true
pinhole_timeout = "90s"
pinhole_uses = "one"
)");
    const auto& setup = scenario.variants[0].setup;
    const FirewallSetup& firewall = setup.firewalls.at(0);
    BOOST_TEST_REQUIRE(firewall.inspect_interfaces.size() == 2U);
    BOOST_TEST(firewall.inspect_interfaces[0].value.format() == "f5cc5a18-4264-101a-8c59-08002b2f8426");
    BOOST_TEST(firewall.inspect_interfaces[1].value.format() == "a4f1db00-ca47-1067-b31f-00dd010662da");
    BOOST_TEST((firewall.inspect_lookups->value == std::chrono::minutes(5)));
    BOOST_TEST(firewall.inspect_mapper_only->value);
    BOOST_TEST((firewall.pinhole_timeout->value == std::chrono::seconds(90)));
    BOOST_TEST((firewall.pinhole_uses->value == PinholeUses::one));
    BOOST_TEST_REQUIRE(setup.client.known_ports.size() == 2U);
    BOOST_TEST(setup.client.known_ports[1].port.value.value == 5002U);
    BOOST_TEST(setup.client.remembers_ports);
    BOOST_TEST(setup.client.seals_mapper);
    BOOST_TEST(setup.network.mapper_port.value.value == 1135U);
    // A case that switches inspection off need not take its settings out.
    good(
        "title = \"x\"\n[firewall]\ninspect = \"dcerpc\"\npinhole_timeout = \"1m\"\n[[case]]\ntitle = "
        "\"off\"\nfirewall.inspect = []\n");
}

BOOST_AUTO_TEST_CASE(every_key_of_a_firewall_and_its_rules) {
    const Scenario scenario = good(R"(title = "x"
[firewall]
name = "outer"
default = "reject"
stateful = false
reject_with = "admin-prohibited"
inspect = ["dcerpc"]
idle_timeout = "2h"
[[firewall.rule]]
action = "drop"
protocol = "udp"
from = ["192.0.2.0/24", "198.51.100.7"]
from_port = "1024-65535"
to = "10.0.0.10"
port = [135, "5000-5100"]
direction = "both"
log = true
note = "a note"
[[firewall.rule]]
action = "allow"
)");
    const FirewallSetup& firewall = scenario.variants[0].setup.firewalls.at(0);
    BOOST_TEST(firewall.name.value == "outer");
    BOOST_TEST(id(firewall.default_action) == "reject");
    BOOST_TEST(!firewall.stateful.value);
    BOOST_TEST(id(firewall.reject_with->value) == "admin-prohibited");
    BOOST_TEST(firewall.inspect.size() == 1U);
    BOOST_TEST((firewall.idle_timeout->value == 2h));
    BOOST_TEST((firewall.rules.source == RuleSource::rules));
    BOOST_TEST_REQUIRE(firewall.rules.rules.size() == 2U);
    const NativeRule& rule = firewall.rules.rules[0];
    BOOST_TEST(id(rule.action) == "drop");
    BOOST_TEST(id(rule.protocol) == "udp");
    BOOST_TEST(id(rule.direction) == "both");
    BOOST_TEST(rule.from.size() == 2U);
    BOOST_TEST(rule.from[0].value.format() == "192.0.2.0/24");
    BOOST_TEST(wire::format(rule.from_port.at(0).value) == "1024-65535");
    BOOST_TEST(rule.port.size() == 2U);
    BOOST_TEST(rule.log);
    BOOST_TEST(rule.note == "a note");
    BOOST_TEST(rule.place.line == 9U);
    BOOST_TEST(id(firewall.rules.rules[1].protocol) == "tcp");
    BOOST_TEST(firewall.rules.rules[1].port.empty());
}

BOOST_AUTO_TEST_CASE(every_key_of_an_expectation) {
    const Scenario scenario = good(R"(title = "x"
client.do = ["logon", "new-mail"]
sweep.seeds = "5-204"
[expect]
logon = "sometimes"
fails_at = "information-store"
because = "no-rule-matched"
works = "90%-99.9%"
ports = { directory = 5000, information-store = ["5001", "6000-6010"] }
open_only = [135, "5000-5100"]
warns = "static-port-not-available"
new_mail = "fails"
within = "30s"
says = ["unavailable", "network"]
)");
    const Expectation& expect = scenario.variants[0].setup.expect.value();
    BOOST_TEST(id(expect.logon->value) == "sometimes");
    BOOST_TEST(id(expect.fails_at->value) == "information-store");
    BOOST_TEST(expect.because->value == "no-rule-matched");
    BOOST_TEST((expect.works->value.low == Ratio{90, 100}));
    BOOST_TEST((expect.works->value.high == Ratio{999, 1000}));
    BOOST_TEST(expect.ports.size() == 2U);
    BOOST_TEST(expect.ports[1].ports.size() == 2U);
    BOOST_TEST(expect.open_only->size() == 2U);
    BOOST_TEST(expect.warns.size() == 1U);
    BOOST_TEST(id(expect.new_mail->value) == "fails");
    BOOST_TEST((expect.within->value == 30s));
    BOOST_TEST(expect.says.size() == 2U);
    BOOST_TEST(scenario.variants[0].setup.sweep->first == 5U);
    BOOST_TEST(scenario.variants[0].setup.sweep->count() == 200U);
}

BOOST_AUTO_TEST_CASE(several_servers_have_names_and_addresses_of_their_own) {
    const Scenario scenario =
        good("title = \"x\"\n[[server]]\n[[server]]\nversion = \"2010\"\n[[server]]\nname = \"PF\"\n");
    const std::vector<ServerSetup>& servers = scenario.variants[0].setup.servers;
    BOOST_TEST_REQUIRE(servers.size() == 3U);
    BOOST_TEST(servers[1].name.value == "EXCH02");
    BOOST_TEST(servers[1].address.value.format() == "10.0.0.11");
    BOOST_TEST(servers[2].name.value == "PF");
    // A version that never ran on NT 4 must not get its port range.
    BOOST_TEST(id(servers[0].windows.value) == "nt4");
    BOOST_TEST(id(servers[1].windows.value) == "2008");
}

BOOST_AUTO_TEST_CASE(ipv6_byte_order_mark_and_windows_line_ends) {
    const Scenario scenario =
        good("\xef\xbb\xbftitle = \"x\"\r\nserver.address = \"2001:db8::1\"\r\nclient.address = \"2001:db8::2\"\r\n");
    BOOST_TEST(scenario.variants[0].setup.servers[0].address.value.format() == "2001:db8::1");
    BOOST_TEST(scenario.variants[0].setup.servers[0].address.place.line == 2U);
}

BOOST_AUTO_TEST_CASE(places_count_octets_as_editors_of_utf8_do) {
    const Loaded loaded =
        load("title = \"x\"\nnote = \"\"\nclient = { name = \"\xc3\xa4\xc3\xb6\", adress = \"x\" }\n");
    const auto* diagnostic = &loaded.diagnostics.back();
    BOOST_TEST(diagnostic->id == "unknown-key");
    BOOST_TEST(diagnostic->place.line == 3U);
    BOOST_TEST(diagnostic->source_line.substr(diagnostic->place.column - 1, diagnostic->place.length) == "adress");
}

BOOST_AUTO_TEST_SUITE_END()
