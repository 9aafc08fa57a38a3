// A lesson being learned, as a pure state machine: a line goes in, a screen comes out. It knows no terminal and no
// file; whoever shows it may be a terminal, a script or a test. The same lines give the same screens, which is also how
// progress is kept: the lines are written down and played again.
//
// What is shown is told by the screen alone: `parts` from top to bottom, then `prompt`. A run stands in a screen only
// after its prediction has been made; nothing takes a prediction back.
#pragma once

#include "scenarios/lesson/answers.hpp"
#include "scenarios/lesson/lesson.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace scenarios::lesson {

// ---- screens ----

struct Heading {
    std::size_t step = 0;  // from 0
    std::size_t of = 0;
    std::string title;
};
struct Text {
    std::string words;  // paragraphs, lists and set-in blocks as the lesson has them; values filled in
};
struct Sketch {
    const Picture* picture = nullptr;
};
struct Choices {
    std::string name;  // of a toggle; empty for a prediction
    std::vector<std::string> words;
    std::optional<std::size_t> marked;  // the right one, for the trainer
};
enum class Mood : std::uint8_t { right, wrong, plain };
struct Reply {
    Mood mood = Mood::plain;
    std::string lead;  // "Right.", "Not 1. What happens is 3: ..."
    std::string words;
};
struct Outcome {  // what came out of a run, in a few lines
    const Played* run = nullptr;
};
struct Ladder {  // packets of a run
    const Played* run = nullptr;
    std::optional<Span<std::uint64_t>> events;  // absent: all
    bool every_verdict = false;
};
struct Table {  // runs side by side
    std::vector<std::pair<std::string, const Played*>> rows;
    bool starts = false;  // they are starts of one server
};
struct Note {  // a hint, a word to the trainer, a remark of the program
    std::string label;
    std::string words;
};
struct Tally {  // at the end: what was predicted, and what happened
    struct Line {
        std::string what, predicted, happened;
        Mood mood = Mood::plain;
    };
    std::vector<Line> lines;
    std::size_t right = 0, of = 0;
};

using Part = std::variant<Heading, Text, Sketch, Choices, Reply, Outcome, Ladder, Table, Note, Tally>;

struct Screen {
    std::vector<Part> parts;
    std::string prompt;  // "Your prediction, 1 to 3"; empty when the lesson is over
    bool asks = false;   // an answer is wanted, not just a sign to go on
    bool over = false;
};

// ---- the machine ----

struct PlayOptions {
    bool trainer = false;  // right answers, notes and timing beside every step
};

class Play {
public:
    // Both must outlive it; the answers are complete.
    Play(const Lesson& lesson, const Answers& answers, PlayOptions options = {});

    // The screen that stands before the first line was typed, or the one after the last.
    const Screen& screen() const { return screen_; }

    // A line as typed: an answer, nothing (go on), or a word: h(int), b(ack), s(kip), q(uit). True when it was taken;
    // false when the screen asks for something else, and says so.
    bool take(std::string_view line);

    bool over() const { return screen_.over; }
    bool left() const { return left_; }       // by quit
    bool all_right() const;                   // no prediction and no answer was wrong, no goal given up
    std::size_t step() const { return at_; }  // from 0; Lesson::steps.size() at the summary

    // Every step that has been done stays done; the screen of where the learner is, whole.
    void show_again();

private:
    struct Record {  // of one step
        bool done = false;
        std::optional<std::size_t> choice;
        std::optional<unsigned> sure;
        std::string said;
        std::size_t tries = 0;
        bool met = false;
        std::vector<std::string> answers;  // of a quiz, in order
        std::size_t hints = 0;
    };

    const Step& current() const { return lesson_.steps[at_]; }
    const StepAnswers& known() const { return answers_.steps[at_]; }
    Record& record() { return records_[at_]; }

    void enter(std::size_t step);
    void begin();
    void ask();
    void reveal();
    void go_on();
    void go_back();
    void hint();
    void finish();
    void fresh() { screen_ = {}; }
    void add(Part part) { screen_.parts.push_back(std::move(part)); }
    void note_for_trainer();
    void refuse(std::string words);

    bool answer(std::string_view line);
    bool predict(std::string_view line);
    bool be_sure(std::string_view line);
    bool modify(std::string_view line);
    bool quiz(std::string_view line);

    void show_choice_reply();
    void show_item_reply(std::size_t item);
    void add_toggles();
    void add_combination(const Combination& combination);

    const Lesson& lesson_;
    const Answers& answers_;
    PlayOptions options_;
    std::vector<Record> records_;
    std::size_t at_ = 0;
    bool begun_ = false;  // beyond the title page
    bool left_ = false;
    Screen screen_;
};

// As written, or the usual one of its kind.
std::string title_of(const Step& step);

// What whoever teaches a step wants to know beforehand: timing, what to say, the right answers, replies to wrong ones.
std::vector<Note> trainer_notes(const Step& step, const StepAnswers& truth);

// The starts of a step with seeds.
Table starts_table(const Step& step, const StepAnswers& truth);

// Values of a run filled in; the text as it is without one.
std::string with_values(const std::optional<Words>& words, const Played* run);

}  // namespace scenarios::lesson
