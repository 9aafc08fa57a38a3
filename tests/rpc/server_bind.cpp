// Binding: who gets which of the answers of dcerpc-epm section 4 and 6.
#include "tests/rpc/rig.hpp"

using namespace rig;

namespace {

constexpr SyntaxId features_all = {"6cb71c2c-9812-4540-0300-000000000000"_uuid, 1, 0};

std::string text(const std::vector<ContextAnswer>& answers) {
    std::string all;
    for (const ContextAnswer& a : answers) {
        if (!all.empty()) all += ' ';
        all += std::to_string(static_cast<int>(a.result)) + '/' + std::to_string(static_cast<int>(a.reason));
        const bool accepted = a.result == ContextResult::acceptance;
        BOOST_TEST((a.transfer_syntax == (accepted ? ndr_syntax : SyntaxId{})));
    }
    return all;
}

const BindAck& ack_of(const Pdu& pdu) {
    if (const auto* altered = std::get_if<AlterContextResponse>(&pdu.body)) return *altered;
    BOOST_REQUIRE(std::holds_alternative<BindAck>(pdu.body));
    return std::get<BindAck>(pdu.body);
}

Pdu alter_pdu(std::vector<ContextElement> contexts) {
    AlterContext body;
    body.contexts = std::move(contexts);
    body.group = 0xdead;
    body.max_xmit_frag = body.max_recv_frag = 100;
    return {.call_id = 5, .body = body};
}

SyntaxId with_version(SyntaxId id, std::uint16_t major, std::uint16_t minor) {
    id.major = major;
    id.minor = minor;
    return id;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(server_bind)

BOOST_AUTO_TEST_CASE(answers_to_context_lists) {
    struct Case {
        const char* name;
        std::vector<ContextElement> contexts;
        const char* answers;
    };
    const std::vector<Case> cases{
        {"the interface", {element(0, echo_interface)}, "0/0"},
        {"management", {element(0, mgmt_interface)}, "0/0"},
        {"another minor version", {element(0, with_version(echo_interface, 1, 9))}, "0/0"},
        {"another major version", {element(0, with_version(echo_interface, 2, 3))}, "2/1"},
        {"another service's interface", {element(0, emsmdb_interface)}, "2/1"},
        {"NDR64 alone", {element(0, echo_interface, {ndr64_syntax})}, "2/2"},
        {"zero syntax", {element(0, echo_interface, {SyntaxId{}})}, "2/2"},
        {"NDR 1.0", {element(0, echo_interface, {with_version(ndr_syntax, 1, 0)})}, "2/2"},
        {"NDR64 before NDR", {element(0, echo_interface, {ndr64_syntax, ndr_syntax})}, "0/0"},
        {"not served, NDR64", {element(0, nspi_interface, {ndr64_syntax})}, "2/1"},
        {"Windows' three",
         {element(0, echo_interface), element(1, echo_interface, {ndr64_syntax}),
          element(2, echo_interface, {features_all})},
         "0/0 2/2 3/2"},
        {"features not offered here", {element(0, echo_interface, {bind_time_features_syntax(1)})}, "3/0"},
        {"features of an unknown interface", {element(0, nspi_interface, {features_all})}, "3/2"},
        {"features in second place", {element(0, echo_interface, {ndr_syntax, features_all})}, "0/0"},
        {"two that would do", {element(0, echo_interface), element(1, epm_interface)}, "0/0 2/2"},
        {"the first acceptable one counts",
         {element(0, nspi_interface), element(1, epm_interface), element(2, echo_interface)},
         "2/1 0/0 2/2"},
        {"the same twice", {element(3, echo_interface), element(3, echo_interface)}, "0/0 0/0"},
    };
    for (const Case& c : cases) BOOST_TEST_CONTEXT(c.name) {
            Server server;
            Talk talk(server);
            BOOST_TEST(text(talk.bind(c.contexts)) == c.answers);
            BOOST_TEST(!talk.close);
            BOOST_TEST(talk.session.bound());
        }
}

BOOST_AUTO_TEST_CASE(binds_that_are_refused) {
    const AuthVerifier ntlm{10, 2, 0, base::view_of("NTLMSSP")};
    struct Case {
        const char* name;
        Pdu pdu;
        NakReason reason;
    };
    Pdu with_auth = bind_pdu({element(0, echo_interface)});
    with_auth.auth = ntlm;
    Pdu level_1 = with_auth, level_7 = with_auth, level_6 = with_auth;
    level_1.auth->level = 1;
    level_6.auth->level = 6;
    level_7.auth->level = 7;
    const std::vector<Case> cases{
        {"NTLM", with_auth, NakReason::authentication_type_not_recognised},
        {"level 6", level_6, NakReason::authentication_type_not_recognised},
        {"level 1", level_1, NakReason::not_specified},
        {"level 7", level_7, NakReason::not_specified},
        {"no elements", bind_pdu({}), NakReason::not_specified},
        {"an element without syntaxes", bind_pdu({element(0, echo_interface, {})}), NakReason::not_specified},
        {"features twice",
         bind_pdu({element(0, echo_interface, {features_all}), element(1, echo_interface, {features_all})}),
         NakReason::not_specified},
        {"one id, two interfaces", bind_pdu({element(0, echo_interface), element(0, epm_interface)}),
         NakReason::not_specified},
        {"unknown group", bind_pdu({element(0, echo_interface)}, 0x12345), NakReason::not_specified},
        {"a request first", request_pdu(1, 0, {}), NakReason::protocol_version_not_supported},
        {"alter_context first", Pdu{.call_id = 1, .body = AlterContext{}}, NakReason::protocol_version_not_supported},
        {"co_cancel first", Pdu{.call_id = 1, .body = CoCancel{}}, NakReason::protocol_version_not_supported},
    };
    for (const Case& c : cases) BOOST_TEST_CONTEXT(c.name) {
            Server server;
            Talk talk(server);
            check_nak(talk.ask(c.pdu), 1, c.reason);
            BOOST_TEST(talk.last.size() == bind_nak_size);
            BOOST_TEST(talk.close);
            BOOST_TEST(talk.session.closed());
            BOOST_TEST(server.groups.size() == 0U);
            BOOST_TEST(talk.send(bind_pdu({element(0, echo_interface)})).empty());
        }
}

BOOST_AUTO_TEST_CASE(first_octets_that_are_no_bind) {
    struct Case {
        const char* name;
        const char* octets;
        int reason;
    };  // -1: closed without a word
    for (const Case& c :
         {Case{"version 4", "04000b0310000000 19000000 01000000 d016d016 00000000 00", 4},
          Case{"minor 2", "05020b0310000000 19000000 01000000 d016d016 00000000 00", 4},
          Case{"auth beyond the end", "05000b0310000000 19000a00 01000000 d016d016 00000000 00", 4},
          Case{"cut in its fixed part", "05000b0310000000 18000000 01000000 d016d016 00000000", 4},
          Case{"list cut", "05000b0310000000 1c000000 01000000 d016d016 00000000 01000000", 0},
          Case{"big-endian, no elements", "05000b0300000000 0019 0000 00000001 16d016d0 00000000 00", 0},
          Case{"frag_length 15", "05000b0310000000 0f000000 01000000", -1},
          Case{"frag_length 0", "05000b0310000000 00000000 01000000", -1}})
        BOOST_TEST_CONTEXT(c.name) {
            Server server;
            Talk talk(server);
            const auto answers = talk.send(from_hex(c.octets));
            BOOST_TEST(talk.close);
            BOOST_TEST(answers.size() == (c.reason < 0 ? 0U : 1U));
            if (c.reason >= 0) check_nak(answers.at(0), 1, static_cast<NakReason>(c.reason));
        }
}

BOOST_AUTO_TEST_CASE(fragment_sizes) {
    struct Case {
        std::uint16_t xmit, recv;
        unsigned agreed;
    };
    for (const Case& c :
         {Case{5840, 5840, 5840}, Case{4280, 4280, 4280}, Case{4280, 5840, 4280}, Case{0, 0, 2048},
          Case{1432, 1432, 2048}, Case{65535, 65535, 5840}, Case{4285, 4287, 4280}, Case{5839, 6000, 5832}}) {
        Server server;
        Talk talk(server);
        const Pdu answer = talk.ask({.call_id = 1, .body = Bind{c.xmit, c.recv, 0, {element(0, echo_interface)}}});
        BOOST_TEST(ack_of(answer).max_xmit_frag == c.agreed);
        BOOST_TEST(ack_of(answer).max_recv_frag == c.agreed);
        BOOST_TEST(ack_of(answer).secondary_address == "135");
    }
}

BOOST_AUTO_TEST_CASE(flags_of_the_answer) {
    struct Case {
        unsigned asked;
        bool useful;
        unsigned answered;
    };
    for (const Case& c :
         {Case{0x03, true, 0x03}, Case{0x07, true, 0x07}, Case{0x13, true, 0x13}, Case{0x17, true, 0x17},
          Case{0x13, false, 0x03}, Case{0x17, false, 0x07}, Case{0x00, true, 0x03}, Case{0xe8, true, 0x03}}) {
        Server server;
        Talk talk(server);
        Pdu bind = bind_pdu({element(0, c.useful ? echo_interface : nspi_interface)});
        bind.flags.bits = static_cast<std::uint8_t>(c.asked);
        BOOST_TEST(talk.ask(bind).flags.bits == c.answered);
    }
}

BOOST_AUTO_TEST_CASE(alter_context) {
    struct Case {
        const char* name;
        std::vector<ContextElement> contexts;
        const char* answers;
    };
    const std::vector<Case> cases{
        {"a new interface", {element(1, epm_interface)}, "0/0"},
        {"the known one again", {element(0, echo_interface)}, "0/0"},
        {"the known one, unusable syntaxes", {element(0, echo_interface, {ndr64_syntax})}, "2/2"},
        {"known and new", {element(0, echo_interface), element(1, mgmt_interface)}, "0/0 0/0"},
        {"two new", {element(1, epm_interface), element(2, mgmt_interface)}, "0/0 2/2"},
        {"not served", {element(1, nspi_interface)}, "2/1"},
        {"features mean nothing here", {element(1, epm_interface, {features_all})}, "2/2"},
    };
    for (const Case& c : cases) BOOST_TEST_CONTEXT(c.name) {
            Server server;
            Talk talk(server);
            const Pdu bound = talk.ask(bind_pdu({element(0, echo_interface)}));
            const std::uint32_t group = ack_of(bound).group;
            const Pdu answer = talk.ask(alter_pdu(c.contexts));
            BOOST_TEST((type_of(answer.body) == PduType::alter_context_response));
            BOOST_TEST(text(ack_of(answer).answers) == c.answers);
            BOOST_TEST(ack_of(answer).group == group);
            BOOST_TEST(ack_of(answer).max_xmit_frag == max_fragment);
            BOOST_TEST(ack_of(answer).secondary_address.empty());
            // The context of the bind still works, whatever the alter_context said.
            BOOST_TEST((type_of(talk.ask(request_pdu(6, 0, {})).body) == PduType::response));
        }
}

BOOST_AUTO_TEST_CASE(alter_context_that_breaks_the_protocol) {
    Pdu with_auth = alter_pdu({element(1, epm_interface)});
    with_auth.auth = AuthVerifier{10, 2, 0, base::view_of("token")};
    struct Case {
        const char* name;
        Pdu pdu;
        std::uint32_t code;
        bool did_not_execute;
    };
    for (const Case& c :
         {Case{"no elements", alter_pdu({}), status::nca_proto_error, true},
          Case{"no syntaxes", alter_pdu({element(1, epm_interface, {})}), status::nca_proto_error, true},
          Case{"the id of another interface", alter_pdu({element(0, epm_interface)}), status::nca_proto_error, true},
          Case{"the id, and not served", alter_pdu({element(0, nspi_interface)}), status::nca_proto_error, true},
          Case{"with authentication", with_auth, status::access_denied, false}})
        BOOST_TEST_CONTEXT(c.name) {
            Server server;
            Talk talk(server);
            talk.bind_echo();
            check_fault(talk.ask(c.pdu), 5, 0, c.code, c.did_not_execute);
            BOOST_TEST(talk.close);
        }
}

BOOST_AUTO_TEST_CASE(a_bind_may_be_all_rejected_and_go_on) {
    Server server;
    Talk talk(server);
    talk.bind({element(0, nspi_interface)});
    check_fault(talk.ask(request_pdu(2, 0, {})), 2, 0, status::nca_unk_if, true);
    BOOST_TEST(!talk.close);
    BOOST_TEST(text(ack_of(talk.ask(alter_pdu({element(0, echo_interface)}))).answers) == "0/0");
    BOOST_TEST((type_of(talk.ask(request_pdu(3, 0, {})).body) == PduType::response));
}

BOOST_AUTO_TEST_CASE(a_second_bind_is_refused) {
    Server server;
    Talk talk(server);
    talk.bind_echo();
    check_nak(talk.ask(bind_pdu({element(1, epm_interface)})), 1, NakReason::not_specified);
    BOOST_TEST(talk.close);
}

BOOST_AUTO_TEST_CASE(groups_are_joined_while_they_live) {
    Server server;
    auto first = std::make_unique<Talk>(server);
    const std::uint32_t group = ack_of(first->ask(bind_pdu({element(0, echo_interface)}))).group;
    BOOST_TEST(group != 0U);
    {
        Talk second(server);
        BOOST_TEST(ack_of(second.ask(bind_pdu({element(0, echo_interface)}, group))).group == group);
        BOOST_TEST(server.groups.size() == 1U);
    }
    Talk third(server);
    BOOST_TEST(ack_of(third.ask(bind_pdu({element(0, echo_interface)}))).group != group);
    first.reset();
    Talk late(server);
    check_nak(late.ask(bind_pdu({element(0, echo_interface)}, group)), 1, NakReason::not_specified);
}

BOOST_AUTO_TEST_CASE(contexts_are_capped) {
    Server server;
    Talk talk(server, {.contexts = 2});
    talk.bind({element(0, echo_interface)});
    BOOST_TEST(text(ack_of(talk.ask(alter_pdu({element(1, echo_interface)}))).answers) == "0/0");
    BOOST_TEST(text(ack_of(talk.ask(alter_pdu({element(2, echo_interface)}))).answers) == "2/3");
}

BOOST_AUTO_TEST_SUITE_END()
