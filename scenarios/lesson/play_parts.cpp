// What the screens of a lesson hold. play.cpp has the course of things.
#include "scenarios/lesson/fill.hpp"
#include "scenarios/lesson/play.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace scenarios::lesson {
namespace {

std::string usual_title(Kind kind) {
    switch (kind) {
        case Kind::read: return "To begin with";
        case Kind::predict: return "What will happen?";
        case Kind::show: return "Look";
        case Kind::explain: return "In your own words";
        case Kind::modify: return "Make it work";
        case Kind::quiz: return "What stays";
    }
    return {};
}

std::string minutes(std::uint64_t count) { return count == 0 ? std::string() : fmt::format("{} min", count); }

}  // namespace

std::string title_of(const Step& step) { return step.title.empty() ? usual_title(step.kind.value) : step.title; }

Table starts_table(const Step& step, const StepAnswers& truth) {
    Table table{{}, true};
    for (std::size_t i = 0; i < truth.rows.size(); ++i)
        table.rows.emplace_back(fmt::format("start {}", step.seeds->value.low + i), truth.rows[i].get());
    return table;
}

std::string with_values(const std::optional<Words>& words, const Played* run) {
    if (!words) return {};
    return filled(words->value, [run](Value value) { return run ? shown(run->facts, value) : std::string(); });
}

std::vector<Note> trainer_notes(const Step& step, const StepAnswers& truth) {
    std::vector<Note> notes;
    std::string words = minutes(step.minutes);
    if (!step.trainer.empty()) words += (words.empty() ? "" : ". ") + step.trainer;
    if (!words.empty()) notes.push_back({"Trainer", words});
    if (!step.choices.empty())
        notes.push_back({"Right", fmt::format("{}. {}", truth.right + 1,
                                              with_values(step.choices[truth.right].reply, truth.run.get()))});
    for (std::size_t i = 0; i < step.choices.size(); ++i)
        if (step.choices[i].reply && i != truth.right)
            notes.push_back({fmt::format("To {}", i + 1), with_values(step.choices[i].reply, truth.run.get())});
    if (step.model) notes.push_back({"A good answer", with_values(step.model, truth.run.get())});
    for (const Combination& one : truth.combinations) {
        if (!one.meets) continue;
        std::string numbers;
        for (const std::size_t option : one.options)
            numbers += (numbers.empty() ? "" : " ") + std::to_string(option + 1);
        notes.push_back({"Meets the goal", numbers});
    }
    for (std::size_t i = 0; i < step.items.size(); ++i)
        notes.push_back({fmt::format("Answer {}", i + 1), truth.item_answers[i]});
    return notes;
}

void Play::begin() {
    fresh();
    add(Heading{0, lesson_.steps.size(), lesson_.title});
    std::string about = minutes(lesson_.minutes);
    if (!lesson_.audience.empty()) about += (about.empty() ? "" : ". ") + lesson_.audience;
    if (!about.empty()) add(Text{about});
    std::string goals;
    for (const std::string& goal : lesson_.goals) goals += "- " + goal + "\n";
    if (!goals.empty()) add(Text{"Afterwards you can:\n\n" + goals});
    if (options_.trainer && !lesson_.trainer.empty()) add(Note{"Trainer", lesson_.trainer});
    screen_.prompt = "Enter begins; at any time: b back, h hint, q quit (progress is kept)";
}

void Play::show_again() {
    fresh();
    if (at_ == lesson_.steps.size()) return finish();
    const Step& step = current();
    add(Heading{at_ + 1, lesson_.steps.size(), title_of(step)});
    if (!step.picture.empty()) add(Sketch{&step.picture});
    if (step.text) add(Text{with_values(step.text, nullptr)});
    if (step.seeds) add(starts_table(step, known()));
    if (step.question) add(Text{with_values(step.question, nullptr)});
    if (step.kind.value == Kind::predict)
        add(Choices{"",
                    [&] {
                        std::vector<std::string> words;
                        for (const Choice& choice : step.choices) words.push_back(choice.text.value);
                        return words;
                    }(),
                    options_.trainer ? std::optional(known().right) : std::nullopt});
    if (step.kind.value == Kind::modify) add_toggles();
    note_for_trainer();
    if (step.kind.value == Kind::show) return reveal();
    if (record().done && step.kind.value != Kind::read && step.kind.value != Kind::modify &&
        step.kind.value != Kind::quiz)
        return reveal();
    if (step.kind.value == Kind::quiz)
        for (std::size_t item = 0; item < record().answers.size(); ++item) show_item_reply(item);
    ask();
}

// What stands before the cursor.
void Play::ask() {
    const Step& step = current();
    const Record& mine = record();
    const std::string hints = step.hints.empty() ? "" : "; h hint";
    screen_.asks = !mine.done && step.kind.value != Kind::read && step.kind.value != Kind::show;
    if (!screen_.asks) {
        screen_.prompt = "Enter goes on";
        return;
    }
    switch (step.kind.value) {
        case Kind::predict:
            screen_.prompt = mine.choice ? "How sure are you? 1 a guess, 2 rather sure, 3 certain"
                                         : fmt::format("Your prediction, 1 to {}{}", step.choices.size(), hints);
            break;
        case Kind::explain: screen_.prompt = "One sentence" + hints + "; s skips"; break;
        case Kind::modify:
            screen_.prompt = step.toggles.size() == 1 ? "Your choice, a number"
                                                      : fmt::format("Your choice, {} numbers", step.toggles.size());
            screen_.prompt += hints + "; s gives it up";
            break;
        case Kind::quiz:
            add(Text{fmt::format("{}. {}", mine.answers.size() + 1, step.items[mine.answers.size()].ask.value)});
            screen_.prompt = "Your answer";
            break;
        case Kind::read:
        case Kind::show: break;
    }
}

// What comes to light once the step's question has been answered.
void Play::reveal() {
    const Step& step = current();
    const Played* run = known().run.get();
    switch (step.kind.value) {
        case Kind::predict:
            show_choice_reply();
            add(Outcome{run});
            if (step.events) add(Ladder{run, step.events->value, false});
            break;
        case Kind::show: {
            if (run != nullptr && step.rows.empty())
                add(Ladder{run, step.events ? std::optional(step.events->value) : std::nullopt, false});
            Table table;
            for (std::size_t i = 0; i < step.rows.size(); ++i)
                table.rows.emplace_back(step.rows[i].text.value, known().rows[i].get());
            if (!table.rows.empty()) add(std::move(table));
            if (step.point) add(Text{with_values(step.point, run)});
            break;
        }
        case Kind::explain:
            if (!record().said.empty()) add(Note{"You", record().said});
            add(Note{"A good answer", with_values(step.model, run)});
            if (step.packet) add(Ladder{run, Span<std::uint64_t>{step.packet->value, step.packet->value}, true});
            break;
        case Kind::read:
        case Kind::modify:
        case Kind::quiz: break;
    }
    ask();
}

void Play::show_choice_reply() {
    const std::size_t chosen = record().choice.value_or(0);
    const std::size_t right = known().right;
    const Choice& mine = current().choices[chosen];
    const Played* run = known().run.get();
    const bool is_so = chosen == right;
    add(Reply{is_so ? Mood::right : Mood::wrong,
              is_so ? fmt::format("{} is right.", chosen + 1)
                    : fmt::format("Not {}. What happens is {}: {}", chosen + 1, right + 1,
                                  current().choices[right].text.value),
              with_values(mine.reply, run)});
    if (!is_so && options_.trainer) add(Note{"Trainer", "the run says: " + known().against[chosen]});
}

void Play::show_item_reply(std::size_t item) {
    const Item& one = current().items[item];
    const PlayedPtr& run = known().item_runs[item];
    const std::string& typed = record().answers[item];
    const bool good = is_right(one, run ? &run->facts : nullptr, typed);
    add(Reply{
        good ? Mood::right : Mood::wrong,
        good ? "Right: " + known().item_answers[item] + "." : "The answer is: " + known().item_answers[item] + ".",
        with_values(one.reply, run.get())});
}

void Play::add_toggles() {
    for (const Toggle& toggle : current().toggles) {
        Choices list{toggle.name.value, {}, std::nullopt};
        for (const Option& option : toggle.options) list.words.push_back(option.text.value);
        add(std::move(list));
    }
}

void Play::add_combination(const Combination& combination) {
    std::string chosen;
    for (std::size_t t = 0; t < combination.options.size(); ++t)
        chosen += (t > 0 ? "; " : "") + current().toggles[t].options[combination.options[t]].text.value;
    add(Note{"You try", chosen});
    add(Outcome{combination.run.get()});
    add(Reply{combination.meets ? Mood::right : Mood::wrong,
              combination.meets ? "That is what was asked for." : "Not yet what was asked for.",
              combination.meets ? with_values(current().point, combination.run.get()) : std::string()});
    if (combination.meets) screen_.prompt = "Enter goes on";
}

void Play::note_for_trainer() {
    if (!options_.trainer) return;
    for (Note& note : trainer_notes(current(), known())) add(std::move(note));
}

void Play::finish() {
    add(Heading{lesson_.steps.size(), lesson_.steps.size(), "What you predicted, and what happened"});
    Tally tally;
    const auto count = [&](bool good) {
        ++tally.of;
        tally.right += good ? 1U : 0U;
        return good ? Mood::right : Mood::wrong;
    };
    for (std::size_t i = 0; i < lesson_.steps.size(); ++i) {
        const Step& step = lesson_.steps[i];
        const Record& mine = records_[i];
        const StepAnswers& truth = answers_.steps[i];
        if (step.kind.value == Kind::predict && mine.choice)
            tally.lines.push_back(
                {title_of(step),
                 step.choices[*mine.choice].text.value + (mine.sure ? fmt::format(" (sure: {} of 3)", *mine.sure) : ""),
                 step.choices[truth.right].text.value, count(*mine.choice == truth.right)});
        if (step.kind.value == Kind::modify)
            tally.lines.push_back({title_of(step), fmt::format("{} {}", mine.tries, mine.tries == 1 ? "try" : "tries"),
                                   mine.met ? "done" : "given up", count(mine.met)});
        for (std::size_t item = 0; item < mine.answers.size(); ++item) {
            const PlayedPtr& run = truth.item_runs[item];
            tally.lines.push_back({step.items[item].ask.value, mine.answers[item], truth.item_answers[item],
                                   count(is_right(step.items[item], run ? &run->facts : nullptr, mine.answers[item]))});
        }
    }
    add(std::move(tally));
    screen_.prompt = "Enter ends the lesson";
}

}  // namespace scenarios::lesson
