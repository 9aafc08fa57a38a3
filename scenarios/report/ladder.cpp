#include "scenarios/report/ladder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

namespace scenarios::report {
namespace {

constexpr std::size_t time_columns = 11;  // "  1234.567  "

void put(std::string& row, std::size_t column, std::string_view words) {
    if (row.size() < column + words.size()) row.resize(column + words.size(), ' ');
    std::copy(words.begin(), words.end(), row.begin() + static_cast<std::ptrdiff_t>(column));
}

// Breaks at blanks; a word that is longer than the width is cut.
std::vector<std::string> broken(std::string_view text, std::size_t width) {
    std::vector<std::string> pieces;
    while (!text.empty()) {
        std::size_t cut = text.size();
        if (cut > width) {
            cut = text.rfind(' ', width);
            if (cut == std::string_view::npos || cut == 0) cut = width;
        }
        pieces.emplace_back(text.substr(0, cut));
        text.remove_prefix(std::min(text.size(), text.find_first_not_of(' ', cut)));
    }
    return pieces;
}

std::size_t longest_word(std::string_view text) {
    std::size_t longest = 0;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = std::min(text.size(), text.find(' ', at));
        longest = std::max(longest, end - at);
        at = end + 1;
    }
    return longest;
}

bool goes_right(const Event& event) { return event.end != event.from ? event.end > event.from : event.to > event.from; }

}  // namespace

Ladder::Ladder(const Events& events, const LadderOptions& options) : events_(events), options_(options) {
    options_.width = std::max<std::size_t>(options.width, 60);
    const std::size_t room = options_.width - time_columns - 2;
    const std::size_t gaps = std::max<std::size_t>(events.lanes.size() - 1, 1);
    for (std::size_t i = 0; i < events.lanes.size(); ++i) columns_.push_back(time_columns + i * room / gaps);
}

std::string Ladder::empty_row() const {
    std::string row(columns_.back() + 1, ' ');
    for (const std::size_t column : columns_) row[column] = '|';
    return row;
}

std::string Ladder::painted(const std::string& row, Tone tone) const {
    return options_.style(tone, std::string_view(row).substr(0, row.find_last_not_of(' ') + 1));
}

std::string Ladder::heading() const {
    std::string row(columns_.back() + 1, ' ');
    put(row, 5, "time");
    std::size_t free_from = time_columns;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
        std::string name = events_.lanes[i];
        const std::size_t space = columns_.size() > 1 ? columns_[1] - columns_[0] - 2 : 30;
        if (name.size() > space) name = name.substr(0, space - 1) + "~";
        std::size_t at = columns_[i] - std::min(columns_[i], name.size() / 2);
        if (i + 1 == columns_.size()) at = std::min(at, columns_[i] + 2 - std::min(columns_[i] + 2, name.size()));
        at = std::max(at, free_from);
        put(row, at, name);
        free_from = at + name.size() + 1;
    }
    return painted(row, Tone::strong);
}

std::vector<std::string> Ladder::lines_of(const Event& event) const {
    std::vector<std::string> out;
    if (event.note) {
        if (options_.notes) note(out, event);
        return out;
    }
    packet(out, event);
    if (options_.every_verdict || verdict_worth_saying(event)) verdicts(out, event);
    for (const InspectionLine& one : inspection_in_words(event))
        beside(out, one.text, one.lane, events_.lanes[one.lane], Tone::quiet);
    return out;
}

// Words on rows of their own, from a column on, over the life lines if need be.
void Ladder::words_at(std::vector<std::string>& out, std::string_view words, std::size_t at, Tone tone) const {
    // A life line at the right edge stays whole: it is the server's, and everything else is left of it.
    const std::size_t right = columns_.size() > 1 && at < columns_.back() ? columns_.back() - 1 : options_.width;
    for (const std::string& piece : broken(words, right - at)) {
        std::string row = empty_row();
        put(row, at - 1, " " + piece + (at + piece.size() < columns_.back() ? " " : ""));
        out.push_back(painted(row, tone));
    }
}

void Ladder::note(std::vector<std::string>& out, const Event& event) const {
    const std::size_t at =
        std::min(columns_[event.from] + 2, columns_.size() > 1 ? columns_[columns_.size() - 2] + 2 : time_columns + 2);
    words_at(out, "* " + event.what, at, Tone::quiet);
}

void Ladder::packet(std::vector<std::string>& out, const Event& event) const {
    const bool right = goes_right(event);
    const Tone tone = event.stopped() ? Tone::bad : Tone::plain;
    const std::size_t from = columns_[event.from];
    std::size_t to = columns_[event.end];
    if (from == to) to = right ? from + 8 : from - 8;  // lost on the first link: a short arrow into nowhere
    const std::size_t low = std::min(from, to) + 1;
    const std::size_t high = std::max(from, to);

    const std::string what = (options_.numbers ? fmt::format("{} ", event.number) : "") + event.what;
    const std::string words = " " + what + " ";
    const bool on_the_arrow = words.size() + 4 <= high - low;
    if (!on_the_arrow) {
        const std::size_t left_of_high = high > what.size() + 2 ? high - what.size() - 2 : 0;
        words_at(out, what, right ? low + 2 : std::max(left_of_high, time_columns + 3), tone);
    }
    std::string row = empty_row();
    const std::string time = fmt::format("{:>9.3f}", static_cast<double>(event.time.time_since_epoch().count()) / 1e9);
    put(row, 0, time);
    for (std::size_t i = low; i < high; ++i)
        if (row[i] != '|') row[i] = '-';
    if (event.stopped()) row[to] = 'X';
    row[right ? high - 1 : low] = right ? '>' : '<';
    if (on_the_arrow) put(row, right ? low + 2 : high - 2 - words.size(), words);
    if (on_the_arrow || out.empty()) {
        out.push_back(painted(row, tone));
        return;
    }
    // The time stands at the first line of the packet.
    std::string first = out.front();
    if (!options_.style.color) {
        put(first, 0, time);
        out.front() = first;
        put(row, 0, std::string(time.size(), ' '));
    }
    out.push_back(painted(row, tone));
}

// What firewalls say, each under its own life line where the longest word fits, else up to the server's, by name.
void Ladder::beside(std::vector<std::string>& out, std::string text, std::size_t lane, const std::string& name,
                    Tone tone) const {
    std::size_t at = columns_[lane] + 2;
    if (at + longest_word(text) >= columns_.back() && columns_.size() > 1) {
        if (columns_.size() > 3 && !name.empty()) text = name + ": " + text;
        at = std::max(time_columns + 2, columns_.back() - std::min(columns_.back(), text.size() + 1));
    }
    words_at(out, text, at, tone);
}

void Ladder::verdicts(std::vector<std::string>& out, const Event& event) const {
    for (const Verdict& said : verdicts_in_words(event, true))
        beside(out, said.text, said.lane, said.firewall, said.stopped ? Tone::bad : Tone::quiet);
}

std::string ladder(const Events& events, const LadderOptions& options) {
    const Ladder drawn(events, options);
    std::string text = drawn.heading() + '\n';
    for (const Event& event : events.events)
        for (const std::string& line : drawn.lines_of(event)) text += line + '\n';
    return text;
}

}  // namespace scenarios::report
