// What a rejected sender receives (firewall-semantics, section 5), as packets.
#pragma once

#include "sim/firewall/verdict.hpp"
#include "sim/wire/packet.hpp"

#include <optional>

namespace sim::firewall {

// The RST (in the name of the packet's target) or ICMP error (from `box`) that answers a rejected packet. Nothing
// when none may be sent: to a reset, an ICMP error, a fragment, a packet with a wrong checksum, and to or about
// broadcast and multicast; also a tcp_reset for anything but TCP.
std::optional<base::Bytes> reject_answer(const wire::PacketView& packet, RejectWith with, const wire::IpAddress& box);

// ICMP time exceeded in transit, under the same conditions.
std::optional<base::Bytes> time_exceeded(const wire::PacketView& packet, const wire::IpAddress& box);

}  // namespace sim::firewall
