// Packets as findings name them, played by hand: every such line is a packet, and its verdict is the one that the
// finding rests on.
#include "scenarios/cases/by_hand.hpp"
#include "sim/firewall/exact/lint.hpp"
#include "sim/firewall/exact/lint_reach.hpp"
#include "tests/firewall/random_rules.hpp"

#include <cstdlib>

using namespace random_rules;
using namespace scenarios::cases;
using fw::exact::Witness;

namespace {

std::uint64_t seeds_or(std::uint64_t usual) {
    const char* wanted = std::getenv("FIREDRILL_SEEDS");
    return wanted == nullptr ? usual : std::strtoull(wanted, nullptr, 10);
}

bool is_named(const std::string& interface) { return !interface.empty() && interface.find('\x01') == interface.npos; }

// What goes without saying in a line: from the client, by interfaces that no rule names, NEW and from its opener.
Witness as_read(Witness w, const fw::RuleSet& rules) {
    if (!w.from) w.from = fw::Side::client;
    const bool back = w.from == fw::Side::server;
    if (!is_named(w.in_interface)) w.in_interface = back ? "server" : "client";
    if (!is_named(w.out_interface)) w.out_interface = back ? "client" : "server";
    const fw::Label label = w.tracked.label;
    if (rules.tracking() != fw::Tracking::off && label == fw::Label::none) w.tracked.label = fw::Label::new_flow;
    const bool has_entry =
        w.tracked.label == fw::Label::new_flow || label == fw::Label::established || label == fw::Label::related;
    if (has_entry && !w.tracked.direction) w.tracked.direction = fw::FlowSide::original;
    if (!has_entry && w.tracked.direction == fw::FlowSide::original) w.tracked.direction.reset();
    return w;
}

struct Count {
    std::size_t played = 0, at_their_word = 0, changed = 0;
};

void play(const Witness& w, const fw::SharedRules& rules, std::uint64_t seed, Count& count) {
    const auto meant = fw::exact::judge(as_read(w, *rules), *rules, fw::ChainId{0});
    if (!meant) return;  // a fragment of IPv6, or of the other family
    const auto chosen = fw::exact::judge(w, *rules, fw::ChainId{0});
    count.changed += chosen->verdict == meant->verdict ? 0U : 1U;
    const std::string text = fw::exact::format(w);
    const auto line = PacketLineReader().read(text);
    if (!line || !*line) {
        BOOST_ERROR("seed " << seed << ": " << text << ": " << (line ? "nothing" : line.error().what));
        return;
    }
    ByHand by_hand(rules, fw::Firewall::Settings{});
    const auto judged = by_hand.judge(**line, "w", {.trace = true});
    BOOST_TEST_REQUIRE(judged.has_value());
    ++count.played;
    count.at_their_word += judged->line.contains("at_its_word") ? 1U : 0U;
    const std::string rule = meant->verdict.rule ? rules->label(*meant->verdict.rule) : "";
    const auto* said = judged->line.if_contains("rule");
    const bool same = judged->line.at("verdict").as_string() == fw::id(meant->verdict.action) &&
                      rule == (said == nullptr ? std::string() : std::string(said->as_string()));
    if (!same)
        BOOST_ERROR("seed " << seed << ": " << text << ": " << fw::id(meant->verdict.action) << " by " << rule
                            << ", and by hand " << judged->text << judged->explained);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(witnesses)

BOOST_AUTO_TEST_CASE(every_witness_can_be_played) {
    Count of_rules, of_packets;
    for (std::uint64_t seed = 0; seed < seeds_or(80); ++seed) {
        Maker maker(seed);
        const fw::SharedRules rules = maker.rules();
        fw::exact::Effort effort(2'000'000'000);
        const fw::exact::RuleSpaces spaces(*rules, effort);
        const fw::exact::Reach reach(*rules, spaces, effort);
        for (std::uint32_t i = 0; i < rules->rules().size(); ++i) {
            const auto fate = reach.fate(fw::RuleId{i}, effort);
            if (fate.witness && fate.entry == fw::ChainId{0}) play(*fate.witness, rules, seed, of_rules);
        }
        for (const auto& found : fw::exact::lint(*rules, {.pairs = true}))
            if (!found.witness.empty()) BOOST_TEST(PacketLineReader().read(found.witness).has_value(), found.witness);
        for (const Witness& packet : maker.packets(40)) play(packet, rules, seed, of_packets);
    }
    BOOST_TEST_MESSAGE(of_rules.played << " of rules, " << of_rules.at_their_word << " at their word, "
                                       << of_rules.changed << " where the line says less; " << of_packets.played
                                       << " packets, " << of_packets.at_their_word);
    BOOST_TEST(of_rules.played > 200U);
    BOOST_TEST(of_rules.at_their_word > 30U);
    BOOST_TEST(of_packets.played > 1000U);
    // Sides, or interfaces that no rule names, are not always written down.
    BOOST_TEST(of_rules.changed * 10 < of_rules.played);
}

// Every form, with what it is read as.
BOOST_AUTO_TEST_CASE(lines_as_findings_write_them) {
    struct Row {
        const char* line;
        const char* summary;
        const char* origin;
        fw::Label label;
        const char* in;
    };
    const Row rows[] = {
        {"TCP 192.0.2.50:1030 > 10.0.0.10:150 SYN ESTABLISHED", "TCP 192.0.2.50:1030 > 10.0.0.10:150 SYN", "",
         fw::Label::established, ""},
        {"TCP 192.0.2.50:1030 > 10.0.0.10:150 SYN,ACK,ECE,CWR INVALID", "TCP 192.0.2.50:1030 > 10.0.0.10:150 SYN-ECE-CWR-ACK",
         "", fw::Label::invalid, ""},
        {"TCP 192.0.2.50:1030 > 10.0.0.10:150 none NEW", "TCP 192.0.2.50:1030 > 10.0.0.10:150 none", "",
         fw::Label::new_flow, ""},
        {"TCP fragment 192.0.2.50 > 10.0.0.10", "TCP 192.0.2.50 > 10.0.0.10", "", fw::Label::none, ""},
        {"TCP fragment 2001:db8::1 > 2001:db8::2", "TCP 2001:db8::1 > 2001:db8::2", "", fw::Label::none, ""},
        {"UDP cut to 0 octets 192.0.2.50 > 10.0.0.10 NEW", "UDP 192.0.2.50", "", fw::Label::new_flow, ""},
        {"TCP cut to 2 octets 192.0.2.50:1030 > 10.0.0.10 in eth0 => drop # why", "TCP 192.0.2.50", "",
         fw::Label::none, "eth0"},
        {"ICMP 10.0.0.1 > 192.0.2.50 type 3 code 13 in eth0", "ICMP 10.0.0.1 > 192.0.2.50", "", fw::Label::none,
         "eth0"},
        {"ICMPv6 2001:db8::1 > 2001:db8::2 type 128 code 0 UNTRACKED", "ICMPv6 2001:db8::1 > 2001:db8::2 echo request",
         "", fw::Label::untracked, ""},
        {"UDP 10.0.0.10:1 > 192.0.2.50:2 from-server RELATED reply SNAT", "UDP 10.0.0.10:1 > 192.0.2.50:2 len 0",
         "server", fw::Label::related, ""},
        {"protocol 47 192.0.2.50 > 10.0.0.10 out eth1", "protocol 47 192.0.2.50 > 10.0.0.10", "", fw::Label::none, ""},
        {"ICMP 2001:db8::1 > 2001:db8::2", "ICMP 2001:db8::1 > 2001:db8::2", "", fw::Label::none, ""},
    };
    for (const Row& row : rows) BOOST_TEST_CONTEXT(row.line) {
            const auto read = PacketLineReader().read(row.line);
            BOOST_TEST_REQUIRE(read.has_value(), read.error().what);
            const auto view = wire::parse((*read)->packet);
            BOOST_TEST_REQUIRE(view.has_value());
            BOOST_TEST(wire::summary(*view).starts_with(row.summary), wire::summary(*view));
            BOOST_TEST((*read)->origin == row.origin);
            BOOST_TEST(((*read)->said.label.value_or(fw::Label::none) == row.label));
            BOOST_TEST((*read)->said.in_interface == row.in);
        }
}

BOOST_AUTO_TEST_SUITE_END()
