// How far somebody came in a lesson, as text: the lines that were typed. Going on means playing them again, so that a
// progress file can neither say more than was done nor bring the machine into a state that typing could not.
//
//   firedrill-lesson 1
//   lesson 9f86d081884c7d65
//   typed b
//   typed
#pragma once

#include "scenarios/lesson/lesson.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace scenarios::lesson {

struct Progress {
    std::vector<std::string> typed;
};

enum class ProgressState : std::uint8_t {
    usable,
    other_lesson,  // the lesson was changed since: its steps may be others
    broken,        // no progress file, or one that was cut short or changed by hand
};

struct ReadProgress {
    ProgressState state = ProgressState::broken;
    Progress progress;  // empty unless usable
};

std::string text_of(const Progress& progress, const Lesson& lesson);
ReadProgress parse_progress(std::string_view text, const Lesson& lesson);

// A file name for the progress in the lesson at that path: its own name, and a digest of the whole path.
std::string progress_file_name(std::string_view whole_path);

}  // namespace scenarios::lesson
