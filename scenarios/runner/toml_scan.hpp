// A first look at a TOML text, before and beside the real parser: is it text at all, how deep does it nest, and where
// do its statements begin and end. It knows strings, comments and brackets, nothing more, and agrees with the real
// parser up to the first error; behind that it is a good guess, used only to go on reading after an error.
#pragma once

#include "sim/base/diagnostic.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace scenarios::runner {

// Why the octets are no TOML text at all (UTF-16, binary, not UTF-8, lone carriage returns), or nothing.
std::optional<sim::base::Diagnostic> not_a_text(const sim::base::SourceText& source);

struct LineState {
    bool in_text = false;    // begins inside a string of several lines
    int depth = 0;           // open [ and { of values where it begins
    bool too_deep = false;   // holds a key of so many parts, or brackets so deep, that no scenario needs it
    bool open_text = false;  // a string of one line is not closed on it
};

// One entry per line of the text (from 1; entry 0 is unused), lines ended by LF.
std::vector<LineState> scan_lines(std::string_view text);

// "[server]", "[[case]]" or "name = ...": a line that can only begin a statement.
bool looks_like_header(std::string_view line);
bool looks_like_statement(std::string_view line);

struct LineSpan {
    std::size_t first = 0;
    std::size_t last = 0;  // included
};

// The lines of the statement that holds `line`, as far as they should be left out when it is broken there.
LineSpan broken_statement(const std::vector<std::string>& lines, const std::vector<LineState>& states,
                          std::size_t line);

}  // namespace scenarios::runner
