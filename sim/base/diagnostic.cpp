#include "sim/base/diagnostic.hpp"

#include "sim/base/glyph.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace sim::base {

namespace {

constexpr std::size_t widest = 120;  // characters of a source line that are shown
constexpr std::string_view cut_mark = "...";

std::string_view name_of(Severity severity) {
    switch (severity) {
        case Severity::note: return "note";
        case Severity::warning: return "warning";
        case Severity::error: return "error";
    }
    return "error";
}

// Text made safe without a limit; our own sentences may quote what a file says.
std::string safe(std::string_view text) {
    std::string shown;
    shown.reserve(text.size());
    while (!text.empty()) {
        const Glyph glyph = first_glyph(text);
        shown += glyph.shown;
        text.remove_prefix(glyph.octets);
    }
    return shown;
}

// A source line as characters, and where among them the caret stands. Columns count octets, carets count
// characters, so that the caret stands under what it means when the line holds more than ASCII.
struct Marked {
    std::vector<std::string_view> glyphs;
    std::size_t caret = 0;
    std::size_t caret_length = 0;  // 0: no caret
};

Marked mark(std::string_view line, const Place& place) {
    const std::size_t first = place.column == 0 ? line.size() : std::min<std::size_t>(place.column - 1, line.size());
    const std::size_t end = std::min<std::size_t>(first + std::max<std::uint32_t>(place.length, 1), line.size());
    Marked marked;
    std::size_t at = 0;
    while (at < line.size()) {
        const Glyph glyph = first_glyph(line.substr(at));
        const std::size_t glyph_end = at + glyph.octets;
        if (glyph_end <= first) ++marked.caret;
        if (glyph_end > first && at < end) ++marked.caret_length;
        marked.glyphs.push_back(glyph.shown);
        at = glyph_end;
    }
    marked.caret_length = place.column == 0 ? 0 : std::max<std::size_t>(marked.caret_length, 1);
    return marked;
}

// The window [begin, end) of a long line that is shown: around the caret, whole when it fits.
struct Window {
    std::size_t begin = 0;
    std::size_t end = 0;
};

Window window_of(const Marked& marked) {
    const std::size_t count = marked.glyphs.size();
    if (count <= widest) return {0, count};
    const std::size_t centre = marked.caret + std::min(marked.caret_length, widest) / 2;
    const std::size_t begin = std::min(centre > widest / 2 ? centre - widest / 2 : 0, count - widest);
    return {std::min(begin, marked.caret), std::min(begin, marked.caret) + widest};
}

std::string source_lines(const Diagnostic& diagnostic) {
    const Marked marked = mark(diagnostic.source_line, diagnostic.place);
    const Window window = window_of(marked);
    const std::string number = fmt::format("{:>5}", diagnostic.place.line);

    std::string text = number + " | ";
    if (window.begin > 0) text += cut_mark;
    for (std::size_t i = window.begin; i < window.end; ++i) text += marked.glyphs[i];
    if (window.end < marked.glyphs.size()) text += cut_mark;
    text += '\n';
    if (marked.caret_length == 0) return text;

    const std::size_t indent = marked.caret - window.begin + (window.begin > 0 ? cut_mark.size() : 0);
    const std::size_t room = window.end > marked.caret ? window.end - marked.caret : 1;
    text += std::string(number.size(), ' ') + " | " + std::string(indent, ' ') + '^';
    text += std::string(std::min(marked.caret_length, room) - 1, '~') + '\n';
    return text;
}

std::string hint_lines(std::string_view hint) {
    std::string text;
    for (std::string_view lead = "  hint: "; !hint.empty(); lead = "        ") {
        const std::size_t end = std::min(hint.find('\n'), hint.size());
        text += std::string(lead) + safe(hint.substr(0, end)) + '\n';
        hint.remove_prefix(std::min(end + 1, hint.size()));
    }
    return text;
}

}  // namespace

std::string format(const Place& place) {
    if (place.line == 0) return place.file;
    if (place.column == 0) return fmt::format("{}:{}", place.file, place.line);
    return fmt::format("{}:{}:{}", place.file, place.line, place.column);
}

std::string format(const Diagnostic& diagnostic) {
    const std::string place = safe(format(diagnostic.place));
    std::string text = fmt::format("{}{}{}: {}", place, place.empty() ? "" : ": ", name_of(diagnostic.severity),
                                   safe(diagnostic.what));
    if (!diagnostic.id.empty()) text += fmt::format(" [{}]", diagnostic.id);
    text += '\n';
    if (diagnostic.place.line != 0 && !diagnostic.source_line.empty()) text += source_lines(diagnostic);
    text += hint_lines(diagnostic.hint);
    const bool said = diagnostic.hint.find(diagnostic.witness) != std::string::npos;
    if (!said) text += "  packet: " + safe(diagnostic.witness) + '\n';
    return text;
}

bool has_errors(const Diagnostics& diagnostics) {
    return std::any_of(diagnostics.begin(), diagnostics.end(),
                       [](const Diagnostic& d) { return d.severity == Severity::error; });
}

}  // namespace sim::base
