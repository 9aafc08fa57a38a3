// The IP half of `parse`: finds the header, its end, and the end of the packet. Private to this room.
#pragma once

#include "sim/wire/packet.hpp"

#include <cstddef>

namespace sim::wire {

enum class Completeness : std::uint8_t {
    whole,   // a packet as received: its lengths and header checksum must be right
    quoted,  // inside an ICMP error: may be cut anywhere behind the IP header, and was changed by routers on its way
};

// `octets`, `ip` and `ip_payload` of the view are set; the transport is not looked at.
[[nodiscard]] base::Result<PacketView, ParseError> parse_ip(base::ByteView octets, Completeness completeness);

}  // namespace sim::wire
