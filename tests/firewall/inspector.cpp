// RPC inspection: an endpoint mapper's answer opens its port, however the answer is cut; what opens nothing says why.
#include "sim/firewall/inspector.hpp"

#include "tests/firewall/mapper_octets.hpp"

using namespace mapper_octets;

namespace {

constexpr const char* passes = "accept rpc-pinhole";
constexpr const char* closed = "drop no-rule-matched";
const auto other_host = wire::IpAddress::v4(10, 0, 0, 99);
const auto other_client = wire::IpAddress::v4(192, 0, 2, 51);
// What a talk opens that says these octets; an answer at the end.
std::string opened_by(Talk& talk, const base::Bytes& asked, base::ByteView answered) {
    talk.bound().ask(asked);
    talk.answer(answered);
    return talk.told();
}
}  // namespace

BOOST_AUTO_TEST_SUITE(inspector)

BOOST_AUTO_TEST_CASE(an_answer_opens_its_port_for_many_connections) {
    Talk t;
    t.bound();
    BOOST_TEST(t.connect(1225) == closed);
    t.ask(map_request(2));
    t.answer(map_answer(2, 1225));
    BOOST_TEST(t.told() == "opened 1 10.0.0.10:1225");
    BOOST_TEST(fw::describe(t.last.inspected.at(0), at(0s)) ==
               "pinhole 1 opened for 10.0.0.10:1225 (NSPI), expires in 2 min");
    BOOST_TEST(t.connect(1225) == passes);
    BOOST_TEST((t.last.verdict.pinhole == 1U));
    BOOST_TEST(t.connect(1225) == passes);
    BOOST_TEST(t.connect(1226) == closed);
    BOOST_TEST(t.connect(1225, at(1s), other_client) == closed);
    BOOST_TEST(t.connect(1225, at(1s), client, other_host) == closed);
    BOOST_TEST(t.box().pinholes(at(1s)).size() == 1U);
    BOOST_TEST(t.connect(1225, at(120s - 1ns)) == passes);
    BOOST_TEST(t.connect(1225, at(120s)) == closed);
    BOOST_TEST((t.last.missed == fw::MissedPinhole{1, fw::MissedPinhole::Why::expired, at(120s)}));
    BOOST_TEST(fw::describe(*t.last.missed, at(178s)) == "pinhole 1 for this port expired 58 s ago");
    BOOST_TEST(t.box().pinholes(at(120s)).empty());
}

BOOST_AUTO_TEST_CASE(a_new_answer_renews_and_a_late_one_opens_anew) {
    Talk t;
    t.bound().ask(map_request(2));
    t.answer(map_answer(2, 1225));
    t.ask(map_request(3), at(60s));
    t.answer(map_answer(3, 1225), at(60s));
    BOOST_TEST(t.told() == "renewed 1 10.0.0.10:1225");
    BOOST_TEST(t.connect(1225, at(179s)) == passes);
    t.ask(map_request(4), at(200s));
    t.answer(map_answer(4, 1225), at(200s));
    BOOST_TEST(t.told() == "opened 2 10.0.0.10:1225");
}

BOOST_AUTO_TEST_CASE(one_connection_uses_a_hole_up) {
    Talk t("allow tcp 135", {.single_use = true});
    t.bound().ask(map_request(2));
    t.answer(map_answer(2, 1225));
    BOOST_TEST(t.connect_from(3000, 1225, at(1s)) == passes);
    BOOST_TEST(t.box().pinholes(at(1s)).empty());
    // The same SYN once more is the same connection; another is not.
    BOOST_TEST(t.connect_from(3000, 1225, at(4s)) == passes);
    BOOST_TEST(t.connect_from(3001, 1225, at(4s)) == closed);
    BOOST_TEST((t.last.missed == fw::MissedPinhole{1, fw::MissedPinhole::Why::used_up, at(1s)}));
    // Answered by a reset the connection is no more, and the next SYN is another one [K].
    t.put(to_client({.from_port = 1225, .to_port = 3000, .flags = F::rst | F::ack, .ack = 1001}), fw::Side::server,
          at(5s));
    BOOST_TEST(t.connect_from(3000, 1225, at(6s)) == closed);
    t.ask(map_request(3), at(7s));
    t.answer(map_answer(3, 1225), at(7s));
    BOOST_TEST(t.told() == "opened 2 10.0.0.10:1225");
    BOOST_TEST(t.connect_from(3000, 1225, at(8s)) == passes);
}

BOOST_AUTO_TEST_CASE(a_connection_that_came_in_in_time_goes_on) {
    for (const char* rules : {"allow tcp 135", "stateful no\nallow tcp 135 both\nallow tcp from any port 135 both"})
        BOOST_TEST_CONTEXT(rules) {
            Talk t(rules);
            t.bound().ask(map_request(2));
            t.answer(map_answer(2, 1225));
            BOOST_TEST(t.connect_from(3000, 1225, at(119s)) == passes);
            BOOST_TEST(t.connect_from(3000, 1225, at(122s)) == passes);
            const bool tracked = std::string_view(rules) == "allow tcp 135";
            const std::string expected = tracked ? "accept established" : passes;
            BOOST_TEST(
                words(
                    t.put(to_client(
                              {.from_port = 1225, .to_port = 3000, .flags = F::syn | F::ack, .seq = 5000, .ack = 1001}),
                          fw::Side::server, at(123s))
                        .verdict,
                    t.box().rules()) == expected);
            BOOST_TEST(
                words(t.put(to_server({.from_port = 3000, .to_port = 1225, .flags = F::ack, .seq = 1001, .ack = 5001}),
                            fw::Side::client, at(3600s))
                          .verdict,
                      t.box().rules()) == (tracked ? "drop invalid-state" : expected));
        }
}

// Two octets at a time, in every place, also repeated and in the wrong order.
BOOST_AUTO_TEST_CASE(whatever_the_split) {
    const base::Bytes answer = map_answer(2, 1225);
    for (std::size_t cut = 1; cut < answer.size(); ++cut) BOOST_TEST_CONTEXT(cut) {
            const base::ByteView view(answer);
            Talk t;
            t.bound().ask(map_request(2));
            const std::uint32_t start = t.answered();
            t.answer_at(start, view.first(cut));
            BOOST_TEST(t.told() == "");
            BOOST_TEST(t.connect(1225) == closed);
            t.answer_at(start, view.first(cut));  // once more
            t.answer_at(start + static_cast<std::uint32_t>(cut), view.subspan(cut));
            BOOST_TEST(t.told() == "opened 1 10.0.0.10:1225");
            Talk swapped;
            swapped.bound().ask(map_request(2));
            swapped.answer_at(start + static_cast<std::uint32_t>(cut), view.subspan(cut));
            BOOST_TEST(swapped.told() == "");
            swapped.answer_at(start, view.first(cut));
            BOOST_TEST(swapped.told() == "opened 1 10.0.0.10:1225");
            Talk asked_in_two;
            asked_in_two.bound();
            const base::Bytes request = map_request(2);
            const std::size_t there = cut % request.size();
            asked_in_two.ask(base::Bytes(request.begin(), request.begin() + static_cast<std::ptrdiff_t>(there)));
            asked_in_two.ask(base::Bytes(request.begin() + static_cast<std::ptrdiff_t>(there), request.end()));
            asked_in_two.answer(answer);
            BOOST_TEST(asked_in_two.told() == "opened 1 10.0.0.10:1225");
        }
}

BOOST_AUTO_TEST_CASE(in_any_shape) {
    struct Case {
        const char* name;
        base::Bytes asked, answered;
        const char* told;
    };
    const base::Bytes two = map_stub({tower(1225), tower(1226, rpc::emsmdb_interface)});
    rpc::Tower pipe = tower(0);
    pipe.transport = rpc::tower_protocol::named_pipe;
    rpc::Tower datagrams = tower(1300);
    datagrams.rpc_protocol = rpc::tower_protocol::connectionless;
    const Case cases[] = {
        {"several calls in a segment", joined({map_request(2), map_request(3)}),
         joined({map_answer(2, 1225), map_answer(3, 1300)}), "opened 1 10.0.0.10:1225; opened 2 10.0.0.10:1300"},
        {"answered in the other order", joined({map_request(2), map_request(3)}),
         joined({map_answer(3, 1300), map_answer(2, 1225)}), "opened 1 10.0.0.10:1300; opened 2 10.0.0.10:1225"},
        {"several towers", map_request(2), response(two, 2), "opened 1 10.0.0.10:1225; opened 2 10.0.0.10:1226"},
        {"the same tower twice", map_request(2), response(map_stub({tower(1225), tower(1225)}), 2),
         "opened 1 10.0.0.10:1225"},
        {"fragments", map_request(2), in_fragments(two, 2, 16), "opened 1 10.0.0.10:1225; opened 2 10.0.0.10:1226"},
        {"tiny fragments", map_request(2), in_fragments(two, 2, 1), "opened 1 10.0.0.10:1225; opened 2 10.0.0.10:1226"},
        {"fragments of two calls in turns", joined({map_request(2), map_request(3)}),
         joined({response(base::ByteView(two).first(40), 2, Order::little, rpc::PduFlags::first), map_answer(3, 1300),
                 response(base::ByteView(two).subspan(40), 2, Order::little, rpc::PduFlags::last)}),
         "opened 1 10.0.0.10:1300; opened 2 10.0.0.10:1225; opened 3 10.0.0.10:1226"},
        {"big endian", map_request(2, 0, Order::big), response(map_stub({tower(1225)}, 0, Order::big), 2, Order::big),
         "opened 1 10.0.0.10:1225"},
        {"asked in one order, answered in the other", map_request(2, 0, Order::big), map_answer(2, 1225),
         "opened 1 10.0.0.10:1225"},
        {"another address", map_request(2), response(map_stub({tower(1225, rpc::nspi_interface, other_host)}), 2),
         "opened 1 10.0.0.99:1225 elsewhere"},
        {"no address", map_request(2), response(map_stub({tower(1225, rpc::nspi_interface, {})}), 2),
         "opened 1 10.0.0.10:1225"},
        {"beside other protocols", map_request(2), response(map_stub({pipe, datagrams, tower(1225)}), 2),
         "opened 1 10.0.0.10:1225"},
        {"only other protocols", map_request(2), response(map_stub({pipe, datagrams}), 2), "none no-endpoint"},
        {"port 0", map_request(2), map_answer(2, 0), "none no-endpoint"},
        {"not registered", map_request(2), response(map_stub({}, 0x16c9a0d6), 2), "none no-endpoint"},
        {"a status, and a tower all the same", map_request(2), map_answer(2, 1225, 0x16c9a0d6), "none no-endpoint"},
        {"not asked", {}, map_answer(2, 1225), ""},
        {"another call's number", map_request(2), map_answer(3, 1225), ""},
        {"a fault, then an answer", map_request(2), joined({octets(rpc::Fault{}, 2), map_answer(2, 1225)}), ""},
        {"answered twice", map_request(2), joined({map_answer(2, 1225), map_answer(2, 1300)}),
         "opened 1 10.0.0.10:1225"},
        {"a stub that ends early", map_request(2), response(base::ByteView(two).first(50), 2), "none unreadable"},
        {"the last fragment in another order", map_request(2),
         joined({response(base::ByteView(two).first(40), 2, Order::little, rpc::PduFlags::first),
                 response(base::ByteView(two).subspan(40), 2, Order::big, rpc::PduFlags::last)}),
         "none unreadable"},
        {"no first fragment", map_request(2), response(two, 2, Order::little, rpc::PduFlags::last), "none unreadable"},
        {"longer than is kept", map_request(2), joined({in_fragments(base::Bytes(70'000, 0), 2, 5'000)}),
         "none too-long"},
        {"no DCE/RPC at all", map_request(2), base::Bytes(64, 0), "none unreadable"},
    };
    for (const Case& c : cases) BOOST_TEST_CONTEXT(c.name) {
            Talk t;
            if (c.answered.size() < 60'000) {
                BOOST_TEST(opened_by(t, c.asked, c.answered) == c.told);
                continue;
            }
            t.bound().ask(c.asked);
            std::string told;
            for (std::size_t at = 0; at < c.answered.size(); at += 1460) {
                t.answer(base::ByteView(c.answered).subspan(at, std::min<std::size_t>(1460, c.answered.size() - at)));
                if (told.empty()) told = t.told();
                t.put(to_server({.flags = F::ack, .seq = 1001 + 72 + 156, .ack = 7001 + t.answered(), .window = 65535}),
                      fw::Side::client, packets::at(0s));
            }
            BOOST_TEST(told == c.told);
        }
}

BOOST_AUTO_TEST_CASE(the_announced_address_counts_and_not_the_one_that_was_asked) {
    Talk t;
    opened_by(t, map_request(2), response(map_stub({tower(1225, rpc::nspi_interface, other_host)}), 2));
    BOOST_TEST(t.last.inspected.at(0).host_differs);
    BOOST_TEST(t.connect(1225) == closed);  // what Outlook does: it keeps to the address that it asked
    BOOST_TEST(t.connect(1225, at(1s), client, other_host) == passes);
}

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
