// Rules that never decide: what is said of them, and above all what is not. The random test holds the algebra against
// the verdict itself.
#include "sim/firewall/exact/lint.hpp"

#include "sim/base/random.hpp"
#include "sim/firewall/evaluate.hpp"
#include "sim/firewall/exact/space.hpp"
#include "sim/firewall/import/import.hpp"
#include "tests/firewall/packets.hpp"

#include <set>

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
        {"no ports: fragments pass there", "drop tcp 0-65535\nallow tcp\n", ""},
        {"IPv6 is not IPv4", "drop any from 0.0.0.0/0\nallow tcp 135\n", ""},
        {"both versions", "drop any from 0.0.0.0/0\ndrop any from ::/0\nallow tcp 135\n", "3:rule-shadowed!"},
        {"drop and reject differ to nobody's mail", "drop tcp 135\nreject tcp 135\n", "2:rule-shadowed"},
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
         ""},  // not expressed: silent
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
}

BOOST_AUTO_TEST_CASE(texts) {
    const auto found =
        fw::exact::lint(*native("drop tcp 5000-5049\n\ndrop tcp 5050-5100\nallow tcp 5000-5100 to 10.0.0.10\n"));
    BOOST_TEST_REQUIRE(found.size() == 1U);
    BOOST_TEST(found[0].what ==
               "this rule never decides: rule 1 (test.rules:1) and rule 2 (test.rules:3) together take every packet "
               "that it fits");
    BOOST_TEST((found[0].hint.find(
                    "for instance TCP from 192.0.2.50 port 1030 to 10.0.0.10 port 5000, SYN: rule 1 drops it") !=
                std::string::npos),
               found[0].hint);
    BOOST_TEST(found[0].place.file == "test.rules");
}

BOOST_AUTO_TEST_CASE(too_much_is_said_to_be_too_much) {
    std::string text;
    for (int i = 0; i < 200; ++i)
        text += "allow tcp " + std::to_string(1000 + i) + " from 10.0." + std::to_string(i) + ".0/24\n";
    BOOST_TEST(ids(fw::exact::lint(*native(text))) == "");
    BOOST_TEST(ids(fw::exact::lint(*native(text), {.effort = 1000})) == "0:rule-lint-incomplete");
}

BOOST_AUTO_TEST_SUITE_END()
