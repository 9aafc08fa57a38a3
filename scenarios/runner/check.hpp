// Everything that can be said of a file without playing it: errors, and what an experienced eye would doubt.
#pragma once

#include "scenarios/runner/load_files.hpp"
#include "sim/base/diagnostic.hpp"

#include <string>

namespace scenarios::runner {

struct CheckOptions {
    bool pairs = false;  // of rules that overlap or contain one another: notes that only a closer look asks for
};

// A scenario with all files that it names; or a `.reg` file; or a rule file. What it is shows in its name and contents.
sim::base::Diagnostics check_file(const std::string& path, Files& files, const CheckOptions& options = {});

// For a scenario that stages: what its rehearsals warn of, as findings. Empty otherwise.
sim::base::Diagnostics warnings_of_run(const std::string& path, Files& files);

}  // namespace scenarios::runner
