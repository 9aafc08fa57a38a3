// RPC inspection: an endpoint mapper's answer opens its port, however the answer is cut.
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

BOOST_AUTO_TEST_SUITE_END()
