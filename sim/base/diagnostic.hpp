// What is wrong with a file, said so that a person can mend it: where, what, the line itself, a hint.
//
//   branch.rules:8:12: error: port 70000 is above 65535 [bad-port]
//       8 | allow tcp 70000
//         |           ^~~~~
//     hint: ports go from 1 to 65535
//
// Findings about rules may name one packet that shows them, in a line of its own behind the hint.
//
// Readers of files collect *all* diagnostics of a file before they give up. Ids are stable: they are
// documented, may be searched for, and appear unchanged in text, JSON and SARIF.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sim::base {

enum class Severity : std::uint8_t { note, warning, error };

// A place in a file as people count: lines and columns from 1, columns in octets of the UTF-8 text. 0 = the
// file as a whole. `length` is how many columns the caret underlines (at least 1).
struct Place {
    std::string file;
    std::uint32_t line = 0;
    std::uint32_t column = 0;
    std::uint32_t length = 1;

    bool operator==(const Place&) const = default;
};

// "file:line:col", "file:line" or "file", as far as known.
std::string format(const Place& place);

struct Diagnostic {
    Severity severity = Severity::error;
    Place place;
    std::string what;              // a sentence without a full stop: "port 70000 is above 65535"
    std::string id;                // "bad-port"
    std::string hint = {};         // may be empty; may have several lines
    std::string source_line = {};  // the text of place.line, without its line end; may be empty
    // One packet that shows it, as `firedrill explain --packet` reads it: "TCP 192.0.2.50:1030 > 10.0.0.10:135 SYN".
    std::string witness = {};

    bool operator==(const Diagnostic&) const = default;
};

// As shown above, with a line feed at the end. Control characters of the source are shown as "?", tabs as one
// space, and a very long line is cut around the caret, so that a hostile file cannot spoil the terminal.
std::string format(const Diagnostic& diagnostic);

using Diagnostics = std::vector<Diagnostic>;

bool has_errors(const Diagnostics& diagnostics);

// A text with its lines found once, so that places and source lines cost little.
class SourceText {
public:
    SourceText(std::string name, std::string text);

    const std::string& name() const { return name_; }
    std::string_view text() const { return text_; }
    std::size_t line_count() const { return line_starts_.size(); }

    // The text of a line (from 1) without its line end (LF, CR LF or CR); empty when there is no such line.
    std::string_view line(std::size_t number) const;

    Place place_at(std::size_t offset, std::size_t length = 1) const;

    // A diagnostic that carries its source line.
    Diagnostic diagnose(Severity severity, Place place, std::string what, std::string id, std::string hint = {}) const;

private:
    std::string name_;
    std::string text_;
    std::vector<std::size_t> line_starts_;
};

// The known word nearest to what was typed, for "did you mean"; empty when none is near (edit distance over a
// third of the word's length).
std::string nearest_word(std::string_view typed, const std::vector<std::string_view>& known);

// Text from outside made safe for one line of output: control characters become "?", invalid UTF-8 becomes
// U+FFFD; at most `limit` octets, with "..." where it was cut.
std::string printable(std::string_view text, std::size_t limit = 200);

}  // namespace sim::base
