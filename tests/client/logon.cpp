// The conversation of a working logon, action by action, and what is recorded of it.
#include "client/explain.hpp"
#include "sim/rpc/pdu.hpp"
#include "tests/client/rig.hpp"

#include <boost/test/unit_test.hpp>

namespace {

using namespace client;
using rig::Rig;
namespace actor = sim::actor;
namespace wire = sim::wire;

// "connect 2 135", "send 2 bind 72", "close 2": one line for each action, in order; text and timers left out.
std::string script(const std::vector<actor::Action>& actions) {
    std::string text;
    for (const actor::Action& action : actions) {
        if (const auto* connect = std::get_if<actor::Connect>(&action))
            text += "connect " + std::to_string(connect->connection.value) + ' ' + format(connect->target) + '\n';
        if (const auto* send = std::get_if<actor::Send>(&action)) {
            const auto pdu = sim::rpc::parse(send->octets);
            const auto* request = std::get_if<sim::rpc::Request>(&pdu->body);
            text += "send " + std::to_string(send->connection.value) + ' ';
            text += request != nullptr ? "call " + std::to_string(request->opnum) : "bind";
            text += ' ' + std::to_string(send->octets.size()) + '\n';
        }
        if (const auto* close = std::get_if<actor::Close>(&action))
            text += "close " + std::to_string(close->connection.value) + '\n';
        if (std::holds_alternative<actor::OpenUdp>(action)) text += "open udp\n";
    }
    return text;
}

// The sizes 72 and 156 of the lookup are those of Q159298's trace.
BOOST_AUTO_TEST_CASE(the_conversation_of_a_logon) {
    Rig rig(rig::config());
    rig.play();
    BOOST_TEST(script(rig.actions()) ==
               "connect 2 10.0.0.10:135\n"
               "send 2 bind 72\n"
               "send 2 call 3 156\n"
               "close 2\n"
               "connect 4 10.0.0.10:1031\n"
               "send 4 bind 72\n"
               "send 4 call 0 68\n"
               "send 4 call 2 88\n"
               "connect 6 10.0.0.10:135\n"
               "send 6 bind 72\n"
               "send 6 call 3 156\n"
               "close 6\n"
               "open udp\n"
               "connect 8 10.0.0.10:1032\n"
               "send 8 bind 72\n"
               "send 8 call 0 120\n"
               "send 8 call 2 62\n"
               "send 8 call 4 90\n"
               "close 8\n"
               "close 4\n");
}

BOOST_AUTO_TEST_CASE(what_is_recorded_of_a_logon) {
    Rig rig(rig::config());
    rig.play();
    const ActionOutcome& outcome = rig.outcome();
    BOOST_TEST(outcome.works);
    BOOST_TEST(!outcome.degraded);
    BOOST_TEST(!outcome.failure.has_value());
    BOOST_TEST(outcome.shown_code == 0U);
    BOOST_TEST_REQUIRE(outcome.phases.size() == 4U);
    constexpr std::array expected{Phase::endpoint_mapper, Phase::directory, Phase::endpoint_mapper,
                                  Phase::information_store};
    for (std::size_t i = 0; i < expected.size(); ++i) {
        BOOST_TEST(id(outcome.phases[i].phase) == id(expected[i]));
        if (i > 0) BOOST_TEST((outcome.phases[i].began == outcome.phases[i - 1].ended));
    }
    BOOST_TEST(id(outcome.phases[0].service) == "directory");
    BOOST_TEST(id(outcome.phases[2].service) == "information-store");
    BOOST_TEST((learned_port(outcome, Phase::directory) == rig::directory_port));
    BOOST_TEST((learned_port(outcome, Phase::information_store) == rig::store_port));
    BOOST_TEST(!learned_port(outcome, Phase::attendant).has_value());
    BOOST_TEST((outcome.waited() == std::chrono::milliseconds(150)));  // 15 answers of 10 ms each
    BOOST_TEST(!rig.client().session_open());
}

BOOST_AUTO_TEST_CASE(exchange_2000_asks_the_attendant_first) {
    auto config = rig::config();
    config.generation = Generation::exchange_2000;
    Rig rig(config);
    rig.play();
    BOOST_TEST_REQUIRE(rig.outcome().works);
    BOOST_TEST(id(rig.outcome().phases[1].phase) == "attendant");
    BOOST_TEST((learned_port(rig.outcome(), Phase::attendant) == rig::attendant_port));
    BOOST_TEST(rig.outcome().phases.size() == 6U);
}

BOOST_AUTO_TEST_CASE(actions_have_their_own_results) {
    Rig rig(rig::config({Do::logon, Do::admin, Do::check_name}),
            {.unreachable = {{{rig::server, rig::attendant_port}, actor::ConnectError::timed_out}}});
    rig.play();
    BOOST_TEST_REQUIRE(rig.client().outcomes().size() == 3U);
    BOOST_TEST(find(rig.client().outcomes(), Do::logon)->works);
    BOOST_TEST(find(rig.client().outcomes(), Do::check_name)->works);
    const ActionOutcome& admin = *find(rig.client().outcomes(), Do::admin);
    BOOST_TEST(!admin.works);
    BOOST_TEST(id(admin.failure.value().phase) == "attendant");
    BOOST_TEST((admin.waited() > std::chrono::seconds(21)));
    BOOST_TEST(find(rig.client().outcomes(), Do::use) == nullptr);
    BOOST_TEST(rig.open_connections() == 0U);
}

BOOST_AUTO_TEST_CASE(a_name_without_address_fails_at_once) {
    auto config = rig::config({Do::logon, Do::check_name, Do::admin, Do::new_mail, Do::public_folders});
    config.resolves = false;
    Rig rig(config);
    rig.play();
    BOOST_TEST(rig.steps().empty());
    BOOST_TEST_REQUIRE(rig.client().outcomes().size() == 5U);
    for (const ActionOutcome& outcome : rig.client().outcomes()) {
        BOOST_TEST(!outcome.works);
        BOOST_TEST(id(outcome.failure.value().phase) == "name");
        BOOST_TEST(id(outcome.failure.value().cause) == "not-resolved");
        BOOST_TEST(outcome.waited().count() == 0);
    }
}

BOOST_AUTO_TEST_CASE(public_folders_need_every_server) {
    auto config = rig::config({Do::logon, Do::public_folders});
    config.public_folder_servers = {rig::folder_server, wire::IpAddress::v4(10, 0, 0, 12)};
    Rig whole(config);
    whole.play();
    const ActionOutcome& folders = whole.outcome(1);
    BOOST_TEST(folders.works);
    BOOST_TEST(folders.phases.size() == 4U);
    BOOST_TEST(folders.ports.size() == 2U);
    Rig partly(config,
               {.unreachable = {{{config.public_folder_servers[1], wire::Port{135}}, actor::ConnectError::refused}}});
    partly.play();
    BOOST_TEST(partly.outcome(0).works);
    BOOST_TEST(!partly.outcome(1).works);
    BOOST_TEST(id(partly.outcome(1).failure.value().phase) == "endpoint-mapper");
    BOOST_TEST(!partly.outcome(1).in_logon);
}

BOOST_AUTO_TEST_CASE(without_narration_there_is_no_text) {
    auto config = rig::config();
    config.narrate = false;
    Rig quiet(config);
    quiet.play();
    Rig loud(rig::config());
    loud.play();
    const auto notes = [](const Rig& rig) {
        return std::count_if(rig.actions().begin(), rig.actions().end(),
                             [](const actor::Action& action) { return std::holds_alternative<actor::Note>(action); });
    };
    BOOST_TEST(notes(quiet) == 0);
    BOOST_TEST(notes(loud) >= 6);
    BOOST_TEST((quiet.outcome() == loud.outcome()));
    BOOST_TEST(script(quiet.actions()) == script(loud.actions()));
}

}  // namespace
