// Texts that are no TOML: what is said in plain words, and that reading goes on behind the error.
#include "tests/scenarios/load_support.hpp"

using namespace load_tests;

BOOST_AUTO_TEST_SUITE(load_syntax)

BOOST_AUTO_TEST_CASE(plain_words_for_every_usual_mistake) {
    const struct {
        const char* name;
        const char* text;  // after a first line with the title
        const char* id;
        unsigned line;
        unsigned column;
        const char* hint;
    } cases[] = {
        {"range", "firewall.allow = [135, 5000-5100]", "needs-quotes", 2, 24, "\"5000-5100\""},
        {"range alone", "[[firewall.rule]]\nport = 5000-5100", "needs-quotes", 3, 8, "\"5000-5100\""},
        {"range with blanks", "firewall.allow = [5000 - 5100]", "needs-quotes", 2, 19, "\"5000-5100\""},
        {"leading zero", "firewall.allow = [0135]", "leading-zero", 2, 19, "135"},
        {"backslash", "server.registry = \"reg\\static.reg\"", "bad-escape", 2, 23, "reg/static.reg"},
        {"backslash in a list", "server.registry = [\"reg\\static.reg\"]", "bad-escape", 2, 24, "/"},
        {"table over two lines", "expect = { logon = \"works\",\n  within = \"1s\" }", "inline-table", 2, 10,
         "one line"},
        {"comma before brace", "expect = { logon = \"works\", }", "inline-table", 2, 29, "comma"},
        {"colon", "about: hello", "needs-equals", 2, 6, "about = \"hello\""},
        {"colon and quotes", "about: \"hello\"", "needs-equals", 2, 6, "about = \"hello\""},
        {"two equals signs", "about == \"x\"", "needs-equals", 2, 1, ""},
        {"word", "expect.logon = works", "needs-quotes", 2, 16, "\"works\""},
        {"words", "about = hello world", "needs-quotes", 2, 9, "\"hello world\""},
        {"word in a list", "client.do = [logon]", "needs-quotes", 2, 14, "\"logon\""},
        {"word in a table", "expect = { logon = works }", "needs-quotes", 2, 20, "\"works\""},
        {"address", "server.address = 10.0.0.10", "needs-quotes", 2, 18, "\"10.0.0.10\""},
        {"percentage", "network.loss = 5%", "needs-quotes", 2, 16, "\"5%\""},
        {"duration", "network.latency = 10ms", "needs-quotes", 2, 19, "\"10ms\""},
        {"yes", "client.resolves = yes", "bad-word", 2, 19, "true"},
        {"False", "client.resolves = False", "bad-word", 2, 19, "false"},
        {"open quote", "about = \"hello", "open-string", 2, 9, ""},
        {"open single quote", "about = 'hello", "open-string", 2, 9, ""},
        {"apostrophe", "about = 'it's'", "bad-string", 2, 9, "double quotes"},
        {"quote in quotes", "about = \"a \"b\" c\"", "after-value", 2, 13, ""},
        {"typographic quotes", "about = \xe2\x80\x9chello\xe2\x80\x9d", "bad-quotes", 2, 9, ""},
        {"no value", "about =", "missing-value", 2, 1, ""},
        {"no key", "= 5", "bad-key", 2, 1, ""},
        {"key with a space", "busy ports = 5", "bad-key", 2, 1, ""},
        {"slashes", "// a comment", "bad-comment", 2, 1, "#"},
        {"semicolon", "; a comment", "bad-comment", 2, 1, "#"},
        {"a sentence", "this is a scenario", "bad-line", 2, 1, ""},
        {"open header", "[server\nname = \"A\"", "open-bracket", 2, 1, "[server]"},
        {"half closed header", "[[case]\ntitle = \"A\"", "open-bracket", 2, 1, "[[case]]"},
        {"text after header", "[server] name = 5", "after-table", 2, 10, "new line"},
        {"key twice", "about = \"a\"\nabout = \"b\"", "duplicate-key", 3, 1, ""},
        {"table twice", "[server]\nname = \"a\"\n[server]\nname = \"b\"", "duplicate-table", 4, 1, "[[server]]"},
        {"table and list", "[server]\n[[server]]", "duplicate-table", 3, 1, ""},
        {"open list", "firewall.allow = [135,\n5000\n[server]\nname = \"a\"", "bad-list", 4, 1, ""},
        {"open text", "about = \"\"\"\nhello\n", "open-string", 2, 1, "three quotes"},
        {"no comma", "firewall.allow = [135 5000]", "bad-list", 2, 23, ""},
    };
    for (const auto& c : cases) BOOST_TEST_CONTEXT(c.name) {
            const Loaded loaded = load(std::string("title = \"x\"\n") + c.text);
            BOOST_TEST(!loaded.scenario.has_value());
            BOOST_TEST_REQUIRE(!loaded.diagnostics.empty());
            const auto& first = loaded.diagnostics.front();
            BOOST_TEST(first.id == c.id, shown(loaded));
            BOOST_TEST(first.place.line == c.line, shown(loaded));
            BOOST_TEST(first.place.column == c.column, shown(loaded));
            BOOST_TEST((first.hint.find(c.hint) != std::string::npos), shown(loaded));
            BOOST_TEST(loaded.diagnostics.size() == 1U, shown(loaded));
        }
}

BOOST_AUTO_TEST_CASE(all_errors_of_a_file_come_out_at_once) {
    const Loaded loaded = load(R"(title: x
[server
adress = "10.0.0.10"
registry = "reg\static.reg"
[client]
do = [logon]
[firewall]
default = "deny"
allow = [135, 5000-5100]
[expect]
ports = { directory = 5000,
          information-store = 5001 }
[expect]
logon = "x"
[[case]
firewall.allow = [0]
)");
    std::string found;
    for (const auto& d : loaded.diagnostics) found += std::to_string(d.place.line) + " " + d.id + "\n";
    BOOST_TEST(found ==
               "1 needs-equals\n2 open-bracket\n3 unknown-key\n4 bad-escape\n6 needs-quotes\n8 unknown-word\n"
               "9 needs-quotes\n11 inline-table\n13 duplicate-table\n15 open-bracket\n16 bad-port\n");
}

BOOST_AUTO_TEST_CASE(after_many_syntax_errors_it_gives_up) {
    std::string text;
    for (int i = 0; i < 1000; ++i) text += "this is not toml\n";
    BOOST_TEST(load(text).diagnostics.size() == 20U);
}

BOOST_AUTO_TEST_SUITE_END()
