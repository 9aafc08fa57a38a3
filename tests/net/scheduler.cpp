// The scheduler against a sorted list, and its fine print.
#include "sim/net/scheduler.hpp"

#include "sim/base/random.hpp"

#include <boost/test/unit_test.hpp>

#include <map>
#include <vector>

namespace {

using namespace sim;
using base::SimDuration;
using base::SimTime;
using net::Scheduler;

SimTime at(std::int64_t ns) { return SimTime{SimDuration{ns}}; }

struct Listener : Scheduler::Target {
    std::vector<std::pair<std::int64_t, std::uint64_t>> heard;
    void fire(std::uint64_t token, SimTime now) override { heard.emplace_back(now.time_since_epoch().count(), token); }
};

BOOST_AUTO_TEST_SUITE(scheduler)

BOOST_AUTO_TEST_CASE(events_of_one_instant_fire_as_posted) {
    Scheduler s;
    Listener l;
    for (std::uint64_t token = 0; token < 50; ++token) s.at(at(token % 2 == 0 ? 100 : 50), l, token);
    BOOST_TEST((s.run() == Scheduler::End::idle));
    BOOST_REQUIRE(l.heard.size() == 50);
    for (std::size_t i = 0; i < 50; ++i) {
        BOOST_TEST(l.heard[i].first == (i < 25 ? 50 : 100));
        BOOST_TEST(l.heard[i].second == (i < 25 ? 2 * i + 1 : 2 * (i - 25)));
    }
}

// Every order of posting, cancelling and running agrees with a map sorted by (time, insertion number).
BOOST_AUTO_TEST_CASE(agrees_with_a_sorted_map_on_random_work) {
    for (std::uint64_t seed = 0; seed < 60; ++seed) BOOST_TEST_CONTEXT("seed " << seed) {
            base::Random random(seed);
            Scheduler s;
            Listener l;
            std::map<std::pair<std::int64_t, std::uint64_t>, net::EventId> model;
            std::vector<std::pair<std::int64_t, std::uint64_t>> expected;
            std::uint64_t number = 0;
            const std::uint64_t spread = std::uint64_t{1} << random.between(1, 40);
            for (int round = 0; round < 400; ++round) {
                const auto now = s.now().time_since_epoch().count();
                const auto what = random.below(10);
                if (what < 6) {
                    const auto time = now + static_cast<std::int64_t>(random.below(spread));
                    model[{time, number}] = s.at(at(time), l, number);
                    ++number;
                } else if (what < 8 && !model.empty()) {
                    auto victim = model.begin();
                    std::advance(victim, static_cast<std::ptrdiff_t>(random.below(model.size())));
                    BOOST_TEST(s.cancel(victim->second));
                    BOOST_TEST(!s.cancel(victim->second));
                    model.erase(victim);
                } else {
                    const auto until = now + static_cast<std::int64_t>(random.below(spread));
                    s.run_until(at(until));
                    BOOST_TEST(s.now().time_since_epoch().count() == until);
                    while (!model.empty() && model.begin()->first.first <= until) {
                        expected.push_back(model.begin()->first);
                        model.erase(model.begin());
                    }
                }
                BOOST_TEST(s.pending() == model.size());
            }
            s.run();
            for (const auto& [key, id] : model) expected.push_back(key);
            BOOST_TEST((l.heard == expected));
        }
}

BOOST_AUTO_TEST_CASE(a_far_event_that_was_looked_at_does_not_hide_a_nearer_one) {
    Scheduler s;
    Listener l;
    s.at(at(1'000'000), l, 1);
    BOOST_TEST((s.run_until(at(10)) == Scheduler::End::time_reached));
    s.at(at(20), l, 2);
    s.at(at(10), l, 3);
    s.run();
    BOOST_TEST((l.heard == std::vector<std::pair<std::int64_t, std::uint64_t>>{{10, 3}, {20, 2}, {1'000'000, 1}}));
}

BOOST_AUTO_TEST_CASE(cancelled_events_do_not_move_time) {
    Scheduler s;
    Listener l;
    s.at(at(5), l, 1);
    const auto late = s.at(at(21'000'000'000), l, 2);
    s.cancel(late);
    BOOST_TEST((s.run() == Scheduler::End::idle));
    BOOST_TEST((s.now() == at(5)));
    BOOST_TEST(!s.cancel(late));
    BOOST_TEST(!s.cancel(net::EventId{}));
}

BOOST_AUTO_TEST_CASE(an_id_of_an_event_that_fired_cancels_nothing_else) {
    Scheduler s;
    Listener l;
    const auto first = s.at(at(1), l, 1);
    s.run();
    s.at(at(2), l, 2);  // takes over the place of the first
    BOOST_TEST(!s.cancel(first));
    s.run();
    BOOST_TEST(l.heard.size() == 2);
}

BOOST_AUTO_TEST_CASE(timers_set_and_cancelled_without_end_take_no_memory) {
    Scheduler s;
    Listener l;
    s.at(at(10'000'000'000), l, 0);
    net::EventId highest{0, 0};
    for (std::uint64_t i = 0; i < 100'000; ++i) {
        const auto id = s.at(at(static_cast<std::int64_t>(3'000'000'000 + i)), l, i);
        highest.node = std::max(highest.node, id.node);
        s.cancel(id);
    }
    BOOST_TEST(highest.node < 1000);
    s.run();
    BOOST_TEST(l.heard.size() == 1);
}

struct Endless : Scheduler::Target {
    Scheduler* scheduler = nullptr;
    void fire(std::uint64_t token, SimTime now) override { scheduler->at(now, *this, token + 1); }
};

BOOST_AUTO_TEST_CASE(a_budget_stops_what_would_never_end) {
    Scheduler s;
    Endless e;
    e.scheduler = &s;
    s.at(at(0), e, 0);
    BOOST_TEST((s.run(1000) == Scheduler::End::out_of_budget));
    BOOST_TEST(s.fired() == 1000);
    BOOST_TEST((s.run_until(at(10), 500) == Scheduler::End::out_of_budget));
    BOOST_TEST(s.fired() == 1500);
    BOOST_TEST((s.now() == at(0)));
}

BOOST_AUTO_TEST_CASE(reset_begins_anew) {
    Scheduler s;
    Listener l;
    s.at(at(7), l, 1);
    s.at(at(9), l, 2);
    s.step();
    s.reset();
    BOOST_TEST(s.pending() == 0);
    BOOST_TEST((s.now() == base::time_zero));
    s.at(at(3), l, 3);
    s.run();
    BOOST_TEST((l.heard == std::vector<std::pair<std::int64_t, std::uint64_t>>{{7, 1}, {3, 3}}));
}

BOOST_AUTO_TEST_CASE(nothing_fires_beyond_the_time_asked_for) {
    Scheduler s;
    Listener l;
    s.at(at(100), l, 1);
    BOOST_TEST(!s.step(at(99)));
    BOOST_TEST((s.now() == base::time_zero));
    BOOST_TEST(s.step(at(100)));
    BOOST_TEST(!s.step());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
