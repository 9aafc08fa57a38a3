// RPC inspection: what opens nothing and why, settings that narrow it, and bounds.
#include "sim/firewall/inspector.hpp"
#include "tests/firewall/mapper_octets.hpp"

using namespace mapper_octets;

namespace {

constexpr const char* passes = "accept rpc-pinhole";
constexpr const char* closed = "drop no-rule-matched";

// What a talk opens that says these octets; an answer at the end.
std::string opened_by(Talk& talk, const base::Bytes& asked, base::ByteView answered) {
    talk.bound().ask(asked);
    talk.answer(answered);
    return talk.told();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(inspector_limits)

BOOST_AUTO_TEST_CASE(contexts) {
    struct Case {
        const char* name;
        base::Bytes bind, ack, request;
        const char* told;
    };
    using Result = rpc::ContextResult;
    rpc::Bind three;
    three.contexts = {{0, rpc::mgmt_interface, {rpc::ndr_syntax}},
                      {1, rpc::epm_interface, {rpc::ndr_syntax}},
                      {2, rpc::epm_interface, {rpc::ndr_syntax}}};
    rpc::BindAck answers;
    answers.secondary_address = "135";
    answers.answers = {{Result::acceptance, {}, rpc::ndr_syntax},
                       {Result::provider_rejection, {}, {}},
                       {Result::acceptance, {}, rpc::ndr_syntax}};
    const auto alter = bind<rpc::AlterContext>(rpc::epm_interface, 5);
    const auto altered = bind_ack<rpc::AlterContextResponse>();
    const auto mgmt = bind(rpc::mgmt_interface);
    const Case cases[] = {
        {"the third of three", octets(three, 1), octets(answers, 1), map_request(2, 2), "opened 1 10.0.0.10:1225"},
        {"the rejected one", octets(three, 1), octets(answers, 1), map_request(2, 1), "none not-mapper"},
        {"the other interface", octets(three, 1), octets(answers, 1), map_request(2, 0), ""},
        {"altered later", joined({mgmt, alter}), joined({bind_ack(), altered}), map_request(2, 5),
         "opened 1 10.0.0.10:1225"},
        {"not accepted", bind(), bind_ack(Result::provider_rejection), map_request(2), "none not-mapper"},
        {"not answered", bind(), {}, map_request(2), "none not-mapper"},
        {"in the other byte order", bind(rpc::epm_interface, 0, Order::big), bind_ack(Result::acceptance, Order::big),
         map_request(2), "opened 1 10.0.0.10:1225"},
        {"a number that was rejected first", joined({mgmt, bind<rpc::AlterContext>()}),
         joined({bind_ack(Result::provider_rejection), altered}), map_request(2), "opened 1 10.0.0.10:1225"},
    };
    for (const Case& c : cases) BOOST_TEST_CONTEXT(c.name) {
            Talk t;
            t.shake().ask(c.bind);
            if (!c.ack.empty()) t.answer(c.ack);
            t.ask(c.request);
            t.answer(map_answer(2, 1225));
            BOOST_TEST(t.told() == c.told);
        }
}

BOOST_AUTO_TEST_CASE(sealed_and_signed_talk_opens_nothing_and_says_so) {
    const base::Bytes token(16, 0x5a);
    for (const auto& [level, told] :
         {std::pair{6, "none sealed"}, std::pair{5, "none signed"}, std::pair{4, "none signed"}}) {
        const rpc::AuthVerifier auth{.type = 10, .level = static_cast<std::uint8_t>(level), .value = token};
        Talk t;
        BOOST_TEST(opened_by(t, map_request(2),
                             response(map_stub({tower(1225)}), 2, Order::little, rpc::PduFlags::whole, auth)) == told);
        BOOST_TEST(t.connect(1225) == closed);
        BOOST_TEST((fw::describe(t.last.inspected.empty() ? fw::Inspected{} : t.last.inspected[0], at(0s)).size() > 0));
    }
}

BOOST_AUTO_TEST_CASE(only_listed_interfaces) {
    Talk t("allow tcp 135", {.interfaces = {rpc::nspi_interface.uuid}});
    BOOST_TEST(opened_by(t, map_request(2), response(map_stub({tower(1225), tower(1226, rpc::emsmdb_interface)}), 2)) ==
               "opened 1 10.0.0.10:1225; none not-listed");
    BOOST_TEST(fw::describe(t.last.inspected.at(1), at(0s)) ==
               "no pinhole for EMSMDB on 10.0.0.10:1226: its interface is not on the list of those that may be opened "
               "[not-listed]");
    BOOST_TEST(t.connect(1226) == closed);
}

BOOST_AUTO_TEST_CASE(lookups_on_request) {
    rpc::EptLookupRequest asked;
    base::Bytes question;
    rpc::NdrWriter asking(question);
    rpc::emit(asking, asked);
    rpc::EptLookupResponse found;
    found.entries = {{{}, tower(1225), "NSPI"}, {{}, tower(1225, rpc::xds_interface), "XDS"}, {{}, std::nullopt, ""}};
    base::Bytes stub;
    rpc::NdrWriter writer(stub);
    rpc::emit(writer, found);
    Talk off;
    BOOST_TEST(opened_by(off, request(rpc::epm_opnum::lookup, question, 2), response(stub, 2)) == "none lookup");
    off.ask(request(rpc::epm_opnum::lookup, question, 3));
    off.answer(response(stub, 3));
    BOOST_TEST(off.told() == "");  // said once
    Talk on("allow tcp 135", {.lookup_timeout = 5min});
    BOOST_TEST(opened_by(on, request(rpc::epm_opnum::lookup, question, 2), response(stub, 2)) ==
               "opened 1 10.0.0.10:1225");
    BOOST_TEST(on.connect(1225, at(299s)) == passes);
    BOOST_TEST(on.connect(1225, at(300s)) == closed);
}

BOOST_AUTO_TEST_CASE(other_ports_are_not_read) {
    Talk t("allow tcp 1135", {}, 1135);
    BOOST_TEST(opened_by(t, map_request(2), map_answer(2, 1225)) == "");
    BOOST_TEST(t.connect(1225) == closed);
}

BOOST_AUTO_TEST_CASE(talk_with_others_may_be_refused) {
    Talk t("allow tcp 135", {.mapper_only = true});
    t.shake().ask(bind(rpc::mgmt_interface));
    BOOST_TEST(words(t.last.verdict, t.box().rules()) == "drop rpc-not-mapper");
    t.ask_at(0, bind(rpc::mgmt_interface));  // once more
    BOOST_TEST(words(t.last.verdict, t.box().rules()) == "drop rpc-not-mapper");
    Talk tolerant;
    tolerant.shake().ask(bind(rpc::mgmt_interface));
    BOOST_TEST(words(tolerant.last.verdict, tolerant.box().rules()) == "accept established");
}

BOOST_AUTO_TEST_CASE(what_is_missed_is_said_once) {
    Talk unseen("stateful no\nallow any both");
    unseen.ask(bind());
    BOOST_TEST(unseen.told() == "none late-beginning");
    unseen.answer(bind_ack());
    BOOST_TEST(unseen.told() == "");
    unseen.ask(map_request(2));
    unseen.answer(map_answer(2, 1225));
    BOOST_TEST(unseen.told() == "");

    Talk gap;
    gap.bound().ask(map_request(2));
    std::string told;
    for (std::uint32_t i = 0; i < 20; ++i) {
        gap.answer_at(gap.answered() + 1 + i, base::Bytes(1, 0));
        told += gap.told();
    }
    BOOST_TEST(told == "none out-of-order");
    gap.answer(map_answer(2, 1225));
    BOOST_TEST(gap.told() == "");
    BOOST_TEST(gap.connect(1225) == closed);
}

BOOST_AUTO_TEST_CASE(a_repeated_syn_ack_begins_nothing_anew) {
    Talk t;
    t.bound().ask(map_request(2));
    t.put(to_client({.from_port = 135, .to_port = 1030, .flags = F::syn | F::ack, .seq = 7000, .ack = 1001}),
          fw::Side::server, at(0s));
    t.answer(map_answer(2, 1225));
    BOOST_TEST(t.told() == "opened 1 10.0.0.10:1225");
}

BOOST_AUTO_TEST_CASE(memory_is_bounded) {
    fw::RpcInspector inspector;
    const fw::InspectionSettings settings;
    const auto see = [&](const base::Bytes& packet) {
        const auto view = wire::parse(packet);
        return inspector.observe(*view, settings, at(0s));
    };
    // Half-said PDUs of thousands of connections: the oldest are forgotten, and nothing else happens.
    rpc::Request half;
    const base::Bytes long_stub(60'000, 1);
    half.stub = long_stub;
    const base::Bytes said = octets(half, 1);
    for (std::uint16_t port = 2000; port < 4000; ++port) {
        see(to_client({.from_port = 135, .to_port = port, .flags = F::syn | F::ack, .seq = 100, .ack = 200}));
        wire::TcpHeader header;
        header.source = wire::Port{port};
        header.target = wire::Port{135};
        header.flags.bits = F::ack;
        header.sequence = 200;
        for (std::size_t sent = 0; sent < 60'000; sent += 20'000) {
            header.sequence = static_cast<std::uint32_t>(200 + sent);
            see(wire::emit_tcp(ip(client, server, wire::Protocol::tcp), header,
                               base::ByteView(said).subspan(sent, 20'000)));
        }
    }
    BOOST_TEST(inspector.talks() <= 1024U);
    BOOST_TEST(inspector.held() <= (8U << 20U));
    BOOST_TEST(inspector.held() > (7U << 20U));

    fw::Pinholes holes;
    for (std::uint16_t port = 1; port <= 5000; ++port)
        holes.open({.client = client, .server = {server, wire::Port{port}}, .expires = at(10s) + 1s * port}, at(0s));
    BOOST_TEST(holes.all(at(0s)).size() == 4096U);
    BOOST_TEST(holes.all(at(0s)).front().number == 905U);
}

// A single wrong octet anywhere opens a hole to the announced port or to none, and whoever asks for another port waits.
BOOST_AUTO_TEST_CASE(garbage_is_survived) {
    const base::Bytes good = map_answer(2, 1225);
    for (std::size_t i = 0; i < good.size(); ++i) {
        Talk t;
        t.bound().ask(map_request(2));
        base::Bytes bad = good;
        bad[i] ^= 0xff;
        t.answer(bad);
        for (const fw::Inspected& one : t.last.inspected) BOOST_TEST(!fw::describe(one, at(0s)).empty());
        BOOST_TEST(t.box().pinholes(at(0s)).size() <= 1U);
    }
}

BOOST_AUTO_TEST_SUITE_END()
