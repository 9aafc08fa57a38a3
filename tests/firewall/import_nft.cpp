// nft rule sets: what statements mean, in which order, and what is refused where. nft_verdicts of the goldens holds the
// whole against a kernel; here is what those recordings have little of.
#include "tests/firewall/nft_rules.hpp"

using namespace packets;
using namespace nftables;

namespace {

const wire::IpAddress client6 = *wire::IpAddress::parse("2001:db8:a::50"),
                      server6 = *wire::IpAddress::parse("2001:db8:b::10");

base::Bytes cut(std::size_t octets, wire::Protocol protocol = wire::Protocol::tcp) {
    const base::Bytes whole = {4, 6, 0, 135, 0, 0, 0, 1, 0, 0, 0, 0, 80, 2, 32, 0, 0, 0, 0, 0};
    return wire::emit_raw(ip(client, server, protocol), base::ByteView(whole).first(octets));
}
base::Bytes piece(std::uint16_t offset, bool more, wire::IpAddress from = client, wire::IpAddress to = server) {
    wire::IpHeader header = ip(from, to, wire::Protocol::tcp);
    header.dont_fragment = false;
    header.fragment_offset = offset;
    header.more_fragments = more;
    return wire::emit_raw(header, base::Bytes(24, 0));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(import_nft)

BOOST_AUTO_TEST_CASE(matches) {
    const base::Bytes syn = to_server({}), datagram = udp(client, server, 1030, 135), ping = icmp(client, server, 8, 0);
    const base::Bytes syn6 = tcp(client6, server6, {});
    const base::Bytes unreachable = icmp(client, server, 3, 3);
    struct Case {
        std::string statements;
        base::Bytes packet;
        bool holds;
        const char* table = "inet t";
    };
    const Case cases[] = {
        {match("tcp dport", "135"), syn, true},
        {match("tcp dport", "135"), datagram, false},
        {match("tcp dport", "\"epmap\""), syn, true},
        {match("tcp dport", "!=", "136"), syn, true},
        {match("tcp dport", "!=", "136"), datagram, false},
        {match("tcp dport", "!=", R"({"range": [100, 200]})"), syn, false},
        {match("tcp dport", R"({"set": [25, {"range": [130, 135]}]})"), syn, true},
        {match("tcp dport", "<", "135"), syn, false},
        {match("tcp dport", "<=", "135"), syn, true},
        {match("tcp dport", ">", "65535"), syn, false},
        {match("tcp sport", ">=", "1030"), syn, true},
        {match("tcp dport", R"({"range": [136, 134]})"), syn, false},
        {match_on(masked("tcp dport", "255"), "==", "135"), to_server({.to_port = 135 + 256}), true},
        {match_on(masked("tcp dport", "255"), "!=", "135"), syn, false},
        {match_on(masked("tcp dport", "255"), "<", "135"), to_server({.to_port = 134 + 512}), true},
        {match("th dport", "135"), datagram, true},
        {match("th dport", "135"), wire::emit_raw(ip(client, server, wire::Protocol{132}), base::Bytes{0, 1, 0, 135}),
         true},
        {match("th sport", "2048"), ping, true},  // type 8, code 0 stand there
        {match("th sport", "1"), wire::emit_raw(ip(client, server, wire::Protocol{132}), base::Bytes{0, 1}), true},

        {match("ip saddr", "\"192.0.2.50\""), syn, true},
        {match("ip saddr", "!=", "\"192.0.2.51\""), syn, true},
        {match("ip saddr", "!=", "\"192.0.2.51\""), syn6, false},
        {match("ip saddr", R"({"prefix": {"addr": "192.0.2.0", "len": 24}})"), syn, true},
        {match("ip saddr", R"({"range": ["192.0.2.49", "192.0.2.50"]})"), syn, true},
        {match("ip saddr", "<", "\"192.0.2.50\""), syn, false},
        {match("ip saddr", ">=", "\"192.0.2.50\""), syn, true},
        {match("ip saddr", R"({"set": ["10.0.0.1", {"prefix": {"addr": "192.0.0.0", "len": 8}}]})"), syn, true},
        {match("ip saddr", "!=", R"({"set": ["10.0.0.1", {"range": ["10.0.0.7", "10.0.0.9"]}]})"), syn6, false},
        {match_on(masked("ip saddr", "\"255.0.0.255\""), "==", "\"192.0.0.50\""), syn, true},
        {match_on(masked("ip saddr", "\"255.0.0.0\""), "==", "\"192.0.0.50\""), syn, false},
        {match_on(masked("ip saddr", "\"0.0.0.255\""), "!=", R"({"set": ["0.0.0.50", "0.0.0.51"]})"), syn, false},
        {match("ip6 daddr", "\"2001:db8:b::10\""), syn6, true},
        {match("ip6 daddr", "!=", "\"2001:db8:b::10\""), syn, false},

        {match("meta l4proto", "\"tcp\""), syn, true},
        {match("meta l4proto", "!=", R"({"set": ["udp", 47]})"), syn, true},
        {match("meta nfproto", "\"ipv4\""), syn, true},
        {match("meta nfproto", "!=", "\"ipv4\""), syn6, true},
        {match("meta protocol", "\"ip6\""), syn, false},
        {match("meta protocol", "!=", "\"arp\""), syn, true},
        {match("meta protocol", "\"arp\""), syn, false},
        {match("ip protocol", "\"tcp\""), syn, true},
        {match("ip protocol", "!=", "\"udp\""), syn6, false},
        {match("ip6 nexthdr", "\"tcp\""), syn6, true},
        {match("ip6 nexthdr", "\"tcp\""), piece(0, true, client6, server6), false},  // the fragment header is first
        {match("meta l4proto", "\"tcp\""), piece(0, true, client6, server6), true},
        {match_on(masked("ip frag-off", "8191"), "!=", "0"), piece(64, false), true},
        {match_on(masked("ip frag-off", "8191"), "==", "0"), piece(0, true), true},
        {match_on(masked("ip frag-off", "8192"), "!=", "0"), piece(0, true), true},
        {match_on(masked("ip frag-off", "8192"), "!=", "0"), syn, false},
        {match_on(masked("ip frag-off", "8191"), "==", "0"), syn6, false},

        {match("icmp type", "\"echo-request\""), ping, true},
        {match("icmp type", "!=", R"({"set": ["echo-request", 0]})"), unreachable, true},
        {match("icmp type", "<", "5"), unreachable, true},
        {match("icmp code", "\"port-unreachable\""), unreachable, true},
        {match("icmp code", "!=", "3"), syn, false},
        {match("icmp type", "8"), ping, true, "ip t"},
        {match("icmpv6 type", "\"echo-request\""),
         wire::emit_icmp(ip(client6, server6, wire::Protocol::icmpv6), {128, 0, 0}), true},

        {match("tcp flags", "in", "\"syn\""), to_server({.flags = F::syn | F::ack}), true},
        {match("tcp flags", "\"syn\""), to_server({.flags = F::syn | F::ack}), false},
        {match("tcp flags", "in", R"(["rst", "fin"])"), to_server({.flags = F::fin | F::ack}), true},
        {match("tcp flags", "in", R"(["rst", "fin"])"), syn, false},
        {match("tcp flags", "!=", "\"syn\""), to_server({.flags = F::syn | F::ack}), true},
        {match("tcp flags", "!", R"(["syn", "rst"])"), to_server({.flags = F::ack}), true},
        {match("tcp flags", "!", R"(["syn", "rst"])"), syn, false},
        {match("tcp flags", R"({"set": [{"|": ["syn", "ack"]}, "syn"]})"), to_server({.flags = F::syn | F::ack}), true},
        {match("tcp flags", R"({"set": [{"|": ["syn", "ack"]}, "syn"]})"), to_server({.flags = F::ack}), false},
        {match_on(masked("tcp flags", R"(["fin", "syn", "rst", "ack"])"), "==", "\"syn\""),
         to_server({.flags = F::syn | F::psh}), true},
        {match_on(masked("tcp flags", R"({"|": [{"|": ["fin", "syn"]}, "ack"]})"), "!=", "\"syn\""), syn, false},
        {match("tcp flags", "<", "2"), to_server({.flags = F::fin}), true},

        {match("meta iifname", "\"client\""), syn, true},
        {match("meta iifname", "\"cl*\""), syn, true},
        {match("meta oifname", "!=", "\"client\""), syn, true},
        {match("meta oif", "\"server\""), syn, true},
        {match("meta iifname", R"({"set": ["eth*", "client"]})"), syn, true},
        {match("meta iifname", "!=", R"({"set": ["eth*", "lo"]})"), syn, true},

        {match("ct state", "in", "\"new\""), syn, true},
        {match("ct state", "in", R"(["established", "new"])"), syn, true},
        {match("ct state", "!=", R"({"set": ["established", "related"]})"), syn, true},
        {match("ct state", R"(["established", "new"])"), syn, false},  // both at once
        {match("ct state", "!", R"(["established", "new"])"), syn, false},
        {match_on(masked("ct state", R"(["established", "new"])"), "==", "\"new\""), syn, true},
        {match("ct direction", "\"original\""), syn, true},
        {match("ct direction", "!=", "\"reply\""), syn, true},
        {match("ct direction", R"({"set": ["original", "reply"]})"), syn, true},
        // Without an entry there is no direction, whatever a state says beside it.
        {match("ct state", "in", "\"invalid\"") + ", " + match("ct direction", "\"original\""),
         to_server({.flags = F::syn | F::fin}), false},
        {match("ct state", "in", "\"invalid\""), to_server({.flags = F::syn | F::fin}), true},

        // What is not there does not match, and nothing is dropped for it.
        {match("tcp dport", "135"), cut(4), true},
        {match("tcp dport", "135"), cut(3), false},
        {match("tcp dport", "!=", "136"), cut(3), false},
        {match("tcp sport", "1030"), cut(2), true},
        {match("tcp flags", "in", "\"syn\""), cut(14), true},
        {match("tcp flags", "!=", "\"ack\""), cut(13), false},
        {match("icmp type", "4"), cut(1, wire::Protocol::icmp), true},
        {match("icmp code", "6"), cut(1, wire::Protocol::icmp), false},
        {match("tcp dport", "!=", "136"), piece(64, false), false},
        {match("tcp dport", "0"), piece(0, true), true},
        {match("meta l4proto", "\"tcp\""), piece(8, false), true},
    };
    for (const Case& c : cases) BOOST_TEST_CONTEXT(c.statements) {
            const auto rules = taken(forward({c.statements + ", " + accept}, c.table)).rules;
            fw::Firewall box(rules);
            const auto verdict = box.judge(c.packet, fw::Side::client, at(0s)).verdict;
            BOOST_TEST((verdict.action == fw::Action::accept) == c.holds);
        }
}

BOOST_AUTO_TEST_CASE(sets_and_maps) {
    const std::string t = "inet t";
    const auto frame = [&](std::vector<std::string> more, const std::string& statements) {
        std::vector<std::string> all{table(t), chain(t, "other"), base_chain(t, "forward", "forward", 0, "drop")};
        all.insert(all.end(), more.begin(), more.end());
        all.push_back(rule(t, "other", accept));
        all.push_back(rule(t, "forward", match("meta l4proto", "\"sctp\"")));
        all.push_back(rule(t, "forward", statements));
        return file(all);
    };
    const std::string ports =
        set(t, "ports", "inet_service", R"([25, {"range": [135, 139]}, {"elem": {"val": 22, "comment": "x"}}])");
    const std::string empty = object("set", t, R"("name": "empty", "type": "inet_service")");
    const std::string verdicts = object(
        "map", t,
        R"("name": "m", "type": "ipv4_addr", "map": "verdict", "flags": ["interval"], "elem": [)"
        R"([{"prefix": {"addr": "192.0.2.0", "len": 24}}, {"jump": {"target": "other"}}], ["*", {"drop": null}]])");
    const base::Bytes syn = to_server({});
    struct Case {
        std::string text;
        std::string expected;
    };
    const auto anonymous = [&](const std::string& elements) { return R"({"set": [)" + elements + "]}"; };
    const Case cases[] = {
        {frame({ports}, match("tcp dport", "\"@ports\"") + ", " + accept), "forward rule 2: accept"},
        {frame({ports}, match("tcp dport", "!=", "\"@ports\"") + ", " + accept), "forward policy: drop"},
        {frame({empty}, match("tcp dport", "\"@empty\"") + ", " + accept), "forward policy: drop"},
        {frame({empty}, match("tcp dport", "!=", "\"@empty\"") + ", " + accept), "forward rule 2: accept"},
        {frame({verdicts}, map("ip saddr", "\"@m\"")), "forward rule 2, other rule 1: accept"},
        {frame({}, map("tcp dport", anonymous(R"([25, {"drop": null}], [{"range": [100, 200]}, {"accept": null}])"))),
         "forward rule 2: accept"},
        // No entry: the next rule, here the policy.
        {frame({}, map("tcp dport", anonymous(R"([25, {"accept": null}])")) + ", " + counter), "forward policy: drop"},
        {frame({}, map("tcp dport", anonymous(R"([25, {"accept": null}], ["*", {"return": null}])"))),
         "forward rule 2, forward policy: drop"},
        {frame({}, map("ip6 saddr", anonymous(R"(["::1", {"drop": null}], ["*", {"accept": null}])"))),
         "forward policy: drop"},
        {frame({},
               map("meta iifname", anonymous(R"(["eth0", {"drop": null}], ["cl*", {"goto": {"target": "other"}}])"))),
         "forward rule 2, other rule 1: accept"},
        // "continue" goes on with the statement behind the map, another verdict does not.
        {frame({}, map("tcp dport", anonymous(R"([135, {"continue": null}], [25, {"drop": null}])")) + ", " + log("a") +
                       ", " + accept),
         "forward rule 2, <a>: accept"},
        {frame({}, map("tcp dport", anonymous(R"([25, {"continue": null}], [135, {"accept": null}])")) + ", " +
                       log("a") + ", " + drop),
         "forward rule 2: accept"},
        {frame({}, map("tcp dport",
                       anonymous(R"([25, {"continue": null}], [26, {"drop": null}], ["*", {"continue": null}])")) +
                       ", " + accept),
         "forward rule 2: accept"},
        {frame({}, map("ct state", anonymous(R"(["established", {"drop": null}], ["new", {"accept": null}])"))),
         "forward rule 2: accept"},
        {frame({},
               log("before") + ", " + map("tcp dport", anonymous(R"([135, {"accept": null}], [25, {"drop": null}])"))),
         "<before>, forward rule 2: accept"},
    };
    for (const Case& c : cases) BOOST_TEST_CONTEXT(c.text) BOOST_TEST(heard(c.text, syn) == c.expected);

    // However many values a map has, its rule has as many parts as verdicts.
    std::string many;
    for (unsigned port = 1000; port < 3000; port += 2)
        many += (many.empty() ? "[" : ", [") + std::to_string(port) +
                (port % 4 == 0 ? ", {\"accept\": null}]" : ", {\"drop\": null}]");
    BOOST_TEST(taken(frame({}, map("tcp dport", anonymous(many)))).rules->rules().size() == 4U);
}

BOOST_AUTO_TEST_CASE(statements_in_their_order) {
    const std::string not_this = match("tcp dport", "136"), this_one = match("tcp dport", "135");
    struct Case {
        std::vector<std::string> rules;
        std::string expected;
    };
    const Case cases[] = {
        {{log("a") + ", " + not_this + ", " + accept}, "<a>, forward policy: drop"},
        {{log("a") + ", " + this_one + ", " + log("b") + ", " + accept}, "<a>, forward rule 1, <b>: accept"},
        {{this_one + ", " + log("a") + ", " + log("b") + ", " + not_this + ", " + accept},
         "<a>, <b>, forward policy: drop"},
        {{not_this + ", " + log("a")}, "forward policy: drop"},
        {{this_one + ", " + log("a"), accept}, "forward rule 1, <a>, forward rule 2: accept"},
        {{this_one + ", " + counter + ", " + none + ", " + accept}, "forward rule 1: accept"},
        {{none, leave, accept}, "forward rule 1, forward rule 2, forward policy: drop"},
        {{jump("other"), accept}, "forward rule 1, forward rule 2: accept"},
        {{R"({"goto": {"target": "other"}})", accept}, "forward rule 1, forward policy: drop"},
        // What a reject asks for, nft asks first, unless something before it has.
        {{log("a") + R"(, {"reject": {"type": "tcp reset"}})"}, "forward rule 1, <a>: reject tcp reset"},
        {{log("a") + ", " + match("udp dport", "1") + R"(, {"reject": null})"}, "<a>, forward policy: drop"},
        {{R"({"reject": null})"}, "forward rule 1: reject icmpx port-unreachable"},
        {{R"({"reject": {"type": "icmpx", "expr": "no-route"}})"}, "forward rule 1: reject icmpx no-route"},
        {{R"({"reject": {"type": "icmp", "expr": "host-prohibited"}})"}, "forward rule 1: reject icmp host-prohibited"},
        {{R"({"reject": {"type": "icmpv6", "expr": "policy-fail"}})"}, "forward policy: drop"},
    };
    for (const Case& c : cases)
        BOOST_TEST_CONTEXT(c.rules.front()) BOOST_TEST(heard(forward(c.rules), to_server({})) == c.expected);
    const std::string reset = forward({log("a") + R"(, {"reject": {"type": "tcp reset"}})"});
    BOOST_TEST(heard(reset, udp(client, server, 1, 135)) == "forward policy: drop");
    // Here a look at the port has asked for TCP already, behind the log.
    const std::string late = forward({log("a") + ", " + this_one + R"(, {"reject": {"type": "tcp reset"}})"});
    BOOST_TEST(heard(late, udp(client, server, 1, 135)) == "<a>, forward policy: drop");
}

BOOST_AUTO_TEST_SUITE_END()
