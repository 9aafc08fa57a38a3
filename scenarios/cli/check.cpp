// firedrill check PATH...: everything that can be said of files without running them; and what each finding means.
#include "scenarios/check/check.hpp"

#include "scenarios/cli/command.hpp"
#include "scenarios/cli/output.hpp"
#include "scenarios/cli/select.hpp"
#include "scenarios/report/diagnostics.hpp"
#include "scenarios/report/explanation.hpp"
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
    std::string explain;
    bool list = false;
    bool pairs = false;
    ColorChoice color = ColorChoice::automatic;
};

int complain(const std::string& what, const std::string& hint) {
    std::fprintf(stderr, "firedrill: error: %s\n  hint: %s\n", what.c_str(), hint.c_str());
    return bad_input;
}

// The example is really checked, or played, so that the page cannot promise what the program does not do.
int explain(const std::string& id) {
    const lint::Entry* entry = lint::find(id);
    if (entry == nullptr) {
        const std::string nearest = lint::nearest_id(id);
        return complain("there is no finding with the id '" + sim::base::printable(id, 60) + "'",
                        nearest.empty() ? "firedrill check --list shows them all" : "did you mean '" + nearest + "'?");
    }
    const std::string name(usual_file_name(entry->example.kind));
    std::map<std::string, std::string> texts{{name, lint::whole_text(entry->example)}};
    if (!entry->example.beside_name.empty())
        texts.emplace(std::string(entry->example.beside_name), std::string(entry->example.beside_text));
    runner::MemoryFiles files(std::move(texts));
    return print(report::explanation(*entry, check::said_of(*entry, name, files))) ? as_expected : environment_said_no;
}

// Stable ids are worth nothing to someone who does not know that they can be looked up. Not for programs that read on.
void tell_where_to_look(const sim::base::Diagnostics& diagnostics) {
    const sim::base::Diagnostic* worst = nullptr;
    for (const auto& diagnostic : diagnostics)
        if (worst == nullptr || diagnostic.severity > worst->severity) worst = &diagnostic;
    if (worst != nullptr)
        std::fprintf(stderr, "firedrill check --explain %s says what that means and how to mend it\n",
                     worst->id.c_str());
}

int check_files(const Options& options) {
    sim::base::Diagnostics diagnostics;
    const Found found = find_scenarios(options.paths);
    for (const std::string& path : found.missing)
        diagnostics.push_back({.severity = sim::base::Severity::error,
                               .place = {path, 0, 0, 1},
                               .what = "there is no such file or folder",
                               .id = "missing-file",
                               .hint = {},
                               .source_line = {}});
    runner::DiskFiles disk;
    for (const std::string& file : found.files) {
        const auto of_file = check::check_file(file, disk, {.pairs = options.pairs});
        diagnostics.insert(diagnostics.end(), of_file.begin(), of_file.end());
    }
    bool printed = true;
    if (options.format == "sarif") printed = print(report::sarif(diagnostics));
    if (options.format == "jsonl") printed = print(report::diagnostics_jsonl(diagnostics));
    if (options.format == "text") {
        std::string text;
        for (const auto& diagnostic : diagnostics) text += format(diagnostic);
        text += report::summary(diagnostics, found.files.size());
        printed = print(text);
        tell_where_to_look(diagnostics);
    }
    if (!printed) return environment_said_no;
    if (found.files.empty() && found.missing.empty()) return nothing_matched;
    return has_errors(diagnostics) ? bad_input : as_expected;
}

int check(const Options& options) {
    const bool list = options.list || options.explain == "all";
    if (list) return print(report::list_of_entries()) ? as_expected : environment_said_no;
    if (!options.explain.empty()) return explain(options.explain);
    if (options.paths.empty())
        return complain("PATH is missing: what shall be checked?",
                        "firedrill check branch.toml, or check --explain ID");
    return check_files(options);
}

}  // namespace

Runner add_check(CLI::App& program) {
    CLI::App* app = program.add_subcommand(
        "check", "Says what is wrong or doubtful in scenario, registry and rule files, without running them");
    auto options = std::make_shared<Options>();
    auto* paths = app->add_option("PATH", options->paths, "files (.toml, .reg, rule files) or folders");
    app->add_option("--format", options->format, "text, sarif or jsonl")
        ->check(CLI::IsMember({"text", "sarif", "jsonl"}));
    auto* explain_option = app->add_option("--explain", options->explain,
                                           "what the finding with this id means, with an example and the mend")
                               ->type_name("ID");
    auto* list = app->add_flag("--list", options->list, "all ids of findings");
    app->add_flag("--pairs", options->pairs, "also notes on pairs of rules whose order matters");
    explain_option->excludes(paths);
    list->excludes(paths);
    app->footer("Examples:\n  firedrill check branch.toml reg/static.reg\n  firedrill check --explain port-hex-typed");
    return [options] { return check(*options); };
}

}  // namespace scenarios::cli
