#include "scenarios/runner/stage.hpp"

#include "fakeserver/review.hpp"
#include "scenarios/lint/catalogue.hpp"
#include "scenarios/runner/check_rules.hpp"
#include "scenarios/runner/evidence.hpp"
#include "scenarios/runner/load.hpp"
#include "scenarios/runner/stage_parts.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

namespace scenarios::runner {
namespace {

// Ports a computer has bound by itself while it booted, before any program of ours asks for one: with five, a client's
// first port is 1030, as in the traces of the time.
constexpr std::uint16_t client_ports_used = 5;

std::vector<wire::IpAddress> addresses_of(const Setup& setup) {
    std::vector<wire::IpAddress> addresses;
    for (const ServerSetup& server : setup.servers) addresses.push_back(server.address.value);
    return addresses;
}

// Links count in 32 bits; digits of a share beyond the ninth make no difference to any rehearsal.
sim::net::Ratio loss_of(Ratio share) {
    while (share.denominator > 1'000'000'000) {
        share.numerator /= 10;
        share.denominator /= 10;
    }
    return {static_cast<std::uint32_t>(share.numerator), static_cast<std::uint32_t>(share.denominator)};
}

world::WorldPlan plan_of(const Setup& setup, const StagedVariant& staged, ParsedFiles& files) {
    world::WorldPlan plan;
    plan.client.name = setup.client.name.value;
    plan.client.addresses = {setup.client.address.value};
    plan.client.profile = stack_of(setup.client.windows);
    plan.client.ports_used_at_boot = client_ports_used;
    for (std::size_t i = 0; i < setup.servers.size(); ++i) {
        world::HostPlan host;
        host.name = staged.servers[i].name;
        host.addresses = {staged.servers[i].address};
        host.profile = stack_of(setup.servers[i].windows.value);
        plan.servers.push_back(std::move(host));
    }
    for (const FirewallSetup& firewall : setup.firewalls) {
        world::FirewallPlan box;
        box.name = firewall.name.value;
        box.rules = stage_rules(firewall, firewall.rules, addresses_of(setup), files);
        box.settings = stage_firewall_settings(firewall);
        check_own_addresses(box, files);
        check_family(setup.client.address.value, box.name, box.rules, firewall.rules.place, files);
        plan.firewalls.push_back(std::move(box));
    }
    // The delay and the losses of a path are told as one figure: they happen on the first link, where the long
    // distance is; everything behind it is a short wire.
    plan.links.push_back(
        {.latency = setup.network.latency, .loss = loss_of(setup.network.loss), .mtu = setup.network.mtu});
    return plan;
}

bool in_file_order(const base::Diagnostic& a, const base::Diagnostic& b) {
    return std::tie(a.place.file, a.place.line, a.place.column) < std::tie(b.place.file, b.place.line, b.place.column);
}

// Cases share files, so the same finding comes up once per case.
void sort_and_join(base::Diagnostics& diagnostics) {
    std::stable_sort(diagnostics.begin(), diagnostics.end(), in_file_order);
    base::Diagnostics joined;
    auto same_place = joined.size();  // where those of the last place begin: several may take turns there
    for (base::Diagnostic& d : diagnostics) {
        if (!joined.empty() && joined.back().place != d.place) same_place = joined.size();
        const auto begin = joined.begin() + static_cast<std::ptrdiff_t>(same_place);
        if (std::find(begin, joined.end(), d) == joined.end()) joined.push_back(std::move(d));
    }
    diagnostics = std::move(joined);
}

// Warnings only: a run that is as expected should not be told what may be tidied up in its rules. And with less effort
// than a check has: a scenario may have a thousand cases.
base::Diagnostics rule_warnings(const Scenario& scenario, const Setup& setup, const StagedVariant& staged) {
    constexpr std::uint64_t effort = 50'000'000;
    base::Diagnostics found = lint_variant(scenario, setup, staged.plan, {.pairs = false, .effort = effort});
    std::erase_if(found, [](const base::Diagnostic& d) { return d.severity != base::Severity::warning; });
    return found;
}

StagedVariant stage_variant(const Scenario& scenario, const Variant& variant, ParsedFiles& files) {
    StagedVariant staged;
    staged.variant = &variant;
    staged.name = variant_name(scenario, variant);
    for (const ServerSetup& server : variant.setup.servers) staged.servers.push_back(stage_server(server, files));
    staged.client = stage_client(variant.setup);
    staged.plan = plan_of(variant.setup, staged, files);
    stage_addresses(staged);
    for (const StagedServer& server : staged.servers) {
        auto findings = fakeserver::review_registry(server.registry, server.conditions);
        staged.findings.insert(staged.findings.end(), findings.begin(), findings.end());
    }
    const base::Diagnostics warnings = rule_warnings(scenario, variant.setup, staged);
    staged.findings.insert(staged.findings.end(), warnings.begin(), warnings.end());
    return staged;
}

// A reason that no run can give would make every run wrong for no reason.
void check_reason(const Scenario& scenario, const std::optional<Expectation>& expect, base::Diagnostics& diagnostics) {
    if (!expect || !expect->because) return;
    const auto known = reason_ids();
    const std::string& word = expect->because->value;
    if (std::find(known.begin(), known.end(), word) != known.end()) return;
    const std::string nearest = base::nearest_word(word, known);
    diagnostics.push_back(scenario.source->diagnose(
        base::Severity::error, expect->because->place, "there is no reason '" + base::printable(word, 60) + "'",
        "unknown-reason",
        nearest.empty() ? "for example no-rule-matched, rule, not-registered" : "did you mean '" + nearest + "'?"));
}

// The same for warnings. What cannot be a warning is told apart from what is misspelt.
void check_warnings(const Scenario& scenario, const std::optional<Expectation>& expect,
                    base::Diagnostics& diagnostics) {
    if (!expect) return;
    std::vector<std::string_view> known;
    for (const lint::Entry* entry : lint::entries())
        if (lint::may_warn(*entry)) known.push_back(entry->id);
    for (const Name& wanted : expect->warns) {
        if (std::find(known.begin(), known.end(), wanted.value) != known.end()) continue;
        const std::string nearest = base::nearest_word(wanted.value, known);
        const lint::Entry* other = lint::find(wanted.value);
        const std::string hint =
            other == nullptr
                ? (nearest.empty() ? "firedrill check --list shows all ids" : "did you mean '" + nearest + "'?")
            : other->severity == base::Severity::note ? "that is a note, and notes are no warnings"
            : other->stage == lint::Stage::diagnosis  ? "that is a cause that the diagnosis names, and no warning"
                                                      : "that is a fault of a file: with it nothing is played";
        diagnostics.push_back(scenario.source->diagnose(base::Severity::error, wanted.place,
                                                        "no run warns of '" + base::printable(wanted.value, 60) + "'",
                                                        "unknown-warning", hint));
    }
}

StagedStep stage_step(const Scenario& scenario, const std::vector<StagedVariant>& variants, const Step& step,
                      ParsedFiles& files) {
    StagedStep staged;
    staged.step = &step;
    if (step.kind.value == StepKind::import_registry && step.file)
        if (const auto parsed = files.registry(*step.file)) staged.registry = *parsed;
    if (step.kind.value == StepKind::replace_firewall) {
        for (std::size_t i = 0; i < scenario.variants.size(); ++i) {
            const Variant& variant = scenario.variants[i];
            const bool concerned = !step.site || variant.site_index == step.site;
            if (!concerned || step.firewall >= variant.setup.firewalls.size()) {
                staged.rules.emplace_back();
                continue;
            }
            const FirewallSetup& box = variant.setup.firewalls[step.firewall];
            staged.rules.push_back(stage_rules(box, step.rules, addresses_of(variant.setup), files));
            check_family(variant.setup.client.address.value, box.name.value, staged.rules.back(), step.place, files);
            check_addresses_stay(variants[i], step.firewall, staged.rules.back(), step.place, files);
        }
    }
    return staged;
}

}  // namespace

Staging stage(Scenario scenario) {
    Staging staging;
    auto staged = std::make_shared<StagedScenario>();
    auto shared = std::make_shared<const Scenario>(std::move(scenario));
    staged->scenario = shared;
    ParsedFiles files(staging.diagnostics);
    for (const Variant& variant : shared->variants) staged->variants.push_back(stage_variant(*shared, variant, files));
    for (const Step& step : shared->steps) staged->steps.push_back(stage_step(*shared, staged->variants, step, files));
    for (const Variant& variant : shared->variants) {
        check_reason(*shared, variant.setup.expect, staging.diagnostics);
        check_warnings(*shared, variant.setup.expect, staging.diagnostics);
    }
    for (const Step& step : shared->steps)
        for (const StepExpectation& wanted : step.expect) {
            check_reason(*shared, wanted.expect, staging.diagnostics);
            check_warnings(*shared, wanted.expect, staging.diagnostics);
        }
    sort_and_join(staging.diagnostics);
    if (!base::has_errors(staging.diagnostics)) staging.staged = std::move(staged);
    return staging;
}

Staging stage_file(const std::string& path, Files& files) {
    Loaded loaded = load_scenario(path, files);
    if (!loaded.scenario) return {nullptr, std::move(loaded.diagnostics)};
    Staging staging = stage(std::move(*loaded.scenario));
    staging.diagnostics.insert(staging.diagnostics.begin(), loaded.diagnostics.begin(), loaded.diagnostics.end());
    return staging;
}

}  // namespace scenarios::runner
