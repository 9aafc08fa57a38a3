// The course of a lesson: which step stands, what a line does to it. play_parts.cpp fills the screens.
#include "scenarios/lesson/play.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

namespace scenarios::lesson {
namespace {

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && std::isspace(static_cast<unsigned char>(text.front())) != 0) text.remove_prefix(1);
    while (!text.empty() && std::isspace(static_cast<unsigned char>(text.back())) != 0) text.remove_suffix(1);
    return text;
}

std::string lower(std::string_view text) {
    std::string out;
    for (const char c : text) out += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return out;
}

// "2": which of so many, from 0.
std::optional<std::size_t> pick(std::string_view word, std::size_t of) {
    std::size_t number = 0;
    for (const char c : word) {
        if (c < '0' || c > '9' || number > 1000) return std::nullopt;
        number = number * 10 + static_cast<std::size_t>(c - '0');
    }
    return number >= 1 && number <= of ? std::optional(number - 1) : std::nullopt;
}

std::vector<std::string_view> words_of(std::string_view line) {
    std::vector<std::string_view> words;
    while (!line.empty()) {
        const std::size_t end = std::min(line.find_first_of(" ,;\t"), line.size());
        if (end > 0) words.push_back(line.substr(0, end));
        line.remove_prefix(std::min(end + 1, line.size()));
    }
    return words;
}

}  // namespace

Play::Play(const Lesson& lesson, const Answers& answers, PlayOptions options)
    : lesson_(lesson), answers_(answers), options_(options), records_(lesson.steps.size()) {
    begin();
}

bool Play::take(std::string_view typed) {
    const std::string_view line = trimmed(typed);
    const std::string word = lower(line);
    const auto is = [&](const char* whole) { return word == whole || word == std::string(1, *whole); };
    if (is("quit")) {
        left_ = true;
        return true;
    }
    if (is("back")) {
        go_back();
        return true;
    }
    if (word == "?" || is("hint")) {
        hint();
        return true;
    }
    if (!begun_ || at_ == lesson_.steps.size() || record().done) {
        go_on();
        return true;
    }
    return answer(line);
}

bool Play::answer(std::string_view line) {
    const bool skips = lower(line) == "skip" || lower(line) == "s";
    switch (current().kind.value) {
        case Kind::read:
        case Kind::show: break;
        case Kind::predict: return record().choice ? be_sure(line) : predict(line);
        case Kind::modify:
            if (skips) {
                record().done = true;
                go_on();
                return true;
            }
            return modify(line);
        case Kind::quiz: return quiz(line);
        case Kind::explain:
            if (line.empty()) {
                refuse("Write it in your own words first; s skips it.");
                return false;
            }
            if (!skips) record().said = line;
            record().done = true;
            fresh();
            reveal();
            return true;
    }
    go_on();
    return true;
}

bool Play::predict(std::string_view line) {
    const auto chosen = pick(line, current().choices.size());
    if (!chosen) {
        refuse(fmt::format("First a prediction: a number from 1 to {}.", current().choices.size()));
        return false;
    }
    record().choice = chosen;
    fresh();
    if (current().confidence) {
        screen_.prompt = "How sure are you? 1 a guess, 2 rather sure, 3 certain";
        screen_.asks = true;
        return true;
    }
    record().done = true;
    reveal();
    return true;
}

bool Play::be_sure(std::string_view line) {
    const auto sure = pick(line, 3);
    if (!sure) {
        refuse("A number: 1 a guess, 2 rather sure, 3 certain.");
        return false;
    }
    record().sure = static_cast<unsigned>(*sure + 1);
    record().done = true;
    fresh();
    reveal();
    return true;
}

bool Play::modify(std::string_view line) {
    const auto words = words_of(line);
    std::vector<std::size_t> options;
    for (std::size_t t = 0; t < current().toggles.size() && t < words.size(); ++t)
        if (const auto option = pick(words[t], current().toggles[t].options.size())) options.push_back(*option);
    if (options.size() != current().toggles.size() || words.size() != options.size()) {
        refuse(current().toggles.size() == 1
                   ? std::string("One number, that of your choice; s gives it up.")
                   : fmt::format("{} numbers with blanks between them, one for each list; s gives it up.",
                                 current().toggles.size()));
        return false;
    }
    ++record().tries;
    const Combination& combination = combination_of(current(), known(), options);
    record().met = record().met || combination.meets;
    record().done = combination.meets;
    fresh();
    add_combination(combination);
    if (!record().done) ask();
    return true;
}

bool Play::quiz(std::string_view line) {
    if (line.empty()) {
        refuse("An answer, please; a guess will do.");
        return false;
    }
    record().answers.emplace_back(line);
    fresh();
    show_item_reply(record().answers.size() - 1);
    record().done = record().answers.size() == current().items.size();
    ask();
    return true;
}

void Play::go_on() {
    if (at_ == lesson_.steps.size()) {
        fresh();
        screen_.over = true;
        return;
    }
    if (begun_) record().done = true;
    enter(begun_ ? at_ + 1 : 0);
}

void Play::go_back() {
    if (!begun_ || at_ == 0) {
        begun_ = false;
        begin();
        return;
    }
    enter(at_ - 1);
}

void Play::enter(std::size_t step) {
    begun_ = true;
    at_ = step;
    show_again();
}

void Play::hint() {
    if (!begun_ || at_ == lesson_.steps.size() || current().hints.empty() || record().done) {
        refuse("There is no hint here.");
        return;
    }
    const std::size_t number = std::min(record().hints, current().hints.size() - 1);
    if (record().hints < current().hints.size()) ++record().hints;
    fresh();
    add(Note{fmt::format("Hint {} of {}", number + 1, current().hints.size()), current().hints[number].value});
    ask();
}

// Nothing is lost: the same question stands again, without its text.
void Play::refuse(std::string words) {
    const Screen before = std::move(screen_);
    fresh();
    add(Note{"", std::move(words)});
    screen_.prompt = before.prompt;
    screen_.asks = before.asks;
}

bool Play::all_right() const {
    for (std::size_t i = 0; i < records_.size(); ++i) {
        const Step& step = lesson_.steps[i];
        const Record& one = records_[i];
        if (step.kind.value == Kind::predict && one.choice && *one.choice != answers_.steps[i].right) return false;
        if (step.kind.value == Kind::modify && one.done && !one.met) return false;
        for (std::size_t item = 0; item < one.answers.size(); ++item) {
            const PlayedPtr& run = answers_.steps[i].item_runs[item];
            if (!is_right(step.items[item], run ? &run->facts : nullptr, one.answers[item])) return false;
        }
    }
    return true;
}

}  // namespace scenarios::lesson
