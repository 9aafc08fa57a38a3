// Which ports Windows and RPC hand out: the dynamic range of the release, MaxUserPort, ReservedPorts, Rpc\Internet.
#include "fakeserver/port_policy.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <span>
#include <utility>

namespace fakeserver {
namespace {

constexpr std::string_view tcpip_parameters =
    "HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\Tcpip\\Parameters";

// Below 5000 Windows takes 5000 (W2KREG gives the valid range as 5000-65534): (inferred) for NT 4.0.
constexpr std::uint32_t max_user_port_low = 5000;
constexpr std::uint32_t max_user_port_high = 65534;

wire::PortRange windows_range(const Registry& registry, const StartConditions& conditions,
                              std::vector<RegistryValue>& used) {
    wire::PortRange range = default_dynamic_range(conditions.version, conditions.windows);
    const RegistryValue* value = registry.value(tcpip_parameters, "MaxUserPort");
    if (value == nullptr || !honours_max_user_port(conditions.windows)) return range;
    const auto number = as_dword(*value);
    if (!number || *number < max_user_port_low || *number > max_user_port_high) return range;
    range.last = wire::Port{static_cast<std::uint16_t>(*number)};
    used.push_back(*value);
    return range;
}

// Entries are "first-last"; what cannot be read is skipped (inferred).
PortPool reserved_ports(const Registry& registry, std::vector<RegistryValue>& used) {
    const RegistryValue* value = registry.value(tcpip_parameters, "ReservedPorts");
    const auto* entries = value == nullptr ? nullptr : as_list(*value);
    if (entries == nullptr) return {};
    std::vector<wire::PortRange> ranges;
    for (const std::string& entry : *entries)
        if (const auto range = wire::parse_port_range(entry)) ranges.push_back(*range);
    if (!ranges.empty()) used.push_back(*value);
    return PortPool(std::move(ranges));
}

// One of the two Y/N values. Small letters are taken too (inferred).
std::optional<bool> yes_or_no(const RegistryValue* value) {
    const std::string* text = value == nullptr ? nullptr : as_text(*value);
    if (text == nullptr) return std::nullopt;
    if (same_name(*text, "Y")) return true;
    if (same_name(*text, "N")) return false;
    return std::nullopt;
}

struct RpcInternet {
    bool configured = false;
    std::string why_void;  // empty when the configuration is good
    bool listed = false;   // dynamic ports come from the listed ones, else from the others
    std::vector<wire::PortRange> ports;
};

std::string yes_or_no_fault(std::string_view name, const RegistryValue* value) {
    if (value == nullptr) return fmt::format("{} is missing", name);
    if (as_text(*value) == nullptr) return fmt::format("{} is {}, not REG_SZ", name, format(value->type));
    return fmt::format("{} is neither Y nor N", name);
}

std::string read_ports(const RegistryValue* value, std::vector<wire::PortRange>& ports) {
    if (value == nullptr) return "Ports is missing";
    const auto* entries = as_list(*value);
    if (entries == nullptr) return fmt::format("Ports is {}, not REG_MULTI_SZ", format(value->type));
    if (entries->empty()) return "Ports is empty";
    for (const std::string& entry : *entries) {
        const auto range = wire::parse_port_range(entry);
        if (!range) return fmt::format("the entry \"{}\" of Ports is no port or range", base::printable(entry, 40));
        ports.push_back(*range);
    }
    return {};
}

// MS-RPC-REG: one missing or bad value voids the whole. A key without any of the three counts as not configured, and
// so does one that holds other values only (inferred).
RpcInternet read_rpc_internet(const Registry& registry, std::vector<RegistryValue>& used) {
    RpcInternet out;
    const RegistryValue* ports = registry.value(rpc_internet_key, "Ports");
    const RegistryValue* available = registry.value(rpc_internet_key, "PortsInternetAvailable");
    const RegistryValue* use = registry.value(rpc_internet_key, "UseInternetPorts");
    for (const RegistryValue* value : {ports, available, use})
        if (value != nullptr) used.push_back(*value);
    out.configured = ports != nullptr || available != nullptr || use != nullptr;
    if (!out.configured) return out;
    out.why_void = read_ports(ports, out.ports);
    if (out.why_void.empty() && !yes_or_no(available))
        out.why_void = yes_or_no_fault("PortsInternetAvailable", available);
    if (out.why_void.empty() && !yes_or_no(use)) out.why_void = yes_or_no_fault("UseInternetPorts", use);
    // Y, Y: the list is the Internet set and servers draw from it. N, N: the list is what the Internet set leaves
    // out, and servers draw from what is not the Internet set, which again is the list.
    if (out.why_void.empty()) out.listed = *yes_or_no(available) == *yes_or_no(use);
    return out;
}

}  // namespace

DynamicPool read_dynamic_pool(const Registry& registry, const StartConditions& conditions) {
    DynamicPool pool;
    pool.windows_range = windows_range(registry, conditions, pool.registry);
    const PortPool reserved = reserved_ports(registry, pool.registry);
    RpcInternet rpc = read_rpc_internet(registry, pool.registry);
    const PortPool of_windows = PortPool({pool.windows_range}).without(reserved);
    if (!rpc.configured) {
        pool.all = of_windows;
    } else if (!rpc.why_void.empty()) {
        pool.kind = PoolKind::rpc_void;
        pool.why_void = std::move(rpc.why_void);
    } else if (rpc.listed) {
        // RPC binds these ports by number, so ReservedPorts does not touch them (inferred).
        pool.kind = PoolKind::rpc_range;
        pool.all = PortPool(std::move(rpc.ports));
    } else {
        pool.kind = PoolKind::windows_without_rpc;
        pool.all = of_windows.without(PortPool(std::move(rpc.ports)));
    }
    return pool;
}

}  // namespace fakeserver
