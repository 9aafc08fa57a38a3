// Scenario files: TOML text to plain data (scenario.hpp), or everything that is wrong with the text at once.
//
// The format for editors is scenarios/schema/scenario-v1.schema.json; this loader is the authority. It reads every file
// that the scenario names, but does not understand their contents.
// Never throws on bad input, never crashes, and never reads or allocates more than a fixed bound.
#pragma once

#include "scenarios/runner/load_files.hpp"
#include "scenarios/runner/scenario.hpp"
#include "sim/base/diagnostic.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace scenarios::runner {

struct Loaded {
    std::optional<Scenario> scenario;  // present exactly when no diagnostic is an error
    base::Diagnostics diagnostics;     // in order of their places; warnings and notes may stand beside a scenario
};

// Reads a scenario file; `path` also stands in every place. A file that cannot be read is one diagnostic.
Loaded load_scenario(const std::string& path, Files& files);

// The same for a text that is already here; `path` says what its relative paths are relative to.
Loaded parse_scenario(const std::string& path, std::string_view text, Files& files);

// The base with some of its cases laid over one another, in that order, as one case. Where several are combined, what
// each of them expects says nothing of all together, and nothing is expected. A title that the scenario does not have
// is an error at its first line.
Loaded load_combined(const std::string& path, const std::vector<std::string>& cases, Files& files);

// The commented scenario that `firedrill new` writes. It loads and runs as it stands, without any other file.
std::string scenario_template();

}  // namespace scenarios::runner
