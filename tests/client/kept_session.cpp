// What happens after the logon: the kept session, its death, and new mail.
#include "client/explain.hpp"
#include "client/message.hpp"
#include "tests/client/rig.hpp"

#include <boost/test/unit_test.hpp>

namespace {

using namespace client;
using rig::Rig;
using namespace std::chrono_literals;
namespace actor = sim::actor;
namespace wire = sim::wire;

OutlookConfig keeping(std::vector<Do> actions = {Do::logon}) {
    auto config = rig::config(std::move(actions));
    config.keep_session = true;
    return config;
}

BOOST_AUTO_TEST_CASE(two_connections_stay_open_and_are_used) {
    Rig rig(keeping());
    rig.play();
    BOOST_TEST(rig.client().session_open());
    BOOST_TEST(rig.open_connections() == 2U);
    rig.wait(2h);
    const std::size_t before = rig.steps().size();
    rig.request(Do::use);
    BOOST_TEST(rig.outcome(1).works);
    BOOST_TEST(rig.steps().size() == before + 1);
    BOOST_TEST(rig::describe(rig.steps().back()) == "call 2 10.0.0.10:1032");
    BOOST_TEST(rig.outcome(1).phases.back().reused);
    BOOST_TEST(rig.open_connections() == 2U);
}

BOOST_AUTO_TEST_CASE(use_fails_in_every_way) {
    struct Case {
        rig::Mishap mishap;
        Cause cause;
        std::uint32_t code;
    };
    for (const Case& c :
         {Case{rig::Mishap::reset, Cause::reset, 1726}, Case{rig::Mishap::closed, Cause::closed_early, 1726},
          Case{rig::Mishap::silence, Cause::no_answer, 1726}, Case{rig::Mishap::garbage, Cause::protocol_error, 1728},
          Case{rig::Mishap::fault, Cause::fault, 5}, Case{rig::Mishap::half_an_answer, Cause::closed_early, 1726},
          Case{rig::Mishap::short_answer, Cause::protocol_error, 1728},
          Case{rig::Mishap::error_code, Cause::service_error, 5}}) {
        BOOST_TEST_CONTEXT(rig::name(c.mishap)) {
            Rig rig(keeping());
            rig.play();
            rig.server.mishap = c.mishap;
            rig.server.mishap_at = rig.steps().size();
            rig.request(Do::use);
            const ActionOutcome& use = rig.outcome(1);
            BOOST_TEST_REQUIRE(!use.works);
            const Failure expected{Phase::information_store, Stage::call, c.cause, c.code, use.failure.value().detail};
            BOOST_TEST((use.failure == expected));
            BOOST_TEST(says(use, "the item could NOT be sent"));
            BOOST_TEST(!rig.client().session_open());
            BOOST_TEST(rig.open_connections() == 0U);
            rig.request(Do::use);  // and it stays dead
            BOOST_TEST(id(rig.outcome(2).failure.value().stage) == "session");
            rig.request(Do::logon);  // until somebody logs on again
            BOOST_TEST(rig.outcome(3).works);
            rig.request(Do::use);
            BOOST_TEST(rig.outcome(4).works);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_session_that_died_while_idle) {
    for (const bool reset : {true, false}) {
        Rig rig(keeping());
        rig.play();
        const auto store = rig.connection_to(rig::store_port);
        if (reset)
            rig.play(actor::Reset{store});
        else
            rig.play(actor::PeerClosed{store});
        BOOST_TEST(!rig.client().session_open());
        BOOST_TEST(rig.open_connections() == 0U);
        rig.request(Do::use);
        const Failure expected{Phase::information_store, Stage::session, reset ? Cause::reset : Cause::closed_early,
                               1727, 0};
        BOOST_TEST((rig.outcome(1).failure == expected));
        BOOST_TEST(rig.outcome(1).waited().count() == 0);
    }
}

BOOST_AUTO_TEST_CASE(unsolicited_octets_never_pass_for_an_answer) {
    Rig rig(keeping());
    rig.play();
    const sim::base::Bytes octets(64, 0x05);
    rig.play(actor::Received{rig.connection_to(rig::store_port), octets});
    rig.request(Do::use);
    BOOST_TEST(!rig.outcome(1).works);
}

BOOST_AUTO_TEST_CASE(the_directory_may_go_without_harm_to_the_store) {
    Rig rig(keeping());
    rig.play();
    rig.play(actor::Reset{rig.connection_to(rig::directory_port)});
    BOOST_TEST(rig.client().session_open());
    rig.request(Do::use);
    BOOST_TEST(rig.outcome(1).works);
}

// ... but a logon of which the directory is lost half-way is none.
BOOST_AUTO_TEST_CASE(the_directory_is_lost_during_the_logon) {
    Rig rig(rig::config(), {.mishap_at = 11, .mishap = rig::Mishap::silence});
    rig.server.tamper = [&rig, armed = true](sim::base::Bytes&) mutable {
        if (rig.steps().size() == 12 && std::exchange(armed, false))
            rig.interrupt(actor::Reset{rig.connection_to(rig::directory_port)});
    };
    rig.play();
    BOOST_TEST_REQUIRE(!rig.outcome().works);
    const Failure expected{Phase::directory, Stage::session, Cause::reset, 1727, 0};
    BOOST_TEST((rig.outcome().failure == expected), describe(*rig.outcome().failure));
    BOOST_TEST(rig.open_connections() == 0U);
}

// Octets that never become an answer do not buy time.
BOOST_AUTO_TEST_CASE(a_server_that_trickles_is_given_up) {
    Rig rig(keeping());
    rig.play();
    rig.server.mishap = rig::Mishap::silence;
    rig.server.mishap_at = rig.steps().size();
    rig.trickle = sim::base::Bytes{5, 0, 2, 3, 16, 0, 0, 0, 0, 2, 0, 0};
    rig.request(Do::use);
    const Failure expected{Phase::information_store, Stage::call, Cause::no_answer, 1726, 0};
    BOOST_TEST((rig.outcome(1).failure == expected), describe(*rig.outcome(1).failure));
    BOOST_TEST((rig.outcome(1).waited() >= 60s && rig.outcome(1).waited() < 70s));
}

BOOST_AUTO_TEST_CASE(use_without_a_logon) {
    Rig rig(rig::config({Do::use}));
    rig.play();
    BOOST_TEST(!rig.outcome().works);
    BOOST_TEST(id(rig.outcome().failure.value().cause) == "no-session");
    BOOST_TEST(rig.steps().empty());
}

// ---- new mail ----

BOOST_AUTO_TEST_CASE(the_notice_comes) {
    Rig rig(rig::config({Do::logon, Do::new_mail}), {.mail_after = 5s});
    rig.play();
    const ActionOutcome& mail = rig.outcome(1);
    BOOST_TEST_REQUIRE(mail.works);
    BOOST_TEST((mail.notice_at.value() - mail.began > 4s && mail.notice_at.value() - mail.began < 5s));
    BOOST_TEST(rig::describe(rig.steps().back()) == "call 2 10.0.0.10:1032");  // it is fetched, too
}

BOOST_AUTO_TEST_CASE(the_notice_does_not_come) {
    Rig rig(rig::config({Do::logon, Do::new_mail}));
    rig.play();
    const ActionOutcome& mail = rig.outcome(1);
    const Failure expected{Phase::information_store, Stage::notice, Cause::no_notice, 0, 0};
    BOOST_TEST((mail.failure == expected));
    BOOST_TEST((mail.waited() == 150s));
    BOOST_TEST(!message_for(mail).has_value());
    BOOST_TEST(story(mail).find("Q270065") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(only_the_registered_octets_are_a_notice) {
    Rig rig(keeping());
    rig.play();
    const std::size_t before = rig.steps().size();
    for (const sim::base::Bytes& octets :
         {sim::base::Bytes{}, sim::base::Bytes{'m', 'a', 'i', 'l'}, sim::base::Bytes{'m', 'a', 'i', 'l', 0, 0, 0, 9},
          sim::base::Bytes{'m', 'a', 'i', 'l', 0, 0, 0, 8, 0}})
        rig.play(actor::Datagram{actor::UdpId{1}, {rig::server, wire::Port{1040}}, octets});
    BOOST_TEST(rig.steps().size() == before);
    const sim::base::Bytes right{'m', 'a', 'i', 'l', 0, 0, 0, 8};
    rig.play(actor::Datagram{actor::UdpId{1}, {rig::server, wire::Port{1040}}, right});
    BOOST_TEST(rig.steps().size() == before + 1);  // fetched although no action waits
    BOOST_TEST(rig.client().idle());
    BOOST_TEST(rig.client().outcomes().size() == 1U);
}

// A notice that was fetched long ago says nothing about the filter as it is now.
BOOST_AUTO_TEST_CASE(an_old_notice_is_spent) {
    Rig rig(keeping(), {.mail_after = 5s});
    rig.play();
    rig.wait(1h);
    rig.request(Do::new_mail);
    BOOST_TEST(!rig.outcome(1).works);
}

BOOST_AUTO_TEST_CASE(new_mail_logs_on_by_itself) {
    Rig good(rig::config({Do::new_mail}), {.mail_after = 5s});
    good.play();
    BOOST_TEST(good.client().outcomes().size() == 1U);
    BOOST_TEST(good.outcome().works);
    BOOST_TEST(!good.outcome().in_logon);
    for (const std::vector<Do>& actions : {std::vector{Do::new_mail}, std::vector{Do::logon, Do::new_mail}}) {
        Rig bad(rig::config(actions),
                {.unreachable = {{{rig::server, rig::directory_port}, actor::ConnectError::timed_out}}});
        bad.play();
        const ActionOutcome& mail = bad.client().outcomes().back();
        BOOST_TEST(!mail.works);
        BOOST_TEST(mail.in_logon);
        BOOST_TEST(id(mail.failure.value().phase) == "directory");
        BOOST_TEST(bad.steps().size() == 4U);  // tried once, not twice
    }
}

BOOST_AUTO_TEST_CASE(a_refused_registration_is_no_works) {
    Rig whole(rig::config());
    whole.play();
    Rig rig(rig::config({Do::logon, Do::new_mail}),
            {.mishap_at = whole.steps().size() - 1, .mishap = rig::Mishap::fault});
    rig.play();
    BOOST_TEST(rig.outcome(0).works);
    BOOST_TEST(rig.outcome(0).notices_refused);
    const Failure expected{Phase::information_store, Stage::notice, Cause::fault, 5, 5};
    BOOST_TEST((rig.outcome(1).failure == expected));
}

BOOST_AUTO_TEST_CASE(the_session_dies_while_waiting_for_mail) {
    Rig rig(keeping());
    rig.play();
    rig.interrupt(actor::Reset{rig.connection_to(rig::store_port)});
    rig.request(Do::new_mail);
    const Failure expected{Phase::information_store, Stage::session, Cause::reset, 1727, 0};
    BOOST_TEST((rig.outcome(1).failure == expected));
    BOOST_TEST(rig.outcome(1).waited().count() == 0);
    BOOST_TEST(!rig.outcome(1).in_logon);
}

}  // namespace
