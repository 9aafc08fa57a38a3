// Native rules at work: first match, direction, statefulness, rejects.
#include "tests/firewall/packets.hpp"

using namespace packets;

namespace {

struct Case {
    const char* name;
    const char* rules;
    base::Bytes packet;
    fw::Side from;
    const char* expected;
};

const auto C = fw::Side::client;
const auto S = fw::Side::server;

wire::IpAddress v6(std::uint64_t low) { return wire::IpAddress::v6(0x20010db800000000U, low); }

}  // namespace

BOOST_AUTO_TEST_SUITE(native_verdicts)

BOOST_AUTO_TEST_CASE(first_packets) {
    const Case cases[] = {
        {"no rules", "", to_server({}), C, "drop no-rule-matched"},
        {"default allow", "default allow", to_server({}), C, "accept no-rule-matched"},
        {"default reject, TCP", "default reject", to_server({}), C, "reject tcp-reset no-rule-matched"},
        {"default reject, UDP", "default reject", udp(client, server, 1, 2), C,
         "reject icmp-port-unreachable no-rule-matched"},
        {"reject-with for all", "default reject\nreject-with admin-prohibited", to_server({}), C,
         "reject icmp-admin-prohibited no-rule-matched"},
        {"tcp-reset for all spares UDP", "default reject\nreject-with tcp-reset", udp(client, server, 1, 2), C,
         "reject icmp-port-unreachable no-rule-matched"},
        {"a port", "allow tcp 135", to_server({}), C, "accept rule 1"},
        {"another port", "allow tcp 135", to_server({.to_port = 136}), C, "drop no-rule-matched"},
        {"last of a range", "allow tcp 5000-5099", to_server({.to_port = 5099}), C, "accept rule 1"},
        {"one behind a range", "allow tcp 5000-5099", to_server({.to_port = 5100}), C, "drop no-rule-matched"},
        {"first match wins", "drop tcp 135\nallow tcp", to_server({}), C, "drop rule 1"},
        {"source port", "allow tcp from any port 1030 to any", to_server({}), C, "accept rule 1"},
        {"wrong source port", "allow tcp from any port 1031 to any", to_server({}), C, "drop no-rule-matched"},
        {"source address", "allow tcp from 192.0.2.0/24", to_server({}), C, "accept rule 1"},
        {"wrong source address", "allow tcp from 192.0.3.0/24", to_server({}), C, "drop no-rule-matched"},
        {"one of several targets", "allow tcp to 10.0.0.9, 10.0.0.10-10.0.0.11 port 135", to_server({}), C,
         "accept rule 1"},
        {"none of several targets", "allow tcp to 10.0.0.8, 10.0.0.11-10.0.0.12 port 135", to_server({}), C,
         "drop no-rule-matched"},
        {"udp is not tcp", "allow tcp", udp(client, server, 1030, 135), C, "drop no-rule-matched"},
        {"any with ports is both", "allow any 135", udp(client, server, 1030, 135), C, "accept rule 1"},
        {"any with ports is not ICMP", "allow any 135", icmp(client, server, 8), C, "drop no-rule-matched"},
        {"icmp", "allow icmp", icmp(client, server, 8), C, "accept rule 1"},
        {"default direction is to the server", "allow udp", udp(server, client, 1, 2), S, "drop no-rule-matched"},
        {"to the client", "allow udp to-client", udp(server, client, 1, 2), S, "accept rule 1"},
        {"both ways", "allow udp both", udp(server, client, 1, 2), S, "accept rule 1"},
        {"a lone ACK begins nothing", "allow tcp", to_server({.flags = F::ack}), C, "drop invalid-state"},
        {"a lone SYN-ACK begins nothing", "allow tcp both", to_client({.flags = F::syn | F::ack}), S,
         "drop invalid-state"},
        {"a lone RST begins nothing", "allow any", to_server({.flags = F::rst}), C, "drop invalid-state"},
        {"stateless passes a lone ACK", "stateful no\nallow tcp 135", to_server({.flags = F::ack}), C, "accept rule 1"},
        {"stateless, acknowledged only", "stateful no\nallow tcp acknowledged", to_server({}), C,
         "drop no-rule-matched"},
        {"stateless, acknowledged", "stateful no\nallow tcp acknowledged", to_server({.flags = F::rst}), C,
         "accept rule 1"},
        {"an echo reply nobody asked for", "allow icmp both", icmp(server, client, 0), S, "drop invalid-state"},
        {"IPv6", "allow tcp to 2001:db8::/32 port 135", tcp(v6(1), v6(2), {}), C, "accept rule 1"},
        {"an IPv4 rule is none for IPv6", "allow tcp to 0.0.0.0/0", tcp(v6(1), v6(2), {}), C, "drop no-rule-matched"},
    };
    for (const Case& c : cases) BOOST_TEST_CONTEXT(c.name) {
            fw::Firewall box(native(c.rules));
            const fw::Passage p = box.judge(c.packet, c.from, base::time_zero);
            BOOST_TEST(words(p.verdict, box.rules()) == c.expected);
            BOOST_TEST(p.replaced.empty());
            BOOST_TEST(p.answer.has_value() == (p.verdict.action == fw::Action::reject));
        }
}

BOOST_AUTO_TEST_CASE(answers_pass_by_state) {
    fw::Firewall box(native("allow tcp 135\nallow udp 53\nallow icmp"));
    const auto judge = [&](const base::Bytes& packet, fw::Side from) {
        return words(box.judge(packet, from, base::time_zero).verdict, box.rules());
    };
    BOOST_TEST(judge(to_server({}), C) == "accept rule 1");
    BOOST_TEST(judge(to_server({}), C) == "accept rule 1");  // retransmitted
    const Tcp back{.from_port = 135, .to_port = 1030, .flags = F::syn | F::ack, .seq = 7000, .ack = 1001};
    BOOST_TEST(judge(to_client(back), S) == "accept established");
    BOOST_TEST(judge(to_server({.flags = F::ack, .seq = 1001, .ack = 7001}), C) == "accept established");
    BOOST_TEST(judge(to_client({.from_port = 135, .to_port = 1031, .flags = F::ack}), S) == "drop invalid-state");
    BOOST_TEST(judge(udp(client, server, 4000, 53), C) == "accept rule 2");
    BOOST_TEST(judge(udp(server, client, 53, 4000), S) == "accept established");
    BOOST_TEST(judge(udp(server, client, 53, 4001), S) == "drop no-rule-matched");
    BOOST_TEST(judge(icmp(client, server, 8), C) == "accept rule 3");
    BOOST_TEST(judge(icmp(server, client, 0), S) == "accept established");
    const base::Bytes about = to_server({.flags = F::ack, .seq = 1001, .ack = 7001});
    BOOST_TEST(judge(icmp(wire::IpAddress::v4(10, 9, 9, 9), client, 3, 4, 0, about), S) == "accept related");
    BOOST_TEST(judge(icmp(server, wire::IpAddress::v4(192, 0, 2, 51), 3, 4, 0, about), S) == "drop invalid-state");
    BOOST_TEST(box.connections(base::time_zero).size() == 3U);
    box.forget();
    BOOST_TEST(judge(to_server({.flags = F::ack, .seq = 1001, .ack = 7001}), C) == "drop invalid-state");
}

BOOST_AUTO_TEST_CASE(a_refused_first_packet_leaves_nothing) {
    fw::Firewall box(native("reject tcp"));
    box.judge(to_server({}), C, base::time_zero);
    BOOST_TEST(box.connections(base::time_zero).empty());
}

BOOST_AUTO_TEST_CASE(stateless_judges_answers_by_rules) {
    fw::Firewall box(native("stateful no\nallow tcp 135\nallow tcp from 10.0.0.10 port 135 to any to-client"));
    BOOST_TEST(words(box.judge(to_server({}), C, base::time_zero).verdict, box.rules()) == "accept rule 1");
    const Tcp back{.from_port = 135, .to_port = 1030, .flags = F::syn | F::ack};
    const fw::Passage p = box.judge(to_client(back), S, base::time_zero);
    BOOST_TEST(words(p.verdict, box.rules()) == "accept rule 2");
    BOOST_TEST((p.label == fw::Label::none));
    BOOST_TEST(words(box.judge(to_client({.from_port = 136}), S, base::time_zero).verdict, box.rules()) ==
               "drop no-rule-matched");
}

BOOST_AUTO_TEST_CASE(idle_connections_are_forgotten) {
    fw::Firewall::Settings settings;
    settings.idle_timeout = 30min;
    fw::Firewall box(native("allow tcp 135"), settings);
    box.judge(to_server({}), C, at(0s));
    box.judge(to_client({.from_port = 135, .to_port = 1030, .flags = F::syn | F::ack, .seq = 7000, .ack = 1001}), S,
              at(0s));
    const base::Bytes ack = to_server({.flags = F::ack, .seq = 1001, .ack = 7001});
    const auto passes = [&](base::SimTime when) {
        return box.judge(ack, C, when).verdict.action == fw::Action::accept;
    };
    BOOST_TEST(passes(at(1s)));
    BOOST_TEST(passes(at(30min)));
    BOOST_TEST(passes(at(60min - 1ns)));
    BOOST_TEST(!passes(at(90min)));
}

BOOST_AUTO_TEST_CASE(a_reload_keeps_connections) {
    fw::Firewall box(native("allow tcp 135"));
    box.judge(to_server({}), C, at(0s));
    box.judge(to_client({.from_port = 135, .to_port = 1030, .flags = F::syn | F::ack, .seq = 7000, .ack = 1001}), S,
              at(0s));
    box.reload(native("drop any"));
    const base::Bytes ack = to_server({.flags = F::ack, .seq = 1001, .ack = 7001});
    BOOST_TEST(words(box.judge(ack, C, at(1s)).verdict, box.rules()) == "accept established");
    BOOST_TEST(words(box.judge(to_server({.from_port = 1031}), C, at(1s)).verdict, box.rules()) == "drop rule 1");
}

BOOST_AUTO_TEST_CASE(malformed_and_spent_packets) {
    fw::Firewall::Settings settings;
    settings.client_side_addresses = {wire::IpAddress::v4(192, 0, 2, 1)};
    fw::Firewall box(native("allow any"), settings);
    BOOST_TEST(words(box.judge(base::Bytes{0x45, 0}, C, at(0s)).verdict, box.rules()) == "drop malformed");
    base::Bytes broken = to_server({});
    broken[37] ^= 1;  // in the checksum
    BOOST_TEST(words(box.judge(broken, C, at(0s)).verdict, box.rules()) == "drop malformed");
    wire::IpHeader last = ip(client, server, wire::Protocol::udp);
    last.hop_limit = 1;
    const fw::Passage p = box.judge(wire::emit_udp(last, {wire::Port{1}, wire::Port{2}}), C, at(0s));
    BOOST_TEST(words(p.verdict, box.rules()) == "drop hop-limit");
    BOOST_REQUIRE(p.answer.has_value());
    const auto answer = wire::parse(*p.answer);
    BOOST_TEST(answer->ip.source.format() == "192.0.2.1");
    BOOST_TEST(int{answer->icmp()->type} == 11);
}

BOOST_AUTO_TEST_CASE(fragments_are_judged_as_one_when_stateful) {
    fw::Firewall box(native("allow udp 53"));
    wire::IpHeader header = ip(client, server, wire::Protocol::udp);
    header.dont_fragment = false;
    const base::Bytes whole = wire::emit_udp(header, {wire::Port{4000}, wire::Port{53}}, base::Bytes(3000, 'u'));
    auto pieces = wire::fragment(whole, 1500);
    BOOST_REQUIRE(pieces.size() == 3U);
    for (std::size_t i = 0; i + 1 < pieces.size(); ++i)
        BOOST_TEST(words(box.judge(pieces[i], C, at(0s)).verdict, box.rules()) == "drop fragment-held");
    const fw::Passage p = box.judge(pieces.back(), C, at(1s));
    BOOST_TEST(words(p.verdict, box.rules()) == "accept rule 1");
    BOOST_TEST((p.replaced == pieces));
}

BOOST_AUTO_TEST_SUITE_END()
