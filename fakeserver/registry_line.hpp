// One logical line of a `.reg` file under the reader's finger, and what can be said about it. Internal to the reader
// (registry_file.cpp, registry_key.cpp, registry_data.cpp).
#pragma once

#include "fakeserver/registry_file.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace fakeserver {

// The text of the file, the line being read, and the findings so far. `at` is an offset into `line()`.
class RegistryLines {
public:
    explicit RegistryLines(base::SourceText source) : source_(std::move(source)) {}

    const base::SourceText& source() const { return source_; }
    std::uint32_t number() const { return number_; }
    bool next() {
        if (number_ >= source_.line_count()) return false;
        ++number_;
        at = 0;
        return true;
    }

    std::string_view line() const { return source_.line(number_); }
    std::string_view rest() const { return line().substr(at); }
    bool done() const { return at >= line().size(); }
    char peek() const { return done() ? '\0' : line()[at]; }
    bool take(std::string_view word) {
        if (!rest().starts_with(word)) return false;
        at += word.size();
        return true;
    }
    void skip_space() {
        while (peek() == ' ' || peek() == '\t') ++at;
    }
    // Nothing but white space and a `;` comment is left.
    bool at_end() {
        skip_space();
        return done() || peek() == ';';
    }

    base::Place place(std::size_t from, std::size_t length) const {
        return {.file = source_.name(),
                .line = number_,
                .column = static_cast<std::uint32_t>(from + 1),
                .length = static_cast<std::uint32_t>(length == 0 ? 1 : length)};
    }
    Written written(std::size_t from, std::size_t length) const {
        return {.place = place(from, length), .source_line = std::string(line())};
    }

    // All return false, so that a reader can end with them.
    bool error(std::size_t from, std::size_t length, std::string what, std::string id, std::string hint = {}) {
        return report(base::Severity::error, place(from, length), std::move(what), std::move(id), std::move(hint));
    }
    bool warn(std::size_t from, std::size_t length, std::string what, std::string id, std::string hint = {}) {
        return report(base::Severity::warning, place(from, length), std::move(what), std::move(id), std::move(hint));
    }
    bool report(base::Severity severity, const base::Place& where, std::string what, std::string id,
                std::string hint = {}) {
        findings_.push_back(source_.diagnose(severity, where, std::move(what), std::move(id), std::move(hint)));
        return false;
    }
    const base::Diagnostics& findings() const { return findings_; }
    base::Diagnostics take_findings() { return std::move(findings_); }

    std::size_t at = 0;

private:
    base::SourceText source_;
    std::uint32_t number_ = 0;
    base::Diagnostics findings_;
};

// `[HKEY_...]` or `[-HKEY_...]`, the finger standing on the bracket. Nothing when it is wrong (and reported).
struct KeyLine {
    std::string path;
    bool deletes = false;
    Written written;
};
std::optional<KeyLine> read_key_line(RegistryLines& lines);

// What stands behind `=`; may step over continued lines. Nothing when it is wrong (and reported).
struct DataDeleted {};
struct TypedData {
    ValueType type = ValueType::none;
    ValueData data;
};
using ValueText = std::variant<DataDeleted, TypedData>;
std::optional<ValueText> read_value_data(RegistryLines& lines, bool version5);

// A quoted text, the finger standing on its first quote. Nothing when it is wrong (and reported).
std::optional<std::string> read_quoted(RegistryLines& lines);

}  // namespace fakeserver
