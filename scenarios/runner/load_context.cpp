#include "scenarios/runner/load_context.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace scenarios::runner {
namespace {

constexpr std::size_t told_max = 100;                                   // diagnostics of one file; more helps nobody
constexpr std::size_t file_octets_max = std::size_t{64} * 1024 * 1024;  // of all files that one scenario names
constexpr std::size_t files_max = 1000;

}  // namespace

void LoadContext::take(base::Diagnostics diagnostics) {
    for (base::Diagnostic& diagnostic : diagnostics) told_.push_back(std::move(diagnostic));
}

void LoadContext::tell(base::Severity severity, Spot at, std::string what, std::string id, std::string hint) {
    if (ignore_missing_keys_ && id == "missing-key") return;
    if (told_.size() >= told_max && severity != base::Severity::error) return;
    if (told_.size() >= told_max) {
        ++untold_;
        return;
    }
    if (!seen_.insert({at.line, at.column, id, what}).second) return;
    told_.push_back(source_->diagnose(severity, place(at), std::move(what), std::move(id), std::move(hint)));
}

std::shared_ptr<const std::string> LoadContext::file(const std::string& written, const std::string& path, Spot at) {
    auto found = known_files_.find(path);
    if (found == known_files_.end()) {
        if (known_files_.size() >= files_max || file_octets_ > file_octets_max) {
            error(at, "the scenario names too many or too large files", "too-large");
            return nullptr;
        }
        Known known;
        if (auto text = files_.read(path))
            known.text = std::make_shared<const std::string>(std::move(*text));
        else
            known.error = text.error();
        file_octets_ += known.text ? known.text->size() : 0;
        found = known_files_.emplace(path, std::move(known)).first;
    }
    if (found->second.error)
        error(at, fmt::format("{}: {}", base::printable(written), sentence(*found->second.error)),
              *found->second.error == FileError::missing ? "missing-file" : "bad-file",
              hint_for(path, *found->second.error));
    return found->second.text;
}

std::string LoadContext::hint_for(const std::string& path, FileError error) {
    if (error == FileError::too_large) return fmt::format("files are read up to {} MB", file_size_max / (1024 * 1024));
    if (error != FileError::missing) return {};
    const std::size_t slash = path.rfind('/');
    const std::string folder =
        slash == std::string::npos ? std::string() : path.substr(0, std::max<std::size_t>(slash, 1));
    const std::vector<std::string> names = files_.names_in(folder);
    std::vector<std::string_view> known(names.begin(), names.end());
    const std::string wanted = slash == std::string::npos ? path : path.substr(slash + 1);
    const std::string near = base::nearest_word(wanted, known);
    if (!near.empty()) return fmt::format("did you mean {}?", base::printable(near));
    if (names.empty())
        return fmt::format("paths are relative to the scenario's folder; there is nothing in {}/",
                           base::printable(folder.empty() ? "." : folder));
    return "paths are relative to the folder of the scenario";
}

std::string LoadContext::typed(Spot at) const {
    const std::string_view line = source_->line(at.line);
    if (at.column == 0 || at.column > line.size()) return {};
    return base::printable(line.substr(at.column - 1, at.length), 60);
}

base::Diagnostics LoadContext::finish() {
    std::stable_sort(told_.begin(), told_.end(), [](const base::Diagnostic& a, const base::Diagnostic& b) {
        return std::pair(a.place.line, a.place.column) < std::pair(b.place.line, b.place.column);
    });
    if (untold_ > 0)
        told_.push_back({.severity = base::Severity::note,
                         .place = {source_->name(), 0, 0, 1},
                         .what = fmt::format("and {} errors more", untold_),
                         .id = "more-errors",
                         .hint = {},
                         .source_line = {}});
    return std::move(told_);
}

}  // namespace scenarios::runner
