// A listening host, segment by segment (RFC 9293 3.10.7).
#include "drill.hpp"

#include <boost/test/unit_test.hpp>

namespace {

using namespace drill;

BOOST_AUTO_TEST_SUITE(tcp_passive)

BOOST_AUTO_TEST_CASE(handshake_data_and_a_close_by_the_peer) {
    Drill d;
    d.program.answer = "pong";
    d.program.closes_back = true;
    d.host.listen(d.program, d.local_port);
    d.in(SYN, 0);
    BOOST_TEST(d.out() == (Lines{"SYN-ACK 0 ack 1"}));
    BOOST_TEST(d.program.take() == Lines{});  // not before the handshake is complete
    d.in(ACK, 1, 1);
    BOOST_TEST(d.out() == Lines{});
    BOOST_TEST(d.program.take() == (Lines{"accepted 192.0.2.50:1030"}));
    d.in(PSH | ACK, 1, 1, "ping");
    BOOST_TEST(d.out() == (Lines{"PSH-ACK 1 (4) ack 5"}));  // the acknowledgement rides on the answer
    d.in(FIN | ACK, 5, 5);
    BOOST_TEST(d.out() == (Lines{"ACK 5 ack 6", "FIN-ACK 5 ack 6"}));
    d.in(ACK, 6, 6);
    BOOST_TEST(d.out() == Lines{});
    BOOST_TEST(d.program.take() == (Lines{"received ping", "peer closed", "finished"}));
    BOOST_TEST(d.host.open_connections() == 0);
    BOOST_TEST((d.scheduler.run() == net::Scheduler::End::idle));
    BOOST_TEST((d.scheduler.now() == base::time_zero));  // nothing is left to wait for
}

BOOST_AUTO_TEST_CASE(data_that_nobody_answers_is_acknowledged_at_once) {
    Drill d;
    d.establish();
    d.in(PSH | ACK, 1, 1, "ping");
    BOOST_TEST(d.out() == (Lines{"ACK 1 ack 5"}));
}

struct Stray {
    const char* name;
    bool listens;
    std::uint8_t flags;
    std::uint32_t sequence, acknowledgement;
    const char* text;
    Lines expected;
};

// Numbers are relative; the host has no number of its own yet, so its side counts from 0.
BOOST_AUTO_TEST_CASE(segments_that_belong_to_no_connection) {
    const Stray cases[] = {
        {"SYN to a closed port", false, SYN, 0, 0, "", {"RST-ACK 0 ack 1"}},
        {"SYN with data to a closed port", false, SYN, 0, 0, "abc", {"RST-ACK 0 ack 4"}},
        {"FIN without ACK", false, FIN, 9, 0, "", {"RST-ACK 0 ack 10"}},
        {"ACK to a closed port", false, ACK, 5, 77, "", {"RST 77"}},
        {"data to a closed port", false, PSH | ACK, 5, 77, "abc", {"RST 77"}},
        {"SYN-ACK to a closed port", false, SYN | ACK, 5, 77, "", {"RST 77"}},
        {"RST to a closed port", false, RST, 5, 0, "", {}},
        {"RST-ACK to a closed port", false, RST | ACK, 5, 77, "", {}},
        {"ACK to a listener", true, ACK, 5, 77, "", {"RST 77"}},
        {"SYN-ACK to a listener", true, SYN | ACK, 5, 77, "", {"RST 77"}},
        {"RST to a listener", true, RST, 5, 0, "", {}},
        {"no flags to a listener", true, 0, 5, 0, "", {}},
        {"FIN to a listener", true, FIN, 5, 0, "", {}},
    };
    for (const Stray& c : cases) BOOST_TEST_CONTEXT(c.name) {
            Drill d;
            if (c.listens) d.host.listen(d.program, d.local_port);
            d.in(c.flags, c.sequence, c.acknowledgement, c.text);
            BOOST_TEST(d.out() == c.expected);
            BOOST_TEST(d.host.open_connections() == 0);
            BOOST_TEST(d.scheduler.pending() == 0);
        }
}

// On an established connection that has sent nothing: host 1, peer 1, window 17520.
BOOST_AUTO_TEST_CASE(segments_that_do_not_fit_the_connection) {
    const Stray cases[] = {
        {"an old duplicate", true, PSH | ACK, 0xfffffff0, 1, "old", {"ACK 1 ack 1"}},
        {"beyond the window", true, PSH | ACK, 1 + 17520, 1, "x", {"ACK 1 ack 1"}},
        {"the last octet of the window", true, PSH | ACK, 17520, 1, "x", {"ACK 1 ack 1"}},
        {"acknowledges what was never sent", true, ACK, 1, 2, "", {"ACK 1 ack 1"}},
        {"a SYN inside the window", true, SYN, 1, 0, "", {"ACK 1 ack 1"}},
        {"the first SYN again", true, SYN, 0, 0, "", {"ACK 1 ack 1"}},
        {"no ACK", true, PSH, 1, 0, "x", {}},
        {"RST outside of the window", true, RST, 0, 0, "", {}},
        {"RST inside, but not the next number", true, RST, 2, 0, "", {"ACK 1 ack 1"}},
        {"a keep-alive of the peer", true, ACK, 0, 1, "", {"ACK 1 ack 1"}},
    };
    for (const Stray& c : cases) BOOST_TEST_CONTEXT(c.name) {
            Drill d;
            d.establish();
            d.in(c.flags, c.sequence, c.acknowledgement, c.text);
            BOOST_TEST(d.out() == c.expected);
            BOOST_TEST(d.program.take() == Lines{});
            d.in(PSH | ACK, 1, 1, "still alive");
            BOOST_TEST(d.program.take() == (Lines{"received still alive"}));
        }
}

BOOST_AUTO_TEST_CASE(a_reset_with_the_next_number_ends_it) {
    Drill d;
    d.establish();
    d.in(RST, 1);
    BOOST_TEST(d.out() == Lines{});
    BOOST_TEST(d.program.take() == (Lines{"reset"}));
    BOOST_TEST(d.host.open_connections() == 0);
    d.send("too late");
    d.host.close(d.program.last);
    BOOST_TEST(d.out() == Lines{});
    d.in(PSH | ACK, 1, 1, "x");
    BOOST_TEST(d.out() == (Lines{"RST 1"}));
}

BOOST_AUTO_TEST_CASE(the_answer_to_a_syn_is_repeated_and_given_up) {
    Drill d;
    d.host.listen(d.program, d.local_port);
    d.in(SYN, 0);
    d.wait(2s);
    d.in(SYN, 0);  // the peer's own repetition
    BOOST_TEST(d.out() == (Lines{"SYN-ACK 0 ack 1", "SYN-ACK 0 ack 1"}));
    d.wait(1s);  // 3 s
    BOOST_TEST(d.out() == (Lines{"SYN-ACK 0 ack 1"}));
    d.wait(6s);  // 9 s
    BOOST_TEST(d.out() == (Lines{"SYN-ACK 0 ack 1"}));
    d.wait(100s);
    BOOST_TEST(d.out() == Lines{});
    BOOST_TEST(d.program.take() == Lines{});
    BOOST_TEST(d.host.open_connections() == 0);
}

BOOST_AUTO_TEST_CASE(a_wrong_acknowledgement_of_the_handshake_is_reset) {
    Drill d;
    d.host.listen(d.program, d.local_port);
    d.in(SYN, 0);
    d.out();
    d.in(ACK, 1, 5);
    BOOST_TEST(d.out() == (Lines{"RST 5"}));
    d.in(ACK, 1, 1);
    BOOST_TEST(d.program.take() == (Lines{"accepted 192.0.2.50:1030"}));
}

BOOST_AUTO_TEST_CASE(a_lost_handshake_ack_is_made_up_by_data) {
    Drill d;
    d.host.listen(d.program, d.local_port);
    d.in(SYN, 0);
    d.out();
    d.in(PSH | ACK, 1, 1, "hello");
    BOOST_TEST(d.program.take() == (Lines{"accepted 192.0.2.50:1030", "received hello"}));
    BOOST_TEST(d.out() == (Lines{"ACK 1 ack 6"}));
}

BOOST_AUTO_TEST_CASE(pieces_come_in_any_order) {
    Drill d;
    d.establish();
    d.in(PSH | ACK, 5, 1, "efgh");
    d.in(PSH | ACK, 3, 1, "cdef");
    BOOST_TEST(d.out() == (Lines{"ACK 1 ack 1", "ACK 1 ack 1"}));
    d.in(FIN | ACK, 11, 1);  // the end is known, the way there is not
    BOOST_TEST(d.out() == Lines{});
    d.in(PSH | ACK, 1, 1, "abc");
    BOOST_TEST(d.program.stream == "abcdefgh");
    BOOST_TEST(d.out() == (Lines{"ACK 1 ack 9"}));
    d.in(PSH | ACK, 7, 1, "ghij");
    BOOST_TEST(d.program.stream == "abcdefghij");
    BOOST_TEST(d.program.heard.back() == "peer closed");
    BOOST_TEST(d.out() == (Lines{"ACK 1 ack 12"}));
}

BOOST_AUTO_TEST_CASE(a_program_may_abort_from_within_an_upcall) {
    Drill d;
    d.establish();
    d.program.aborts_on_data = true;
    d.in(FIN | PSH | ACK, 1, 1, "x");
    BOOST_TEST(d.program.take() == (Lines{"received x"}));
    BOOST_TEST(d.out() == (Lines{"RST-ACK 1 ack 2"}));
    BOOST_TEST(d.host.open_connections() == 0);
}

BOOST_AUTO_TEST_CASE(a_dying_program_resets_its_connections_and_frees_its_ports) {
    Drill d;
    d.establish();
    d.host.end(d.program);
    BOOST_TEST(d.out() == (Lines{"RST-ACK 1 ack 1"}));
    BOOST_TEST(d.program.take() == Lines{});
    Scribe other;
    BOOST_TEST(d.host.listen(other, d.local_port));
    BOOST_TEST(!d.host.listen(d.program, d.local_port));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
