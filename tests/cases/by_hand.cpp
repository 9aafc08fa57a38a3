// Verdicts for people: who answers a rejected sender, what is drawn, and what becomes of a packet of the box to itself.
#include "scenarios/cases/by_hand.hpp"

#include "sim/firewall/import/import.hpp"

#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>

using namespace scenarios::cases;

namespace {

namespace base = sim::base;

firewall::SharedRules rules(const std::string& text) {
    const auto imported = firewall::import::import_iptables(base::SourceText("t.v4", text), {});
    BOOST_REQUIRE(imported.has_value());
    return imported->rules;
}

Interfaces box() {
    const auto network = [](const char* text) { return *sim::wire::Prefix::parse(text); };
    const auto address = [](const char* text) { return *sim::wire::IpAddress::parse(text); };
    return {{"eth0", {{address("198.51.100.1"), network("198.51.100.0/24")}}, true},
            {"eth1", {{address("10.1.0.1"), network("10.1.0.0/16")}}, false}};
}

Judged judged(ByHand& filter, const std::string& line) {
    PacketLineReader reader;
    const auto read = reader.read(line);
    BOOST_REQUIRE((read.has_value() && read->has_value()));
    auto result = filter.judge(**read, "p:1", {.trace = true, .entry = true});
    BOOST_REQUIRE(result.has_value());
    return *result;
}

bool says(const std::string& text, const std::string& part) { return text.find(part) != text.npos; }

const std::string rejecting =
    "*filter\n:INPUT ACCEPT [0:0]\n:FORWARD ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n"
    "-A FORWARD -p tcp --dport 25 -j REJECT --reject-with tcp-reset\n-A FORWARD -j REJECT\nCOMMIT\n";

}  // namespace

BOOST_AUTO_TEST_SUITE(by_hand)

BOOST_AUTO_TEST_CASE(the_firewall_answers_not_the_server) {
    const std::string udp = "udp 1.2.3.4:1000 > 10.0.0.10:53", syn = "tcp 1.2.3.4:1000 > 10.0.0.10:25";
    ByHand nameless(rules(rejecting), firewall::Firewall::Settings{});
    const Judged one = judged(nameless, udp);
    BOOST_TEST(says(one.text, "The sender gets ICMP from the firewall > 1.2.3.4 port unreachable about"), one.text);
    BOOST_TEST(!one.line.at("reply_packet").as_object().contains("src"));
    BOOST_TEST(one.line.at("reply_packet").as_object().at("dst") == "1.2.3.4");
    // A RST is sent in the server's name.
    const Judged reset = judged(nameless, syn);
    BOOST_TEST(says(reset.text, "The sender gets TCP 10.0.0.10:25 > 1.2.3.4:1000 RST-ACK"), reset.text);
    BOOST_TEST(reset.line.at("reply_packet").as_object().at("src") == "10.0.0.10");

    firewall::Firewall::Settings settings;
    settings.client_side_addresses = {*sim::wire::IpAddress::parse("198.51.100.1")};
    ByHand named(rules(rejecting), settings);
    const Judged two = judged(named, udp);
    BOOST_TEST(says(two.text, "The sender gets ICMP 198.51.100.1 > 1.2.3.4 port unreachable about"), two.text);
    BOOST_TEST(two.line.at("reply_packet").as_object().at("src") == "198.51.100.1");
}

BOOST_AUTO_TEST_CASE(a_port_that_is_drawn_is_said_so) {
    const std::string masquerade = "*nat\n:POSTROUTING ACCEPT [0:0]\n-A POSTROUTING -o eth0 -j MASQUERADE --random\nCOMMIT\n"
                                   "*filter\nCOMMIT\n";
    firewall::Firewall::Settings settings;
    settings.client_side = "eth0";
    settings.server_side = "eth1";
    settings.client_side_addresses = {*sim::wire::IpAddress::parse("198.51.100.1")};
    ByHand between(rules(masquerade), settings);
    const auto line = PacketLineReader().read("udp 10.1.0.10:5000 > 203.0.113.5:53 from server");
    // Said to people also where nobody asks for the entry.
    const auto told = between.judge(**line, "p:1", {});
    BOOST_TEST(says(told->text, "draws the port of its translation at random"), told->text);

    for (const char* how : {"--random", "--random-fully", ""}) BOOST_TEST_CONTEXT(how) {
            ByHand filter(rules("*nat\n:POSTROUTING ACCEPT [0:0]\n-A POSTROUTING -o eth0 -j MASQUERADE " +
                                std::string(how) + "\nCOMMIT\n*filter\nCOMMIT\n"),
                          box(), nullptr);
            const bool drawn = *how != '\0';
            const Judged asked = judged(filter, "udp 10.1.0.10:5000 > 203.0.113.5:53");
            BOOST_TEST(says(asked.text, "draws the port of its translation at random") == drawn, asked.text);
            BOOST_TEST(asked.line.contains("port_drawn") == drawn);
            // What is sent to the old port is no answer then.
            const Judged answered = judged(filter, "udp 203.0.113.5:53 > 198.51.100.1:5000");
            BOOST_TEST(answered.line.at("ct") == (drawn ? "NEW" : "ESTABLISHED"));
        }
}

BOOST_AUTO_TEST_CASE(from_the_box_to_itself) {
    ByHand filter(rules("*filter\n:INPUT DROP [0:0]\n:FORWARD DROP [0:0]\n:OUTPUT DROP [0:0]\n"
                        "-A OUTPUT -o lo -j ACCEPT\n-A INPUT -i lo -p udp --dport 2 -j ACCEPT\n"
                        "-A INPUT -i lo -p udp --dport 3 -j REJECT\nCOMMIT\n"),
                  box(), nullptr);
    struct Row {
        const char* line;
        const char* verdict;
        const char* hook;
        const char* reply;
    };
    const Row rows[] = {
        {"udp 198.51.100.1:1 > 10.1.0.1:2", "accept", "INPUT", ""},
        {"udp 198.51.100.1:1 > 10.1.0.1:3", "reject", "INPUT", "sent"},
        {"udp 198.51.100.1:1 > 10.1.0.1:4", "drop", "INPUT", ""},
        {"udp 127.0.0.1:1 > 127.0.0.1:2", "accept", "INPUT", ""},
        {"udp 198.51.100.1:1 > 10.1.0.9:2", "drop", "OUTPUT", ""},
    };
    for (const Row& row : rows) BOOST_TEST_CONTEXT(row.line) {
            const Judged got = judged(filter, row.line);
            BOOST_TEST(got.line.at("verdict") == row.verdict);
            BOOST_TEST(got.line.at("hook") == row.hook);
            BOOST_TEST(got.line.contains("reply") == (*row.reply != '\0'));
        }
    const Judged martian = judged(filter, "udp 203.0.113.5:1 > 127.0.0.1:2");
    BOOST_TEST(martian.line.at("hook").is_null());
    BOOST_TEST(martian.line.at("reason") == "not-routed");
    BOOST_TEST(says(martian.text, "Routing has no way for a packet with these addresses."), martian.text);
}

BOOST_AUTO_TEST_SUITE_END()
