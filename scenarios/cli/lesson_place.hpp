// Where lessons lie, and where progress in them is kept.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace scenarios::cli {

// The lessons that came with the program: beside its build, where it is installed, or below the current folder; the
// first place that has any. Sorted.
std::vector<std::string> bundled_lessons();

// A lesson's file: as typed, or the bundled lesson of that name ("why-static-ports").
std::string lesson_path(const std::string& typed);

// $XDG_STATE_HOME/firedrill, or ~/.local/state/firedrill; absent when the environment names neither.
std::optional<std::string> state_folder();

}  // namespace scenarios::cli
