#include "fakeserver/start_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace fakeserver {
namespace {

const ServiceTraits& traits(const PortPolicy& policy, Service service) {
    static constexpr ServiceTraits none{};
    const ServiceTraits* found = traits_of(policy.conditions.version, service);
    return found == nullptr ? none : *found;
}

// " (branch.reg:7)", or nothing.
std::string written_at(const std::optional<RegistryValue>& value) {
    if (!value || value->written.place.file.empty()) return {};
    return fmt::format(" ({}:{})", value->written.place.file, value->written.place.line);
}

std::string taker_text(const ServiceStart& start) {
    switch (start.taken_by) {
        case TakenBy::mapper: return "the endpoint mapper";
        case TakenBy::service: return fmt::format("{}, which starts earlier", short_name(start.taker));
        case TakenBy::other_program:
        case TakenBy::nobody: break;
    }
    return "another program";
}

// Why a value that is there did not give a port; nothing when there is none.
std::string value_remark(const ServicePlan& plan) {
    if (!plan.registry) return {};
    const std::string at = written_at(plan.registry);
    switch (plan.value) {
        case ValueState::wrong_type:
            return fmt::format("; its value is {} and likely ignored{}", format(plan.registry->type), at);
        case ValueState::not_a_number: return fmt::format("; its value is no number and likely ignored{}", at);
        case ValueState::none:
        case ValueState::used:
        case ValueState::zero:
        case ValueState::above_65535: break;
    }
    return {};
}

std::string with_port_text(const PortPolicy& policy, const ServiceStart& start, const ServicePlan& plan,
                           std::string_view name) {
    const unsigned port = start.port.value;
    switch (start.source) {
        case PortSource::fixed:
            return fmt::format("{} listens on TCP {}, its own{}", name, port, written_at(plan.registry));
        case PortSource::rpc_range:
            return fmt::format("{} listens on TCP {}, drawn from the RPC range {}{}", name, port,
                               wire::format(policy.pool.all.ranges()), value_remark(plan));
        case PortSource::windows_range:
        case PortSource::none: break;
    }
    const std::string range = policy.pool.kind == PoolKind::windows_without_rpc
                                  ? wire::format(policy.pool.all.ranges())
                                  : wire::format(policy.pool.windows_range);
    return fmt::format("{} listens on TCP {}, drawn from the dynamic range {}{}", name, port, range,
                       value_remark(plan));
}

// The event by which a service tells that it has no TCP endpoint, if it does (Q180795, KB907783).
struct EventKind {
    ExchangeVersion version_first;
    ExchangeVersion version_last;
    Service service;
    std::uint32_t id;
    std::string_view text;  // {0} is the RPC error
};
constexpr std::array<EventKind, 3> event_kinds{{
    {ExchangeVersion::v4_0, ExchangeVersion::v5_5, Service::directory, 1166,
     "RPC error {0} (internal ID 3230203): the directory has no endpoint for ncacn_ip_tcp"},
    {ExchangeVersion::v4_0, ExchangeVersion::v2003, Service::mta, 9321,
     "the interface has no endpoint for ncacn_ip_tcp, NT error {0}"},
    // From 2003 SP2 on, as information only.
    {ExchangeVersion::v2003, ExchangeVersion::v2003, Service::information_store, 9685,
     "status {0}, protocol ncacn_ip_tcp: the endpoint was not registered"},
}};

}  // namespace

std::uint32_t rpc_status(NoTcp reason) {
    switch (reason) {
        case NoTcp::taken:
        case NoTcp::value_unusable:  // (inferred)
        case NoTcp::rpc_range_void: return 1720;
        case NoTcp::range_exhausted: return 1721;
        case NoTcp::has_tcp:
        case NoTcp::absent:
        case NoTcp::stopped:
        case NoTcp::dependency_stopped: break;
    }
    return 0;
}

std::vector<EventLogEntry> event_log(const PortPolicy& policy, const ServerStart& start) {
    std::vector<EventLogEntry> log;
    const ExchangeVersion version = policy.conditions.version;
    for (const Service service : start_order) {
        const std::uint32_t error = rpc_status(start.of(service).no_tcp);
        if (error == 0) continue;
        for (const EventKind& kind : event_kinds) {
            if (kind.service != service || version < kind.version_first || version > kind.version_last) continue;
            log.push_back({.service = service,
                           .source = std::string(traits(policy, service).windows_service),
                           .id = kind.id,
                           .error = error,
                           .text = fmt::format(fmt::runtime(kind.text), error)});
        }
    }
    return log;
}

std::vector<Listener> listeners(const PortPolicy& policy, const ServerStart& start) {
    const bool nt4 = policy.conditions.windows == Windows::nt4;
    std::vector<Listener> out{{.port = mapper_port, .program = nt4 ? "RPCSS.EXE" : "SVCHOST.EXE", .service = {}}};
    for (const Service service : start_order)
        if (start.of(service).has_tcp())
            out.push_back({.port = start.of(service).port,
                           .program = std::string(traits(policy, service).process),
                           .service = service});
    const auto add_unless_there = [&out](wire::Port port, std::string_view program) {
        if (std::none_of(out.begin(), out.end(), [port](const Listener& l) { return l.port == port; }))
            out.push_back({.port = port, .program = std::string(program), .service = {}});
    };
    for (const wire::Port port : other_listeners(policy.conditions)) add_unless_there(port, "System");
    for (const wire::Port port : policy.conditions.busy) add_unless_there(port, "another program");
    std::sort(out.begin(), out.end(), [](const Listener& a, const Listener& b) { return a.port < b.port; });
    return out;
}

std::string explain(const PortPolicy& policy, const ServerStart& start, Service service) {
    const ServiceStart& own = start.of(service);
    const ServicePlan& plan = policy.plan(service);
    const std::string_view name = short_name(service);
    const std::string at = written_at(plan.registry);
    switch (own.no_tcp) {
        case NoTcp::has_tcp: return with_port_text(policy, own, plan, name);
        case NoTcp::absent:
            return fmt::format("Exchange {} has no {} of its own", word(policy.conditions.version), word(service));
        case NoTcp::stopped: return fmt::format("{} is not started", name);
        case NoTcp::dependency_stopped:
            return fmt::format("{} is not started, because a service it depends on is not", name);
        case NoTcp::value_unusable:
            return fmt::format("{} likely has no TCP port: its value is {}{}", name,
                               plan.value == ValueState::zero ? "0" : "above 65535", at);
        case NoTcp::taken:
            return fmt::format("{} has no TCP port: {}{} is taken by {}", name, plan.port.value, at, taker_text(own));
        case NoTcp::rpc_range_void:
            return fmt::format("{} likely has no TCP port: Rpc\\Internet is void, {}", name, policy.pool.why_void);
        case NoTcp::range_exhausted:
            return fmt::format("{} has no TCP port: no port of {} is free", name,
                               policy.pool.all.size() == 0 ? "an empty range" : wire::format(policy.pool.all.ranges()));
    }
    return {};
}

std::optional<Written> origin(const PortPolicy& policy, const ServiceStart& start, Service service) {
    const auto& own = policy.plan(service).registry;
    const bool from_pool = start.source == PortSource::rpc_range || start.no_tcp == NoTcp::rpc_range_void ||
                           start.no_tcp == NoTcp::range_exhausted;
    if (!from_pool) return own ? std::optional(own->written) : std::nullopt;
    for (const RegistryValue& value : policy.pool.registry)
        if (same_name(value.name, "Ports")) return value.written;
    return policy.pool.registry.empty() ? std::nullopt : std::optional(policy.pool.registry.front().written);
}

}  // namespace fakeserver
