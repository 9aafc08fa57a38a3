// All the ways in which a connection ends, and what is sent again on the way.
#include "drill.hpp"

#include <boost/test/unit_test.hpp>

namespace {

using namespace drill;

BOOST_AUTO_TEST_SUITE(tcp_close)

BOOST_AUTO_TEST_CASE(this_end_closes_first_and_still_hears) {
    Drill d;
    d.establish();
    d.host.close(d.program.last);
    BOOST_TEST(d.out() == (Lines{"FIN-ACK 1 ack 1"}));
    d.in(ACK, 1, 2);
    d.in(PSH | ACK, 1, 2, "half");  // half-close: the other direction goes on
    BOOST_TEST(d.program.take() == (Lines{"received half"}));
    BOOST_TEST(d.out() == (Lines{"ACK 2 ack 5"}));
    d.send("not any more");
    BOOST_TEST(d.out() == Lines{});
    d.in(FIN | ACK, 5, 2);
    BOOST_TEST(d.out() == (Lines{"ACK 2 ack 6"}));
    BOOST_TEST(d.program.take() == (Lines{"peer closed", "finished"}));
    BOOST_TEST(d.host.open_connections() == 0);
    d.in(FIN | ACK, 5, 2);  // our last ACK was lost
    BOOST_TEST(d.out() == (Lines{"ACK 2 ack 6"}));
    BOOST_TEST(d.scheduler.pending() == 0);
}

BOOST_AUTO_TEST_CASE(the_peer_closes_first_and_still_hears) {
    Drill d;
    d.establish();
    d.in(FIN | ACK, 1, 1);
    BOOST_TEST(d.out() == (Lines{"ACK 1 ack 2"}));
    d.send("last words");
    BOOST_TEST(d.out() == (Lines{"PSH-ACK 1 (10) ack 2"}));
    d.in(ACK, 2, 11);
    d.host.close(d.program.last);
    BOOST_TEST(d.out() == (Lines{"FIN-ACK 11 ack 2"}));
    d.in(ACK, 2, 12);
    BOOST_TEST(d.program.take() == (Lines{"peer closed", "finished"}));
    d.in(ACK, 2, 12);  // nothing is left that could know it
    BOOST_TEST(d.out() == (Lines{"RST 12"}));
}

BOOST_AUTO_TEST_CASE(both_close_at_once) {
    Drill d;
    d.establish();
    d.host.close(d.program.last);
    d.out();
    d.in(FIN | ACK, 1, 1);
    BOOST_TEST(d.out() == (Lines{"ACK 2 ack 2"}));
    BOOST_TEST(d.program.take() == (Lines{"peer closed"}));
    d.in(ACK, 2, 2);
    BOOST_TEST(d.program.take() == (Lines{"finished"}));
    BOOST_TEST(d.scheduler.pending() == 0);
}

BOOST_AUTO_TEST_CASE(a_fin_that_carries_the_acknowledgement_of_ours) {
    Drill d;
    d.establish();
    d.host.close(d.program.last);
    d.out();
    d.in(FIN | PSH | ACK, 1, 2, "bye");
    BOOST_TEST(d.program.take() == (Lines{"received bye", "peer closed", "finished"}));
    BOOST_TEST(d.out() == (Lines{"ACK 2 ack 5"}));
}

BOOST_AUTO_TEST_CASE(closing_twice_is_closing_once) {
    Drill d;
    d.establish();
    d.host.close(d.program.last);
    d.host.close(d.program.last);
    BOOST_TEST(d.out() == (Lines{"FIN-ACK 1 ack 1"}));
}

BOOST_AUTO_TEST_CASE(resets_in_every_state_of_closing) {
    struct Case {
        const char* name;
        bool own_first, peer_too;
        Lines expected;
    };
    const Case cases[] = {
        {"FIN-WAIT-1", true, false, {"reset"}},
        {"CLOSING", true, true, {"peer closed", "finished"}},
        {"CLOSE-WAIT", false, true, {"peer closed", "reset"}},
    };
    for (const Case& c : cases) BOOST_TEST_CONTEXT(c.name) {
            Drill d;
            d.establish();
            if (c.own_first) d.host.close(d.program.last);
            if (c.peer_too) d.in(FIN | ACK, 1, 1);
            d.in(RST | ACK, c.peer_too ? 2 : 1, 1);
            BOOST_TEST(d.program.take() == c.expected);
            BOOST_TEST(d.host.open_connections() == 0);
            BOOST_TEST(d.scheduler.pending() == 0);
        }
}

BOOST_AUTO_TEST_CASE(a_program_aborts) {
    Drill d;
    d.establish();
    d.host.abort(d.program.last);
    BOOST_TEST(d.out() == (Lines{"RST-ACK 1 ack 1"}));
    BOOST_TEST(d.program.take() == Lines{});
    d.host.abort(d.program.last);
    BOOST_TEST(d.out() == Lines{});
}

// TIME-WAIT keeps the pair of endpoints for its time, without an event of its own; a SYN beyond the old numbers may
// use it earlier (RFC 1122 4.2.2.13).
BOOST_AUTO_TEST_CASE(time_wait) {
    struct Case {
        const char* name;
        base::SimDuration later;
        std::uint32_t sequence;
        Lines expected;
    };
    const Case cases[] = {
        {"an old SYN is no new connection", 239s, 0, {"ACK 2 ack 2"}},
        {"a later number is", 1s, 5000, {"SYN-ACK 0 ack 5001"}},
        {"after its time any number is", 240s, 0, {"SYN-ACK 0 ack 1"}},
    };
    for (const Case& c : cases) BOOST_TEST_CONTEXT(c.name) {
            Drill d;
            d.establish();
            d.host.close(d.program.last);
            d.in(FIN | ACK, 1, 2);
            d.out();
            BOOST_TEST(d.scheduler.pending() == 0);
            d.wait(c.later);
            d.in(SYN, c.sequence);
            BOOST_TEST(d.out() == c.expected);
        }
}

BOOST_AUTO_TEST_CASE(a_lost_fin_is_sent_again_until_the_peer_is_given_up) {
    Drill d;
    d.establish();
    d.host.close(d.program.last);
    d.out();
    d.wait(1000s);
    BOOST_TEST(d.out() == Lines(5, "FIN-ACK 1 ack 1"));
    BOOST_TEST(d.program.take() == (Lines{"reset by silence"}));
    BOOST_TEST(d.host.open_connections() == 0);
}

BOOST_AUTO_TEST_CASE(lost_data_backs_off_and_is_given_up) {
    Drill d({.data_retransmissions = 3});
    d.establish();  // a round trip of nothing: waits begin at the shortest, 300 ms
    d.send("abc");
    BOOST_TEST(d.out() == (Lines{"PSH-ACK 1 (3) ack 1"}));
    d.wait(299ms);
    BOOST_TEST(d.out() == Lines{});
    for (const auto wait : {1ms, 600ms, 1200ms}) {
        d.wait(wait - 1ms);
        BOOST_TEST(d.out() == Lines{});
        d.wait(1ms);
        BOOST_TEST(d.out() == (Lines{"PSH-ACK 1 (3) ack 1"}));
    }
    d.wait(2399ms);
    BOOST_TEST(d.program.take() == Lines{});
    d.wait(1ms);
    BOOST_TEST(d.program.take() == (Lines{"reset by silence"}));
}

BOOST_AUTO_TEST_CASE(an_acknowledgement_ends_the_back_off) {
    Drill d;
    d.establish();
    d.send("abc");
    d.wait(1s);
    BOOST_TEST(d.out() == Lines(3, "PSH-ACK 1 (3) ack 1"));
    d.in(ACK, 1, 4);
    d.wait(100s);
    BOOST_TEST(d.out() == Lines{});
    d.send("def");
    d.wait(300ms);
    BOOST_TEST(d.out() == Lines(2, "PSH-ACK 4 (3) ack 1"));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
