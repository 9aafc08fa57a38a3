// The subcommands of `firedrill`: one source file each, registered here. A subcommand owns its options, does its work
// through scenarios/runner and scenarios/report, and returns an exit code.
//
// Data goes to stdout, everything else to stderr.
#pragma once

#include "scenarios/cli/output.hpp"

#include <CLI/CLI.hpp>

#include <functional>
#include <map>
#include <string>

namespace scenarios::cli {

// Exit codes of every subcommand.
enum Exit : int {
    as_expected = 0,
    not_as_expected = 1,
    bad_input = 2,            // usage, or a file that cannot be used
    environment_said_no = 3,  // no rights, no space, a port taken
    nothing_matched = 4,      // the selection is empty
};

// Adds the subcommand to the program; what is returned runs it once its options are parsed.
using Runner = std::function<int()>;
Runner add_run(CLI::App& program);
Runner add_show(CLI::App& program);
Runner add_explain(CLI::App& program);
Runner add_check(CLI::App& program);
Runner add_new(CLI::App& program);
Runner add_advise(CLI::App& program);
Runner add_filter(CLI::App& program);
Runner add_import(CLI::App& program);
Runner add_serve(CLI::App& program);
Runner add_connect(CLI::App& program);
Runner add_probe(CLI::App& program);
Runner add_lesson(CLI::App& program);

// The option that every subcommand with coloured output has.
inline void add_color_option(CLI::App& app, ColorChoice& choice) {
    const std::map<std::string, ColorChoice> words{
        {"auto", ColorChoice::automatic}, {"always", ColorChoice::always}, {"never", ColorChoice::never}};
    app.add_option("--color", choice, "colour: auto, always or never")
        ->type_name("WHEN")
        ->transform(CLI::CheckedTransformer(words).description(""));
}

}  // namespace scenarios::cli
