// The right answers of a lesson, read off its runs, and everything by which it has gone stale.
#pragma once

#include "scenarios/lesson/plays.hpp"

#include <string>
#include <vector>

namespace scenarios::lesson {

// What a modification brings: one option of each toggle, played.
struct Combination {
    std::vector<std::size_t> options;  // by toggle
    PlayedPtr run;
    bool meets = false;  // the goal
};

struct StepAnswers {
    PlayedPtr run;                          // predict, show, explain, when the step has one
    std::size_t right = 0;                  // predict: the choice that matches the run
    std::vector<std::string> against;       // predict: what speaks against each choice; empty for the right one
    std::vector<PlayedPtr> rows;            // show; explain: one for each of its seeds
    std::vector<Combination> combinations;  // modify: all of them, the first toggle slowest
    std::vector<PlayedPtr> item_runs;       // quiz: null for items of words
    std::vector<std::string> item_answers;  // quiz: as shown
};

struct Answers {
    std::vector<StepAnswers> steps;  // as Lesson::steps; complete only when nothing is an error
    base::Diagnostics diagnostics;
};

inline constexpr std::size_t combinations_max = 64;  // runs of one modify step

// Only whether everything that the lesson names is there; nothing is played.
base::Diagnostics look_up(const Lesson& lesson, runner::Files& files);

// Plays everything. The lesson is true when no diagnostic is an error.
Answers answers_of(const Lesson& lesson, runner::Files& files);

// The combination with these options; options beyond the last count as the last.
const Combination& combination_of(const Step& step, const StepAnswers& answers,
                                  const std::vector<std::size_t>& options);

// Whether a line that somebody typed answers an item: the number alone, or one of the words within it.
bool is_right(const Item& item, const Facts* facts, std::string_view typed);

}  // namespace scenarios::lesson
