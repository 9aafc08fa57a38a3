#include "scenarios/check/check.hpp"

#include "fakeserver/review.hpp"
#include "scenarios/check/causes.hpp"
#include "scenarios/lesson/answers.hpp"
#include "scenarios/lesson/read.hpp"
#include "scenarios/runner/check_rules.hpp"
#include "scenarios/runner/run.hpp"
#include "sim/firewall/import/import.hpp"
#include "sim/firewall/import/native_text.hpp"

#include <algorithm>
#include <tuple>

namespace scenarios::check {
namespace {

namespace firewall = sim::firewall;
using runner::Files;
using runner::stage_file;
using runner::StagedVariant;
using runner::Staging;

base::Diagnostics check_scenario(const std::string& path, Files& files, const CheckOptions& options) {
    const Staging staging = stage_file(path, files);
    base::Diagnostics all = staging.diagnostics;
    if (!staging.staged) return all;
    for (const StagedVariant& variant : staging.staged->variants)
        all.insert(all.end(), variant.findings.begin(), variant.findings.end());
    firewall::exact::LintOptions how;
    how.pairs = options.pairs;
    for (base::Diagnostic& finding : runner::lint_scenario(*staging.staged, how))
        if (std::find(all.begin(), all.end(), finding) == all.end()) all.push_back(std::move(finding));
    // The review of the registry and the lint of rules know their findings more closely than the diagnosis does.
    const base::Diagnostics reviewed = all;
    for (base::Diagnostic& cause : causes_in_files(*staging.staged)) {
        const auto same = [&cause](const base::Diagnostic& d) {
            return d.id == cause.id && d.place.file == cause.place.file && d.place.line == cause.place.line;
        };
        if (std::none_of(reviewed.begin(), reviewed.end(), same)) all.push_back(std::move(cause));
    }
    std::stable_sort(all.begin(), all.end(), [](const base::Diagnostic& a, const base::Diagnostic& b) {
        return std::tie(a.place.file, a.place.line, a.place.column) <
               std::tie(b.place.file, b.place.line, b.place.column);
    });
    all.erase(std::unique(all.begin(), all.end()), all.end());
    return all;
}

// What can be said of a lesson without playing its runs, or with it.
base::Diagnostics check_lesson(const std::string& path, Files& files, bool play) {
    const lesson::ReadLesson read = lesson::read_lesson(path, files);
    base::Diagnostics all = read.diagnostics;
    if (!read.lesson) return all;
    const base::Diagnostics more =
        play ? lesson::answers_of(*read.lesson, files).diagnostics : lesson::look_up(*read.lesson, files);
    all.insert(all.end(), more.begin(), more.end());
    return all;
}

base::Diagnostics check_registry(const std::string& path, const std::string& text) {
    const auto parsed = fakeserver::parse_registry_file(path, base::view_of(text));
    if (!parsed) return parsed.error();
    base::Diagnostics all = parsed->remarks;
    fakeserver::Registry registry;
    registry.import(*parsed);
    const auto findings = fakeserver::review_registry(registry, fakeserver::StartConditions{});
    all.insert(all.end(), findings.begin(), findings.end());
    return all;
}

base::Diagnostics lint_of(const firewall::RuleSet& rules, const base::SourceText& source, const CheckOptions& options) {
    const base::SourceText* const sources[] = {&source};
    firewall::exact::LintOptions how;
    how.pairs = options.pairs;
    return runner::lint_with_lines(rules, sources, how);
}

base::Diagnostics check_rules(const std::string& path, const std::string& text, const CheckOptions& options) {
    const base::SourceText source(path, text);
    if (const auto format = firewall::import::detect_format(text)) {
        firewall::import::ImportOptions how;
        how.no_path = true;
        const auto imported = firewall::import::import_rules(source, *format, how);
        if (!imported) return imported.error();
        base::Diagnostics all = imported->remarks;
        const base::Diagnostics found = lint_of(*imported->rules, source, options);
        all.insert(all.end(), found.begin(), found.end());
        return all;
    }
    auto parsed = firewall::import::parse_native_file(source);
    if (!parsed) return parsed.error();
    const auto built = firewall::import::build(*parsed);
    return built ? lint_of(**built, source, options) : built.error();
}

bool looks_like_registry(const std::string& path, const std::string& text) {
    const std::string ending = path.size() > 4 ? path.substr(path.size() - 4) : std::string();
    return ending == ".reg" || ending == ".REG" || text.starts_with("REGEDIT4") ||
           text.starts_with("Windows Registry Editor");
}

}  // namespace

base::Diagnostics check_file(const std::string& path, Files& files, const CheckOptions& options) {
    const auto text = files.read(path);
    if (path.ends_with(".toml"))
        return text && lesson::looks_like_lesson(*text) ? check_lesson(path, files, false)
                                                        : check_scenario(path, files, options);
    if (!text)
        return {base::Diagnostic{.severity = base::Severity::error,
                                 .place = {path, 0, 0, 1},
                                 .what = std::string(sentence(text.error())),
                                 .id = text.error() == runner::FileError::missing ? "missing-file" : "bad-file",
                                 .hint = {},
                                 .source_line = {}}};
    return looks_like_registry(path, *text) ? check_registry(path, *text) : check_rules(path, *text, options);
}

namespace {

base::Diagnostics warnings_of_run(const std::shared_ptr<const runner::StagedScenario>& staged) {
    base::Diagnostics all;
    runner::run(runner::units_of(staged), {}, [&all](runner::Result&& result) {
        for (const runner::CloseUp& seen : result.close_ups)
            for (const runner::Warning& warning : seen.warnings)
                all.push_back({.severity = base::Severity::warning,
                               .place = warning.place,
                               .what = warning.text,
                               .id = warning.id,
                               .hint = {},
                               .source_line = {}});
    });
    return all;
}

}  // namespace

base::Diagnostics said_of(const lint::Entry& entry, const std::string& path, Files& files) {
    if (entry.stage == lint::Stage::lesson) return check_lesson(path, files, true);
    base::Diagnostics of_files = check_file(path, files, {.pairs = true});
    const auto has_id = [&entry](const base::Diagnostic& d) { return d.id == entry.id; };
    // The diagnosis knows most causes without a run. What it then says is what a check says.
    const bool played = entry.stage == lint::Stage::run || (entry.stage == lint::Stage::diagnosis &&
                                                            std::none_of(of_files.begin(), of_files.end(), has_id));
    if (!played) return of_files;
    const Staging staging = stage_file(path, files);
    if (!staging.staged) return of_files;
    return entry.stage == lint::Stage::run ? warnings_of_run(staging.staged) : causes_in_run(staging.staged);
}

}  // namespace scenarios::check
