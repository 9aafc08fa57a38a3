// What every part of the loader shares while one scenario is read: the text, the door to files, and the diagnostics.
//
// The same piece of text may be read once for each variant that it is part of; what is wrong with it is told once.
#pragma once

#include "scenarios/runner/load_files.hpp"
#include "scenarios/runner/scenario.hpp"
#include "scenarios/runner/toml_tree.hpp"
#include "sim/base/diagnostic.hpp"

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <tuple>

namespace scenarios::runner {

class LoadContext {
public:
    LoadContext(std::shared_ptr<const base::SourceText> source, Files& files)
        : source_(std::move(source)), files_(files) {}

    const std::shared_ptr<const base::SourceText>& source() const { return source_; }
    base::Place place(Spot spot) const { return {source_->name(), spot.line, spot.column, spot.length}; }

    void error(Spot at, std::string what, std::string id, std::string hint = {}) {
        tell(base::Severity::error, at, std::move(what), std::move(id), std::move(hint));
    }
    void error(const base::Place& at, std::string what, std::string id, std::string hint = {}) {
        error(Spot{at.line, at.column, at.length}, std::move(what), std::move(id), std::move(hint));
    }
    void warning(const base::Place& at, std::string what, std::string id, std::string hint = {}) {
        tell(base::Severity::warning, {at.line, at.column, at.length}, std::move(what), std::move(id), std::move(hint));
    }
    void take(base::Diagnostics diagnostics);

    // After a syntax error keys may only seem to be missing: from now on "missing-key" is not told.
    void ignore_missing_keys() { ignore_missing_keys_ = true; }

    // The text of a file that the scenario names; null, and an error, when it cannot be had.
    std::shared_ptr<const std::string> file(const std::string& written, const std::string& path, Spot at);

    // The characters of the scenario at a spot, for hints that repeat what was typed.
    std::string typed(Spot at) const;

    // In order of their places; after very many, the rest is only counted.
    base::Diagnostics finish();

private:
    struct Known {
        std::shared_ptr<const std::string> text;
        std::optional<FileError> error;
    };

    void tell(base::Severity severity, Spot at, std::string what, std::string id, std::string hint);
    std::string hint_for(const std::string& path, FileError error);

    std::shared_ptr<const base::SourceText> source_;
    Files& files_;
    base::Diagnostics told_;
    std::set<std::tuple<std::uint32_t, std::uint32_t, std::string, std::string>> seen_;
    std::size_t untold_ = 0;
    bool ignore_missing_keys_ = false;
    std::map<std::string, Known> known_files_;
    std::size_t file_octets_ = 0;
};

}  // namespace scenarios::runner
