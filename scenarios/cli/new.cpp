// firedrill new FILE: a commented scenario to start from.
#include "scenarios/cli/command.hpp"
#include "scenarios/cli/output.hpp"
#include "scenarios/runner/load.hpp"

#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>

namespace scenarios::cli {
namespace {

int write_template(const std::string& path) {
    if (path == "-") return print(runner::scenario_template()) ? as_expected : environment_said_no;
    std::error_code ignored;
    if (std::filesystem::exists(path, ignored)) {
        std::fprintf(stderr, "firedrill: error: %s exists already\n  hint: choose another name; nothing was changed\n",
                     path.c_str());
        return bad_input;
    }
    if (const auto problem = write_whole(path, runner::scenario_template())) {
        std::fprintf(stderr, "firedrill: error: %s\n", problem->c_str());
        return environment_said_no;
    }
    std::fprintf(stderr, "Wrote %s. Next:\n  firedrill run %s\n  firedrill show %s\n", path.c_str(), path.c_str(),
                 path.c_str());
    return as_expected;
}

}  // namespace

Runner add_new(CLI::App& program) {
    CLI::App* app = program.add_subcommand("new", "Writes a commented scenario to start from");
    auto path = std::make_shared<std::string>();
    app->add_option("FILE", *path, "where to write it; - for stdout")->required();
    app->footer("Example:\n  firedrill new branch.toml && firedrill run branch.toml");
    return [path] { return write_template(*path); };
}

}  // namespace scenarios::cli
