// Single rules against the real iptables-restore: accepted with its canonical form, or refused.
#include "sim/firewall/import/import.hpp"
#include "sim/firewall/import/native_text.hpp"
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
        {"-A FORWARD -ptcp -j DROP", 12, "bad-value"},
        {"-A FORWARD -p tcp -jDROP", 19, "bad-value"},
        {"-A FORWARD --source=10.0.0.1 -j DROP", 12, "bad-value"},
        {"-A FORWARD -p tcp --syn=x -j DROP", 19, "bad-value"},
        {"-A FORWARD -p tcp --d 135 -j DROP", 19, "unknown-option"},
        {"-A FORWARD -p tcp -m tcp --dest 10.0.0.1 -j DROP", 26, "unknown-option"},
        {"-A FORWARD -p tcp --tcp-option 2 -j DROP", 19, "unknown-option"},
        {"-A FORWARD -p tcp --dport 08 -j DROP", 27, "bad-port"},
        {"-A FORWARD -p tcp -m multiport --dports 0207,080 -j DROP", 41, "bad-port"},
        {"-A FORWARD -p udp -m multiport --dports 53,epmap -j DROP", 41, "bad-port"},
        {"-A FORWARD -p sctp -m multiport --dports 53 -j DROP", 33, "unsupported-option"},
        {"-A FORWARD -p icmp --icmp-type time -j DROP", 32, "bad-icmp-type"},
        {"-A FORWARD -s 10.0.0.0/08 -j DROP", 15, "bad-address"},
        {"-A FORWARD -s 10.300 -j DROP", 15, "bad-address"},
        {"-A FORWARD -m comment --comment a\"b c\"d -j DROP", 39, "unknown-option"},
        {"-A FORWARD -m state --state E, -j DROP", 29, "bad-state"},
        {"-A FORWARD -j LOG --log-level DEBUG", 31, "bad-value"},
        {"-A FORWARD -j LOG --log-level err", 31, "bad-value"},
        {"-A FORWARD -j LOG --log-prefix \"\"", 32, "bad-value"},
        {"-A FORWARD -c 1 -j DROP", 17, "bad-value"},
        {"-A FORWARD -6 -j DROP", 12, "unsupported-option"},
        {"-N LOG", 4, "bad-chain"},
        {"-N -x", 4, "bad-chain"},
        {"-I FORWARD x -j DROP", 12, "bad-position"},
        {"COMMIT x", 8, "bad-line"},
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

// Each as iptables-restore 1.8.9 takes it.
BOOST_AUTO_TEST_CASE(as_people_type) {
    struct Case {
        const char* rule;
        const char* saved;
    };
    const Case cases[] = {
        {"-A FORWARD -p tcp --dport 0207 -j DROP", "-A FORWARD -p tcp -m tcp --dport 135 -j DROP"},
        {"-A FORWARD -p tcp --dport 000135 -j DROP", "-A FORWARD -p tcp -m tcp --dport 93 -j DROP"},
        {"-A FORWARD -p tcp --dport 010:020 -j DROP", "-A FORWARD -p tcp -m tcp --dport 8:16 -j DROP"},
        {"-A FORWARD -p tcp --dport 0x87 -j DROP", "-A FORWARD -p tcp -m tcp --dport 135 -j DROP"},
        {"-A FORWARD -p tcp --dport +135 -j DROP", "-A FORWARD -p tcp -m tcp --dport 135 -j DROP"},
        {"-A FORWARD -p udp -m multiport --sports 010:020,epmap -j DROP", nullptr},
        {"-A FORWARD -p tcp -m multiport --sport 010:020,epmap -j DROP",
         "-A FORWARD -p tcp -m multiport --sports 8:16,135 -j DROP"},
        {"-A FORWARD -p udp --dport 0207 -j DROP", "-A FORWARD -p udp -m udp --dport 207 -j DROP"},
        {"-A FORWARD -p udp --dport 08:+9 -j DROP", "-A FORWARD -p udp -m udp --dport 8:9 -j DROP"},
        {"-A FORWARD -p udp --dport 0x87 -j DROP", nullptr},
        {"-A FORWARD -p udp --dport epmap -j DROP", "-A FORWARD -p udp -m udp --dport 135 -j DROP"},
        {"-A FORWARD -p udp -m multiport --dports 0207 -j DROP", "-A FORWARD -p udp -m multiport --dports 135 -j DROP"},
        {"-A FORWARD -p 017 -j DROP", "-A FORWARD -p 15 -j DROP"},
        {"-A FORWARD -p 0x6 -j DROP", "-A FORWARD -p tcp -j DROP"},
        {"-A FORWARD -p ip -j DROP", "-A FORWARD -j DROP"},
        {"-A FORWARD -p 44 -j DROP", "-A FORWARD -p ipv6-frag -j DROP"},
        {"-A FORWARD -p icmp --icmp-type 010 -j DROP", "-A FORWARD -p icmp -m icmp --icmp-type 8 -j DROP"},
        {"-A FORWARD -p icmp --icmp-type 3/015 -j DROP", "-A FORWARD -p icmp -m icmp --icmp-type 3/13 -j DROP"},
        {"-A FORWARD -p icmp --icmp-type 255/3 -j DROP", "-A FORWARD -p icmp -m icmp --icmp-type any -j DROP"},
        {"-A FORWARD -p icmp --icmp echo-req -j DROP", "-A FORWARD -p icmp -m icmp --icmp-type 8 -j DROP"},
        {"-A FORWARD -s 010.0.0.1 -j DROP", "-A FORWARD -s 8.0.0.1/32 -j DROP"},
        {"-A FORWARD -s 10.1.0.0/010 -j DROP", "-A FORWARD -s 10.0.0.0/8 -j DROP"},
        {"-A FORWARD -s 10.0.0.0/0255.0.0.0 -j DROP", "-A FORWARD -s 8.0.0.0/173.0.0.0 -j DROP"},
        {"-A FORWARD -m iprange --src-range 010.0.0.1-10.2 -j DROP",
         "-A FORWARD -m iprange --src-range 8.0.0.1-10.2.0.0 -j DROP"},
        {"-A FORWARD -p tcp --dp 135 --sp 1 -j DROP", "-A FORWARD -p tcp -m tcp --sport 1 --dport 135 -j DROP"},
        {"-A FORWARD --proto tcp --dest 10.0.0.1 --mat tcp --ju DROP", "-A FORWARD -d 10.0.0.1/32 -p tcp -m tcp -j DROP"},
        {"-A FORWARD -p tcp -m multiport -m tcp --dport 1 --dports 3 -j DROP",
         "-A FORWARD -p tcp -m multiport --dports 3 -m tcp --dport 1 -j DROP"},
        {"-AFORWARD -j DROP", "-A FORWARD -j DROP"},
        {"--app FORWARD -gUSER", "-A FORWARD -g USER"},
        {"--insert=FORWARD 01 -j DROP", "-A FORWARD -j DROP"},
        {"[1:2]-A FORWARD -vv -4 -c 1,2 -j DROP", nullptr},
        {"[1:2]-A FORWARD -v -4 -c 1,2 -c 3 4 -j DROP", "-A FORWARD -j DROP"},
        {"-A FORWARD -m state --st INV,n -j DROP", "-A FORWARD -m state --state INVALID,NEW -j DROP"},
        {"-A FORWARD -p tcp --tcp-f ,SYN,,ACK ,SYN -j DROP", "-A FORWARD -p tcp -m tcp --tcp-flags SYN,ACK SYN -j DROP"},
        {"-A FORWARD -j REJECT --rej host-prohib", "-A FORWARD -j REJECT --reject-with icmp-host-prohibited"},
        {"-A FORWARD -j LOG --log-level 07", "-A FORWARD -j LOG --log-level 7"},
        {"-A FORWARD -j LOG --log-p 123456789012345678901234567890",
         "-A FORWARD -j LOG --log-prefix 12345678901234567890123456789"},
        {"-A FORWARD -m comment --comment ! -j DROP", "-A FORWARD -m comment --comment \"!\" -j DROP"},
        {":-x - [0:0]\n-A FORWARD -j -x", "-A FORWARD -j -x"},
        {":!x - [0:0]\n-A FORWARD -g !x", "-A FORWARD -g !x"},
        {":REJECT - [0:0]\n-A FORWARD -j REJECT", "-A FORWARD -j REJECT"},
    };
    for (const Case& c : cases) BOOST_TEST_CONTEXT(c.rule) {
            const auto imported = import(in_table(c.rule));
            BOOST_TEST(imported.has_value() == (c.saved != nullptr));
            if (!imported || c.saved == nullptr) continue;
            const auto written = lines(imported->canonical);
            BOOST_TEST((std::find(written.begin(), written.end(), c.saved) != written.end()),
                       c.saved << " in " << imported->canonical);
        }
}

BOOST_AUTO_TEST_CASE(inserted_lists_stand_in_reverse) {
    const auto imported = import(in_table("-A FORWARD -j DROP\n-I FORWARD 1 -s 10.0.0.1,10.0.0.2 -d 10.1.0.1,10.1.0.2 -j ACCEPT"));
    BOOST_REQUIRE(imported.has_value());
    BOOST_TEST(imported->canonical.find("-A FORWARD -s 10.0.0.2/32 -d 10.1.0.2/32 -j ACCEPT\n"
                                        "-A FORWARD -s 10.0.0.2/32 -d 10.1.0.1/32 -j ACCEPT\n"
                                        "-A FORWARD -s 10.0.0.1/32 -d 10.1.0.2/32 -j ACCEPT\n"
                                        "-A FORWARD -s 10.0.0.1/32 -d 10.1.0.1/32 -j ACCEPT\n"
                                        "-A FORWARD -j DROP\n") != std::string::npos,
               imported->canonical);
}

BOOST_AUTO_TEST_CASE(what_is_likely_not_meant) {
    struct Case {
        std::string text;
        const char* id;  // null: nothing is said
        std::uint32_t line;
    };
    const Case cases[] = {
        {in_table("-A FORWARD -p tcp --dport 0207 -j DROP"), "octal-number", 6},
        {in_table("-A FORWARD -p udp --dport 0207 -j DROP"), "octal-number", 6},
        {in_table("-A FORWARD -s 10.0.0.010 -j DROP"), "octal-number", 6},
        {in_table("-A FORWARD -p tcp --dport 00 -j DROP"), nullptr, 0},
        {in_table("-A FORWARD -p tcp --dport 01:07 -j DROP"), nullptr, 0},
        {in_table("-A FORWARD -m comment --comment 0207 -j DROP"), nullptr, 0},
        {in_table("-A FORWARD -j LOG --log-prefix 123456789012345678901234567890"), "log-prefix-cut", 6},
        {in_table("  # why"), "not-loadable", 6},
        {in_table(" -A FORWARD -j DROP"), nullptr, 0},
        {"*filter\r\n-A FORWARD -j DROP\r\nCOMMIT\r\n", "not-loadable", 0},
        {"\xef\xbb\xbf*filter\n-A FORWARD -j DROP\nCOMMIT\n", nullptr, 0},
    };
    for (const Case& c : cases) BOOST_TEST_CONTEXT(c.text) {
            const auto imported = import(c.text);
            BOOST_REQUIRE(imported.has_value());
            BOOST_REQUIRE(imported->remarks.size() == (c.id == nullptr ? 0U : 1U));
            if (c.id == nullptr) continue;
            BOOST_TEST(imported->remarks.front().id == c.id);
            BOOST_TEST(imported->remarks.front().place.line == c.line);
        }
}

BOOST_AUTO_TEST_CASE(files_that_are_no_text) {
    using namespace std::string_view_literals;
    const std::pair<std::string_view, const char*> cases[] = {
        {"\xff\xfe*\0f\0i\0l\0t\0e\0r\0"sv, "not-utf8"},
        {"*\0f\0i\0l\0t\0e\0r\0\n\0"sv, "not-utf8"},
        {"\x1f\x8b\x08\0\0"sv, "not-text"},
        {"*filter\n-A FORWARD -j DROP\n\0COMMIT\n-A FORWARD -j DROP"sv, "not-text"},
    };
    for (const auto& [text, id] : cases) {
        const base::SourceText source("t", std::string(text));
        const auto imported = fw::import::import_rules(source, fw::import::ImportFormat::iptables, {});
        BOOST_REQUIRE(!imported.has_value());
        BOOST_TEST(imported.error().front().id == id);
        const auto native = fw::import::parse_native(source);
        BOOST_REQUIRE(!native.has_value());
        BOOST_TEST(native.error().front().id == id);
    }
    for (const char* const text : {"", " \n\t\n", "# nothing\n"}) {
        const auto native = fw::import::parse_native_file(base::SourceText("t", text));
        BOOST_REQUIRE(!native.has_value());
        BOOST_TEST(native.error().front().id == "empty-rules");
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
        {"*nat\n:POSTROUTING DROP [0:0]\nCOMMIT\n*filter\nCOMMIT\n", "wrong-table"},
        {"*mangle\n:POSTROUTING ACCEPT [0:0]\n-A POSTROUTING -j ACCEPT\nCOMMIT\n*filter\nCOMMIT\n",
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
        "-p tcp --dport=80 -j web\n"
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
    BOOST_TEST((fw::import::detect_format("\xef\xbb\xbf*filter\n") == Format::iptables));
    BOOST_TEST((fw::import::detect_format("[0:0]-A FORWARD -j DROP\n") == Format::iptables));
    BOOST_TEST((fw::import::detect_format("[0:0] -A FORWARD -j DROP\n") == Format::iptables));
    BOOST_TEST((fw::import::detect_format("! from: show run\n\nip access-list extended X\n") == Format::cisco_ios));
    BOOST_TEST((fw::import::detect_format("access-list 101 permit ip any any") == Format::cisco_ios));
    BOOST_TEST(!fw::import::detect_format("").has_value());
    BOOST_TEST(!fw::import::detect_format("allow tcp 135\n").has_value());
}

BOOST_AUTO_TEST_SUITE_END()
