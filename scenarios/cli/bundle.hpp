// The scenarios that came with the program, for people who are not in the folder where they lie.
#pragma once

#include <CLI/CLI.hpp>

#include <optional>
#include <string>
#include <vector>

namespace scenarios::cli {

// The folder "scenarios" beside the program's build, or where it is installed; absent when there is none.
std::optional<std::string> bundle_folder();

// Where a path that does not exist from here lies in the bundle: "scenarios/basics", "basics/x.toml", "basics/x".
std::optional<std::string> bundled_path(const std::string& typed);

// A text in which "scenarios/..." leads to files that exist: as it is where that folder is, else into the bundle.
std::string with_bundled_paths(std::string text);

// The examples below every --help.
void show_bundled_examples(CLI::App& program);

// After a command line that did not work: which of its words name bundled files, one hint each.
std::vector<std::string> bundle_hints(const std::vector<std::string>& arguments);

}  // namespace scenarios::cli
