// Packets in words and as JSON: what they mean, what is none, and both ways back.
#include "scenarios/cases/packet_json.hpp"
#include "scenarios/cases/packet_line.hpp"
#include "sim/wire/packet.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <boost/test/unit_test.hpp>

namespace {

using namespace scenarios::cases;
namespace json = boost::json;
namespace wire = sim::wire;

std::string summary_of(const sim::base::Bytes& octets) {
    const auto view = wire::parse(octets);
    return view ? wire::summary(*view) : "no packet";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(packets)

BOOST_AUTO_TEST_CASE(lines_that_are_packets) {
    struct Row {
        const char* line;
        const char* summary;
        const char* origin;
        const char* expected;
    };
    const Row rows[] = {
        {"tcp 192.0.2.50:1030 > 10.0.0.10:135", "TCP 192.0.2.50:1030 > 10.0.0.10:135 SYN seq 1000 win 65535", "", ""},
        {"tcp 10.0.0.10:135 > 192.0.2.50:1030 syn,ack  # an answer",
         "TCP 10.0.0.10:135 > 192.0.2.50:1030 SYN-ACK seq 500000 ack 1001 win 65535", "", ""},
        {"tcp 192.0.2.50:1030 -> 10.0.0.10:135 psh ack len 40 win 100 => accept",
         "TCP 192.0.2.50:1030 > 10.0.0.10:135 PSH-ACK seq 1001 ack 500001 win 100 len 40", "", "accept"},
        {"tcp 10.0.0.10:135 > 192.0.2.50:1030 ack",
         "TCP 10.0.0.10:135 > 192.0.2.50:1030 ACK seq 500001 ack 1041 win 65535", "", ""},
        {"tcp 192.0.2.50:1030 > 10.0.0.10:135 fin ack 7 seq 9",
         "TCP 192.0.2.50:1030 > 10.0.0.10:135 FIN-ACK seq 9 ack 7 win 65535", "", ""},
        {"tcp 192.0.2.50:1030 > 10.0.0.10:135 syn", "TCP 192.0.2.50:1030 > 10.0.0.10:135 SYN seq 1000 win 65535", "",
         ""},
        {"tcp 1.2.3.4:1 > 5.6.7.8:2 none badsum", "TCP 1.2.3.4:1 > 5.6.7.8:2 none seq 1000 win 65535 checksum wrong",
         "", ""},
        {"udp 10.0.0.10:1200 > 192.0.2.50:1100 len 5 from server => drop", "UDP 10.0.0.10:1200 > 192.0.2.50:1100 len 5",
         "server", "drop"},
        {"icmp 192.0.2.50 > 10.0.0.10 echo on eth0", "ICMP 192.0.2.50 > 10.0.0.10 echo request id 0 seq 0", "eth0", ""},
        {"icmp 192.0.2.50 > 10.0.0.10 echo-reply id 7 local", "ICMP 192.0.2.50 > 10.0.0.10 echo reply id 7 seq 0",
         "local", ""},
        {"icmp 10.0.0.1 > 192.0.2.50 type 3 code 3 about udp 192.0.2.50:1100 > 10.0.0.10:53",
         "ICMP 10.0.0.1 > 192.0.2.50 port unreachable about UDP 192.0.2.50:1100 > 10.0.0.10:53", "", ""},
        {"icmpv6 2001:db8::1 > 2001:db8::2", "ICMPv6 2001:db8::1 > 2001:db8::2 echo request id 0 seq 0", "", ""},
        {"tcp [2001:db8::1]:1 > [2001:db8::2]:2 rst", "TCP [2001:db8::1]:1 > [2001:db8::2]:2 RST seq 1000 win 65535",
         "", ""},
        {"47 192.0.2.50 > 10.0.0.10 len 8", "protocol 47 192.0.2.50 > 10.0.0.10 len 8", "", ""},
        {R"({"src":"1.2.3.4","dst":"5.6.7.8","proto":"udp","sport":1,"dport":2})", "UDP 1.2.3.4:1 > 5.6.7.8:2 len 0",
         "", ""},
        {R"({"origin":"eth1","packet":{"src":"1.2.3.4","dst":"5.6.7.8","proto":"udp","sport":1,"dport":2},"expect":{"verdict":"held"}})",
         "UDP 1.2.3.4:1 > 5.6.7.8:2 len 0", "eth1", "held"},
    };
    PacketLineReader reader;
    for (const Row& row : rows) BOOST_TEST_CONTEXT(row.line) {
            const auto read = reader.read(row.line);
            BOOST_REQUIRE(read.has_value());
            BOOST_REQUIRE(read->has_value());
            BOOST_TEST(summary_of((*read)->packet) == row.summary);
            BOOST_TEST((*read)->origin == row.origin);
            BOOST_TEST((*read)->expected == row.expected);
        }
    for (const char* nothing : {"", "   ", "# a comment", "\r"}) BOOST_TEST(!reader.read(nothing)->has_value());
    const auto wait = reader.read("wait 90m # idle");
    BOOST_REQUIRE(wait.has_value());
    BOOST_TEST(((*wait)->wait == std::chrono::minutes{90}));
    BOOST_TEST((*wait)->packet.empty());
}

BOOST_AUTO_TEST_CASE(lines_that_are_none) {
    struct Row {
        const char* line;
        const char* why;
    };
    const Row rows[] = {
        {"tpc 1.2.3.4:1 > 5.6.7.8:2", "\"tpc\" is no protocol"},
        {"256 1.2.3.4 > 5.6.7.8", "\"256\" is no protocol"},
        {"tcp 1.2.3.4 > 5.6.7.8:2", "needs a port"},
        {"tcp 1.2.3.4:1 5.6.7.8:2", "\">\" is wanted"},
        {"tcp 1.2.3.4:65536 > 5.6.7.8:2", "\"65536\" is no port"},
        {"tcp 1.2.3:1 > 5.6.7.8:2", "\"1.2.3\" is no address"},
        {"tcp 1.2.3.4:1 > [2001:db8::1]:2", "other version of IP"},
        {"tcp 1.2.3.4:1 > 5.6.7.8:2 sny", "\"sny\" is not understood here"},
        {"tcp 1.2.3.4:1 > 5.6.7.8:2 syn,akc", "\"syn,akc\" is not understood here"},
        {"udp 1.2.3.4:1 > 5.6.7.8:2 syn", "\"syn\" is not understood here"},
        {"tcp 1.2.3.4:1 > 5.6.7.8:2 seq", "the number behind seq is missing"},
        {"tcp 1.2.3.4:1 > 5.6.7.8:2 len -1", "no number for len"},
        {"tcp 1.2.3.4:1 > 5.6.7.8:2 len 70000", "70000 is not within 0 to"},
        {"tcp 1.2.3.4:1 > 5.6.7.8:2 => pass", "\"pass\" is no verdict"},
        {"tcp 1.2.3.4:1 > 5.6.7.8:2 =>", "the verdict behind => is missing"},
        {"wait 5", "\"5\" is no time"},
        {"wait 400d", "\"400d\" is no time"},
        {"wait 5s 6s", "\"6s\" is out of place"},
        {"tcp", "the sender is missing"},
        {"{\"src\":", "it is no JSON"},
        {R"({"src":"1.2.3.4","dst":"5.6.7.8","proto":"udp","sport":1,"dprt":2})", "did you mean dport?"},
        {R"({"packet":3})", "an object is wanted, not a number"},
        {R"({"packet":{},"orgin":"eth0"})", "did you mean origin?"},
    };
    for (const Row& row : rows) BOOST_TEST_CONTEXT(row.line) {
            const auto read = PacketLineReader().read(row.line);
            BOOST_REQUIRE(!read.has_value());
            const std::string why = read.error().what;
            BOOST_TEST(why.find(row.why) != std::string::npos, why);
        }
}

// What is described and read again is the same packet, for all that a description holds.
BOOST_AUTO_TEST_CASE(described_and_read_again) {
    for (
        const char* text : {
            R"({"src":"1.2.3.4","dst":"5.6.7.8","proto":"tcp","sport":1,"dport":2,"seq":3,"ack":4,"flags":"SPA","win":5,"len":6})",
            R"({"src":"1.2.3.4","dst":"5.6.7.8","proto":"udp","sport":1,"dport":2,"len":6})",
            R"({"src":"1.2.3.4","dst":"5.6.7.8","proto":"icmp","type":8,"code":0,"id":1,"seq":2,"len":3})",
            R"({"src":"2001:db8::1","dst":"2001:db8::2","proto":"icmpv6","type":1,"code":4,"inner":{"src":"2001:db8::2","dst":"2001:db8::1","proto":"udp","sport":1,"dport":2}})",
            R"({"src":"1.2.3.4","dst":"5.6.7.8","proto":47,"len":9})",
        })
        BOOST_TEST_CONTEXT(text) {
            const json::value value = json::parse(text);
            const auto octets = read_packet(value.as_object());
            BOOST_REQUIRE(octets.has_value());
            BOOST_TEST(json::serialize(describe_packet(*octets)) == text);
        }
}

BOOST_AUTO_TEST_CASE(fragments_of_one_datagram) {
    const auto read = [](const char* text) { return *read_packet(json::parse(text).as_object()); };
    const auto first = read(R"({"src":"1.2.3.4","dst":"5.6.7.8","proto":"udp","sport":1,"dport":2,"udplen":24,"sum":7,
                                "data":"4142434445464748","frag":{"id":9,"off":0,"mf":true}})");
    const auto view = wire::parse(first);
    BOOST_REQUIRE(view.has_value());
    BOOST_TEST(view->ip.more_fragments);
    BOOST_TEST(view->ip_payload.size() == 16U);
    BOOST_TEST(view->ip_payload[5] == 24);
    BOOST_TEST(view->ip_payload[7] == 7);
    const auto cut = read(R"({"src":"1.2.3.4","dst":"5.6.7.8","proto":"tcp","data":"0001000200000000","l4raw":true,
                              "frag":{"id":9,"off":0,"mf":true}})");
    BOOST_TEST(wire::parse(cut)->transport_cut);
    const auto later =
        read(R"({"src":"1.2.3.4","dst":"5.6.7.8","proto":"tcp","data":"0001","frag":{"id":9,"off":16,"mf":false}})");
    BOOST_TEST(wire::parse(later)->ip.fragment_offset == 16);
    BOOST_TEST(
        !read_packet(
             json::parse(
                 R"({"src":"1.2.3.4","dst":"5.6.7.8","proto":"tcp","data":"00","frag":{"id":9,"off":9,"mf":false}})")
                 .as_object())
             .has_value());
}

BOOST_AUTO_TEST_SUITE_END()
