// How long the lint of a rule file takes: rules as firewalls have them (networks, hosts, ports, a few far too wide), a
// tenth of them dead; 100, 1,000 and 10,000 of them, in one chain and behind jumps; and the union that is hardest to
// cover, a range of ports closed one by one.
#include "sim/firewall/lint.hpp"

#include "sim/base/random.hpp"
#include "sim/firewall/native.hpp"

#include <benchmark/benchmark.h>

namespace {

using namespace sim;
using namespace sim::firewall;

Match match(Match::What what) { return {std::move(what), false}; }

Rule some_rule(base::Random& random) {
    const auto host = [&](std::uint8_t net) {
        return wire::IpAddress::v4(10, net, static_cast<std::uint8_t>(random.below(64)),
                                   static_cast<std::uint8_t>(random.below(250)));
    };
    const unsigned lengths[]{32, 32, 32, 24, 24, 16};
    Rule rule;
    if (random.chance(1, 2))
        rule.matches.push_back(match(InPrefix{End::source, wire::Prefix::of(host(1), lengths[random.below(6)])}));
    if (random.chance(9, 10))
        rule.matches.push_back(match(InPrefix{End::target, wire::Prefix::of(host(2), lengths[random.below(6)])}));
    const bool tcp = random.chance(4, 5);
    rule.matches.push_back(match(ProtocolIn::only(tcp ? 6 : 17)));
    const auto port = static_cast<std::uint16_t>(random.chance(1, 2) ? 20 + random.below(1000) : random.below(60000));
    const auto last = static_cast<std::uint16_t>(port + (random.chance(1, 5) ? random.below(500) : 0));
    rule.matches.push_back(match(PortIn{End::target, {{wire::Port{port}, wire::Port{last}}}}));
    rule.target.kind = random.chance(3, 4) ? Target::Kind::accept : Target::Kind::drop;
    return rule;
}

// `chains`: the rules stand in as many chains, each for a network of its own.
SharedRules many_rules(std::int64_t count, std::int64_t chains) {
    base::Random random(7);
    Draft draft;
    draft.dialect = Dialect::iptables;
    draft.family = wire::Family::ipv4;
    draft.chains.resize(static_cast<std::size_t>(chains == 0 ? 1 : chains + 1));
    draft.chains[0].name = "FORWARD";
    draft.chains[0].policy = Policy{};
    for (std::int64_t c = 1; c <= chains; ++c) {
        draft.chains[static_cast<std::size_t>(c)].name = "C" + std::to_string(c);
        Rule jump;
        jump.matches.push_back(match(
            InPrefix{End::target, wire::Prefix::of(wire::IpAddress::v4(10, 2, static_cast<std::uint8_t>(c), 0), 24)}));
        jump.target = {Target::Kind::jump, {}, ChainId{static_cast<std::uint32_t>(c)}};
        draft.chains[0].rules.push_back({std::move(jump), {}});
    }
    for (std::int64_t i = 0; i < count; ++i) {
        auto& chain = draft.chains[chains == 0 ? 0 : static_cast<std::size_t>(1 + i % chains)];
        Rule rule = some_rule(random);
        if (random.chance(1, 12) && !chain.rules.empty()) rule.matches = chain.rules.back().rule.matches;
        chain.rules.push_back(
            {std::move(rule),
             {.place = {"bench", static_cast<std::uint32_t>(i + 1), 1, 1}, .text = std::to_string(i), .note = {}}});
    }
    draft.bindings.push_back({.hook = Hook::forward, .chain = ChainId{0}});
    return *RuleSet::make(std::move(draft));
}

void lint_rules(benchmark::State& state) {
    const SharedRules rules = many_rules(state.range(0), state.range(1));
    std::size_t found = 0, incomplete = 0;
    for (auto _ : state) {
        const base::Diagnostics all = lint(*rules);
        found = all.size();
        for (const auto& one : all) incomplete += one.id == "rule-lint-incomplete" ? 1U : 0U;
    }
    state.counters["found"] = static_cast<double>(found);
    state.counters["incomplete"] = static_cast<double>(incomplete);
}
BENCHMARK(lint_rules)
    ->ArgNames({"rules", "chains"})
    ->Args({100, 0})
    ->Args({1000, 0})
    ->Args({10000, 0})
    ->Args({1000, 20})
    ->Args({10000, 60})
    ->Unit(benchmark::kMillisecond);

// Each port of a range closed for itself, then the whole range: covered by a union of all.
void lint_union(benchmark::State& state) {
    NativeRules rules;
    for (std::int64_t i = 0; i < state.range(0); ++i) {
        NativeRule one;
        one.action = Action::drop;
        one.ports = {wire::PortRange::only(wire::Port{static_cast<std::uint16_t>(10000 + i)})};
        one.origin.place = {"bench", static_cast<std::uint32_t>(i + 1), 1, 1};
        rules.rules.push_back(one);
    }
    NativeRule whole;
    whole.ports = {{wire::Port{10000}, wire::Port{static_cast<std::uint16_t>(9999 + state.range(0))}}};
    whole.origin.place = {"bench", static_cast<std::uint32_t>(state.range(0) + 1), 1, 1};
    rules.rules.push_back(whole);
    const SharedRules built = *build(rules);
    std::size_t found = 0;
    for (auto _ : state) found = lint(*built).size();
    state.counters["found"] = static_cast<double>(found);
}
BENCHMARK(lint_union)->Arg(100)->Arg(1000)->Arg(10000)->Unit(benchmark::kMillisecond);

// Crossing stripes: every pair overlaps, no rule is dead.
void lint_stripes(benchmark::State& state) {
    NativeRules rules;
    for (std::int64_t i = 0; i < state.range(0); ++i) {
        NativeRule one;
        one.action = i % 2 == 0 ? Action::drop : Action::accept;
        const wire::PortRange stripe{wire::Port{static_cast<std::uint16_t>(6 * i + 1)},
                                     wire::Port{static_cast<std::uint16_t>(6 * i + 4)}};
        (i % 3 == 0 ? one.ports : one.from_ports) = {stripe};
        one.origin.place = {"bench", static_cast<std::uint32_t>(i + 1), 1, 1};
        rules.rules.push_back(one);
    }
    const SharedRules built = *build(rules);
    for (auto _ : state) benchmark::DoNotOptimize(lint(*built));
}
BENCHMARK(lint_stripes)->Arg(1000)->Arg(10000)->Unit(benchmark::kMillisecond);

}  // namespace
