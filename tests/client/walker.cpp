// Every step of every action is made to fail in every way, and the client must name the service, the stage and the
// cause; and it must never say that it works.
#include "client/explain.hpp"
#include "client/message.hpp"
#include "tests/client/rig.hpp"

#include <boost/test/unit_test.hpp>

namespace {

using namespace client;
using rig::Mishap;
using rig::Rig;
using rig::Step;
namespace wire = sim::wire;

Phase service_at(const wire::Port port) {
    if (port == wire::Port{135}) return Phase::endpoint_mapper;
    if (port == rig::directory_port) return Phase::directory;
    return port == rig::store_port ? Phase::information_store : Phase::attendant;
}

Stage stage_of(const Step& step) {
    const bool lookup = step.target.port == wire::Port{135};
    switch (step.kind) {
        case Step::Kind::connect: return lookup ? Stage::lookup_connect : Stage::connect;
        case Step::Kind::bind: return lookup ? Stage::lookup_bind : Stage::bind;
        case Step::Kind::call: return lookup ? Stage::lookup_call : Stage::call;
    }
    return Stage::call;
}

struct Expected {
    Cause cause;
    std::uint32_t bind_code, call_code;
};

Expected expected(Mishap mishap) {
    switch (mishap) {
        case Mishap::timed_out: return {Cause::timed_out, 1722, 0};
        case Mishap::refused: return {Cause::refused, 1722, 0};
        case Mishap::unreachable: return {Cause::unreachable, 1722, 0};
        case Mishap::no_resources: return {Cause::no_resources, 1721, 0};
        case Mishap::reset: return {Cause::reset, 1727, 1726};
        case Mishap::closed:
        case Mishap::half_an_answer: return {Cause::closed_early, 1727, 1726};
        case Mishap::silence: return {Cause::no_answer, 1727, 1726};
        case Mishap::garbage:
        case Mishap::foreign_call_id:
        case Mishap::short_answer: return {Cause::protocol_error, 1728, 1728};
        case Mishap::fault: return {Cause::fault, 5, 5};
        case Mishap::error_code: return {Cause::service_error, 5, 5};
        case Mishap::nak: return {Cause::bind_nak, 1747, 0};
        case Mishap::rejection: return {Cause::interface_rejected, 1717, 0};
    }
    return {};
}

std::vector<Mishap> mishaps_of(const Step& step) {
    std::vector<Mishap> all;
    const auto add = [&all](const auto& some) { all.insert(all.end(), some.begin(), some.end()); };
    if (step.kind == Step::Kind::connect) {
        add(rig::connect_mishaps);
    } else {
        add(rig::answer_mishaps);
        if (step.kind == Step::Kind::bind) add(rig::bind_mishaps);
        if (step.kind == Step::Kind::call) add(rig::call_mishaps);
    }
    return all;
}

bool registration(const Step& step) {
    return step.kind == Step::Kind::call && step.target.port == rig::store_port && step.opnum == 4;
}

void judge(const Rig& rig, const Step& step, Mishap mishap, std::size_t outcomes) {
    BOOST_TEST_REQUIRE(rig.client().idle());
    BOOST_TEST(rig.client().outcomes().size() == outcomes);
    const ActionOutcome& outcome = rig.client().outcomes().back();
    BOOST_TEST(rig.open_connections() == 0U);
    if (registration(step) && (mishap == Mishap::fault || mishap == Mishap::error_code)) {
        BOOST_TEST(outcome.works);  // mail works without notices
        BOOST_TEST(outcome.notices_refused);
        return;
    }
    BOOST_TEST_REQUIRE(!outcome.works);
    const Failure& failure = outcome.failure.value();
    const Expected want = expected(mishap);
    BOOST_TEST(id(failure.phase) == id(service_at(step.target.port)));
    BOOST_TEST(id(failure.stage) == id(stage_of(step)));
    BOOST_TEST(id(failure.cause) == id(want.cause));
    BOOST_TEST(failure.code == (step.kind == Step::Kind::call ? want.call_code : want.bind_code));
    BOOST_TEST(outcome.shown_code == failure.code);
    BOOST_TEST(message_for(outcome).has_value());
    BOOST_TEST(!story(outcome).empty());
    BOOST_TEST((outcome.phases.back().failure == failure));
    BOOST_TEST((outcome.phases.back().target == step.target));
    for (const PhaseRecord& record : outcome.phases) BOOST_TEST((record.began <= record.ended));
}

struct Play {
    const char* name;
    OutlookConfig config;
};

std::vector<Play> plays() {
    std::vector<Play> all{{"logon 5.5", rig::config()},
                          {"logon 2000", rig::config()},
                          {"check name 5.5", rig::config({Do::check_name})},
                          {"check name 2000", rig::config({Do::check_name})},
                          {"administrator", rig::config({Do::admin})},
                          {"public folders", rig::config({Do::public_folders})}};
    all[1].config.generation = all[3].config.generation = Generation::exchange_2000;
    all[5].config.public_folder_servers = {rig::folder_server};
    return all;
}

BOOST_AUTO_TEST_CASE(every_step_fails_in_every_way) {
    for (const Play& play : plays()) {
        Rig whole(play.config);
        whole.play();
        BOOST_TEST_REQUIRE(whole.outcome().works, play.name);
        BOOST_TEST(whole.open_connections() == 0U);
        for (std::size_t at = 0; at < whole.steps().size(); ++at) {
            const Step& step = whole.steps()[at];
            for (const Mishap mishap : mishaps_of(step)) {
                BOOST_TEST_CONTEXT(play.name << ", " << rig::describe(step) << ": " << rig::name(mishap)) {
                    for (const std::size_t piece : {SIZE_MAX, std::size_t{1}, std::size_t{7}}) {
                        Rig rig(play.config, {.mishap_at = at, .mishap = mishap, .piece = piece});
                        rig.play();
                        judge(rig, step, mishap, 1);
                    }
                }
            }
        }
    }
}

// The time that silence costs: one reply time-out, counted from the last thing sent.
BOOST_AUTO_TEST_CASE(silence_ends_after_the_reply_timeout) {
    Rig whole(rig::config());
    whole.play();
    for (std::size_t at = 0; at < whole.steps().size(); ++at) {
        if (whole.steps()[at].kind == Step::Kind::connect) continue;
        BOOST_TEST_CONTEXT(rig::describe(whole.steps()[at])) {
            Rig rig(rig::config(), {.mishap_at = at, .mishap = Mishap::silence});
            rig.play();
            const PhaseRecord& last = rig.outcome().phases.back();
            BOOST_TEST((last.ended - last.began >= std::chrono::seconds(60)));
            BOOST_TEST((last.ended - last.began < std::chrono::seconds(61)));
        }
    }
}

// The answer does not depend on how the stream was cut.
BOOST_AUTO_TEST_CASE(any_split_gives_the_same_outcome) {
    Rig whole(rig::config());
    whole.play();
    for (std::size_t piece = 1; piece < 160; ++piece) {
        Rig rig(rig::config(), {.piece = piece});
        rig.play();
        BOOST_TEST((rig.outcome() == whole.outcome()), piece);
    }
}

}  // namespace
