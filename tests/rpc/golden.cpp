// The complete exchange of an impacket client with a Samba server, octet by octet (dcerpc-epm section 11), and the
// sizes that Q159298's trace shows for a client that offers 5840-octet fragments.
#include "sim/rpc/client_session.hpp"
#include "sim/rpc/epm.hpp"
#include "tests/rpc/rig.hpp"

using namespace rig;

namespace {

constexpr SyntaxId samr{"12345778-1234-abcd-ef00-0123456789ac"_uuid, 1, 0};

// Both ways the group is the server's choice: octets 20 to 23 of the bind_ack.
const char* const bind_hex = R"(
    05 00 0b 03 10 00 00 00 48 00 00 00 01 00 00 00
    b8 10 b8 10 00 00 00 00 01 00 00 00 00 00 01 00
    08 83 af e1 1f 5d c9 11 91 a4 08 00 2b 14 a0 fa 03 00 00 00
    04 5d 88 8a eb 1c c9 11 9f e8 08 00 2b 10 48 60 02 00 00 00)";
const char* const bind_ack_hex = R"(
    05 00 0c 03 10 00 00 00 3c 00 00 00 01 00 00 00
    b8 10 b8 10 7b 48 00 00 04 00 31 33 35 00 00 00
    01 00 00 00 00 00 00 00
    04 5d 88 8a eb 1c c9 11 9f e8 08 00 2b 10 48 60 02 00 00 00)";
const char* const map_request_hex = R"(
    05 00 00 03 10 00 00 00 9c 00 00 00 01 00 00 00
    84 00 00 00 00 00 03 00
    01 00 00 00  00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00
    02 00 00 00 4b 00 00 00 4b 00 00 00 05 00
    13 00 0d 78 57 34 12 34 12 cd ab ef 00 01 23 45 67 89 ac 01 00 02 00 00 00
    13 00 0d 04 5d 88 8a eb 1c c9 11 9f e8 08 00 2b 10 48 60 02 00 02 00 00 00
    01 00 0b 02 00 00 00  01 00 07 02 00 00 00  01 00 09 04 00 00 00 00 00
    ab
    00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00  01 00 00 00)";
const char* const map_response_hex = R"(
    05 00 02 03 10 00 00 00 98 00 00 00 01 00 00 00
    80 00 00 00 00 00 00 00
    00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00
    01 00 00 00  01 00 00 00 00 00 00 00 01 00 00 00  03 00 00 00
    4b 00 00 00 4b 00 00 00 05 00
    13 00 0d 78 57 34 12 34 12 cd ab ef 00 01 23 45 67 89 ac 01 00 02 00 00 00
    13 00 0d 04 5d 88 8a eb 1c c9 11 9f e8 08 00 2b 10 48 60 02 00 02 00 00 00
    01 00 0b 02 00 00 00  01 00 07 02 00 c0 00  01 00 09 04 00 0a 4e 00 01
    00  00 00 00 00)";

base::Bytes with_group_of(base::Bytes octets, base::ByteView other) {
    std::copy(other.begin() + 20, other.begin() + 24, octets.begin() + 20);
    return octets;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(golden)

BOOST_AUTO_TEST_CASE(the_server_answers_octet_by_octet) {
    Server server;
    server.entries.push_back({.interface = samr, .port = wire::Port{49152}});
    Talk talk(server);
    talk.send(from_hex(bind_hex));
    BOOST_TEST(to_hex(talk.last) == to_hex(with_group_of(from_hex(bind_ack_hex), talk.last)));
    BOOST_TEST(parse_header(talk.last).call_id == 1U);
    talk.send(from_hex(map_request_hex));
    BOOST_TEST(to_hex(talk.last) == to_hex(from_hex(map_response_hex)));
    BOOST_TEST(!talk.close);
}

BOOST_AUTO_TEST_CASE(the_client_asks_octet_by_octet) {
    ClientSession session(epm_interface, {.fragment_size = 4280});
    BOOST_TEST(to_hex(session.bind()) == to_hex(from_hex(bind_hex)));
    BOOST_REQUIRE(session.feed(from_hex(bind_ack_hex)).has_value());
    base::Bytes asked = session.request(epm_opnum::map, ept_map_stub(samr, 1));
    base::Bytes expected = from_hex(map_request_hex);
    expected[131] = 0;  // the padding octet, which may hold anything
    BOOST_TEST(to_hex(asked) == to_hex(expected));
    const auto outcome = session.feed(from_hex(map_response_hex));
    BOOST_REQUIRE(outcome && std::holds_alternative<CallDone>(*outcome));
    const auto answer = parse_ept_map_response(std::get<CallDone>(*outcome).stub, ByteOrder::little);
    BOOST_REQUIRE(answer.has_value());
    BOOST_TEST(tcp_port_of(*answer)->value == 49152);
    BOOST_TEST(answer->towers[0].host.format() == "10.78.0.1");
}

BOOST_AUTO_TEST_CASE(sizes_are_those_of_the_trace) {
    Server server;
    server.entries.push_back({.interface = nspi_interface, .port = wire::Port{1236}});
    Talk talk(server);
    ClientSession session(nspi_interface);
    ClientSession asking(epm_interface);
    const base::Bytes bind = asking.bind();
    BOOST_TEST(bind.size() == 72U);
    BOOST_TEST(to_hex(base::ByteView(bind).subspan(16, 4)) == "d0 16 d0 16");
    talk.send(bind);
    BOOST_TEST(talk.last.size() == 60U);
    BOOST_TEST(to_hex(base::ByteView(talk.last).subspan(16, 4)) == "d0 16 d0 16");
    BOOST_REQUIRE(asking.feed(talk.last).has_value());
    const base::Bytes request = asking.request(epm_opnum::map, ept_map_stub(nspi_interface));
    BOOST_TEST(request.size() == 156U);
    BOOST_TEST(request[16] == 0x84);
    talk.send(request);
    BOOST_TEST(talk.last.size() == 152U);
    BOOST_TEST(talk.last[16] == 0x80);
}

BOOST_AUTO_TEST_CASE(not_registered_and_unknown_operation) {
    Server server;
    Talk talk(server);
    talk.bind_mapper();
    talk.send(request_pdu(2, epm_opnum::map, ept_map_stub(samr, 4)));
    BOOST_TEST(to_hex(base::ByteView(talk.last).subspan(24)) ==
               to_hex(from_hex("0000000000000000000000000000000000000000 00000000"
                               "04000000 00000000 00000000 d6a0c916")));
    talk.send(request_pdu(0x11223344, 77, {}));
    BOOST_TEST(to_hex(talk.last) == to_hex(from_hex("05 00 03 23 10 00 00 00 20 00 00 00 44 33 22 11"
                                                    "18 00 00 00 00 00 00 00 02 00 01 1c 00 00 00 00")));
}

// nmap's service detection: a "PDU" of version 0 and frag_length 0x72, out of an SMB negotiation.
BOOST_AUTO_TEST_CASE(a_scanner_gets_the_24_octets_it_knows) {
    Server server;
    Talk talk(server);
    base::Bytes probe = from_hex("00 00 00 a4 ff 53 4d 42 72 00 00 00 00 08 01 40");
    probe.resize(0xa4 + 4, 0x20);
    talk.send(probe);
    BOOST_TEST(to_hex(talk.last) ==
               to_hex(from_hex("05 00 0d 03 10 00 00 00 18 00 00 00 00 08 01 40 04 00 01 05 00 00 00 00")));
    BOOST_TEST(talk.close);
}

BOOST_AUTO_TEST_SUITE_END()
