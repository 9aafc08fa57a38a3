// What the registry says about ports, read once and kept small: which service uses a fixed port, and which ports the
// others can get. Nothing random here: start_services() (start.hpp) draws from it, a hundred thousand times if need be.
//
// Sources: exchange-ports.md sections 1 to 3. Facts that no source states are marked (inferred) where they are decided.
#pragma once

#include "fakeserver/registry.hpp"
#include "fakeserver/versions.hpp"

#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace fakeserver {

// random: any free port of the range, each equally likely. in_order: a counter from the bottom of the range, moved on
// by whatever else binds ports while the computer boots.
enum class DynamicMode : std::uint8_t { random, in_order };

struct StartConditions {
    ExchangeVersion version = ExchangeVersion::v5_5;
    Windows windows = Windows::nt4;
    std::vector<wire::Port> busy{};  // TCP ports that other programs took before Exchange starts
    DynamicMode dynamic = DynamicMode::random;
    ServiceSet stopped{};         // not started, and so neither is what depends on them (Q143380)
    bool global_catalog = false;  // the server is a global catalog too (2000, 2003)
    // Ports open beside the RPC ones (they are busy too); nothing = default_listeners(windows).
    std::optional<std::vector<wire::Port>> listen{};
};

// A set of ports as sorted, separate ranges; small, and the n-th member is found without a search over ports.
class PortPool {
public:
    PortPool() = default;
    explicit PortPool(std::vector<wire::PortRange> ranges);  // any order, overlaps allowed; port 0 is dropped

    std::uint32_t size() const { return size_; }
    bool contains(wire::Port port) const;
    wire::Port nth(std::uint32_t n) const;      // requires n < size()
    std::uint32_t rank(wire::Port port) const;  // members below `port`
    PortPool without(const PortPool& other) const;
    const std::vector<wire::PortRange>& ranges() const { return ranges_; }

    bool operator==(const PortPool&) const = default;

private:
    std::vector<wire::PortRange> ranges_;
    std::uint32_t size_ = 0;
};

enum class PlanKind : std::uint8_t {
    absent,   // the release has no such service, or the server is no global catalog
    stopped,  // not started, by the conditions
    dependency_stopped,
    dynamic,   // no usable value: the port is drawn
    fixed,     // the value's port
    unusable,  // the value is 0 or above 65535: no TCP (inferred)
};

// Why the value, if any, led to that kind.
enum class ValueState : std::uint8_t { none, used, wrong_type, zero, above_65535, not_a_number };

struct ServicePlan {
    PlanKind kind = PlanKind::absent;
    ValueState value = ValueState::none;
    wire::Port port;                        // for fixed
    std::optional<RegistryValue> registry;  // the value as found, with file and line

    bool operator==(const ServicePlan&) const = default;
};

enum class PoolKind : std::uint8_t {
    windows_range,        // the dynamic range of Windows
    rpc_range,            // the ports listed in Rpc\Internet
    windows_without_rpc,  // the dynamic range without the listed ports
    rpc_void,             // Rpc\Internet is incomplete or wrong: no server opens any TCP port (MS-RPC-REG)
};

struct DynamicPool {
    PoolKind kind = PoolKind::windows_range;
    wire::PortRange windows_range;        // after MaxUserPort
    PortPool all;                         // before busy ports are taken out; empty when void
    PortPool free;                        // what can be drawn before any service started
    std::string why_void;                 // "PortsInternetAvailable is missing"; empty unless void
    std::vector<RegistryValue> registry;  // the values of Rpc\Internet, MaxUserPort, ReservedPorts that had a say
};

struct PortPolicy {
    StartConditions conditions;
    std::array<ServicePlan, service_count> plans;
    DynamicPool pool;
    PortPool taken;  // busy and listening ports, and the mapper's 135

    const ServicePlan& plan(Service s) const { return plans[index_of(s)]; }
    ServicePlan& plan(Service s) { return plans[index_of(s)]; }
};

PortPolicy make_port_policy(const Registry& registry, const StartConditions& conditions);

// The two halves, for a computer where one service restarts: its own value is read again, the range is not, because
// RPC reads that once per boot (KB154596).
ServicePlan read_service_plan(const Registry& registry, const StartConditions& conditions, Service service);
DynamicPool read_dynamic_pool(const Registry& registry, const StartConditions& conditions);
// Puts a pool in force: `free` is computed here, from the policy's taken ports.
void set_dynamic_pool(PortPolicy& policy, DynamicPool pool);

// The ports open beside the RPC ones: StartConditions::listen, or the default. Valid as long as the conditions.
std::span<const wire::Port> other_listeners(const StartConditions& conditions);

inline constexpr wire::Port mapper_port{135};

// Where RPC reads its range (KB154596), and one key too high, where Q258469 prints the values and nothing reads them.
inline constexpr std::string_view rpc_internet_key = "HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Rpc\\Internet";
inline constexpr std::string_view misplaced_rpc_key = "HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Rpc";

}  // namespace fakeserver
