// How a TCP/IP stack of one Windows generation behaves where generations differ. All durations are defaults of the
// registry values named beside them.
#pragma once

#include "sim/base/time.hpp"
#include "sim/net/connect_schedule.hpp"
#include "sim/wire/endpoint.hpp"

#include <chrono>
#include <cstdint>

namespace sim::net {

// Where local ports of outgoing connections and of port-0 sockets come from.
enum class PortOrder : std::uint8_t {
    counter,  // one counter for TCP and UDP that skips busy ports and wraps (Q180795, Q194952)
    random,   // any free port of the range (Vista and later, likely)
};

struct StackProfile {
    ConnectSchedule connect = ConnectSchedule::windows2000();
    wire::PortRange ephemeral{wire::Port{1025}, wire::Port{5000}};  // top end: MaxUserPort
    PortOrder port_order = PortOrder::counter;
    unsigned data_retransmissions = 5;                        // TcpMaxDataRetransmissions
    unsigned answer_retransmissions = 2;                      // of a SYN-ACK
    base::SimDuration time_wait = std::chrono::seconds{240};  // TcpTimedWaitDelay
    std::uint16_t window = 17520;                             // 12 segments of 1460; never scaled
    std::uint8_t hop_limit = 128;
    // RFC 1122 4.2.3.9: unreachable messages are advice during a connect. Windows is believed to wait for its whole
    // schedule (likely); with false, the connect fails at once with `unreachable`, as Linux does.
    bool icmp_is_advice = true;

    bool operator==(const StackProfile&) const = default;

    static StackProfile nt4();
    static StackProfile windows2000();
    static StackProfile windows2003();
    static StackProfile windows2008();
};

}  // namespace sim::net
