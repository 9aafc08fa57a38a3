// A packet filter in the path of a live client: a function that judges packets of real octets. What judges is handed
// in; this room knows no firewall.
//
// The kernel sends and receives the real packets. The gate sees what they look like from the outside: SYN, SYN-ACK,
// data in both directions, FIN, with addresses, ports, flags and payloads as they are and sequence numbers that
// are consistent in themselves. Retransmissions are not shown; a gate's answer does not change while it waits.
#pragma once

#include "sim/base/bytes.hpp"
#include "sim/base/time.hpp"

#include <cstdint>
#include <functional>

namespace sim::live {

enum class Direction : std::uint8_t { to_server, to_client };

enum class Passing : std::uint8_t {
    passes,
    dropped,  // silence; also where the filter answers with ICMP, which Windows takes as advice only (likely)
    reset,    // the filter answers with a TCP reset
};

// Empty: nothing is in the path.
using Gate = std::function<Passing(base::ByteView packet, Direction direction, base::SimTime now)>;

}  // namespace sim::live
