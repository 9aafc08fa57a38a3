// Answers are read off runs: they follow the scenario, and a lesson that has gone stale says where and why.
#include "tests/lesson/school.hpp"

#include <algorithm>

using namespace school;

namespace {

std::string replaced(std::string_view text, std::string_view what, std::string_view with) {
    std::string out(text);
    const std::size_t at = out.find(what);
    BOOST_TEST_REQUIRE((at != std::string::npos), what << " is not there to be replaced");
    return out.replace(at, what.size(), with);
}

struct Stale {
    const char* name;
    const char* file;  // whose text changes; "" for the lesson
    const char* what;
    const char* with;
    const char* id;
};

const Stale stale[] = {
    {"the rules open the range now", "play/branch.toml", "allow = [135]", "allow = [135, \"1024-65535\"]",
     "lesson-scenario-wrong"},
    {"the mapper is closed now", "play/branch.toml", "allow = [135]", "allow = [136]", "lesson-no-right-choice"},
    {"the case is gone", "play/branch.toml", "\"pinned\"", "\"pinned down\"", "unknown-case"},
    {"the scenario is broken", "play/branch.toml", "[firewall]", "[fire]", "lesson-scenario"},
    {"a choice means too little", "", "{ logon = \"fails\", fails_at = \"directory\" }", "{ fails_at = \"store\" }",
     "unknown-word"},
    {"two choices mean it", "", "means = { logon = \"works\" }", "means = { logon = \"fails\" }",
     "lesson-two-right-choices"},
    {"another packet", "", "{ 7 = \"map reply\" }", "{ 8 = \"map reply\" }", "lesson-other-packet"},
    {"no such packet", "", "events = \"7-9\"", "events = \"7-90\"", "lesson-no-such-packet"},
    {"no such packet to explain", "", "packet = 9", "packet = 99", "lesson-no-such-packet"},
    {"another rule", "", "rule = \"default\"", "rule = \"rule 1\"", "lesson-other-rule"},
    {"the goal is out of reach", "", "open_ports = 3", "open_ports = 2", "lesson-goal-out-of-reach"},
    {"the goal is met", "", "goal = { logon = \"works\", open_ports = 3 }", "goal = { logon = \"fails\" }",
     "lesson-goal-met"},
    {"a wrong choice is left alone", "", "reply = \"The Directory is on {directory}.\"", "", "lesson-no-reply"},
    {"a reason that there is none of", "", "fails_at = \"directory\" }", "because = \"no-rule-matches\" }",
     "unknown-reason"},
};

}  // namespace

BOOST_AUTO_TEST_SUITE(truth)

BOOST_AUTO_TEST_CASE(answers_are_those_of_the_runs) {
    const Taught school = taught(whole);
    const StepAnswers& predict = school.answers.steps[1];
    BOOST_TEST(predict.right == 1U);
    BOOST_TEST(predict.against[1].empty());
    BOOST_TEST((predict.against[0].find("works") != std::string::npos), predict.against[0]);
    const StepAnswers& modify = school.answers.steps[4];
    BOOST_TEST_REQUIRE(modify.combinations.size() == 4U);
    const std::vector<std::uint64_t> open{1, 3, 1, 3};
    for (std::size_t i = 0; i < 4; ++i) BOOST_TEST(modify.combinations[i].run->facts.open_ports == open[i]);
    for (std::size_t i = 0; i < 4; ++i) BOOST_TEST(modify.combinations[i].meets == (i == 3));
    BOOST_TEST(&combination_of(school.lesson.steps[4], modify, {1, 0}) == &modify.combinations[2]);
    BOOST_TEST(school.answers.steps[5].item_answers[0] == "135");
}

BOOST_AUTO_TEST_CASE(a_stale_lesson_is_told) {
    for (const Stale& one : stale) BOOST_TEST_CONTEXT(one.name) {
            auto all = texts();
            std::string lesson(whole);
            if (*one.file == '\0')
                lesson = replaced(lesson, one.what, one.with);
            else
                all[one.file] = replaced(all[one.file], one.what, one.with);
            MemoryFiles files(all);
            const ReadLesson got = parse_lesson("lesson.toml", lesson, files);
            base::Diagnostics said = got.diagnostics;
            if (got.lesson) {
                const Answers answers = answers_of(*got.lesson, files);
                said.insert(said.end(), answers.diagnostics.begin(), answers.diagnostics.end());
            }
            const auto found = std::find_if(said.begin(), said.end(), [&](const auto& d) { return d.id == one.id; });
            BOOST_TEST_REQUIRE((found != said.end()), one.id << " is missing in\n" << shown(said));
            BOOST_TEST((found->severity == base::Severity::error));
            BOOST_TEST(found->place.file == "lesson.toml");
            BOOST_TEST(found->place.line > 1U);
            BOOST_TEST(!found->source_line.empty());
        }
}

BOOST_AUTO_TEST_CASE(seeds_are_starts_of_one_server) {
    const Taught school = taught(whole);
    const auto& starts = school.answers.steps[3].rows;
    BOOST_TEST_REQUIRE(starts.size() == 3U);
    for (std::size_t i = 0; i < 3; ++i) BOOST_TEST(starts[i]->seen().seed == 4 + i);
    BOOST_TEST((starts[0]->facts.directory != starts[1]->facts.directory));
    const Play play = [&] {
        Play one(school.lesson, school.answers);
        for (const char* line : {"", "", "2", "3", "", ""}) BOOST_TEST(one.take(line));
        return one;
    }();
    const std::string screen = text_of(play.screen());
    for (std::size_t i = 0; i < 3; ++i) {
        const std::string row = "start " + std::to_string(4 + i) + "  " + std::to_string(*starts[i]->facts.directory);
        BOOST_TEST((screen.find(row) != std::string::npos), screen << "\nhas no " << row);
    }
    BOOST_TEST((screen.find("A good answer") == std::string::npos));
}

BOOST_AUTO_TEST_CASE(steps_have_no_seeds) {
    const std::string lesson = replaced(replaced(replaced(whole, "scenario = \"play/branch.toml\"\ntext = \"Why?\"",
                                                          "scenario = \"play/night.toml\"\ntext = \"Why?\""),
                                                 "rule = \"default\"", ""),
                                        "packet = 9", "");
    MemoryFiles files(texts());
    const ReadLesson got = parse_lesson("lesson.toml", lesson, files);
    const auto said = answers_of(*got.lesson, files).diagnostics;
    const auto found = std::find_if(said.begin(), said.end(), [](const auto& d) { return d.id == "contradiction"; });
    BOOST_TEST_REQUIRE((found != said.end()), shown(said));
    BOOST_TEST((found->source_line.find("seeds") != std::string::npos));
}

BOOST_AUTO_TEST_CASE(a_look_up_plays_nothing_and_finds_what_is_missing) {
    auto all = texts();
    MemoryFiles files(all);
    const ReadLesson got = parse_lesson("lesson.toml", replaced(whole, "open_ports = 3", "open_ports = 2"), files);
    BOOST_TEST(look_up(*got.lesson, files).empty());
    all["play/branch.toml"] = replaced(all["play/branch.toml"], "\"opened\"", "\"open\"");
    MemoryFiles others(all);
    const auto said = look_up(*got.lesson, others);
    BOOST_TEST_REQUIRE(said.size() == 1U, shown(said));
    BOOST_TEST(said[0].id == "unknown-case");
}

BOOST_AUTO_TEST_CASE(steps_in_another_order_cut_users_off) {
    struct Order {
        const char* keys;
        const char* outage;
        std::uint64_t open;
    };
    const Order orders[] = {{"", "5 min", 3},
                            {"order = [4, 1, 2, 3]", "3 h 5 min", 3},
                            {"without = 3", "until the end", 3},
                            {"without = [1, 4]", "5 min", 64513},
                            {"until = 2", "no time", 64513}};
    for (const Order& order : orders) BOOST_TEST_CONTEXT(order.keys) {
            MemoryFiles files(texts());
            const ReadLesson got = parse_lesson(
                "lesson.toml",
                std::string("title = \"x\"\n[[step]]\nkind = \"quiz\"\n[[step.item]]\nask = \"?\"\nscenario = "
                            "\"play/night.toml\"\nvalue = \"open_ports\"\n") +
                    order.keys + "\n",
                files);
            BOOST_TEST_REQUIRE(got.lesson.has_value(), shown(got.diagnostics));
            const Answers answers = answers_of(*got.lesson, files);
            BOOST_TEST_REQUIRE(answers.diagnostics.empty(), shown(answers.diagnostics));
            const Facts& facts = answers.steps[0].item_runs[0]->facts;
            // Failing logons take their time, so the seconds are not asked for.
            BOOST_TEST((scenarios::lesson::shown(facts, Value::outage).find(order.outage) == 0U ||
                        scenarios::lesson::shown(facts, Value::outage).starts_with("3 h")),
                       scenarios::lesson::shown(facts, Value::outage));
            BOOST_TEST(facts.open_ports == order.open);
        }
}

BOOST_AUTO_TEST_CASE(answers_of_a_quiz) {
    struct Said {
        const char* typed;
        bool number, word;
    };
    const Said table[] = {{"135", true, false},
                          {" it is 135 ", true, false},
                          {"TCP 135.", true, false},
                          {"1,35", false, false},
                          {"1350", false, false},
                          {"135 or 136", false, false},
                          {"a Restart of it", false, true},
                          {"rebooting", false, true},
                          {"no prestart", false, false},
                          {"", false, false},
                          {"0135", false, false}};
    const Taught school = taught(whole);
    const Step& quiz = school.lesson.steps[5];
    const Facts& facts = school.answers.steps[5].item_runs[0]->facts;
    for (const Said& said : table) BOOST_TEST_CONTEXT(said.typed) {
            BOOST_TEST(is_right(quiz.items[0], &facts, said.typed) == said.number);
            BOOST_TEST(is_right(quiz.items[1], nullptr, said.typed) == said.word);
        }
}

BOOST_AUTO_TEST_CASE(numbers_for_people) {
    BOOST_TEST(grouped(0) == "0");
    BOOST_TEST(grouped(999) == "999");
    BOOST_TEST(grouped(1000) == "1,000");
    BOOST_TEST(grouped(1234567) == "1,234,567");
}

BOOST_AUTO_TEST_SUITE_END()
