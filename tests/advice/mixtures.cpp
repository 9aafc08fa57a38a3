// Configurations nobody wrote down: other ports, addresses, networks, rules of other hosts in between, and up to three
// mistakes at once. What must hold for all of them:
//   - a run that works is not told what breaks it, and one that fails is told something that is no shrug;
//   - the advice for it passes its own rehearsal.
#include "scenarios/advice/advise.hpp"
#include "sim/base/random.hpp"
#include "tests/diagnosis/lab.hpp"

#include <algorithm>

using namespace lab;
namespace advice = scenarios::advice;
using sim::base::Random;

namespace {

std::string address(Random& random, unsigned first) {
    return std::to_string(first) + "." + std::to_string(random.below(250)) + "." + std::to_string(random.below(250)) +
           "." + std::to_string(1 + random.below(250));
}

std::string network_of(const std::string& host) { return host.substr(0, host.find_last_of('.')) + ".0/24"; }

// Rules about hosts that have nothing to do with ours.
Rule noise(Random& random) {
    Rule rule;
    rule.action = random.below(2) == 0 ? "allow" : "drop";
    rule.protocol = random.below(3) == 0 ? "udp" : "tcp";
    rule.to = address(random, 100);
    if (random.below(2) == 0) rule.from = network_of(address(random, 101));
    const unsigned port = 20 + static_cast<unsigned>(random.below(9000));
    rule.port = random.below(3) == 0 ? std::to_string(port) + "-" + std::to_string(port + 50) : std::to_string(port);
    return rule;
}

struct Mixture {
    Lab lab;
    std::string names;
};

Mixture mixture(Random& random, const std::vector<Mistake>& list) {
    Mixture made{Lab(languages[random.below(3)]), ""};
    Lab& lab = made.lab;
    lab.server = address(random, 10);
    lab.client = address(random, 172);
    lab.directory = 5001 + static_cast<unsigned>(random.below(4000));
    lab.store = lab.directory + 2 + static_cast<unsigned>(random.below(400));
    lab.configure();
    if (random.below(2) == 0)
        for (Rule& rule : lab.rules) rule.from = network_of(lab.client);
    if (random.below(3) == 0) lab.client_lines += "windows='nt4'\n";
    std::vector<std::string> facets;
    for (std::uint64_t left = random.below(4); left > 0; --left) {
        const Mistake& mistake = list[random.below(list.size())];
        const bool speaks = std::find(mistake.in.begin(), mistake.in.end(), lab.language) != mistake.in.end();
        if (!speaks || std::find(facets.begin(), facets.end(), mistake.facet) != facets.end()) continue;
        if (mistake.name == "DS digits of an export" && Lab::export_digits(lab.directory) == 0) continue;
        facets.push_back(mistake.facet);
        mistake.make(lab);
        made.names += mistake.name + "; ";
    }
    for (std::uint64_t i = random.below(6); i > 0; --i)
        lab.rules.insert(lab.rules.begin() + static_cast<std::ptrdiff_t>(random.below(lab.rules.size() + 1)),
                         noise(random));
    return made;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(mixtures)

BOOST_AUTO_TEST_CASE(by_chance) {
    const auto list = mistakes();
    std::size_t failing = 0;
    for (std::uint64_t seed = 1; seed <= 400; seed += stride) {
        Random random(seed);
        const Mixture made = mixture(random, list);
        BOOST_TEST_CONTEXT("seed " << seed << ": " << made.names << "\n" << made.lab.toml()) {
            const auto staged = made.lab.staged();
            const auto result = played::results(staged).front();
            const auto findings = diagnosis::diagnose(result.staged_variant(), result.close_ups.front());
            const bool breaks = std::any_of(findings.begin(), findings.end(),
                                            [](const auto& f) { return f.effect == diagnosis::Effect::breaks; });
            const bool works = result.tally.of(client::Do::logon).fails.times == 0;
            failing += works ? 0U : 1U;
            BOOST_TEST(breaks == !works);
            BOOST_TEST(!has(findings, "unexplained"));
            if (made.names.empty()) BOOST_TEST(findings.empty());
            const auto given = advice::advise(runner::units_of(staged).front(), 0, std::nullopt);
            BOOST_TEST(given.has_value(), (given ? std::string() : std::string(given.error())));
            if (given) BOOST_TEST(given->nothing_to_do() == findings.empty());
        }
    }
    BOOST_TEST(failing > 150U / stride / 2);
}

BOOST_AUTO_TEST_SUITE_END()
