// The account of a verdict, and that hearing it changes nothing.
#include "sim/base/random.hpp"
#include "sim/firewall/explain.hpp"
#include "sim/firewall/import/import.hpp"
#include "tests/firewall/packets.hpp"

using namespace packets;

BOOST_AUTO_TEST_SUITE(explanation)

BOOST_AUTO_TEST_CASE(says_each_rule_and_why) {
    fw::Firewall box(native("allow tcp 135\nallow tcp to 10.0.0.10 port 5000-5099"));
    fw::Explanation heard;
    box.judge(to_server({.to_port = 5100}), fw::Side::client, at(0s), &heard);
    const std::string text = heard.text();
    for (const char* part : {"rule 1 (test.rules:1)", "rule 2 (test.rules:2)", "target port 5000-5099", "5100",
                             "the default is drop", "connection state NEW"})
        BOOST_TEST(text.find(part) != std::string::npos, part << " in\n" << text);
}

BOOST_AUTO_TEST_CASE(says_what_state_decides) {
    fw::Firewall box(native("allow tcp 135"));
    fw::Explanation heard;
    box.judge(to_server({.flags = F::ack}), fw::Side::client, at(0s), &heard);
    BOOST_TEST(heard.text().find("may not begin") != std::string::npos, heard.text());
}

BOOST_AUTO_TEST_CASE(goes_through_chains) {
    fw::import::ImportOptions options;
    const auto imported = fw::import::import_iptables(
        base::SourceText("t.v4",
                         "*filter\n:FORWARD DROP [0:0]\n:web - [0:0]\n-A FORWARD -p tcp -j web\n"
                         "-A web -p tcp -m tcp --dport 80 -j ACCEPT\nCOMMIT\n"),
        options);
    BOOST_REQUIRE(imported.has_value());
    fw::Firewall box(imported->rules);
    fw::Explanation heard;
    box.judge(to_server({}), fw::Side::client, at(0s), &heard);
    for (const char* part : {"FORWARD rule 1 (t.v4:4)", "on to chain web", "web rule 1 (t.v4:5)", "chain web ends",
                             "policy of FORWARD is drop"})
        BOOST_TEST(heard.text().find(part) != std::string::npos, part << " in\n" << heard.text());
}

BOOST_AUTO_TEST_CASE(hearing_changes_nothing) {
    const std::string rules =
        "allow tcp 135-140\nallow udp from 192.0.2.0/25\nreject tcp to 10.0.0.0/28\nallow icmp both\nallow tcp "
        "to-client acknowledged";
    for (const char* mode : {"stateful yes\n", "stateful no\n"}) {
        fw::Firewall deaf(native(mode + rules));
        fw::Firewall hearing(native(mode + rules));
        base::Random random(11);
        for (int i = 0; i < 3000; ++i) {
            const bool from_client = random.chance(1, 2);
            Tcp t{.from_port = static_cast<std::uint16_t>(130 + random.below(12)),
                  .to_port = static_cast<std::uint16_t>(130 + random.below(12)),
                  .flags = static_cast<std::uint8_t>(random.below(64)),
                  .seq = static_cast<std::uint32_t>(random.below(3000)),
                  .ack = static_cast<std::uint32_t>(random.below(3000))};
            const base::Bytes packet = from_client ? to_server(t) : to_client(t);
            const auto side = from_client ? fw::Side::client : fw::Side::server;
            fw::Explanation heard;
            const fw::Passage a = deaf.judge(packet, side, at(i * 1ms));
            const fw::Passage b = hearing.judge(packet, side, at(i * 1ms), &heard);
            BOOST_TEST((a.verdict == b.verdict && a.label == b.label && a.answer == b.answer));
            BOOST_TEST(!heard.lines().empty());
        }
    }
}

BOOST_AUTO_TEST_CASE(words_of_the_vocabulary) {
    for (int i = 0; i <= static_cast<int>(fw::Reason::hop_limit); ++i) {
        const auto reason = static_cast<fw::Reason>(i);
        BOOST_TEST((fw::parse_reason(fw::id(reason)) == reason));
        BOOST_TEST(fw::sentence(reason).back() == '.');
    }
    BOOST_TEST(!fw::parse_reason("frob").has_value());
    BOOST_TEST(fw::format(fw::StateSet{127}) == "INVALID,NEW,RELATED,ESTABLISHED,UNTRACKED,SNAT,DNAT");
}

BOOST_AUTO_TEST_SUITE_END()
