#include "scenarios/cli/select.hpp"

#include "scenarios/lesson/read.hpp"
#include "scenarios/report/style.hpp"
#include "scenarios/runner/load_files.hpp"

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <filesystem>

namespace scenarios::cli {
namespace {

namespace fs = std::filesystem;

void add_folder(const fs::path& folder, std::vector<std::string>& files) {
    std::error_code error;
    std::vector<fs::path> entries;
    for (auto it = fs::directory_iterator(folder, error); !error && it != fs::directory_iterator(); it.increment(error))
        entries.push_back(it->path());
    std::sort(entries.begin(), entries.end());
    for (const fs::path& entry : entries) {
        const std::string name = entry.filename().string();
        if (name.starts_with(".")) continue;
        if (fs::is_directory(entry, error)) {
            if (name != "lessons" && !fs::is_symlink(entry, error)) add_folder(entry, files);
        } else if (entry.extension() == ".toml") {
            files.push_back(entry.generic_string());
        }
    }
}

// The index that a word names: its number from 1, or the only name that contains it (an exact one before others).
std::optional<std::size_t> index_of(const std::string& wanted, const std::vector<std::string>& names,
                                    const char* what) {
    std::size_t number = 0;
    const auto [end, error] = std::from_chars(wanted.data(), wanted.data() + wanted.size(), number);
    const bool is_number = error == std::errc{} && end == wanted.data() + wanted.size();
    std::vector<std::size_t> hits;
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (names[i] == wanted) return i;
        if (!is_number && names[i].find(wanted) != std::string::npos) hits.push_back(i);
    }
    if (is_number && number >= 1 && number <= names.size()) return number - 1;
    if (hits.size() == 1) return hits.front();
    std::fprintf(stderr, "firedrill: error: %s %s '%s'\n", hits.empty() ? "there is no" : "several match the", what,
                 sim::base::printable(wanted, 60).c_str());
    for (std::size_t i = 0; i < names.size(); ++i)
        std::fprintf(stderr, "  %s %zu: %s\n", what, i + 1, names[i].c_str());
    if (names.empty()) std::fprintf(stderr, "  the scenario has no %ss\n", what);
    return std::nullopt;
}

}  // namespace

Found find_scenarios(const std::vector<std::string>& paths) {
    Found found;
    for (const std::string& path : paths) {
        std::error_code error;
        if (fs::is_directory(path, error))
            add_folder(path, found.files);
        else if (fs::exists(path, error))
            found.files.push_back(path);
        else
            found.missing.push_back(path);
    }
    return found;
}

void print_diagnostics(const sim::base::Diagnostics& diagnostics, bool color) {
    const report::Style style{color};
    for (const auto& diagnostic : diagnostics) {
        const report::Tone tone =
            diagnostic.severity == sim::base::Severity::error ? report::Tone::bad : report::Tone::plain;
        std::string text = format(diagnostic);
        const std::size_t first_line = text.find('\n');
        std::fputs((style(tone, text.substr(0, first_line)) + text.substr(first_line)).c_str(), stderr);
    }
}

Stage stage_all(const std::vector<std::string>& files, bool color) {
    Stage stage;
    runner::DiskFiles disk;
    for (const std::string& file : files) {
        if (const auto text = disk.read(file); text && file.ends_with(".toml") && lesson::looks_like_lesson(*text)) {
            std::fprintf(stderr, "%s: error: this is a lesson, not a scenario\n  hint: firedrill lesson %s\n",
                         file.c_str(), file.c_str());
            stage.usable = false;
            continue;
        }
        runner::Staging staging = runner::stage_file(file, disk);
        print_diagnostics(staging.diagnostics, color);
        if (!staging.staged) {
            stage.usable = false;
            continue;
        }
        for (runner::Unit& unit : runner::units_of(staging.staged)) stage.units.push_back(std::move(unit));
    }
    return stage;
}

std::optional<std::size_t> find_variant(const runner::StagedScenario& staged, const Selection& selection) {
    std::optional<std::size_t> wanted_case;
    std::optional<std::size_t> wanted_site;
    if (!selection.wanted_case.empty()) {
        std::vector<std::string> titles;
        for (const auto& info : staged.scenario->cases) titles.push_back(info.title);
        wanted_case = index_of(selection.wanted_case, titles, "case");
        if (!wanted_case) return std::nullopt;
    }
    if (!selection.wanted_site.empty()) {
        std::vector<std::string> names;
        for (const auto& info : staged.scenario->sites) names.push_back(info.name);
        wanted_site = index_of(selection.wanted_site, names, "site");
        if (!wanted_site) return std::nullopt;
    }
    for (std::size_t i = 0; i < staged.variants.size(); ++i) {
        const runner::Variant& variant = *staged.variants[i].variant;
        if (variant.case_index == wanted_case && (!wanted_site || variant.site_index == wanted_site)) return i;
    }
    return std::nullopt;
}

}  // namespace scenarios::cli
