// Which scenarios a command line means.
#pragma once

#include "scenarios/runner/run.hpp"

#include <optional>
#include <string>
#include <vector>

namespace scenarios::cli {

// Scenario files under the paths: a file as it is, a folder with everything below it that ends in ".toml", sorted,
// without hidden folders and without lessons (which are no scenarios). "missing" are paths that do not exist.
struct Found {
    std::vector<std::string> files;
    std::vector<std::string> missing;
};
Found find_scenarios(const std::vector<std::string>& paths);

// All files staged; what is wrong with them goes to stderr, all at once. False when any has an error.
struct Stage {
    std::vector<runner::Unit> units;
    bool usable = true;
};
Stage stage_all(const std::vector<std::string>& files, bool color);

// One variant of one scenario, by number (from 1) or by its words. A word that names none, or more than one, is
// complained about on stderr and gives nothing.
struct Selection {
    std::string wanted_case;  // empty: the base, or the only one there is
    std::string wanted_site;  // empty: the first site
};
std::optional<std::size_t> find_variant(const runner::StagedScenario& staged, const Selection& selection);

void print_diagnostics(const sim::base::Diagnostics& diagnostics, bool color);

}  // namespace scenarios::cli
