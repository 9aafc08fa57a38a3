// firedrill run [PATH...]: plays scenarios and says which came out as expected.
#include "scenarios/cli/command.hpp"
#include "scenarios/cli/interrupt.hpp"
#include "scenarios/cli/output.hpp"
#include "scenarios/cli/progress.hpp"
#include "scenarios/cli/select.hpp"
#include "scenarios/cli/watch.hpp"
#include "scenarios/report/html.hpp"
#include "scenarios/report/json.hpp"
#include "scenarios/report/junit.hpp"
#include "scenarios/report/text.hpp"
#include "sim/world/capture.hpp"

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <unistd.h>

namespace scenarios::cli {
namespace {

struct Options {
    std::vector<std::string> paths;
    unsigned jobs = std::max(1U, std::thread::hardware_concurrency());
    std::optional<std::uint64_t> seed;
    std::string shard;
    std::string format = "text";
    std::string pcap_folder;
    std::string html_file;
    std::string only;
    bool explain = false;
    bool watch = false;
    ColorChoice color = ColorChoice::automatic;
};

std::optional<runner::Shard> parse_shard(const std::string& text) {
    if (text.empty()) return runner::Shard{};
    std::size_t number = 0;
    std::size_t of = 0;
    const char* const end = text.data() + text.size();
    const auto first = std::from_chars(text.data(), end, number);
    if (first.ec != std::errc{} || first.ptr == end || *first.ptr != '/') return std::nullopt;
    const auto second = std::from_chars(first.ptr + 1, end, of);
    if (second.ec != std::errc{} || second.ptr != end || number < 1 || number > of) return std::nullopt;
    return runner::Shard{number - 1, of};
}

bool matches(const runner::Unit& unit, const std::string& only) {
    return only.empty() || unit.name.find(only) != std::string::npos ||
           unit.staged->scenario->title.find(only) != std::string::npos ||
           unit.staged->scenario->source->name().find(only) != std::string::npos;
}

// A name for a file: letters, digits, dots and dashes of the result's own name.
std::string file_name_of(const std::string& name) {
    std::string out;
    for (const char c : name) {
        const bool plain =
            (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-';
        if (plain)
            out += c;
        else if (!out.empty() && out.back() != '_')
            out += '_';
    }
    return out.empty() ? "rehearsal" : out;
}

// Prints results as they come, and keeps what must be written at the end.
class Reporter {
public:
    Reporter(const Options& options, std::size_t name_width)
        : options_(options), text_{{use_color(options.color, STDOUT_FILENO)}, name_width, options.explain} {}

    void take(const runner::Result& result) {
        totals_.add(result.status);
        if (options_.format == "text") put(report::text_of(result, text_));
        if (options_.format == "jsonl") put(report::json_line(result));
        if (options_.format == "junit") junit_.add(result);
        if (!options_.html_file.empty()) html_.add(result);
        if (!options_.pcap_folder.empty()) capture(result);
    }

    int finish(std::size_t units) {
        totals_.skipped = units - totals_.passed - totals_.failed - totals_.ran - totals_.stopped;
        if (options_.format == "junit") put(junit_.document());
        if (options_.format == "text") put(report::text_of(totals_));
        if (!options_.html_file.empty()) complain(write_whole(options_.html_file, html_.document(totals_.skipped)));
        if (broken_ || failed_to_write_) return environment_said_no;
        return totals_.failed + totals_.stopped + totals_.skipped > 0 ? not_as_expected : as_expected;
    }

    bool broken() const { return broken_; }

private:
    void put(const std::string& text) { broken_ = broken_ || !print(text); }

    void capture(const runner::Result& result) {
        for (std::size_t i = 0; i < result.close_ups.size(); ++i) {
            const runner::CloseUp& seen = result.close_ups[i];
            if (!seen.trace) continue;
            std::string name = file_name_of(result.name);
            if (result.close_ups.size() > 1) name += "_" + file_name_of(result.scenario().sites[i].name);
            // Two files of the same name in different folders keep both captures.
            const int before = names_[name]++;
            if (before > 0) name += "_" + std::to_string(before + 1);
            const auto octets =
                sim::world::capture(*seen.trace, result.scenario().title + " (seed " + std::to_string(seen.seed) + ")");
            complain(write_whole(options_.pcap_folder + "/" + name + ".pcapng", sim::base::text_of(octets)));
        }
    }

    void complain(const std::optional<std::string>& problem) {
        if (!problem) return;
        std::fprintf(stderr, "firedrill: error: %s\n", problem->c_str());
        failed_to_write_ = true;
    }

    const Options& options_;
    report::TextOptions text_;
    report::Junit junit_;
    report::HtmlReport html_;
    report::Totals totals_;
    std::map<std::string, int> names_;
    bool broken_ = false;
    bool failed_to_write_ = false;
};

int run_once(const Options& options, std::vector<std::string>& files) {
    const Found found = find_scenarios(options.paths);
    files = found.files;
    for (const std::string& path : found.missing)
        std::fprintf(stderr, "firedrill: error: %s: there is no such file or folder\n", path.c_str());
    const auto shard = parse_shard(options.shard);
    if (!shard) {
        std::fprintf(stderr,
                     "firedrill: error: --shard %s\n  hint: I/N, the I-th of N parts: --shard 1/4 to --shard 4/4\n",
                     options.shard.c_str());
        return bad_input;
    }
    Stage stage = stage_all(files, use_color(options.color, STDERR_FILENO));
    if (!stage.usable || !found.missing.empty()) return bad_input;
    std::erase_if(stage.units, [&](const runner::Unit& unit) { return !matches(unit, options.only); });
    const bool any = !stage.units.empty();
    const std::vector<runner::Unit> units =
        any ? runner::in_shard(std::move(stage.units), *shard) : std::vector<runner::Unit>{};
    if (!any) {
        std::fprintf(stderr, "firedrill: no scenario matches%s%s\n", options.only.empty() ? "" : " --only ",
                     options.only.c_str());
        return nothing_matched;
    }
    std::size_t width = 20;
    for (const runner::Unit& unit : units) width = std::max(width, std::min<std::size_t>(unit.name.size(), 50));
    Reporter reporter(options, width);
    TerminalProgress progress;
    runner::RunOptions how;
    how.jobs = options.jobs;
    how.seed = options.seed;
    how.stop = &interrupted();
    how.progress = &progress;
    runner::run(units, how, [&](runner::Result&& result) {
        progress.clear();
        reporter.take(result);
    });
    progress.clear();
    return reporter.finish(units.size());
}

int run(Options options) {
    if (options.paths.empty()) options.paths = {"."};
    std::vector<std::string> files;
    int code = run_once(options, files);
    while (options.watch && !interrupted()) {
        std::fprintf(stderr, "Watching %zu files; Ctrl-C ends.\n", files.size());
        if (!wait_for_change(options.paths, interrupted())) break;
        code = run_once(options, files);
    }
    return code;
}

}  // namespace

Runner add_run(CLI::App& program) {
    CLI::App* app = program.add_subcommand("run", "Plays scenarios and says which came out as expected");
    auto options = std::make_shared<Options>();
    app->add_option("PATH", options->paths, "scenario files or folders (default: this folder)");
    app->add_option("--jobs", options->jobs, "threads (default: one per processor)")->check(CLI::Range(1, 1024));
    app->add_option("--seed", options->seed, "play this server start alone, whatever the sweep says");
    app->add_option("--shard", options->shard, "I/N: play the I-th of N parts; together they are the whole");
    app->add_option("--format", options->format, "text, jsonl or junit")
        ->check(CLI::IsMember({"text", "jsonl", "junit"}));
    app->add_option("--pcap", options->pcap_folder,
                    "folder for captures: one pcapng a result, with the verdict beside each packet")
        ->type_name("DIR");
    app->add_option("--html", options->html_file,
                    "one self-contained page with all results, to open in a browser or to mail")
        ->type_name("FILE");
    app->add_option("--only", options->only, "only results whose name, title or path has this text");
    app->add_flag("--explain", options->explain,
                  "tell the whole story of every result, not only of those that are not as expected");
    app->add_flag("--watch", options->watch, "play again whenever a file changes");
    add_color_option(*app, options->color);
    app->footer(
        "Example:\n  firedrill run scenarios/basics --jobs 2\n\nExit codes: 0 all as expected, 1 not, 2 bad input, 3 "
        "the system said no, "
        "4 nothing matched.");
    return [options] { return run(*options); };
}

}  // namespace scenarios::cli
