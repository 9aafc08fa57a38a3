// The machine that teaches: a line in, a screen out; no run before its prediction; nothing lost by going back.
#include "scenarios/lesson/play.hpp"
#include "scenarios/lesson/progress.hpp"
#include "tests/lesson/school.hpp"

#include <filesystem>
#include <set>

using namespace school;

namespace {

// The runs that a screen shows.
std::set<const Played*> runs_of(const Screen& screen) {
    std::set<const Played*> runs;
    for (const Part& part : screen.parts) {
        if (const auto* outcome = std::get_if<Outcome>(&part)) runs.insert(outcome->run);
        if (const auto* ladder = std::get_if<Ladder>(&part)) runs.insert(ladder->run);
        if (const auto* table = std::get_if<Table>(&part))
            for (const auto& [name, run] : table->rows) runs.insert(run);
    }
    return runs;
}

std::string play_all(Play& play, const std::vector<std::string>& lines) {
    std::string text = text_of(play.screen());
    for (const std::string& line : lines) {
        play.take(line);
        text += "> " + line + "\n" + text_of(play.screen());
    }
    return text;
}

const std::vector<std::string> good_lines{"", "", "2", "3", "", "", "no rule", "", "2 2", "", "135", "restart", "", ""};
const std::vector<std::string> bad_lines{"", "", "1", "1", "", "", "s", "", "1 2", "s", "5", "sleep", "", ""};

std::vector<Taught> bundled() {
    std::vector<Taught> all;
    scenarios::runner::DiskFiles disk;
    for (const auto& entry : std::filesystem::directory_iterator(FIREDRILL_SOURCE_DIR "/scenarios/lessons")) {
        if (entry.path().extension() != ".toml") continue;
        ReadLesson got = read_lesson(entry.path().string(), disk);
        BOOST_TEST_REQUIRE(got.lesson.has_value(), school::shown(got.diagnostics));
        Answers answers = answers_of(*got.lesson, disk);
        BOOST_TEST(answers.diagnostics.empty(), school::shown(answers.diagnostics));
        all.push_back({std::move(*got.lesson), std::move(answers)});
    }
    return all;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(playing)

BOOST_AUTO_TEST_CASE(from_beginning_to_end) {
    const Taught school = taught(whole);
    Play right(school.lesson, school.answers);
    const std::string text = play_all(right, good_lines);
    BOOST_TEST(right.over());
    BOOST_TEST(right.all_right());
    BOOST_TEST((text.find("4 of 4 right") != std::string::npos), text);
    BOOST_TEST((text.find("(sure: 3 of 3)") != std::string::npos), text);

    Play wrong(school.lesson, school.answers);
    const std::string other = play_all(wrong, bad_lines);
    BOOST_TEST(wrong.over());
    BOOST_TEST(!wrong.all_right());
    BOOST_TEST((other.find("0 of 4 right") != std::string::npos), other);
    BOOST_TEST((other.find("Not 1. What happens is 2") != std::string::npos), other);
}

// Whatever is typed: a run never stands on a screen before the learner has said what it will bring.
BOOST_AUTO_TEST_CASE(no_run_before_its_prediction) {
    const std::vector<std::string> lines{"", "1", "2", "2 2", "1 1", "h", "b", "s", "x", "skip", "99", "-1", "1 2 3"};
    const Taught school = taught(whole);
    const Played* predicted = school.answers.steps[1].run.get();
    std::uint64_t chance = 7;
    std::size_t shown_after = 0;
    for (int walk = 0; walk < 60; ++walk) {
        Play play(school.lesson, school.answers);
        bool has_chosen = false;
        bool has_said_how_sure = false;
        for (int i = 0; i < 60 && !play.over(); ++i) {
            chance = chance * 6364136223846793005ULL + 1442695040888963407ULL;
            const std::string& line = lines[(chance >> 33U) % lines.size()];
            const bool asks_first = play.step() == 1 && play.screen().asks;
            const bool taken = play.take(line);
            if (asks_first && taken && (line == "1" || line == "2")) {
                has_said_how_sure = has_said_how_sure || has_chosen;
                has_chosen = true;
            }
            const auto runs = runs_of(play.screen());
            if (runs.count(predicted) == 0) continue;
            BOOST_TEST(has_said_how_sure, text_of(play.screen()));
            ++shown_after;
        }
    }
    BOOST_TEST(shown_after > 50U);
}

BOOST_AUTO_TEST_CASE(a_prediction_cannot_be_taken_back) {
    const Taught school = taught(whole);
    Play play(school.lesson, school.answers);
    for (const char* line : {"", "", "1", "1", "b", "b", "", ""}) play.take(line);
    BOOST_TEST(play.step() == 1U);
    BOOST_TEST((text_of(play.screen()).find("Not 1.") != std::string::npos), text_of(play.screen()));
    BOOST_TEST(!play.screen().asks);
    play.take("2");  // goes on, and changes nothing
    BOOST_TEST(play.step() == 2U);
    BOOST_TEST(!play.all_right());
}

BOOST_AUTO_TEST_CASE(what_is_no_answer_is_said_and_changes_nothing) {
    const Taught school = taught(whole);
    Play play(school.lesson, school.answers);
    play.take("");
    play.take("");
    for (const char* line : {"", "0", "3", "two", "1 2", "s", "-1", "99999999999999999999"}) BOOST_TEST_CONTEXT(line) {
            const std::string prompt = play.screen().prompt;
            BOOST_TEST(!play.take(line));
            BOOST_TEST(play.step() == 1U);
            BOOST_TEST(play.screen().prompt == prompt);
            BOOST_TEST(play.screen().asks);
        }
    for (const char* hint : {"h", "?", "hint"}) BOOST_TEST(play.take(hint));
    BOOST_TEST((text_of(play.screen()).find("Hint 2 of 2") != std::string::npos));
    BOOST_TEST(play.take("q"));
    BOOST_TEST(play.left());
}

BOOST_AUTO_TEST_CASE(a_goal_is_not_given_up_by_a_slip) {
    const Taught school = taught(whole);
    Play play(school.lesson, school.answers);
    for (const char* line : {"", "", "2", "3", "", "", "s", ""}) play.take(line);
    BOOST_TEST_REQUIRE(play.step() == 4U);
    for (const char* line : {"", "2", "2 2 2", "3 1", "0 0"}) BOOST_TEST(!play.take(line), line);
    BOOST_TEST(play.take("1 2"));
    BOOST_TEST(play.screen().asks);
    BOOST_TEST(!play.take(""));
    BOOST_TEST(play.take("2 2"));
    BOOST_TEST(!play.screen().asks);
    BOOST_TEST(play.take(""));
    BOOST_TEST(play.step() == 5U);
    BOOST_TEST(play.all_right());
}

BOOST_AUTO_TEST_CASE(the_same_lines_give_the_same_screens) {
    const Taught school = taught(whole);
    Play one(school.lesson, school.answers), two(school.lesson, school.answers);
    BOOST_TEST(play_all(one, good_lines) == play_all(two, good_lines));
}

BOOST_AUTO_TEST_CASE(the_trainer_sees_the_answers) {
    const Taught school = taught(whole);
    Play play(school.lesson, school.answers, {.trainer = true});
    const std::string text = play_all(play, good_lines);
    for (const char* words : {"Take your time.", "Wait for an answer.", "<- right", "To 1: The Directory is on",
                              "Meets the goal: 2 2", "Answer 1: 135", "1 min"})
        BOOST_TEST((text.find(words) != std::string::npos), words);
    Play plain(school.lesson, school.answers);
    const std::string for_learners = play_all(plain, {"", ""});
    for (const char* words : {"Take your time.", "<- right", "To 1"})
        BOOST_TEST((for_learners.find(words) == std::string::npos), words);
}

BOOST_AUTO_TEST_CASE(progress_is_what_was_typed) {
    const Taught school = taught(whole);
    const Progress progress{{"", "2", "a b  c", "h"}};
    const std::string text = text_of(progress, school.lesson);
    const ReadProgress again = parse_progress(text, school.lesson);
    BOOST_TEST((again.state == ProgressState::usable));
    BOOST_TEST(again.progress.typed == progress.typed);
    for (std::size_t cut = 0; cut < text.size(); ++cut)
        BOOST_TEST((parse_progress(text.substr(0, cut), school.lesson).state == ProgressState::broken), cut);
    const Taught other = taught(std::string(whole) + "# changed\n");
    BOOST_TEST((parse_progress(text, other.lesson).state == ProgressState::other_lesson));
    for (const char* broken : {"", "\n", "nonsense\n", "firedrill-lesson 2\nlesson x\nend\n"})
        BOOST_TEST((parse_progress(broken, school.lesson).state == ProgressState::broken), broken);
    BOOST_TEST((progress_file_name("/a/b c.toml") != progress_file_name("/d/b c.toml")));
    BOOST_TEST(progress_file_name("/a/b c.toml").find('/') == std::string::npos);
}

// Every screen of every bundled lesson fits a terminal of 80 columns and a printer that knows ASCII alone.
BOOST_AUTO_TEST_CASE(bundled_lessons_fit_the_terminal) {
    const auto all = bundled();
    BOOST_TEST(all.size() >= 4U);
    for (const Taught& one : all) BOOST_TEST_CONTEXT(one.lesson.title) {
            Play play(one.lesson, one.answers, {.trainer = true});
            std::size_t asked = 0;
            for (int i = 0; i < 400 && !play.over(); ++i) {
                std::string text = text_of(play.screen());
                for (const char c : text) BOOST_TEST_REQUIRE((c == '\n' || (c >= ' ' && c <= '~')), text);
                while (!text.empty()) {
                    const std::size_t end = std::min(text.find('\n'), text.size());
                    BOOST_TEST(end <= 80U, text.substr(0, end));
                    text.erase(0, end + 1);
                }
                asked += play.screen().asks ? 1U : 0U;
                if (!play.take(play.screen().asks ? "1" : "")) play.take("s");
                if (play.screen().asks && i % 3 == 2) play.take("s");
            }
            BOOST_TEST(play.over());
            BOOST_TEST(asked >= 6U);
            BOOST_TEST(one.lesson.minutes >= 10U);
            BOOST_TEST(one.lesson.minutes <= 15U);
        }
}

BOOST_AUTO_TEST_SUITE_END()
