// A lesson in the terminal, through a pipe, or with its answers from a file.
#pragma once

#include "scenarios/lesson/play.hpp"
#include "scenarios/report/style.hpp"

#include <string>

namespace scenarios::cli {

struct LessonPlayOptions {
    bool trainer = false;
    bool restart = false;
    report::Style style{};
};

// Lines come from the standard input, progress is kept. Leaving, the end of input and Ctrl-C are no failures.
int play_lesson(const lesson::Lesson& lesson, const lesson::Answers& answers, const LessonPlayOptions& options);

// Answers come from a file, one a line; empty lines and those that begin with # are none. The transcript is the same
// every time. Exit 1 when an answer was wrong.
int play_answers(const lesson::Lesson& lesson, const lesson::Answers& answers, const std::string& path,
                 const LessonPlayOptions& options);

}  // namespace scenarios::cli
