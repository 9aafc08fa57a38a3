// firedrill advise SCENARIO: the smallest change that makes it work, rehearsed before it is printed.
#include "scenarios/advice/advise.hpp"

#include "scenarios/cli/command.hpp"
#include "scenarios/cli/select.hpp"
#include "scenarios/report/advice_text.hpp"
#include "scenarios/runner/load_files.hpp"

#include <algorithm>
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

// A path as a shell takes it.
std::string for_a_shell(const std::string& path) {
    const bool plain = path.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./") ==
                       std::string::npos;
    return plain ? path : "'" + path + "'";
}

// One variant; `folder` is where its files go, if anywhere.
int advise_one(const runner::StagedScenario& staged, const runner::Unit& unit, std::size_t variant,
               const Options& options, const std::string& folder) {
    const std::string& path = options.path;
    const auto advice = advice::advise(unit, variant, options.seed == 0 ? std::nullopt : std::optional(options.seed));
    if (!advice) {
        const std::string name = staged.variants[variant].name;
        std::fprintf(stderr,
                     "firedrill: %s%s%s: no advice: %s\n  hint: firedrill run --explain %s tells what is wrong\n",
                     path.c_str(), name.empty() ? "" : ": ", name.c_str(), std::string(advice.error()).c_str(),
                     for_a_shell(path).c_str());
        return not_as_expected;
    }
    if (!folder.empty() && !advice->nothing_to_do()) {
        if (const auto problem = write_folder(folder, *advice)) {
            std::fprintf(stderr, "firedrill: error: %s\n", problem->c_str());
            return environment_said_no;
        }
    }
    const std::string text = options.format == "jsonl" ? report::advice_json(*advice)
                                                       : report::advice_text(*advice, staged.variants[variant]);
    if (!print(text)) return environment_said_no;
    if (folder.empty()) return as_expected;
    if (advice->nothing_to_do())
        std::fprintf(stderr, "nothing to write\n");
    else
        std::fprintf(stderr, "written to %s; firedrill run %s\n", folder.c_str(),
                     for_a_shell(folder + "/" + advice->scenario_name).c_str());
    return as_expected;
}

int advise(const Options& options) {
    runner::DiskFiles disk;
    const runner::Staging staging = runner::stage_file(options.path, disk);
    print_diagnostics(staging.diagnostics, use_color(options.color, STDERR_FILENO));
    if (!staging.staged) return bad_input;
    const auto first = find_variant(*staging.staged, options.selection);
    if (!first) return nothing_matched;
    const auto units = runner::units_of(staging.staged);
    const auto unit_of = [&](std::size_t variant) -> const runner::Unit& {
        return units.front().has_steps() ? units.front() : units[variant];
    };
    // Each site has filters of its own, so without --site all of them are advised, one after the other.
    const auto& variants = staging.staged->variants;
    int worst = as_expected;
    bool begun = false;
    for (std::size_t i = *first; i < variants.size(); ++i) {
        const bool wanted = i == *first || (options.selection.wanted_site.empty() && variants[i].variant->site_index &&
                                            variants[i].variant->case_index == variants[*first].variant->case_index);
        if (!wanted) continue;
        if (begun && options.format == "text" && !print("\n")) return environment_said_no;
        begun = true;
        std::string folder = options.folder;
        if (!folder.empty() && variants[i].variant->site_index && options.selection.wanted_site.empty())
            folder += "/site-" + std::to_string(*variants[i].variant->site_index + 1);
        worst = std::max(worst, advise_one(*staging.staged, unit_of(i), i, options, folder));
    }
    return worst;
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
