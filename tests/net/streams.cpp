// Streams arrive whole whatever the wire does, or fail by the error that says so.
#include "pair.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>

namespace {

using namespace drill;

base::Bytes text_of_length(std::size_t length, std::uint64_t seed) {
    base::Random random(seed);
    base::Bytes octets(length);
    for (auto& octet : octets) octet = static_cast<base::Byte>(random.next());
    return octets;
}

// Sends everything in pieces of random size with pauses, then closes; the other side sends back as much and closes.
void send_in_pieces(Pair& p, net::Host& host, net::SocketId socket, const base::Bytes& octets, std::uint64_t seed) {
    base::Random random(seed);
    for (std::size_t at = 0; at < octets.size();) {
        const auto size = std::min<std::size_t>(octets.size() - at, random.between(1, 4000));
        host.send(socket, base::Bytes(octets.begin() + static_cast<std::ptrdiff_t>(at),
                                      octets.begin() + static_cast<std::ptrdiff_t>(at + size)));
        at += size;
        if (random.chance(1, 3)) p.scheduler.run_until(p.scheduler.now() + 1ms * random.below(30));
    }
    host.close(socket);
}

struct Loss {
    const char* name;
    net::Ratio ratio;
    int whole_min;  // of 200 seeds; the rest must have failed by the documented errors
};

bool ended_badly(const Scribe& s) {
    return std::any_of(s.heard.begin(), s.heard.end(), [](const std::string& line) {
        return line == "reset" || line == "reset by silence" || line == "failed 0";
    });
}

BOOST_AUTO_TEST_SUITE(streams)

BOOST_AUTO_TEST_CASE(any_loss_below_three_in_ten) {
    const Loss cases[] = {{"none", {0, 1}, 200},
                          {"1 %", {1, 100}, 200},
                          {"10 %", {1, 10}, 200},
                          {"20 %", {1, 5}, 190},
                          {"29 %", {29, 100}, 150}};
    for (const Loss& c : cases) BOOST_TEST_CONTEXT(c.name) {
            int whole = 0;
            for (std::uint64_t seed = 1; seed <= 200; ++seed) BOOST_TEST_CONTEXT("seed " << seed) {
                    Pair p(
                        {.client = net::StackProfile::nt4(), .link = {.latency = 10ms, .loss = c.ratio}, .seed = seed});
                    const base::Bytes there = text_of_length(12'000 + seed * 17, seed);
                    const base::Bytes back = text_of_length(9'000, seed + 1);
                    p.server.listen(p.callee, wire::Port{135});
                    const auto socket = p.call(135);
                    while (p.caller.heard.empty() && p.scheduler.step()) {}
                    send_in_pieces(p, p.client, socket, there, seed);
                    p.scheduler.run(100'000);
                    const bool accepted = !p.callee.heard.empty();
                    if (accepted) send_in_pieces(p, p.server, p.callee.last, back, seed + 2);
                    BOOST_REQUIRE((p.scheduler.run(100'000) == net::Scheduler::End::idle));
                    const base::Bytes got(p.callee.stream.begin(), p.callee.stream.end());
                    const base::Bytes got_back(p.caller.stream.begin(), p.caller.stream.end());
                    // Whatever happened, nothing arrived twice, out of order or changed.
                    BOOST_TEST((got.size() <= there.size() && std::equal(got.begin(), got.end(), there.begin())));
                    BOOST_TEST(
                        (got_back.size() <= back.size() && std::equal(got_back.begin(), got_back.end(), back.begin())));
                    const bool all = got == there && got_back == back;
                    BOOST_TEST((all || ended_badly(p.caller) || ended_badly(p.callee)));
                    BOOST_TEST((p.client.open_connections() == 0 || ended_badly(p.callee)));
                    whole += all ? 1 : 0;
                }
            BOOST_TEST_MESSAGE(c.name << ": whole in " << whole << " of 200");
            BOOST_TEST(whole >= c.whole_min);
        }
}

BOOST_AUTO_TEST_CASE(segments_fit_the_smaller_end_both_ways) {
    struct Case {
        std::uint32_t client_mtu, server_mtu;
        std::size_t largest;
    };
    for (const Case& c : {Case{1500, 1500, 1500}, Case{576, 1500, 576}, Case{1500, 576, 576}, Case{9000, 1400, 1400}}) {
        BOOST_TEST_CONTEXT(c.client_mtu << " " << c.server_mtu) {
            Pair p({.link = {.mtu = 9000}, .client_mtu = c.client_mtu, .server_mtu = c.server_mtu});
            p.server.listen(p.callee, wire::Port{135});
            const auto socket = p.call(135);
            p.client.send(socket, text_of_length(50'000, 1));
            p.scheduler.run();
            p.server.send(p.callee.last, text_of_length(50'000, 2));
            p.scheduler.run();
            std::size_t largest = 0;
            for (const auto& packet : p.octets) largest = std::max(largest, packet.size());
            BOOST_TEST(largest == c.largest);
            BOOST_TEST(p.callee.stream.size() == 50'000);
            BOOST_TEST(p.caller.stream.size() == 50'000);
        }
    }
}

BOOST_AUTO_TEST_CASE(one_lost_segment_of_many_does_not_wait_for_the_timer) {
    Drill d;
    d.establish();
    d.send(std::string(1460 * 5, 'x'));
    d.out();
    for (int duplicate = 1; duplicate <= 4; ++duplicate) {
        d.in(ACK, 1, 1461);  // the second is missing: 3, 4, 5 arrive; the first of these is no duplicate
        BOOST_TEST(d.out() == (duplicate == 4 ? Lines{"ACK 1461 (1460) ack 1"} : Lines{}));
    }
    BOOST_TEST((d.scheduler.now() == base::time_zero));
    d.in(ACK, 1, 7301);
    d.wait(10s);
    BOOST_TEST(d.out() == Lines{});
}

BOOST_AUTO_TEST_CASE(two_holes_are_filled_one_behind_the_other) {
    Drill d;
    d.establish();
    d.send(std::string(1460 * 5, 'x'));
    d.out();
    for (int n = 0; n < 3; ++n) d.in(ACK, 1, 1);
    BOOST_TEST(d.out() == (Lines{"ACK 1 (1460) ack 1"}));
    d.in(ACK, 1, 2921);  // a partial acknowledgement (RFC 6582)
    BOOST_TEST(d.out() == (Lines{"ACK 2921 (1460) ack 1"}));
    d.in(ACK, 1, 7301);
    BOOST_TEST(d.out() == Lines{});
}

BOOST_AUTO_TEST_CASE(the_window_of_the_peer_is_respected) {
    Drill d;
    d.host.listen(d.program, d.local_port);
    d.in(SYN, 0, 0, {}, 1000);
    d.in(ACK, 1, 1, {}, 1000);
    d.out();
    d.send(std::string(2500, 'x'));
    BOOST_TEST(d.out() == (Lines{"ACK 1 (1000) ack 1"}));
    d.in(ACK, 1, 1001, {}, 600);
    BOOST_TEST(d.out() == (Lines{"ACK 1001 (600) ack 1"}));
    d.in(ACK, 1, 1601, {}, 5000);
    BOOST_TEST(d.out() == (Lines{"PSH-ACK 1601 (900) ack 1"}));
}

BOOST_AUTO_TEST_CASE(a_shut_window_is_probed_until_it_opens) {
    Drill d;
    d.host.listen(d.program, d.local_port);
    d.in(SYN, 0, 0, {}, 0);
    d.in(ACK, 1, 1, {}, 0);
    d.out();
    d.send("abc");
    d.host.close(d.program.last);
    BOOST_TEST(d.out() == Lines{});
    for (int probe = 0; probe < 20; ++probe) {  // many more than data_retransmissions: the peer answers
        while (d.scheduler.pending() > 0 && d.scheduler.step()) {
            const Lines lines = d.out();
            if (lines.empty()) continue;
            BOOST_TEST(lines == (Lines{"ACK 1 (1) ack 1"}));
            break;
        }
        d.in(ACK, 1, 1, {}, 0);
        d.out();
    }
    BOOST_TEST(d.program.take() == (Lines{"accepted 192.0.2.50:1030"}));
    d.in(ACK, 1, 2, {}, 100);
    BOOST_TEST(d.out() == (Lines{"PSH-ACK 2 (2) ack 1", "FIN-ACK 4 ack 1"}));
}

BOOST_AUTO_TEST_CASE(absurd_segment_sizes_are_not_obeyed) {
    Drill d;
    d.host.listen(d.program, d.local_port);
    wire::TcpHeader syn;
    syn.source = d.peer_port;
    syn.target = d.local_port;
    syn.sequence = d.peer_first;
    syn.flags.bits = SYN;
    syn.mss = 0;
    wire::IpHeader ip;
    ip.source = peer_address;
    ip.target = host_address;
    d.deliver(wire::emit_tcp(ip, syn));
    d.in(ACK, 1, 1);
    d.out();
    d.send(std::string(96, 'x'));
    BOOST_TEST(d.out() == (Lines{"ACK 1 (48) ack 1", "PSH-ACK 49 (48) ack 1"}));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
