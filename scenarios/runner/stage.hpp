// From a scenario to what the rooms below understand: registries imported, rule files parsed, port policies computed,
// once for all seeds. What a stage holds is immutable and may be shared by threads.
//
// Everything wrong with the files that a scenario names is found here, all at once, each in its own file and line.
#pragma once

#include "client/config.hpp"
#include "fakeserver/port_policy.hpp"
#include "fakeserver/registry.hpp"
#include "scenarios/runner/load_files.hpp"
#include "scenarios/runner/scenario.hpp"
#include "sim/world/plan.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace scenarios::runner {

namespace firewall = sim::firewall;
namespace world = sim::world;

struct StagedServer {
    std::string name;
    wire::IpAddress address;
    wire::IpAddress known_as;  // by the client: another one where a firewall translates
    fakeserver::StartConditions conditions;
    fakeserver::Registry registry;  // on the disk when the rehearsal begins
    fakeserver::PortPolicy policy;  // what services read from it when they start
};

struct StagedVariant {
    const Variant* variant = nullptr;  // lives in StagedScenario::scenario
    std::string name;                  // variant_name(); empty for the base
    std::vector<StagedServer> servers;
    client::OutlookConfig client;
    world::WorldPlan plan;       // seed and trace are filled in by each run
    base::Diagnostics findings;  // what a review of registry and rules says of this variant

    const Setup& setup() const { return variant->setup; }
};

struct StagedStep {
    const Step* step = nullptr;
    std::optional<fakeserver::RegistryFile> registry;             // import-registry
    std::vector<std::shared_ptr<const firewall::RuleSet>> rules;  // replace-firewall: by variant (site)
};

struct StagedScenario {
    std::shared_ptr<const Scenario> scenario;
    std::vector<StagedVariant> variants;  // as Scenario::variants
    std::vector<StagedStep> steps;        // as Scenario::steps
};

struct Staging {
    std::shared_ptr<const StagedScenario> staged;  // null exactly when a diagnostic is an error
    base::Diagnostics diagnostics;                 // in order of files and places
};

Staging stage(Scenario scenario);

// load_scenario() and stage() in one.
Staging stage_file(const std::string& path, Files& files);

}  // namespace scenarios::runner
