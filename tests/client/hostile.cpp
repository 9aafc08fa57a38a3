// Mappers that answer oddly, and servers that answer anything at all.
#include "client/explain.hpp"
#include "client/message.hpp"
#include "sim/base/random.hpp"
#include "sim/rpc/interfaces.hpp"
#include "sim/rpc/tower.hpp"
#include "tests/client/rig.hpp"

#include <boost/test/unit_test.hpp>

namespace {

using namespace client;
using rig::Rig;
namespace rpc = sim::rpc;
namespace wire = sim::wire;

rpc::Tower tower(std::uint16_t port, wire::IpAddress host = rig::server) {
    return {.interface = rpc::nspi_interface, .port = wire::Port{port}, .host = host};
}
rpc::Tower with_interface(rpc::SyntaxId interface) {
    rpc::Tower changed = tower(1031);
    changed.interface = interface;
    return changed;
}
rpc::Tower over(std::uint8_t rpc_protocol, std::uint8_t transport) {
    rpc::Tower changed = tower(1031);
    changed.rpc_protocol = rpc_protocol;
    changed.transport = transport;
    return changed;
}

struct Case {
    const char* name;
    std::vector<rpc::Tower> towers;
    std::uint32_t status;
    Phase phase;  // name: it works
    Stage stage;
    Cause cause;
    std::uint32_t code;
};

BOOST_AUTO_TEST_CASE(what_a_mapper_may_answer) {
    rpc::SyntaxId other_major = rpc::nspi_interface;
    other_major.major = 55;
    const auto fine = Phase::name;
    const auto directory = Phase::directory;
    const auto mapper = Phase::endpoint_mapper;
    const std::vector<Case> cases{
        {"as it should be", {tower(1031)}, 0, fine, {}, {}, 0},
        {"address 0.0.0.0: the host asked is kept", {tower(1031, {})}, 0, fine, {}, {}, 0},
        {"a foreign address is not followed", {tower(1031, wire::IpAddress::v4(203, 0, 113, 9))}, 0, fine, {}, {}, 0},
        {"unusable ones before a good one", {tower(0), over(0x0a, 0x08), tower(1031)}, 0, fine, {}, {}, 0},
        {"not registered", {}, 0x16c9a0d6, directory, Stage::lookup_answer, Cause::not_registered, 1753},
        {"no tower and no error", {}, 0, directory, Stage::lookup_answer, Cause::not_registered, 1753},
        {"port 0", {tower(0)}, 0, directory, Stage::lookup_answer, Cause::protocol_error, 1728},
        {"another interface",
         {with_interface(rpc::emsmdb_interface)},
         0,
         directory,
         Stage::lookup_answer,
         Cause::protocol_error,
         1728},
        {"another major version",
         {with_interface(other_major)},
         0,
         directory,
         Stage::lookup_answer,
         Cause::protocol_error,
         1728},
        {"UDP", {over(0x0a, 0x08)}, 0, directory, Stage::lookup_answer, Cause::protocol_error, 1728},
        {"named pipe", {over(0x0b, 0x0f)}, 0, directory, Stage::lookup_answer, Cause::protocol_error, 1728},
        {"refused to say", {}, 0x6d8, mapper, Stage::lookup_call, Cause::service_error, 1752},
        {"an error, and a port", {tower(1031)}, 0x16c9a012, mapper, Stage::lookup_call, Cause::service_error, 0},
    };
    for (const Case& c : cases) {
        BOOST_TEST_CONTEXT(c.name) {
            Rig rig(rig::config({Do::check_name}), {.towers = c.towers, .map_status = c.status});
            rig.play();
            const ActionOutcome& outcome = rig.outcome();
            BOOST_TEST(outcome.works == (c.phase == fine));
            BOOST_TEST(rig.open_connections() == 0U);
            for (const rig::Step& step : rig.steps()) BOOST_TEST((step.target.address == rig::server));
            if (outcome.works) continue;
            BOOST_TEST(id(outcome.failure.value().phase) == id(c.phase));
            BOOST_TEST(id(outcome.failure.value().stage) == id(c.stage));
            BOOST_TEST(id(outcome.failure.value().cause) == id(c.cause));
            if (c.code != 0) BOOST_TEST(outcome.failure.value().code == c.code);
            BOOST_TEST(outcome.ports.empty());
        }
    }
}

// 135 did its work when it said "no such endpoint", and the record shows it.
BOOST_AUTO_TEST_CASE(a_1753_is_recorded_with_the_service) {
    Rig rig(rig::config(), {.map_status = 0x16c9a0d6});
    rig.play();
    const auto& phases = rig.outcome().phases;
    BOOST_TEST_REQUIRE(phases.size() == 2U);
    BOOST_TEST(!phases[0].failure.has_value());
    BOOST_TEST(id(phases[1].phase) == "directory");
    BOOST_TEST(phases[1].target.port.value == 0);
    BOOST_TEST(phases[1].failure.value().code == 1753U);
}

BOOST_AUTO_TEST_CASE(a_mapper_handle_is_given_back) {
    Rig rig(rig::config({Do::check_name}), {.map_handle = true});
    rig.play();
    BOOST_TEST(rig.outcome().works);
    BOOST_TEST(rig::describe(rig.steps()[3]) == "call 4 10.0.0.10:135");
    Rig failing(rig::config({Do::check_name}), {.map_status = 0x16c9a0d6, .map_handle = true});
    failing.play();
    BOOST_TEST(!failing.outcome().works);
}

BOOST_AUTO_TEST_CASE(a_big_endian_server_is_understood) {
    Rig rig(rig::config({Do::logon, Do::new_mail}), {.big_endian = true, .mail_after = std::chrono::seconds(3)});
    rig.play();
    BOOST_TEST(rig.outcome(0).works);
    BOOST_TEST(rig.outcome(1).works);
}

// Random damage: the client comes to an end, closes what it opened, and the outcome is whole. With every answer
// damaged it hardly ever works; that it does is right when the damage hit padding or a value nobody reads.
BOOST_AUTO_TEST_CASE(damaged_answers) {
    sim::base::Random random(20240917);
    int failed = 0;
    for (int round = 0; round < 3000; ++round) {
        auto config = rig::config({Do::logon, Do::admin});
        if (round % 2 == 1) config.generation = Generation::exchange_2000;
        rig::Server server{.piece = round % 3 == 0 ? std::size_t{5} : SIZE_MAX};
        server.tamper = [&random](sim::base::Bytes& octets) {
            if (random.chance(2, 3)) return;
            for (auto hits = random.between(1, 4); hits > 0 && !octets.empty(); --hits)
                octets[random.below(octets.size())] = static_cast<sim::base::Byte>(random.below(256));
            if (random.chance(1, 5)) octets.resize(random.below(octets.size() + 1));
            if (random.chance(1, 5)) octets.insert(octets.end(), random.below(40), 0xff);
        };
        Rig rig(config, server);
        rig.play();
        BOOST_TEST_REQUIRE(rig.client().outcomes().size() == 2U);
        BOOST_TEST_REQUIRE(rig.client().idle());
        BOOST_TEST_REQUIRE(rig.open_connections() == 0U);
        for (const ActionOutcome& outcome : rig.client().outcomes()) {
            BOOST_TEST_REQUIRE(outcome.works != outcome.failure.has_value());
            BOOST_TEST_REQUIRE(!story(outcome).empty());
            failed += outcome.works ? 0 : 1;
        }
    }
    BOOST_TEST(failed > 3000);
}

// Events that no driver should send, at any time.
BOOST_AUTO_TEST_CASE(events_about_nothing_are_ignored) {
    Rig rig(rig::config());
    rig.play();
    const sim::base::Bytes octets(20, 5);
    const sim::actor::ConnectionId unknown{400}, zero{0};
    for (const auto& connection : {unknown, zero}) {
        rig.play(sim::actor::Connected{connection, {}, {}});
        rig.play(sim::actor::ConnectFailed{connection, sim::actor::ConnectError::refused});
        rig.play(sim::actor::PeerClosed{connection});
        rig.play(sim::actor::Reset{connection});
    }
    rig.play(sim::actor::UdpOpened{{9}, wire::Port{1}});
    rig.play(sim::actor::Datagram{{9}, {}, octets});
    rig.play(sim::actor::TimerFired{{2}});
    rig.play(sim::actor::TimerFired{{3}});
    rig.play(sim::actor::Listening{wire::Port{1}});
    BOOST_TEST(rig.client().outcomes().size() == 1U);
    BOOST_TEST(rig.client().idle());
}

}  // namespace
