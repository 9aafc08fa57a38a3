// What came out of a rehearsal, ready to be shown: plain values, no text that only one format needs. Everything that a
// report prints is in here; a report never runs anything.
#pragma once

#include "scenarios/runner/evidence.hpp"
#include "scenarios/runner/reach.hpp"
#include "scenarios/runner/stage.hpp"
#include "scenarios/runner/tally.hpp"
#include "scenarios/runner/warnings.hpp"
#include "sim/world/trace.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace scenarios::runner {

// "Works" and "as expected" are different words: a logon that fails as expected is a pass.
enum class Status : std::uint8_t {
    as_expected,
    wrong,    // something that was expected did not hold
    ran,      // nothing was expected: the run only tells what happened
    stopped,  // interrupted before all starts were played
};
std::string_view id(Status status);  // "ok" "WRONG" "ran" "stopped"

// One part of the expectation that did not hold.
struct Unmet {
    std::string clause;                 // the key of the scenario file: "fails_at", "open_only", "outage"
    std::string expected;               // "logon fails at directory"
    std::string got;                    // "logon works in 980 of 1000 starts"
    std::optional<std::uint64_t> seed;  // the first start that shows it
    bool operator==(const Unmet&) const = default;
};

// A server as it stood when the client was done.
struct ServerView {
    std::string name;
    wire::IpAddress address;
    fakeserver::PortPolicy policy;
    fakeserver::ServerStart start;
    std::vector<fakeserver::PendingChange> pending;
    fakeserver::Registry disk;  // what stands in the registry, in force or not
};

// One start, looked at closely.
struct CloseUp {
    std::uint64_t seed = 0;
    std::vector<client::ActionOutcome> outcomes;
    std::vector<sim::world::Refusal> refusals;
    std::vector<Warning> warnings;
    std::vector<ServerView> servers;
    std::vector<std::shared_ptr<const sim::firewall::RuleSet>> rules;  // in force, one per firewall
    std::shared_ptr<const sim::world::Trace> trace;                    // null unless packets were recorded
};

// What one site saw after one step.
struct StepAtSite {
    std::optional<std::size_t> site;
    std::size_t variant = 0;  // of the site, in StagedScenario::variants
    std::vector<client::ActionOutcome> outcomes;
    std::shared_ptr<const CloseUp> stood;     // how things stood, without packets
    std::shared_ptr<const CloseUp> close_up;  // the same, or null when everything worked
};

// For how long a step cut a site off that had worked before.
struct Outage {
    std::optional<std::size_t> site;
    base::SimDuration length{};
    bool open = false;  // not over when the rehearsal ended
};

struct StepResult {
    const Step* step = nullptr;  // null: the look before the first step
    base::SimTime began{};
    base::SimTime ended{};
    std::vector<StepAtSite> sites;  // those where the client was asked
    std::vector<Outage> outages;    // that began with this step
    std::vector<Unmet> unmet;
};

// One line of `firedrill run`: one variant with all its starts, or a whole scenario with steps.
struct Result {
    std::shared_ptr<const StagedScenario> staged;
    std::size_t variant = 0;  // of a scenario with steps: the first site's
    std::string name;         // "03-rpc-range / firewall one port short"
    Status status = Status::ran;
    Tally tally;
    std::vector<Unmet> unmet;
    // The start that explains the result: the first that is not as expected, else the first that fails, else the
    // first. With steps: one per site, at the end.
    std::vector<CloseUp> close_ups;
    std::optional<Reach> reach;  // when it was asked for, or compared
    std::vector<StepResult> steps;

    const StagedVariant& staged_variant() const { return staged->variants[variant]; }
    const Scenario& scenario() const { return *staged->scenario; }
};

// The action that `logon`, `fails_at` and their like speak of: logon where the client does it, else the first.
client::Do primary_action(const client::OutlookConfig& client);

}  // namespace scenarios::runner
