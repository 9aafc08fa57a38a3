// The client's side of a connection, against the real server and against ones that misbehave at every step.
#include "sim/rpc/client_session.hpp"

#include "tests/rpc/rig.hpp"

using namespace rig;

namespace {

base::Bytes ack(ContextAnswer answer = {ContextResult::acceptance, ContextReason::not_specified, ndr_syntax},
                std::uint16_t max_recv = 5840) {
    return octets_of({.call_id = 1, .body = BindAck{max_recv, max_recv, 7, "135", {answer}}});
}

base::Bytes response(std::string_view stub, std::uint8_t flags = PduFlags::whole, std::uint32_t call_id = 1,
                     std::uint16_t context = 0) {
    return octets_of({.flags = PduFlags{flags},
                      .call_id = call_id,
                      .body = Response{.context_id = context, .stub = base::view_of(stub)}});
}

base::Bytes operator+(base::Bytes a, const base::Bytes& b) {
    a.insert(a.end(), b.begin(), b.end());
    return a;
}

ProtocolBroken broken(ClientPhase phase, ProtocolFault fault) { return {phase, fault}; }

constexpr std::uint8_t first = PduFlags::first, last = PduFlags::last;
constexpr ClientPhase binding = ClientPhase::bind, calling = ClientPhase::call;

}  // namespace

BOOST_AUTO_TEST_SUITE(client_session)

// What the server sends after the bind, and the outcome. "" = nothing more comes: the connection is closed.
BOOST_AUTO_TEST_CASE(every_way_to_end) {
    const ContextAnswer not_here{ContextResult::provider_rejection, ContextReason::abstract_syntax_not_supported, {}};
    const ContextAnswer no_syntax{
        ContextResult::provider_rejection, ContextReason::transfer_syntaxes_not_supported, {}};
    struct Case {
        const char* name;
        base::Bytes octets;
        ClientOutcome outcome;
        std::uint32_t win32;
    };
    const std::vector<Case> cases{
        {"closed at once", {}, ClosedEarly{binding, false}, 1727},
        {"closed inside the ack", base::Bytes(20, 5), ClosedEarly{binding, true}, 1727},
        {"nak 8", octets_of({.call_id = 1, .body = BindNak{NakReason::authentication_type_not_recognised}}),
         BindRefused{NakReason::authentication_type_not_recognised}, 1747},
        {"nak 4", octets_of({.call_id = 1, .body = BindNak{NakReason::protocol_version_not_supported}}),
         BindRefused{NakReason::protocol_version_not_supported}, 1728},
        {"nak 0", octets_of({.call_id = 1, .body = BindNak{}}), BindRefused{NakReason::not_specified}, 1727},
        {"rejected", ack(not_here), ContextRejected{not_here}, 1717},
        {"no common syntax", ack(no_syntax), ContextRejected{no_syntax}, 1730},
        {"fault to the bind", octets_of({.call_id = 1, .body = Fault{.status = 5}}), CallFaulted{5, false}, 5},
        {"accepted with another syntax", ack({ContextResult::acceptance, ContextReason::not_specified, ndr64_syntax}),
         broken(binding, ProtocolFault::malformed), 1728},
        {"ack without results", octets_of({.call_id = 1, .body = BindAck{}}), broken(binding, ProtocolFault::malformed),
         1728},
        {"ack of another call", octets_of({.call_id = 2, .body = BindAck{}}),
         broken(binding, ProtocolFault::wrong_call_id), 1728},
        {"response to the bind", response("x"), broken(binding, ProtocolFault::unexpected_type), 1728},
        {"HTTP", from_hex("485454502f312e31"), broken(binding, ProtocolFault::not_rpc), 1728},
        {"no RPC at all", base::Bytes(32, 0), broken(binding, ProtocolFault::not_rpc), 1728},
        {"version 4", from_hex("04000c0310000000 10000000 01000000"), broken(binding, ProtocolFault::not_rpc), 1728},
        {"closed behind the ack", ack(), ClosedEarly{calling, false}, 1726},
        {"closed inside the answer", ack() + base::Bytes(3, 5), ClosedEarly{calling, true}, 1726},
        {"closed between fragments", ack() + response("ab", first), ClosedEarly{calling, true}, 1726},
        {"answered", ack() + response("abc"), CallDone{from_hex("616263"), ByteOrder::little}, 0},
        {"empty answer", ack() + response(""), CallDone{}, 0},
        {"fragments", ack() + response("ab", first) + response("", 0) + response("c", last),
         CallDone{from_hex("616263"), ByteOrder::little}, 0},
        {"shutdown in between", ack() + octets_of({.body = Shutdown{}}) + response("a"),
         CallDone{from_hex("61"), ByteOrder::little}, 0},
        {"fault", ack() + octets_of({.flags = PduFlags{0x23}, .call_id = 1, .body = Fault{.status = 0x1c010003}}),
         CallFaulted{0x1c010003, true}, 1717},
        {"fault without a status", ack() + octets_of({.call_id = 1, .body = Fault{}}), CallFaulted{0, false}, 1726},
        {"fault behind a fragment",
         ack() + response("ab", first) + octets_of({.call_id = 1, .body = Fault{.status = 5}}), CallFaulted{5, false},
         5},
        {"low octet of the context", ack() + response("a", 3, 1, 0x100), CallDone{from_hex("61"), ByteOrder::little},
         0},
        {"another context", ack() + response("a", 3, 1, 1), broken(calling, ProtocolFault::bad_fragment), 1728},
        {"another call", ack() + response("a", 3, 2), broken(calling, ProtocolFault::wrong_call_id), 1728},
        {"no FIRST", ack() + response("a", last), broken(calling, ProtocolFault::bad_fragment), 1728},
        {"FIRST twice", ack() + response("a", first) + response("b", first),
         broken(calling, ProtocolFault::bad_fragment), 1728},
        {"bind_ack again", ack() + ack(), broken(calling, ProtocolFault::unexpected_type), 1728},
        {"too long", ack() + response(std::string(60, 'x'), first) + response(std::string(41, 'x'), last),
         broken(calling, ProtocolFault::too_long), 1728},
        {"malformed", ack() + from_hex("0500020310000000 12000000 01000000 0000"),
         broken(calling, ProtocolFault::malformed), 1728},
        {"length 3", ack() + from_hex("0500020310000000 03000000 01000000"), broken(calling, ProtocolFault::not_rpc),
         1728},
    };
    for (const Case& c : cases)
        for (const std::size_t piece : {std::size_t{1}, std::size_t{7}, std::size_t{100000}})
            BOOST_TEST_CONTEXT(c.name << ", in pieces of " << piece) {
                ClientCall call(epm_interface, 3, from_hex("00"), {.response_stub = 100});
                call.start();
                std::optional<ClientOutcome> outcome;
                for (std::size_t at = 0; at < c.octets.size() && !outcome; at += piece) {
                    const Tight tight(base::ByteView(c.octets).subspan(at, std::min(piece, c.octets.size() - at)));
                    outcome = call.feed(tight).outcome;
                }
                if (!outcome) outcome = call.closed();
                BOOST_REQUIRE(outcome.has_value());
                BOOST_TEST((*outcome == c.outcome), describe(*outcome));
                BOOST_TEST(win32_of(*outcome) == c.win32);
                BOOST_TEST(succeeded(*outcome) == (c.win32 == 0));
                BOOST_TEST(!describe(*outcome).empty());
                BOOST_TEST(!call.closed().has_value());
            }
}

BOOST_AUTO_TEST_CASE(with_the_real_server_in_any_split) {
    Server server;
    server.entries.push_back({.interface = nspi_interface, .port = wire::Port{1236}});
    for (std::size_t piece = 1; piece < 160; ++piece) {
        Talk talk(server);
        ClientCall call(epm_interface, epm_opnum::map, ept_map_stub(nspi_interface));
        talk.send(call.start());
        std::optional<ClientOutcome> outcome;
        while (!outcome) {
            base::Bytes say;
            for (std::size_t at = 0; at < talk.last.size(); at += piece) {
                auto step = call.feed(base::ByteView(talk.last).subspan(at, std::min(piece, talk.last.size() - at)));
                say = std::move(say) + step.octets;
                if (step.outcome) outcome = step.outcome;
            }
            if (!outcome) talk.send(say);
        }
        const auto map = parse_ept_map_response(std::get<CallDone>(*outcome).stub, ByteOrder::little);
        BOOST_TEST(tcp_port_of(*map)->value == 1236);
        BOOST_TEST(call.session().ready());
    }
}

BOOST_AUTO_TEST_CASE(long_requests_are_cut_to_what_the_server_takes) {
    for (const std::uint16_t offered :
         {std::uint16_t{0}, std::uint16_t{1432}, std::uint16_t{2048}, std::uint16_t{5840}, std::uint16_t{65535}}) {
        Server server;
        Talk talk(server);
        ClientSession session(echo_interface);
        talk.send(session.bind());
        BOOST_REQUIRE(session.feed(ack({ContextResult::acceptance, {}, ndr_syntax}, offered)).has_value());
        base::Bytes stub(20001);
        for (std::size_t i = 0; i < stub.size(); ++i) stub[i] = static_cast<base::Byte>(i * 13);
        const base::Bytes asked = session.request(0, stub);
        for (const Pdu& pdu : Talk::parse_all(asked)) {
            const std::size_t size = std::get<Request>(pdu.body).stub.size();
            BOOST_TEST(size + 24 <= std::clamp<std::size_t>(offered, 1432, 5840));
            if (!pdu.flags.has(PduFlags::last)) BOOST_TEST(size % 8 == 0U);
        }
        talk.send(asked);
        const auto outcome = session.feed(talk.last);
        BOOST_REQUIRE(outcome.has_value());
        BOOST_TEST((*outcome == ClientOutcome{CallDone{stub, ByteOrder::little}}));
    }
}

BOOST_AUTO_TEST_CASE(one_call_after_another) {
    Server server;
    Talk talk(server);
    ClientSession session(echo_interface, {.first_call_id = 10});
    BOOST_TEST(!session.ready());
    talk.send(session.bind());
    BOOST_TEST((*session.feed(talk.last) ==
                ClientOutcome{BindAccepted{std::get<BindAck>(Talk::parse_all(talk.last)[0].body).group}}));
    for (std::uint32_t i = 0; i < 3; ++i) {
        talk.send(session.request(i == 1 ? 9 : 0, from_hex("0102")));
        BOOST_TEST(parse_header(talk.last).call_id == 10 + i);
        const auto outcome = session.feed(talk.last);
        BOOST_TEST(std::holds_alternative<CallFaulted>(*outcome) == (i == 1));
        BOOST_TEST(session.ready());
        BOOST_TEST(!session.closed().has_value());
    }
    BOOST_TEST((*session.feed(talk.last) == ClientOutcome{broken(binding, ProtocolFault::unexpected_type)}));
    BOOST_TEST(session.failed());
    BOOST_TEST(!session.feed(talk.last).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
