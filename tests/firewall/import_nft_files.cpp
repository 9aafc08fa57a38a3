// nft rule sets as a whole: chains, tables and tracking; what is refused, and where; the JSON itself.
#include "sim/firewall/exact/lint.hpp"
#include "sim/firewall/import/nft_json.hpp"
#include "tests/firewall/nft_rules.hpp"

using namespace packets;
using namespace nftables;

namespace {

const wire::IpAddress client6 = *wire::IpAddress::parse("2001:db8:a::50"),
                      server6 = *wire::IpAddress::parse("2001:db8:b::10");

}  // namespace

BOOST_AUTO_TEST_SUITE(import_nft_files)

BOOST_AUTO_TEST_CASE(chains_of_one_hook) {
    const std::string a = "inet a", b = "ip b", c = "ip6 c";
    const auto frame = [&](int first, int second) {
        return file({table(a), base_chain(a, "forward", "forward", first, "accept"), table(b),
                     base_chain(b, "late", "forward", second, "drop"), table(c),
                     base_chain(c, "forward", "forward", -5, "drop"),
                     rule(a, "forward", match("tcp dport", "135") + ", " + accept),
                     rule(a, "forward", match("tcp dport", "7") + ", " + drop),
                     rule(b, "late", match("tcp dport", R"({"set": [7, 135]})") + ", " + accept)});
    };
    const std::string both = "inet a forward rule 1, late rule 1: accept",
                      turned = "late rule 1, inet a forward rule 1: accept";
    BOOST_TEST(heard(frame(0, 10), to_server({})) == both);
    BOOST_TEST(heard(frame(10, 0), to_server({})) == turned);
    BOOST_TEST(heard(frame(0, 0), to_server({})) == turned);  // what was made last begins
    BOOST_TEST(heard(frame(0, 10), to_server({.to_port = 7})) == "inet a forward rule 2: drop");
    BOOST_TEST(heard(frame(0, 10), to_server({.to_port = 9})) == "forward policy, late policy: drop");
    BOOST_TEST(heard(frame(0, 10), tcp(client6, server6, {})) == "forward policy: drop");  // of ip6
    bool warned = false;
    for (const auto& d : taken(frame(0, 0)).remarks) warned |= d.id == "nft-same-priority" && d.place.line != 0;
    BOOST_TEST(warned);
    // Nothing is said of the other family, so it passes.
    const std::string one = "ip only";
    const std::string alone = file({table(one), base_chain(one, "forward", "forward", 0, "drop")});
    BOOST_TEST(heard(alone, to_server({})) == "forward policy: drop");
    BOOST_TEST(heard(alone, tcp(client6, server6, {})) == ": accept");
}

BOOST_AUTO_TEST_CASE(tracking_is_for_the_families_that_ask) {
    const auto tracks = [](const std::string& text) {
        const auto rules = taken(text).rules;
        if (rules->tracking() == fw::Tracking::off) return std::string("none");
        return std::string(!rules->tracked_family()                        ? "both"
                           : rules->tracked_family() == wire::Family::ipv4 ? "v4"
                                                                           : "v6");
    };
    const std::string asks = match("ct state", "in", "\"new\"") + ", " + accept;
    BOOST_TEST(tracks(forward({accept})) == "none");
    BOOST_TEST(tracks(forward({asks})) == "both");
    BOOST_TEST(tracks(forward({asks}, "ip t")) == "v4");
    BOOST_TEST(tracks(forward({asks}, "ip6 t")) == "v6");
    BOOST_TEST(tracks(forward({map("ct state", R"({"set": [["new", {"accept": null}]]})")}, "ip t")) == "v4");
    // In a chain that nothing leads to it counts as well.
    BOOST_TEST(tracks(file({table("inet t"), chain("inet t", "x"), rule("inet t", "x", asks)})) == "both");
}

BOOST_AUTO_TEST_CASE(a_filter_on_the_server) {
    const std::string t = "inet t";
    const std::string text = file(
        {table(t), base_chain(t, "input", "input", 0, "drop"), base_chain(t, "output", "output", 0, "drop"),
         rule(t, "input", match("meta oifname", "!=", "\"server\"") + ", " + match("tcp dport", "135") + ", " + accept),
         rule(t, "output",
              match("meta iifname", "!=", "\"server\"") + ", " + match("tcp sport", "135") + ", " + accept)});
    for (const char* hook : {"INPUT", "input"}) {
        fw::import::ImportOptions options;
        options.chain = hook;
        BOOST_TEST(heard(text, to_server({}), fw::Side::client, options) == "input rule 1: accept");
        BOOST_TEST(heard(text, to_client({.from_port = 135}), fw::Side::server, options) == "output rule 1: accept");
        BOOST_TEST(taken(text, options).remarks.size() == 0U);
    }
    BOOST_TEST(heard(text, to_server({})) == ": accept");  // a router's forward has no chain
    BOOST_TEST(taken(text).remarks.front().id == "nft-no-chain");
    fw::import::ImportOptions nowhere;
    nowhere.chain = "PREROUTING";
    BOOST_TEST(import(text, nowhere).error().front().id == "bad-chain");
}

BOOST_AUTO_TEST_CASE(fragments_without_tracking_are_warned_of) {
    const auto warned = [](const std::string& text) {
        for (const auto& d : taken(text).remarks)
            if (d.id == "nft-fragment-ports") return true;
        return false;
    };
    const std::string ports = match("tcp dport", "135") + ", " + accept;
    BOOST_TEST(warned(forward({ports})));
    BOOST_TEST(!warned(forward({ports, match("ct state", "in", "\"new\"")})));
    BOOST_TEST(!warned(forward({accept})));
    fw::Explanation told;
    fw::Firewall box(taken(forward({ports})).rules);
    wire::IpHeader later = ip(client, server, wire::Protocol::tcp);
    later.fragment_offset = 64;
    (void)box.judge(wire::emit_raw(later, base::Bytes(8, 0)), fw::Side::client, at(0s), &told);
    BOOST_TEST(told.text().find("some kernels read") != std::string::npos);
}

// A rule is not dead while a packet whose header is cut may come to it.
BOOST_AUTO_TEST_CASE(rules_for_headers_that_are_cut) {
    const std::string any_flags = match_on(masked("tcp flags", "0"), "==", "0") + ", " + accept;
    const std::string any_port = match("tcp sport", R"({"range": [0, 65535]})") + ", " + drop;
    const std::string whole = match_on(masked("ip frag-off", "8191"), "==", "0");
    const std::string tcp_at_all = whole + ", " + match("meta l4proto", "\"tcp\"") + ", " + drop;
    const auto blamed = [](const std::vector<std::string>& rules) {
        std::string lines;
        for (const auto& d : fw::exact::lint(*taken(forward(rules)).rules))
            if (d.id == "rule-shadowed") lines += std::to_string(d.place.line - 4) + " ";
        return lines;
    };
    BOOST_TEST(blamed({any_flags, any_port}) == "");
    BOOST_TEST(blamed({any_port, any_flags}) == "2 ");  // flags stand behind the ports
    BOOST_TEST(blamed({any_port, tcp_at_all}) == "");
    BOOST_TEST(blamed({tcp_at_all, whole + ", " + any_port}) == "2 ");
    BOOST_TEST(blamed({match("icmp type", "<", "200") + ", " + drop, match("icmp type", "8") + ", " + accept}) == "2 ");
    BOOST_TEST(blamed({match("icmp code", ">=", "0") + ", " + drop, match("icmp type", "8") + ", " + accept}) == "");
}

BOOST_AUTO_TEST_CASE(written_in_nfts_own_language) {
    const std::string t = "inet t";
    const std::string text =
        file({table(t), set(t, "names", "ifname", R"(["eth0", "lo"])"), chain(t, "other"),
              base_chain(t, "forward", "forward", -5, "drop"),
              rule(t, "forward",
                   match("meta iifname", "\"@names\"") + ", " + match("tcp flags", "in", R"(["syn", "ack"])") + ", " +
                       counter + ", " + log("x ") + ", " + jump("other")),
              object("rule", t,
                     R"("chain": "other", "comment": "why", "expr": [)" +
                         match_on(masked("tcp flags", R"(["fin", "syn"])"), "==", "\"syn\"") + ", " +
                         map("ip saddr", R"({"set": [[{"prefix": {"addr": "10.0.0.0", "len": 8}}, {"drop": null}]]})") +
                         "]")});
    const auto made = taken(text);
    BOOST_TEST(
        made.canonical ==
        "table inet t {\n"
        "\tset names {\n\t\ttype ifname\n\t\telements = { \"eth0\", \"lo\" }\n\t}\n"
        "\tchain other {\n\t\ttcp flags & (fin | syn) == syn ip saddr vmap { 10.0.0.0/8 : drop } comment \"why\"\n\t}\n"
        "\tchain forward {\n\t\ttype filter hook forward priority -5; policy drop;\n"
        "\t\tiifname @names tcp flags syn,ack counter log prefix \"x \" jump other\n\t}\n}\n");
    BOOST_TEST(made.rules->origin(fw::RuleId{0}).note == "why");
    BOOST_TEST(made.rules->place(fw::RuleId{0}) == "r.json:7:10");
}

BOOST_AUTO_TEST_CASE(refusals) {
    const std::string t = "inet t";
    const auto one = [](const std::string& statements) { return forward({statements}); };
    struct Case {
        std::string text;
        const char* id;
        const char* word;  // that the message names
        const char* at;    // and the text that stands at its place
    };
    const Case cases[] = {
        {one(R"({"limit": {"rate": 5, "per": "second"}}, {"accept": null})"), "nft-unsupported", "limit", "\"limit\""},
        {one(R"({"quota": {"val": 1}})"), "nft-unsupported", "quota", "\"quota\""},
        {one(R"({"queue": {"num": 1}})"), "nft-unsupported", "queue", "\"queue\""},
        {one(R"({"dup": {"addr": "1.2.3.4"}})"), "nft-unsupported", "dup", "\"dup\""},
        {one(R"({"masquerade": null})"), "nft-unsupported", "masquerade", "\"masquerade\""},
        {one(R"({"dnat": {"addr": "1.2.3.4"}})"), "nft-unsupported", "dnat", "\"dnat\""},
        {one(R"({"xt": null})"), "nft-unsupported", "xt", "\"xt\""},
        {one(R"({"notrack": null})"), "nft-unsupported", "notrack", "\"notrack\""},
        {one(R"({"mangle": {"key": {"meta": {"key": "mark"}}, "value": 1}})"), "nft-unsupported", "mangle",
         "\"mangle\""},
        {one(R"({"set": {"op": "add", "elem": {"payload": {}}, "set": "@x"}})"), "nft-unsupported", "set", "\"set\""},
        {one(match_on(R"({"fib": {"result": "type", "flags": ["daddr"]}})", "==", "\"local\"")), "nft-unsupported",
         "fib", "\"fib\""},
        {one(match_on(R"({"socket": {"key": "mark"}})", "==", "1")), "nft-unsupported", "socket", "\"socket\""},
        {one(match_on(R"({"numgen": {"mode": "inc", "mod": 2, "offset": 0}})", "==", "0")), "nft-unsupported", "numgen",
         "\"numgen\""},
        {one(match_on(R"({"payload": {"base": "th", "offset": 16, "len": 16}})", "==", "135")), "nft-unsupported",
         "@th", "\"th\""},
        {one(match_on(R"({"concat": [1, 2]})", "==", "1")), "nft-unsupported", "concat", "\"concat\""},
        {one(match("meta mark", "1")), "nft-unsupported", "meta mark", "\"mark\""},
        {one(match("meta skuid", "0")), "nft-unsupported", "meta skuid", "\"skuid\""},
        {one(match("ct mark", "1")), "nft-unsupported", "ct mark", "\"mark\""},
        {one(match("ct status", "\"dnat\"")), "nft-unsupported", "ct status", "\"status\""},
        {one(match_on(R"({"ct": {"key": "state", "dir": "original"}})", "==", "1")), "nft-unsupported", "ct",
         "{\"key\""},
        {one(match("ip ttl", "1")), "nft-unsupported", "ip ttl", "\"ttl\""},
        {one(match("ether saddr", "\"00:00:00:00:00:01\"")), "nft-unsupported", "ether saddr", "\"saddr\""},
        {one(match("tcp dport", "~", "1")), "nft-unsupported", "~", "\"~\""},
        {one(match("meta iifname", "<", "\"eth0\"")), "nft-unsupported", "<", "\"<\""},
        {one(match("tcp dport", "<", R"({"set": [1]})")), "nft-unsupported", "<", "\"<\""},
        {one(match("tcp dport", "70000")), "nft-bad-value", "70000", "70000"},
        {one(match("tcp dport", "-1")), "nft-bad-value", "-1", "-1"},
        {one(match("tcp dport", "1.5")), "nft-bad-value", "1.5", "1.5"},
        {one(match("tcp dport", "\"nosuch\"")), "nft-bad-value", "nosuch", "\"nosuch\""},
        {one(match("tcp dport", "null")), "nft-bad-value", "null", "null"},
        {one(match("tcp dport", "[1, 2]")), "nft-bad-value", "list", "[1, 2]"},
        {one(match("tcp dport", "!=", R"({"range": [3, 1]})")), "nft-bad-value", "backwards", "{\"range\""},
        {one(match("tcp dport", R"({"set": [{"range": [3, 1]}]})")), "nft-bad-value", "backwards", "[3, 1]"},
        {one(match("tcp dport", R"({"set": [{"elem": {"val": 1, "timeout": 5}}]})")), "nft-unsupported", "timeout",
         "\"timeout\""},
        {one(match("tcp dport", R"({"set": ["*"]})")), "nft-unsupported", "*", "{\"set\""},
        {one(match("ip saddr", "\"10.0.0.300\"")), "nft-bad-value", "10.0.0.300", "\"10.0.0.300\""},
        {one(match("ip saddr", "\"::1\"")), "nft-bad-value", "::1", "\"::1\""},
        {one(match("ip saddr", R"({"prefix": {"addr": "10.0.0.0", "len": 33}})")), "nft-bad-value", "33", "33"},
        {one(match_on(masked("ip saddr", "\"255.0.0.0\""), "<", "\"10.0.0.0\"")), "nft-unsupported", "mask",
         "\"10.0.0.0\""},
        {one(match("meta iif", "3")), "nft-bad-value", "3", "3"},
        {one(match("meta iifname", "\"a-name-of-16-octs\"")), "nft-bad-value", "a-name", "\"a-name"},
        {one(match("meta iifname", R"("eth\\*")")), "nft-bad-value", "eth", "\"eth"},
        {one(match("tcp flags", "in", "\"sin\"")), "nft-bad-value", "sin", "\"sin\""},
        {one(match("ct state", "in", "\"snat\"")), "nft-bad-value", "snat", "\"snat\""},
        {one(match("tcp dport", "\"@none\"")), "nft-undeclared", "@none", "\"@none\""},
        {one(jump("nowhere")), "nft-undeclared", "nowhere", "\"nowhere\""},
        {one(jump("forward")), "nft-undeclared", "base chain", "\"forward\""},
        {one(R"({"counter": "c"})"), "nft-undeclared", "\"c\"", "\"c\""},
        {one(R"({"counter": {"packets": 1, "rate": 2}})"), "nft-unsupported", "rate", "\"rate\""},
        {one(R"({"log": {"prefix": "a", "audit": true}})"), "nft-unsupported", "audit", "\"audit\""},
        {one(R"({"log": {"level": "loud"}})"), "nft-unsupported", "level", "\"level\""},
        {one(R"({"reject": {"type": "icmp", "expr": "frag-needed"}})"), "nft-unsupported", "frag-needed",
         "\"frag-needed\""},
        {one(R"({"reject": {"type": "polite"}})"), "nft-unsupported", "polite", "\"polite\""},
        {one(accept + ", " + drop), "nft-unsupported", "drop", "\"drop\""},
        {one(R"({"accept": 1})"), "nft-unsupported", "accept", "1"},
        {one(R"({"accept": null, "drop": null})"), "nft-unsupported", "statement", "{\"accept\""},
        {one(map("tcp dport", R"({"set": [[1, {"accept": null}], [1, {"drop": null}]]})")), "nft-bad-value",
         "more than once", "[[1"},
        {one(map("tcp dport", R"({"set": [[{"range": [1, 5]}, {"accept": null}], [5, {"drop": null}]]})")),
         "nft-bad-value", "more than once", "[[{"},
        {one(map("tcp dport", R"({"set": [[1, {"queue": null}]]})")), "nft-unsupported", "queue", "\"queue\""},
        {one(map("tcp dport", R"({"set": [1]})")), "nft-unsupported", "verdict", "1"},
        {forward({match("ip6 saddr", "\"::1\"")}, "ip t"), "nft-wrong-family", "IP", "\"::1\""},
        {forward({R"({"reject": {"type": "icmpx", "expr": "no-route"}})"}, "ip t"), "nft-wrong-family", "inet",
         "\"icmpx\""},
        {forward({R"({"reject": {"type": "icmp", "expr": "net-unreachable"}})"}, "ip6 t"), "nft-wrong-family", "icmp",
         "\"icmp\""},
        {file({table("bridge t")}), "nft-unsupported", "bridge", "\"bridge\""},
        {file({table("netdev t")}), "nft-unsupported", "netdev", "\"netdev\""},
        {file({table("arp t"), chain("arp t", "x"), rule("arp t", "x", accept)}), "nft-unsupported", "arp", "\"arp\""},
        {file({table(t), object("chain", t, R"("name": "n", "type": "nat", "hook": "prerouting", "prio": -100)")}),
         "nft-unsupported", "nat", "\"nat\""},
        {file({table(t), object("chain", t, R"("name": "n", "type": "route", "hook": "output", "prio": 0)")}),
         "nft-unsupported", "route", "\"route\""},
        {file({table(t), base_chain(t, "n", "postrouting", 0, "accept"), rule(t, "n", drop)}), "nft-unsupported",
         "postrouting", "\"postrouting\""},
        {file({table(t), base_chain(t, "n", "prerouting", 0, "drop")}), "nft-unsupported", "prerouting",
         "\"prerouting\""},
        {file({table(t), base_chain(t, "n", "forward", 0, "refuse")}), "nft-unsupported", "refuse", "\"refuse\""},
        {file({table(t),
               object("chain", t, R"("name": "n", "type": "filter", "hook": "forward", "prio": 0, "dev": "eth0")")}),
         "nft-unsupported", "dev", "\"dev\""},
        {file({table(t), base_chain(t, "o", "output", -300, "accept"),
               rule(t, "o", match("ct state", "in", "\"new\""))}),
         "nft-unsupported", "-200", "{\"family\""},
        {file({table(t), set(t, "s", "ether_addr", "[]")}), "nft-unsupported", "ether_addr", "\"ether_addr\""},
        {file({table(t), object("set", t, R"("name": "s", "type": ["ipv4_addr", "inet_service"])")}), "nft-unsupported",
         "concat", "[\"ipv4"},
        {file({table(t), object("set", t, R"("name": "s", "type": "ipv4_addr", "flags": ["dynamic"])")}),
         "nft-unsupported", "dynamic", "\"dynamic\""},
        {file({table(t), object("set", t, R"("name": "s", "type": "ipv4_addr", "flags": "timeout")")}),
         "nft-unsupported", "timeout", "\"timeout\""},
        {file({table(t), object("set", t, R"("name": "s", "type": "ipv4_addr", "timeout": 60)")}), "nft-unsupported",
         "timeout", "\"timeout\""},
        {file({table(t), object("map", t, R"("name": "m", "type": "ipv4_addr", "map": "mark")")}), "nft-unsupported",
         "mark", "\"mark\""},
        {file({table(t), set(t, "s", "ipv4_addr", "[]"), set(t, "s", "ipv4_addr", "[]")}), "nft-repeated", "\"s\"",
         "{\"family\""},
        {file({table(t), object("ct helper", t, R"("name": "ftp")")}), "nft-unsupported", "ct helper", "\"ct helper\""},
        {file({table(t), object("flowtable", t, R"("name": "f")")}), "nft-unsupported", "flowtable", "\"flowtable\""},
        {file({table(t), object("rule", t, R"("chain": "x", "expr": [])")}), "nft-undeclared", "\"x\"", "\"x\""},
        {file({chain("ip none", "x")}), "nft-undeclared", "ip none", "\"none\""},
        {file({R"({"table": {"family": "ip", "name": "t", "flags": "dormant"}})"}), "nft-unsupported", "flags",
         "\"flags\""},
        {file({R"({"add": {"table": {"family": "ip", "name": "t"}}})"}), "nft-unsupported", "add", "\"add\""},
        {"{\"nftables\": [], \"more\": 1}", "nft-unsupported", "more", "\"more\""},
        {"{\"nftables\": 1}", "nft-no-ruleset", "nftables", "{"},
        {"\n# by hand\ntable inet filter {\n}\n", "nft-plain-text", "JSON", "table"},
    };
    for (const Case& c : cases) BOOST_TEST_CONTEXT(c.text) {
            const auto imported = import(c.text);
            BOOST_REQUIRE(!imported.has_value());
            const base::Diagnostics found = imported.error();
            BOOST_TEST(found.front().id == c.id);
            BOOST_TEST(found.front().what.find(c.word) != std::string::npos, found.front().what);
            BOOST_REQUIRE(found.front().place.line != 0U);
            const base::SourceText source("r.json", c.text);
            const std::string_view there = source.line(found.front().place.line).substr(found.front().place.column - 1);
            BOOST_TEST(there.substr(0, std::string_view(c.at).size()) == c.at);
        }
    // All at once, in the order in which they are met.
    const std::string three = forward({match("meta mark", "1") + R"(, {"limit": {}})", jump("nowhere")});
    BOOST_TEST(import(three).error().size() == 3U);
}

BOOST_AUTO_TEST_CASE(json) {
    const char* good[] = {"{}",
                          " [1, -2.5e3, 0, true, false, null] ",
                          R"({"a": {"b": []}})",
                          R"(["\u00e4\ud83d\ude00\n\/"])",
                          "\xef\xbb\xbf{}",
                          "12345678901234567890123"};
    for (const char* text : good) BOOST_TEST(fw::import::nft::parse_json(base::SourceText("j", text)).has_value(), text);
    const char* bad[] = {"",
                         "{",
                         "[1,]",
                         "{\"a\"}",
                         "{\"a\": 1,}",
                         "{a: 1}",
                         "[1 2]",
                         "01",
                         "1.",
                         "-",
                         "1e",
                         "+1",
                         "nul",
                         "\"",
                         "\"\\x\"",
                         "\"\\u12\"",
                         "\"\\ud800\"",
                         "\"\\udc00\\ud800\"",
                         "\"\n\"",
                         "{} {}",
                         "[1]]",
                         "{\"a\": 1, \"a\": 2}",
                         "//",
                         "'a'",
                         "\x01",
                         "[\"\\u00\xff\"]"};
    for (const char* text : bad) {
        const auto parsed = fw::import::nft::parse_json(base::SourceText("j", text));
        BOOST_REQUIRE(!parsed.has_value());
        BOOST_TEST(base::Diagnostics(parsed.error()).front().id == "bad-json");
    }
    const auto value = *fw::import::nft::parse_json(base::SourceText("j", R"( {"ab": [10, "\u0041\ud83d\ude00"]})"));
    const fw::import::nft::Json& list = *value.find("ab");
    BOOST_TEST(list.items[0].number.value() == 10);
    BOOST_TEST(list.items[0].offset == 9U);
    BOOST_TEST(list.items[1].text == "A\xf0\x9f\x98\x80");
    BOOST_TEST(list.items[1].offset == 13U);
    BOOST_TEST(list.items[1].length == 20U);
    BOOST_TEST(value.members[0].offset == 2U);
    const auto deep = fw::import::nft::parse_json(base::SourceText("j", std::string(1000, '[')));
    BOOST_TEST(base::Diagnostics(deep.error()).front().id == "json-too-deep");
}

BOOST_AUTO_TEST_CASE(formats) {
    using Format = fw::import::ImportFormat;
    BOOST_TEST((fw::import::detect_format(forward({accept})) == Format::nft));
    BOOST_TEST((fw::import::detect_format("\xef\xbb\xbf{\"nftables\": []}") == Format::nft));
    BOOST_TEST((fw::import::detect_format("#!/usr/sbin/nft -f\n\nflush ruleset\n") == Format::nft));
    BOOST_TEST((fw::import::detect_format("table ip6 filter {\n") == Format::nft));
    BOOST_TEST((fw::import::detect_format("allow tcp 135\n") == std::nullopt));
    BOOST_TEST((fw::import::detect_format("*filter\n") == Format::iptables));
}

BOOST_AUTO_TEST_SUITE_END()
