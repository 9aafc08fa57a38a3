#include "fakeserver/machine.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace fakeserver {
namespace {

constexpr std::string_view services_key = "HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\";

std::string short_key(std::string_view key) {
    return std::string(key.starts_with(services_key) ? key.substr(services_key.size()) : key);
}

// What a service will do by its plan, in a word.
std::string plan_text(const ServicePlan& plan) {
    switch (plan.kind) {
        case PlanKind::fixed: return fmt::format("TCP {}", plan.port.value);
        case PlanKind::dynamic: return "dynamic";
        case PlanKind::unusable: return plan.value == ValueState::zero ? "unusable: 0" : "unusable: above 65535";
        case PlanKind::stopped:
        case PlanKind::dependency_stopped: return "not started";
        case PlanKind::absent: break;
    }
    return "absent";
}

std::string pool_text(const DynamicPool& pool) {
    if (pool.kind == PoolKind::rpc_void) return "void: " + pool.why_void;
    return pool.all.size() == 0 ? "no port" : wire::format(pool.all.ranges());
}

bool same_effect(const ServicePlan& a, const ServicePlan& b) { return a.kind == b.kind && a.port == b.port; }
bool same_effect(const DynamicPool& a, const DynamicPool& b) {
    return a.kind == b.kind && a.all == b.all && a.why_void == b.why_void;
}

// The first value of the new pool that the old one did not read with the same data.
const RegistryValue* changed_value(const DynamicPool& before, const DynamicPool& now) {
    const auto is_old = [&before](const RegistryValue& value) {
        return std::any_of(before.registry.begin(), before.registry.end(), [&value](const RegistryValue& old) {
            return same_name(old.name, value.name) && old.type == value.type && old.data == value.data;
        });
    };
    const auto at = std::find_if_not(now.registry.begin(), now.registry.end(), is_old);
    return at == now.registry.end() ? nullptr : &*at;
}

PendingChange pool_change(const DynamicPool& before, const DynamicPool& now) {
    const RegistryValue* value = changed_value(before, now);
    return {.service = {},
            .value = value == nullptr ? "the range of dynamic ports" : value->name,
            .in_force = pool_text(before),
            .on_disk = pool_text(now),
            .written = value == nullptr ? std::nullopt : std::optional(value->written),
            .needs = "restart of the computer"};
}

}  // namespace

const ServerStart& Machine::boot(base::Random& random) {
    policy_ = make_port_policy(disk_, policy_.conditions);
    running_ = start_services(policy_, random);
    return running_;
}

const ServerStart& Machine::restart(Service service, base::Random& random) {
    const ServiceSet restarting = restarted_with(policy_.conditions.version, service);
    for (const Service s : start_order)
        if (restarting.contains(s)) policy_.plan(s) = read_service_plan(disk_, policy_.conditions, s);
    running_ = restart_services(policy_, running_, restarting, random);
    return running_;
}

std::vector<PendingChange> Machine::pending() const {
    std::vector<PendingChange> out;
    for (const Service service : start_order) {
        const ServicePlan& before = policy_.plan(service);
        const ServicePlan now = read_service_plan(disk_, policy_.conditions, service);
        if (same_effect(before, now)) continue;
        // What does not run has nothing in force that could differ; it will read the disk when it starts.
        if (now.kind == PlanKind::stopped || now.kind == PlanKind::dependency_stopped) continue;
        const ServiceTraits* traits = traits_of(policy_.conditions.version, service);
        if (traits == nullptr || !traits->port_value) continue;
        out.push_back({.service = service,
                       .value = fmt::format("{}: {}", short_key(traits->port_value->key), traits->port_value->name),
                       .in_force = plan_text(before),
                       .on_disk = plan_text(now),
                       .written = now.registry ? std::optional(now.registry->written) : std::nullopt,
                       .needs = "restart of the service"});
    }
    const DynamicPool pool = read_dynamic_pool(disk_, policy_.conditions);
    if (!same_effect(policy_.pool, pool)) out.push_back(pool_change(policy_.pool, pool));
    return out;
}

}  // namespace fakeserver
