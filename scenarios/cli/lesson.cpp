// firedrill lesson FILE: a lesson in the terminal, or as a page; lesson check PATH...: whether lessons are still true.
#include "scenarios/cli/bundle.hpp"
#include "scenarios/cli/command.hpp"
#include "scenarios/cli/lesson_place.hpp"
#include "scenarios/cli/lesson_play.hpp"
#include "scenarios/cli/output.hpp"
#include "scenarios/cli/select.hpp"
#include "scenarios/lesson/page.hpp"
#include "scenarios/lesson/read.hpp"
#include "scenarios/report/diagnostics.hpp"
#include "scenarios/runner/load_files.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <unistd.h>
#include <vector>

namespace scenarios::cli {
namespace {

struct Options {
    std::vector<std::string> words;  // FILE, or check and paths
    std::string answers;
    std::string html;
    bool trainer = false;
    bool restart = false;
    ColorChoice color = ColorChoice::automatic;
};

int complain(const std::string& what, const std::string& hint) {
    std::fprintf(stderr, "firedrill: error: %s\n  hint: %s\n", what.c_str(), hint.c_str());
    return bad_input;
}

int list_bundled() {
    const std::vector<std::string> paths = bundled_lessons();
    if (paths.empty()) return complain("no lessons came with this program", "firedrill lesson FILE");
    runner::DiskFiles disk;
    std::string text;
    for (const std::string& path : paths) {
        const auto read = lesson::read_lesson(path, disk);
        const std::string name = std::filesystem::path(path).stem().string();
        if (read.lesson)
            text += fmt::format("{:<31} {:>3} min  {}\n", name, read.lesson->minutes, read.lesson->title);
        else
            text += fmt::format("{:<31} cannot be read: firedrill check {}\n", name, path);
    }
    return print(text + "\nfiredrill lesson NAME begins one.\n") ? as_expected : environment_said_no;
}

// The lesson files among all: a folder may hold the scenarios of its lessons as well.
std::vector<std::string> lessons_among(const std::vector<std::string>& files, runner::Files& disk) {
    std::vector<std::string> lessons;
    for (const std::string& file : files) {
        const auto text = disk.read(file);
        if (!text || lesson::looks_like_lesson(*text)) lessons.push_back(file);
    }
    return lessons;
}

int check_lessons(const std::vector<std::string>& paths) {
    runner::DiskFiles disk;
    sim::base::Diagnostics all;
    std::size_t count = 0;
    const auto take = [&](const sim::base::Diagnostics& more) { all.insert(all.end(), more.begin(), more.end()); };
    Found found;
    for (const std::string& path : paths) {
        std::error_code error;
        if (!std::filesystem::is_directory(path, error)) {
            found.files.push_back(lesson_path(path));
            continue;
        }
        const Found below = find_scenarios({path});
        for (const std::string& file : lessons_among(below.files, disk)) found.files.push_back(file);
    }
    for (const std::string& file : found.files) {
        const auto read = lesson::read_lesson(file, disk);
        take(read.diagnostics);
        if (read.lesson) take(lesson::answers_of(*read.lesson, disk).diagnostics);
        ++count;
    }
    std::string text;
    for (const auto& diagnostic : all) text += format(diagnostic);
    if (!print(text + report::summary(all, count))) return environment_said_no;
    if (count == 0) return nothing_matched;
    return has_errors(all) ? bad_input : as_expected;
}

int write_page(const lesson::Lesson& lesson, const lesson::Answers& answers, const Options& options) {
    const std::string page = lesson::page_of(lesson, answers, options.trainer);
    if (options.html == "-") return print(page) ? as_expected : environment_said_no;
    if (const auto problem = write_whole(options.html, page)) {
        std::fprintf(stderr, "firedrill: error: %s\n", problem->c_str());
        return environment_said_no;
    }
    return as_expected;
}

int lesson_of(const Options& options) {
    runner::DiskFiles disk;
    const bool color = use_color(options.color, STDERR_FILENO);
    const std::string path = lesson_path(options.words.front());
    const auto read = lesson::read_lesson(path, disk);
    if (!read.lesson) {
        print_diagnostics(read.diagnostics, color);
        return bad_input;
    }
    const auto answers = lesson::answers_of(*read.lesson, disk);
    if (has_errors(answers.diagnostics)) {
        print_diagnostics(answers.diagnostics, color);
        std::fprintf(stderr, "firedrill: error: the lesson is no longer true, so it is not taught\n");
        return bad_input;
    }
    LessonPlayOptions how;
    how.trainer = options.trainer;
    how.restart = options.restart;
    how.style.color = use_color(options.color, STDOUT_FILENO);
    if (!options.html.empty()) return write_page(*read.lesson, answers, options);
    if (!options.answers.empty()) return play_answers(*read.lesson, answers, options.answers, how);
    return play_lesson(*read.lesson, answers, how);
}

int run_lesson(const Options& options) {
    if (options.words.empty()) return list_bundled();
    if (options.words.front() == "check") {
        const std::vector<std::string> paths(options.words.begin() + 1, options.words.end());
        if (paths.empty())
            return complain("PATH is missing: which lessons?",
                            with_bundled_paths("firedrill lesson check scenarios/lessons"));
        return check_lessons(paths);
    }
    if (options.words.size() > 1)
        return complain("one lesson at a time", "firedrill lesson check takes several files and folders");
    return lesson_of(options);
}

}  // namespace

Runner add_lesson(CLI::App& program) {
    CLI::App* app = program.add_subcommand(
        "lesson", "Teaches: predict, see the run, explain, change it; without a file, lists the lessons");
    auto options = std::make_shared<Options>();
    app->add_option("FILE", options->words,
                    "a lesson's file or name; or check and files or folders: whether these lessons are still true");
    auto* answers = app->add_option("--answers", options->answers,
                                    "answers from this file, one a line; the transcript goes to stdout");
    app->add_flag("--trainer", options->trainer,
                  "with the right answers, the notes and the timing for whoever teaches it");
    auto* restart = app->add_flag("--restart", options->restart, "from the beginning, whatever was done before");
    auto* html =
        app->add_option("--html", options->html, "write the lesson as one page that stands alone; - for stdout")
            ->type_name("FILE");
    answers->excludes(restart);
    html->excludes(answers);
    html->excludes(restart);
    add_color_option(*app, options->color);
    app->footer("Examples:\n  firedrill lesson why-static-ports\n  firedrill lesson check scenarios/lessons");
    return [options] { return run_lesson(*options); };
}

}  // namespace scenarios::cli
