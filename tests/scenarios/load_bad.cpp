// Scenarios that must not load: what is said of each, where, and what to write instead.
#include "tests/scenarios/load_support.hpp"

#include <algorithm>

using namespace load_tests;

namespace {

struct Bad {
    const char* name;
    const char* text;  // after a first line with the title
    const char* id;
    unsigned line;
    unsigned column;
    const char* hint;  // part of the hint; "" when it does not matter
};

void check(const Bad& bad) {
    const Loaded loaded = load(std::string("title = \"x\"\n") + bad.text);
    BOOST_TEST(!loaded.scenario.has_value());
    const auto* found = find(loaded, bad.id);
    BOOST_TEST_REQUIRE(found != nullptr, bad.id << " is missing in\n" << shown(loaded));
    BOOST_TEST(found->place.line == bad.line, shown(loaded));
    BOOST_TEST(found->place.column == bad.column, shown(loaded));
    BOOST_TEST((found->hint.find(bad.hint) != std::string::npos), shown(loaded));
    BOOST_TEST(loaded.diagnostics.size() == 1U, shown(loaded));
}

template <std::size_t N>
void check_all(const Bad (&table)[N]) {
    for (const Bad& bad : table) BOOST_TEST_CONTEXT(bad.name) check(bad);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(load_bad)

BOOST_AUTO_TEST_CASE(keys_and_types) {
    check_all({
        {"unknown key", "server.adress = \"10.0.0.1\"", "unknown-key", 2, 8, "did you mean address"},
        {"dash for underscore", "server.busy-ports = 5000", "unknown-key", 2, 8, "did you mean busy_ports"},
        {"key of another table", "server.do = \"logon\"", "unknown-key", 2, 8, "belongs to [client]"},
        {"key of the top", "server.title = \"x\"", "unknown-key", 2, 8, "top of the file"},
        {"unknown table", "[fierwall]", "unknown-key", 2, 2, "did you mean firewall"},
        {"a site has no server", "[[site]]\nname = \"a\"\nserver.name = \"b\"", "unknown-key", 4, 1, ""},
        {"number for text", "server.name = 5", "wrong-type", 2, 15, "name = \"5\""},
        {"version without quotes", "server.version = 5.5", "wrong-type", 2, 18, "version = \"5.5\""},
        {"text for a number", "network.mtu = \"1500\"", "wrong-type", 2, 15, "mtu = 1500"},
        {"text for true", "client.resolves = \"true\"", "wrong-type", 2, 19, "resolves = true"},
        {"value for a table", "server = \"EXCH01\"", "wrong-type", 2, 10, "[server]"},
        {"number for a table", "client = 5", "wrong-type", 2, 10, "[client]"},
        {"value for a case", "case = 5", "wrong-type", 2, 8, "[case]"},
        {"date", "server.name = 1999-01-01", "wrong-type", 2, 15, "\"1999-01-01\""},
        {"format as text", "format = \"1\"", "wrong-type", 2, 10, "format = 1"},
        {"newer format", "format = 2\nnonsense = 1", "unknown-format", 2, 10, ""},
        {"article", "kb = [\"155831\"]", "bad-article", 2, 7, "Q155831"},
    });
}

BOOST_AUTO_TEST_CASE(words) {
    check_all({
        {"synonym", "firewall.default = \"deny\"", "unknown-word", 2, 20, "did you mean \"drop\""},
        {"capitals", "firewall.default = \"Drop\"", "unknown-word", 2, 20, "did you mean \"drop\""},
        {"underscore", "server.stopped = [\"information_store\"]", "unknown-word", 2, 19, "\"information-store\""},
        {"short service", "server.stopped = [\"is\"]", "unknown-word", 2, 19, "\"information-store\""},
        {"nothing near", "server.dynamic = \"zebra\"", "unknown-word", 2, 18, "random or in-order"},
        {"XP is no server", "server.windows = \"xp\"", "unknown-word", 2, 18, "nt4, 2000, 2003 or 2008"},
        {"only one word", "firewall.inspect = \"ftp\"", "unknown-word", 2, 20, "dcerpc"},
        {"an interface that nobody knows", "firewall.inspect = \"dcerpc\"\nfirewall.inspect_interfaces = [\"NSPY\"]",
         "unknown-word", 3, 32, "did you mean NSPI?"},
        {"no interface", "firewall.inspect = \"dcerpc\"\nfirewall.inspect_interfaces = []", "empty-list", 3, 31, ""},
        {"a pinhole without inspection", "firewall.pinhole_timeout = \"1m\"", "contradiction", 2, 10, "inspect"},
        {"uses are one or many", "firewall.inspect = \"dcerpc\"\nfirewall.pinhole_uses = \"two\"", "unknown-word", 3,
         25, "many"},
        {"a known port is one", "client.known_ports = { directory = \"5001-5002\" }", "wrong-type", 2, 36,
         "one number"},
        {"nobody calls the MTA", "client.known_ports = { mta = 5001 }", "contradiction", 2, 24, "directory"},
        {"a mapper needs a port", "network.mapper_port = 0", "out-of-range", 2, 23, ""},
        {"twice", "client.do = [\"logon\", \"logon\"]", "duplicate", 2, 23, ""},
        {"empty do", "client.do = []", "empty-list", 2, 13, ""},
        {"no id", "expect.because = \"No Rule\"", "bad-id", 2, 18, ""},
        {"unknown service", "expect.ports = { directry = 5000 }", "unknown-service", 2, 18, "directory"},
    });
}

BOOST_AUTO_TEST_CASE(ports_and_addresses) {
    check_all({
        {"zero", "firewall.allow = [135, 0]", "bad-port", 2, 24, "1 to 65535"},
        {"too large", "firewall.allow = [65536]", "bad-port", 2, 19, "1 to 65535"},
        {"far too large", "firewall.allow = [9223372036854775807]", "bad-port", 2, 19, ""},
        {"negative", "firewall.allow = [-1]", "bad-port", 2, 19, ""},
        {"range too large", "firewall.allow = \"5000-70000\"", "bad-port", 2, 18, ""},
        {"digits without end", "firewall.allow = \"99999999999999999999999\"", "bad-port", 2, 18, ""},
        {"upside down", "firewall.allow = [\"5100-5000\"]", "bad-port", 2, 19, "\"5000-5100\""},
        {"colon", "firewall.allow = [\"5000:5100\"]", "bad-port", 2, 19, "\"5000-5100\""},
        {"blanks", "firewall.allow = [\"5000 - 5100\"]", "bad-port", 2, 19, "\"5000-5100\""},
        {"leading zero", "firewall.allow = [\"0135\"]", "bad-port", 2, 19, "135"},
        {"list in text", "firewall.allow = \"135,5000\"", "bad-port", 2, 18, "[135, "},
        {"name", "firewall.allow = [\"epmap\"]", "bad-port", 2, 19, ""},
        {"empty", "firewall.allow = [\"\"]", "bad-port", 2, 19, ""},
        {"mixed list", "firewall.allow = [135, true]", "wrong-type", 2, 24, ""},
        {"fraction", "firewall.allow = [135.5]", "wrong-type", 2, 19, ""},
        {"host name", "server.address = \"mail.example\"", "bad-address", 2, 18, ""},
        {"with length", "server.address = \"10.0.0.10/24\"", "bad-address", 2, 18, "one address"},
        {"part too large", "server.address = \"10.0.0.256\"", "bad-address", 2, 18, ""},
        {"unspecified", "server.address = \"0.0.0.0\"", "bad-address", 2, 18, ""},
        {"loopback", "client.address = \"127.0.0.1\"", "bad-address", 2, 18, ""},
        {"multicast", "client.address = \"224.0.0.1\"", "bad-address", 2, 18, ""},
        {"IPv6 multicast", "client.address = \"ff02::1\"", "bad-address", 2, 18, ""},
        {"rule's network", "firewall.rule = [{ action = \"allow\", from = \"10.0.0.0/33\" }]", "bad-address", 2, 45,
         ""},
    });
}

BOOST_AUTO_TEST_CASE(amounts) {
    check_all({
        {"no unit", "network.latency = 10", "bad-duration", 2, 19, "\"10ms\""},
        {"unknown unit", "network.latency = \"10 parsecs\"", "bad-duration", 2, 19, "10ms"},
        {"unit alone", "network.latency = \"ms\"", "bad-duration", 2, 19, ""},
        {"fraction", "network.latency = \"1.5s\"", "bad-duration", 2, 19, ""},
        {"too long", "network.latency = \"99999999999999999999d\"", "bad-duration", 2, 19, ""},
        {"zero", "firewall.idle_timeout = \"0s\"", "bad-duration", 2, 25, ""},
        {"no percent sign", "network.loss = \"5\"", "bad-share", 2, 16, "%"},
        {"above 100", "network.loss = \"100.1%\"", "bad-share", 2, 16, ""},
        {"comma", "network.loss = \"0,5%\"", "bad-share", 2, 16, "point"},
        {"number", "network.loss = 5", "wrong-type", 2, 16, ""},
        {"mtu", "network.mtu = 87", "out-of-range", 2, 15, ""},
        {"seeds upside down", "sweep.seeds = \"200-1\"", "bad-seeds", 2, 15, "\"1-200\""},
        {"seeds as number", "sweep.seeds = 200", "bad-seeds", 2, 15, "\"1-200\""},
        {"too many seeds", "sweep.seeds = \"1-10000001\"", "bad-seeds", 2, 15, ""},
        {"endless seeds", "sweep.seeds = \"1-99999999999999999999999999\"", "bad-seeds", 2, 15, ""},
        {"seeds without end", "sweep.seeds = \"1-\"", "bad-seeds", 2, 15, ""},
        {"no seeds", "[sweep]", "missing-key", 2, 1, ""},
        {"share upside down", "sweep.seeds = \"1-9\"\nexpect.works = \"99%-90%\"", "bad-share", 3, 16, "\"90%-99%\""},
    });
}

BOOST_AUTO_TEST_CASE(files_that_are_not_there) {
    check_all({
        {"misspelt", "server.registry = \"reg/static-5000-501.reg\"", "missing-file", 2, 19,
         "did you mean static-5000-5001.reg"},
        {"wrong folder", "server.registry = [\"nowhere/a.reg\"]", "missing-file", 2, 20, "relative"},
        {"a folder", "server.registry = \"reg\"", "bad-file", 2, 19, ""},
        {"empty", "server.registry = \"\"", "bad-path", 2, 19, ""},
        {"backslash", "server.registry = 'reg\\a.reg'", "bad-path", 2, 19, "reg/a.reg"},
        {"tab", "server.registry = \"reg\\tab.reg\"", "bad-path", 2, 19, "/"},
        {"rules", "firewall.rules = \"brunch.rules\"", "missing-file", 2, 18, "branch.rules"},
        {"import", "firewall.import = \"branch.alc\"", "missing-file", 2, 19, "branch.acl"},
    });
}

BOOST_AUTO_TEST_CASE(contradictions) {
    check_all({
        {"fails nowhere", "[expect]\nlogon = \"works\"\nfails_at = \"directory\"", "contradiction", 4, 12, ""},
        {"share without sweep", "expect.works = \"90%\"", "contradiction", 2, 16, "[sweep]"},
        {"sometimes without sweep", "expect.logon = \"sometimes\"", "contradiction", 2, 16, "[sweep]"},
        {"works less than always", "sweep.seeds = \"1-9\"\n[expect]\nlogon = \"works\"\nworks = \"90%-100%\"",
         "contradiction", 5, 9, "sometimes"},
        {"fails less than always", "sweep.seeds = \"1-9\"\n[expect]\nlogon = \"fails\"\nworks = \"1%\"",
         "contradiction", 5, 9, "sometimes"},
        {"sometimes is not always", "sweep.seeds = \"1-9\"\n[expect]\nlogon = \"sometimes\"\nworks = \"100%\"",
         "contradiction", 5, 9, "works"},
        {"nobody waits for mail", "expect.new_mail = \"works\"", "contradiction", 2, 19, "new-mail"},
        {"two sources", "[firewall]\nimport = \"branch.acl\"\nrules = \"branch.rules\"", "contradiction", 3, 1, ""},
        {"short and long form", "[firewall]\nallow = [135]\n[[firewall.rule]]\naction = \"allow\"", "contradiction", 4,
         12, "[[firewall.rule]]"},
        {"list without file", "[firewall]\nallow = [135]\nacl = \"IN\"", "contradiction", 4, 1, "import"},
        {"list of iptables", "[firewall]\nimport = \"branch.acl\"\nimport_format = \"iptables\"\nacl = \"IN\"",
         "contradiction", 5, 1, "chain"},
        {"chain of Cisco", "[firewall]\nimport = \"branch.acl\"\nimport_format = \"cisco\"\nchain = \"FORWARD\"",
         "contradiction", 5, 1, "acl"},
        {"ports of ICMP", "[[firewall.rule]]\naction = \"allow\"\nprotocol = \"icmp\"\nport = 135", "contradiction", 5,
         1, ""},
        {"no ports at all", "[[firewall.rule]]\naction = \"allow\"\nport = []", "empty-list", 4, 8, ""},
        {"rule without action", "[[firewall.rule]]\nport = 135", "missing-key", 2, 1, "allow"},
        {"rule between families",
         "[[firewall.rule]]\naction = \"drop\"\nfrom = \"10.0.0.0/8\"\nto = \"10.0.0.10\"\n"
         "[[firewall.rule]]\naction = \"drop\"\nfrom = \"10.0.0.0/8\"\nto = 5",
         "wrong-type", 9, 6, ""},
        {"same address", "client.address = \"10.0.0.10\"", "same-address", 2, 18, ""},
        {"same address of servers", "[[server]]\n[[server]]\naddress = \"10.0.0.10\"", "same-address", 4, 11, ""},
        {"same name of servers", "[[server]]\nname = \"A\"\n[[server]]\nname = \"A\"", "duplicate-name", 5, 8, ""},
        {"same name of firewalls", "[[firewall]]\nname = \"A\"\n[[firewall]]\nname = \"A\"", "duplicate-name", 5, 8,
         ""},
        {"families", "client.address = \"2001:db8::1\"", "mixed-families", 2, 18, "server.address"},
    });
}

BOOST_AUTO_TEST_CASE(cases_sites_and_steps) {
    check_all({
        {"case without title", "[[case]]\nserver.name = \"A\"", "missing-key", 2, 1, "title"},
        {"two cases of one title", "[[case]]\ntitle = \"a\"\n[[case]]\ntitle = \"a\"", "duplicate-name", 5, 9,
         "line 2"},
        {"site without name", "[[site]]", "missing-key", 2, 1, "name"},
        {"two sites of one name", "[[site]]\nname = \"a\"\n[[site]]\nname = \"a\"", "duplicate-name", 5, 8, ""},
        {"control character", "[[case]]\ntitle = \"a\\u001b[31m\"", "control-character", 3, 9, ""},
        {"text that reorders", "[[case]]\ntitle = \"a\\u202eb\"", "control-character", 3, 9, ""},
        {"two lines", "[[case]]\ntitle = \"a\\nb\"", "control-character", 3, 9, ""},
        {"blank title", "[[case]]\ntitle = \"  \"", "empty-text", 3, 9, ""},
        {"steps and cases", "[[step]]\ndo = \"check\"\n[[case]]\ntitle = \"a\"", "contradiction", 4, 3, ""},
        {"steps and sweep", "[[step]]\ndo = \"check\"\n[sweep]\nseeds = \"1-9\"", "contradiction", 5, 9, ""},
        {"step without do", "[[step]]\nnote = \"x\"", "missing-key", 2, 1, "check"},
        {"unknown do", "[[step]]\ndo = \"reboot\"", "unknown-word", 3, 6, "restart-server"},
        {"use before logon", "[[step]]\ndo = \"use\"", "contradiction", 3, 6, "logon"},
        {"no file", "[[step]]\ndo = \"import-registry\"", "missing-key", 3, 6, "file"},
        {"no service", "[[step]]\ndo = \"restart-service\"", "missing-key", 3, 6, "service"},
        {"no span", "[[step]]\ndo = \"wait\"", "missing-key", 3, 6, "2h"},
        {"key of another do", "[[step]]\ndo = \"check\"\nfor = \"2h\"", "misplaced-key", 4, 1, ""},
        {"unknown site", "[[site]]\nname = \"London\"\n[[step]]\ndo = \"check\"\nexpect = { Londn = \"works\" }",
         "unknown-site", 6, 12, "London"},
        {"a site where there is none", "[[step]]\ndo = \"check\"\nexpect = { London = \"works\" }", "unknown-key", 4,
         12, ""},
        {"sometimes in a step", "[[step]]\ndo = \"check\"\nexpect = \"sometimes\"", "contradiction", 4, 10, ""},
        {"no firewall to replace", "[[step]]\ndo = \"replace-firewall\"\nrules = \"branch.rules\"", "contradiction", 3,
         6, ""},
        {"which site",
         "firewall.default = \"drop\"\n[[site]]\nname = \"A\"\n[[step]]\ndo = \"replace-firewall\"\n"
         "rules = \"branch.rules\"",
         "missing-key", 6, 6, "site = \"A\""},
        {"unknown server", "[[step]]\ndo = \"restart-server\"\nserver = \"EXCH1\"", "unknown-server", 4, 10, "EXCH01"},
        {"after without steps", "[after]\nnewly_works = []", "contradiction", 2, 2, "[[step]]"},
        {"after without check", "[[step]]\ndo = \"restart-server\"\n[after]\nnewly_works = []", "contradiction", 4, 1,
         "check"},
        {"works and breaks", "[[step]]\ndo = \"check\"\n[after]\nnewly_works = [\"logon\"]\nnewly_breaks = [\"logon\"]",
         "contradiction", 6, 17, ""},
        {"ports of no site", "[[site]]\nname = \"A\"\n[[step]]\ndo = \"check\"\n[after]\nnewly_open = [5000]",
         "wrong-type", 7, 14, "\"A\""},
    });
}

BOOST_AUTO_TEST_CASE(the_title_itself) {
    for (const char* text : {"format = 1", "title = 5", "title = \"\""}) BOOST_TEST_CONTEXT(text) {
            const Loaded loaded = load(text);
            BOOST_TEST(!loaded.scenario.has_value());
            BOOST_TEST(loaded.diagnostics.size() == 1U, shown(loaded));
        }
}

BOOST_AUTO_TEST_CASE(warnings_stand_beside_a_scenario) {
    const struct {
        const char* text;
        const char* id;
    } cases[] = {
        {"server.version = \"2010\"\nserver.windows = \"nt4\"", "odd-pair"},
        {"firewall.default = \"allow\"\nfirewall.allow = [135]", "no-effect"},
        {"[[firewall.rule]]\naction = \"allow\"\nfrom = \"2001:db8::/32\"", "no-effect"},
        {"sweep.seeds = \"200\"", "single-seed"},
    };
    for (const auto& c : cases) BOOST_TEST_CONTEXT(c.text) {
            const Loaded loaded = load(std::string("title = \"x\"\n") + c.text);
            BOOST_TEST(loaded.scenario.has_value(), shown(loaded));
            BOOST_TEST(loaded.diagnostics.size() == 1U);
            BOOST_TEST(find(loaded, c.id) != nullptr, shown(loaded));
        }
}

BOOST_AUTO_TEST_CASE(what_is_wrong_in_the_base_is_told_once_however_many_variants_share_it) {
    std::string text = "title = \"x\"\nserver.adress = \"x\"\nfirewall.allow = [0]\n";
    for (int i = 0; i < 20; ++i) text += "[[case]]\ntitle = \"" + std::to_string(i) + "\"\n";
    for (int i = 0; i < 5; ++i) text += "[[site]]\nname = \"" + std::to_string(i) + "\"\nfirewall.allow = [135]\n";
    const Loaded loaded = load(text);
    BOOST_TEST(loaded.diagnostics.size() == 2U, shown(loaded));
}

BOOST_AUTO_TEST_CASE(diagnostics_come_in_the_order_of_the_file) {
    const Loaded loaded =
        load("nonsense = 1\n[client]\ndo = \"x\"\n[server]\nfoo = 1\n[firewall]\nallow = [0, 70000]\n");
    BOOST_TEST(loaded.diagnostics.size() == 6U, shown(loaded));
    BOOST_TEST(std::is_sorted(loaded.diagnostics.begin(), loaded.diagnostics.end(), [](const auto& a, const auto& b) {
        return std::pair(a.place.line, a.place.column) < std::pair(b.place.line, b.place.column);
    }));
}

BOOST_AUTO_TEST_SUITE_END()
