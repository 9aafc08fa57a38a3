// firedrill advise SCENARIO: the smallest change that makes it work, proved before it is printed.
#include "scenarios/advice/advise.hpp"

#include "scenarios/cli/command.hpp"
#include "scenarios/cli/select.hpp"
#include "scenarios/report/advice_text.hpp"
#include "scenarios/runner/load_files.hpp"

#include <cstdio>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <unistd.h>

namespace scenarios::cli {
namespace {

struct Options {
    std::string path;
    Selection selection;
    std::uint64_t seed = 0;  // 0: the one that explains the result
    std::string format = "text";
    std::string folder;
    ColorChoice color = ColorChoice::automatic;
};

// All files of the mended scenario, or none: whatever is in the way is found before the first is written.
std::optional<std::string> write_folder(const std::string& folder, const advice::Advice& advice) {
    std::map<std::string, std::string> files = advice.scenario.files;
    files[advice.scenario_name] = advice.scenario.text;
    std::error_code error;
    if (std::filesystem::exists(folder, error) && !std::filesystem::is_directory(folder, error))
        return "cannot write to " + folder + ": it is no folder";
    for (const auto& [name, text] : files)
        if (std::filesystem::exists(folder + "/" + name, error))
            return folder + "/" + name + " is there already; choose a new folder";
    for (const auto& [name, text] : files)
        if (auto problem = write_whole(folder + "/" + name, text)) return problem;
    return std::nullopt;
}

int advise(const Options& options) {
    runner::DiskFiles disk;
    const runner::Staging staging = runner::stage_file(options.path, disk);
    print_diagnostics(staging.diagnostics, use_color(options.color, STDERR_FILENO));
    if (!staging.staged) return bad_input;
    const auto variant = find_variant(*staging.staged, options.selection);
    if (!variant) return nothing_matched;
    const auto units = runner::units_of(staging.staged);
    const bool steps = units.front().has_steps();
    const auto advice = advice::advise(units[steps ? 0 : *variant], *variant,
                                       options.seed == 0 ? std::nullopt : std::optional(options.seed));
    if (!advice) {
        std::fprintf(stderr, "firedrill: %s: no advice: %s\n  hint: firedrill run --explain %s tells what is wrong\n",
                     options.path.c_str(), std::string(advice.error()).c_str(), options.path.c_str());
        return not_as_expected;
    }
    if (!options.folder.empty() && !advice->nothing_to_do()) {
        if (const auto problem = write_folder(options.folder, *advice)) {
            std::fprintf(stderr, "firedrill: error: %s\n", problem->c_str());
            return environment_said_no;
        }
    }
    const std::string text = options.format == "jsonl"
                                 ? report::advice_json(*advice)
                                 : report::advice_text(*advice, staging.staged->variants[*variant]);
    if (!print(text)) return environment_said_no;
    if (!options.folder.empty())
        std::fprintf(stderr, "%s\n",
                     advice->nothing_to_do() ? "nothing to write"
                                             : ("written to " + options.folder + "; firedrill run " + options.folder +
                                                "/" + advice->scenario_name)
                                                   .c_str());
    return as_expected;
}

}  // namespace

Runner add_advise(CLI::App& program) {
    CLI::App* app = program.add_subcommand("advise",
                                           "Says what is wrong, and gives the registry file and the rules that mend "
                                           "it, rehearsed before they are printed");
    auto options = std::make_shared<Options>();
    app->add_option("SCENARIO", options->path, "a scenario file")->required();
    app->add_option("--case", options->selection.wanted_case, "a case, by number or by part of its title");
    app->add_option("--site", options->selection.wanted_site, "a site, by number or by part of its name");
    app->add_option("--seed", options->seed,
                    "which server start to look at (default: the one that explains the result)")
        ->check(CLI::PositiveNumber);
    app->add_option("--write", options->folder, "a new folder for a scenario with the mended files, ready to run")
        ->type_name("DIR");
    app->add_option("--format", options->format, "text or jsonl")->check(CLI::IsMember({"text", "jsonl"}));
    add_color_option(*app, options->color);
    app->footer("Example:\n  firedrill advise scenarios/registry/wrong-key.toml --write mended");
    return [options] { return advise(*options); };
}

}  // namespace scenarios::cli
