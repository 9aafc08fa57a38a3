#include "scenarios/runner/toml_scan.hpp"

#include <algorithm>
#include <cctype>

namespace scenarios::runner {
namespace {

constexpr int depth_max = 24;      // of brackets; a scenario needs 3
constexpr int key_parts_max = 24;  // of a dotted key; a scenario needs 4

bool is_blank(char c) { return c == ' ' || c == '\t'; }

bool is_key_character(char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-' || c == '.' || c == '"' ||
           c == '\'' || c == ' ' || c == '\t';
}

std::string_view trimmed(std::string_view line) {
    while (!line.empty() && is_blank(line.front())) line.remove_prefix(1);
    while (!line.empty() && (is_blank(line.back()) || line.back() == '\r')) line.remove_suffix(1);
    return line;
}

// How many octets the UTF-8 character at the front takes; 0 when there is none (RFC 3629 section 4).
std::size_t character_length(std::string_view text) {
    const auto octet = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U; };
    const auto follows = [&](std::size_t i) { return (octet(i) & 0xc0U) == 0x80U; };
    const unsigned lead = octet(0);
    if (lead < 0x80) return 1;
    if (lead >= 0xc2 && lead <= 0xdf) return follows(1) ? 2 : 0;
    if (lead >= 0xe0 && lead <= 0xef) {
        if (lead == 0xe0 && octet(1) < 0xa0) return 0;
        if (lead == 0xed && octet(1) > 0x9f) return 0;
        return follows(1) && follows(2) ? 3 : 0;
    }
    if (lead >= 0xf0 && lead <= 0xf4) {
        if (lead == 0xf0 && octet(1) < 0x90) return 0;
        if (lead == 0xf4 && octet(1) > 0x8f) return 0;
        return follows(1) && follows(2) && follows(3) ? 4 : 0;
    }
    return 0;
}

bool looks_like_utf16(std::string_view text) {
    const std::size_t length = std::min<std::size_t>(text.size(), 64);
    std::size_t zeros = 0;
    for (std::size_t i = 0; i < length; ++i) zeros += text[i] == '\0' ? 1U : 0U;
    return length >= 4 && zeros * 3 >= length;
}

// Walks the text once. The states of a line are those at its beginning; what is found in it is noted on it.
class Scanner {
public:
    explicit Scanner(std::string_view text) : text_(text) {}

    std::vector<LineState> run() {
        lines_.resize(2);
        while (at_ < text_.size()) step();
        if (quote_ != 0 && !long_) lines_.back().open_text = true;
        return std::move(lines_);
    }

private:
    bool ahead(std::string_view what) const { return text_.substr(at_, what.size()) == what; }

    void step() {
        const char c = text_[at_];
        if (c == '\n')
            end_line();
        else if (comment_)
            ++at_;
        else if (quote_ != 0)
            inside_text(c);
        else
            outside(c);
    }

    void end_line() {
        if (quote_ != 0 && !long_) {
            lines_.back().open_text = true;
            quote_ = 0;
        }
        comment_ = false;
        parts_ = 0;
        ++at_;
        lines_.push_back({.in_text = quote_ != 0, .depth = depth_});
    }

    void inside_text(char c) {
        if (c == '\\' && quote_ == '"') {
            at_ += at_ + 1 < text_.size() && text_[at_ + 1] != '\n' ? 2U : 1U;
            return;
        }
        if (c != quote_) {
            ++at_;
            return;
        }
        if (!long_) {
            quote_ = 0;
            ++at_;
            return;
        }
        const std::string closing(3, quote_);
        if (!ahead(closing)) {
            ++at_;
            return;
        }
        at_ += 3;
        for (int extra = 0; extra < 2 && at_ < text_.size() && text_[at_] == quote_; ++extra) ++at_;  // """""
        quote_ = 0;
    }

    void outside(char c) {
        if (c == '"' || c == '\'') {
            quote_ = c;
            long_ = ahead(std::string(3, c));
            at_ += long_ ? 3 : 1;
            return;
        }
        ++at_;
        if (c == '#') comment_ = true;
        if (c == '[' || c == '{') ++depth_;
        if ((c == ']' || c == '}') && depth_ > 0) --depth_;
        if (c == '.') ++parts_;
        if (c == '=' || c == ',' || c == '{' || c == '[') parts_ = 0;
        if (parts_ > key_parts_max || depth_ > depth_max) lines_.back().too_deep = true;
    }

    std::string_view text_;
    std::vector<LineState> lines_;
    std::size_t at_ = 0;
    int depth_ = 0;
    int parts_ = 0;
    char quote_ = 0;  // the mark that the string we are in began with; 0 outside
    bool long_ = false;
    bool comment_ = false;
};

}  // namespace

std::optional<sim::base::Diagnostic> not_a_text(const sim::base::SourceText& source) {
    const std::string_view text = source.text();
    const auto whole = [&](std::string what, std::string id, std::string hint) {
        return sim::base::Diagnostic{.place = {source.name(), 0, 0, 1},
                                     .what = std::move(what),
                                     .id = std::move(id),
                                     .hint = std::move(hint),
                                     .source_line = {}};
    };
    const std::string_view start = text.substr(0, 2);
    if (start == "\xff\xfe" || start == "\xfe\xff" || looks_like_utf16(text))
        return whole("this file is UTF-16 text, and TOML is UTF-8", "not-utf8",
                     "save it again with the encoding UTF-8 (Notepad: Save As, Encoding)");
    if (text.find('\0') != std::string_view::npos)
        return whole("this is not a text file: it holds octets of value 0", "not-text", "");
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t length = character_length(text.substr(at, 4));
        if (length == 0)
            return source.diagnose(sim::base::Severity::error, source.place_at(at), "this character is not UTF-8",
                                   "not-utf8", "save the file again with the encoding UTF-8");
        if (text[at] == '\r' && text.substr(at, 2) != "\r\n")
            return source.diagnose(sim::base::Severity::error, source.place_at(at),
                                   "a line ends with a carriage return alone", "bad-line-end",
                                   "end lines with LF, or with CR LF as Windows does");
        at += length;
    }
    return std::nullopt;
}

std::vector<LineState> scan_lines(std::string_view text) { return Scanner(text).run(); }

bool looks_like_header(std::string_view line) {
    line = trimmed(line);
    if (line.size() < 2 || line[0] != '[') return false;
    const std::size_t name = line[1] == '[' ? 2 : 1;
    return name < line.size() && std::isalpha(static_cast<unsigned char>(line[name])) != 0;
}

bool looks_like_statement(std::string_view line) {
    if (looks_like_header(line)) return true;
    line = trimmed(line);
    const std::size_t equals = line.find('=');
    if (equals == std::string_view::npos || equals == 0) return false;
    return std::all_of(line.begin(), line.begin() + static_cast<std::ptrdiff_t>(equals), is_key_character);
}

LineSpan broken_statement(const std::vector<std::string>& lines, const std::vector<LineState>& states,
                          std::size_t line) {
    const auto begins = [&](std::size_t i) { return states[i].depth == 0 && !states[i].in_text; };
    std::size_t first = line;
    while (first > 1 && !begins(first)) --first;
    std::size_t next = first + 1;
    while (next < states.size() && !begins(next)) ++next;
    const bool closed = next < states.size();
    if (closed && next > line) return {first, std::min(next, lines.size()) - 1};
    // Never closed: the statement ends where the next one seems to begin, which may be where the parser stumbled.
    next = first + 1;
    while (next < lines.size() && !looks_like_statement(lines[next])) ++next;
    return {first, next - 1};
}

}  // namespace scenarios::runner
