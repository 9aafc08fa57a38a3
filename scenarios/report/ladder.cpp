#include "scenarios/report/ladder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace scenarios::report {
namespace {

constexpr std::size_t time_columns = 11;  // "  1234.567  "

class Ladder {
public:
    Ladder(const Events& events, const LadderOptions& options) : events_(events), options_(options) {
        const std::size_t room = std::max<std::size_t>(options.width, 60) - time_columns - 2;
        const std::size_t gaps = std::max<std::size_t>(events.lanes.size() - 1, 1);
        for (std::size_t i = 0; i < events.lanes.size(); ++i) columns_.push_back(time_columns + i * room / gaps);
    }

    std::string draw() {
        heading();
        for (const Event& event : events_.events) {
            if (event.note)
                note(event);
            else
                packet(event);
        }
        return std::move(text_);
    }

private:
    // The life lines, with nothing on them.
    std::string empty_row(std::size_t length) const {
        std::string row(length, ' ');
        for (const std::size_t column : columns_)
            if (column < length) row[column] = '|';
        return row;
    }

    void put(std::string& row, std::size_t column, std::string_view words) const {
        if (row.size() < column + words.size()) row.resize(column + words.size(), ' ');
        std::copy(words.begin(), words.end(), row.begin() + static_cast<std::ptrdiff_t>(column));
    }

    void line(const std::string& row, Tone tone) {
        const std::size_t end = row.find_last_not_of(' ');
        text_ += options_.style(tone, row.substr(0, end == std::string::npos ? 0 : end + 1)) + '\n';
    }

    void heading() {
        std::string row(columns_.back() + 1, ' ');
        put(row, 5, "time");
        std::size_t free_from = 0;
        for (std::size_t i = 0; i < columns_.size(); ++i) {
            std::string name = events_.lanes[i];
            const std::size_t space = columns_.size() > 1 ? columns_[1] - columns_[0] - 2 : 30;
            if (name.size() > space) name = name.substr(0, space - 1) + "~";
            const std::size_t half = name.size() / 2;
            std::size_t at = columns_[i] > half ? columns_[i] - half : 0;
            if (i + 1 == columns_.size()) at = std::min(at, columns_[i] + 2 - std::min(columns_[i] + 2, name.size()));
            at = std::max(at, std::max(free_from, time_columns));
            put(row, at, name);
            free_from = at + name.size() + 1;
        }
        line(row, Tone::strong);
    }

    void note(const Event& event) {
        if (!options_.notes) return;
        std::string row = empty_row(columns_.back() + 1);
        const std::size_t at =
            std::min(columns_[event.from] + 2, options_.width - std::min(options_.width, event.what.size() + 2));
        put(row, std::max(at, time_columns + 2), "* " + event.what);
        line(row, Tone::quiet);
    }

    void packet(const Event& event) {
        std::string row = empty_row(columns_.back() + 1);
        put(row, 0,
            fmt::format("{:>9}",
                        fmt::format("{:.3f}", static_cast<double>(event.time.time_since_epoch().count()) / 1e9)));
        arrow(row, event);
        line(row, event.stopped() ? Tone::bad : Tone::plain);
        verdict(event);
    }

    void arrow(std::string& row, const Event& event) const {
        const bool right = event.end >= event.from ? event.end != event.from || event.to > event.from : false;
        std::size_t from = columns_[event.from];
        std::size_t to = columns_[event.end];
        if (from == to)  // lost on the first link: a short arrow into nowhere
            to = right ? from + 8 : from - 8;
        const std::size_t low = std::min(from, to) + 1;
        const std::size_t high = std::max(from, to);
        for (std::size_t i = low; i < high; ++i)
            if (row[i] != '|') row[i] = '-';
        if (event.stopped()) row[to] = 'X';
        row[right ? high - 1 : low] = right ? '>' : '<';
        label(row, event, low, high, right);
    }

    // The words stand near the sender, on the line, with a blank at either side. Words longer than the arrow run on
    // over the life lines.
    void label(std::string& row, const Event& event, std::size_t low, std::size_t high, bool right) const {
        std::string words = " " + event.what + " ";
        const std::size_t limit = options_.width > low + 6 ? options_.width - low - 6 : 20;
        if (words.size() > limit) words = words.substr(0, limit - 4) + "... ";
        if (right) {
            put(row, low + 2, words);
            return;
        }
        const std::size_t width = high - low;
        put(row, words.size() + 4 <= width ? high - 2 - words.size() : low + 2, words);
    }

    bool worth_saying(const Event& event) const {
        if (options_.every_verdict || event.stopped() || event.ending == Ending::replaced) return true;
        if (std::any_of(event.words.begin(), event.words.end(), [](const Word& word) { return word.first; }))
            return true;
        return std::any_of(event.words.begin(), event.words.end(),
                           [](const Word& word) { return word.reason != "established" && word.reason != "related"; }) &&
               event.what.starts_with("SYN to");
    }

    void verdict(const Event& event) {
        if (!worth_saying(event)) return;
        const std::string words = verdict_in_words(event);
        if (words.empty()) return;
        const std::size_t lane = event.words.empty() ? event.end : event.words.back().lane;
        const std::size_t left = options_.width > 20 ? options_.width - 4 : 76;
        // Beside the firewall's life line when there is room, else as far right as the words fit.
        std::size_t at = columns_[lane] + 2;
        if (at + words.size() > left)
            at = left > words.size() + time_columns + 2 ? left - words.size() : time_columns + 2;
        std::string rest = words;
        while (!rest.empty()) {
            std::string piece = rest;
            if (at + piece.size() > options_.width) {
                std::size_t cut = piece.rfind(' ', options_.width - at);
                if (cut == std::string::npos || cut == 0) cut = options_.width - at;
                piece.resize(cut);
            }
            rest = rest.substr(std::min(
                rest.size(), piece.size() + (piece.size() < rest.size() && rest[piece.size()] == ' ' ? 1 : 0)));
            std::string row = empty_row(std::max(at, columns_.back() + 1));
            put(row, at, piece);
            line(row, event.stopped() ? Tone::bad : Tone::quiet);
        }
    }

    const Events& events_;
    const LadderOptions& options_;
    std::vector<std::size_t> columns_;
    std::string text_;
};

}  // namespace

std::string ladder(const Events& events, const LadderOptions& options) { return Ladder(events, options).draw(); }

}  // namespace scenarios::report
