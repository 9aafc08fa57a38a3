// The lines that `firedrill run` prints: one per result, and below it what a person needs when it is not as expected.
//
// "Works" and "as expected" are two different words everywhere: a logon that fails as expected is a pass.
#pragma once

#include "scenarios/report/style.hpp"
#include "scenarios/runner/result.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace scenarios::report {

namespace base = sim::base;

struct TextOptions {
    Style style{};
    std::size_t name_width = 40;
    bool stories = false;  // tell every story, not only those of results that are not as expected
};

std::string text_of(const runner::Result& result, const TextOptions& options);

struct Totals {
    std::size_t passed = 0;  // as expected
    std::size_t failed = 0;
    std::size_t ran = 0;  // nothing was expected
    std::size_t stopped = 0;
    std::size_t skipped = 0;  // not begun

    void add(runner::Status status);
};

// "2 passed, 1 failed, 0 skipped"
std::string text_of(const Totals& totals);

// "logon fails at directory", "logon works; admin fails at attendant", "logon works in 980 of 1000 starts"
std::string outcome_in_words(const runner::Result& result);

// "logon works, admin fails at attendant"
std::string outcomes_in_words(const std::vector<client::ActionOutcome>& outcomes);

// "step 2: restart-service directory at Leeds (today)", "before the first step"
std::string step_title(const runner::Result& result, const runner::StepResult& step, std::size_t number);

// The arguments that select this result again: "--case 'x' --site 'y' --seed 412".
std::string selection_of(const runner::Result& result, std::uint64_t seed);

}  // namespace scenarios::report
