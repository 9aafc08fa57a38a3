#include "scenarios/report/explanation.hpp"

#include "scenarios/report/story.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace scenarios::report {
namespace {

constexpr std::size_t width = 88;

std::string_view word(sim::base::Severity severity) {
    switch (severity) {
        case sim::base::Severity::note: return "note";
        case sim::base::Severity::warning: return "warning";
        case sim::base::Severity::error: return "error";
    }
    return "error";
}

std::string_view when(lint::Stage stage) {
    switch (stage) {
        case lint::Stage::reading: return "found while the file is read";
        case lint::Stage::review: return "found by a review of what was read";
        case lint::Stage::run: return "found when the scenario is played, by firedrill run and show";
        case lint::Stage::lesson: return "found when the lesson is proved, by firedrill lesson check";
        case lint::Stage::diagnosis:
            return "a cause, named under a run that it spoils, and by check where files show it";
    }
    return "";
}

// Every line set in by four. A carriage return alone would overwrite the line on a terminal.
std::string block(std::string_view text) {
    std::string out;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        const std::string_view line = text.substr(0, end);
        out += (line.empty() ? "" : "    " + std::string(line)) + "\n";
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return out;
}

// The same for a diagnostic: its sentence is wrapped, its source line and caret are not.
std::string said_block(std::string_view text) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    if (const std::size_t hint = text.rfind("\n  hint: ");
        hint != std::string_view::npos && text.find('\n', hint + 1) == text.size() - 1)
        return said_block(text.substr(0, hint + 1)) +
               fmt::format("      {}\n", wrapped(std::string(text.substr(hint + 3, text.size() - hint - 4)), width, 6));
    return fmt::format("    {}\n{}", wrapped(std::string(text.substr(0, end)), width - 4, 8),
                       block(text.substr(std::min(end + 1, text.size()))));
}

std::string paragraph(std::string_view lead, std::string_view text) {
    return fmt::format("  {}\n", wrapped(std::string(lead) + std::string(text), width - 2, 2));
}

}  // namespace

std::string explanation(const lint::Entry& entry, const sim::base::Diagnostics& said) {
    std::string out =
        fmt::format("{}: {}\n({}, {})\n\n", entry.id, entry.title, word(entry.severity), when(entry.stage));
    out += paragraph("", entry.meaning);
    out += fmt::format("\n  Example, {}:\n\n{}", title(entry.example.kind), block(entry.example.text));
    if (!entry.example.beside_name.empty())
        out += fmt::format("\n  with {}:\n\n{}", entry.example.beside_name, block(entry.example.beside_text));
    const auto shown = std::find_if(said.begin(), said.end(), [&](const auto& d) { return d.id == entry.id; });
    if (shown != said.end()) {
        sim::base::Diagnostic one = *shown;
        if (!entry.example.unfold.token.empty()) one.source_line.clear();  // of the long form, which is not shown above
        out += fmt::format("\n  What is said of it:\n\n{}", said_block(format(one)));
    }
    out += "\n" + paragraph("To mend it: ", entry.mend);
    if (!entry.articles.empty()) out += paragraph("Articles: ", entry.articles);
    return out;
}

std::string list_of_entries() {
    std::size_t widest = 0;
    for (const lint::Entry* entry : lint::entries()) widest = std::max(widest, entry->id.size());
    std::string out;
    for (const lint::Entry* entry : lint::entries())
        out += fmt::format("{:<{}}  {:<7}  {}\n", entry->id, widest, word(entry->severity), entry->title);
    return out;
}

}  // namespace scenarios::report
