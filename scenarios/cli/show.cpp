// firedrill show SCENARIO: the ladder of one start, or what the server itself sees.
#include "scenarios/cli/command.hpp"
#include "scenarios/cli/output.hpp"
#include "scenarios/cli/select.hpp"
#include "scenarios/cli/step.hpp"
#include "scenarios/diagnosis/diagnose.hpp"
#include "scenarios/report/diagram.hpp"
#include "scenarios/report/findings.hpp"
#include "scenarios/report/json.hpp"
#include "scenarios/report/ladder.hpp"
#include "scenarios/report/server.hpp"
#include "scenarios/report/story.hpp"
#include "scenarios/runner/load_files.hpp"

#include <fmt/format.h>

#include <cstdio>
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
    bool server = false;
    bool all = false;
    bool step = false;
    ColorChoice color = ColorChoice::automatic;
};

std::string heading(const runner::StagedScenario& staged, const std::string& name, std::uint64_t seed) {
    return staged.scenario->title + (name.empty() ? "" : "\n" + name) + "\nserver start " + std::to_string(seed) +
           "\n\n";
}

std::string ladder(const runner::CloseUp& seen, const Options& options) {
    report::LadderOptions ladder;
    ladder.style.color = use_color(options.color, STDOUT_FILENO);
    ladder.every_verdict = ladder.notes = options.all;
    return report::ladder(report::events_of(seen), ladder) + "\n";
}

// What came of it, and why.
std::string conclusion(const runner::StagedVariant& variant, const runner::CloseUp& seen) {
    std::string text;
    for (const std::string& sentence : report::story_of(seen)) {
        const std::size_t indent = sentence.find_first_not_of(' ');
        text += std::string(indent, ' ') + report::wrapped(sentence.substr(indent), 78, indent + 2) + "\n";
    }
    const auto findings = diagnosis::diagnose(variant, seen);
    if (!findings.empty()) text += "\n";
    for (const report::Line& line : report::lines_of(findings))
        text += fmt::format("{:<8} {}\n", line.label, report::wrapped(line.text, 78, 9));
    for (const runner::Warning& warning : report::warnings_beside(seen.warnings, findings))
        text += "Warning: " + report::wrapped(warning.text + " [" + warning.id + "]", 78, 9) + "\n";
    return text;
}

// The start that `run` would show: played the same way, so that both speak of the same one.
std::vector<runner::CloseUp> pick(const runner::Unit& unit, const Options& options) {
    if (options.seed != 0 && !unit.has_steps()) {
        std::vector<runner::CloseUp> one;
        one.push_back(runner::close_up(unit.staged->variants[unit.variant], options.seed));
        return one;
    }
    std::vector<runner::CloseUp> seen;
    runner::RunOptions how;
    if (options.seed != 0) how.seed = options.seed;
    runner::run({unit}, how, [&seen](runner::Result&& result) { seen = std::move(result.close_ups); });
    return seen;
}

int show(const Options& options) {
    if (options.step && (options.server || options.format != "text")) {
        std::fprintf(stderr,
                     "firedrill: error: --step walks through the ladder, without --server and --format\n  hint: the "
                     "HTML report steps through ladders too\n");
        return bad_input;
    }
    if (options.server && (options.format == "mermaid" || options.format == "svg")) {
        std::fprintf(stderr,
                     "firedrill: error: the server's own view is no diagram\n  hint: with --server the formats are "
                     "text and jsonl\n");
        return bad_input;
    }
    runner::DiskFiles disk;
    const runner::Staging staging = runner::stage_file(options.path, disk);
    print_diagnostics(staging.diagnostics, use_color(options.color, STDERR_FILENO));
    if (!staging.staged) return bad_input;
    const auto variant = find_variant(*staging.staged, options.selection);
    if (!variant) return nothing_matched;
    std::vector<runner::Unit> units = runner::units_of(staging.staged);
    const bool steps = units.front().has_steps();
    const std::vector<runner::CloseUp> seen = pick(steps ? units.front() : units[*variant], options);
    // With steps there is one look per site, in the order of the variants.
    const runner::CloseUp& chosen = seen[steps ? *variant : 0];
    const runner::StagedVariant& staged = staging.staged->variants[*variant];
    const bool stepped = options.step && can_step();
    if (stepped)
        step_through(report::events_of(chosen),
                     staging.staged->scenario->title + (staged.name.empty() ? "" : ", " + staged.name) +
                         ", server start " + std::to_string(chosen.seed),
                     {use_color(options.color, STDOUT_FILENO)});
    std::string text;
    if (options.server && options.format == "jsonl")
        text = report::server_json_lines(chosen);
    else if (options.server)
        text = heading(*staging.staged, staged.name, chosen.seed) +
               (steps ? "as it stands after the last step\n\n" : "") + report::server_text(chosen);
    else if (options.format == "jsonl")
        text = report::json_lines(report::events_of(chosen));
    else if (options.format == "mermaid")
        text = report::mermaid(report::events_of(chosen), staging.staged->scenario->title);
    else if (options.format == "svg")
        text = report::svg(report::events_of(chosen), staging.staged->scenario->title);
    else
        text = heading(*staging.staged, staged.name, chosen.seed) + (stepped ? "" : ladder(chosen, options)) +
               conclusion(staged, chosen);
    return print(text) ? as_expected : environment_said_no;
}

}  // namespace

Runner add_show(CLI::App& program) {
    CLI::App* app = program.add_subcommand("show", "Shows one rehearsal packet by packet: client, firewalls, server");
    auto options = std::make_shared<Options>();
    app->add_option("SCENARIO", options->path, "a scenario file")->required();
    app->add_option("--case", options->selection.wanted_case, "a case, by number or by part of its title");
    app->add_option("--site", options->selection.wanted_site, "a site, by number or by part of its name");
    app->add_option("--seed", options->seed, "which server start (default: the one that explains the result)")
        ->check(CLI::PositiveNumber);
    app->add_option("--format", options->format, "text, mermaid, svg or jsonl")
        ->check(CLI::IsMember({"text", "mermaid", "svg", "jsonl"}));
    app->add_flag("--server", options->server,
                  "the server's own view: start and event log, endpoint map, listeners, what waits for a restart; as "
                  "text or jsonl");
    app->add_flag("--all", options->all,
                  "every verdict, also of packets of a connection that was let through, and the programs' remarks");
    app->add_flag(
        "--step", options->step,
        "walk through the packets by keys, forward and back (? lists them); without a terminal, the whole ladder");
    add_color_option(*app, options->color);
    app->footer("Example:\n  firedrill show scenarios/basics/01-random-ports-only-135-open.toml --seed 7");
    return [options] { return show(*options); };
}

}  // namespace scenarios::cli
