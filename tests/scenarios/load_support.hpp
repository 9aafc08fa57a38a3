// What the loader's tests share: a scenario text in, a scenario or diagnostics out, with a few files beside it.
#pragma once

#include "scenarios/runner/load.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>

namespace load_tests {

using namespace scenarios::runner;

inline MemoryFiles files() {
    return MemoryFiles({{"play/reg/static-5000-5001.reg", "REGEDIT4\n"},
                        {"play/reg/as-installed.reg", "REGEDIT4\n"},
                        {"play/branch.rules", "allow tcp 135\n"},
                        {"play/branch.acl", "ip access-list extended BRANCH-IN\n"}});
}

inline Loaded load(std::string_view text) {
    MemoryFiles beside = files();
    return parse_scenario("play/x.toml", text, beside);
}

// All diagnostics as a person sees them, for messages of tests.
inline std::string shown(const Loaded& loaded) {
    std::string text;
    for (const auto& diagnostic : loaded.diagnostics) text += format(diagnostic);
    return text;
}

// The scenario of a text that must load without a word.
inline Scenario good(std::string_view text) {
    const Loaded loaded = load(text);
    BOOST_TEST_REQUIRE(loaded.scenario.has_value(), shown(loaded));
    BOOST_TEST(loaded.diagnostics.empty(), shown(loaded));
    return *loaded.scenario;
}

inline const sim::base::Diagnostic* find(const Loaded& loaded, std::string_view id) {
    for (const auto& diagnostic : loaded.diagnostics)
        if (diagnostic.id == id) return &diagnostic;
    return nullptr;
}

}  // namespace load_tests
