// Text from outside made safe, and "did you mean".
#include "sim/base/diagnostic.hpp"
#include "sim/base/glyph.hpp"
#include "tests/support/octets.hpp"

#include <boost/test/unit_test.hpp>

namespace {

using namespace sim::base;

struct Shown {
    const char* name;
    std::string_view text;
    std::string_view expected;
};

const Shown shown[] = {
    {"plain", "allow tcp 135", "allow tcp 135"},
    {"empty", "", ""},
    {"line end", "a\r\nb", "a??b"},
    {"tab", "a\tb", "a b"},
    {"escape sequence", "\x1b[31mred", "?[31mred"},
    {"a zero inside", std::string_view("a\0b", 3), "a?b"},
    {"delete", "\x7f", "?"},
    {"umlaut",
     "Gr\xc3\xbc\xc3\x9f"
     "e",
     "Gr\xc3\xbc\xc3\x9f"
     "e"},
    {"four octets", "\xf0\x9f\x94\xa5", "\xf0\x9f\x94\xa5"},
    {"highest character", "\xf4\x8f\xbf\xbf", "\xf4\x8f\xbf\xbf"},
    {"above the highest", "\xf4\x90\x80\x80", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"},
    {"C1 control",
     "\xc2\x9b"
     "1m",
     "?1m"},
    {"right-to-left override",
     "a\xe2\x80\xae"
     "b",
     "a?b"},
    {"line separator",
     "a\xe2\x80\xa8"
     "b",
     "a?b"},
    {"first isolate", "\xe2\x81\xa6", "?"},
    {"overlong slash", "\xc0\xaf", "\xef\xbf\xbd\xef\xbf\xbd"},
    {"overlong in three", "\xe0\x80\xaf", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"},
    {"surrogate", "\xed\xa0\x80", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"},
    {"cut sequence", "a\xc3", "a\xef\xbf\xbd"},
    {"lead without tail", "\xe2\x28\xa1", "\xef\xbf\xbd(\xef\xbf\xbd"},
    {"lone tail", "\x80", "\xef\xbf\xbd"},
    {"no lead at all", "\xff\xfe", "\xef\xbf\xbd\xef\xbf\xbd"},
};

struct Cut {
    std::string_view text;
    std::size_t limit;
    std::string_view expected;
};

const Cut cuts[] = {
    {"abcdef", 6, "abcdef"},
    {"abcdefg", 6, "abc..."},
    {"abcdefg", 3, "..."},
    {"abcdefg", 2, "ab"},
    {"abcdefg", 0, ""},
    {"", 0, ""},
    {"ab\xc3\xbc"
     "defg",
     6, "ab..."},  // the umlaut would begin at octet 3 and end at 4
    {"abc\xc3\xbc"
     "d",
     6,
     "abc\xc3\xbc"
     "d"},
    {"\xc3\xbc\xc3\xbc", 3, "..."},
    {"\xff\xff\xff", 6, "\xef\xbf\xbd..."},  // each is shown by three octets
    {"\xff\xff", 6, "\xef\xbf\xbd\xef\xbf\xbd"},
};

struct Near {
    const char* typed;
    const char* expected;
};

const std::vector<std::string_view> words = {"title", "server", "client", "firewall", "port", "ports", "to", "name"};

const Near nears[] = {
    {"titel", "title"},
    {"tilte", "title"},
    {"servr", "server"},
    {"Server", "server"},
    {"CLEINT", "client"},
    {"fierwal", "firewall"},
    {"prot", "port"},
    {"poort", "port"},
    {"port", "port"},
    {"ports", "ports"},
    {"t", ""},
    {"xx", ""},
    {"completely", ""},
    {"", ""},
    {"nmae", "name"},
    {"clientserver", ""},
};

BOOST_AUTO_TEST_SUITE(text)

BOOST_AUTO_TEST_CASE(printable_text) {
    for (const Shown& row : shown) BOOST_TEST_CONTEXT(row.name) {
            const support::Tight input(view_of(row.text));
            BOOST_TEST(printable(text_of(input)) == row.expected);
        }
}

BOOST_AUTO_TEST_CASE(long_text_is_cut_between_characters) {
    for (const Cut& row : cuts) BOOST_TEST_CONTEXT(row.text << " to " << row.limit)
    BOOST_TEST(printable(row.text, row.limit) == row.expected);
}

// Whatever the octets: nothing above the limit, no control character, and valid UTF-8.
BOOST_AUTO_TEST_CASE(no_pair_of_octets_spoils_a_line) {
    for (unsigned pair = 0; pair < 0x10000; ++pair) {
        const std::string input = {'\xe2', static_cast<char>(pair >> 8U), static_cast<char>(pair & 0xffU)};
        const std::string output = printable(input);
        for (std::string_view left = output; !left.empty();) {
            const Glyph glyph = first_glyph(left);
            BOOST_REQUIRE(glyph.shown == left.substr(0, glyph.octets));
            left.remove_prefix(glyph.octets);
        }
        BOOST_REQUIRE(printable(input, 5).size() <= 5U);
    }
}

BOOST_AUTO_TEST_CASE(nearest_words) {
    for (const Near& row : nears) BOOST_TEST_CONTEXT(row.typed)
    BOOST_TEST(nearest_word(row.typed, words) == row.expected);
    BOOST_TEST(nearest_word(std::string(1'000'000, 'x'), words).empty());
    BOOST_TEST(nearest_word("port", {}).empty());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
