// `warns` and `because` in a scenario name ids; one that no run can give is an error, not a rehearsal that is always
// wrong.
#include "scenarios/check/check.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

namespace {

namespace runner = scenarios::runner;
namespace check = scenarios::check;

sim::base::Diagnostics checked(const std::string& expect) {
    runner::MemoryFiles files({{"x.toml", "title = \"x\"\n" + expect}});
    return check::check_file("x.toml", files);
}

struct Case {
    const char* name;
    const char* text;  // after a first line with the title
    const char* id;    // "" when nothing is wrong
    unsigned line;
    unsigned column;
    const char* hint;
};

const Case cases[] = {
    {"warning of a run", "expect.warns = [\"named-pipes\"]", "", 0, 0, ""},
    {"warning of a review", "expect.warns = [\"port-hex-typed\", \"port-duplicate\"]", "", 0, 0, ""},
    {"misspelt", "expect.warns = [\"named-pipes\", \"port-hex-tiped\"]", "unknown-warning", 2, 32,
     "did you mean 'port-hex-typed'?"},
    {"nothing near", "expect.warns = \"zebra\"", "unknown-warning", 2, 16, "--list"},
    {"a note", "expect.warns = \"port-boundary\"", "unknown-warning", 2, 16, "notes"},
    {"a fault of a file", "expect.warns = \"unknown-key\"", "unknown-warning", 2, 16, "nothing is played"},
    {"a cause", "expect.warns = \"udp-instead-of-tcp\"", "unknown-warning", 2, 16, "a cause"},
    {"in a case", "[[case]]\ntitle = \"a\"\nexpect.warns = [\"named-pipe\"]", "unknown-warning", 4, 17, "named-pipes"},
    {"in a step", "[[step]]\ndo = \"check\"\nexpect = { warns = [\"new-mail-block\"] }", "unknown-warning", 4, 21,
     "new-mail-blocked"},
    {"a reason of a filter", "expect.because = \"no-rule-matched\"", "", 0, 0, ""},
    {"a reason of a client", "expect.because = \"not-registered\"", "", 0, 0, ""},
    {"a misspelt reason", "expect.because = \"no-rule-matches\"", "unknown-reason", 2, 18, "no-rule-matched"},
};

}  // namespace

BOOST_AUTO_TEST_SUITE(expected_ids)

BOOST_AUTO_TEST_CASE(table) {
    for (const Case& c : cases) BOOST_TEST_CONTEXT(c.name) {
            const auto said = checked(c.text);
            BOOST_TEST_REQUIRE(said.size() == (*c.id == '\0' ? 0U : 1U));
            if (said.empty()) continue;
            BOOST_TEST(said[0].id == c.id);
            BOOST_TEST(said[0].place.line == c.line);
            BOOST_TEST(said[0].place.column == c.column);
            BOOST_TEST((said[0].hint.find(c.hint) != std::string::npos), said[0].hint);
        }
}

// Boost 1.81: Result::error() hands out a copy, so two calls have two ends that do not meet.
BOOST_AUTO_TEST_CASE(faults_of_named_files_arrive_whole) {
    runner::MemoryFiles files(
        {{"x.toml", "title = \"x\"\nserver.registry = \"bad.reg\"\n[firewall]\nimport = \"bad.acl\"\nacl = \"IN\"\n"},
         {"bad.reg", "REGEDIT4\nnonsense\nmore\n"},
         {"bad.acl", "ip access-list extended OUT\n permit tcp any any eq 135\n"}});
    const auto said = check::check_file("x.toml", files);
    BOOST_TEST_REQUIRE(said.size() == 3U);
    BOOST_TEST(said[0].id == "unknown-list");
    BOOST_TEST(said[1].id == "reg-line");
    BOOST_TEST(said[2].id == "reg-line");
}

BOOST_AUTO_TEST_SUITE_END()
