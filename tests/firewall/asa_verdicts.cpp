// What an ASA does with packets: connections, lists in their order, security levels, ICMP, resets, inspection.
#include "sim/firewall/import/import.hpp"
#include "sim/firewall/rule_set.hpp"
#include "tests/firewall/packets.hpp"

using namespace packets;

namespace {

using fw::Side;

const std::string interfaces =
    "interface Vlan2\n nameif outside\n security-level 0\ninterface Vlan1\n nameif inside\n security-level 100\n";

fw::SharedRules asa(const std::string& text, const fw::import::ImportOptions& options = {}) {
    const auto result = fw::import::import_asa(base::SourceText("asa.cfg", text), options);
    if (!result)
        for (const auto& d : result.error()) BOOST_ERROR(base::format(d));
    BOOST_REQUIRE(result.has_value());
    return result->rules;
}

// One box, packets one after the other.
struct Talk {
    explicit Talk(const std::string& text, const fw::import::ImportOptions& options = {}) : box(asa(text, options)) {}

    std::string judge(const base::Bytes& packet, Side from, base::SimDuration when = 0s) {
        last = box.judge(packet, from, at(when));
        return words(last.verdict, box.rules());
    }
    std::string ask(const Tcp& t, base::SimDuration when = 0s) { return judge(to_server(t), Side::client, when); }
    std::string answer(const Tcp& t, base::SimDuration when = 0s) { return judge(to_client(t), Side::server, when); }
    void shake_hands(base::SimDuration when = 0s) {
        BOOST_TEST(ask({}, when).starts_with("accept"));
        BOOST_TEST(answer({.from_port = 135, .to_port = 1030, .flags = F::syn | F::ack, .seq = 5000, .ack = 1001},
                          when) == "accept established");
        BOOST_TEST(ask({.flags = F::ack, .seq = 1001, .ack = 5001}, when) == "accept established");
    }

    fw::Firewall box;
    fw::Passage last;
};

const std::string all =
    interfaces + "access-list ALL extended permit ip any any\naccess-group ALL in interface outside\n";
const std::string only_135 =
    interfaces + "access-list IN extended permit tcp any any eq 135\naccess-group IN in interface outside\n";
const std::string inspection =
    "class-map inspection_default\n match default-inspection-traffic\n"
    "policy-map global_policy\n class inspection_default\n";

}  // namespace

BOOST_AUTO_TEST_SUITE(asa_verdicts)

BOOST_AUTO_TEST_CASE(only_a_bare_syn_begins) {
    struct Case {
        std::uint8_t flags;
        const char* verdict;
    };
    const Case cases[] = {
        {F::syn, "accept ALL entry 1"},          {F::syn | F::ece | F::cwr, "accept ALL entry 1"},
        {F::syn | F::ack, "drop invalid-state"}, {F::syn | F::psh, "drop invalid-state"},
        {F::syn | F::urg, "drop invalid-state"}, {F::syn | F::fin, "drop invalid-state"},
        {F::syn | F::rst, "drop invalid-state"}, {F::ack, "drop invalid-state"},
        {F::psh | F::ack, "drop invalid-state"}, {F::fin | F::ack, "drop invalid-state"},
        {F::rst, "drop invalid-state"},          {0, "drop invalid-state"},
    };
    for (const Case& c : cases) BOOST_TEST_CONTEXT(int{c.flags}) {
            Talk talk(all);
            BOOST_TEST(talk.ask({.flags = c.flags}) == c.verdict);
            BOOST_TEST(!talk.last.answer.has_value());
        }
}

BOOST_AUTO_TEST_CASE(a_known_connection_passes_before_all_lists) {
    Talk talk(only_135);
    talk.shake_hands();
    // Other rules do not touch it, not even before the first answer.
    BOOST_TEST(talk.ask({.from_port = 1031}) == "accept IN entry 1");
    talk.box.reload(
        asa(interfaces + "access-list IN extended deny ip any any\naccess-group IN in interface outside\n"));
    BOOST_TEST(talk.ask({.flags = F::psh | F::ack, .seq = 1001, .ack = 5001, .length = 10}) == "accept established");
    BOOST_TEST(talk.ask({.from_port = 1031}) == "accept established");
    BOOST_TEST(talk.ask({.from_port = 1032}) == "drop IN entry 1");
    BOOST_TEST(talk.judge(udp(server, client, 9, 9), Side::server) == "accept no-rule-matched");
    BOOST_TEST(talk.judge(udp(client, server, 9, 9), Side::client) == "accept established");
    BOOST_TEST(talk.judge(udp(client, server, 9, 8), Side::client) == "drop IN entry 1");
}

BOOST_AUTO_TEST_CASE(times) {
    // The usual hour, and what the file says.
    struct Case {
        const char* line;
        base::SimDuration later;
        const char* verdict;
    };
    const Case cases[] = {
        {"", 59min, "accept established"},
        {"", 61min, "drop invalid-state"},
        {"timeout conn 0:10:00\n", 9min, "accept established"},
        {"timeout conn 0:10:00\n", 11min, "drop invalid-state"},
        {"timeout xlate 3:00:00\ntimeout conn 12:00:00 udp 0:02:00\n", 11h, "accept established"},
        {"timeout conn 0:00:00\n", 1000h, "accept established"},
    };
    for (const Case& c : cases) BOOST_TEST_CONTEXT(c.line) {
            Talk talk(only_135 + c.line);
            talk.shake_hands();
            // Data in flight makes no difference here, as it does to Linux.
            const Tcp data{.flags = F::psh | F::ack, .seq = 1001, .ack = 5001, .length = 10};
            BOOST_TEST(talk.ask(data) == "accept established");
            BOOST_TEST(talk.ask({.flags = F::psh | F::ack, .seq = 1011, .ack = 5001, .length = 10}, c.later) ==
                       c.verdict);
        }
    Talk talk(interfaces + "timeout udp 0:01:00\n");
    BOOST_TEST(talk.judge(udp(server, client, 9, 9), Side::server) == "accept no-rule-matched");
    BOOST_TEST(talk.judge(udp(client, server, 9, 9), Side::client, 50s) == "accept established");
    BOOST_TEST(talk.judge(udp(client, server, 9, 9), Side::client, 120s) == "drop no-rule-matched");
}

// Verdicts on a first packet from the client (SYN to 135), one to 5001, and one from the server (SYN to 135).
BOOST_AUTO_TEST_CASE(lists_and_levels) {
    const std::string none = "drop no-rule-matched", levels = "accept no-rule-matched";
    const std::string in =
        "access-list IN extended permit tcp any any eq 135\naccess-list IN extended deny tcp any any "
        "eq 5002\n";
    const std::string global = "access-list G extended permit tcp any any eq 5001\naccess-group G global\n";
    const std::string out = "access-list OUT extended permit tcp any any eq 135\n";
    const std::string at_outside = "access-group IN in interface outside\n";
    const auto two = [](const std::string& client_level, const std::string& server_level) {
        return "interface Vlan2\n nameif outside\n" + client_level + "interface Vlan1\n nameif inside\n" + server_level;
    };
    const std::string same = two(" security-level 50\n", " security-level 50\n");
    struct Case {
        const char* name;
        std::string text;
        std::string to_135, to_5001, back;
    };
    const Case cases[] = {
        {"no list", interfaces, none, none, levels},
        {"usual levels", two("", ""), none, none, levels},
        {"the server outside", two(" security-level 100\n", " security-level 0\n"), levels, levels, none},
        {"equal levels", same, none, none, none},
        {"equal levels, allowed", same + "same-security-traffic permit inter-interface\n", levels, levels, levels},
        {"equal levels, and a list", same + in + at_outside, none, none, none},
        {"equal levels, allowed, and a list", same + "same-security-traffic permit inter-interface\n" + in + at_outside,
         "accept IN entry 1", none, levels},
        {"hairpins only", same + "same-security-traffic permit intra-interface\n", none, none, none},
        {"in", interfaces + in + at_outside, "accept IN entry 1", none, levels},
        {"in, on the inside", interfaces + in + "access-group IN in interface inside\n", none, none,
         "accept IN entry 1"},
        {"in, then global", interfaces + in + at_outside + global, "accept IN entry 1", "accept G entry 1", none},
        {"global alone", interfaces + global, none, "accept G entry 1", none},
        {"out", interfaces + in + at_outside + out + "access-group OUT out interface inside\n", "accept OUT entry 1",
         none, levels},
        {"out, where in says no", interfaces + out + "access-group OUT out interface inside\n", none, none, levels},
        {"out of the outside", interfaces + in + at_outside + out + "access-group OUT out interface outside\n",
         "accept IN entry 1", none, "accept OUT entry 1"},
        {"the last group holds",
         interfaces + in + "access-list X extended deny ip any any\naccess-group X in interface outside\n" + at_outside,
         "accept IN entry 1", none, levels},
        {"for the ASA itself", interfaces + in + "access-group IN in interface outside control-plane\n", none, none,
         levels},
        {"inactive",
         interfaces + "access-list IN extended deny ip any any inactive\naccess-list IN extended permit ip any any\n" +
             at_outside,
         "accept IN entry 2", "accept IN entry 2", levels},
    };
    for (const Case& c : cases) BOOST_TEST_CONTEXT(c.name) {
            Talk talk(c.text);
            BOOST_TEST(talk.ask({}) == c.to_135);
            BOOST_TEST(talk.ask({.to_port = 5001}) == c.to_5001);
            BOOST_TEST(talk.answer({}) == c.back);
        }
}

BOOST_AUTO_TEST_CASE(sides_and_lists_by_option) {
    const std::string text =
        "interface Vlan2\n nameif branches\ninterface Vlan1\n nameif servers\n security-level 90\n"
        "access-list A extended permit tcp any any eq 135\n"
        "access-list B extended permit tcp any any eq 5001\naccess-group A in interface branches\n";
    fw::import::ImportOptions options;
    BOOST_TEST(fw::import::import_asa(base::SourceText("a", text), options).error().front().id == "which-interface");
    options.client_side = "branchs";
    options.server_side = "servers";
    BOOST_TEST(fw::import::import_asa(base::SourceText("a", text), options).error().front().hint ==
               "did you mean \"branches\"?");
    options.client_side = "servers";
    BOOST_TEST(fw::import::import_asa(base::SourceText("a", text), options).error().front().id == "which-interface");
    options.client_side = "branches";
    BOOST_TEST(Talk(text, options).ask({}) == "accept A entry 1");
    BOOST_TEST(Talk(text, options).answer({}) == "accept no-rule-matched");
    options.acl = "B";
    BOOST_TEST(Talk(text, options).ask({}) == "drop no-rule-matched");
    BOOST_TEST(Talk(text, options).ask({.to_port = 5001}) == "accept B entry 1");
    options.acl_return = "A";
    BOOST_TEST(Talk(text, options).answer({}) == "accept A entry 1");
    BOOST_TEST(Talk(text, options).answer({.to_port = 9}) == "drop no-rule-matched");
    options.acl = "C";
    BOOST_TEST(fw::import::import_asa(base::SourceText("a", text), options).error().front().id == "unknown-list");
    // Lists alone.
    BOOST_TEST(Talk("access-list A extended permit tcp any any eq 135\n").ask({}) == "accept A entry 1");
    const std::string lists = "access-list A extended permit ip any any\naccess-list B extended permit ip any any\n";
    BOOST_TEST(fw::import::import_asa(base::SourceText("a", lists), {}).error().front().id == "which-list");
}

BOOST_AUTO_TEST_CASE(pings_and_errors) {
    const std::string pings = interfaces +
                              "access-list IN extended permit icmp any any echo\n"
                              "access-list IN extended permit tcp any any eq 135\n"
                              "access-group IN in interface outside\n"
                              "access-list BACK extended deny ip any any\n"
                              "access-group BACK in interface inside\n";
    const auto error = [](const base::Bytes& about) { return icmp(server, client, 3, 3, 0, about); };
    struct Case {
        const char* policy;
        const char* reply;
        const char* unasked;
        const char* error;
    };
    const Case cases[] = {
        {"", "drop BACK entry 1", "drop BACK entry 1", "drop BACK entry 1"},
        {"  inspect icmp\n", "accept established", "drop invalid-state", "drop BACK entry 1"},
        {"  inspect icmp\n  inspect icmp error\n", "accept established", "drop invalid-state", "accept related"},
        {"  inspect icmp error\n", "drop BACK entry 1", "drop BACK entry 1", "accept related"},
    };
    for (const Case& c : cases) BOOST_TEST_CONTEXT(c.policy) {
            Talk talk(pings + inspection + c.policy + "service-policy global_policy global\n");
            BOOST_TEST(talk.judge(icmp(client, server, 8), Side::client) == "accept IN entry 1");
            BOOST_TEST(talk.judge(icmp(server, client, 0), Side::server) == c.reply);
            BOOST_TEST(talk.judge(icmp(server, client, 0, 0, 9U << 16U), Side::server) == c.unasked);
            BOOST_TEST(talk.ask({}) == "accept IN entry 2");
            BOOST_TEST(talk.judge(error(to_server({})), Side::server) == c.error);
        }
    // What is neither TCP, UDP nor ICMP asks both ways.
    Talk talk(interfaces +
              "access-list IN extended permit gre any any\naccess-group IN in interface outside\n"
              "access-list BACK extended deny ip any any\naccess-group BACK in interface inside\n");
    const auto gre = [](wire::IpAddress from, wire::IpAddress to) {
        return wire::emit_raw(ip(from, to, wire::Protocol{47}), base::Bytes(8, 0));
    };
    BOOST_TEST(talk.judge(gre(client, server), Side::client) == "accept IN entry 1");
    BOOST_TEST(talk.judge(gre(server, client), Side::server) == "drop BACK entry 1");
}

BOOST_AUTO_TEST_CASE(resets) {
    const std::string back =
        "access-list BACK extended permit tcp any any eq 25\naccess-group BACK in interface inside\n";
    struct Case {
        const char* line;
        bool from_client, from_server;
    };
    const Case cases[] = {
        {"", false, false},
        {"service resetinbound\n", true, false},
        {"service resetinbound interface outside\n", true, false},
        {"service resetinbound interface inside\n", false, false},
        {"service resetoutbound\n", false, true},
        {"service resetinbound\nservice resetoutbound\n", true, true},
        {"service resetinbound\nno service resetinbound\n", false, false},
        {"service resetoutside\n", false, false},
    };
    for (const Case& c : cases) BOOST_TEST_CONTEXT(c.line) {
            Talk talk(only_135 + back + c.line);
            const auto told = [&](bool yes, const std::string& verdict, const char* reason) {
                BOOST_TEST(verdict == (yes ? "reject tcp-reset " : "drop ") + std::string(reason));
                BOOST_TEST(talk.last.answer.has_value() == yes);
            };
            told(c.from_client, talk.ask({.to_port = 136}), "no-rule-matched");
            told(c.from_client, talk.ask({.flags = F::ack, .seq = 7, .ack = 9}), "invalid-state");
            told(c.from_server, talk.answer({}), "no-rule-matched");
            told(false, talk.judge(udp(client, server, 1, 2), Side::client), "no-rule-matched");
            BOOST_TEST(talk.ask({}) == "accept IN entry 1");
        }
}

BOOST_AUTO_TEST_CASE(fragments_are_put_together) {
    Talk talk(only_135);
    base::Bytes whole = tcp(client, server, {.length = 64});
    const auto piece = [&](std::uint16_t offset, std::size_t begin, std::size_t length, bool more) {
        wire::IpHeader header = ip(client, server, wire::Protocol::tcp);
        header.dont_fragment = false;
        header.fragment_offset = offset;
        header.more_fragments = more;
        return wire::emit_raw(header, base::ByteView(whole).subspan(20 + begin, length));
    };
    BOOST_TEST(talk.judge(piece(0, 0, 40, true), Side::client) == "drop fragment-held");
    BOOST_TEST(talk.judge(piece(40, 40, whole.size() - 60, false), Side::client) == "accept IN entry 1");
}

BOOST_AUTO_TEST_CASE(which_class_reads_rpc) {
    const std::string map =
        "policy-map type inspect dcerpc RPC\n parameters\n  timeout pinhole 0:00:30\n"
        "  endpoint-mapper lookup-operation timeout 0:05:00\n";
    struct Case {
        const char* matches;
        const char* place;
        bool reads;
    };
    const Case cases[] = {
        {" match default-inspection-traffic\n", "global", true},
        {" match any\n", "global", true},
        {" match port tcp eq 135\n", "global", true},
        {" match port tcp range 100 200\n", "global", true},
        {" match port tcp eq 1135\n", "global", false},
        {" match port udp eq 135\n", "global", false},
        {" match access-list RPC\n", "global", true},
        {" match access-list NOT\n", "global", false},
        {" match default-inspection-traffic\n match access-list NOT\n", "global", false},
        {" match any\n", "interface outside", true},
        {" match any\n", "interface inside", true},
        {"", "global", false},
    };
    const std::string lists =
        "access-list RPC extended permit tcp any any eq 135\n"
        "access-list NOT extended deny tcp any any eq 135\naccess-list NOT extended permit ip any any\n";
    for (const Case& c : cases) BOOST_TEST_CONTEXT(c.matches << c.place) {
            const auto rules = asa(only_135 + lists + map + "class-map C\n" + c.matches +
                                   "policy-map P\n class C\n  inspect dcerpc RPC\nservice-policy P " + c.place + "\n");
            BOOST_TEST(rules->own().inspect_dcerpc == c.reads);
            BOOST_TEST((rules->own().pinhole_timeout == std::optional<base::SimDuration>(30s)) == c.reads);
        }
    // A policy that stands nowhere does nothing, whatever is in it.
    const auto idle =
        asa(only_135 + "class-map C\n match any\npolicy-map P\n class C\n  inspect dcerpc\n  police 8000\n");
    BOOST_TEST(!idle->own().inspect_dcerpc);
    const auto some = fw::import::import_asa(
        base::SourceText("asa.cfg", only_135 + "access-list S extended permit tcp host 1.2.3.4 any\n"
                                               "class-map C\n match access-list S\npolicy-map P\n"
                                               " class C\n  inspect dcerpc\nservice-policy P global\n"),
        {});
    BOOST_REQUIRE(!some.has_value());
    BOOST_TEST(some.error().front().what == "the class is for some hosts only, and that is not supported");
}

// The settings of the box go before what the file says, and a reload brings those of the new file.
BOOST_AUTO_TEST_CASE(settings_of_box_and_file) {
    const auto with = asa(only_135 + inspection + "  inspect dcerpc\nservice-policy global_policy global\n");
    const auto without = asa(only_135);
    fw::Firewall::Settings settings;
    BOOST_TEST(fw::settings_with(*with, settings).inspect_dcerpc);
    BOOST_TEST(!fw::settings_with(*without, settings).inspect_dcerpc);
    BOOST_TEST((fw::settings_with(*without, settings).timers.tcp_established == 1h));
    settings.inspect_dcerpc = true;
    settings.idle_timeout = 5min;
    BOOST_TEST(fw::settings_with(*without, settings).inspect_dcerpc);
    fw::Firewall box(without, settings);
    BOOST_TEST(words(box.judge(to_server({}), Side::client, at(0s)).verdict, box.rules()) == "accept IN entry 1");
    box.judge(to_client({.from_port = 135, .to_port = 1030, .flags = F::syn | F::ack, .seq = 5000, .ack = 1001}),
              Side::server, at(0s));
    const base::Bytes ack = to_server({.flags = F::ack, .seq = 1001, .ack = 5001});
    box.judge(ack, Side::client, at(0s));
    BOOST_TEST(words(box.judge(ack, Side::client, at(6min)).verdict, box.rules()) == "drop invalid-state");
}

BOOST_AUTO_TEST_SUITE_END()
