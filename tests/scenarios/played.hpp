// Plays a scenario from its text, without any file.
#pragma once

#include "scenarios/runner/load.hpp"
#include "scenarios/runner/run.hpp"
#include "scenarios/runner/stage.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdio>
#include <map>
#include <string>
#include <vector>

namespace played {

namespace runner = scenarios::runner;

// Registry values of the two services, ready to be named by a scenario as "static.reg".
inline std::string static_reg(unsigned directory, unsigned store) {
    char text[400];
    std::snprintf(text, sizeof text,
                  "REGEDIT4\n\n[HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\MSExchangeDS\\Parameters]\n"
                  "\"TCP/IP port\"=dword:%08x\n\n"
                  "[HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\MSExchangeIS\\ParametersSystem]\n"
                  "\"TCP/IP port\"=dword:%08x\n",
                  directory, store);
    return text;
}

inline std::shared_ptr<const runner::StagedScenario> staged(const std::string& toml,
                                                            std::map<std::string, std::string> files = {}) {
    files.try_emplace("static.reg", static_reg(5001, 5002));
    runner::MemoryFiles memory(std::move(files));
    runner::Loaded loaded = runner::parse_scenario("test.toml", toml, memory);
    for (const auto& d : loaded.diagnostics) BOOST_TEST_MESSAGE(format(d));
    BOOST_TEST_REQUIRE(loaded.scenario.has_value());
    runner::Staging staging = runner::stage(std::move(*loaded.scenario));
    for (const auto& d : staging.diagnostics) BOOST_TEST_MESSAGE(format(d));
    BOOST_TEST_REQUIRE(staging.staged != nullptr);
    return staging.staged;
}

inline std::vector<runner::Result> results(const std::shared_ptr<const runner::StagedScenario>& scenario,
                                           unsigned jobs = 1) {
    std::vector<runner::Result> all;
    runner::RunOptions options;
    options.jobs = jobs;
    runner::run(runner::units_of(scenario), options, [&all](runner::Result&& r) { all.push_back(std::move(r)); });
    return all;
}

inline runner::Result result(const std::string& toml, std::map<std::string, std::string> files = {}) {
    auto all = results(staged(toml, std::move(files)));
    BOOST_TEST_REQUIRE(all.size() >= 1U);
    return std::move(all.front());
}

}  // namespace played
