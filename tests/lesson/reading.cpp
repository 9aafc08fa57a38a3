// Lesson files that must not be read: what is said of each, and where. And what a good one says.
#include "scenarios/lesson/keys.hpp"
#include "tests/lesson/school.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <fstream>
#include <sstream>

using namespace school;

namespace {

struct Bad {
    const char* name;
    const char* text;  // after a first line with the title
    const char* id;
    unsigned line;
    const char* hint;
};

const Bad bad[] = {
    {"no steps", "minutes = 2", "missing-key", 0, "[[step]]"},
    {"unknown key at the top", "goal = \"x\"\n[[step]]\nkind = \"read\"\ntext = \"x\"", "unknown-key", 2, "goals"},
    {"unknown kind", "[[step]]\nkind = \"predikt\"", "unknown-word", 3, "predict"},
    {"no kind", "[[step]]\ntext = \"x\"", "missing-key", 2, "kind"},
    {"key of another kind", "[[step]]\nkind = \"read\"\ntext = \"x\"\nevents = 3", "unknown-key", 5, "known keys"},
    {"misspelt key of a step", "[[step]]\nkind = \"read\"\ntxt = \"x\"\ntext = \"y\"", "unknown-key", 4, "text"},
    {"text missing", "[[step]]\nkind = \"read\"", "missing-key", 2, ""},
    {"number for text", "[[step]]\nkind = \"read\"\ntext = 5", "wrong-type", 4, ""},
    {"no minutes", "minutes = 0\n[[step]]\nkind = \"read\"\ntext = \"x\"", "out-of-range", 2, ""},
    {"newer format", "format = 2\n[[step]]\nkind = \"read\"\ntext = \"x\"", "unknown-format", 2, "newer"},
    {"arrow to itself", "[[step]]\nkind = \"read\"\ntext = \"x\"\npicture = [\"a -> a: x\"]", "bad-picture", 5, ""},
    {"no arrow", "[[step]]\nkind = \"read\"\ntext = \"x\"\npicture = [\"a > b: x\"]", "bad-picture", 5, "->"},
    {"value before a prediction", "[[step]]\nkind = \"read\"\ntext = \"on {directory}\"", "unknown-value", 4, "{{"},
    {"misspelt value", "[[step]]\nkind = \"explain\"\nscenario = \"x\"\ntext = \"?\"\nmodel = \"on {directry}\"",
     "unknown-value", 6, "{directory}"},
    {"number as an answer", "[[step]]\nkind = \"quiz\"\n[[step.item]]\nask = \"?\"\naccept = [\"5,001\"]",
     "typed-answer", 6, "value"},
    {"no answer at all", "[[step]]\nkind = \"quiz\"\n[[step.item]]\nask = \"?\"", "missing-key", 4, "accept"},
    {"unknown value of a run",
     "[[step]]\nkind = \"quiz\"\n[[step.item]]\nask = \"?\"\nscenario = \"x\"\nvalue = \"stores\"", "unknown-word", 7,
     "store"},
    {"one choice",
     "[[step]]\nkind = \"predict\"\nscenario = \"x\"\nquestion = \"?\"\n[[step.choice]]\ntext = \"a\"\nmeans = { logon "
     "= "
     "\"works\" }",
     "empty-list", 2, "two"},
    {"a choice that means nothing",
     "[[step]]\nkind = \"predict\"\nscenario = \"x\"\nquestion = \"?\"\n[[step.choice]]\ntext = \"a\"\nmeans = "
     "{}\n[[step.choice]]\ntext = \"b\"\nmeans = { logon = \"works\" }",
     "empty-list", 8, ""},
    {"unknown key of a meaning",
     "[[step]]\nkind = \"predict\"\nscenario = \"x\"\nquestion = \"?\"\n[[step.choice]]\ntext = \"a\"\nmeans = { "
     "open_port = "
     "3 }\n[[step.choice]]\ntext = \"b\"\nmeans = { logon = \"works\" }",
     "unknown-key", 8, "open_ports"},
    {"span upside down", "[[step]]\nkind = \"show\"\nscenario = \"x\"\nevents = \"9-5\"\npoint = \"x\"", "bad-span", 5,
     "5-9"},
    {"one seed", "[[step]]\nkind = \"explain\"\nscenario = \"x\"\ntext = \"?\"\nmodel = \"x\"\nseeds = \"3-3\"",
     "bad-span", 7, "1-10"},
    {"seed zero", "[[step]]\nkind = \"explain\"\nscenario = \"x\"\ntext = \"?\"\nmodel = \"x\"\nseeds = \"0-9\"",
     "bad-span", 7, "1-10"},
    {"too many seeds",
     "[[step]]\nkind = \"explain\"\nscenario = \"x\"\ntext = \"?\"\nmodel = \"x\"\nseeds = \"1-1000000000\"",
     "too-large", 7, ""},
    {"seeds elsewhere", "[[step]]\nkind = \"show\"\nscenario = \"x\"\npoint = \"x\"\nseeds = \"1-9\"", "unknown-key", 6,
     ""},
    {"step zero", "[[step]]\nkind = \"show\"\nscenario = \"x\"\nwithout = 0\npoint = \"x\"", "unknown-step", 5,
     "from 1"},
    {"a step twice", "[[step]]\nkind = \"show\"\nscenario = \"x\"\norder = [1, 1]\npoint = \"x\"", "duplicate", 5, ""},
    {"outage in words",
     "[[step]]\nkind = \"modify\"\nscenario = \"x\"\ntask = \"?\"\ngoal = { outage = \"long\" }\n[[step.toggle]]\nname "
     "= "
     "\"n\"\n[[step.toggle.option]]\ntext = \"a\"",
     "unknown-word", 6, "none"},
    {"control character", "[[step]]\nkind = \"read\"\ntext = \"a\\u0007\"", "control-character", 4, ""},
    {"broken TOML", "[[step]]\nkind = read", "toml-value", 3, ""},
};

std::string sorted(std::vector<std::string> words) {
    std::sort(words.begin(), words.end());
    words.erase(std::unique(words.begin(), words.end()), words.end());
    std::string text;
    for (const std::string& word : words) text += word + " ";
    return text;
}

std::string keys_in(const boost::json::object& schema) {
    std::vector<std::string> keys;
    for (const auto& property : schema.at("properties").as_object()) keys.emplace_back(property.key());
    return sorted(std::move(keys));
}

std::string keys_of(const scenarios::runner::OwnKeys& own) { return sorted({own.keys.begin(), own.keys.end()}); }

}  // namespace

BOOST_AUTO_TEST_SUITE(reading)

BOOST_AUTO_TEST_CASE(what_cannot_be_read) {
    for (const Bad& one : bad) BOOST_TEST_CONTEXT(one.name) {
            const ReadLesson got = read(std::string("title = \"x\"\n") + one.text + "\n");
            BOOST_TEST(!got.lesson.has_value());
            const auto found = std::find_if(got.diagnostics.begin(), got.diagnostics.end(),
                                            [&](const auto& d) { return d.id == one.id; });
            const bool syntax = std::string_view(one.id) == "toml-value";
            if (syntax) {
                BOOST_TEST(!got.diagnostics.empty());
                continue;
            }
            BOOST_TEST_REQUIRE((found != got.diagnostics.end()), one.id << " is missing in\n"
                                                                        << shown(got.diagnostics));
            BOOST_TEST(found->place.line == one.line, shown(got.diagnostics));
            BOOST_TEST((found->hint.find(one.hint) != std::string::npos), shown(got.diagnostics));
            BOOST_TEST(got.diagnostics.size() == 1U, shown(got.diagnostics));
        }
}

BOOST_AUTO_TEST_CASE(all_errors_at_once) {
    const ReadLesson got = read(
        "[[step]]\nkind = \"read\"\ntext = 1\nbogus = 2\n[[step]]\nkind = \"nonsense\"\n[[step]]\nkind = \"quiz\"\n");
    BOOST_TEST(got.diagnostics.size() == 5U, shown(got.diagnostics));
}

BOOST_AUTO_TEST_CASE(a_good_one_keeps_everything) {
    const ReadLesson got = read(whole);
    BOOST_TEST_REQUIRE(got.lesson.has_value(), shown(got.diagnostics));
    const Lesson& lesson = *got.lesson;
    BOOST_TEST(lesson.steps.size() == 6U);
    BOOST_TEST(lesson.minutes == 6U);
    BOOST_TEST(lesson.steps[0].picture.lanes.size() == 3U);
    BOOST_TEST(lesson.steps[0].picture.arrows[2].stopped);
    BOOST_TEST(lesson.steps[1].run.path == "play/branch.toml");
    BOOST_TEST(lesson.steps[1].choices.size() == 2U);
    BOOST_TEST(lesson.steps[2].events->value.low == 7U);
    BOOST_TEST(lesson.steps[4].toggles[1].options[1].run.cases.front().value == "opened");
}

BOOST_AUTO_TEST_CASE(noise_is_no_crash) {
    for (std::size_t cut = 0; cut < whole.size(); cut += 7) (void)read(whole.substr(0, cut));
    for (std::size_t at = 0; at < whole.size(); at += 5) {
        std::string text(whole);
        text[at] = static_cast<char>('!' + at % 90);
        (void)read(text);
    }
    BOOST_TEST(!read("").lesson.has_value());
    BOOST_TEST(!read(std::string(300'000, 'x')).lesson.has_value());
}

BOOST_AUTO_TEST_CASE(a_lesson_is_told_from_a_scenario) {
    BOOST_TEST(looks_like_lesson(whole));
    BOOST_TEST(looks_like_lesson("goals = [\"x\"]\n"));
    BOOST_TEST(!looks_like_lesson(branch));
    BOOST_TEST(!looks_like_lesson(night));
}

BOOST_AUTO_TEST_CASE(the_schema_has_the_same_keys_and_words) {
    std::ifstream file(FIREDRILL_SOURCE_DIR "/scenarios/schema/lesson-v1.schema.json");
    std::ostringstream text;
    text << file.rdbuf();
    const boost::json::object schema = boost::json::parse(text.str()).as_object();
    const auto& definitions = schema.at("definitions").as_object();
    const auto definition = [&](std::string_view name) -> const boost::json::object& {
        return definitions.at(boost::json::string_view(name.data(), name.size())).as_object();
    };
    BOOST_TEST(keys_in(schema) == keys_of(lesson_keys()));
    for (const auto& kind : kinds())
        BOOST_TEST(keys_in(definition(kind.text)) == keys_of(step_keys(kind.value)), kind.text);
    BOOST_TEST(keys_in(definition("choice")) == keys_of(choice_keys()));
    BOOST_TEST(keys_in(definition("means")) == keys_of(meaning_keys()));
    BOOST_TEST(keys_in(definition("row")) == keys_of(row_keys()));
    BOOST_TEST(keys_in(definition("toggle")) == keys_of(toggle_keys()));
    BOOST_TEST(keys_in(definition("option")) == keys_of(option_keys()));
    BOOST_TEST(keys_in(definition("item")) == keys_of(item_keys()));
    std::vector<std::string> words, known;
    for (const auto& word : definition("value").at("enum").as_array()) words.emplace_back(word.as_string());
    for (const auto& word : values()) known.emplace_back(word.text);
    BOOST_TEST(sorted(words) == sorted(known));
}

BOOST_AUTO_TEST_SUITE_END()
