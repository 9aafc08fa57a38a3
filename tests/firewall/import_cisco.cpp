// Cisco extended access lists: what entries mean, where lists stand, what is refused.
#include "sim/firewall/import/import.hpp"
#include "tests/firewall/packets.hpp"

using namespace packets;

namespace {

base::Result<fw::import::Imported, base::Diagnostics> import(const std::string& text, const std::string& acl = "X") {
    fw::import::ImportOptions options;
    options.acl = acl;
    return fw::import::import_cisco(base::SourceText("r.acl", text), options);
}

std::string list(const std::string& entries) { return "ip access-list extended X\n" + entries + "\n"; }

base::Bytes later_fragment(wire::IpAddress from, wire::IpAddress to) {
    wire::IpHeader header = ip(from, to, wire::Protocol::tcp);
    header.dont_fragment = false;
    header.fragment_offset = 64;
    return wire::emit_raw(header, base::Bytes(16, 'f'));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(import_cisco)

BOOST_AUTO_TEST_CASE(entries) {
    const std::string denied = "reject icmp-admin-prohibited no-rule-matched";
    struct Case {
        const char* entry;
        base::Bytes packet;
        bool matches;
    };
    const Case cases[] = {
        {"permit ip any any", to_server({}), true},
        {"permit tcp any host 10.0.0.10 eq 135", to_server({}), true},
        {"permit tcp any host 10.0.0.10 eq msrpc", to_server({}), true},
        {"permit tcp any host 10.0.0.11 eq 135", to_server({}), false},
        {"permit tcp any host 10.0.0.10 eq 134 135 136", to_server({}), true},
        {"permit tcp any any range 5000 5100", to_server({.to_port = 5100}), true},
        {"permit tcp any any range 5100 5000", to_server({.to_port = 5100}), true},
        {"permit tcp any any range 5000 5099", to_server({.to_port = 5100}), false},
        {"permit tcp any any gt 1023", to_server({.to_port = 1023}), false},
        {"permit tcp any any gt 1023", to_server({.to_port = 1024}), true},
        {"permit tcp any any lt 1024", to_server({.to_port = 1023}), true},
        {"permit tcp any any lt 1024", to_server({.to_port = 1024}), false},
        {"permit tcp any any neq 135", to_server({}), false},
        {"permit tcp any any neq 136", to_server({}), true},
        {"permit tcp any eq 1030 any", to_server({}), true},
        {"permit tcp 192.0.2.0 0.0.0.255 any", to_server({}), true},
        {"permit tcp 192.0.3.0 0.0.0.255 any", to_server({}), false},
        {"permit tcp 192.9.2.50 0.255.0.0 any", to_server({}), true},
        {"permit tcp any any established", to_server({}), false},
        {"permit tcp any any established", to_server({.flags = F::ack}), true},
        {"permit tcp any any established", to_server({.flags = F::rst}), true},
        {"permit udp any any", to_server({}), false},
        {"permit udp any any eq syslog", udp(client, server, 1, 514), true},
        {"permit icmp any any echo", icmp(client, server, 8), true},
        {"permit icmp any any echo-reply", icmp(client, server, 8), false},
        {"permit icmp any any 3 4", icmp(client, server, 3, 4), true},
        {"permit icmp any any 3 4", icmp(client, server, 3, 5), false},
        {"permit icmp any any unreachable", icmp(client, server, 3, 5), true},
        {"permit 50 any any", to_server({}), false},
        {"permit tcp any host 10.0.0.10 eq 135", later_fragment(client, server), true},  // looser than iptables
        {"permit tcp any host 10.0.0.11 eq 135", later_fragment(client, server), false},
        {"permit tcp any any", later_fragment(client, server), true},
        {"permit tcp any any fragments", later_fragment(client, server), true},
        {"permit tcp any any fragments", to_server({}), false},
        {"permit tcp any any eq 135 log", to_server({}), true},
    };
    for (const Case& c : cases) BOOST_TEST_CONTEXT(c.entry) {
            const auto imported = import(list(std::string(" ") + c.entry));
            if (!imported)
                for (const auto& d : imported.error()) BOOST_ERROR(base::format(d));
            BOOST_REQUIRE(imported.has_value());
            fw::Firewall box(imported->rules);
            const fw::Passage p = box.judge(c.packet, fw::Side::client, base::time_zero);
            BOOST_TEST(words(p.verdict, box.rules()) == (c.matches ? "accept X entry 1" : denied));
        }
}

BOOST_AUTO_TEST_CASE(denies_skip_later_fragments) {
    const auto imported = import(list(" deny tcp any any eq 135\n permit ip any any"));
    BOOST_REQUIRE(imported.has_value());
    fw::Firewall box(imported->rules);
    BOOST_TEST(words(box.judge(later_fragment(client, server), fw::Side::client, at(0s)).verdict, box.rules()) ==
               "accept X entry 2");
    const fw::Passage p = box.judge(to_server({}), fw::Side::client, at(0s));
    BOOST_TEST(words(p.verdict, box.rules()) == "reject icmp-admin-prohibited X entry 1");
    BOOST_REQUIRE(p.answer.has_value());
    BOOST_TEST(int{wire::parse(*p.answer)->icmp()->code} == 13);
}

BOOST_AUTO_TEST_CASE(where_lists_stand) {
    const std::string text =
        "hostname r1\naccess-list 101 permit tcp any any eq 135\naccess-list 102 permit tcp any any established\n"
        "interface Ethernet0\n ip address 192.0.2.1 255.255.255.0\n ip access-group 101 in\n no ip unreachables\n"
        "interface Ethernet 1\n ip access-group 102 in\n!\n";
    fw::import::ImportOptions options;
    options.client_side = "Ethernet0";
    options.server_side = "Ethernet1";
    const auto imported = fw::import::import_cisco(base::SourceText("r.acl", text), options);
    if (!imported)
        for (const auto& d : imported.error()) BOOST_ERROR(base::format(d));
    BOOST_REQUIRE(imported.has_value());
    fw::Firewall::Settings settings;
    settings.client_side = "Ethernet0";
    settings.server_side = "Ethernet1";
    fw::Firewall box(imported->rules, settings);
    const auto judge = [&](const base::Bytes& packet, fw::Side from) {
        return words(box.judge(packet, from, at(0s)).verdict, box.rules());
    };
    BOOST_TEST(judge(to_server({}), fw::Side::client) == "accept 101 entry 1");
    BOOST_TEST(judge(to_server({.to_port = 1}), fw::Side::client) == "drop no-rule-matched");
    BOOST_TEST(judge(to_client({.flags = F::syn | F::ack}), fw::Side::server) == "accept 102 entry 1");
    BOOST_TEST(judge(to_client({}), fw::Side::server) == "reject icmp-admin-prohibited no-rule-matched");
}

BOOST_AUTO_TEST_CASE(the_other_way_passes_without_a_list) {
    const auto imported = import(list(" permit tcp any any eq 135"));
    fw::Firewall box(imported->rules);
    BOOST_TEST(words(box.judge(to_client({}), fw::Side::server, at(0s)).verdict, box.rules()) ==
               "accept no-rule-matched");
}

BOOST_AUTO_TEST_CASE(sequence_numbers_order) {
    const auto imported = import(list(" 20 deny ip any any\n 10 permit ip any any\n remark last\n permit udp any any"));
    BOOST_REQUIRE(imported.has_value());
    BOOST_TEST(imported->canonical ==
               "ip access-list extended X\n 10 permit ip any any\n 20 deny ip any any\n remark last\n"
               " 30 permit udp any any\n");
    BOOST_TEST(imported->rules->origin(fw::RuleId{2}).note == "last");
    BOOST_TEST(imported->rules->place(fw::RuleId{0}) == "r.acl:3");
}

BOOST_AUTO_TEST_CASE(standard_lists) {
    const std::string denied = "reject icmp-admin-prohibited no-rule-matched";
    const std::pair<const char*, bool> cases[] = {
        {"permit any", true},
        {"permit 192.0.2.50", true},
        {"permit 192.0.2.50 log", true},
        {"permit host 192.0.2.50", true},
        {"permit host 192.0.2.51", false},
        {"permit 192.0.2.0 0.0.0.255 log", true},
        {"permit 192.0.2.0", false},
        {"permit 10.0.0.0 0.0.0.255", false},  // the target does not count
        {"10 permit 192.0.2.48 0.0.0.3", true},
    };
    for (const auto& [entry, matches] : cases) BOOST_TEST_CONTEXT(entry) {
            const auto imported = import("ip access-list standard X\n " + std::string(entry) + "\n");
            BOOST_REQUIRE(imported.has_value());
            fw::Firewall box(imported->rules);
            for (const base::Bytes& packet : {to_server({}), udp(client, server, 1, 514), icmp(client, server, 8)})
                BOOST_TEST(words(box.judge(packet, fw::Side::client, at(0s)).verdict, box.rules()) ==
                           (matches ? "accept X entry 1" : denied));
        }
    const std::string broken = "access-list 10 permit 10.0.0.0 frob\n";
    BOOST_TEST(import(broken, "10").error().front().id == "bad-address");
    BOOST_TEST(import("access-list 10 permit any frob\n", "10").error().front().id == "unsupported-option");
    BOOST_TEST(import(broken + list(" permit ip any any")).has_value());  // nobody meets it
    BOOST_TEST(import(list(" permit ip any any") + "ip access-list standard X\n permit any\n").error().front().id ==
               "bad-list");
}

base::Result<fw::import::Imported, base::Diagnostics> bound(const std::string& text, bool no_path = false) {
    fw::import::ImportOptions options;
    if (!no_path) options.client_side = "A";
    if (!no_path) options.server_side = "B";
    options.no_path = no_path;
    return fw::import::import_cisco(base::SourceText("r.acl", text + "interface B\n"), options);
}

BOOST_AUTO_TEST_CASE(bound_lists_of_every_kind) {
    struct Case {
        const char* text;
        const char* verdict;  // of a SYN to port 135; null: refused
        const char* id;       // of what is said first
    };
    const Case cases[] = {
        {"access-list 10 deny 192.0.2.0 0.0.0.255\naccess-list 10 permit any\naccess-list 101 permit tcp any any\n"
         "interface A\n ip access-group 10 in\n",
         "reject icmp-admin-prohibited 10 entry 1", nullptr},
        {"ip access-list standard S\n remark x\n deny any\ninterface A\n ip access-group S in\n",
         "reject icmp-admin-prohibited S entry 1", nullptr},
        {"ip access-list extended T\n remark to be filled\ninterface A\n ip access-group T in\n",
         "accept no-rule-matched", "list-without-entries"},
        {"interface A\n ip access-group T in\n", "accept no-rule-matched", "unknown-list"},
        {"ip access-list standard VTY\n permit 10.0.0.1\n frob\nipv6 access-list SIX\n permit tcp any any\n "
         "sequence 20 deny ipv6 any any\naccess-list 101 deny ip any any\ninterface A\n ip access-group 101 in\n",
         "reject icmp-admin-prohibited 101 entry 1", "other-configuration"},
        {"access-list 101 permit ip any any\ninterface A\n ip access-group 101 in\n ipv6 traffic-filter SIX in\n",
         nullptr, "unsupported-line"},
        {"access-list 10 permit 10.0.0.1 frob\ninterface A\n ip access-group 10 in\n", nullptr, "bad-address"},
    };
    for (const Case& c : cases) BOOST_TEST_CONTEXT(c.text) {
            const auto imported = bound(c.text);
            BOOST_REQUIRE(imported.has_value() == (c.verdict != nullptr));
            const base::Diagnostics said = imported ? imported->remarks : imported.error();
            BOOST_TEST(said.empty() == (c.id == nullptr));
            if (c.id != nullptr && !said.empty()) BOOST_TEST(said.front().id == c.id);
            if (!imported) continue;
            fw::Firewall::Settings settings;
            settings.client_side = "A";
            settings.server_side = "B";
            fw::Firewall box(imported->rules, settings);
            BOOST_TEST(words(box.judge(to_server({}), fw::Side::client, at(0s)).verdict, box.rules()) == c.verdict);
        }
    const std::string groups = "access-list 101 permit ip any any\ninterface A\n ip access-group 101 in\n";
    BOOST_TEST(bound(groups, true).has_value());
    BOOST_TEST(bound("access-list 101 permit ip any any\naccess-list 102 permit ip any any\n", true).has_value());
}

BOOST_AUTO_TEST_CASE(warnings) {
    const auto imported = import(list(" permit tcp any 10.0.0.0 255.255.255.0"));
    BOOST_REQUIRE(imported.has_value());
    BOOST_REQUIRE(imported->remarks.size() == 1U);
    BOOST_TEST(imported->remarks[0].id == "netmask-as-wildcard");
    BOOST_TEST(imported->remarks[0].hint.find("0.0.0.255") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(what_must_not_load) {
    struct Case {
        std::string text;
        const char* id;
    };
    const Case cases[] = {
        {"", "unknown-list"},
        {list(" permit tcp any"), "missing-word"},
        {list(" permit"), "missing-word"},
        {list(" permit frob any any"), "bad-protocol"},
        {list(" permit ip any any eq 135"), "ports-without-protocol"},
        {list(" permit tcp any any eq"), "missing-word"},
        {list(" permit tcp any any eq frob"), "bad-port"},
        {list(" permit tcp any any eq 65536"), "bad-port"},
        {list(" permit tcp any any gt 65535"), "bad-port"},
        {list(" permit tcp any any lt 0"), "bad-port"},
        {list(" permit tcp 10.0.0.0 any"), "bad-address"},
        {list(" permit tcp 10.0.0.0/8 any"), "bad-address"},
        {list(" permit udp any any established"), "established-needs-tcp"},
        {list(" permit tcp any any eq 135 fragments"), "bad-fragments"},
        {list(" permit tcp any any ack"), "unsupported-option"},
        {list(" permit tcp any any match-any +ack"), "unsupported-option"},
        {list(" permit tcp any any time-range T"), "unsupported-option"},
        {list(" permit ip object-group A any"), "unsupported-option"},
        {list(" permit tcp any any reflect R"), "unsupported-option"},
        {list(" evaluate R"), "unsupported-line"},
        {list(" no permit ip any any"), "unsupported-line"},
        {list(" 10 permit ip any any\n 10 deny ip any any"), "repeated-sequence"},
        {"no ip access-list extended X\n", "unsupported-line"},
        {"permit ip any any\n", "out-of-list"},
        {list(" permit ip any any") + "interface e0\n ip nat inside\n", "unsupported-line"},
        {list(" permit ip any any") + "interface e0\n ip access-group X sideways\n", "bad-group"},
        {"access-list 101 frob ip any any\n", "unsupported-line"},
    };
    for (const Case& c : cases) BOOST_TEST_CONTEXT(c.text) {
            const auto imported = import(c.text);
            BOOST_REQUIRE(!imported.has_value());
            BOOST_TEST(imported.error().front().id == c.id);
        }
}

BOOST_AUTO_TEST_CASE(nothing_is_guessed_about_places) {
    const std::string two = "access-list 101 permit ip any any\naccess-list 102 permit ip any any\n";
    BOOST_TEST(import(two, "").error().front().id == "which-list");
    BOOST_TEST(import("access-list 101 permit ip any any\n", "").has_value());
    BOOST_TEST(import("access-list 101 permit ip any any\n", "110").error().front().id == "unknown-list");
    BOOST_TEST(
        import("access-list 101 permit ip any any\ninterface e0\n ip access-group 101 in\n", "").error().front().id ==
        "which-interface");
}

BOOST_AUTO_TEST_SUITE_END()
