// Diagnostics as a person reads them, and the places they name.
#include "sim/base/diagnostic.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>

namespace {

using namespace sim::base;

struct Case {
    const char* name;
    Diagnostic diagnostic;
    std::string expected;
};

Diagnostic at(std::string_view line, std::uint32_t column, std::uint32_t length = 1) {
    return {.place = {"f", 1, column, length}, .what = "w", .id = "i", .hint = "", .source_line = std::string(line)};
}

const Case cases[] = {
    {"the example of the manual",
     {.place = {"branch.rules", 8, 11, 5},
      .what = "port 70000 is above 65535",
      .id = "bad-port",
      .hint = "ports go from 1 to 65535",
      .source_line = "allow tcp 70000"},
     "branch.rules:8:11: error: port 70000 is above 65535 [bad-port]\n"
     "    8 | allow tcp 70000\n"
     "      |           ^~~~~\n"
     "  hint: ports go from 1 to 65535\n"},
    {"a whole file",
     {.severity = Severity::warning,
      .place = {"a.toml", 0, 0, 1},
      .what = "empty",
      .id = "x",
      .hint = "",
      .source_line = ""},
     "a.toml: warning: empty [x]\n"},
    {"a whole line",
     {.severity = Severity::note,
      .place = {"a", 12345, 0, 1},
      .what = "w",
      .id = "x",
      .hint = "",
      .source_line = "text"},
     "a:12345: note: w [x]\n12345 | text\n"},
    {"a seven-digit line",
     {.place = {"a", 1234567, 1, 1}, .what = "w", .id = "x", .hint = "", .source_line = "t"},
     "a:1234567:1: error: w [x]\n1234567 | t\n        | ^\n"},
    {"two lines of hint, no id",
     {.place = {"a", 0, 0, 1}, .what = "w", .id = "", .hint = "one\ntwo\n", .source_line = ""},
     "a: error: w\n  hint: one\n        two\n"},
    {"nowhere", {.place = {}, .what = "w", .id = "i", .hint = "", .source_line = ""}, "error: w [i]\n"},
    {"behind the end", at("abc", 4), "f:1:4: error: w [i]\n    1 | abc\n      |    ^\n"},
    {"far behind the end", at("abc", 900, 50), "f:1:900: error: w [i]\n    1 | abc\n      |    ^\n"},
    {"longer than the line", at("abc", 2, 4'000'000'000), "f:1:2: error: w [i]\n    1 | abc\n      |  ^~\n"},
    {"no length", at("abc", 2, 0), "f:1:2: error: w [i]\n    1 | abc\n      |  ^\n"},
    {"tabs are one space wide", at("\ta\tb", 4), "f:1:4: error: w [i]\n    1 |  a b\n      |    ^\n"},
    {"characters, not octets, are counted", at("\xc3\xbc\xc3\xbc=\xc3\xb6", 6, 2),
     "f:1:6: error: w [i]\n    1 | \xc3\xbc\xc3\xbc=\xc3\xb6\n      |    ^\n"},
    {"a column inside a character",
     at("a\xc3\xbc"
        "b",
        3),
     "f:1:3: error: w [i]\n    1 | a\xc3\xbc"
     "b\n      |  ^\n"},
    {"hostile text",
     {.place = {"a\x1b[2J", 1, 1, 1}, .what = "bad \x07", .id = "i", .hint = "\x1b[0m", .source_line = "\x1b[31m"},
     "a?[2J:1:1: error: bad ? [i]\n    1 | ?[31m\n      | ^\n  hint: ?[0m\n"},
};

BOOST_AUTO_TEST_SUITE(diagnostics)

BOOST_AUTO_TEST_CASE(as_text) {
    for (const Case& c : cases) BOOST_TEST_CONTEXT(c.name) BOOST_TEST(format(c.diagnostic) == c.expected);
}

// The caret stands under its character wherever in a long line it is, and no line is long.
BOOST_AUTO_TEST_CASE(long_lines_are_cut_around_the_caret) {
    std::string line(5000, '.');
    for (const std::uint32_t column : {1U, 2U, 60U, 61U, 119U, 120U, 121U, 122U, 2500U, 4880U, 4881U, 4999U, 5000U}) {
        line.assign(5000, '.');
        line[column - 1] = 'X';
        const std::string text = format(at(line, column, 3000));
        const std::size_t second = text.find('\n') + 1;
        const std::size_t third = text.find('\n', second) + 1;
        BOOST_TEST_CONTEXT("column " << column) {
            BOOST_REQUIRE(text.find('^', third) != std::string::npos);
            BOOST_TEST(text.find('^', third) - third == text.find('X', second) - second);
            BOOST_TEST(third - second < 140U);
            BOOST_TEST(text.size() - third < 140U);
        }
    }
    const std::string end = format(at(line, 5001));
    BOOST_TEST(end.size() < 320U);
}

BOOST_AUTO_TEST_CASE(errors_among_others) {
    Diagnostics all(2);
    all[0].severity = Severity::note;
    all[1].severity = Severity::warning;
    BOOST_TEST(!has_errors(all));
    BOOST_TEST(!has_errors({}));
    all.emplace_back();
    BOOST_TEST(has_errors(all));
}

BOOST_AUTO_TEST_CASE(lines_of_every_kind) {
    const SourceText source("f", "one\ntwo\r\nthree\rfour\n\n\r\r\nlast");
    const std::vector<std::string_view> expected = {"one", "two", "three", "four", "", "", "", "last"};
    BOOST_REQUIRE(source.line_count() == expected.size());
    for (std::size_t i = 0; i < expected.size(); ++i) BOOST_TEST(source.line(i + 1) == expected[i]);
    BOOST_TEST(source.line(0).empty());
    BOOST_TEST(source.line(9).empty());
    BOOST_TEST(SourceText("f", "").line_count() == 1U);
    BOOST_TEST(SourceText("f", "\r").line_count() == 2U);
    BOOST_TEST(SourceText("f", "a\r").line(1) == "a");
    BOOST_TEST(SourceText("f", "a\n").line(2).empty());
}

BOOST_AUTO_TEST_CASE(places) {
    const SourceText source("f", "ab\r\ncd\n");
    struct Row {
        std::size_t offset;
        std::uint32_t line, column;
    };
    const Row rows[] = {{0, 1, 1}, {1, 1, 2}, {2, 1, 3}, {3, 1, 4}, {4, 2, 1}, {6, 2, 3}, {7, 3, 1}, {99, 3, 1}};
    for (const Row& row : rows) BOOST_TEST_CONTEXT("offset " << row.offset)
    BOOST_TEST((source.place_at(row.offset) == Place{"f", row.line, row.column, 1}));
    BOOST_TEST(source.place_at(0, 0).length == 1U);
    BOOST_TEST(source.place_at(0, 7).length == 7U);
    BOOST_TEST(format(source.place_at(4)) == "f:2:1");
}

BOOST_AUTO_TEST_CASE(a_diagnostic_carries_its_line) {
    const SourceText source("rules", "allow\ndeny all\n");
    const Diagnostic made = source.diagnose(Severity::error, source.place_at(11, 3), "w", "i", "h");
    BOOST_TEST(format(made) == "rules:2:6: error: w [i]\n    2 | deny all\n      |      ^~~\n  hint: h\n");
    BOOST_TEST(source.diagnose(Severity::note, {}, "w", "i").place.file == "rules");
}

BOOST_AUTO_TEST_CASE(a_witness_stands_behind_the_hint_unless_it_says_it) {
    Diagnostic d;
    d.what = "never decides";
    d.id = "x";
    d.hint = "move it";
    d.witness = "TCP 1.2.3.4:1 > 5.6.7.8:2 SYN";
    BOOST_TEST(format(d) == "error: never decides [x]\n  hint: move it\n  packet: TCP 1.2.3.4:1 > 5.6.7.8:2 SYN\n");
    d.hint = "for instance TCP 1.2.3.4:1 > 5.6.7.8:2 SYN";
    BOOST_TEST(format(d) == "error: never decides [x]\n  hint: for instance TCP 1.2.3.4:1 > 5.6.7.8:2 SYN\n");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
