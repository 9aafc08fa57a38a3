// Lookups of the compiled classifier beside DPDK's rte_acl and a plain loop over the rules: the same firewall-shaped
// rules and packets for all, whose answers are compared before anything is timed. bench/classifier.sh pairs the
// figures.
//
// Names: lookup/RULES/PACKETS/AT ONCE/WHO. Everybody gets packets in his own form, made before. verdict/... is what a
// program gets that has packets: facts in, verdicts out, beside the predicate.
#include "sim/firewall/compiled/classifier.hpp"

#include "bench/firewall_shaped.hpp"
#include "sim/firewall/evaluate.hpp"
#include "sim/wire/packet.hpp"

#ifdef FIREDRILL_RTE_ACL
#include "bench/rte_acl_peer.hpp"
#endif

#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <functional>
#include <memory>
#include <string>

namespace {

namespace fw = sim::firewall;
namespace wire = sim::wire;
namespace compiled = sim::firewall::compiled;

constexpr std::size_t packet_count = 1U << 14U;
// Far fewer for whole verdicts, so that views and facts stay near.
constexpr std::size_t verdict_count = 1U << 10U;

// The first rule that fits, tried in turn: what everybody writes first.
std::uint32_t first_match(const std::vector<shaped::Rule>& rules, const shaped::Packet& p) {
    for (std::uint32_t i = 0; i < rules.size(); ++i) {
        const shaped::Rule& r = rules[i];
        if (p.target >= r.target.address && p.target <= r.target.last() && p.source >= r.source.address &&
            p.source <= r.source.last() && (!r.protocol || *r.protocol == p.protocol) &&
            p.target_port >= r.target_port.low && p.target_port <= r.target_port.high &&
            p.source_port >= r.source_port.low && p.source_port <= r.source_port.high)
            return i + 1;
    }
    return 0;
}

wire::PacketView view_of(const shaped::Packet& p, std::deque<sim::base::Bytes>& octets) {
    wire::IpHeader ip;
    ip.source = wire::IpAddress::v4(p.source);
    ip.target = wire::IpAddress::v4(p.target);
    wire::TcpHeader tcp;
    tcp.source = wire::Port{p.source_port};
    tcp.target = wire::Port{p.target_port};
    octets.push_back(p.protocol == 6    ? wire::emit_tcp(ip, tcp)
                     : p.protocol == 17 ? wire::emit_udp(ip, {tcp.source, tcp.target})
                                        : wire::emit_icmp(ip, {8, 0, 0}));
    return *wire::parse(octets.back());
}

// One set of rules with one sort of packets, and everybody's form of them.
struct Contest {
    std::vector<shaped::Rule> rules;
    std::vector<shaped::Packet> packets;
    std::shared_ptr<compiled::Classifier> classifier;
    std::vector<compiled::Key> keys;
    std::vector<std::uint32_t> results = std::vector<std::uint32_t>(packet_count);
#ifdef FIREDRILL_RTE_ACL
    std::shared_ptr<shaped::RteAcl> acl;
#endif
    fw::SharedRules rule_set;
    std::deque<sim::base::Bytes> octets;
    std::deque<wire::PacketView> views;
    std::deque<fw::Subject> subjects;
    std::vector<fw::Facts> facts;
    std::vector<fw::Verdict> verdicts = std::vector<fw::Verdict>(verdict_count);

    const compiled::Layout& layout() const { return classifier->table(compiled::Classifier::whole_v4)->layout(); }
};

// Fills the results of all packets, so many at once.
using Ask = std::function<void(Contest&, std::size_t at_once)>;

void time_it(benchmark::State& state, Contest& contest, std::size_t total, std::size_t at_once, const Ask& ask) {
    for (auto _ : state) {
        ask(contest, at_once);
        benchmark::ClobberMemory();
    }
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(total));
}

// Rules are numbered from 1; the lines of such a simple chain are its rules in order.
void must_agree(Contest& contest, const std::string& who, const Ask& ask, bool lines, bool batches) {
    for (const std::size_t at_once : {std::size_t{1}, std::size_t{32}}) {
        if (at_once > 1 && !batches) break;
        std::fill(contest.results.begin(), contest.results.end(), 0xdeadU);
        ask(contest, at_once);
        for (std::size_t i = 0; i < packet_count; ++i) {
            const std::uint32_t expected = first_match(contest.rules, contest.packets[i]);
            const std::uint32_t said = contest.results[i];
            if ((lines ? (said == compiled::no_line ? 0 : said + 1) : said) == expected) continue;
            std::fprintf(stderr, "%s: packet %zu: rule %u, but the first rule that fits is %u\n", who.c_str(), i, said,
                         expected);
            std::exit(1);
        }
    }
}

void add_lookup(const std::string& name, const std::shared_ptr<Contest>& contest, const std::string& who, bool lines,
                const Ask& ask, bool batches) {
    must_agree(*contest, name + who, ask, lines, batches);
    for (const std::size_t at_once : {1, 32, 256}) {
        if (at_once > 1 && !batches) break;
        benchmark::RegisterBenchmark(
            (name + std::to_string(at_once) + "/" + who).c_str(),
            [contest, at_once, ask](benchmark::State& state) { time_it(state, *contest, packet_count, at_once, ask); });
    }
}

void add_lookups(const std::string& name, const std::shared_ptr<Contest>& contest) {
    for (const compiled::Variant variant : compiled::variants())
        add_lookup(
            name, contest, std::string("firedrill ") + compiled::name(variant), true,
            [lookup = compiled::lookup(variant)](Contest& c, std::size_t at_once) {
                const compiled::Layout& layout = c.layout();
                if (at_once == 1)
                    for (std::size_t i = 0; i < packet_count; ++i) c.results[i] = lookup.one(layout, c.keys[i]);
                else
                    for (std::size_t i = 0; i < packet_count; i += at_once)
                        lookup.many(layout, &c.keys[i], &c.results[i], at_once);
            },
            true);
#ifdef FIREDRILL_RTE_ACL
    for (const shaped::RteAcl::Algorithm& algorithm : shaped::RteAcl::algorithms())
        add_lookup(
            name, contest, std::string("rte_acl ") + algorithm.name, false,
            [&algorithm](Contest& c, std::size_t at_once) { c.acl->classify(algorithm, at_once, c.results.data()); },
            true);
#endif
    add_lookup(
        name, contest, "loop", false,
        [](Contest& c, std::size_t) {
            for (std::size_t i = 0; i < packet_count; ++i) c.results[i] = first_match(c.rules, c.packets[i]);
        },
        false);
}

void add_verdicts(const std::string& name, const std::shared_ptr<Contest>& contest) {
    for (std::size_t i = 0; i < verdict_count; ++i) {
        contest->views.push_back(view_of(contest->packets[i], contest->octets));
        fw::Subject subject;
        subject.packet = &contest->views.back();
        contest->subjects.push_back(subject);
        contest->facts.push_back(fw::facts_of(contest->subjects.back()));
    }
    const auto add = [&](const char* who, std::size_t at_once, const Ask& ask) {
        benchmark::RegisterBenchmark((name + std::to_string(at_once) + "/" + who).c_str(),
                                     [contest, at_once, ask](benchmark::State& state) {
                                         time_it(state, *contest, verdict_count, at_once, ask);
                                     });
    };
    add("predicate", 1, [](Contest& c, std::size_t) {
        fw::Silent silent;
        for (std::size_t i = 0; i < verdict_count; ++i)
            c.verdicts[i] = fw::evaluate(*c.rule_set, fw::ChainId{0}, c.facts[i], silent);
    });
    add("firedrill", 1, [](Contest& c, std::size_t) {
        for (std::size_t i = 0; i < verdict_count; ++i) c.verdicts[i] = c.classifier->judge(c.facts[i]);
    });
    add("firedrill", 256, [](Contest& c, std::size_t) { c.classifier->judge(c.facts, c.verdicts); });
}

void add_builds(std::size_t count, const Contest& contest) {
    const auto report = [](benchmark::State& state, std::size_t memory) {
        state.SetLabel(std::to_string(memory) + " octets");
    };
    benchmark::RegisterBenchmark(("build/" + std::to_string(count) + "/firedrill").c_str(),
                                 [rules = contest.rule_set, report](benchmark::State& state) {
                                     std::size_t memory = 0;
                                     for (auto _ : state) memory = compiled::Classifier(rules, fw::ChainId{0}).memory();
                                     report(state, memory);
                                 });
#ifdef FIREDRILL_RTE_ACL
    benchmark::RegisterBenchmark(("build/" + std::to_string(count) + "/rte_acl").c_str(), [rules = contest.rules,
                                                                                           report](
                                                                                              benchmark::State& state) {
        std::size_t memory = 0;
        for (auto _ : state) {
            const shaped::RteAcl acl(rules);
            state.SetIterationTime(acl.build_ms() / 1000);
            memory = acl.memory();
        }
        report(state, memory);
    })->UseManualTime();
#endif
}

}  // namespace

int main(int argc, char** argv) {
    benchmark::Initialize(&argc, argv);
    if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
#ifndef FIREDRILL_RTE_ACL
    std::fprintf(stderr, "rte_acl is left out: libdpdk-dev is not installed\n");
#endif
    for (const std::size_t count : {10, 100, 1000, 10'000}) {
        shaped::Maker maker(count);
        const auto rules = maker.rules(count);
        const fw::SharedRules rule_set = shaped::rule_set(rules);
        const auto classifier = std::make_shared<compiled::Classifier>(rule_set, fw::ChainId{0});
        for (const bool hits : {true, false}) {
            const auto contest = std::make_shared<Contest>();
            contest->rules = rules;
            contest->rule_set = rule_set;
            contest->classifier = classifier;
            for (std::size_t i = 0; i < packet_count; ++i) {
                const shaped::Packet p = hits ? maker.hit(rules) : maker.random_packet();
                contest->packets.push_back(p);
                contest->keys.push_back({p.source, p.target, p.source_port, p.target_port, p.protocol, 0, 0});
            }
#ifdef FIREDRILL_RTE_ACL
            contest->acl = std::make_shared<shaped::RteAcl>(rules);
            contest->acl->take(contest->packets);
#endif
            const std::string what = std::to_string(count) + (hits ? "/hits/" : "/random/");
            add_lookups("lookup/" + what, contest);
            add_verdicts("verdict/" + what, contest);
            if (hits) add_builds(count, *contest);
        }
    }
    benchmark::RunSpecifiedBenchmarks();
    benchmark::Shutdown();
    return 0;
}
