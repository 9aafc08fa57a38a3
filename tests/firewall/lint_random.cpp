// The lint against the predicate itself: random rule sets with chains, every rule, every packet that the rules can tell
// apart.
//
// A rule that is called dead matches none of them; for every other rule there is a witness, and it matches that rule.
// FIREDRILL_SEEDS sets how many rule sets there are.
#include "sim/firewall/lint.hpp"
#include "sim/firewall/lint_reach.hpp"
#include "tests/firewall/random_rules.hpp"

#include <cstdlib>
#include <set>

using namespace random_rules;
using Kind = fw::Reach::Fate::Kind;

namespace {

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

bool accepts(const fw::Judged& judged) { return judged.verdict.action == fw::Action::accept; }

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

BOOST_AUTO_TEST_CASE(dead_rules_match_nothing_and_others_have_a_witness) {
    std::size_t dead_count = 0, witnessed = 0, matched = 0, packets_asked = 0;
    const std::uint64_t seeds = seeds_or(250);
    for (std::uint64_t seed = 0; seed < seeds; ++seed) {
        Maker maker(seed);
        const fw::SharedRules rules = maker.rules();
        fw::Effort effort(2'000'000'000);
        const fw::RuleSpaces spaces(*rules, effort);
        const fw::Reach reach(*rules, spaces, effort);
        std::set<std::uint32_t> dead;
        for (std::uint32_t i = 0; i < rules->rules().size(); ++i) {
            const auto fate = reach.fate(fw::RuleId{i}, effort);
            if (reach.paths_to(rules->rules()[i].chain) == nullptr) continue;
            if (fate.kind == Kind::unknown) BOOST_ERROR("seed " << seed << ", rule " << i << " is unknown");
            if (fate.kind != Kind::reached) {
                dead.insert(i);
                continue;
            }
            const auto judged = fw::judge(*fate.witness, *rules, fate.entry);
            if (!judged) continue;  // a fragment of IPv6
            ++witnessed;
            if (std::find(judged->matched.begin(), judged->matched.end(), fw::RuleId{i}) == judged->matched.end())
                BOOST_ERROR("seed " << seed << ", rule " << i << ": " << fw::format(*fate.witness)
                                    << " does not come there" << text_of(*rules));
        }
        for (const std::uint32_t i : dead) dead_count += reach.paths_to(rules->rules()[i].chain)->empty() ? 0U : 1U;
        for (const fw::Witness& packet : maker.packets(400)) {
            const auto judged = fw::judge(packet, *rules, fw::ChainId{0});
            if (!judged) continue;
            ++packets_asked;
            for (const fw::RuleId rule : judged->matched) {
                ++matched;
                if (dead.count(rule.index) != 0)
                    BOOST_ERROR("seed " << seed << ", rule " << rule.index << " is called dead, and "
                                        << fw::format(packet) << " matches it" << text_of(*rules));
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
BOOST_AUTO_TEST_CASE(what_is_told_is_so) {
    std::size_t shadowed = 0, redundant = 0;
    for (std::uint64_t seed = 0; seed < seeds_or(250); ++seed) {
        Maker maker(seed);
        const fw::SharedRules rules = maker.rules();
        std::vector<fw::Witness> packets;
        for (const auto& found : fw::lint(*rules, {.pairs = true})) {
            if (found.id == "rule-shadowed") {
                ++shadowed;
                BOOST_TEST((found.hint.find(found.witness) != std::string::npos), found.hint);
                const auto parsed = fw::parse_witness(found.witness);
                BOOST_TEST(parsed.has_value(), found.witness);
            }
            if (found.id != "rule-redundant") continue;
            ++redundant;
            if (packets.empty()) packets = maker.packets(400);
            const fw::SharedRules less = without(*rules, found.place.line - 1);
            for (const fw::Witness& packet : packets) {
                const auto before = fw::judge(packet, *rules, fw::ChainId{0});
                const auto after = fw::judge(packet, *less, fw::ChainId{0});
                if (before && after && accepts(*before) != accepts(*after))
                    BOOST_ERROR("seed " << seed << ", rule " << found.place.line - 1 << " is called redundant, and "
                                        << fw::format(packet) << " needs it" << text_of(*rules));
            }
        }
    }
    BOOST_TEST(shadowed > 100U);
    BOOST_TEST(redundant > 10U);
}

// Set against set: nothing is lost and nothing is won.
BOOST_AUTO_TEST_CASE(difference_and_intersection_divide_a_set) {
    for (std::uint64_t seed = 1000; seed < 1060; ++seed) {
        Maker maker(seed);
        const fw::SharedRules rules = maker.rules();
        fw::Effort effort(2'000'000'000);
        const fw::RuleSpaces spaces(*rules, effort);
        for (std::size_t i = 0; i + 1 < spaces.of.size(); ++i) {
            const fw::PacketSet& a = *spaces.of[i];
            const fw::PacketSet& b = *spaces.of[i + 1];
            const auto both = fw::intersection(a, b, effort);
            const auto rest = fw::difference(a, b, effort);
            BOOST_TEST(fw::intersection(rest, b, effort).empty());
            BOOST_TEST(fw::difference(both, a, effort).empty());
            BOOST_TEST(fw::difference(both, b, effort).empty());
            BOOST_TEST(fw::difference(fw::difference(a, rest, effort), both, effort).empty());
            // The quick test and the thorough one agree.
            fw::Takers takers;
            for (const fw::Cell& cell : b) takers.add({cell, fw::RuleId{0}, fw::Taker::Does::accepts});
            const fw::TakerSpan span{&takers, takers.size()};
            BOOST_TEST(
                (fw::cover(a, {&span, 1}, effort).covered == (rest.empty() ? fw::Covered::yes : fw::Covered::no)));
        }
        BOOST_REQUIRE(!effort.spent());
    }
}

BOOST_AUTO_TEST_SUITE_END()
