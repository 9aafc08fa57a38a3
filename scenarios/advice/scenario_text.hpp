// A rehearsal written down again: one set-up as a scenario file, with every file that it names.
//
// The text loads to the same set-up (places apart): nothing of it is left to defaults that a later version could
// change, except what is the default today and makes no difference to a reader.
#pragma once

#include "scenarios/runner/scenario.hpp"

#include <map>
#include <optional>
#include <string>

namespace scenarios::advice {

namespace runner = scenarios::runner;

struct WrittenScenario {
    std::string text;
    std::map<std::string, std::string> files;  // by name, all in the scenario's own folder
};

// `setup` may have an expectation and a sweep; a scenario written so has neither cases nor sites. With a silence it has
// steps in place of the sweep: a logon is made, nothing is said for so long, and the session must still work.
WrittenScenario write_scenario(const runner::Setup& setup, const std::string& title, const std::string& about,
                               std::optional<sim::base::SimDuration> silence = {});

// What becomes of a set-up when all steps of its scenario are done: registry files imported, rules replaced. `variant`
// is the site, where there are sites.
runner::Setup after_steps(const runner::Scenario& scenario, const runner::Variant& variant);

}  // namespace scenarios::advice
