// Whole conversations over a wire, frame by frame.
#include "pair.hpp"

#include <boost/test/unit_test.hpp>

namespace {

using namespace drill;

// Asks as the endpoint-mapper client of Q159298 does: bind, request, and a close with the response in hand.
class Lookup : public Scribe {
public:
    int answers = 0;
    void connected(net::SocketId s, net::Cookie c, const wire::Endpoint& l, const wire::Endpoint& p) override {
        Scribe::connected(s, c, l, p);
        host->send(s, base::Bytes(72, 'b'));
    }
    void received(net::SocketId s, net::Cookie, base::ByteView) override {
        if (++answers == 1)
            host->send(s, base::Bytes(156, 'r'));
        else
            host->close(s);
    }
};

class Mapper : public Scribe {
public:
    int questions = 0;
    void received(net::SocketId s, net::Cookie, base::ByteView) override {
        host->send(s, base::Bytes(++questions == 1 ? 60 : 152, 'a'));
    }
};

BOOST_AUTO_TEST_SUITE(exchange)

BOOST_AUTO_TEST_CASE(an_endpoint_mapper_lookup_is_the_eleven_frames_of_q159298) {
    Pair p;
    Lookup lookup;
    lookup.host = &p.client;
    Mapper mapper;
    mapper.host = &p.server;
    mapper.closes_back = true;
    p.server.listen(mapper, wire::Port{135});
    BOOST_REQUIRE(p.client.connect(lookup, 0, {host_address, wire::Port{135}}));
    BOOST_TEST((p.scheduler.run() == net::Scheduler::End::idle));
    BOOST_TEST(p.frames == (Lines{
                               "0.000 s > SYN",
                               "0.010 s < SYN-ACK",
                               "0.020 s > ACK",
                               "0.020 s > PSH-ACK 72",
                               "0.030 s < PSH-ACK 60",
                               "0.040 s > PSH-ACK 156",
                               "0.050 s < PSH-ACK 152",
                               "0.060 s > FIN-ACK",
                               "0.070 s < ACK",
                               "0.070 s < FIN-ACK",
                               "0.080 s > ACK",
                           }));
    BOOST_TEST((p.scheduler.now() == base::SimTime{90ms}));
    // The sequence numbers of the article add up to 228 octets asked and 212 answered.
    const auto fin = *wire::parse(p.octets[7]);
    const auto syn = *wire::parse(p.octets[0]);
    BOOST_TEST(fin.tcp()->sequence - syn.tcp()->sequence == 1U + 228U);
    const auto last = *wire::parse(p.octets[10]);
    const auto syn_ack = *wire::parse(p.octets[1]);
    BOOST_TEST(last.tcp()->acknowledgement - syn_ack.tcp()->sequence == 2U + 212U);
}

BOOST_AUTO_TEST_CASE(an_idle_connection_costs_nothing) {
    Pair p;
    p.server.listen(p.callee, wire::Port{135});
    const auto socket = p.call(135);
    p.scheduler.run();
    BOOST_TEST(p.scheduler.pending() == 0);
    const auto before = p.scheduler.fired();
    p.scheduler.run_until(p.scheduler.now() + std::chrono::hours{24 * 5});
    BOOST_TEST(p.scheduler.fired() == before);
    p.client.send(socket, {'h', 'i'});
    p.scheduler.run();
    BOOST_TEST(p.callee.stream == "hi");
}

BOOST_AUTO_TEST_CASE(a_closed_port_is_refused_after_every_retry) {
    Pair p;
    p.call(5000);
    p.scheduler.run();
    BOOST_TEST(p.frames == (Lines{"0.000 s > SYN", "0.010 s < RST-ACK", "0.520 s > SYN", "0.530 s < RST-ACK",
                                  "1.040 s > SYN", "1.050 s < RST-ACK"}));
    BOOST_TEST(p.caller.take() == (Lines{"failed 1"}));
}

BOOST_AUTO_TEST_CASE(a_service_that_starts_between_retries_is_reached) {
    Pair p;
    p.call(5000);
    p.scheduler.run_until(base::SimTime{300ms});
    p.server.listen(p.callee, wire::Port{5000});
    p.scheduler.run();
    BOOST_TEST(p.caller.take() == (Lines{"connected"}));
}

BOOST_AUTO_TEST_CASE(a_server_process_that_dies_resets_its_client) {
    Pair p;
    p.server.listen(p.callee, wire::Port{135});
    const auto socket = p.call(135);
    p.scheduler.run();
    p.take_frames();
    p.server.end(p.callee);
    p.scheduler.run();
    BOOST_TEST(p.frames == (Lines{"0.030 s < RST-ACK"}));
    BOOST_TEST(p.caller.take() == (Lines{"connected", "reset"}));
    p.client.send(socket, {'x'});
    p.scheduler.run();
    BOOST_TEST(p.frames.size() == 1);
}

// A firewall that forgot the connection, or a host that was unplugged: half a connection is answered by a reset.
BOOST_AUTO_TEST_CASE(a_half_open_connection_is_reset_when_it_is_used) {
    Pair p;
    p.server.listen(p.callee, wire::Port{135});
    const auto socket = p.call(135);
    p.scheduler.run();
    p.server.reset(p.server.settings(), base::Random(2));  // nothing else is pending, so the scheduler may go on
    p.client.send(socket, {'x'});
    p.scheduler.run();
    BOOST_TEST(p.caller.take() == (Lines{"connected", "reset"}));
}

BOOST_AUTO_TEST_CASE(identifications_count_up_and_hop_limits_are_those_of_windows) {
    Pair p;
    p.server.listen(p.callee, wire::Port{135});
    p.call(135);
    p.scheduler.run();
    const auto first = *wire::parse(p.octets[0]);
    const auto third = *wire::parse(p.octets[2]);
    BOOST_TEST(third.ip.id == (first.ip.id + 1) % 65536);
    BOOST_TEST(first.ip.hop_limit == 128);
    BOOST_TEST(first.ip.dont_fragment);
    BOOST_TEST(first.tcp()->mss.value_or(0) == 1460);
    BOOST_TEST(!third.tcp()->mss);
}

BOOST_AUTO_TEST_CASE(same_seed_same_octets) {
    const auto run = [](std::uint64_t seed) {
        Pair p({.link = {.latency = 3ms, .loss = {1, 5}}, .seed = seed});
        p.server.listen(p.callee, wire::Port{135});
        p.callee.answer = "pong";
        const auto socket = p.call(135);
        p.client.send(socket, base::Bytes(20'000, 'x'));
        p.client.close(socket);
        p.scheduler.run();
        return p.octets;
    };
    BOOST_TEST((run(7) == run(7)));
    BOOST_TEST((run(7) != run(8)));
}

BOOST_AUTO_TEST_CASE(a_host_used_again_does_as_a_new_one) {
    const auto talk = [](Pair& p) {
        p.server.listen(p.callee, wire::Port{135});
        const auto socket = p.call(135);
        p.client.send(socket, base::Bytes(5'000, 'x'));
        p.scheduler.run_until(p.scheduler.now() + 25ms);  // in the middle of it
        return std::exchange(p.octets, {});
    };
    Pair p;
    const auto first = talk(p);
    net::HostSettings client = p.client.settings();
    net::HostSettings server = p.server.settings();
    p.scheduler.reset();
    p.client.reset(client, base::Random(1).fork("client"));
    p.server.reset(server, base::Random(1).fork("server"));
    BOOST_TEST((talk(p) == first));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
