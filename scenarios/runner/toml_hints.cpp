#include "scenarios/runner/toml_hints.hpp"

#include "scenarios/runner/toml_scan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>
#include <vector>

namespace scenarios::runner {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || text.back() == '\r')) text.remove_suffix(1);
    return text;
}

// A piece of the line as an error: the caret underlines it.
SyntaxError at_piece(std::string_view line, std::string_view piece, std::string what, std::string id,
                     std::string hint) {
    return {std::move(what), std::move(id), std::move(hint), static_cast<std::uint32_t>(piece.data() - line.data()) + 1,
            static_cast<std::uint32_t>(std::max<std::size_t>(piece.size(), 1))};
}

std::string shown(std::string_view piece) { return sim::base::printable(piece, 60); }

// The line without its comment; marks inside strings are no comments.
std::string_view without_comment(std::string_view line) {
    char quote = 0;
    for (std::size_t i = 0; i < line.size(); ++i) {
        const char c = line[i];
        if (quote == '"' && c == '\\')
            ++i;
        else if (quote != 0)
            quote = c == quote ? '\0' : quote;
        else if (c == '"' || c == '\'')
            quote = c;
        else if (c == '#')
            return line.substr(0, i);
    }
    return line;
}

// ------------------------------------------------------------------------------------------------- pieces of values

// The words of a value, strings left out: "[135, 5000-5100]" gives "135" and "5000-5100". Keys of inline tables
// (words before "=") are left out too.
std::vector<std::string_view> bare_words(std::string_view value) {
    std::vector<std::string_view> words;
    std::size_t i = 0;
    while (i < value.size()) {
        const char c = value[i];
        if (c == '"' || c == '\'') {
            for (++i; i < value.size() && value[i] != c; ++i)
                if (c == '"' && value[i] == '\\') ++i;
            ++i;
        } else if (std::string_view(" \t,[]{}\r").find(c) != std::string_view::npos) {
            ++i;
        } else if (c == '=') {
            if (!words.empty()) words.pop_back();
            ++i;
        } else {
            const std::size_t begin = i;
            while (i < value.size() && std::string_view(" \t,[]{}\r=\"'").find(value[i]) == std::string_view::npos) ++i;
            words.push_back(value.substr(begin, i - begin));
        }
    }
    return words;
}

bool all_digits(std::string_view text) { return !text.empty() && std::all_of(text.begin(), text.end(), is_digit); }

// "5000-5100", "5000:5100", "5000..5100" as a range of TOML text; nothing when it is none.
std::optional<std::string> as_range(std::string_view word) {
    std::size_t i = 0;
    while (i < word.size() && is_digit(word[i])) ++i;
    const std::string_view low = word.substr(0, i);
    std::string_view rest = word.substr(i);
    for (const std::string_view between : {"..", "-", ":"})
        if (!low.empty() && rest.substr(0, between.size()) == between && all_digits(rest.substr(between.size())))
            return fmt::format("\"{}-{}\"", low, rest.substr(between.size()));
    return std::nullopt;
}

bool is_address(std::string_view word) {
    const auto dots = std::count(word.begin(), word.end(), '.');
    const auto colons = std::count(word.begin(), word.end(), ':');
    const bool numbers = std::all_of(word.begin(), word.end(), [](char c) {
        return std::isxdigit(static_cast<unsigned char>(c)) != 0 || c == '.' || c == ':' || c == '/';
    });
    return numbers && (dots == 3 || colons >= 2);
}

std::optional<SyntaxError> explain_word(std::string_view line, std::string_view word) {
    const auto quoted = [&](std::string_view kind) {
        return at_piece(line, word, fmt::format("{} is {} and needs quotes", shown(word), kind), "needs-quotes",
                        fmt::format("write \"{}\"", shown(word)));
    };
    if (const auto range = as_range(word))
        return at_piece(line, word, "a range of ports needs quotes", "needs-quotes", "write " + *range);
    if (all_digits(word) && word.size() > 1 && word[0] == '0') {
        const std::string_view plain = word.substr(std::min(word.find_first_not_of('0'), word.size() - 1));
        return at_piece(line, word, "a number may not begin with 0", "leading-zero", fmt::format("write {}", plain));
    }
    if (is_address(word)) return quoted("an address");
    if (is_digit(word[0]) && word.back() == '%') return quoted("a percentage");
    if (is_digit(word[0]) && is_letter(word.back()) && word.substr(0, 2) != "0x") return quoted("text");
    if (word == "true" || word == "false" || word == "inf" || word == "nan") return std::nullopt;
    std::string lower(word);
    for (char& c : lower) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    if (lower == "true" || lower == "yes" || lower == "on")
        return at_piece(line, word, fmt::format("{} is not a TOML word", shown(word)), "bad-word", "write true");
    if (lower == "false" || lower == "no" || lower == "off")
        return at_piece(line, word, fmt::format("{} is not a TOML word", shown(word)), "bad-word", "write false");
    if (word.substr(0, 3) == "\xe2\x80\x9c" || word.substr(0, 3) == "\xe2\x80\x9d" ||
        word.substr(0, 3) == "\xe2\x80\x98")
        return at_piece(line, word, "these are typographic quotes", "bad-quotes", "use straight quotes: \"...\"");
    if (is_letter(word[0]) || static_cast<unsigned char>(word[0]) >= 0x80 || word[0] == '/' || word[0] == '.')
        return at_piece(line, word, "text needs quotes", "needs-quotes", fmt::format("write \"{}\"", shown(word)));
    return std::nullopt;
}

std::optional<SyntaxError> explain_words(std::string_view line, std::string_view value) {
    const std::vector<std::string_view> words = bare_words(value);
    for (std::size_t i = 0; i + 2 < words.size(); ++i)
        if (all_digits(words[i]) && words[i + 1] == "-" && all_digits(words[i + 2]))
            return at_piece(line, words[i], "a range of ports needs quotes", "needs-quotes",
                            fmt::format("write \"{}-{}\"", words[i], words[i + 2]));
    const bool is_sentence = words.size() > 1 && !value.empty() && (is_letter(value[0]));
    if (is_sentence)
        return at_piece(line, value, "text needs quotes", "needs-quotes", fmt::format("write \"{}\"", shown(value)));
    if (words.size() == 2 && all_digits(words[0]) && value[words[0].size()] == ',' && words[1].back() == '%')
        return at_piece(line, value, "a percentage needs quotes, and a point for its fraction", "needs-quotes",
                        fmt::format("write \"{}.{}\"", words[0], words[1]));
    for (const std::string_view word : words)
        if (auto error = explain_word(line, word)) return error;
    return std::nullopt;
}

// A value that begins with a quote: what is wrong with the string, or with what follows it.
std::optional<SyntaxError> explain_string(std::string_view line, std::string_view value) {
    const char quote = value[0];
    if (value.substr(0, 3) == std::string(3, quote)) return std::nullopt;
    std::size_t end = 1;
    for (; end < value.size() && value[end] != quote; ++end) {
        if (quote != '"' || value[end] != '\\') continue;
        if (end + 1 < value.size() && std::string_view("btnfr\"\\").find(value[end + 1]) != std::string_view::npos) {
            ++end;
            continue;
        }
        std::string slashes(
            value.substr(1, value.find('"', 1) == std::string_view::npos ? value.size() : value.find('"', 1) - 1));
        std::replace(slashes.begin(), slashes.end(), '\\', '/');
        return at_piece(
            line, value.substr(end, 2), "a backslash begins a special character here", "bad-escape",
            fmt::format("in a path write \"/\": \"{0}\"; elsewhere write \\\\ or use single quotes", shown(slashes)));
    }
    if (end >= value.size())
        return at_piece(line, value, "the closing quote is missing", "open-string",
                        fmt::format("end the text with {} on the same line; a text of several lines begins and ends "
                                    "with three quotes",
                                    quote));
    const std::string_view rest = trimmed(value.substr(end + 1));
    if (rest.empty()) return std::nullopt;
    if (quote == '\'' && rest.find('\'') != std::string_view::npos)
        return at_piece(line, value, "text in single quotes cannot hold a single quote", "bad-string",
                        "use double quotes around it");
    return at_piece(
        line, rest, "something follows the closing quote", "after-value",
        "a comment begins with #; a quote inside the text is written \\\"; a list is written [\"a\", \"b\"]");
}

// ------------------------------------------------------------------------------------------------ kinds of statements

bool can_repeat(std::string_view name) {
    constexpr auto tables =
        std::to_array<std::string_view>({"server", "firewall", "firewall.rule", "case", "site", "step"});
    return std::find(tables.begin(), tables.end(), name) != tables.end();
}

std::optional<SyntaxError> explain_header(std::string_view line, std::string_view text, bool twice) {
    const std::size_t opens = text.substr(0, 2) == "[[" ? 2 : 1;
    const std::size_t name_end = std::min(text.find(']'), text.size());
    const std::string name = shown(trimmed(text.substr(opens, name_end - opens)));
    const std::string right = opens == 2 ? fmt::format("[[{}]]", name) : fmt::format("[{}]", name);
    if (twice)
        return at_piece(
            line, text, fmt::format("the table {} is given twice, or in two ways", right), "duplicate-table",
            fmt::format("put all its keys under one [{0}]{1}", name,
                        can_repeat(name) ? fmt::format("; several of a kind are written [[{0}]] each", name) : ""));
    if (text.size() < name_end + opens || text.substr(name_end, opens) != std::string(opens, ']'))
        return at_piece(line, text, "the closing bracket of this table's name is missing", "open-bracket",
                        "write " + right);
    if (name.find(' ') != std::string::npos)
        return at_piece(line, text, "a table's name has no spaces", "bad-table",
                        "write [server], [[case]], [[firewall.rule]]");
    if (text.size() > name_end + opens)
        return at_piece(line, trimmed(text.substr(name_end + opens)), "something follows the name of the table",
                        "after-table", "begin a new line; a comment begins with #");
    return std::nullopt;
}

std::optional<SyntaxError> explain_no_equals(std::string_view line, std::string_view text, std::string_view said) {
    for (const std::string_view mark : {"//", ";", "--", "/*", "!"})
        if (text.substr(0, mark.size()) == mark)
            return at_piece(line, text.substr(0, mark.size()), "a comment begins with #", "bad-comment",
                            "write # instead");
    const bool in_list = said.find("array") != std::string_view::npos || text.find(',') != std::string_view::npos;
    if (in_list || is_digit(text[0]))
        if (auto error = explain_words(line, text)) return error;
    const std::size_t colon = text.find(':');
    if (colon != std::string_view::npos && colon > 0) {
        const std::string_view key = trimmed(text.substr(0, colon));
        const std::string_view value = trimmed(text.substr(colon + 1));
        const bool bare = !value.empty() && value[0] != '"' && value[0] != '[' && !all_digits(value);
        return at_piece(line, text.substr(colon, 1), "a key and its value are joined by =", "needs-equals",
                        bare ? fmt::format("write {} = \"{}\"", shown(key), shown(value))
                             : fmt::format("write {} = {}", shown(key), shown(value)));
    }
    if (in_list) return std::nullopt;
    return at_piece(line, text, "this line is neither a [table] nor a key = value", "bad-line",
                    "a comment begins with #; a text of several lines stands between \"\"\" and \"\"\"");
}

std::optional<SyntaxError> explain_inline_table(std::string_view line, std::string_view value) {
    const auto opens = std::count(value.begin(), value.end(), '{');
    const auto closes = std::count(value.begin(), value.end(), '}');
    if (opens > closes)
        return at_piece(line, value, "a table in { } must stand on one line", "inline-table",
                        "write it on one line, or as a [table] of its own with a line for each key");
    const std::size_t close = value.rfind('}');
    if (close != std::string_view::npos && trimmed(value.substr(0, close)).ends_with(','))
        return at_piece(line, value.substr(close, 1), "a comma may not stand before }", "inline-table",
                        "take the last comma out");
    return std::nullopt;
}

std::optional<SyntaxError> explain_assignment(std::string_view line, std::string_view text, std::size_t equals,
                                              bool twice) {
    const std::string_view key = trimmed(text.substr(0, equals));
    const std::string_view value = trimmed(text.substr(equals + 1));
    if (twice)
        return at_piece(line, key, fmt::format("{} is given twice, or in two ways", shown(key)), "duplicate-key",
                        "keep one of them");
    if (key.empty()) return at_piece(line, text, "the key before = is missing", "bad-key", "write key = value");
    if (key.ends_with(':') || value.starts_with('='))
        return at_piece(line, key, "a key and its value are joined by a single =", "needs-equals", "write key = value");
    if (value.empty())
        return at_piece(line, text, "the value after = is missing", "missing-value",
                        "write a number, a text in quotes, true, false or a list in [ ]");
    if (key[0] != '"' && key[0] != '\'' && key.find(' ') != std::string_view::npos)
        return at_piece(line, key, "a key with spaces needs quotes", "bad-key",
                        fmt::format("write \"{}\" = ...", shown(key)));
    if (value[0] == '"' || value[0] == '\'') return explain_string(line, value);
    if (value[0] == '{')
        if (auto error = explain_inline_table(line, value)) return error;
    if (auto error = explain_words(line, value)) return error;
    for (std::size_t i = 0; i < value.size(); ++i)
        if (value[i] == '"' && value.find('\\', i) != std::string_view::npos)
            return explain_string(line, value.substr(i));
    return std::nullopt;
}

// The first "=" outside quotes.
std::size_t find_equals(std::string_view text) {
    char quote = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (quote != 0)
            quote = text[i] == quote ? '\0' : quote;
        else if (text[i] == '"' || text[i] == '\'')
            quote = text[i];
        else if (text[i] == '=')
            return i;
    }
    return std::string_view::npos;
}

}  // namespace

SyntaxError explain_syntax(std::string_view line, std::uint32_t column, std::string_view said) {
    const std::string_view text = trimmed(without_comment(line));
    const bool twice =
        said.find("redefine") != std::string_view::npos || said.find("cannot insert") != std::string_view::npos;
    std::optional<SyntaxError> found;
    const bool on_control = column <= line.size() && static_cast<unsigned char>(line[column - 1]) < 0x20;
    if (on_control && said.find("control character") != std::string_view::npos)
        return {"a control character may not stand here", "control-character",
                "take it out, or write it as \\u00XX in quotes", column, 1};
    if (!text.empty()) {
        const std::size_t equals = find_equals(text);
        const bool header = text[0] == '[' && text.find(',') == std::string_view::npos;
        if (header && (equals == std::string_view::npos || looks_like_header(text)))
            found = explain_header(line, text, twice);
        else if (equals == std::string_view::npos)
            found = explain_no_equals(line, text, said);
        else
            found = explain_assignment(line, text, equals, twice);
    }
    if (found) return *found;
    if (said.find("end-of-file") != std::string_view::npos)
        return {"the file ends inside a value", "unexpected-end", "a closing quote or bracket is missing", column, 1};
    if (said.find("array") != std::string_view::npos)
        return {"a list is not closed, or a comma is missing in it", "bad-list", "write [135, 5000, \"5100-5200\"]",
                column, 1};
    return {"this is not TOML: " + sim::base::printable(said, 120), "syntax", "", column, 1};
}

}  // namespace scenarios::runner
