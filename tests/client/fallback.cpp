// The binding order: what a blocked protocol costs, and what a fall-back hides.
#include "client/explain.hpp"
#include "client/message.hpp"
#include "tests/client/rig.hpp"

#include <boost/test/unit_test.hpp>

namespace {

using namespace client;
using rig::Rig;
using Error = sim::actor::ConnectError;
namespace wire = sim::wire;

using Blocked = std::map<wire::Endpoint, Error>;
wire::Endpoint at(std::uint16_t port) { return {rig::server, wire::Port{port}}; }

struct Case {
    const char* name;
    ClientWindows windows;
    bool usable;
    Blocked blocked;
    bool works, degraded;
    const char* fails_at;  // of the TCP attempt
    std::uint32_t code, shown;
    int seconds;  // waited, rounded down
};

BOOST_AUTO_TEST_CASE(tcp_then_pipes) {
    const std::vector<Case> cases{
        {"TCP is fine", ClientWindows::windows_2000, true, {}, true, false, "", 0, 0, 0},
        {"135 blocked, 445 open",
         ClientWindows::windows_2000,
         true,
         {{at(135), Error::timed_out}},
         true,
         true,
         "",
         0,
         0,
         42},
        {"135 and 445 blocked, 139 open",
         ClientWindows::windows_2000,
         true,
         {{at(135), Error::timed_out}, {at(445), Error::timed_out}},
         true,
         true,
         "",
         0,
         0,
         63},
        {"NT 4 never tries 445",
         ClientWindows::nt4,
         true,
         {{at(135), Error::timed_out}, {at(445), Error::timed_out}},
         true,
         true,
         "",
         0,
         0,
         42},
        {"store blocked, pipes open",
         ClientWindows::windows_2000,
         true,
         {{at(1032), Error::timed_out}},
         true,
         true,
         "",
         0,
         0,
         21},
        {"store and pipes blocked",
         ClientWindows::windows_2000,
         true,
         {{at(1032), Error::timed_out}, {at(445), Error::refused}, {at(139), Error::timed_out}},
         false,
         false,
         "information-store",
         1722,
         1722,
         43},
        {"135 blocked, pipes of no use",
         ClientWindows::nt4,
         false,
         {{at(135), Error::timed_out}},
         false,
         false,
         "endpoint-mapper",
         1722,
         5,
         21},
        {"everything blocked, NT 4",
         ClientWindows::nt4,
         true,
         {{at(135), Error::timed_out}, {at(139), Error::timed_out}},
         false,
         false,
         "endpoint-mapper",
         1722,
         1722,
         42},
    };
    for (const Case& c : cases) {
        BOOST_TEST_CONTEXT(c.name) {
            auto config = rig::config();
            config.binding_order = {Transport::ncacn_ip_tcp, Transport::ncacn_np};
            config.windows = c.windows;
            config.pipes_usable = c.usable;
            Rig rig(config, {.unreachable = c.blocked});
            rig.play();
            const ActionOutcome& outcome = rig.outcome();
            BOOST_TEST(outcome.works == c.works);
            BOOST_TEST(outcome.degraded == c.degraded);
            BOOST_TEST(std::chrono::duration_cast<std::chrono::seconds>(outcome.waited()).count() == c.seconds);
            BOOST_TEST((outcome.failure ? id(outcome.failure->phase) : "") == c.fails_at);
            BOOST_TEST((outcome.failure ? outcome.failure->code : 0U) == c.code);
            BOOST_TEST(outcome.shown_code == c.shown);
            BOOST_TEST(rig.open_connections() == 0U);
            if (c.degraded) {
                BOOST_TEST((outcome.lost >= std::chrono::seconds(c.seconds)));
                BOOST_TEST(summary(outcome).find("degraded: named pipes") != std::string::npos);
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(a_missing_endpoint_costs_no_time_and_falls_back_too) {
    auto config = rig::config();
    config.binding_order = {Transport::ncacn_ip_tcp, Transport::ncacn_np};
    config.pipes_usable = true;
    Rig rig(config, {.map_status = 0x16c9a0d6});
    rig.play();
    BOOST_TEST(rig.outcome().works);
    BOOST_TEST(rig.outcome().degraded);
    BOOST_TEST((rig.outcome().waited() < std::chrono::seconds(1)));
}

BOOST_AUTO_TEST_CASE(pipes_are_tried_only_when_the_order_says_so) {
    auto config = rig::config();
    config.pipes_usable = true;
    Rig rig(config, {.unreachable = {{at(135), Error::refused}}});
    rig.play();
    BOOST_TEST(!rig.outcome().works);
    BOOST_TEST(rig.steps().size() == 1U);
}

BOOST_AUTO_TEST_CASE(pipes_alone_are_degraded_as_well) {
    auto config = rig::config({Do::logon, Do::new_mail});
    config.binding_order = {Transport::ncacn_np};
    config.pipes_usable = true;
    Rig rig(config);
    rig.play();
    BOOST_TEST(rig.outcome(0).works);
    BOOST_TEST(rig.outcome(0).degraded);
    BOOST_TEST(rig.steps().size() == 1U);  // one session carries both pipes
    BOOST_TEST(rig.outcome(0).phases[1].reused);
    BOOST_TEST(!rig.outcome(1).works);  // notices over pipes are not rehearsed, and so never "work"
    BOOST_TEST(id(rig.outcome(1).failure.value().cause) == "pipes-not-usable");
}

// An old pipe session proves nothing about the way as it is now.
BOOST_AUTO_TEST_CASE(a_kept_pipe_is_connected_anew_when_used) {
    auto config = rig::config();
    config.binding_order = {Transport::ncacn_np};
    config.pipes_usable = config.keep_session = true;
    Rig rig(config);
    rig.play();
    BOOST_TEST(rig.client().session_open());
    rig.wait(std::chrono::hours(2));
    rig.request(Do::use);
    BOOST_TEST(rig.outcome(1).works);
    BOOST_TEST(rig.steps().size() == 2U);
    rig.server.unreachable = {{at(445), Error::timed_out}};
    rig.request(Do::check_name);
    rig.request(Do::use);
    BOOST_TEST(rig.outcome(2).works);  // over 139, freshly connected
    BOOST_TEST(!rig.outcome(3).works);
    BOOST_TEST(id(rig.outcome(3).failure.value().phase) == "information-store");
    BOOST_TEST(!rig.client().session_open());
}

BOOST_AUTO_TEST_CASE(a_kept_pipe_does_not_vouch_for_a_way_that_is_blocked) {
    auto config = rig::config();
    config.binding_order = {Transport::ncacn_np};
    config.pipes_usable = config.keep_session = true;
    Rig rig(config);
    rig.play();
    rig.wait(std::chrono::hours(2));
    rig.server.unreachable = {{at(445), Error::timed_out}, {at(139), Error::timed_out}};
    rig.request(Do::check_name);
    BOOST_TEST(!rig.outcome(1).works);
}

}  // namespace
