// The sums that go over more than one header. Everybody outside this room wants `internet_checksum` of packet.hpp.
#pragma once

#include "sim/wire/headers.hpp"

#include <cstdint>

namespace sim::wire {

// The partial sum of the pseudo header: RFC 9293 3.1 for IPv4, RFC 8200 8.1 for IPv6. `protocol` is the one of the
// transport, whatever the IP header names first; `length` counts transport header and payload, in octets.
constexpr std::uint32_t pseudo_header_sum(const IpHeader& ip, Protocol protocol, std::size_t length) {
    const auto words = [](std::uint64_t v) {
        return (v >> 48U) + (v >> 32U & 0xffffU) + (v >> 16U & 0xffffU) + (v & 0xffffU);
    };
    // An IPv4 address occupies the lower half of `low`, and leaves all else zero; one formula serves both.
    const std::uint64_t sum = words(ip.source.high()) + words(ip.source.low()) + words(ip.target.high()) +
                              words(ip.target.low()) + words(length) + static_cast<std::uint64_t>(protocol);
    return static_cast<std::uint32_t>(sum);
}

}  // namespace sim::wire
