// firedrill check PATH...: everything that can be said of files without running them.
#include "scenarios/cli/command.hpp"
#include "scenarios/cli/output.hpp"
#include "scenarios/cli/select.hpp"
#include "scenarios/report/diagnostics.hpp"
#include "scenarios/runner/check.hpp"
#include "scenarios/runner/load_files.hpp"

#include <cstdio>
#include <map>
#include <memory>
#include <string>
#include <unistd.h>
#include <vector>

namespace scenarios::cli {
namespace {

struct Options {
    std::vector<std::string> paths;
    std::string format = "text";
    ColorChoice color = ColorChoice::automatic;
};

int check(const Options& options) {
    std::vector<std::string> files;
    sim::base::Diagnostics diagnostics;
    const Found found = find_scenarios(options.paths);
    for (const std::string& path : found.missing)
        diagnostics.push_back({.severity = sim::base::Severity::error,
                               .place = {path, 0, 0, 1},
                               .what = "there is no such file or folder",
                               .id = "file-missing",
                               .hint = {},
                               .source_line = {}});
    runner::DiskFiles disk;
    for (const std::string& file : found.files) {
        const auto of_file = runner::check_file(file, disk);
        diagnostics.insert(diagnostics.end(), of_file.begin(), of_file.end());
    }
    const bool wrong = has_errors(diagnostics);
    bool printed = true;
    if (options.format == "sarif") printed = print(report::sarif(diagnostics));
    if (options.format == "jsonl") printed = print(report::diagnostics_jsonl(diagnostics));
    if (options.format == "text") {
        std::string text;
        for (const auto& diagnostic : diagnostics) text += format(diagnostic);
        text += report::summary(diagnostics, found.files.size());
        printed = print(text);
    }
    if (!printed) return environment_said_no;
    if (found.files.empty() && found.missing.empty()) return nothing_matched;
    return wrong ? bad_input : as_expected;
}

}  // namespace

Runner add_check(CLI::App& program) {
    CLI::App* app = program.add_subcommand("check", "Says what is wrong or doubtful in scenario, registry and rule files, without running them");
    auto options = std::make_shared<Options>();
    app->add_option("PATH", options->paths, "files (.toml, .reg, rule files) or folders")->required();
    app->add_option("--format", options->format, "text, sarif or jsonl")->check(CLI::IsMember({"text", "sarif", "jsonl"}));
    app->footer("Example:\n  firedrill check branch.toml reg/static.reg");
    return [options] { return check(*options); };
}

}  // namespace scenarios::cli
