// Every port that a service could get, without trying all starts.
#include "fakeserver/drawing.hpp"

#include <vector>

namespace fakeserver {
namespace {

// Plays given numbers and counts through all of them, like an odometer.
class EveryOutcome {
public:
    std::uint64_t below(std::uint64_t bound) {
        if (at_ == wheels_.size()) wheels_.push_back({0, bound});
        return wheels_[at_++].value;
    }
    // Turns to the next outcome; false after the last.
    bool next() {
        at_ = 0;
        while (!wheels_.empty()) {
            if (++wheels_.back().value < wheels_.back().bound) return true;
            wheels_.pop_back();
        }
        return false;
    }

private:
    struct Wheel {
        std::uint64_t value = 0;
        std::uint64_t bound = 1;
    };
    std::vector<Wheel> wheels_;
    std::size_t at_ = 0;
};

// The noise of in_order mode has at most (boot_noise_max + 1) * (step_noise_max + 1)^5 outcomes: 16384.
std::vector<wire::PortRange> in_order_ports(const PortPolicy& policy, Service service) {
    std::vector<wire::PortRange> ports;
    EveryOutcome outcome;
    do {
        const ServerStart start = Starter<EveryOutcome>(policy, ServerStart{}, outcome).run(all_services, true);
        if (start.of(service).has_tcp()) ports.push_back(wire::PortRange::only(start.of(service).port));
    } while (outcome.next());
    return wire::normalized(std::move(ports));
}

// Whether all services before `service` can have started and left it a port: `wanted` for a fixed one, else any port
// that no earlier service has as its own. Earlier draws do best to hit ports that an earlier service would hold anyway.
bool can_be_left(const PortPolicy& policy, Service service, std::optional<wire::Port> wanted) {
    std::vector<wire::Port> fixed;  // earlier services' own ports, in start order
    for (const Service s : start_order) {
        if (s == service) break;
        const ServicePlan& plan = policy.plan(s);
        if (plan.kind == PlanKind::fixed && policy.pool.free.contains(plan.port)) fixed.push_back(plan.port);
        if (plan.kind == PlanKind::fixed && wanted == plan.port) return false;
    }
    std::sort(fixed.begin(), fixed.end());
    fixed.erase(std::unique(fixed.begin(), fixed.end()), fixed.end());
    auto others = static_cast<std::int64_t>(policy.pool.free.size()) - static_cast<std::int64_t>(fixed.size());
    if (!wanted || policy.pool.free.contains(*wanted)) --others;  // the port that must stay free
    if (others < 0) return false;
    for (const Service s : start_order) {
        if (s == service) break;
        const ServicePlan& plan = policy.plan(s);
        if (plan.kind == PlanKind::fixed) std::erase(fixed, plan.port);
        if (plan.kind != PlanKind::dynamic) continue;
        if (!fixed.empty())
            fixed.pop_back();
        else if (others > 0)
            --others;
        else if (!wanted || policy.pool.free.contains(*wanted))
            return false;  // the draw must take the very port
    }
    return true;
}

PortPool earlier_fixed_ports(const PortPolicy& policy, Service service) {
    std::vector<wire::PortRange> ports;
    for (const Service s : start_order) {
        if (s == service) break;
        if (policy.plan(s).kind == PlanKind::fixed) ports.push_back(wire::PortRange::only(policy.plan(s).port));
    }
    return PortPool(std::move(ports));
}

}  // namespace

std::vector<wire::PortRange> possible_ports(const PortPolicy& policy, Service service) {
    const ServicePlan& plan = policy.plan(service);
    if (policy.pool.kind == PoolKind::rpc_void) return {};
    if (plan.kind != PlanKind::fixed && plan.kind != PlanKind::dynamic) return {};
    if (policy.conditions.dynamic == DynamicMode::in_order) return in_order_ports(policy, service);
    if (plan.kind == PlanKind::fixed) {
        if (policy.taken.contains(plan.port) || !can_be_left(policy, service, plan.port)) return {};
        return {wire::PortRange::only(plan.port)};
    }
    if (!can_be_left(policy, service, std::nullopt)) return {};
    return policy.pool.free.without(earlier_fixed_ports(policy, service)).ranges();
}

}  // namespace fakeserver
