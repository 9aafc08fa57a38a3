// Everything that can be said of a file without playing it: errors, and what an experienced eye would doubt.
#pragma once

#include "scenarios/lint/catalogue.hpp"
#include "scenarios/runner/load_files.hpp"
#include "sim/base/diagnostic.hpp"

#include <string>

namespace scenarios::check {

struct CheckOptions {
    bool pairs = false;  // of rules that overlap or contain one another: notes that only a closer look asks for
};

// A scenario with all files that it names; or a lesson with its scenarios; or a `.reg` file; or a rule file. What it is
// shows in its name and contents.
sim::base::Diagnostics check_file(const std::string& path, runner::Files& files, const CheckOptions& options = {});

// What is said of the example of an entry: checked, or played, as its stage has it. `path` is the example's file.
sim::base::Diagnostics said_of(const lint::Entry& entry, const std::string& path, runner::Files& files);

}  // namespace scenarios::check
