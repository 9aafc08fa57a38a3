// One start of the server: who got which TCP port, and if none, why. Plain numbers; text comes from start_report.hpp.
//
// Services start in `start_order`; each takes its fixed port or draws one. A port that is taken is not tried again and
// there is no fall-back to a dynamic one: the service runs without TCP (Q194952). Drawing obeys
// StartConditions::dynamic: in random mode every port that is free at that moment is equally likely; in in_order mode a
// counter starts at the bottom, boot_noise_max ports at most are already used up by other programs, each service is
// followed by up to step_noise_max ports of other uses (UDP shares the counter), busy ports are skipped, and the top
// wraps to the bottom. The noise figures are (inferred): HSC-EPH names no numbers.
#pragma once

#include "fakeserver/port_policy.hpp"
#include "sim/base/random.hpp"

#include <array>
#include <cstdint>

namespace fakeserver {

inline constexpr std::uint32_t boot_noise_max = 15;
inline constexpr std::uint32_t step_noise_max = 3;

enum class PortSource : std::uint8_t { none, fixed, windows_range, rpc_range };

enum class NoTcp : std::uint8_t {
    has_tcp,
    absent,  // no such service in this release
    stopped,
    dependency_stopped,
    value_unusable,   // 0 or above 65535
    taken,            // see taken_by
    rpc_range_void,   // 1720
    range_exhausted,  // 1721
};

enum class TakenBy : std::uint8_t { nobody, mapper, other_program, service };

struct ServiceStart {
    wire::Port port;  // 0 without TCP
    PortSource source = PortSource::none;
    NoTcp no_tcp = NoTcp::absent;
    TakenBy taken_by = TakenBy::nobody;
    Service taker = Service::attendant;  // for TakenBy::service

    bool has_tcp() const { return no_tcp == NoTcp::has_tcp; }
    // The process is there, with or without TCP.
    bool running() const {
        return no_tcp != NoTcp::absent && no_tcp != NoTcp::stopped && no_tcp != NoTcp::dependency_stopped;
    }
    bool operator==(const ServiceStart&) const = default;
};

struct ServerStart {
    std::array<ServiceStart, service_count> services;
    std::uint32_t counter = 0;  // in_order mode: where the next draw begins, as a rank in pool.all

    const ServiceStart& of(Service s) const { return services[index_of(s)]; }
    ServiceStart& of(Service s) { return services[index_of(s)]; }
    bool operator==(const ServerStart&) const = default;
};

// No allocation, no text: about the cost of a few random numbers.
ServerStart start_services(const PortPolicy& policy, base::Random& random);
// Convenience for one start.
ServerStart start_services(const Registry& registry, const StartConditions& conditions, base::Random& random);

// Stops and starts the members of `restarting` (see restarted_with()); the others keep their ports.
ServerStart restart_services(const PortPolicy& policy, const ServerStart& before, ServiceSet restarting,
                             base::Random& random);

// The ports a service could get over all starts, exactly; for the prover. Empty when it never has TCP. A service that
// starts later may lose a fixed port to an earlier one's draw; that is not a port and so not shown here.
std::vector<wire::PortRange> possible_ports(const PortPolicy& policy, Service service);

}  // namespace fakeserver
