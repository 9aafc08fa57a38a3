// Calls, fragments both ways, faults, and connections that break the protocol (dcerpc-epm section 5).
#include "tests/rpc/rig.hpp"

using namespace rig;

namespace {

constexpr std::uint8_t first = PduFlags::first, last = PduFlags::last, whole = PduFlags::whole;

base::Bytes stub_of(std::size_t size) {
    base::Bytes stub(size);
    for (std::size_t i = 0; i < size; ++i) stub[i] = static_cast<base::Byte>(i * 7);
    return stub;
}

base::Bytes joined(const std::vector<Pdu>& pdus) {
    base::Bytes all;
    for (const Pdu& pdu : pdus) {
        const base::ByteView stub = std::get<Response>(pdu.body).stub;
        all.insert(all.end(), stub.begin(), stub.end());
    }
    return all;
}

Pdu with_hint(Pdu pdu, std::uint32_t hint) {
    std::get<Request>(pdu.body).alloc_hint = hint;
    return pdu;
}

Pdu with_auth(Pdu pdu) {
    pdu.auth = AuthVerifier{10, 2, 0, base::view_of("signature")};
    return pdu;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(server_calls)

BOOST_AUTO_TEST_CASE(a_call_is_answered_whatever_its_hint) {
    Server server;
    Talk talk(server);
    talk.bind({element(0x0142, echo_interface)});
    const base::Bytes stub = stub_of(33);
    for (const std::uint32_t hint : {0U, 1U, 33U, 0xffffffffU}) {
        const Pdu answer = talk.ask(with_hint(request_pdu(hint, 0, stub, 0x0142), hint));
        const Response& response = std::get<Response>(answer.body);
        BOOST_TEST(answer.call_id == hint);
        BOOST_TEST(response.context_id == 0x0142);
        BOOST_TEST(response.alloc_hint == 33U);
        BOOST_TEST(to_hex(response.stub) == to_hex(stub));
        BOOST_TEST(answer.flags.bits == whole);
    }
    BOOST_TEST((server.echo.last_local == server.local));
}

BOOST_AUTO_TEST_CASE(objects_maybe_and_reserved_flags_are_tolerated) {
    Server server;
    Talk talk(server);
    talk.bind_echo();
    const base::Bytes stub = stub_of(5);
    Pdu asked = request_pdu(2, 0, stub, 0, whole | PduFlags::maybe | 0x08);
    std::get<Request>(asked.body).object = nspi_interface.uuid;
    BOOST_TEST(to_hex(joined({talk.ask(asked)})) == to_hex(stub_of(5)));
}

BOOST_AUTO_TEST_CASE(the_clients_byte_order_is_understood_and_the_servers_used) {
    Server server;
    Talk talk(server);
    Pdu bind = bind_pdu({element(0, echo_interface)});
    bind.drep = Drep::of(ByteOrder::big);
    BOOST_TEST((talk.ask(bind).drep == Drep{}));
    const base::Bytes count = from_hex("00000003");
    Pdu asked = request_pdu(2, 1, count);
    asked.drep = Drep::of(ByteOrder::big);
    const Pdu answer = talk.ask(asked);
    BOOST_TEST((answer.drep == Drep{}));
    BOOST_TEST(std::get<Response>(answer.body).stub.size() == 3U);
    BOOST_TEST((server.echo.last_order == ByteOrder::big));
}

BOOST_AUTO_TEST_CASE(long_answers_are_cut_into_fragments) {
    struct Case {
        std::uint16_t size;
        std::uint32_t stub;
        std::size_t fragments;
    };
    for (const Case& c : {Case{2048, 0, 1}, Case{2048, 2024, 1}, Case{2048, 2025, 2}, Case{5840, 5816, 1},
                          Case{5840, 5817, 2}, Case{2048, 10000, 5}, Case{5840, 100000, 18}}) {
        Server server;
        Talk talk(server);
        talk.ask({.call_id = 1, .body = Bind{c.size, c.size, 0, {element(0, echo_interface)}}});
        base::Bytes ask;
        OrderedWriter(ask).u32(c.stub);
        const std::vector<Pdu> answers = talk.send(request_pdu(9, 1, ask));
        BOOST_REQUIRE_EQUAL(answers.size(), c.fragments);
        std::size_t left = c.stub;
        for (std::size_t i = 0; i < answers.size(); ++i) {
            const Response& piece = std::get<Response>(answers[i].body);
            BOOST_TEST(answers[i].flags.has(first) == (i == 0));
            BOOST_TEST(answers[i].flags.has(last) == (i + 1 == answers.size()));
            BOOST_TEST(piece.alloc_hint == left);
            BOOST_TEST(piece.stub.size() + 24 <= c.size);
            if (i + 1 < answers.size()) BOOST_TEST(piece.stub.size() % 8 == 0U);
            left -= piece.stub.size();
        }
        BOOST_TEST((joined(answers) == stub_of(c.stub)));
    }
}

BOOST_AUTO_TEST_CASE(requests_come_in_fragments) {
    Server server;
    Talk talk(server);
    talk.bind_echo();
    const base::Bytes stub = stub_of(3000);
    const base::ByteView view(stub);
    BOOST_TEST(talk.send(request_pdu(4, 0, view.first(1000), 0, first)).empty());
    BOOST_TEST(talk.send(request_pdu(4, 99, {}, 7, PduFlags::pending_cancel)).empty());  // empty; numbers not looked at
    BOOST_TEST(talk.send({.call_id = 4, .body = CoCancel{}}).empty());
    BOOST_TEST(talk.send({.call_id = 4, .body = Orphaned{}}).empty());
    BOOST_TEST(talk.send(request_pdu(4, 0, view.subspan(1000, 1999), 0, 0)).empty());
    const auto answers = talk.send(request_pdu(4, 0, view.subspan(2999), 0, last));
    BOOST_TEST((joined(answers) == stub));
    BOOST_TEST((joined(talk.send(request_pdu(5, 0, view.first(8)))) == stub_of(8)));
}

BOOST_AUTO_TEST_CASE(faults_that_leave_the_connection_open) {
    struct Case {
        const char* name;
        Pdu pdu;
        std::uint16_t context;
        std::uint32_t code;
        bool dne;
    };
    const std::vector<Case> cases{
        {"opnum", request_pdu(3, 9, {}), 0, status::nca_op_rng_error, true},
        {"context", request_pdu(3, 0, {}, 1), 0, status::nca_unk_if, true},
        {"context by its low octet", request_pdu(3, 0, {}, 0x100), 0, status::nca_unk_if, true},
        {"the server's own", request_pdu(3, 2, {}), 0, status::bad_stub_data, false},
    };
    Server server;
    Talk talk(server);
    talk.bind_echo();
    for (const Case& c : cases) BOOST_TEST_CONTEXT(c.name) {
            check_fault(talk.ask(c.pdu), 3, c.context, c.code, c.dne);
            BOOST_TEST(talk.last.size() == fault_size);
            BOOST_TEST(!talk.close);
        }
    BOOST_TEST((joined(talk.send(request_pdu(5, 0, stub_of(8)))) == stub_of(8)));
}

BOOST_AUTO_TEST_CASE(faults_that_close) {
    struct Step {
        const char* name;
        std::vector<Pdu> before;
        Pdu pdu;
        std::uint32_t call;
        std::uint16_t context;
        std::uint32_t code;
        bool dne;
    };
    const base::Bytes huge = stub_of(5840 - 24 + 1);
    const base::Bytes small = stub_of(8);
    Pdu other_drep = request_pdu(3, 0, {}, 6, last);
    other_drep.drep = Drep::of(ByteOrder::big);
    Pdu version = request_pdu(3, 0, {}, 6);
    version.minor = 2;
    const Pdu begun = request_pdu(3, 0, small, 6, first);
    const std::vector<Step> steps{
        {"FIRST while another is incomplete",
         {begun},
         request_pdu(4, 0, {}, 6, first),
         3,
         6,
         status::nca_proto_error,
         false},
        {"a whole call while another is incomplete",
         {begun},
         request_pdu(4, 0, {}, 6),
         3,
         6,
         status::nca_proto_error,
         false},
        {"not FIRST, nothing begun", {}, request_pdu(4, 0, {}, 6, last), 4, 0, status::nca_proto_error, false},
        {"not FIRST, another begun", {begun}, request_pdu(4, 0, {}, 6, last), 4, 0, status::nca_proto_error, false},
        {"FIRST with PENDING_CANCEL",
         {},
         request_pdu(4, 0, {}, 6, whole | PduFlags::pending_cancel),
         4,
         0,
         status::no_call_active,
         true},
        {"another drep", {begun}, other_drep, 3, 6, status::nca_proto_error, false},
        {"too long a fragment", {}, request_pdu(4, 0, huge, 6), 4, 0, status::nca_proto_error, false},
        {"announcing too much",
         {},
         with_hint(request_pdu(4, 0, small, 6, first), 10001),
         4,
         6,
         status::access_denied,
         false},
        {"auth trailer", {}, with_auth(request_pdu(4, 0, small, 6)), 4, 6, status::access_denied, false},
        {"auth trailer later",
         {begun},
         with_auth(request_pdu(3, 0, small, 6, last)),
         3,
         6,
         status::access_denied,
         false},
        {"auth3", {}, {.call_id = 4, .body = Auth3{}}, 4, 0, status::nca_proto_error, true},
        {"a response", {}, {.call_id = 4, .body = Response{}}, 4, 0, status::nca_proto_error, true},
        {"a fault", {}, {.call_id = 4, .body = Fault{}}, 4, 0, status::nca_proto_error, true},
        {"a bind_ack", {}, {.call_id = 4, .body = BindAck{}}, 4, 0, status::nca_proto_error, true},
        {"shutdown", {}, {.call_id = 4, .body = Shutdown{}}, 4, 0, status::nca_proto_error, true},
        {"another version", {}, version, 3, 0, status::nca_proto_error, true},
    };
    for (const Step& s : steps) BOOST_TEST_CONTEXT(s.name) {
            Server server;
            Talk talk(server, {.request_stub = 10000});
            talk.bind({element(6, echo_interface)});
            for (const Pdu& pdu : s.before) BOOST_TEST(talk.send(pdu).empty());
            check_fault(talk.ask(s.pdu), s.call, s.context, s.code, s.dne);
            BOOST_TEST(talk.close);
            BOOST_TEST(talk.send(request_pdu(9, 0, {}, 6)).empty());
            BOOST_TEST(talk.close);
        }
}

BOOST_AUTO_TEST_CASE(multiplexed_the_newcomer_is_told) {
    Server server;
    Talk talk(server);
    Pdu bind = bind_pdu({element(6, echo_interface)});
    bind.flags.bits |= PduFlags::conc_mpx;
    talk.ask(bind);
    BOOST_TEST(talk.send(request_pdu(3, 0, {}, 6, first)).empty());
    check_fault(talk.ask(request_pdu(4, 0, {}, 6, first)), 4, 0, status::nca_proto_error, false);
    BOOST_TEST(talk.close);
}

BOOST_AUTO_TEST_CASE(reassembly_is_bounded_over_all_fragments) {
    Server server;
    Talk talk(server, {.request_stub = 2500});
    talk.bind_echo();
    const base::Bytes stub = stub_of(1000);
    BOOST_TEST(talk.send(with_hint(request_pdu(3, 0, stub, 0, first), 0)).empty());
    BOOST_TEST(talk.send(request_pdu(3, 0, stub, 0, 0)).empty());
    check_fault(talk.ask(request_pdu(3, 0, stub, 0, 0)), 3, 0, status::access_denied, false);
    BOOST_TEST(talk.close);
}

BOOST_AUTO_TEST_CASE(pipelined_calls_and_any_split_of_them) {
    base::Bytes all = octets_of(bind_pdu({element(0, echo_interface)}));
    for (std::uint32_t id = 2; id < 6; ++id) emit(all, request_pdu(id, id == 4 ? 9 : 0, stub_of(id)));
    Server whole_server;
    Talk at_once(whole_server);
    BOOST_TEST(at_once.send(all).size() == 5U);
    for (std::size_t piece = 1; piece < all.size(); ++piece) {
        Server server;
        Talk talk(server);
        base::Bytes got;
        for (std::size_t at = 0; at < all.size(); at += piece) {
            talk.send(base::ByteView(all).subspan(at, std::min(piece, all.size() - at)));
            got.insert(got.end(), talk.last.begin(), talk.last.end());
        }
        BOOST_TEST((got == at_once.last));
    }
}

BOOST_AUTO_TEST_CASE(what_follows_a_broken_pdu_is_not_answered) {
    Server server;
    Talk talk(server);
    talk.bind_echo();
    base::Bytes octets = octets_of({.call_id = 4, .body = Auth3{}});
    emit(octets, request_pdu(5, 0, {}));
    BOOST_TEST(talk.send(octets).size() == 1U);
    BOOST_TEST(talk.close);
}

BOOST_AUTO_TEST_SUITE_END()
