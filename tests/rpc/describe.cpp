// What views say about conversations.
#include "sim/rpc/describe.hpp"

#include "sim/rpc/client_session.hpp"
#include "sim/rpc/emsmdb.hpp"
#include "sim/rpc/nspi.hpp"
#include "tests/rpc/rig.hpp"

using namespace rig;

namespace {

constexpr Direction up = Direction::to_server, down = Direction::to_client;

// Speaks for a client with a server and notes every line, in pieces of a given size.
struct Overheard {
    explicit Overheard(Server& server, std::size_t size = 100000) : talk(server), piece(size) {}

    void say(base::ByteView octets) {
        hear(up, "> ", octets);
        talk.send(octets);
        hear(down, "< ", talk.last);
    }
    void hear(Direction direction, const char* arrow, base::ByteView octets) {
        for (std::size_t at = 0; at < octets.size(); at += piece)
            for (const std::string& line :
                 dissector.feed(direction, octets.subspan(at, std::min(piece, octets.size() - at))))
                text += arrow + line + '\n';
    }
    Talk talk;
    std::size_t piece;
    Dissector dissector;
    std::string text;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(describing)

BOOST_AUTO_TEST_CASE(a_lookup) {
    for (const std::size_t piece : {std::size_t{1}, std::size_t{50}, std::size_t{100000}}) {
        Server server;
        server.entries.push_back({.interface = nspi_interface, .annotation = "d", .port = wire::Port{1236}});
        for (const std::uint16_t port : {std::uint16_t{1300}, std::uint16_t{1301}})
            server.entries.push_back({.interface = mta_interface, .annotation = "m", .port = wire::Port{port}});
        Overheard o(server, piece);
        o.say(octets_of(bind_pdu({element(0, epm_interface)})));
        o.say(octets_of(request_pdu(2, epm_opnum::map, ept_map_stub(nspi_interface))));
        o.say(octets_of(request_pdu(3, epm_opnum::map, ept_map_stub(emsmdb_interface))));
        o.say(octets_of(request_pdu(6, epm_opnum::map, ept_map_stub(mta_interface))));
        o.say(octets_of(request_pdu(4, epm_opnum::lookup, base::Bytes(48, 0))));
        o.say(octets_of(request_pdu(5, 77, {})));
        BOOST_TEST(o.text ==
                   "> bind to the endpoint mapper\n"
                   "< bind accepted\n"
                   "> ept_map: where is the directory (NSPI)?\n"
                   "< map reply: directory is on 1236\n"
                   "> ept_map: where is the information store (EMSMDB)?\n"
                   "< map reply: not registered (1753)\n"
                   "> ept_map: where is the MTA?\n"
                   "< map reply: MTA is on 1300 or 1301\n"
                   "> ept_lookup: which endpoints are there?\n"
                   "< lookup reply: 0 endpoints\n"
                   "> operation 77\n"
                   "< fault: 0x1c010002 (nca_s_op_rng_error)\n");
    }
}

BOOST_AUTO_TEST_CASE(logons_and_refusals) {
    Server server;
    NspiServer nspi(echo_interface.uuid);
    EmsmdbServer store;
    server.interfaces.add(nspi);
    server.interfaces.add(store);
    Overheard o(server);
    o.say(octets_of(bind_pdu({element(0, nspi_interface), element(1, nspi_interface, {ndr64_syntax})})));
    o.say(octets_of(request_pdu(2, nspi_opnum::bind, nspi_bind_stub())));
    AlterContext alter;
    alter.contexts = {element(1, emsmdb_interface)};
    o.say(octets_of({.call_id = 3, .body = alter}));
    o.say(octets_of(request_pdu(4, emsmdb_opnum::connect, ec_connect_stub({.user_dn = "x"}), 1)));
    o.say(octets_of(request_pdu(5, emsmdb_opnum::rpc, {}, 1)));
    AlterContext elsewhere;
    elsewhere.contexts = {element(2, sa_public_interface)};
    o.say(octets_of({.call_id = 6, .body = elsewhere}));
    BOOST_TEST(o.text ==
               "> bind to the directory (NSPI)\n"
               "< bind accepted\n"
               "> NspiBind\n"
               "< NspiBind answered\n"
               "> bind also to the information store (EMSMDB)\n"
               "< further bind accepted\n"
               "> EcDoConnect\n"
               "< EcDoConnect answered\n"
               "> EcDoRpc\n"
               "< fault: 5 (ERROR_ACCESS_DENIED)\n"
               "> bind also to the system attendant (SA public)\n"
               "< further bind rejected: abstract syntax not supported: this port does not serve the interface\n");
}

BOOST_AUTO_TEST_CASE(single_lines) {
    Pdu ntlm = bind_pdu({element(0, mta_interface)});
    ntlm.auth = AuthVerifier{10, 2, 0, base::view_of("t")};
    NspiBindResponse refused{.code = 0x80040111};
    base::Bytes refused_stub;
    NdrWriter writer(refused_stub);
    emit(writer, refused);
    struct Case {
        const char* name;
        Direction way;
        base::Bytes octets;
        const char* line;
    };
    for (const Case& c :
         {Case{"NTLM", up, octets_of(ntlm), "bind to the MTA, with NTLM authentication"},
          Case{"unknown", up, octets_of(bind_pdu({element(0, echo_interface)})),
               "bind to interface 12345678-1234-abcd-ef00-0123456789ab 1.3"},
          Case{"nothing", up, octets_of(bind_pdu({})), "bind to nothing"},
          Case{"auth3", up, octets_of({.body = Auth3{}}), "authentication, third leg"},
          Case{"cancel", up, octets_of({.body = CoCancel{}}), "the client cancels its call"},
          Case{"nak", down, octets_of({.body = BindNak{NakReason::authentication_type_not_recognised}}),
               "bind refused: authentication type not recognised"},
          Case{"role hint", up, octets_of(request_pdu(1, 0, {})), "NspiBind"},
          Case{"unasked answer", down, octets_of({.body = Response{}}), "an answer to a call that was not seen"},
          Case{"HTTP", up, from_hex("474554202f"), "octets that are no RPC"},
          Case{"bad length", up, from_hex("05000b0310000000 0f000000 01000000"), "octets that are no RPC"},
          Case{"cut bind", up, from_hex("05000b0310000000 10000000 01000000"),
               "bind that makes no sense: the PDU ends inside its fixed fields"},
          Case{"type 42", up, from_hex("05002a0310000000 10000000 01000000"),
               "a PDU that makes no sense: the PDU type is unknown"}})
        BOOST_TEST_CONTEXT(c.name) {
            Dissector dissector(Service::directory);
            const auto lines = dissector.feed(c.way, Tight(c.octets));
            BOOST_REQUIRE_EQUAL(lines.size(), 1U);
            BOOST_TEST(lines[0] == c.line);
        }
    Dissector dissector(Service::directory);
    dissector.feed(up, octets_of(request_pdu(1, 0, nspi_bind_stub())));
    const auto lines = dissector.feed(down, octets_of({.call_id = 1, .body = Response{.stub = refused_stub}}));
    BOOST_TEST(lines.at(0) == "NspiBind refused: 0x80040111");
}

BOOST_AUTO_TEST_CASE(fragments) {
    Dissector d(Service::endpoint_mapper);
    const base::Bytes stub = ept_map_stub(nspi_interface);
    const base::ByteView view(stub);
    BOOST_TEST(d.feed(up, octets_of(request_pdu(1, 3, view.first(40), 0, PduFlags::first))).at(0) ==
               "ept_map, in part");
    BOOST_TEST(d.feed(up, octets_of(request_pdu(1, 3, view.subspan(40), 0, PduFlags::last))).at(0) ==
               "ept_map: where is the directory (NSPI)?");
    BOOST_TEST(d.feed(up, octets_of(request_pdu(2, 3, view, 0, PduFlags::last))).at(0) ==
               "part of a call whose beginning is missing");
}

BOOST_AUTO_TEST_CASE(foreign_octets_are_said_once) {
    Dissector d;
    BOOST_TEST(d.feed(up, base::view_of("GET / HTTP/1.0\r\n")).size() == 1U);
    BOOST_TEST(d.feed(up, base::view_of("Host: x\r\n\r\n")).empty());
    BOOST_TEST(d.feed(down, base::view_of("HTTP/1.0 200")).size() == 1U);
}

BOOST_AUTO_TEST_SUITE_END()
