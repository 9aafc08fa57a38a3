// What a table reads of a packet: 16 octets, so that four of them share a cache line.
#pragma once

#include <cstdint>

namespace sim::firewall::compiled {

struct Key {
    std::uint32_t source = 0;  // as the table's scale of addresses numbers it; for IPv4 the address itself
    std::uint32_t target = 0;
    std::uint16_t first = 0;   // source port; type * 256 + code of ICMP; else 0
    std::uint16_t second = 0;  // target port, or 0
    std::uint8_t protocol = 0;
    std::uint8_t flags = 0;     // of TCP, else 0
    std::uint16_t context = 0;  // interfaces, sides and labels, as far as the rules ask (Kinds)

    bool operator==(const Key&) const = default;
};
static_assert(sizeof(Key) == 16);

}  // namespace sim::firewall::compiled
