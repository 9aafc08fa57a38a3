// Single rules against the real iptables-restore: accepted with its canonical form, or refused.
#include "sim/firewall/import/import.hpp"
#include "tests/firewall/golden_packet.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <fstream>

namespace {

namespace json = boost::json;
namespace fw = sim::firewall;
using namespace sim;

base::Result<fw::import::Imported, base::Diagnostics> import(const std::string& text,
                                                             wire::Family family = wire::Family::ipv4) {
    fw::import::ImportOptions options;
    options.family = family;
    return fw::import::import_iptables(base::SourceText("t.v4", text), options);
}

std::string in_table(const std::string& rule) {
    return "*filter\n:INPUT DROP [0:0]\n:FORWARD DROP [0:0]\n:OUTPUT DROP [0:0]\n:USER - [0:0]\n" + rule + "\nCOMMIT\n";
}

std::vector<std::string> lines(const std::string& text) {
    std::vector<std::string> out{""};
    for (const char c : text)
        if (c == '\n')
            out.emplace_back();
        else
            out.back() += c;
    return out;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(import_rules)

BOOST_AUTO_TEST_CASE(as_the_real_tool) {
    std::ifstream file(std::string(FIREDRILL_SOURCE_DIR) + "/tests/firewall/goldens/import-rules.jsonl");
    std::string line;
    std::size_t count = 0;
    while (std::getline(file, line)) {
        const json::value test = json::parse(line);
        const std::string rule(test.at("rule").as_string());
        const bool v6 = test.at("family").as_string() == "ipv6";
        const bool accepted = test.at("accepted").as_bool() && !test.as_object().contains("outside_subset");
        BOOST_TEST_CONTEXT(rule) {
            const auto imported = import(in_table(rule), v6 ? wire::Family::ipv6 : wire::Family::ipv4);
            BOOST_TEST(imported.has_value() == accepted);
            if (imported && accepted) {
                const auto written = lines(imported->canonical);
                for (const json::value& wanted : test.at("canonical").as_array()) {
                    std::string prefix(wanted.as_string());
                    const bool found = std::any_of(written.begin(), written.end(), [&](const std::string& l) {
                        return prefix[0] == ':' ? l.substr(0, prefix.size()) == prefix : l == prefix;
                    });
                    BOOST_TEST(found, prefix << " in " << imported->canonical);
                }
                const auto again = import(imported->canonical, v6 ? wire::Family::ipv6 : wire::Family::ipv4);
                BOOST_REQUIRE(again.has_value());
                BOOST_TEST(again->canonical == imported->canonical);
            }
            if (!imported) BOOST_TEST(imported.error().front().place.line == 6U);
        }
        ++count;
    }
    BOOST_TEST(count > 50U);
}

BOOST_AUTO_TEST_CASE(refusals_by_name) {
    struct Case {
        const char* rule;
        std::uint32_t column;
        const char* id;
    };
    const Case cases[] = {
        {"-A FORWARD -m limit --limit 1/s -j ACCEPT", 15, "unsupported-match"},
        {"-A FORWARD -j MARK --set-mark 1", 15, "unsupported-target"},
        {"-A FORWARD -j NOSUCH", 15, "unsupported-target"},
        {"-A NOSUCH -j ACCEPT", 4, "undeclared-chain"},
        {"-D FORWARD -j ACCEPT", 1, "unsupported-command"},
        {"-F FORWARD", 1, "unsupported-command"},
        {"-A FORWARD --dport 135 -p tcp -j ACCEPT", 12, "unknown-option"},
        {"-A FORWARD -p tcp --dport 135:1 -j ACCEPT", 27, "bad-port"},
        {"-A FORWARD -p tcp --dport nosuch -j ACCEPT", 27, "bad-port"},
        {"-A FORWARD -s ! 10.0.0.1 -j ACCEPT", 12, "missing-value"},
        {"-A FORWARD ! -j ACCEPT", 14, "bad-inversion"},
        {"-A FORWARD ! -s 10.0.0.1,10.0.0.2 -j DROP", 17, "bad-inversion"},
        {"-A FORWARD -i interface-too-long -j DROP", 15, "bad-interface"},
        {"-A INPUT -o eth0 -j DROP", 10, "bad-interface"},
        {"-A FORWARD -j ACCEPT -j DROP", 22, "repeated-option"},
        {"-A FORWARD -p tcp --syn --tcp-flags ALL SYN", 41, "repeated-option"},
        {"-A FORWARD -m multiport --dports 1 -p tcp", 25, "needs-protocol"},
        {"-A FORWARD -j REJECT --reject-with tcp-reset", 1, "tcp-reset-needs-tcp"},
        {"-A FORWARD -m comment --comment \"open", 1, "open-quote"},
        {"-I FORWARD 3 -j DROP", 12, "bad-position"},
        {"-A FORWARD -t nat -j DROP", 12, "unknown-option"},
        {"garbage", 1, "unsupported-command"},
    };
    for (const Case& c : cases) BOOST_TEST_CONTEXT(c.rule) {
            const auto imported = import(in_table(c.rule));
            BOOST_REQUIRE(!imported.has_value());
            const base::Diagnostic d = imported.error().front();
            BOOST_TEST(d.id == c.id);
            BOOST_TEST(d.place.line == 6U);
            BOOST_TEST(d.place.column == c.column);
        }
}

BOOST_AUTO_TEST_CASE(files_that_must_not_load) {
    struct Case {
        const char* text;
        const char* id;
    };
    const Case cases[] = {
        {"", "no-filter-table"},
        {"*nat\n:PREROUTING ACCEPT [0:0]\nCOMMIT\n", "no-filter-table"},
        {"*nat\n:POSTROUTING ACCEPT [0:0]\n-A POSTROUTING -j MASQUERADE\nCOMMIT\n*filter\nCOMMIT\n",
         "unsupported-table"},
        {"*raw\n:PREROUTING DROP [0:0]\nCOMMIT\n*filter\nCOMMIT\n", "unsupported-table"},
        {"*frob\nCOMMIT\n*filter\nCOMMIT\n", "unsupported-table"},
        {"*filter\n-A FORWARD -j DROP\n", "no-commit"},
        {"-A FORWARD -j DROP\n*filter\nCOMMIT\n", "out-of-table"},
        {"*filter\nCOMMIT\n*filter\nCOMMIT\n", "repeated-table"},
        {"*filter\n:X - [0:0]\n:X - [0:0]\nCOMMIT\n", "repeated-chain"},
        {"*filter\n:X ACCEPT [0:0]\nCOMMIT\n", "bad-policy"},
        {"*filter\n:FORWARD QUEUE [0:0]\nCOMMIT\n", "bad-policy"},
        {"*filter\n:A - [0:0]\n:B - [0:0]\n-A A -j B\n-A B -g A\nCOMMIT\n", "jump-loop"},
        {"*filter\n:A - [0:0]\n-A A -j A\nCOMMIT\n", "jump-loop"},
    };
    for (const Case& c : cases) BOOST_TEST_CONTEXT(c.text) {
            const auto imported = import(c.text);
            BOOST_REQUIRE(!imported.has_value());
            BOOST_TEST(imported.error().front().id == c.id);
        }
}

BOOST_AUTO_TEST_CASE(small_freedoms) {
    const auto imported = import(
        "# by hand\n*mangle\n:PREROUTING ACCEPT [1:2]\nCOMMIT\n*filter\n-P FORWARD DROP\n-N web\n[3:4] -A FORWARD "
        "-ptcp --dport=80 -j web\n"
        "-A web -s 10/8 -j ACCEPT\n-I FORWARD -m comment --comment \"say -j DROP \\\"twice\\\"\" -j LOG --log-prefix x "
        "--log-level 7\nCOMMIT\n");
    if (!imported)
        for (const auto& d : imported.error()) BOOST_ERROR(base::format(d));
    BOOST_REQUIRE(imported.has_value());
    BOOST_TEST(imported->canonical ==
               "*filter\n:INPUT ACCEPT [0:0]\n:FORWARD DROP [0:0]\n:OUTPUT ACCEPT [0:0]\n:web - [0:0]\n"
               "-A FORWARD -m comment --comment \"say -j DROP \\\"twice\\\"\" -j LOG --log-prefix x --log-level 7\n"
               "-A FORWARD -p tcp -m tcp --dport 80 -j web\n-A web -s 10.0.0.0/8 -j ACCEPT\nCOMMIT\n");
    BOOST_TEST(imported->remarks.size() == 1U);
    BOOST_TEST((imported->rules->tracking() == fw::Tracking::off));
    BOOST_TEST(imported->rules->label(fw::RuleId{1}) == "FORWARD rule 2");
    BOOST_TEST(imported->rules->place(fw::RuleId{1}) == "t.v4:8");
    BOOST_TEST(imported->rules->origin(fw::RuleId{0}).note == "say -j DROP \"twice\"");
}

BOOST_AUTO_TEST_CASE(formats_by_their_contents) {
    using Format = fw::import::ImportFormat;
    BOOST_TEST((fw::import::detect_format("# c\n*filter\n") == Format::iptables));
    BOOST_TEST((fw::import::detect_format("[0:0] -A FORWARD -j DROP\n") == Format::iptables));
    BOOST_TEST((fw::import::detect_format("! from: show run\n\nip access-list extended X\n") == Format::cisco_ios));
    BOOST_TEST((fw::import::detect_format("access-list 101 permit ip any any") == Format::cisco_ios));
    BOOST_TEST(!fw::import::detect_format("").has_value());
    BOOST_TEST(!fw::import::detect_format("allow tcp 135\n").has_value());
}

BOOST_AUTO_TEST_SUITE_END()
