#include "scenarios/cli/lesson_play.hpp"

#include "scenarios/cli/command.hpp"
#include "scenarios/cli/interrupt.hpp"
#include "scenarios/cli/lesson_place.hpp"
#include "scenarios/cli/lines.hpp"
#include "scenarios/cli/output.hpp"
#include "scenarios/cli/step.hpp"
#include "scenarios/lesson/progress.hpp"
#include "scenarios/lesson/text.hpp"
#include "scenarios/runner/load_files.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <optional>
#include <unistd.h>

namespace scenarios::cli {
namespace {

void remark(const std::string& words) { std::fprintf(stderr, "firedrill: %s\n", words.c_str()); }

// The progress file of one lesson. What goes wrong with it is said once, and never stops the lesson.
class Keeper {
public:
    explicit Keeper(const lesson::Lesson& lesson) : lesson_(lesson) {
        const auto folder = state_folder();
        if (!folder) {
            remark("progress is not kept: neither XDG_STATE_HOME nor HOME is set");
            return;
        }
        std::error_code error;
        const auto whole = std::filesystem::weakly_canonical(lesson.source->name(), error);
        path_ = *folder + "/" + lesson::progress_file_name(error ? lesson.source->name() : whole.string());
    }

    // What was typed before; nothing when there is none, or none that can be used.
    std::vector<std::string> load() {
        if (path_.empty()) return {};
        runner::DiskFiles disk;
        const auto text = disk.read(path_);
        if (!text) {
            if (text.error() != runner::FileError::missing)
                remark("the progress in " + path_ + " cannot be read (" + std::string(sentence(text.error())) +
                       "); the lesson starts at its beginning");
            return {};
        }
        const auto read = lesson::parse_progress(*text, lesson_);
        if (read.state == lesson::ProgressState::broken)
            remark("the progress in " + path_ + " is broken; the lesson starts at its beginning");
        if (read.state == lesson::ProgressState::other_lesson)
            remark("the lesson was changed since " + path_ + " was written; it starts at its beginning");
        return read.progress.typed;
    }

    void save(const std::vector<std::string>& typed) {
        if (path_.empty()) return;
        const auto problem = write_whole(path_, lesson::text_of(lesson::Progress{typed}, lesson_));
        if (!problem) return;
        remark("progress is not kept: " + *problem);
        path_.clear();
    }

    void forget() {
        std::error_code ignored;
        if (!path_.empty()) std::filesystem::remove(path_, ignored);
    }

private:
    const lesson::Lesson& lesson_;
    std::string path_;
};

bool show(const lesson::Screen& screen, const report::Style& style, bool prompt) {
    std::string text = text_of(screen, style);
    if (!text.empty()) text = "\n" + text;
    if (prompt && !screen.over) text += "\n" + prompt_of(screen, style);
    return print(text);
}

// On a terminal the packets of a show step are walked through, as with `firedrill show --step`, and stand there in full
// when that is done, with what is to be said of them below.
class Walk {
public:
    Walk(const lesson::Lesson& lesson, const lesson::Play& play, const report::Style& style)
        : style_(style), rest_(play.screen()) {
        const auto ladder = std::find_if(rest_.parts.begin(), rest_.parts.end(), [](const lesson::Part& part) {
            return std::holds_alternative<lesson::Ladder>(part);
        });
        const bool shows =
            play.step() < lesson.steps.size() && lesson.steps[play.step()].kind.value == lesson::Kind::show;
        if (!can_step() || !shows || ladder == rest_.parts.end()) return;
        title_ = lesson::title_of(lesson.steps[play.step()]);
        events_ = packets_of(std::get<lesson::Ladder>(*ladder));
        above_.parts.assign(rest_.parts.begin(), ladder);
        rest_.parts.erase(rest_.parts.begin(), ladder);
        packets_ = std::count_if(events_.events.begin(), events_.events.end(),
                                 [](const report::Event& event) { return !event.note; });
        above_.prompt = fmt::format("Enter walks through {} packets one by one; a shows all at once", packets_);
    }

    bool wanted() const { return packets_ > 1; }

    // The line that answers the step; absent when there are no more.
    std::optional<std::string> answer(Lines& lines) {
        if (!show(above_, style_, true)) return std::nullopt;
        auto line = lines.next();
        if (!line || !(line->empty() || *line == "a")) return line;
        if (line->empty()) step_through(events_, title_, style_);
        if (interrupted() || !show(rest_, style_, true)) return std::nullopt;
        return lines.next();
    }

private:
    report::Style style_;
    lesson::Screen above_;
    lesson::Screen rest_;
    std::string title_;
    report::Events events_;
    std::ptrdiff_t packets_ = 0;
};

// Plays what was typed before. False when it does not fit, so that it cannot have been typed here.
bool catch_up(lesson::Play& play, const std::vector<std::string>& typed) {
    for (const std::string& line : typed)
        if (play.over() || !play.take(line) || play.left()) return false;
    return !play.over();
}

}  // namespace

int play_lesson(const lesson::Lesson& lesson, const lesson::Answers& answers, const LessonPlayOptions& options) {
    Keeper keeper(lesson);
    if (options.restart) keeper.forget();
    std::vector<std::string> typed = keeper.load();
    std::optional<lesson::Play> play;
    play.emplace(lesson, answers, lesson::PlayOptions{options.trainer});
    if (!typed.empty()) {
        if (catch_up(*play, typed)) {
            play->show_again();
            if (!print("Going on where you stopped. --restart begins anew.\n")) return environment_said_no;
        } else {
            remark("the progress does not fit the lesson; it starts at its beginning");
            typed.clear();
            play.emplace(lesson, answers, lesson::PlayOptions{options.trainer});
        }
    }
    const bool echo = !is_terminal(STDIN_FILENO);
    Lines lines;
    while (true) {
        Walk walk(lesson, *play, options.style);
        if (!walk.wanted() && !show(play->screen(), options.style, true)) return environment_said_no;
        if (play->over()) break;
        const auto line = walk.wanted() ? walk.answer(lines) : lines.next();
        if (!line || (echo && !print(sim::base::printable(*line, 400) + "\n"))) {
            (void)print("\n");
            break;
        }
        if (!play->take(*line)) continue;
        if (play->left()) break;
        typed.push_back(*line);
        if (!play->over()) keeper.save(typed);
    }
    if (play->over())
        keeper.forget();
    else if (!typed.empty())
        remark("you can go on later: firedrill lesson " + lesson.source->name());
    return as_expected;
}

int play_answers(const lesson::Lesson& lesson, const lesson::Answers& answers, const std::string& path,
                 const LessonPlayOptions& options) {
    runner::DiskFiles disk;
    const auto text = disk.read(path);
    const auto wrong = [&](std::size_t line, const std::string& what) {
        std::fprintf(stderr, "%s%s: error: %s\n", path.c_str(), line == 0 ? "" : (":" + std::to_string(line)).c_str(),
                     what.c_str());
        return bad_input;
    };
    if (!text) return wrong(0, std::string(sentence(text.error())));
    const sim::base::SourceText source(path, *text);
    const auto is_answer = [&](std::size_t number) {
        const std::string_view line = source.line(number);
        const std::size_t begin = line.find_first_not_of(" \t");
        return begin != std::string_view::npos && line[begin] != '#';
    };
    lesson::Play play(lesson, answers, {options.trainer});
    std::size_t number = 0;
    while (true) {
        if (interrupted() || !show(play.screen(), options.style, false)) return environment_said_no;
        if (play.over()) break;
        if (!play.screen().asks) {
            (void)play.take("");
            continue;
        }
        do ++number;
        while (number <= source.line_count() && !is_answer(number));
        if (number > source.line_count())
            return wrong(0, "the answers end before the lesson does, at: " + play.screen().prompt);
        const std::string line = sim::base::printable(source.line(number), 400);
        if (!print("\n" + prompt_of(play.screen(), options.style) + line + "\n")) return environment_said_no;
        if (!play.take(line)) return wrong(number, "this is no answer here: " + play.screen().prompt);
        if (play.left()) return wrong(number, "the answers leave the lesson");
    }
    for (++number; number <= source.line_count(); ++number)
        if (is_answer(number)) return wrong(number, "the lesson was over before this answer");
    return play.all_right() ? as_expected : not_as_expected;
}

}  // namespace scenarios::cli
