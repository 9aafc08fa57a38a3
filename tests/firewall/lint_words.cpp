// The words of findings about rules, and the packets that show them.
#include "sim/firewall/exact/lint.hpp"
#include "sim/firewall/exact/witness.hpp"
#include "sim/firewall/import/import.hpp"
#include "tests/firewall/nft_rules.hpp"
#include "tests/firewall/packets.hpp"

using namespace packets;

namespace {

fw::SharedRules imported(const std::string& text, fw::import::ImportOptions options = {}) {
    const auto format = fw::import::detect_format(text);
    BOOST_REQUIRE(format.has_value());
    const auto made = fw::import::import_rules(base::SourceText("test.rules", text), *format, options);
    if (!made)
        for (const auto& d : made.error()) BOOST_ERROR(base::format(d));
    BOOST_REQUIRE(made.has_value());
    return made->rules;
}

std::string filter(const char* rules) {
    return std::string("*filter\n:INPUT ACCEPT [0:0]\n:FORWARD DROP [0:0]\n:OUTPUT ACCEPT [0:0]\n") + rules +
           "COMMIT\n";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(lint_words)

// The witness is a packet that can be asked about: who is said to take it takes it.
BOOST_AUTO_TEST_CASE(witnesses) {
    struct Row {
        const char* name;
        std::string text;
        const char* witness;
    };
    const Row rows[] = {
        {"a port", filter("-A FORWARD -p tcp --dport 135:139 -j DROP\n-A FORWARD -p tcp --dport 136 -j ACCEPT\n"),
         "TCP 192.0.2.50:1030 > 10.0.0.10:136 SYN"},
        {"a label",
         filter("-A FORWARD -m conntrack --ctstate ESTABLISHED -j DROP\n-A FORWARD -p tcp -m conntrack "
                "--ctstate ESTABLISHED -j ACCEPT\n"),
         "TCP 192.0.2.50:1030 > 10.0.0.10:135 SYN ESTABLISHED"},
        {"flags and an interface",
         filter("-A FORWARD -i eth1 -p tcp -j DROP\n-A FORWARD -i eth1 -p tcp --tcp-flags ACK ACK -j ACCEPT\n"),
         "TCP 192.0.2.50:1030 > 10.0.0.10:135 SYN,ACK in eth1"},
        {"a message",
         filter("-A FORWARD -p icmp --icmp-type 3 -j DROP\n-A FORWARD -p icmp --icmp-type 3/13 -j ACCEPT\n"),
         "ICMP 192.0.2.50 > 10.0.0.10 type 3 code 13"},
        {"another protocol", filter("-A FORWARD -p 47 -j DROP\n-A FORWARD -p 47 -s 10.1.2.3 -j ACCEPT\n"),
         "protocol 47 10.1.2.3 > 10.0.0.10"},
        {"fragments", filter("-A FORWARD -f -j DROP\n-A FORWARD -f -p tcp -j ACCEPT\n"),
         "TCP fragment 192.0.2.50 > 10.0.0.10"},
        {"to the client", "drop any to-client\nallow udp to-client\n",
         "UDP 10.0.0.10:1030 > 192.0.2.50:135 from-server"},
        {"IPv6", "drop tcp from 2001:db8::/32\nallow tcp 135 from 2001:db8::1\n",
         "TCP [2001:db8::1]:1030 > [::]:135 SYN"},
    };
    for (const Row& row : rows) BOOST_TEST_CONTEXT(row.name) {
            const auto rules = row.text[0] == '*' ? imported(row.text) : native(row.text);
            const auto found = fw::exact::lint(*rules);
            BOOST_TEST_REQUIRE(found.size() == 1U);
            BOOST_TEST(found[0].witness == row.witness);
            const auto read = fw::exact::parse_witness(found[0].witness);
            BOOST_TEST_REQUIRE(read.has_value());
            BOOST_TEST(fw::exact::format(*read) == found[0].witness);
        }
    for (const char* text : {"",
                             "SYN",
                             "TCP",
                             "TCP 10.0.0.1:1",
                             "TCP 10.0.0.1:1 > 10.0.0.2",
                             "TCP 10.0.0.1 > 10.0.0.2:1",
                             "TCP 10.0.0.1:1 10.0.0.2:1",
                             "TCP 10.0.0.1:99999 > 10.0.0.2:1",
                             "UDP 10.0.0.1:1 > 10.0.0.2:1 SYN",
                             "TCP 10.0.0.1:1 > [::1]:1 SYN",
                             "ICMP 10.0.0.1 > 10.0.0.2 type 256",
                             "protocol x 1.2.3.4 > 1.2.3.5",
                             "TCP 10.0.0.1:1 > 10.0.0.2:1 SYN,SIN",
                             "TCP :1 > 10.0.0.2:1 SYN",
                             "TCP cut to 20 octets 10.0.0.1:1 > 10.0.0.2:1",
                             "TCP cut to 1 octets 10.0.0.1:1 > 10.0.0.2:1",
                             "TCP cut to 4 octets 10.0.0.1:1 > 10.0.0.2:1 SYN",
                             "TCP cut",
                             "TCP fragment cut to 4 octets 10.0.0.1 > 10.0.0.2",
                             "protocol 47 cut to 4 octets 10.0.0.1 > 10.0.0.2",
                             "ICMP cut to 1 octets 10.0.0.1 > 10.0.0.2 type 8 code 0"})
        BOOST_TEST(!fw::exact::parse_witness(text).has_value(), text);
    // Packets that are cut have what is left of them, and no more.
    for (const char* text :
         {"TCP cut to 0 octets 10.0.0.1 > 10.0.0.2", "TCP cut to 2 octets 10.0.0.1:258 > 10.0.0.2",
          "UDP cut to 4 octets 10.0.0.1:258 > 10.0.0.2:772", "TCP cut to 14 octets [::1]:258 > [::2]:772 SYN",
          "ICMP cut to 1 octets 10.0.0.1 > 10.0.0.2 type 8",
          "ICMP cut to 2 octets 10.0.0.1 > 10.0.0.2 type 8 code 1"}) {
        const auto read = fw::exact::parse_witness(text);
        BOOST_TEST_REQUIRE(read.has_value(), text);
        BOOST_TEST(fw::exact::format(*read) == text);
        const auto octets = fw::exact::octets_of(*read);
        const auto view = wire::parse(*octets);
        BOOST_TEST_REQUIRE(view.has_value(), text);
        BOOST_TEST((view->transport_cut && view->ip_payload.size() == *read->cut), text);
        for (std::size_t i = 0; i < view->ip_payload.size() && i < 4 && !read->has_type(); ++i)
            BOOST_TEST(view->ip_payload[i] == i + 1, text);
    }
}

// nftables asks for type and code one by one; the packet shown has both.
BOOST_AUTO_TEST_CASE(a_witness_for_nftables) {
    using nftables::match;
    const auto rules = nftables::taken(nftables::forward({match("icmp code", "3") + ", " + nftables::drop,
                                                          match("icmp type", "5") + ", " + match("icmp code", "3") +
                                                              ", " + nftables::accept}))
                           .rules;
    const auto found = fw::exact::lint(*rules);
    BOOST_TEST_REQUIRE(found.size() == 1U);
    BOOST_TEST(found[0].witness == "ICMP 192.0.2.50 > 10.0.0.10 type 5 code 3");
}

BOOST_AUTO_TEST_CASE(texts) {
    const auto found =
        fw::exact::lint(*native("drop tcp 5000-5049\n\ndrop tcp 5050-5100\nallow tcp 5000-5100 to 10.0.0.10\n"));
    BOOST_TEST_REQUIRE(found.size() == 1U);
    BOOST_TEST(found[0].what ==
               "this rule never decides: rule 1 (test.rules:1) and rule 2 (test.rules:3) together take every packet "
               "that it fits");
    BOOST_TEST((found[0].hint.find("for instance TCP 192.0.2.50:1030 > 10.0.0.10:5000 SYN: rule 1 drops it") !=
                std::string::npos),
               found[0].hint);
    BOOST_TEST(found[0].place.file == "test.rules");
}

// Each names what it speaks of, and shows a packet.
BOOST_AUTO_TEST_CASE(words_and_packets) {
    struct Row {
        const char* name;
        std::string rules;
        const char* what;
        const char* packet;
    };
    const Row rows[] = {
        {"one rule is enough beside the usual first one",
         "-A FORWARD -m state --state ESTABLISHED -j ACCEPT\n-A FORWARD -p tcp --dport 135 -j ACCEPT\n"
         "-A FORWARD -s 10.0.0.0/8 -p tcp --dport 135 -j ACCEPT\n",
         "this rule never decides: FORWARD rule 2 (test.rules:6) stands above and fits every packet that it fits",
         "TCP 10.0.0.1:1030 > 10.0.0.10:135 SYN"},
        {"a catch-all that does something else",
         "-A FORWARD -p tcp --dport 135 -j ACCEPT\n-A FORWARD -j DROP\n-A FORWARD -p tcp -j ACCEPT\n",
         "this rule never decides: FORWARD rule 2 (test.rules:6) stands above and fits every packet that it fits",
         "TCP 192.0.2.50:1030 > 10.0.0.10:136 SYN"},
        {"a match that nothing has", "-A FORWARD -s 10.0.0.1 -p tcp --tcp-flags SYN ACK -j ACCEPT\n",
         "no packet fits this rule: nothing is \"TCP flags ACK out of SYN\"", "TCP 10.0.0.1:1030 > 10.0.0.10:135 SYN"},
        {"two matches that shut each other out",
         "-A FORWARD -s 10.0.0.1 -p tcp --dport 135 -m iprange --src-range 10.0.1.0-10.0.1.9 -j ACCEPT\n",
         "no packet fits this rule: source address in 10.0.0.1 and source address in 10.0.1.0-10.0.1.9 shut each other out",
         "TCP 10.0.0.1:1030 > 10.0.0.10:135 SYN"},
        {"fragments where they are put together first",
         "-A FORWARD -m state --state ESTABLISHED -j ACCEPT\n-A FORWARD -f -p tcp -j DROP\n",
         "no packet fits this rule: connections are tracked here, so fragments are put together before the rules see "
         "them",
         "TCP 192.0.2.50:1030 > 10.0.0.10:135 SYN"},
        {"all labels are taken above",
         "-A FORWARD -m conntrack --ctstate NEW,ESTABLISHED,RELATED -j ACCEPT\n-A FORWARD -m conntrack --ctstate "
         "INVALID -j DROP\n-A FORWARD -p tcp --dport 135 -j ACCEPT\n",
         "this rule never decides: FORWARD rule 1 (test.rules:5) and FORWARD rule 2 (test.rules:6) together take every "
         "packet that it fits",
         "TCP 192.0.2.50:1030 > 10.0.0.10:135 SYN INVALID"},
        {"of three two are enough",
         "-A FORWARD -m state --state ESTABLISHED -j ACCEPT\n-A FORWARD -p tcp --dport 100:199 -j ACCEPT\n-A FORWARD "
         "-p tcp --dport 200:299 -j ACCEPT\n-A FORWARD -p tcp --dport 150:250 -j ACCEPT\n",
         "this rule never decides: FORWARD rule 2 (test.rules:6) and FORWARD rule 3 (test.rules:7) stand above and fit "
         "every packet that it fits",
         "TCP 192.0.2.50:1030 > 10.0.0.10:150 SYN"},
        {"a chain that something else is led to",
         ":A - [0:0]\n-A FORWARD -p tcp -j A\n-A A -p udp -j DROP\n-A A -p tcp -j DROP\n",
         "no packet that is led to this chain fits this rule", "TCP 192.0.2.50:1030 > 10.0.0.10:135 SYN"},
        {"a chain that nothing is led to", ":A - [0:0]\n-A A -p udp -j DROP\n",
         "nothing leads to chain A, so its rule does nothing", "UDP 192.0.2.50:1030 > 10.0.0.10:135"},
        {"a chain that does nothing", ":A - [0:0]\n-A FORWARD -p udp -j A\n",
         "this rule leads to chain A, where no rule does anything, so it changes nothing",
         "UDP 192.0.2.50:1030 > 10.0.0.10:135"},
    };
    for (const Row& row : rows) BOOST_TEST_CONTEXT(row.name) {
            const auto found = fw::exact::lint(*imported(filter(row.rules.c_str())));
            BOOST_TEST_REQUIRE(found.size() == 1U);
            BOOST_TEST(found[0].what == row.what);
            BOOST_TEST(found[0].witness == row.packet);
        }
}

BOOST_AUTO_TEST_SUITE_END()
