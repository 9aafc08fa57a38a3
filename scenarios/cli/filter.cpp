// firedrill filter: packets through a rule file by hand (--rules, --packets), or recorded cases on a box (--box,
// --cases) as another packet filter would have judged them.
#include "scenarios/cases/stream.hpp"
#include "scenarios/cli/command.hpp"
#include "scenarios/cli/output.hpp"
#include "scenarios/runner/load_files.hpp"

#include <cstdio>
#include <fstream>
#include <iostream>
#include <memory>
#include <string>

namespace scenarios::cli {
namespace {

struct Options {
    std::string box, cases;
    bool compare = false;
    std::string format = "text";
};

int complain(const std::string& what, const std::string& hint) {
    std::fprintf(stderr, "firedrill: error: %s\n", what.c_str());
    if (!hint.empty()) std::fprintf(stderr, "  hint: %s\n", hint.c_str());
    return bad_input;
}

std::optional<cases::Interfaces> load_box(const std::string& path) {
    runner::DiskFiles disk;
    const auto text = disk.read(path);
    if (!text) {
        complain(path + ": " + std::string(runner::sentence(text.error())), "");
        return std::nullopt;
    }
    auto box = cases::read_box(*text);
    if (box) return std::move(*box);
    complain(path + ": " + box.error(), "firedrill filter --help shows a box");
    return std::nullopt;
}

// Calls with the file, or with stdin for "-".
template <class Use>
int with_input(const std::string& path, Use use) {
    if (path == "-") return use(std::cin);
    std::ifstream file(path, std::ios::binary);
    if (!file || file.peek() == std::ifstream::traits_type::eof()) {
        runner::DiskFiles disk;  // knows why
        const auto text = disk.read(path);
        if (!text && text.error() != runner::FileError::too_large)
            return complain(path + ": " + std::string(runner::sentence(text.error())), "");
        file.clear();
    }
    return use(file);
}

int play_cases(const Options& options) {
    const auto box = load_box(options.box);
    if (!box) return bad_input;
    return with_input(options.cases, [&](std::istream& input) {
        cases::Tally tally;
        const bool compare = options.compare;
        cases::CaseStream stream(
            *box, [&](const std::string& line) { return compare || print(line); }, compare ? &tally : nullptr);
        if (!stream.play(input)) return environment_said_no;
        if (compare && !print(options.format == "jsonl" ? tally.line() : tally.text())) return environment_said_no;
        if (stream.errors() == 0 && stream.cases() == 0) return nothing_matched;
        return stream.errors() == 0 && tally.agrees() ? as_expected : not_as_expected;
    });
}

int filter(const Options& options) { return play_cases(options); }

}  // namespace

Runner add_filter(CLI::App& program) {
    CLI::App* app =
        program.add_subcommand("filter", "Sends packets through a rule file, or recorded cases through a box");
    auto options = std::make_shared<Options>();
    app->add_option("--box", options->box, "the box's interfaces, as JSON")->type_name("FILE");
    app->add_option("--cases", options->cases, "recorded cases, a JSON object a line; - is stdin")->type_name("FILE");
    app->add_flag("--compare", options->compare, "agreement with what each case expects, field by field");
    app->add_option("--format", options->format, "text or jsonl")->check(CLI::IsMember({"text", "jsonl"}));
    return [options] { return filter(*options); };
}

}  // namespace scenarios::cli
