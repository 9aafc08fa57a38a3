#include "scenarios/lesson/text.hpp"

#include "scenarios/lesson/words.hpp"
#include "scenarios/report/ladder.hpp"
#include "scenarios/report/story.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace scenarios::lesson {
namespace {

using report::Style;
using report::Tone;

std::string blanks(std::size_t count) { return std::string(count, ' '); }

std::string paragraph(const std::string& words, std::size_t indent, std::size_t hanging) {
    return blanks(indent) + report::wrapped(words, text_width, hanging) + "\n";
}

// "Hint 1 of 2: words"
std::string labelled(const std::string& label, const std::string& words) {
    return flowed(label.empty() ? words : label + ": " + words, 0);
}

std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> lines(1);
    for (const char c : text) {
        if (c == '\n')
            lines.emplace_back();
        else
            lines.back() += c;
    }
    return lines;
}

// One row of a table; a cell that is too wide for its column goes on below.
std::string row_of(const std::vector<std::string>& cells, const std::vector<std::size_t>& widths) {
    std::vector<std::vector<std::string>> columns;
    std::size_t height = 1;
    for (std::size_t c = 0; c < cells.size(); ++c) {
        columns.push_back(lines_of(report::wrapped(cells[c], widths[c], 0)));
        height = std::max(height, columns.back().size());
    }
    std::string out;
    for (std::size_t row = 0; row < height; ++row) {
        std::string line;
        for (std::size_t c = 0; c < columns.size(); ++c)
            line +=
                fmt::format("{}{:<{}}", c == 0 ? "" : "  ", row < columns[c].size() ? columns[c][row] : "", widths[c]);
        while (!line.empty() && line.back() == ' ') line.pop_back();
        out += line + "\n";
    }
    return out;
}

// Columns as wide as their words, and narrower where the whole would not fit; the names take what is left.
std::vector<std::size_t> widths_of(const Grid& grid) {
    constexpr std::size_t name_min = 12;
    std::vector<std::size_t> widths;
    for (const std::size_t words_max : {std::size_t{22}, std::size_t{18}, std::size_t{12}}) {
        widths.assign(1, 0);
        std::size_t rest = 2 * (grid.head.size() - 1);
        for (std::size_t c = 1; c < grid.head.size(); ++c) {
            std::size_t widest = grid.head[c].size();
            for (const auto& row : grid.rows) widest = std::max(widest, row[c].size());
            widths.push_back(std::min(widest, words_max));
            rest += widths.back();
        }
        for (const auto& row : grid.rows) widths[0] = std::max(widths[0], row[0].size());
        if (rest + name_min <= text_width) {
            widths[0] = std::min(widths[0], text_width - rest);
            return widths;
        }
    }
    widths[0] = name_min;
    return widths;
}

std::string text_of_table(const Table& table) {
    const Grid grid = table.starts ? grid_of_starts(table.rows) : grid_of(table.rows);
    const std::vector<std::size_t> widths = widths_of(grid);
    std::string out = row_of(grid.head, widths);
    for (const auto& row : grid.rows) out += row_of(row, widths);
    return out;
}

class Printer {
public:
    explicit Printer(const Style& style) : style_(style) {}

    void operator()(const Heading& part) {
        const std::string words =
            part.step == 0 ? part.title : fmt::format("Step {} of {}: {}", part.step, part.of, part.title);
        put(style_(Tone::strong, report::wrapped(words, text_width, 0)) + "\n" +
            std::string(std::min(words.size(), text_width), part.step == 0 ? '=' : '-') + "\n");
    }
    void operator()(const Text& part) { put(flowed(part.words, 0)); }
    void operator()(const Sketch& part) { put(drawn(*part.picture, text_width)); }
    void operator()(const Choices& part) {
        std::string text = part.name.empty() ? std::string() : part.name + "\n";
        for (std::size_t i = 0; i < part.words.size(); ++i)
            text +=
                paragraph(fmt::format("{}  {}{}", i + 1, part.words[i], part.marked == i ? "   <- right" : ""), 2, 5);
        put(text);
    }
    void operator()(const Reply& part) {
        const Tone tone = part.mood == Mood::right ? Tone::good : part.mood == Mood::wrong ? Tone::bad : Tone::strong;
        put(style_(tone, report::wrapped(part.lead, text_width, 0)) + "\n" + flowed(part.words, 0));
    }
    void operator()(const Outcome& part) {
        std::string text = style_(Tone::strong, "What happens") + "\n";
        for (const std::string& line : outcome_lines(*part.run)) text += paragraph(line, 2, 4);
        put(text);
    }
    void operator()(const Ladder& part) {
        const report::Events events = packets_of(part);
        report::LadderOptions how;
        how.style = style_;
        how.every_verdict = part.every_verdict;
        how.numbers = true;
        put(report::ladder(events, how));
    }
    void operator()(const Table& part) { put(text_of_table(part)); }
    void operator()(const Note& part) {
        std::string text = labelled(part.label, part.words);
        while (!text.empty() && text.back() == '\n') text.pop_back();
        put(style_(Tone::quiet, text) + "\n");
    }
    void operator()(const Tally& part) {
        std::string text;
        for (const Tally::Line& line : part.lines)
            text += flowed(line.what, 0) + paragraph("you:      " + line.predicted, 2, 12) +
                    paragraph("it is:    " + line.happened, 2, 12) +
                    style_(line.mood == Mood::right ? Tone::good : Tone::bad,
                           line.mood == Mood::right ? "  right" : "  not so") +
                    "\n\n";
        put(text + fmt::format("{} of {} right.\n", part.right, part.of));
    }

    std::string take() { return std::move(out_); }

private:
    void put(const std::string& text) {
        if (text.empty()) return;
        if (!out_.empty()) out_ += "\n";
        out_ += text;
        if (out_.back() != '\n') out_ += "\n";
    }

    const Style& style_;
    std::string out_;
};

}  // namespace

std::string flowed(std::string_view text, std::size_t indent) {
    std::string out;
    std::string gathered;
    std::size_t hanging = indent;
    const auto flush = [&] {
        if (!gathered.empty()) out += paragraph(gathered, indent, hanging);
        gathered.clear();
        hanging = indent;
    };
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        std::string_view line = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        while (!line.empty() && (line.back() == ' ' || line.back() == '\r')) line.remove_suffix(1);
        if (line.empty()) {
            flush();
            if (!out.empty() && !text.empty()) out += "\n";
        } else if (line.starts_with("    ")) {
            flush();
            const bool fits = indent + line.size() <= text_width;
            out += fits ? blanks(indent) + std::string(line) + "\n"
                        : paragraph(std::string(line.substr(line.find_first_not_of(' '))), indent + 4, indent + 4);
        } else if (line.starts_with("- ")) {
            flush();
            gathered = line;
            hanging = indent + 2;
        } else {
            while (line.front() == ' ') line.remove_prefix(1);
            gathered += (gathered.empty() ? "" : " ") + std::string(line);
        }
    }
    flush();
    return out;
}

report::Events packets_of(const Ladder& part) {
    report::Events events = report::events_of(part.run->seen());
    if (part.events)
        std::erase_if(events.events, [&](const report::Event& event) { return !part.events->holds(event.number); });
    return events;
}

std::string drawn(const Picture& picture, std::size_t width) {
    constexpr std::size_t left = 6;
    const std::size_t gaps = std::max<std::size_t>(picture.lanes.size() - 1, 1);
    std::vector<std::size_t> columns;
    for (std::size_t i = 0; i < picture.lanes.size(); ++i) columns.push_back(left + i * (width - 2 * left) / gaps);
    std::string out;
    const auto put = [](std::string& row, std::size_t at, std::string_view words) {
        if (row.size() < at + words.size()) row.resize(at + words.size(), ' ');
        std::copy(words.begin(), words.end(), row.begin() + static_cast<std::ptrdiff_t>(at));
    };
    const auto finish = [&out](std::string row) {
        while (!row.empty() && row.back() == ' ') row.pop_back();
        out += row + "\n";
    };
    const auto life = [&] {
        std::string row;
        for (const std::size_t column : columns) put(row, column, "|");
        return row;
    };
    std::string names;
    for (std::size_t i = 0; i < columns.size(); ++i) {
        const std::size_t half = picture.lanes[i].size() / 2;
        const std::size_t at = columns[i] > half ? columns[i] - half : 0;
        put(names, std::min(at, width - std::min(width, picture.lanes[i].size())), picture.lanes[i]);
    }
    finish(names);
    finish(life());
    for (const Arrow& arrow : picture.arrows) {
        const bool right = arrow.to > arrow.from;
        const std::size_t low = std::min(columns[arrow.from], columns[arrow.to]) + 1;
        const std::size_t high = std::max(columns[arrow.from], columns[arrow.to]);
        std::string row = life();
        for (std::size_t i = low; i < high; ++i) row[i] = '-';
        const bool fits = arrow.words.size() + 8 <= high - low;
        if (!fits) {
            std::string above = life();
            put(above, low + 2, arrow.words);
            finish(above);
        } else {
            put(row, low + 3, " " + arrow.words + " ");
        }
        row[right ? high - 1 : low] = right ? '>' : '<';
        if (arrow.stopped) row[columns[arrow.to]] = 'X';
        finish(row);
    }
    return out;
}

std::string text_of(const Screen& screen, const Style& style) {
    Printer printer(style);
    for (const Part& part : screen.parts) std::visit(printer, part);
    return printer.take();
}

std::string prompt_of(const Screen& screen, const Style& style) {
    return screen.prompt.empty() ? std::string() : style(Tone::quiet, "[" + screen.prompt + "]") + " ";
}

}  // namespace scenarios::lesson
