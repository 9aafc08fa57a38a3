// UDP, ICMP, and what a host ignores.
#include "pair.hpp"

#include <boost/test/unit_test.hpp>

namespace {

using namespace drill;

const wire::IpAddress host_v6 = wire::IpAddress::v6(0x20010db800000000, 0x10);
const wire::IpAddress peer_v6 = wire::IpAddress::v6(0x20010db800000000, 0x50);

wire::IpHeader head(wire::Protocol protocol, bool v6 = false) {
    wire::IpHeader ip;
    ip.source = v6 ? peer_v6 : peer_address;
    ip.target = v6 ? host_v6 : host_address;
    ip.protocol = protocol;
    return ip;
}

base::Bytes udp(std::uint16_t port, std::string_view text) {
    return wire::emit_udp(head(wire::Protocol::udp), {.source = wire::Port{4000}, .target = wire::Port{port}},
                          base::view_of(text));
}

BOOST_AUTO_TEST_SUITE(datagrams)

BOOST_AUTO_TEST_CASE(a_socket_hears_and_speaks) {
    Drill d;
    const auto opened = d.host.open_udp(d.program, 0, wire::Port{2000});
    BOOST_REQUIRE(opened);
    d.deliver(udp(2000, "mail"));
    BOOST_TEST(d.program.take() == (Lines{"datagram 192.0.2.50:4000 mail"}));
    d.host.send_to(opened->socket, {peer_address, wire::Port{4000}}, base::view_of("thanks"));
    BOOST_REQUIRE(d.out().size() == 1);
    const auto sent = *wire::parse(d.last_octets);
    BOOST_TEST(sent.udp()->source.value == 2000);
    BOOST_TEST(sent.udp()->target.value == 4000);
    BOOST_TEST(base::text_of(sent.payload) == "thanks");
}

BOOST_AUTO_TEST_CASE(ports_of_sockets) {
    Drill d({.ephemeral = {wire::Port{1025}, wire::Port{1026}}});
    const auto first = d.host.open_udp(d.program, 0, wire::Port{0});
    BOOST_REQUIRE(first);
    BOOST_TEST(first->port.value == 1025);
    BOOST_TEST(!d.host.open_udp(d.program, 0, wire::Port{1025}).has_value());
    BOOST_TEST(d.host.open_udp(d.program, 0, wire::Port{0}).has_value());
    BOOST_TEST(!d.host.open_udp(d.program, 0, wire::Port{0}).has_value());
    d.host.close_udp(first->socket);
    d.host.close_udp(first->socket);
    const auto again = d.host.open_udp(d.program, 0, wire::Port{1025});
    BOOST_REQUIRE(again);
    d.host.send_to(first->socket, {peer_address, wire::Port{1}}, {});  // the old name means nothing any more
    BOOST_TEST(d.out() == Lines{});
    d.host.end(d.program);
    BOOST_TEST(d.host.open_udp(d.program, 0, wire::Port{1025}).has_value());
}

BOOST_AUTO_TEST_CASE(a_closed_port_is_port_unreachable) {
    Drill d;
    const base::Bytes asked = udp(2000, "is anybody there");
    d.deliver(asked);
    const auto answer = *wire::parse(d.last_octets);
    BOOST_REQUIRE(answer.icmp() != nullptr);
    BOOST_TEST(!answer.checksum_wrong);
    BOOST_TEST(int{answer.icmp()->type} == 3);
    BOOST_TEST(int{answer.icmp()->code} == 3);
    BOOST_TEST((answer.ip.target == peer_address));
    BOOST_TEST(
        (base::Bytes(answer.payload.begin(), answer.payload.end()) == base::Bytes(asked.begin(), asked.begin() + 28)));
    d.host.occupy(wire::Protocol::udp, wire::Port{2000});
    d.out();
    d.deliver(asked);  // somebody has it, and does not answer
    BOOST_TEST(d.out() == Lines{});
}

BOOST_AUTO_TEST_CASE(version_six_says_the_same_with_its_own_numbers) {
    net::Scheduler scheduler;
    struct Catch : net::Node {
        base::Bytes octets;
        void receive(net::Packet p, base::SimTime) override { octets = std::move(p.octets); }
    } out;
    Scribe program;
    net::Host host(scheduler, {.addresses = {host_address, host_v6}}, base::Random(1), out);
    host.receive({wire::emit_udp(head(wire::Protocol::udp, true), {.source = wire::Port{1}, .target = wire::Port{2}})},
                 base::time_zero);
    const auto answer = *wire::parse(out.octets);
    BOOST_REQUIRE(answer.icmp() != nullptr);
    BOOST_TEST(int{answer.icmp()->type} == 1);
    BOOST_TEST(int{answer.icmp()->code} == 4);
    BOOST_TEST(!answer.checksum_wrong);
    BOOST_REQUIRE(host.connect(program, 0, {peer_v6, wire::Port{135}}));
    const auto syn = *wire::parse(out.octets);
    BOOST_REQUIRE(syn.tcp() != nullptr);
    BOOST_TEST((syn.ip.source == host_v6));
    BOOST_TEST(syn.tcp()->mss.value_or(0) == 1440);
    BOOST_TEST(!syn.checksum_wrong);
    host.receive({wire::emit_icmp(head(wire::Protocol::icmpv6, true), {.type = 128, .rest = 7})}, base::time_zero);
    BOOST_TEST(int{wire::parse(out.octets)->icmp()->type} == 129);
}

BOOST_AUTO_TEST_CASE(an_echo_is_answered) {
    Drill d;
    d.deliver(wire::emit_icmp(head(wire::Protocol::icmp), {.type = 8, .rest = 0x00070001}, base::view_of("ping")));
    const auto answer = *wire::parse(d.last_octets);
    BOOST_REQUIRE(answer.icmp() != nullptr);
    BOOST_TEST(int{answer.icmp()->type} == 0);
    BOOST_TEST(answer.icmp()->rest == 0x00070001U);
    BOOST_TEST(base::text_of(answer.payload) == "ping");
    BOOST_TEST((answer.ip.source == host_address));
}

BOOST_AUTO_TEST_CASE(what_is_ignored) {
    base::Bytes elsewhere = udp(9, "x");
    wire::IpHeader ip = head(wire::Protocol::udp);
    ip.target = wire::IpAddress::v4(10, 0, 0, 11);
    elsewhere = wire::emit_udp(ip, {.source = wire::Port{1}, .target = wire::Port{9}});
    base::Bytes damaged = udp(9, "abcd");
    damaged.back() ^= 1;
    base::Bytes cut = udp(9, "abcd");
    cut.resize(cut.size() - 1);
    wire::IpHeader from_many = head(wire::Protocol::udp);
    from_many.source = wire::IpAddress::v4(224, 0, 0, 1);
    wire::IpHeader from_nobody = head(wire::Protocol::udp);
    from_nobody.source = wire::IpAddress::v4(0);
    wire::IpHeader fragment = head(wire::Protocol::udp);
    fragment.dont_fragment = false;
    fragment.more_fragments = true;
    const base::Bytes whole = udp(9, "abcdefgh");
    const std::pair<const char*, base::Bytes> cases[] = {
        {"nothing", {}},
        {"no IP", {1, 2, 3}},
        {"another host's", elsewhere},
        {"a wrong checksum", damaged},
        {"cut", cut},
        {"from a group", wire::emit_udp(from_many, {.source = wire::Port{1}, .target = wire::Port{9}})},
        {"from nobody", wire::emit_udp(from_nobody, {.source = wire::Port{1}, .target = wire::Port{9}})},
        {"a fragment", wire::emit_raw(fragment, base::ByteView(whole).subspan(20))},
        {"another protocol", wire::emit_raw(head(static_cast<wire::Protocol>(47)), base::view_of("gre"))},
        {"an echo reply", wire::emit_icmp(head(wire::Protocol::icmp), {.type = 0})},
        {"an error about nothing", wire::emit_icmp(head(wire::Protocol::icmp), {.type = 3, .code = 1})},
        {"an error about another's connection",
         wire::emit_icmp(head(wire::Protocol::icmp), {.type = 3, .code = 1}, base::ByteView(whole).first(28))},
        {"ICMPv6 in IPv4", wire::emit_raw(head(wire::Protocol::icmpv6), base::view_of("\x80\0\x7f\xff\0\0\0\0"))},
    };
    for (const auto& [name, octets] : cases) BOOST_TEST_CONTEXT(name) {
            Drill d;
            d.deliver(octets);
            BOOST_TEST(d.out() == Lines{});
            BOOST_TEST(d.program.take() == Lines{});
        }
}

BOOST_AUTO_TEST_CASE(a_datagram_that_no_packet_could_hold_is_not_sent) {
    Drill d;
    const auto opened = d.host.open_udp(d.program, 0, wire::Port{2000});
    d.host.send_to(opened->socket, {peer_address, wire::Port{1}}, base::Bytes(70'000, 'x'));
    d.host.send_to(opened->socket, {peer_v6, wire::Port{1}}, base::Bytes(7, 'x'));
    BOOST_TEST(d.out() == Lines{});
    d.host.send_to(opened->socket, {peer_address, wire::Port{1}}, base::Bytes(60'000, 'x'));
    BOOST_TEST(d.out().size() == 1);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
