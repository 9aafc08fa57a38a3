// The compiled classifier gives the predicate's answer: random rules with every kind of match, jumps, gotos and
// returns; rule files of every dialect; rule sets as large as firewalls have. With each variant that this processor
// has, one packet at a time and many at once.
#include "bench/firewall_shaped.hpp"
#include "sim/firewall/compiled/classifier.hpp"
#include "sim/firewall/compiled/rule_judge.hpp"
#include "sim/firewall/evaluate.hpp"
#include "sim/firewall/import/import.hpp"
#include "tests/firewall/compiled_rules.hpp"

#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>

using namespace packets;
using compiled_rules::Maker;
using compiled_rules::Traffic;
namespace compiled = sim::firewall::compiled;

namespace {

// How many were decided by a rule. Every entry chain, every variant, both ways of asking.
std::size_t compare(const fw::SharedRules& rules, const Traffic& traffic) {
    std::size_t decided = 0;
    for (std::uint32_t c = 0; c < rules->chains().size(); ++c) {
        if (!rules->chains()[c].policy) continue;
        std::vector<fw::Verdict> expected;
        fw::Silent silent;
        for (const fw::Facts& facts : traffic.facts()) {
            expected.push_back(fw::evaluate(*rules, fw::ChainId{c}, facts, silent));
            decided += expected.back().rule ? 1U : 0U;
        }
        for (const compiled::Variant variant : compiled::variants()) {
            const compiled::Classifier classifier(rules, fw::ChainId{c}, variant);
            std::vector<fw::Verdict> many(expected.size());
            classifier.judge(traffic.facts(), many);
            std::size_t wrong = 0;
            for (std::size_t i = 0; i < expected.size(); ++i) {
                wrong += many[i] == expected[i] ? 0U : 1U;
                wrong += classifier.judge(traffic.facts()[i]) == expected[i] ? 0U : 1U;
            }
            BOOST_TEST(wrong == 0U, compiled::name(variant) << ": " << wrong << " verdicts differ");
        }
    }
    return decided;
}

fw::Subject forwarded() {
    fw::Subject subject;
    subject.in_interface = "eth0";
    subject.out_interface = "eth1";
    subject.from = fw::Side::client;
    return subject;
}

base::Bytes octets_of(const shaped::Packet& p) {
    const auto from = wire::IpAddress::v4(p.source), to = wire::IpAddress::v4(p.target);
    if (p.protocol == 17) return udp(from, to, p.source_port, p.target_port);
    if (p.protocol == 1) return icmp(from, to, 8);
    return tcp(from, to, {.from_port = p.source_port, .to_port = p.target_port});
}

std::string text_of(const std::filesystem::path& path) {
    std::ifstream file(path);
    std::stringstream text;
    text << file.rdbuf();
    return text.str();
}

fw::SharedRules rules_of_file(const std::filesystem::path& path) {
    const std::string text = text_of(path);
    if (path.extension() == ".rules") return native(text);
    const auto format = fw::import::detect_format(text);
    BOOST_REQUIRE(format.has_value());
    fw::import::ImportOptions options;
    std::smatch list;
    if (*format == fw::import::ImportFormat::cisco_ios &&
        std::regex_search(text, list, std::regex("access-list (?:extended )?([^ \\n]+)")))
        options.acl = list[1];
    const auto imported = fw::import::import_rules(base::SourceText(path.filename().string(), text), *format, options);
    BOOST_REQUIRE(imported.has_value());
    return imported->rules;
}

// The ends of every address and port range that rules name, and their neighbours.
std::pair<std::vector<wire::IpAddress>, std::vector<std::uint16_t>> spoken_of(const fw::RuleSet& rules) {
    std::vector<wire::IpAddress> addresses{client, server};
    std::vector<std::uint16_t> ports{135, 1030, 5100};
    for (const fw::Rule& rule : rules.rules())
        for (const fw::Match& match : rule.matches) {
            if (const auto* in = std::get_if<fw::InPrefix>(&match.what); in != nullptr && in->prefix.address().is_v4())
                for (const std::uint32_t by : {0U, 1U, ~0U})
                    addresses.push_back(wire::IpAddress::v4(in->prefix.address().v4_bits() + by));
            if (const auto* in = std::get_if<fw::PortIn>(&match.what))
                for (const wire::PortRange& range : in->ranges)
                    for (const int port :
                         {range.first.value - 1, +range.first.value, +range.last.value, range.last.value + 1})
                        ports.push_back(static_cast<std::uint16_t>(port));
        }
    return {addresses, ports};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(compiled_classifier)

BOOST_AUTO_TEST_CASE(random_rules) {
    std::size_t decided = 0;
    std::map<std::pair<compiled::Line::Kind, bool>, std::size_t> lines;
    for (std::uint64_t seed = 0; seed < 250; ++seed) BOOST_TEST_CONTEXT("seed " << seed) {
            Maker maker(seed);
            const fw::SharedRules rules = maker.rules();
            Traffic traffic;
            for (int i = 0; i < 80; ++i) maker.packet(traffic);
            decided += compare(rules, traffic);
            const compiled::Classifier classifier(rules, fw::ChainId{0});
            for (std::size_t frame = 0; frame < compiled::Classifier::frame_count; ++frame)
                for (const compiled::Line& line : classifier.lines(frame)) ++lines[{line.kind, line.confirm}];
        }
    BOOST_TEST(decided > 10'000U);  // else the rules would be too strict to tell
    using Kind = compiled::Line::Kind;
    for (const Kind kind : {Kind::decide, Kind::skip, Kind::enter})
        for (const bool confirm : {false, true})
            BOOST_TEST((lines[{kind, confirm}] > 100U) == (kind != Kind::enter || confirm));
}

// The rule files of the scenarios, and packets around what they speak of.
BOOST_AUTO_TEST_CASE(rule_files_of_every_dialect) {
    std::size_t decided = 0;
    std::set<fw::Dialect> dialects;
    std::set<std::filesystem::path> paths;
    for (const auto& entry : std::filesystem::directory_iterator(FIREDRILL_SOURCE_DIR "/scenarios/firewall"))
        paths.insert(entry.path());
    for (const auto& path : paths) BOOST_TEST_CONTEXT(path.filename().string()) {
            const fw::SharedRules rules = rules_of_file(path);
            dialects.insert(rules->dialect());
            const auto [addresses, ports] = spoken_of(*rules);
            base::Random random(1);
            Traffic traffic;
            for (int i = 0; i < 300; ++i) {
                const auto &from = addresses[random.below(addresses.size())],
                           &to = addresses[random.below(addresses.size())];
                const std::uint16_t sp = ports[random.below(ports.size())], tp = ports[random.below(ports.size())];
                fw::Subject s = forwarded();
                s.label = static_cast<fw::Label>(random.below(6));
                if (random.chance(1, 2)) s.direction = fw::FlowSide::original;
                if (random.chance(1, 2)) s.from = fw::Side::server;
                const auto flags = static_cast<std::uint8_t>(random.below(64));
                traffic.add(random.chance(1, 4) ? udp(from, to, sp, tp)
                                                : tcp(from, to, {.from_port = sp, .to_port = tp, .flags = flags}),
                            s);
            }
            decided += compare(rules, traffic);
        }
    BOOST_TEST(dialects.size() >= 3U);
    BOOST_TEST(decided > 2000U);
}

BOOST_AUTO_TEST_CASE(firewall_shaped_rules) {
    for (const std::size_t count : {1U, 10U, 17U, 100U, 600U}) BOOST_TEST_CONTEXT(count << " rules") {
            shaped::Maker maker(count);
            const auto rules = maker.rules(count);
            Traffic traffic;
            for (int i = 0; i < 400; ++i)
                traffic.add(octets_of(i % 4 == 0 ? maker.random_packet() : maker.hit(rules)), forwarded());
            BOOST_TEST(compare(shaped::rule_set(rules), traffic) >= 300U);
        }
}

// Bare lookups of every number of packets, so that each variant meets its last, unfilled round; with a table that has
// cells of many blocks.
BOOST_AUTO_TEST_CASE(variants_agree_for_every_count) {
    for (const std::size_t count : {10U, 300U, 3000U}) {
        shaped::Maker maker(7);
        auto rules = maker.rules(count);
        for (std::size_t i = 0; i < count; i += 3) rules[i].target = rules[0].target;  // one crowded server
        const compiled::Classifier classifier(shaped::rule_set(rules), fw::ChainId{0});
        const compiled::Table* table = classifier.table(compiled::Classifier::whole_v4);
        BOOST_REQUIRE(table != nullptr);
        BOOST_TEST((count < 3000U || table->layout().has_following));
        std::vector<compiled::Key> keys;
        for (std::size_t i = 0; i < 3000; ++i) {
            const shaped::Packet p = i % 2 == 0 ? maker.hit(rules) : maker.random_packet();
            keys.push_back({p.source, p.target, p.source_port, p.target_port, p.protocol, 0, 0});
        }
        keys[5].source = keys[6].target = 0xffffffffU;
        std::vector<std::uint32_t> expected(keys.size());
        const compiled::Lookup& scalar = compiled::lookup(compiled::Variant::scalar);
        scalar.many(table->layout(), keys.data(), expected.data(), keys.size());
        for (const compiled::Variant variant : compiled::variants())
            BOOST_TEST_CONTEXT(compiled::name(variant) << ", " << count << " rules") {
                const compiled::Lookup& lookup = compiled::lookup(variant);
                std::size_t wrong = 0, begin = 0;
                for (std::size_t n = 0; begin + n <= keys.size(); begin += n++) {
                    std::vector<std::uint32_t> lines(n + 1, 12345);
                    lookup.many(table->layout(), keys.data() + begin, lines.data(), n);
                    for (std::size_t i = 0; i < n; ++i) {
                        wrong += lines[i] == expected[begin + i] ? 0U : 1U;
                        wrong += lookup.one(table->layout(), keys[begin + i]) == expected[begin + i] ? 0U : 1U;
                    }
                    BOOST_TEST(lines[n] == 12345U);
                }
                BOOST_TEST(wrong == 0U);
            }
    }
}

// What is too much for a table is judged all the same: chains that would be written out too often, and more names of
// interfaces than are told apart.
BOOST_AUTO_TEST_CASE(more_than_a_table_holds) {
    const auto jump = [](std::uint32_t to) { return fw::Target{fw::Target::Kind::jump, {}, fw::ChainId{to}}; };
    fw::Draft draft;
    draft.family = wire::Family::ipv4;
    for (const char* name : {"top", "middle", "low"}) draft.chains.emplace_back().name = name;
    draft.chains[0].policy = fw::Policy{fw::Action::drop, {}};
    for (std::uint16_t i = 0; i < 260; ++i) {
        const auto port = [&](std::uint16_t from) {
            return fw::Match{
                fw::PortIn{fw::End::target, {wire::PortRange::only(wire::Port{static_cast<std::uint16_t>(from + i)})}}};
        };
        draft.chains[0].rules.push_back({{.matches = {}, .target = jump(1)}, {}});
        draft.chains[1].rules.push_back({{.matches = {port(1000)}, .target = {fw::Target::Kind::accept}}, {}});
    }
    Traffic traffic;
    for (std::uint16_t i = 0; i < 300; i += 7)
        traffic.add(tcp(client, server, {.to_port = static_cast<std::uint16_t>(1000 + i)}), forwarded());
    const fw::SharedRules rules = *fw::RuleSet::make(draft);
    BOOST_TEST((compiled::Classifier(rules, fw::ChainId{0}).table(0) == nullptr));
    BOOST_TEST(compare(rules, traffic) > 20U);

    fw::Draft many = draft;
    many.chains.resize(1);
    many.chains[0].rules.clear();
    for (int i = 0; i < 100; ++i)
        many.chains[0].rules.push_back(
            {{.matches = {{fw::InterfaceIs{false, i == 80 ? "eth0" : "x" + std::to_string(i)}}},
              .target = {fw::Target::Kind::accept}},
             {}});
    BOOST_TEST(compare(*fw::RuleSet::make(many), traffic) == traffic.facts().size());
}

// The engine asks a judge in place of the predicate, and only about its own rules: the same packets through two
// filters, one with a judge, with all that a filter remembers.
BOOST_AUTO_TEST_CASE(a_filter_with_a_judge) {
    shaped::Maker maker(3);
    auto rules = maker.rules(compiled::least_rules);
    const fw::SharedRules set = shaped::rule_set(rules), others = shaped::rule_set(maker.rules(compiled::least_rules));
    BOOST_TEST((compiled::judge_for(set, compiled::least_questions - 1) == nullptr));
    BOOST_TEST((compiled::judge_for(shaped::rule_set(maker.rules(5)), compiled::least_questions) == nullptr));
    fw::Firewall::Settings settings;
    settings.judge = compiled::judge_for(set, compiled::least_questions);
    BOOST_REQUIRE(settings.judge != nullptr);
    fw::Firewall with(set, settings), without(set), foreign(others, settings), own(others);
    std::size_t accepted = 0;
    for (int i = 0; i < 400; ++i) {
        const base::Bytes packet = octets_of(maker.hit(rules));
        const auto now = at(std::chrono::milliseconds(i));
        const fw::Verdict verdict = without.judge(packet, fw::Side::client, now).verdict;
        BOOST_TEST((with.judge(packet, fw::Side::client, now).verdict == verdict));
        BOOST_TEST(
            (foreign.judge(packet, fw::Side::client, now).verdict == own.judge(packet, fw::Side::client, now).verdict));
        accepted += verdict.action == fw::Action::accept ? 1U : 0U;
    }
    BOOST_TEST(accepted > 200U);
}

BOOST_AUTO_TEST_SUITE_END()
