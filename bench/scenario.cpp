// Whole rehearsals a second: servers started, world built, a client's logon played, everything judged and torn down.
#include "fakeserver/start.hpp"
#include "scenarios/runner/judge.hpp"
#include "scenarios/runner/load.hpp"
#include "scenarios/runner/rehearsal.hpp"
#include "scenarios/runner/stage.hpp"

#include <benchmark/benchmark.h>

#include <cstdlib>
#include <map>
#include <string>

namespace {

namespace runner = scenarios::runner;

const char* const static_reg = R"(REGEDIT4

[HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services\MSExchangeDS\Parameters]
"TCP/IP port"=dword:00001389
[HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services\MSExchangeIS\ParametersSystem]
"TCP/IP port"=dword:0000138a
)";

std::shared_ptr<const runner::StagedScenario> staged(const std::string& toml) {
    runner::MemoryFiles files(std::map<std::string, std::string>{{"static.reg", static_reg}});
    auto loaded = runner::parse_scenario("bench.toml", toml, files);
    if (!loaded.scenario) std::abort();
    auto staging = runner::stage(std::move(*loaded.scenario));
    if (!staging.staged) std::abort();
    return staging.staged;
}

void play(benchmark::State& state, const std::string& toml, runner::Recording recording) {
    const auto scenario = staged(toml);
    const runner::StagedVariant& variant = scenario->variants.front();
    runner::Rehearsal rehearsal;
    runner::Tally tally;
    std::uint64_t seed = 0;
    for (auto _ : state) {
        rehearsal.begin(variant, ++seed, recording);
        rehearsal.check();
        runner::add_to(tally, rehearsal, variant);
    }
    benchmark::DoNotOptimize(tally);
    state.counters["rehearsals"] = benchmark::Counter(static_cast<double>(seed), benchmark::Counter::kIsRate);
}

const char* const works =
    "title='works'\n[server]\nregistry='static.reg'\n[firewall]\nallow=[135,5001,5002]\n[expect]\nlogon='works'\n";
const char* const fails =
    "title='fails'\n[firewall]\nallow=[135]\n[expect]\nlogon='fails'\nfails_at='directory'\nbecause='no-rule-matched'"
    "\n";

void logon_works(benchmark::State& state) { play(state, works, runner::Recording::none); }
void logon_works_recorded(benchmark::State& state) { play(state, works, runner::Recording::packets); }
void logon_fails(benchmark::State& state) { play(state, fails, runner::Recording::none); }

// The starts alone, of a server on which fifty ports are taken.
void server_start(benchmark::State& state) {
    fakeserver::StartConditions conditions;
    for (std::uint16_t busy = 1026; busy < 1126; busy += 2) conditions.busy.push_back(sim::wire::Port{busy});
    const fakeserver::PortPolicy policy = fakeserver::make_port_policy({}, conditions);
    std::uint64_t seed = 0;
    for (auto _ : state) {
        sim::base::Random random(++seed);
        benchmark::DoNotOptimize(fakeserver::start_services(policy, random));
    }
}

void load_and_stage(benchmark::State& state) {
    for (auto _ : state) benchmark::DoNotOptimize(staged(works));
}

BENCHMARK(logon_works)->Unit(benchmark::kMicrosecond);
BENCHMARK(logon_works_recorded)->Unit(benchmark::kMicrosecond);
BENCHMARK(logon_fails)->Unit(benchmark::kMicrosecond);
BENCHMARK(server_start);
BENCHMARK(load_and_stage)->Unit(benchmark::kMicrosecond);

}  // namespace
