// Packets and heads that the tests of this room start from.
#pragma once

#include "sim/wire/packet.hpp"

namespace samples {

inline constexpr sim::wire::IpAddress client4 = sim::wire::IpAddress::v4(192, 0, 2, 50);
inline constexpr sim::wire::IpAddress server4 = sim::wire::IpAddress::v4(10, 0, 0, 10);
inline constexpr sim::wire::IpAddress client6 = sim::wire::IpAddress::v6(0x20010db800000000, 0x50);
inline constexpr sim::wire::IpAddress server6 = sim::wire::IpAddress::v6(0x20010db8ffff0000, 0x10);

inline sim::wire::IpHeader ip(sim::wire::Family family) {
    const bool v4 = family == sim::wire::Family::ipv4;
    return {.source = v4 ? client4 : client6, .target = v4 ? server4 : server6};
}

inline sim::wire::TcpHeader syn() {
    using sim::wire::TcpFlags;
    return {.source = sim::wire::Port{1030},
            .target = sim::wire::Port{135},
            .sequence = 100,
            .flags = TcpFlags{TcpFlags::syn},
            .window = 8192,
            .mss = std::uint16_t{1460},
            .window_scale = {}};
}

inline constexpr sim::wire::Family both_families[] = {sim::wire::Family::ipv4, sim::wire::Family::ipv6};

}  // namespace samples
