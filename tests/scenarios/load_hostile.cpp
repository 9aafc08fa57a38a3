// Octets that nobody would call a scenario: a diagnostic each, never a crash, and bounded work.
#include "tests/scenarios/load_support.hpp"

#include <random>
#include <string>

using namespace load_tests;

namespace {

std::string repeated(std::string_view piece, int times) {
    std::string text;
    for (int i = 0; i < times; ++i) text += piece;
    return text;
}

const char* const whole_scenario = R"(format = 1
title = "x"
about = """
a
b"""
[server]
name = "EXCH01"
registry = ["reg/as-installed.reg", 'reg/static-5000-5001.reg']
[firewall]
default = "drop"
[[firewall.rule]]
action = "allow"
port = [135, "5000-5100"]
[expect]
ports = { directory = 5000, information-store = "5001" }
[sweep]
seeds = "1-20"
[[case]]
title = "c"
firewall.rules = "branch.rules"
)";

}  // namespace

BOOST_AUTO_TEST_SUITE(load_hostile)

BOOST_AUTO_TEST_CASE(no_text_at_all) {
    const struct {
        const char* name;
        std::string text;
        const char* id;
    } cases[] = {
        {"empty", "", "empty-file"},
        {"blank", " \r\n\t\n", "empty-file"},
        {"byte-order mark alone", "\xef\xbb\xbf", "empty-file"},
        {"UTF-16, little", std::string("\xff\xfet\0i\0", 6), "not-utf8"},
        {"UTF-16, big", std::string("\xfe\xff\0t\0i", 6), "not-utf8"},
        {"UTF-16 without mark", std::string("t\0i\0t\0l\0e\0", 10), "not-utf8"},
        {"a zero", std::string("title = \"x\"\n\0\n", 14), "not-text"},
        {"Latin-1", "title = \"\xe4\"", "not-utf8"},
        {"overlong", "title = \"\xc0\xaf\"", "not-utf8"},
        {"surrogate", "title = \"\xed\xa0\x80\"", "not-utf8"},
        {"cut character", "title = \"\xe2\x80", "not-utf8"},
        {"old Macintosh", "title = \"x\"\rformat = 1\r", "bad-line-end"},
        {"nested lists", "a = " + repeated("[", 65536), "too-deep"},
        {"nested tables", "a = " + repeated("{a=", 65536), "too-deep"},
        {"dotted key", repeated("a.", 65536) + "a = 1", "too-deep"},
        {"dotted header", "[" + repeated("a.", 65536) + "a]", "too-deep"},
        {"quoted dots", repeated("\"a\".", 65536) + "a = 1", "too-deep"},
        {"megabytes", repeated("# a comment\n", 200'000), "too-large"},
        {"many keys",
         [] {
             std::string text;
             for (int i = 0; i < 1000; ++i) text += "k" + std::to_string(i) + " = 1\n";
             return text;
         }(),
         "too-large"},
        {"many values", "a = [" + repeated("1,", 300'000) + "]", "too-large"},
    };
    for (const auto& c : cases) BOOST_TEST_CONTEXT(c.name) {
            const Loaded loaded = load(c.text);
            BOOST_TEST(!loaded.scenario.has_value());
            BOOST_TEST(find(loaded, c.id) != nullptr, shown(loaded));
            for (const auto& diagnostic : loaded.diagnostics) BOOST_TEST(format(diagnostic).size() < 2000U);
        }
}

BOOST_AUTO_TEST_CASE(dots_in_texts_and_comments_do_not_count) {
    good("title = \"" + repeated(".", 150) + "\" # " + repeated(".", 500) + "\nabout = \"\"\"\n" +
         repeated(".[{", 500) + "\n\"\"\"\n");
}

// The TOML library has undefined behaviour here unless it is kept from it; the sanitizers see that.
BOOST_AUTO_TEST_CASE(letters_beyond_ascii_beside_values) {
    for (const char* text : {"\xef\xbb\xbb",
                             "gr\xc3\xb6\xc3\x9f"
                             "e = 1",
                             "title = \xc3\xa4", "title = \"x\" \xe2\xba\x80", "[\xc3\xa4]"})
        BOOST_TEST(!load(text).scenario.has_value());
    const Scenario scenario = good("title = \"x\"\nabout = \"\"\"a \\\n   \xc3\x84rger\"\"\"\n");
    BOOST_TEST(scenario.about == "a \xc3\x84rger");
}

BOOST_AUTO_TEST_CASE(cases_times_sites_are_bounded) {
    std::string text = "title = \"x\"\nfirewall.allow = [" + repeated("135,", 5000) + "]\n";
    for (int i = 0; i < 500; ++i) text += "[[case]]\ntitle = \"" + std::to_string(i) + "\"\n";
    for (int i = 0; i < 90; ++i) text += "[[site]]\nname = \"" + std::to_string(i) + "\"\n";
    const Loaded loaded = load(text);
    BOOST_TEST(find(loaded, "too-large") != nullptr, shown(loaded));
}

BOOST_AUTO_TEST_CASE(errors_without_end_are_counted_only) {
    const Loaded loaded = load("title = \"x\"\nfirewall.allow = [" + repeated("0,", 5000) + "]\n");
    BOOST_TEST(loaded.diagnostics.size() == 101U);
    BOOST_TEST(loaded.diagnostics.back().what == "and 4900 errors more");
}

BOOST_AUTO_TEST_CASE(every_beginning_of_a_scenario_is_read_without_harm) {
    const std::string_view whole = whole_scenario;
    good(whole);
    for (std::size_t length = 0; length < whole.size(); ++length) {
        const std::string begun(whole.substr(0, length));
        const Loaded loaded = load(begun);
        BOOST_TEST(loaded.scenario.has_value() != sim::base::has_errors(loaded.diagnostics));
    }
}

BOOST_AUTO_TEST_CASE(spoilt_octets_are_read_without_harm) {
    std::mt19937 random(1);  // its sequence is fixed by the standard
    constexpr std::string_view spoilers = "[]{}\"'=.,#\\\n\r\t 09a-\x01\x7f\xff";
    for (int round = 0; round < 300; ++round) {
        std::string text = whole_scenario;
        for (unsigned i = 0; i < 1 + random() % 4; ++i)
            text[random() % text.size()] = spoilers[random() % spoilers.size()];
        const Loaded loaded = load(text);
        BOOST_TEST_REQUIRE(loaded.scenario.has_value() != sim::base::has_errors(loaded.diagnostics));
        for (const auto& diagnostic : loaded.diagnostics) {
            BOOST_TEST_REQUIRE(!diagnostic.what.empty());
            BOOST_TEST_REQUIRE(!format(diagnostic).empty());
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
