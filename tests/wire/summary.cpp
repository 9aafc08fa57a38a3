// Packets in one line, and the names of flags.
#include "sim/wire/packet.hpp"
#include "tests/support/octets.hpp"
#include "tests/wire/samples.hpp"

#include <boost/test/unit_test.hpp>

namespace {

using namespace sim;
using namespace sim::wire;
using support::from_hex;

constexpr TcpFlags flags(unsigned bits) { return TcpFlags{static_cast<std::uint8_t>(bits)}; }

IpHeader fragment_of(Protocol protocol, std::uint16_t offset, bool more) {
    IpHeader ip = samples::ip(Family::ipv4);
    ip.protocol = protocol;
    ip.fragment_offset = offset;
    ip.more_fragments = more;
    return ip;
}

IpHeader back() { return {.source = samples::server4, .target = samples::client4}; }

TcpHeader data() {
    TcpHeader tcp = samples::syn();
    tcp.flags = flags(TcpFlags::psh | TcpFlags::ack);
    tcp.acknowledgement = 7;
    return tcp;
}

base::Bytes damaged(base::Bytes octets) {
    octets.back() ^= 1U;
    return octets;
}

struct Case {
    base::Bytes octets;
    const char* expected;
};

const UdpHeader udp{.source = Port{1030}, .target = Port{135}};

const Case cases[] = {
    {emit_tcp(samples::ip(Family::ipv4), samples::syn()), "TCP 192.0.2.50:1030 > 10.0.0.10:135 SYN seq 100 win 8192"},
    {emit_tcp(samples::ip(Family::ipv6), samples::syn()),
     "TCP [2001:db8::50]:1030 > [2001:db8:ffff::10]:135 SYN seq 100 win 8192"},
    {emit_tcp(samples::ip(Family::ipv4), data(), from_hex("05 00")),
     "TCP 192.0.2.50:1030 > 10.0.0.10:135 PSH-ACK seq 100 ack 7 win 8192 len 2"},
    {damaged(emit_tcp(samples::ip(Family::ipv4), data(), from_hex("05 00"))),
     "TCP 192.0.2.50:1030 > 10.0.0.10:135 PSH-ACK seq 100 ack 7 win 8192 len 2 checksum wrong"},
    {emit_udp(samples::ip(Family::ipv4), udp, from_hex("01")), "UDP 192.0.2.50:1030 > 10.0.0.10:135 len 1"},
    {emit_icmp(samples::ip(Family::ipv4), {.type = 8, .code = 0, .rest = 0x00010002}),
     "ICMP 192.0.2.50 > 10.0.0.10 echo request id 1 seq 2"},
    {emit_icmp(samples::ip(Family::ipv6), {.type = 129, .code = 0, .rest = 0x00010002}),
     "ICMPv6 2001:db8::50 > 2001:db8:ffff::10 echo reply id 1 seq 2"},
    {emit_icmp(back(), {.type = 3, .code = 3, .rest = 0}, emit_tcp(samples::ip(Family::ipv4), samples::syn())),
     "ICMP 10.0.0.10 > 192.0.2.50 port unreachable about TCP 192.0.2.50:1030 > 10.0.0.10:135"},
    {emit_icmp(back(), {.type = 3, .code = 13, .rest = 0}, emit_udp(samples::ip(Family::ipv4), udp)),
     "ICMP 10.0.0.10 > 192.0.2.50 administratively prohibited about UDP 192.0.2.50:1030 > 10.0.0.10:135"},
    {emit_icmp(back(), {.type = 3, .code = 6, .rest = 0}, from_hex("00")), "ICMP 10.0.0.10 > 192.0.2.50 unreachable"},
    {emit_icmp(back(), {.type = 42, .code = 1, .rest = 0}), "ICMP 10.0.0.10 > 192.0.2.50 type 42 code 1 id 0 seq 0"},
    {emit_raw(fragment_of(Protocol::tcp, 1480, true), from_hex("00 00 00 00 00 00 00 00")),
     "TCP 192.0.2.50 > 10.0.0.10 len 8 fragment at 1480, more follow"},
    {emit_raw(fragment_of(Protocol::tcp, 0, true), from_hex("04 06 00 87 00 00 00 64")),
     "TCP 192.0.2.50 > 10.0.0.10 too short for its own header fragment at 0, more follow"},
    {emit_raw(fragment_of(Protocol{47}, 0, false), from_hex("aa")), "protocol 47 192.0.2.50 > 10.0.0.10 len 1"},
};

BOOST_AUTO_TEST_SUITE(summaries)

BOOST_AUTO_TEST_CASE(one_line_each) {
    for (const Case& c : cases) {
        const auto view = parse(c.octets);
        BOOST_REQUIRE(view);
        BOOST_TEST(summary(*view) == c.expected);
    }
}

BOOST_AUTO_TEST_CASE(flag_names) {
    BOOST_TEST(format(flags(0)) == "none");
    BOOST_TEST(format(flags(TcpFlags::syn)) == "SYN");
    BOOST_TEST(format(flags(TcpFlags::syn | TcpFlags::ack)) == "SYN-ACK");
    BOOST_TEST(format(flags(TcpFlags::fin | TcpFlags::ack)) == "FIN-ACK");
    BOOST_TEST(format(flags(TcpFlags::rst)) == "RST");
    BOOST_TEST(format(flags(TcpFlags::rst | TcpFlags::ack)) == "RST-ACK");
    BOOST_TEST(format(flags(TcpFlags::ack)) == "ACK");
    BOOST_TEST(format(flags(0xff)) == "SYN-FIN-RST-PSH-URG-ECE-CWR-ACK");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
