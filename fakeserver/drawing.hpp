// How one start comes about, with the source of chance as a parameter: start.cpp runs it with a generator,
// possible_ports.cpp with every outcome in turn. Internal.
#pragma once

#include "fakeserver/start.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

namespace fakeserver {

// Ports that running services hold. At most one each, so a search is a handful of comparisons.
class HeldPorts {
public:
    void hold(wire::Port port, Service by) {
        ports_[count_] = port;
        owners_[count_] = by;
        ++count_;
    }
    std::optional<Service> owner(wire::Port port) const {
        for (std::size_t i = 0; i < count_; ++i)
            if (ports_[i] == port) return owners_[i];
        return std::nullopt;
    }
    // The places of held ports within the pool, ascending.
    struct Ranks {
        std::array<std::uint32_t, service_count> rank{};
        std::size_t count = 0;
    };
    Ranks ranks_in(const PortPool& pool) const {
        Ranks out;
        for (std::size_t i = 0; i < count_; ++i) {
            if (!pool.contains(ports_[i])) continue;
            const std::uint32_t rank = pool.rank(ports_[i]);
            std::size_t at = out.count++;
            for (; at > 0 && out.rank[at - 1] > rank; --at) out.rank[at] = out.rank[at - 1];
            out.rank[at] = rank;
        }
        return out;
    }

private:
    std::array<wire::Port, service_count> ports_{};
    std::array<Service, service_count> owners_{};
    std::size_t count_ = 0;
};

// Chance is anything with below(bound): uniform in [0, bound).
template <class Chance>
class Starter {
public:
    Starter(const PortPolicy& policy, ServerStart start, Chance& chance)
        : policy_(policy), start_(start), chance_(chance) {}

    // The members of `restarting` lose their ports and start again, in start order.
    ServerStart run(ServiceSet restarting, bool boots) {
        for (const Service s : start_order)
            if (!restarting.contains(s) && start_.of(s).has_tcp()) held_.hold(start_.of(s).port, s);
        if (in_order() && boots) move_counter(boot_noise_max);
        for (const Service s : start_order) {
            if (!restarting.contains(s)) continue;
            start_.of(s) = start_one(policy_.plan(s));
            if (start_.of(s).has_tcp()) held_.hold(start_.of(s).port, s);
            if (in_order() && start_.of(s).running()) move_counter(step_noise_max);
        }
        return start_;
    }

private:
    bool in_order() const { return policy_.conditions.dynamic == DynamicMode::in_order; }

    void move_counter(std::uint32_t noise_max) {
        const std::uint32_t size = policy_.pool.all.size();
        const auto noise = static_cast<std::uint32_t>(chance_.below(noise_max + 1U));
        if (size != 0) start_.counter = (start_.counter + noise) % size;
    }

    ServiceStart start_one(const ServicePlan& plan) {
        switch (plan.kind) {
            case PlanKind::absent: return without(NoTcp::absent);
            case PlanKind::stopped: return without(NoTcp::stopped);
            case PlanKind::dependency_stopped: return without(NoTcp::dependency_stopped);
            case PlanKind::unusable:
            case PlanKind::fixed:
            case PlanKind::dynamic: break;
        }
        if (policy_.pool.kind == PoolKind::rpc_void) return without(NoTcp::rpc_range_void);
        if (plan.kind == PlanKind::unusable) return without(NoTcp::value_unusable);
        return plan.kind == PlanKind::fixed ? take(plan.port) : draw();
    }

    static ServiceStart without(NoTcp reason) {
        ServiceStart out;
        out.no_tcp = reason;
        return out;
    }
    static ServiceStart with(wire::Port port, PortSource source) {
        ServiceStart out;
        out.no_tcp = NoTcp::has_tcp;
        out.port = port;
        out.source = source;
        return out;
    }

    ServiceStart take(wire::Port port) const {
        ServiceStart out = without(NoTcp::taken);
        if (port == mapper_port) {
            out.taken_by = TakenBy::mapper;
        } else if (const auto owner = held_.owner(port)) {
            out.taken_by = TakenBy::service;
            out.taker = *owner;
        } else if (policy_.taken.contains(port)) {
            out.taken_by = TakenBy::other_program;
        } else {
            return with(port, PortSource::fixed);
        }
        return out;
    }

    ServiceStart draw() {
        const PortPool& free = policy_.pool.free;
        const auto held = held_.ranks_in(free);
        const auto left = free.size() - static_cast<std::uint32_t>(held.count);
        if (left == 0) return without(NoTcp::range_exhausted);
        const wire::Port port = in_order() ? next_in_order(held) : any_of_the_left(left, held);
        const bool rpc = policy_.pool.kind == PoolKind::rpc_range;
        return with(port, rpc ? PortSource::rpc_range : PortSource::windows_range);
    }

    wire::Port any_of_the_left(std::uint32_t left, const HeldPorts::Ranks& held) {
        auto n = static_cast<std::uint32_t>(chance_.below(left));
        for (std::size_t i = 0; i < held.count; ++i)
            if (n >= held.rank[i]) ++n;  // the n-th of those left is the n-th of all, stepped over the held ones
        return policy_.pool.free.nth(n);
    }

    wire::Port next_in_order(const HeldPorts::Ranks& held) {
        const PortPool& all = policy_.pool.all;
        const PortPool& free = policy_.pool.free;
        std::uint32_t n = free.rank(all.nth(start_.counter)) % free.size();
        const auto is_held = [&held](std::uint32_t rank) {
            return std::find(held.rank.begin(), held.rank.begin() + static_cast<std::ptrdiff_t>(held.count), rank) !=
                   held.rank.begin() + static_cast<std::ptrdiff_t>(held.count);
        };
        while (is_held(n)) n = (n + 1) % free.size();
        const wire::Port port = free.nth(n);
        start_.counter = (all.rank(port) + 1) % all.size();
        return port;
    }

    const PortPolicy& policy_;
    ServerStart start_;
    Chance& chance_;
    HeldPorts held_;
};

inline constexpr ServiceSet all_services{Service::attendant, Service::directory, Service::information_store,
                                         Service::mta, Service::global_catalog};

}  // namespace fakeserver
