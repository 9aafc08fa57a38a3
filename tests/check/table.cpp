// What a check says of a scenario beyond its spelling: the causes that the files alone show, each at its place.
#include "scenarios/check/check.hpp"
#include "tests/scenarios/played.hpp"

#include <string>

using namespace played;
namespace check = scenarios::check;

namespace {

using sim::base::Severity;

const std::string pinned = "title = 't'\nserver.registry = 'static.reg'\n";
const std::string filtered = "*filter\n:FORWARD DROP [0:0]\n:OUTPUT DROP [0:0]\n";

sim::base::Diagnostics checked(const std::string& toml, std::map<std::string, std::string> files = {}) {
    files["test.toml"] = toml;
    files.try_emplace("static.reg", static_reg(5001, 5002));
    runner::MemoryFiles memory(std::move(files));
    return check::check_file("test.toml", memory);
}

// "test.toml:3 warning port-closed", a line for each.
std::string shown(const sim::base::Diagnostics& found) {
    static constexpr const char* words[]{"note", "warning", "error"};
    std::string text;
    for (const auto& d : found)
        text += (text.empty() ? "" : "\n") + d.place.file + ":" + std::to_string(d.place.line) + " " +
                words[static_cast<std::size_t>(d.severity)] + " " + d.id;
    return text;
}

struct Case {
    const char* name;
    std::string toml;
    std::map<std::string, std::string> files;
    std::string expected;
};

const Case cases[] = {
    {"nothing in between", pinned, {}, ""},
    {"all in order, and the notice let through",
     pinned + "[[firewall.rule]]\naction = 'allow'\nport = [135, 5001, 5002]\n[[firewall.rule]]\naction = 'allow'\n"
              "protocol = 'udp'\nfrom = '10.0.0.10'\ndirection = 'to-client'\n",
     {},
     ""},
    {"the notice is noted although nobody waits for it",
     pinned + "[firewall]\nallow = [135, 5001, 5002]\n",
     {},
     "test.toml:3 note new-mail-blocked"},
    {"and warned of where somebody does",
     pinned + "client.do = ['logon', 'new-mail']\n[firewall]\nallow = [135, 5001, 5002]\n",
     {},
     "test.toml:4 warning new-mail-blocked"},
    {"as installed: the title, for nothing else has a place",
     "about = 'x'\ntitle = 't'\nfirewall.allow = [135]\n",
     {},
     "test.toml:2 warning no-static-port\ntest.toml:3 note new-mail-blocked"},
    {"inspection needs no static port",
     "title = 't'\n[firewall]\nallow = [135]\ninspect = ['dcerpc']\n",
     {},
     "test.toml:2 note new-mail-blocked"},
    {"a port that no rule opens stands at the firewall",
     pinned + "[firewall]\nname = 'f'\nallow = [135, 5001]\n",
     {},
     "test.toml:3 warning port-closed\ntest.toml:3 note new-mail-blocked"},
    {"of two firewalls, at the one that forgot it",
     pinned + "[[firewall]]\nname = 'a'\nallow = [135, 5001, 5002]\n[[firewall]]\nname = 'b'\nallow = [135, 5002]\n",
     {},
     "test.toml:3 note new-mail-blocked\ntest.toml:6 warning port-closed\ntest.toml:6 note new-mail-blocked"},
    {"a rule that closes the port is the place",
     pinned + "[firewall]\nrules = 'f'\n",
     {{"f", "allow tcp 135\nallow tcp 5001\ndrop tcp 5002\n"}},
     "f:3 warning port-closed\ntest.toml:3 note new-mail-blocked"},
    {"so is a rule that comes near",
     pinned + "[firewall]\nrules = 'f'\n",
     {{"f", "allow tcp 135\nallow udp 5001\nallow tcp 5002 to 10.0.0.99\n"}},
     "f:2 warning udp-instead-of-tcp\nf:3 warning wrong-address\ntest.toml:3 note new-mail-blocked"},
    {"rule order, beside the lint's word for the rule below",
     pinned + "[firewall]\nrules = 'f'\n",
     {{"f", "drop tcp 5000-5999\nallow tcp 135\nallow tcp 5001-5002\n"}},
     "f:1 warning rule-order\nf:3 warning rule-shadowed\ntest.toml:3 note new-mail-blocked"},
    {"a reject that nobody hears",
     pinned + "[firewall]\nimport = 'f'\n",
     {{"f", filtered + "-A FORWARD -m conntrack --ctstate ESTABLISHED -j ACCEPT\n-A FORWARD -p tcp -m multiport "
                       "--dports 135,5001,5002 -j REJECT\nCOMMIT\n"}},
     "f:5 warning mapper-closed\nf:5 warning reject-silenced\nf:5 warning port-closed\nf:5 warning port-closed\n"
     "test.toml:3 note new-mail-blocked"},
    {"what the review of the registry says is not said twice",
     pinned + "[firewall]\nallow = [135, 5001, 5002]\n",
     {{"static.reg", static_reg(5001, 0x5002)}},
     "static.reg:7 warning port-hex-typed\ntest.toml:3 note new-mail-blocked"},
    {"a registry and a rule that differ",
     pinned + "[firewall]\nallow = [135, 5001, 5003]\n",
     {},
     "static.reg:7 warning rule-port-differs\ntest.toml:3 note new-mail-blocked\ntest.toml:4 warning open-unused"},
    {"a port that nothing there can have, beside those that are needed",
     pinned + "[firewall]\nallow = [135, 5001, 5002, 8080]\n",
     {},
     "test.toml:3 note new-mail-blocked\ntest.toml:4 warning open-unused"},
    {"a part of a rule: a note",
     pinned + "[firewall]\nrules = 'f'\n",
     {{"f", "allow tcp 135\nallow tcp 5001-5004\n"}},
     "f:2 note open-unused\ntest.toml:3 note new-mail-blocked"},
    {"what stands above it counts",
     pinned + "[firewall]\nrules = 'f'\n",
     {{"f", "allow tcp 135\ndrop tcp 5003-5004\nallow tcp 5001-5004\n"}},
     "test.toml:3 note new-mail-blocked"},
    {"what else listens there is of use",
     pinned + "server.listen = [8080]\n[firewall]\nallow = [135, 5001, 5002, 8080]\n",
     {},
     "test.toml:4 note new-mail-blocked"},
    {"another address is nobody's business here",
     pinned + "[firewall]\nrules = 'f'\n",
     {{"f", "allow tcp 135\nallow tcp 5001-5002\nallow tcp 8080 to 10.0.0.99\n"}},
     "test.toml:3 note new-mail-blocked"},
    {"answers and other directions open nothing",
     pinned + "[firewall]\nrules = 'f'\n",
     {{"f", "allow tcp 135\nallow tcp 5001-5002\nallow tcp 1024-65535 to-client\n"}},
     "test.toml:3 note new-mail-blocked"},
    {"a chain of iptables, through a jump",
     pinned + "[firewall]\nimport = 'f'\n",
     {{"f",
       "*filter\n:FORWARD DROP [0:0]\n:MAIL - [0:0]\n-A FORWARD -m conntrack --ctstate ESTABLISHED -j ACCEPT\n"
       "-A FORWARD -d 10.0.0.10 -j MAIL\n-A MAIL -p udp --dport 53 -j ACCEPT\n"
       "-A MAIL -p tcp -m multiport --dports 135,5001,5002,25 -j ACCEPT\nCOMMIT\n"}},
     "f:6 warning open-unused\nf:7 note open-unused\ntest.toml:3 note new-mail-blocked"},
    {"what no rule refuses passes",
     pinned + "[firewall]\ndefault = 'allow'\n[[firewall.rule]]\naction = 'drop'\nport = '5003-65535'\n",
     {},
     "test.toml:3 note open-by-default"},
    {"a default without rules is no filter", pinned + "[firewall]\ndefault = 'allow'\n", {}, ""},
    {"a policy of iptables",
     pinned + "[firewall]\nimport = 'f'\n",
     {{"f", "*filter\n:FORWARD ACCEPT [0:0]\n-A FORWARD -p tcp --dport 5003:65535 -j DROP\nCOMMIT\n"}},
     "test.toml:3 note open-by-default"},
    {"the next filter has the last word",
     pinned + "[[firewall]]\nname = 'a'\ndefault = 'allow'\n[[firewall.rule]]\naction = 'drop'\nport = 80\n"
              "[[firewall]]\nname = 'b'\nallow = [135, 5001, 5002]\n",
     {},
     "test.toml:9 note new-mail-blocked"},
    {"too wide, and works",
     pinned + "[firewall]\nallow = [135, '5001-5200']\n",
     {},
     "test.toml:3 note new-mail-blocked\ntest.toml:4 warning too-wide"},
    {"named pipes are no excuse",
     pinned + "client.binding_order = ['ncacn_ip_tcp', 'ncacn_np']\n[firewall]\nallow = [139]\n",
     {},
     "test.toml:4 warning mapper-closed\ntest.toml:4 warning port-closed\ntest.toml:4 warning port-closed\n"
     "test.toml:4 note new-mail-blocked"},
    {"no name", pinned + "client.resolves = false\n", {}, "test.toml:1 warning name-not-resolvable"},
    {"a service that is not started",
     pinned + "server.stopped = ['information-store']\n",
     {},
     "test.toml:1 warning service-stopped"},
    {"before the first step",
     "title = 't'\n[firewall]\nallow = [135, 5001, 5002]\n[[step]]\ndo = 'import-registry'\nfile = 'static.reg'\n"
     "[[step]]\ndo = 'restart-server'\n",
     {},
     "test.toml:1 warning no-static-port\ntest.toml:2 note new-mail-blocked"},
    {"an errant file is told of alone", pinned + "firewal.allow = [135]\n", {}, "test.toml:3 error unknown-key"},
};

}  // namespace

BOOST_AUTO_TEST_SUITE(table)

BOOST_AUTO_TEST_CASE(each_gets_its_findings) {
    for (const Case& c : cases) BOOST_TEST_CONTEXT(c.name) BOOST_TEST(shown(checked(c.toml, c.files)) == c.expected);
}

// The line, the caret's length, the mend.
BOOST_AUTO_TEST_CASE(a_finding_is_shown_in_its_line) {
    const auto found = checked(pinned + "[firewall]\nrules = 'f'\n", {{"f", "allow tcp 135\nallow udp 5001-5002\n"}});
    BOOST_TEST_REQUIRE(found.size() == 2U);
    BOOST_TEST(found[0].source_line == "allow udp 5001-5002");
    BOOST_TEST(found[0].place.length > 5U);
    BOOST_TEST((found[0].hint.find("a rule for TCP") != std::string::npos), found[0].hint);
    BOOST_TEST(found[1].source_line == "[firewall]");
    BOOST_TEST(!has_errors(found));

    const auto registry = checked(pinned + "[firewall]\nallow = [135, 5001, 5003]\n");
    BOOST_TEST_REQUIRE(registry.size() == 3U);
    BOOST_TEST(registry[0].source_line == "\"TCP/IP port\"=dword:0000138a");
    BOOST_TEST(registry[2].witness == "TCP 192.0.2.50:1030 > 10.0.0.10:5003 SYN");
    BOOST_TEST((registry[0].what.find("(likely)") != std::string::npos), registry[0].what);

    const auto title = checked("title = 't'\nfirewall.allow = [135]\n");
    BOOST_TEST_REQUIRE(title.size() == 2U);
    BOOST_TEST(title[0].source_line == "title = 't'");
    // Both services, and what to do for each.
    BOOST_TEST((title[0].hint.find('\n') != std::string::npos), title[0].hint);
}

// Once, with the cases or sites that have it, where the base is none of them.
BOOST_AUTO_TEST_CASE(cases_and_sites_share_findings) {
    const std::string base = pinned + "[firewall]\nallow = [135, 5001, 5002]\n";
    const auto what = [](const sim::base::Diagnostics& found, const std::string& id) {
        std::string text;
        for (const auto& d : found)
            if (d.id == id) text += d.what + "\n";
        return text;
    };
    const auto named = [](const std::string& title, const std::string& more) {
        return "[[case]]\ntitle = '" + title + "'\n" + more + "\n";
    };
    const std::string unnamed = "client.resolves = false";
    const std::string sentence =
        "the client cannot turn the server's name into an address; a profile may be made with an address, but the name "
        "is what gets stored";

    BOOST_TEST(what(checked(base + named("a", unnamed)), "name-not-resolvable") == sentence + " (in \"a\")\n");
    BOOST_TEST(what(checked(base + named("a", unnamed) + named("b", unnamed)), "name-not-resolvable") ==
               sentence + " (in \"a\", \"b\")\n");
    BOOST_TEST(what(checked(base + named("a", unnamed) + named("b", unnamed) + named("c", unnamed) +
                            named("d", unnamed) + named("e", unnamed)),
                    "name-not-resolvable") == sentence + " (in \"a\", \"b\", \"c\" and 2 more)\n");
    BOOST_TEST(what(checked(pinned + "client.resolves = false\n[[case]]\ntitle = 'a'\nclient.windows = 'nt4'\n"),
                    "name-not-resolvable") == sentence + "\n");
    const std::string sites = pinned + "[[site]]\nname = 'Leeds'\n" + unnamed + "\n[[site]]\nname = 'Bern'\n";
    BOOST_TEST(what(checked(sites), "name-not-resolvable") == sentence + " (in \"Leeds\")\n");
    BOOST_TEST(what(checked(sites + unnamed + "\n"), "name-not-resolvable") == sentence + "\n");
    BOOST_TEST(what(checked(sites + "[[step]]\ndo = 'check'\n"), "name-not-resolvable") ==
               sentence + " (in \"Leeds\", before the first step)\n");
    // The notice of new mail, although each case has rules of its own.
    const auto notes = checked(base + named("a", "firewall.allow = [135, 5001, 5002]"));
    BOOST_TEST(shown(notes) == "test.toml:3 note new-mail-blocked");
    BOOST_TEST((notes[0].what.find("(in") == std::string::npos), notes[0].what);
}

BOOST_AUTO_TEST_SUITE_END()
