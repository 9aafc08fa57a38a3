#include "fakeserver/port_policy.hpp"

#include <utility>

namespace fakeserver {
namespace {

PortPool taken_ports(const StartConditions& conditions) {
    std::vector<wire::PortRange> ranges{wire::PortRange::only(mapper_port)};
    for (const wire::Port port : conditions.busy) ranges.push_back(wire::PortRange::only(port));
    for (const wire::Port port : other_listeners(conditions)) ranges.push_back(wire::PortRange::only(port));
    return PortPool(std::move(ranges));
}

// The number in a value of the type that the release reads; nothing for any other type.
struct PortNumber {
    ValueState state = ValueState::wrong_type;
    std::uint32_t number = 0;
};

PortNumber port_number(const RegistryValue& value, PortValueType type) {
    if (type == PortValueType::dword) {
        const auto number = as_dword(value);
        return number ? PortNumber{.state = ValueState::used, .number = *number} : PortNumber{};
    }
    const std::string* text = as_text(value);
    if (text == nullptr) return {};
    std::uint32_t number = 0;
    for (const char c : *text) {
        if (c < '0' || c > '9') return {.state = ValueState::not_a_number, .number = 0};
        if (number <= 65535) number = number * 10 + static_cast<std::uint32_t>(c - '0');
    }
    return {.state = text->empty() ? ValueState::not_a_number : ValueState::used, .number = number};
}

// A value of another type, or text that is no number, is ignored: the port stays dynamic (inferred). A number that is
// no port leaves the service without TCP (inferred).
void apply_value(ServicePlan& plan, const RegistryValue& value, PortValueType type) {
    const PortNumber port = port_number(value, type);
    plan.registry = value;
    plan.value = port.state;
    if (port.state != ValueState::used) return;
    if (port.number == 0) plan.value = ValueState::zero;
    if (port.number > 65535) plan.value = ValueState::above_65535;
    plan.kind = plan.value == ValueState::used ? PlanKind::fixed : PlanKind::unusable;
    if (plan.kind == PlanKind::fixed) plan.port = wire::Port{static_cast<std::uint16_t>(port.number)};
}

// Whether the service is not started, itself or because something it needs is not.
std::optional<PlanKind> not_started(const StartConditions& conditions, const ServiceTraits& traits) {
    if (conditions.stopped.contains(traits.service)) return PlanKind::stopped;
    const ServiceTraits* row = &traits;
    for (std::size_t depth = 0; depth < service_count; ++depth) {
        const std::optional<Service> needs = row->depends_on ? row->depends_on : row->lives_in;
        if (!needs) return std::nullopt;
        if (conditions.stopped.contains(*needs)) return PlanKind::dependency_stopped;
        row = traits_of(conditions.version, *needs);
        if (row == nullptr) return std::nullopt;
    }
    return std::nullopt;
}

}  // namespace

std::span<const wire::Port> other_listeners(const StartConditions& conditions) {
    return conditions.listen ? std::span<const wire::Port>(*conditions.listen) : default_listeners(conditions.windows);
}

ServicePlan read_service_plan(const Registry& registry, const StartConditions& conditions, Service service) {
    ServicePlan plan;
    const ServiceTraits* traits = traits_of(conditions.version, service);
    if (traits == nullptr || (service == Service::global_catalog && !conditions.global_catalog)) return plan;
    plan.kind = PlanKind::dynamic;
    if (traits->port_value) {
        const RegistryValue* value = registry.value(traits->port_value->key, traits->port_value->name);
        if (value != nullptr) apply_value(plan, *value, traits->port_value->type);
    }
    if (const auto stopped = not_started(conditions, *traits)) plan.kind = *stopped;
    return plan;
}

PortPolicy make_port_policy(const Registry& registry, const StartConditions& conditions) {
    PortPolicy policy{.conditions = conditions, .plans = {}, .pool = {}, .taken = taken_ports(conditions)};
    for (const Service service : start_order) policy.plan(service) = read_service_plan(registry, conditions, service);
    set_dynamic_pool(policy, read_dynamic_pool(registry, conditions));
    return policy;
}

void set_dynamic_pool(PortPolicy& policy, DynamicPool pool) {
    policy.pool = std::move(pool);
    policy.pool.free = policy.pool.all.without(policy.taken);
}

}  // namespace fakeserver
