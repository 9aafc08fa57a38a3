// The runs that a lesson speaks of: finds the scenarios, puts cases and steps together, plays them, and holds a meaning
// against what came out. Everything is judged by the same code that judges `firedrill run`.
#pragma once

#include "scenarios/lesson/facts.hpp"
#include "scenarios/lesson/lesson.hpp"
#include "scenarios/runner/load_files.hpp"
#include "scenarios/runner/result.hpp"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace scenarios::lesson {

// One run, played. Immutable; shared by everyone who refers to the same one.
struct Played {
    runner::Result result;
    std::size_t site = 0;  // within close_ups
    Facts facts;

    const runner::CloseUp& seen() const { return result.close_ups[site]; }
    const runner::StagedVariant& variant() const {
        return result.staged->variants[result.steps.empty() ? result.variant : site];
    }
    const runner::Scenario& scenario() const { return result.scenario(); }
};
using PlayedPtr = std::shared_ptr<const Played>;

class Plays {
public:
    // `lesson` and `files` must outlive it.
    Plays(const Lesson& lesson, runner::Files& files) : lesson_(lesson), files_(files) {}

    // Whether there is such a run. What is wrong is added to `told`, at its place in the lesson.
    bool find(const RunRef& run, base::Diagnostics& told);

    // Plays a run that was found.
    PlayedPtr play(const RunRef& run);

    // Whether the scenario itself, played with all that it expects, comes out as it says. Empty when it does.
    std::string unexpected(const RunRef& run);

    // What of a meaning does not hold in a run that was found, "expected ..., got ..." each; empty when all of it does.
    // A meaning that cannot be staged (a reason that does not exist) is told, and holds in nothing.
    std::vector<std::string> unmet(const RunRef& run, const Meaning& meaning, base::Diagnostics& told);

private:
    struct Loaded {
        std::optional<runner::Scenario> scenario;
        std::string first_error;
    };
    const Loaded& load(const std::string& path, const std::vector<std::string>& cases);
    void error(const base::Place& at, std::string what, std::string id, std::string hint,
               base::Diagnostics& told) const;
    bool find_case(const RunRef& run, base::Diagnostics& told) const;
    bool find_steps(const RunRef& run, const runner::Scenario& scenario, base::Diagnostics& told) const;
    runner::Scenario scenario_of(const RunRef& run);
    std::size_t site_of(const RunRef& run, const runner::Scenario& scenario) const;

    const Lesson& lesson_;
    runner::Files& files_;
    std::map<std::string, Loaded> loaded_;  // by path and cases
    std::map<std::string, PlayedPtr> played_;
};

// One text for one run: two references with the same key mean the same run.
std::string key_of(const RunRef& run);

}  // namespace scenarios::lesson
