// Rules that never decide: what is said of them, and above all what is not. lint_random.cpp holds the sets against the
// verdict itself.
#include "sim/firewall/exact/lint.hpp"

#include "sim/firewall/import/import.hpp"
#include "tests/firewall/packets.hpp"

using namespace packets;

namespace {

std::string ids(const base::Diagnostics& found) {
    std::string text;
    for (const auto& d : found)
        text += (text.empty() ? "" : " ") + std::to_string(d.place.line) + ":" + d.id +
                (d.severity == base::Severity::warning ? "!" : "");
    return text;
}

fw::SharedRules imported(const std::string& text, fw::import::ImportOptions options = {}) {
    const auto format = fw::import::detect_format(text);
    BOOST_REQUIRE(format.has_value());
    const auto made = fw::import::import_rules(base::SourceText("test.rules", text), *format, options);
    if (!made)
        for (const auto& d : made.error()) BOOST_ERROR(base::format(d));
    BOOST_REQUIRE(made.has_value());
    return made->rules;
}

struct Case {
    const char* name;
    const char* text;
    const char* found;  // "line:id", "!" behind a warning
};

std::string filter(const char* rules) {
    return std::string("*filter\n:INPUT ACCEPT [0:0]\n:FORWARD DROP [0:0]\n:OUTPUT ACCEPT [0:0]\n") + rules +
           "COMMIT\n";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(lint)

BOOST_AUTO_TEST_CASE(native_rules) {
    const Case cases[] = {
        {"nothing wrong", "allow tcp 135\nallow tcp 5001-5002\n", ""},
        {"a deny above the permit", "drop tcp 1024-65535\nallow tcp 135\nallow tcp 5001\n", "3:rule-shadowed!"},
        {"the same twice", "allow tcp 135\nallow tcp 135\n", "2:rule-shadowed"},
        {"covered by two", "drop tcp 5000-5049\ndrop tcp 5050-5100\nallow tcp 5000-5100\n", "3:rule-shadowed!"},
        {"one port not covered", "drop tcp 5000-5048\ndrop tcp 5050-5100\nallow tcp 5000-5100\n", ""},
        {"covered by two networks",
         "drop tcp from 10.0.0.0/9 port 1-65535\ndrop any from 10.128.0.0/9\nallow tcp 135 from 10.0.0.0/8\n", ""},
        {"and by the whole of them",
         "drop any from 10.0.0.0/9\ndrop any from 10.128.0.0/9\nallow tcp 135 from 10.1.0.0-10.200.0.0\n",
         "3:rule-shadowed!"},
        {"the other direction", "drop tcp 135 to-client\nallow tcp 135\n", ""},
        {"both directions", "drop tcp 135 both\nallow tcp 135 to-client\n", "2:rule-shadowed!"},
        {"client and server are both", "drop any to-client\ndrop any to-server\nallow tcp 135 both\n",
         "3:rule-shadowed!"},
        {"another protocol", "drop udp 135\nallow tcp 135\n", ""},
        {"a last deny is practice", "allow tcp 135\nallow tcp 5001\ndrop any both\n", ""},
        {"a deny above a last deny is practice", "drop tcp 139\nallow tcp 135\ndrop any\n", ""},
        {"behind a last deny", "allow tcp 135\ndrop any\nallow tcp 5001\n", "3:rule-shadowed!"},
        {"narrow permit, wide permit", "allow tcp 5001\nallow tcp 1024-65535\n", "1:rule-redundant"},
        {"an exception between", "allow tcp 5001\ndrop tcp 5001\nallow tcp 1024-65535\n", "2:rule-shadowed!"},
        {"an exception that keeps it needed", "allow tcp 5001\ndrop tcp 5000-5100\nallow tcp 1024-65535\n", ""},
        {"logged permits are wanted", "allow tcp 5001 log\nallow tcp 1024-65535\n", ""},
        {"acknowledged is part of all", "allow tcp acknowledged\ndrop tcp acknowledged\n", "2:rule-shadowed!"},
        {"all is not part of acknowledged", "drop tcp acknowledged\nallow tcp 135\n", ""},
        {"no ports: fragments pass there", "stateful no\ndrop tcp 0-65535\nallow tcp\n", ""},
        {"no fragments where connections are tracked", "drop tcp 0-65535\nallow tcp\n", "2:rule-shadowed!"},
        {"IPv6 is not IPv4", "drop any from 0.0.0.0/0\nallow tcp 135\n", ""},
        {"both versions", "drop any from 0.0.0.0/0\ndrop any from ::/0\nallow tcp 135\n", "3:rule-shadowed!"},
        {"a drop is not a reject", "drop tcp 135\nreject tcp 135\n", "2:rule-shadowed!"},
    };
    for (const Case& c : cases) BOOST_TEST_CONTEXT(c.name) BOOST_TEST(ids(fw::exact::lint(*native(c.text))) == c.found);
}

BOOST_AUTO_TEST_CASE(iptables) {
    const Case cases[] = {
        {"usual practice",
         "-A FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT\n-A FORWARD -m conntrack --ctstate INVALID "
         "-j DROP\n"
         "-A FORWARD -p tcp --dport 135 -j LOG\n-A FORWARD -p tcp -m multiport --dports 135,5001,5002 -j ACCEPT\n-A "
         "FORWARD -j LOG\n"
         "-A FORWARD -j REJECT\n",
         ""},
        {"states that are all states",
         "-A FORWARD -m conntrack --ctstate NEW,INVALID,UNTRACKED -j DROP\n-A FORWARD -m conntrack --ctstate "
         "RELATED,ESTABLISHED -j ACCEPT\n"
         "-A FORWARD -p tcp --dport 135 -j ACCEPT\n",
         "7:rule-shadowed!"},
        {"not new is the rest",
         "-A FORWARD -m conntrack ! --ctstate NEW -j ACCEPT\n-A FORWARD -m state --state ESTABLISHED -j DROP\n",
         "6:rule-shadowed!"},
        {"inverted network",
         "-A FORWARD ! -s 10.0.0.0/8 -j DROP\n-A FORWARD -s 192.0.2.0/24 -p tcp --dport 135 -j ACCEPT\n",
         "6:rule-shadowed!"},
        {"inverted port", "-A FORWARD -p tcp ! --dport 135 -j DROP\n-A FORWARD -p tcp --dport 5001 -j ACCEPT\n",
         "6:rule-shadowed!"},
        {"a list of addresses, one of them needed",
         "-A FORWARD -s 10.0.0.1 -j DROP\n-A FORWARD -s 10.0.0.1,10.0.0.2 -p tcp --dport 135 -j ACCEPT\n", ""},
        {"a list of addresses, none needed",
         "-A FORWARD -s 10.0.0.0/8 -j DROP\n-A FORWARD -s 10.0.0.1,10.0.0.2 -p tcp --dport 135 -j ACCEPT\n",
         "6:rule-shadowed!"},
        {"contradiction", "-A FORWARD -s 10.0.0.1 -m iprange --src-range 10.0.1.0-10.0.1.9 -j ACCEPT\n",
         "5:rule-never-matches!"},
        {"flags that cannot be", "-A FORWARD -p tcp --tcp-flags SYN ACK -j ACCEPT\n", "5:rule-never-matches!"},
        {"an empty range of addresses", "-A FORWARD -m iprange --src-range 10.0.1.9-10.0.1.0 -j ACCEPT\n",
         "5:rule-never-matches!"},
        {"interfaces",
         "-A FORWARD -i eth+ -j DROP\n-A FORWARD -i eth1 -p tcp --dport 135 -j ACCEPT\n-A FORWARD -i et -j ACCEPT\n",
         "6:rule-shadowed!"},
        {"all but some interfaces",
         "-A FORWARD ! -i eth1 -j DROP\n-A FORWARD -i ppp0 -j ACCEPT\n-A FORWARD -i eth+ -j ACCEPT\n",
         "6:rule-shadowed!"},
        {"ports of either end",
         "-A FORWARD -p tcp -m multiport --ports 135 -j DROP\n-A FORWARD -p tcp --sport 135 -j ACCEPT\n",
         "6:rule-shadowed!"},
        {"syn and not syn",
         "-A FORWARD -p tcp --syn -j DROP\n-A FORWARD -p tcp ! --syn -j DROP\n-A FORWARD -p tcp --dport 135 -j "
         "ACCEPT\n",
         "7:rule-shadowed!"},
        {"icmp",
         "-A FORWARD -p icmp --icmp-type 3 -j DROP\n-A FORWARD -p icmp --icmp-type 3/13 -j ACCEPT\n-A FORWARD -p icmp "
         "--icmp-type 8 -j ACCEPT\n",
         "6:rule-shadowed!"},
        {"fragments", "-A FORWARD -f -j DROP\n-A FORWARD -p tcp --dport 0:65535 -j DROP\n-A FORWARD -p tcp -j ACCEPT\n",
         "7:rule-shadowed!"},
        {"a mask with holes", "-A FORWARD -s 10.0.0.1/255.0.0.255 -j DROP\n-A FORWARD -s 10.3.2.1 -j ACCEPT\n",
         "0:rule-lint-incomplete"},  // not expressed: neither blamed nor taken to cover the other
        {"a small mask with holes",
         "-A FORWARD -s 10.0.0.1/255.255.254.255 -j DROP\n-A FORWARD -s 10.0.1.1 -j ACCEPT\n", "6:rule-shadowed!"},
        {"logging decides nothing", "-A FORWARD -j LOG\n-A FORWARD -p tcp --dport 135 -j ACCEPT\n", ""},
    };
    for (const Case& c : cases)
        BOOST_TEST_CONTEXT(c.name) BOOST_TEST(ids(fw::exact::lint(*imported(filter(c.text)))) == c.found);
}

BOOST_AUTO_TEST_CASE(chains) {
    const Case cases[] = {
        {"nothing wrong",
         ":MAIL - [0:0]\n-A FORWARD -p tcp -j MAIL\n-A MAIL -p tcp --dport 135 -j ACCEPT\n-A MAIL -j RETURN\n", ""},
        {"nobody leads there", ":MAIL - [0:0]\n-A MAIL -p tcp --dport 135 -j ACCEPT\n-A FORWARD -p tcp -j DROP\n",
         "6:chain-unused"},
        {"nobody leads there, but nothing is there", ":MAIL - [0:0]\n-A FORWARD -p tcp -j DROP\n", ""},
        {"only an unused one leads there", ":A - [0:0]\n:B - [0:0]\n-A A -j B\n-A B -p tcp --dport 135 -j ACCEPT\n",
         "7:chain-unused 8:chain-unused"},
        {"the jump is shadowed, not what is behind it",
         ":MAIL - [0:0]\n-A FORWARD -p tcp -j DROP\n-A FORWARD -p tcp --dport 135 -j MAIL\n-A MAIL -p tcp -j ACCEPT\n",
         "7:rule-shadowed!"},
        {"what leads there asks for something else",
         ":MAIL - [0:0]\n-A FORWARD -p udp -j MAIL\n-A MAIL -p tcp --dport 135 -j ACCEPT\n", "7:rule-never-matches!"},
        {"RETURN shadows too",
         ":MAIL - [0:0]\n-A FORWARD -p tcp -j MAIL\n-A MAIL -s 10.0.0.0/8 -j RETURN\n-A MAIL -s 10.1.0.0/16 -p tcp "
         "--dport 135 -j ACCEPT\n",
         "8:rule-shadowed!"},
        {"a chain that decides everything",
         ":MAIL - [0:0]\n-A FORWARD -p tcp -j MAIL\n-A MAIL -p tcp --dport 135 -j ACCEPT\n-A MAIL -j DROP\n-A FORWARD "
         "-p tcp --dport 5001 -j ACCEPT\n",
         "9:rule-shadowed!"},
        {"a chain that returns",
         ":MAIL - [0:0]\n-A FORWARD -p tcp -j MAIL\n-A MAIL -p tcp --dport 135 -j ACCEPT\n-A FORWARD -p tcp --dport "
         "5001 -j ACCEPT\n",
         ""},
        {"goto does not come back",
         ":MAIL - [0:0]\n-A FORWARD -p tcp -g MAIL\n-A MAIL -p tcp --dport 135 -j ACCEPT\n-A FORWARD -p tcp --dport "
         "5001 -j ACCEPT\n",
         "8:rule-shadowed!"},
        {"a jump to an empty chain", ":MAIL - [0:0]\n-A FORWARD -p tcp -j MAIL\n", "6:jump-to-nothing"},
        {"a jump to a chain that only returns",
         ":MAIL - [0:0]\n-A FORWARD -p tcp -j MAIL\n-A MAIL -s 10.0.0.1 -j RETURN\n", "6:jump-to-nothing"},
        {"a chain that notes is no empty chain", ":MAIL - [0:0]\n-A FORWARD -p tcp -j MAIL\n-A MAIL -j LOG\n", ""},
        {"a goto to an empty chain", ":MAIL - [0:0]\n-A FORWARD -p tcp -g MAIL\n", "6:jump-to-nothing"},
        {"a log below a drop is never written", "-A FORWARD -p tcp -j DROP\n-A FORWARD -p tcp --dport 135 -j LOG\n",
         "6:rule-shadowed"},
        {"what one way takes, the other brings",
         ":A - [0:0]\n:B - [0:0]\n-A FORWARD -p tcp -j A\n-A FORWARD -p udp -j B\n-A A -s 10.0.0.0/8 -j DROP\n-A A -j "
         "B\n-A B -s 10.1.0.0/16 -p tcp -j ACCEPT\n-A B -s 10.1.0.0/16 -p udp -j ACCEPT\n",
         "11:rule-shadowed!"},
        {"three jumps deep, covered by the union of three levels",
         ":A - [0:0]\n:B - [0:0]\n-A FORWARD -p tcp --dport 1:99 -j DROP\n-A FORWARD -j A\n-A A -p tcp --dport 100:199 "
         "-j "
         "DROP\n-A A -j B\n-A B -p tcp --dport 200:299 -j ACCEPT\n-A B -p tcp --dport 1:299 -j ACCEPT\n",
         "12:rule-shadowed!"},
        {"called twice, needed once",
         ":MAIL - [0:0]\n-A FORWARD -s 10.0.0.0/8 -j MAIL\n-A FORWARD -s 192.0.2.0/24 -j MAIL\n-A MAIL -s 192.0.2.1 -p "
         "tcp -j ACCEPT\n",
         ""},
    };
    for (const Case& c : cases) BOOST_TEST_CONTEXT(c.name)
    BOOST_TEST(ids(fw::exact::lint(*imported(filter(c.text)))) == c.found);
}

BOOST_AUTO_TEST_CASE(cisco) {
    const Case cases[] = {
        {"nothing wrong",
         "ip access-list extended IN\n permit tcp any host 10.0.0.10 eq 135\n permit tcp any any established\n deny ip "
         "any any log\n",
         ""},
        {"a deny above",
         "ip access-list extended IN\n deny tcp any any gt 1023\n permit tcp any host 10.0.0.10 range 5001 5002\n",
         ""},  // a later fragment passes the deny and is permitted by the entry below
        {"a deny of everything above",
         "ip access-list extended IN\n deny ip any any\n permit tcp any host 10.0.0.10 eq 135\n", "3:rule-shadowed!"},
        {"a permit of everything above", "ip access-list extended IN\n permit tcp any any\n deny tcp any any eq 139\n",
         "3:rule-shadowed!"},
        {"fragments only", "ip access-list extended IN\n permit tcp any any eq 135\n permit tcp any any fragments\n",
         "3:rule-shadowed"},
    };
    for (const Case& c : cases)
        BOOST_TEST_CONTEXT(c.name) BOOST_TEST(ids(fw::exact::lint(*imported(c.text))) == c.found);
}

BOOST_AUTO_TEST_CASE(pairs_on_request_only) {
    const std::string text =
        "drop tcp 5001 from 192.0.2.0/24\nallow tcp 5000-5100\ndrop tcp 5050-5200 from 10.0.0.0/8\n";
    BOOST_TEST(ids(fw::exact::lint(*native(text))) == "");
    BOOST_TEST(ids(fw::exact::lint(*native(text), {.pairs = true})) == "2:rule-generalises 3:rule-correlated");
    // Not with a rule that never decides, nor about packets that others take before.
    const std::string dead = "drop tcp from 10.0.0.0/8\ndrop tcp 200 from 10.0.0.10\nallow tcp to 10.0.0.0/24\n";
    BOOST_TEST(ids(fw::exact::lint(*native(dead), {.pairs = true})) == "2:rule-shadowed 3:rule-correlated");
    const std::string before = "allow tcp 135\ndrop tcp 100-200\nallow tcp 135 from 10.0.0.0/8 to 10.0.0.10\n";
    BOOST_TEST(ids(fw::exact::lint(*native(before), {.pairs = true})) == "2:rule-generalises 3:rule-shadowed");
}

BOOST_AUTO_TEST_CASE(more_on_request) {
    const fw::exact::LintOptions closer{.pairs = true};
    // A refusal above a refusal of more, and one that a permit makes needed.
    BOOST_TEST(ids(fw::exact::lint(*native("drop tcp 139\nallow tcp 135\ndrop tcp 1-1023\n"), closer)) ==
               "1:rule-redundant 3:rule-generalises");
    BOOST_TEST(ids(fw::exact::lint(*native("drop tcp 139\nallow tcp 130-140\ndrop tcp 1-1023\n"), closer)) ==
               "2:rule-generalises 3:rule-generalises");
    const std::string log_drop =
        filter(":LOGDROP - [0:0]\n-A FORWARD -p tcp --dport 139 -j LOGDROP\n-A LOGDROP -j LOG\n-A LOGDROP -j DROP\n");
    BOOST_TEST(ids(fw::exact::lint(*imported(log_drop), closer)) == "6:jump-never-returns");
    BOOST_TEST(ids(fw::exact::lint(*imported(log_drop))) == "");
    const std::string partly = filter(":A - [0:0]\n-A FORWARD -p tcp --dport 139 -j A\n-A A -s 10.0.0.0/8 -j DROP\n");
    BOOST_TEST(ids(fw::exact::lint(*imported(partly), closer)) == "");
}

BOOST_AUTO_TEST_CASE(too_much_is_said_to_be_too_much) {
    std::string text;
    for (int i = 0; i < 200; ++i)
        text += "allow tcp " + std::to_string(1000 + i) + " from 10.0." + std::to_string(i) + ".0/24\n";
    BOOST_TEST(ids(fw::exact::lint(*native(text))) == "");
    BOOST_TEST(ids(fw::exact::lint(*native(text), {.effort = 1000})) == "0:rule-lint-incomplete");
    // What was examined is said all the same, and how much was not.
    const std::string odd = "-A FORWARD -s 10.0.0.1/255.0.0.255 -p tcp --dport 99 -j DROP\n";
    const auto found =
        fw::exact::lint(*imported(filter((odd + "-A FORWARD -p tcp --dport 135 -j DROP\n-A FORWARD -p tcp --dport "
                                                "135 -j ACCEPT\n-A FORWARD -p udp --dport 135 -j ACCEPT\n")
                                             .c_str())));
    BOOST_TEST(ids(found) == "0:rule-lint-incomplete 7:rule-shadowed!");
    BOOST_TEST((found[0].what.starts_with("1 of 4 rules were not examined")), found[0].what);
    // Chains that call each other in every way: the bound holds, and says so; where the ways are apart, they are few.
    const auto maze = [](const char* net_of_the_second) {
        std::string lines;
        for (int c = 0; c < 7; ++c) lines += ":C" + std::to_string(c) + " - [0:0]\n";
        lines += "-A FORWARD -j C0\n";
        for (int c = 0; c < 6; ++c)
            for (const char* net : {"10.0.0.0/8", net_of_the_second, net_of_the_second})
                lines += "-A C" + std::to_string(c) + " -s " + net + " -j C" + std::to_string(c + 1) + "\n";
        return filter((lines + "-A C6 -p tcp --dport 135 -j ACCEPT\n").c_str());
    };
    const auto lost = fw::exact::lint(*imported(maze("10.1.0.0/16")));
    BOOST_TEST(ids(lost) == "0:rule-lint-incomplete");
    BOOST_TEST((lost[0].what.starts_with("7 of 20 rules were not examined")), lost[0].what);
}

// The whole of what a firewall of ten thousand rules needs, within the effort: nothing is left unexamined.
BOOST_AUTO_TEST_CASE(ten_thousand_rules_are_examined) {
    std::string text;
    for (int i = 0; i < 9999; ++i)
        text += "allow tcp " + std::to_string(1 + i % 60000) + " to 10." + std::to_string(i % 200) + "." +
                std::to_string(i / 200) + ".7\n";
    text += "drop tcp 1-100 to 10.0.0.0/8\nallow tcp 50 to 10.9.9.9\n";
    const auto found = fw::exact::lint(*native(text));
    BOOST_TEST(ids(found) == "10001:rule-shadowed!");
    BOOST_TEST((found[0].what.find("rule 10000 (test.rules:10000)") != std::string::npos), found[0].what);
}

BOOST_AUTO_TEST_SUITE_END()
