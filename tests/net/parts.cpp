// The small parts: links, ports, stores of a stream, round-trip timing, sequence numbers.
#include "sim/net/link.hpp"
#include "sim/net/port_table.hpp"
#include "sim/net/retransmission.hpp"
#include "sim/net/stream.hpp"

#include <boost/test/unit_test.hpp>

#include <map>
#include <set>

namespace {

using namespace sim;
using namespace std::chrono_literals;
using net::SeqNum;

struct End : net::Node, net::LinkWatcher {
    std::vector<std::pair<base::SimTime, std::size_t>> got;
    int lost_by_chance = 0, too_big = 0;
    void receive(net::Packet packet, base::SimTime now) override { got.emplace_back(now, packet.octets.size()); }
    void lost(const net::Packet&, Loss why, base::SimTime) override {
        ++(why == Loss::chance ? lost_by_chance : too_big);
    }
};

BOOST_AUTO_TEST_SUITE(parts)

BOOST_AUTO_TEST_CASE(a_link_delays_keeps_order_and_drops_what_is_too_big) {
    net::Scheduler s;
    End end;
    net::Link link(s, {.latency = 10ms, .mtu = 100}, base::Random(1), end, &end);
    for (const std::size_t size : {std::size_t{100}, std::size_t{101}, std::size_t{5}, std::size_t{7}})
        link.receive({base::Bytes(size)}, s.now());
    BOOST_TEST(end.got.empty());
    s.run();
    const auto then = base::SimTime{10ms};
    BOOST_TEST((end.got == std::vector<std::pair<base::SimTime, std::size_t>>{{then, 100}, {then, 5}, {then, 7}}));
    BOOST_TEST(end.too_big == 1);
}

BOOST_AUTO_TEST_CASE(only_a_link_that_is_told_so_hands_on_at_once) {
    net::Scheduler s;
    End end;
    net::Link slow(s, {}, base::Random(1), end);
    slow.receive({base::Bytes(5)}, s.now());
    BOOST_TEST(end.got.empty());
    net::Link quick(s, {}, base::Random(1), end, nullptr, net::Crossing::at_once);
    quick.receive({base::Bytes(5)}, s.now());
    BOOST_TEST(end.got.size() == 1);
    quick.change({.latency = 1ms});
    quick.receive({base::Bytes(5)}, s.now());
    BOOST_TEST(end.got.size() == 1);
    s.run();
    BOOST_TEST(end.got.size() == 3);
}

BOOST_AUTO_TEST_CASE(a_link_loses_its_share) {
    struct Case {
        net::Ratio loss;
        int low, high;
    };
    for (const Case& c :
         {Case{{0, 1}, 0, 0}, Case{{1, 1}, 10'000, 10'000}, Case{{1, 10}, 850, 1150}, Case{{29, 100}, 2700, 3100}}) {
        net::Scheduler s;
        End end;
        net::Link link(s, {.loss = c.loss}, base::Random(3), end, &end);
        for (int i = 0; i < 10'000; ++i) link.receive({base::Bytes(1)}, s.now());
        s.run();
        BOOST_TEST(end.lost_by_chance >= c.low);
        BOOST_TEST(end.lost_by_chance <= c.high);
        BOOST_TEST(end.got.size() + static_cast<std::size_t>(end.lost_by_chance) == 10'000);
    }
}

BOOST_AUTO_TEST_CASE(one_counter_serves_both_protocols_and_skips_what_is_taken) {
    using wire::Port;
    using wire::Protocol;
    base::Random random(1);
    net::PortTable ports({.ephemeral = {Port{1025}, Port{1030}}}, 1);
    ports.take(Protocol::tcp, Port{1027});
    BOOST_TEST(ports.take_any(Protocol::tcp, random)->value == 1026);
    BOOST_TEST(ports.take_any(Protocol::udp, random)->value == 1027);  // taken in TCP only
    BOOST_TEST(ports.take_any(Protocol::tcp, random)->value == 1028);
    BOOST_TEST(ports.take_any(Protocol::tcp, random)->value == 1029);
    BOOST_TEST(ports.take_any(Protocol::tcp, random)->value == 1030);
    BOOST_TEST(ports.take_any(Protocol::tcp, random)->value == 1025);  // around the top
    BOOST_TEST(!ports.take_any(Protocol::tcp, random));
    ports.free(Protocol::tcp, Port{1027});
    ports.free(Protocol::tcp, Port{1027});
    BOOST_TEST(ports.take_any(Protocol::tcp, random)->value == 1027);
}

BOOST_AUTO_TEST_CASE(random_ports_stay_in_range_and_use_it_up) {
    const net::StackProfile profile{.ephemeral = {wire::Port{49152}, wire::Port{49351}},
                                    .port_order = net::PortOrder::random};
    base::Random random(1);
    net::PortTable ports(profile);
    std::vector<std::uint16_t> drawn;
    while (const auto port = ports.take_any(wire::Protocol::tcp, random)) drawn.push_back(port->value);
    BOOST_TEST(std::set<std::uint16_t>(drawn.begin(), drawn.end()).size() == 200);
    BOOST_TEST(!std::is_sorted(drawn.begin(), drawn.end()));
    BOOST_TEST(*std::min_element(drawn.begin(), drawn.end()) == 49152);
    BOOST_TEST(*std::max_element(drawn.begin(), drawn.end()) == 49351);
}

BOOST_AUTO_TEST_CASE(sequence_numbers_wrap) {
    const SeqNum top{0xfffffff0};
    BOOST_TEST(net::before(top, top + 0x20));
    BOOST_TEST(!net::before(top + 0x20, top));
    BOOST_TEST(net::at_most(top, top));
    BOOST_TEST(net::distance(top, top + 0x20) == 0x20);
    BOOST_TEST(net::within(top + 5, top, 6));
    BOOST_TEST(!net::within(top + 6, top, 6));
    BOOST_TEST(!net::within(SeqNum{0xffffffef}, top, 6));
}

// Whatever pieces of a stream come in whatever order, they are put together as a plain map of octets would be.
BOOST_AUTO_TEST_CASE(the_receive_store_agrees_with_a_map_of_octets) {
    for (std::uint64_t seed = 0; seed < 300; ++seed) BOOST_TEST_CONTEXT("seed " << seed) {
            base::Random random(seed);
            net::ReceiveStore store;
            std::map<std::uint32_t, base::Byte> model;
            const SeqNum start{static_cast<std::uint32_t>(0xffffffc0 + random.below(64))};  // most runs cross the wrap
            std::uint32_t expected = 0;
            for (int round = 0; round < 60; ++round) {
                const auto at = expected + 1 + static_cast<std::uint32_t>(random.below(60));
                base::Bytes piece(random.between(1, 30));
                for (std::size_t i = 0; i < piece.size(); ++i) {
                    piece[i] = static_cast<base::Byte>((at + i) * 7);
                    model[at + static_cast<std::uint32_t>(i)] = piece[i];
                }
                store.keep(start + at, piece);
                if (!random.chance(1, 4)) continue;
                expected += 1 + static_cast<std::uint32_t>(random.below(20));  // the octets up to there came in order
                base::Bytes follows;
                model.erase(model.begin(), model.lower_bound(expected));
                const SeqNum taken_at = start + expected;
                while (!model.empty() && model.begin()->first == expected) {
                    follows.push_back(model.begin()->second);
                    model.erase(model.begin());
                    ++expected;
                }
                BOOST_TEST((store.take(taken_at) == follows));
            }
            while (!model.empty()) {  // and at the end, every gap filled from outside
                expected = model.begin()->first;
                base::Bytes follows;
                const SeqNum taken_at = start + expected;
                while (!model.empty() && model.begin()->first == expected) {
                    follows.push_back(model.begin()->second);
                    model.erase(model.begin());
                    ++expected;
                }
                BOOST_TEST((store.take(taken_at) == follows));
            }
            BOOST_TEST(store.octets_held() == 0);
        }
}

BOOST_AUTO_TEST_CASE(the_receive_store_is_bounded) {
    net::ReceiveStore store;
    const base::Bytes octet{1};
    for (std::uint32_t at = 1; at < 65'000; at += 2) store.keep(SeqNum{at}, octet);
    BOOST_TEST(store.octets_held() <= 256);
    store.clear();
    BOOST_TEST(store.empty());
}

BOOST_AUTO_TEST_CASE(the_send_queue_is_a_queue) {
    net::SendQueue queue;
    base::Bytes model;
    base::Random random(5);
    base::Byte next = 0;
    for (int round = 0; round < 2000; ++round) {
        if (random.chance(1, 2)) {
            base::Bytes more(random.below(5000));
            for (auto& octet : more) octet = next++;
            model.insert(model.end(), more.begin(), more.end());
            queue.append(std::move(more));
        } else {
            const auto count = static_cast<std::uint32_t>(random.below(model.size() + 1));
            queue.drop_front(count);
            model.erase(model.begin(), model.begin() + count);
        }
        BOOST_REQUIRE(queue.size() == model.size());
        const auto view = queue.view(0, queue.size());
        BOOST_REQUIRE(std::equal(view.begin(), view.end(), model.begin(), model.end()));
    }
}

BOOST_AUTO_TEST_CASE(the_wait_follows_the_round_trip) {
    net::Retransmission r;
    const auto at = [](base::SimDuration d) { return base::SimTime{d}; };
    BOOST_TEST((r.wait() == 3s));
    r.sent_first_time(SeqNum{10}, at(0s));
    r.acknowledged(SeqNum{10}, at(1s));
    BOOST_TEST((r.wait() == 3s));  // 1 s + 4 x 0.5 s
    for (int n = 0; n < 200; ++n) {
        r.sent_first_time(SeqNum{20}, at(10s));
        r.acknowledged(SeqNum{20}, at(10s + 20ms));
    }
    BOOST_TEST((r.wait() == net::Retransmission::shortest_wait));
    r.timed_out();
    r.timed_out();
    BOOST_TEST((r.wait() == 4 * net::Retransmission::shortest_wait));
    BOOST_TEST(r.unanswered() == 2);
    for (int n = 0; n < 100; ++n) r.timed_out();
    BOOST_TEST((r.wait() == net::Retransmission::longest_wait));
    // Karn: what was sent twice measures nothing.
    r.acknowledged(SeqNum{30}, at(1000s));
    BOOST_TEST((r.wait() == net::Retransmission::shortest_wait));
    r.sent_first_time(SeqNum{40}, at(0s));
    r.forget_measurement();
    r.acknowledged(SeqNum{40}, at(100s));
    BOOST_TEST((r.wait() == net::Retransmission::shortest_wait));
}

// A steady long way must not be taken for a loss: the wait stays above the round trip.
BOOST_AUTO_TEST_CASE(a_steady_round_trip_never_times_out) {
    for (const auto trip : {1ms, 350ms, 1000ms, 5000ms}) {
        net::Retransmission r;
        for (int n = 0; n < 500; ++n) {
            r.sent_first_time(SeqNum{1}, base::time_zero);
            r.acknowledged(SeqNum{1}, base::SimTime{trip});
            BOOST_REQUIRE((r.wait() > trip));
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
