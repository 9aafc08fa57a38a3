// Lesson files: TOML text to plain data, or everything that is wrong with the text at once. The scenarios that it names
// are not opened here (plays.hpp does).
//
// Never throws on bad input, and never reads or allocates more than a fixed bound.
#pragma once

#include "scenarios/lesson/lesson.hpp"
#include "scenarios/runner/load_files.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace scenarios::lesson {

struct ReadLesson {
    std::optional<Lesson> lesson;   // present exactly when no diagnostic is an error
    base::Diagnostics diagnostics;  // in order of their places
};

// `path` also stands in every place, and says what the lesson's own paths are relative to.
ReadLesson read_lesson(const std::string& path, runner::Files& files);
ReadLesson parse_lesson(const std::string& path, std::string_view text, runner::Files& files);

// Whether a TOML text is meant as a lesson: it has a step with a `kind`, or one of a lesson's own keys at its top.
bool looks_like_lesson(std::string_view text);

}  // namespace scenarios::lesson
