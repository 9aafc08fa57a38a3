// Connecting: the schedules of the Windows generations, refusals, ICMP errors on the way.
#include "drill.hpp"

#include <boost/test/unit_test.hpp>

namespace {

using namespace drill;

const wire::Endpoint target{peer_address, wire::Port{1030}};

BOOST_AUTO_TEST_SUITE(connect)

struct Schedule {
    const char* name;
    net::StackProfile profile;
    std::vector<std::int64_t> syn_seconds;
    std::int64_t gives_up;
};

BOOST_AUTO_TEST_CASE(nobody_answers) {
    net::StackProfile once = net::StackProfile::nt4();
    once.connect.retransmissions = 1;
    net::StackProfile never = once;
    never.connect.retransmissions = 0;
    net::StackProfile capped = net::StackProfile::windows2008();
    capped.connect.retransmissions = 7;
    const Schedule cases[] = {
        {"NT 4.0", net::StackProfile::nt4(), {0, 3, 9, 21}, 45},
        {"2000", net::StackProfile::windows2000(), {0, 3, 9}, 21},
        {"2003", net::StackProfile::windows2003(), {0, 3, 9}, 21},
        {"2008", net::StackProfile::windows2008(), {0, 3, 9}, 21},
        {"one retransmission (Q200770)", once, {0, 3}, 9},
        {"no retransmission", never, {0}, 3},
        {"a wait never exceeds 120 s", capped, {0, 3, 9, 21, 45, 93, 189, 309}, 429},
    };
    for (const Schedule& c : cases) BOOST_TEST_CONTEXT(c.name) {
            Drill d(c.profile);
            BOOST_REQUIRE(d.host.connect(d.program, 0, target));
            std::vector<std::int64_t> seen;
            for (std::int64_t second = 0; second < 500; ++second) {
                d.scheduler.run_until(base::SimTime{std::chrono::seconds{second}});
                for (const std::string& line : d.out()) {
                    BOOST_TEST(line == "SYN 0");
                    seen.push_back(second);
                }
            }
            BOOST_TEST(seen == c.syn_seconds);
            BOOST_TEST(d.program.take() == (Lines{"failed 0"}));
            BOOST_TEST((d.program.failed_at == base::SimTime{std::chrono::seconds{c.gives_up}}));
            BOOST_TEST((net::gives_up_after(c.profile.connect) == std::chrono::seconds{c.gives_up}));
            BOOST_TEST(!d.program.failure.unreachable);
            BOOST_TEST(d.host.open_connections() == 0);
        }
}

BOOST_AUTO_TEST_CASE(a_schedule_without_bound_does_not_overflow) {
    const net::ConnectSchedule longest{.retransmissions = 100};
    BOOST_TEST((net::wait_after(longest, 100) == longest.longest_wait));
    BOOST_TEST((net::gives_up_after(longest) > std::chrono::hours{24}));
}

// What a firewall that rejects with a reset, and a port that nobody listens on, look like.
BOOST_AUTO_TEST_CASE(refused_again_and_again) {
    Drill d(net::StackProfile::nt4());
    BOOST_REQUIRE(d.host.connect(d.program, 0, target));
    for (int syn = 0; syn < 4; ++syn) {
        BOOST_TEST(d.out() == (Lines{"SYN 0"}));
        BOOST_TEST(d.program.take() == Lines{});
        d.in(RST | ACK, 0, 1);
        if (syn == 3) break;
        d.wait(499ms);
        BOOST_TEST(d.out() == Lines{});
        d.wait(1ms);
    }
    BOOST_TEST(d.program.take() == (Lines{"failed 1"}));
    BOOST_TEST((d.program.failed_at == base::SimTime{1500ms}));
    d.wait(100s);
    BOOST_TEST(d.out() == Lines{});
}

BOOST_AUTO_TEST_CASE(refused_once_then_accepted) {
    Drill d;
    BOOST_REQUIRE(d.host.connect(d.program, 0, target));
    d.in(RST | ACK, 0, 1);
    d.wait(500ms);
    BOOST_TEST(d.out() == (Lines{"SYN 0", "SYN 0"}));
    d.in(SYN | ACK, 0, 1);
    BOOST_TEST(d.out() == (Lines{"ACK 1 ack 1"}));
    BOOST_TEST(d.program.take() == (Lines{"connected"}));
    d.wait(100s);
    BOOST_TEST(d.out() == Lines{});
}

struct Answer {
    const char* name;
    std::uint8_t flags;
    std::uint32_t acknowledgement;
    Lines expected;
};

BOOST_AUTO_TEST_CASE(answers_that_do_not_answer_the_syn) {
    const Answer cases[] = {
        {"a reset without ACK", RST, 0, {}},
        {"a reset of another connection", RST | ACK, 5, {}},
        {"SYN-ACK of something else", SYN | ACK, 5, {"RST 5"}},
        {"SYN-ACK of nothing", SYN | ACK, 0, {"RST 0"}},
        {"an ACK of something else", ACK, 9, {"RST 9"}},
        {"an ACK of the SYN alone", ACK, 1, {}},
        {"FIN", FIN, 0, {}},
    };
    for (const Answer& c : cases) BOOST_TEST_CONTEXT(c.name) {
            Drill d;
            BOOST_REQUIRE(d.host.connect(d.program, 0, target));
            d.out();
            d.in(c.flags, 0, c.acknowledgement);
            BOOST_TEST(d.out() == c.expected);
            BOOST_TEST(d.program.take() == Lines{});
            d.in(SYN | ACK, 0, 1);
            BOOST_TEST(d.program.take() == (Lines{"connected"}));
        }
}

base::Bytes unreachable(Drill& d, std::uint8_t code) {
    wire::IpHeader ip;
    ip.source = wire::IpAddress::v4(192, 0, 2, 1);
    ip.target = host_address;
    ip.protocol = wire::Protocol::icmp;
    return wire::emit_icmp(ip, {.type = 3, .code = code}, base::ByteView(d.last_octets).first(28));
}

BOOST_AUTO_TEST_CASE(an_icmp_error_is_advice_and_is_remembered) {
    for (const std::uint8_t code : {std::uint8_t{1}, std::uint8_t{3}, std::uint8_t{13}}) BOOST_TEST_CONTEXT(int{code}) {
            Drill d;
            BOOST_REQUIRE(d.host.connect(d.program, 0, target));
            d.deliver(unreachable(d, code));
            BOOST_TEST(d.program.take() == Lines{});
            d.wait(30s);
            BOOST_TEST(d.program.take() == (Lines{"failed 0"}));
            BOOST_TEST((d.program.failed_at == base::SimTime{21s}));
            BOOST_REQUIRE(d.program.failure.unreachable);
            BOOST_TEST((*d.program.failure.unreachable ==
                        net::SeenUnreachable{.from = wire::IpAddress::v4(192, 0, 2, 1), .type = 3, .code = code}));
            BOOST_TEST((d.program.failure.target == target));
        }
}

BOOST_AUTO_TEST_CASE(a_stack_that_believes_icmp_fails_at_once) {
    Drill d({.icmp_is_advice = false});
    BOOST_REQUIRE(d.host.connect(d.program, 0, target));
    d.deliver(unreachable(d, 13));
    BOOST_TEST(d.program.take() == (Lines{"failed 2"}));
    d.wait(30s);
    BOOST_TEST(d.out() == (Lines{"SYN 0"}));
}

BOOST_AUTO_TEST_CASE(an_icmp_error_does_not_harm_a_connection) {
    Drill d({.icmp_is_advice = false});
    BOOST_REQUIRE(d.host.connect(d.program, 0, target));
    d.in(SYN | ACK, 0, 1);
    d.deliver(unreachable(d, 1));
    d.in(PSH | ACK, 1, 1, "x");
    BOOST_TEST(d.program.take() == (Lines{"connected", "received x"}));
}

BOOST_AUTO_TEST_CASE(what_is_sent_before_the_handshake_waits_for_it) {
    Drill d;
    const auto socket = *d.host.connect(d.program, 0, target);
    d.host.send(socket, {'h', 'i'});
    BOOST_TEST(d.out() == (Lines{"SYN 0"}));
    d.in(SYN | ACK, 0, 1);
    BOOST_TEST(d.out() == (Lines{"ACK 1 ack 1", "PSH-ACK 1 (2) ack 1"}));
}

BOOST_AUTO_TEST_CASE(a_connect_may_be_withdrawn) {
    for (const bool abort : {false, true}) {
        Drill d;
        const auto socket = *d.host.connect(d.program, 0, target);
        abort ? d.host.abort(socket) : d.host.close(socket);
        BOOST_TEST(d.out() == (Lines{"SYN 0"}));
        d.wait(100s);
        BOOST_TEST(d.out() == Lines{});
        BOOST_TEST(d.program.take() == Lines{});
        BOOST_TEST(d.host.open_connections() == 0);
        d.in(SYN | ACK, 0, 1);
        BOOST_TEST(d.out() == (Lines{"RST 1"}));
    }
}

BOOST_AUTO_TEST_CASE(both_open_at_once) {
    Drill d;
    BOOST_REQUIRE(d.host.connect(d.program, 0, target));
    d.in(SYN, 0);
    BOOST_TEST(d.out() == (Lines{"SYN 0", "SYN-ACK 0 ack 1"}));
    d.in(SYN | ACK, 0, 1);
    BOOST_TEST(d.out() == (Lines{"ACK 1 ack 1"}));
    BOOST_TEST(d.program.take() == (Lines{"connected"}));
}

BOOST_AUTO_TEST_CASE(no_address_and_no_port) {
    Drill d({.ephemeral = {wire::Port{1025}, wire::Port{1026}}});
    const auto v6 = d.host.connect(d.program, 0, {wire::IpAddress::v6(1, 2), wire::Port{135}});
    BOOST_REQUIRE(!v6);
    BOOST_TEST((v6.error() == net::ConnectError::no_resources));
    BOOST_REQUIRE(d.host.connect(d.program, 0, target));
    const auto second = d.host.connect(d.program, 0, target);
    BOOST_REQUIRE(second);
    const auto third = d.host.connect(d.program, 0, target);
    BOOST_REQUIRE(!third);
    BOOST_TEST((third.error() == net::ConnectError::no_resources));
    d.host.abort(*second);
    BOOST_TEST(d.host.connect(d.program, 0, target).has_value());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
