// The lint against the predicate itself: random rule sets with chains, every rule, every packet that the rules can tell
// apart.
//
// A rule that is called dead matches none of them; for every other rule there is a witness, and it matches that rule.
// Both for iptables and for nftables, which looks at other things and reads headers that are cut.
// FIREDRILL_SEEDS sets how many rule sets there are.
#include "sim/firewall/evaluate.hpp"
#include "sim/firewall/exact/lint.hpp"
#include "sim/firewall/exact/lint_reach.hpp"
#include "sim/firewall/exact/openings.hpp"
#include "tests/firewall/random_rules.hpp"

#include <boost/test/data/test_case.hpp>

#include <cstdlib>
#include <set>

using namespace random_rules;
using Kind = fw::exact::Reach::Fate::Kind;

namespace {

const auto dialects = boost::unit_test::data::make({false, true});
fw::Dialect dialect(bool nft) { return nft ? fw::Dialect::nft : fw::Dialect::iptables; }

std::uint64_t seeds_or(std::uint64_t usual) {
    const char* wanted = std::getenv("FIREDRILL_SEEDS");
    return wanted == nullptr ? usual : std::strtoull(wanted, nullptr, 10);
}

std::string text_of(const fw::RuleSet& rules) {
    std::string text;
    for (std::uint32_t i = 0; i < rules.rules().size(); ++i) {
        const fw::Rule& rule = rules.rules()[i];
        text += "\n" + std::to_string(i) + " in " + std::to_string(rule.chain.index) + ":";
        for (const fw::Match& match : rule.matches) text += " " + fw::describe(match) + ",";
        text +=
            " -> " + std::to_string(static_cast<int>(rule.target.kind)) + " " + std::to_string(rule.target.chain.index);
    }
    return text;
}

bool accepts(const fw::exact::Judged& judged) { return judged.verdict.action == fw::Action::accept; }

// The same rules without one of them.
fw::SharedRules without(const fw::RuleSet& rules, std::uint32_t left_out) {
    fw::Draft draft;
    draft.dialect = rules.dialect();
    draft.tracking = rules.tracking();
    draft.family = rules.family();
    for (const fw::Chain& chain : rules.chains()) {
        fw::DraftChain copy{.name = chain.name, .policy = chain.policy, .rules = {}};
        for (std::uint32_t i = chain.first; i < chain.first + chain.count; ++i)
            if (i != left_out) copy.rules.push_back({rules.rules()[i], rules.origin(fw::RuleId{i})});
        draft.chains.push_back(std::move(copy));
    }
    draft.bindings.assign(rules.bindings().begin(), rules.bindings().end());
    return *fw::RuleSet::make(std::move(draft));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(lint_random)

BOOST_DATA_TEST_CASE(dead_rules_match_nothing_and_others_have_a_witness, dialects, nft) {
    std::size_t dead_count = 0, witnessed = 0, matched = 0, packets_asked = 0;
    const std::uint64_t seeds = seeds_or(nft ? 120 : 250);
    for (std::uint64_t seed = 0; seed < seeds; ++seed) {
        Maker maker(seed, dialect(nft));
        const fw::SharedRules rules = maker.rules();
        fw::exact::Effort effort(2'000'000'000);
        const fw::exact::RuleSpaces spaces(*rules, effort);
        const fw::exact::Reach reach(*rules, spaces, effort);
        std::set<std::uint32_t> dead;
        for (std::uint32_t i = 0; i < rules->rules().size(); ++i) {
            const auto fate = reach.fate(fw::RuleId{i}, effort);
            if (reach.paths_to(rules->rules()[i].chain) == nullptr) continue;
            if (fate.kind == Kind::unknown) BOOST_ERROR("seed " << seed << ", rule " << i << " is unknown");
            if (fate.kind != Kind::reached) {
                dead.insert(i);
                continue;
            }
            const auto judged = fw::exact::judge(*fate.witness, *rules, fate.entry);
            if (!judged) continue;  // a fragment of IPv6
            ++witnessed;
            if (std::find(judged->matched.begin(), judged->matched.end(), fw::RuleId{i}) == judged->matched.end())
                BOOST_ERROR("seed " << seed << ", rule " << i << ": " << fw::exact::format(*fate.witness)
                                    << " does not come there" << text_of(*rules));
        }
        for (const std::uint32_t i : dead) dead_count += reach.paths_to(rules->rules()[i].chain)->empty() ? 0U : 1U;
        for (const fw::exact::Witness& packet : maker.packets(400)) {
            const auto judged = fw::exact::judge(packet, *rules, fw::ChainId{0});
            if (!judged) continue;
            ++packets_asked;
            for (const fw::RuleId rule : judged->matched) {
                ++matched;
                if (dead.count(rule.index) != 0)
                    BOOST_ERROR("seed " << seed << ", rule " << rule.index << " is called dead, and "
                                        << fw::exact::format(packet) << " matches it" << text_of(*rules));
            }
        }
    }
    // Else the rules would be too odd to tell.
    BOOST_TEST(dead_count > 2 * seeds);
    BOOST_TEST(witnessed > 3 * seeds);
    BOOST_TEST(matched > 300 * seeds);
    BOOST_TEST_MESSAGE(dead_count << " dead, " << witnessed << " witnessed, " << packets_asked << " packets");
}

// What is told of them: who takes a dead rule's packets is who takes its witness; a redundant rule can go.
BOOST_DATA_TEST_CASE(what_is_told_is_so, dialects, nft) {
    std::size_t shadowed = 0, redundant = 0, told = 0, mismatched = 0;
    for (std::uint64_t seed = 0; seed < seeds_or(nft ? 120 : 250); ++seed) {
        Maker maker(seed, dialect(nft));
        const fw::SharedRules rules = maker.rules();
        std::vector<fw::exact::Witness> packets;
        for (const auto& found : fw::exact::lint(*rules, {.pairs = true})) {
            if (found.id == "rule-shadowed") {
                ++shadowed;
                BOOST_TEST((found.hint.find(found.witness) != std::string::npos), found.hint);
                auto packet = fw::exact::parse_witness(found.witness);
                BOOST_TEST_REQUIRE(packet.has_value(), found.witness);
                // What goes without saying is not written down.
                if (rules->tracking() != fw::Tracking::off && packet->tracked.label == fw::Label::none)
                    packet->tracked.label = fw::Label::new_flow;
                if (rules->tracking() != fw::Tracking::off && !packet->tracked.direction)
                    packet->tracked.direction = fw::FlowSide::original;
                const auto judged = fw::exact::judge(*packet, *rules, fw::ChainId{0});
                if (!judged || !judged->verdict.rule) continue;
                ++told;
                const auto named = [&](fw::RuleId rule) {
                    return found.what.find(rules->label(rule) + " (") != std::string::npos ||
                           found.what.find(" more") != std::string::npos;
                };
                const bool any = std::any_of(judged->matched.begin(), judged->matched.end(), named);
                mismatched += any ? 0U : 1U;
            }
            if (found.id != "rule-redundant") continue;
            ++redundant;
            if (packets.empty()) packets = maker.packets(400);
            const fw::SharedRules less = without(*rules, found.place.line - 1);
            for (const fw::exact::Witness& packet : packets) {
                const auto before = fw::exact::judge(packet, *rules, fw::ChainId{0});
                const auto after = fw::exact::judge(packet, *less, fw::ChainId{0});
                if (before && after && accepts(*before) != accepts(*after))
                    BOOST_ERROR("seed " << seed << ", rule " << found.place.line - 1 << " is called redundant, and "
                                        << fw::exact::format(packet) << " needs it" << text_of(*rules));
            }
        }
    }
    // Where a rule sends packets back, somebody else decides about them; where interfaces or sides matter, the line
    // does not say all of them.
    BOOST_TEST(told > 50U);
    BOOST_TEST(mismatched * 20 < told);
    BOOST_TEST_MESSAGE(told << " told, " << mismatched << " decided by somebody who is not named");
    BOOST_TEST(shadowed > 100U);
    BOOST_TEST(redundant > 5U);
}

// Which rule opens which port: what the predicate says of every first packet of a client.
BOOST_DATA_TEST_CASE(openings_are_what_gets_in, dialects, nft) {
    std::size_t let_in = 0, shown = 0;
    const fw::Firewall::Settings settings;
    const auto host = wire::IpAddress::v4(10, 0, 0, 2);
    for (std::uint64_t seed = 0; seed < seeds_or(150); ++seed) {
        Maker maker(seed, dialect(nft));
        const fw::SharedRules rules = maker.rules();
        fw::exact::Openings openings(rules, settings);
        const auto found = openings.of(host, wire::Protocol::tcp);
        BOOST_TEST_REQUIRE(found.has_value());
        const auto opens = [&](fw::RuleId rule, wire::Port port) {
            for (const fw::exact::Opening& one : *found)
                for (const wire::PortRange& range : one.ports)
                    if (one.rule == rule && range.contains(port)) return true;
            return false;
        };
        fw::exact::Witness packet;
        packet.target.address = host;
        packet.from = fw::Side::client;
        packet.in_interface = settings.client_side;
        packet.out_interface = settings.server_side;
        if (rules->tracking() != fw::Tracking::off) packet.tracked = {fw::Label::new_flow, fw::FlowSide::original, 0};
        for (const int from : {0, 1, 2, 3, 9})
            for (const int from_port : {134, 135, 136, 137, 1000})
                for (std::uint16_t port = 133; port < 140; ++port) {
                    packet.source = {wire::IpAddress::v4(10, 0, 0, static_cast<std::uint8_t>(from)),
                                     wire::Port{static_cast<std::uint16_t>(from_port)}};
                    packet.target.port = wire::Port{port};
                    const auto judged = fw::exact::judge(packet, *rules, fw::ChainId{0});
                    if (!judged || !accepts(*judged) || !judged->verdict.rule) continue;
                    ++let_in;
                    if (!opens(*judged->verdict.rule, wire::Port{port}))
                        BOOST_ERROR("seed " << seed << ": " << fw::exact::format(packet) << text_of(*rules));
                }
        for (const fw::exact::Opening& one : *found)
            for (const wire::PortRange& range : one.ports) {
                if (!openings.witness(one.rule, range.first, packet.source.address))
                    BOOST_ERROR("seed " << seed << ", rule " << one.rule.index << " opens " << wire::format(range)
                                        << " without a witness" << text_of(*rules));
                ++shown;
            }
    }
    BOOST_TEST(let_in > 2000U);
    BOOST_TEST(shown > 50U);
}

// A packet as a set of its own.
fw::exact::Cell cell_of(const fw::exact::Witness& w, const fw::exact::Space& space) {
    using fw::exact::Cell;
    Cell cell;
    const bool ports = w.protocol == 6 || w.protocol == 17, message = w.protocol == 1 || w.protocol == 58;
    const unsigned there = w.cut.value_or(255);
    cell.shapes = w.later_fragment                        ? Cell::later_fragment
                  : there >= (w.protocol == 6 ? 14U : 8U) ? Cell::whole
                  : there >= (ports     ? 4U
                              : message ? 2U
                                        : 0U)
                      ? Cell::cut_third
                  : there >= (ports     ? 2U
                              : message ? 1U
                                        : 0U)
                      ? Cell::cut_second
                      : Cell::cut_first;
    cell.sides = !w.from ? Cell::from_neither : *w.from == fw::Side::client ? Cell::from_client : Cell::from_server;
    cell.in_interfaces = space.interface_class(w.in_interface);
    cell.out_interfaces = space.interface_class(w.out_interface);
    cell.source = {w.source.address, w.source.address};
    cell.target = {w.target.address, w.target.address};
    const auto exactly = [](unsigned value) {
        return fw::exact::PortSpan{static_cast<std::uint16_t>(value), static_cast<std::uint16_t>(value)};
    };
    if (w.has_source_port()) cell.first = exactly(w.source.port.value);
    if (w.has_target_port()) cell.second = exactly(w.target.port.value);
    if (w.has_type()) cell.first = exactly(w.type * 256U + (space.codes_apart() ? 0U : w.code));
    if (w.has_code() && space.codes_apart()) cell.second = exactly(w.code * 256U);
    cell.protocols = fw::ProtocolIn::only(w.protocol).numbers;
    if (w.has_flags()) cell.flags = fw::ProtocolIn::only(w.flags).numbers;
    for (std::size_t i = 0; i < fw::exact::tracked_count; ++i) cell.tracked[i] = fw::exact::tracked_as(i) == w.tracked;
    return cell;
}

// Every rule against every packet: the set of a rule holds what the predicate says it fits, and nothing else.
BOOST_DATA_TEST_CASE(a_rule_fits_what_its_set_holds, dialects, nft) {
    std::size_t fitting = 0, others = 0;
    for (std::uint64_t seed = 0; seed < seeds_or(60); ++seed) {
        Maker maker(seed, dialect(nft));
        const fw::SharedRules rules = maker.rules();
        fw::exact::Effort effort(2'000'000'000);
        const fw::exact::RuleSpaces spaces(*rules, effort);
        for (const fw::exact::Witness& packet : maker.packets(200)) {
            const auto octets = fw::exact::octets_of(packet);
            const auto view = octets ? wire::parse(*octets) : wire::parse({});
            if (!view) continue;
            const fw::Subject subject{.packet = &*view,
                                      .in_interface = packet.in_interface,
                                      .out_interface = packet.out_interface,
                                      .from = packet.from,
                                      .label = packet.tracked.label,
                                      .direction = packet.tracked.direction,
                                      .marks = packet.tracked.marks};
            const fw::Facts facts = fw::facts_of(subject);
            const fw::exact::Cell cell = cell_of(packet, spaces.space);
            for (std::uint32_t i = 0; i < rules->rules().size(); ++i) {
                const fw::Rule& rule = rules->rules()[i];
                const bool fits = std::all_of(rule.matches.begin(), rule.matches.end(), [&](const fw::Match& match) {
                    return fw::fit(match, facts, rule.blind_to_fragments, rule.reads_octets) == fw::Fit::yes;
                });
                const fw::exact::PacketSet& set = *spaces.of[i];
                const bool held = std::any_of(set.begin(), set.end(),
                                              [&](const fw::exact::Cell& c) { return fw::exact::meet(c, cell); });
                if (fits != held)
                    BOOST_ERROR("seed " << seed << ", rule " << i << (fits ? " fits " : " does not fit ")
                                        << fw::exact::format(packet) << text_of(*rules));
                ++(fits ? fitting : others);
            }
        }
    }
    BOOST_TEST(fitting > 10'000U);
    BOOST_TEST(others > 100'000U);
}

// Set against set: nothing is lost and nothing is won.
BOOST_DATA_TEST_CASE(difference_and_intersection_divide_a_set, dialects, nft) {
    for (std::uint64_t seed = 1000; seed < 1030; ++seed) {
        Maker maker(seed, dialect(nft));
        const fw::SharedRules rules = maker.rules();
        fw::exact::Effort effort(2'000'000'000);
        const fw::exact::RuleSpaces spaces(*rules, effort);
        for (std::size_t i = 0; i + 1 < spaces.of.size(); ++i) {
            const fw::exact::PacketSet& a = *spaces.of[i];
            const fw::exact::PacketSet& b = *spaces.of[i + 1];
            const auto both = fw::exact::intersection(a, b, effort);
            const auto rest = fw::exact::difference(a, b, effort);
            BOOST_TEST(fw::exact::intersection(rest, b, effort).empty());
            BOOST_TEST(fw::exact::difference(both, a, effort).empty());
            BOOST_TEST(fw::exact::difference(both, b, effort).empty());
            BOOST_TEST(fw::exact::difference(fw::exact::difference(a, rest, effort), both, effort).empty());
            // The quick test and the thorough one agree.
            fw::exact::Takers takers;
            for (const fw::exact::Cell& cell : b) takers.add({cell, fw::RuleId{0}, fw::exact::Taker::Does::accepts});
            const fw::exact::TakerSpan span{&takers, takers.size()};
            BOOST_TEST((fw::exact::cover(a, {&span, 1}, effort).covered ==
                        (rest.empty() ? fw::exact::Covered::yes : fw::exact::Covered::no)));
        }
        BOOST_REQUIRE(!effort.spent());
    }
}

BOOST_AUTO_TEST_SUITE_END()
