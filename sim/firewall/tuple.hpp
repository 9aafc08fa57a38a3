// What identifies one direction of a flow in the connection table.
#pragma once

#include "sim/wire/packet.hpp"

#include <bit>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace sim::firewall {

// The parts are ports for TCP and UDP; for ICMP queries the identifier, and type and code; for GRE
// of version 1 the target's call; otherwise 0.
struct Tuple {
    wire::IpAddress source;
    wire::IpAddress target;
    std::uint16_t source_part = 0;
    std::uint16_t target_part = 0;
    std::uint8_t protocol = 0;
    bool operator==(const Tuple&) const = default;
};

// Absent when the packet has no readable tuple.
std::optional<Tuple> tuple_of(const wire::PacketView& packet);
// The tuple of an answer; absent for ICMP messages that ask nothing and answer nothing.
std::optional<Tuple> reversed(const Tuple& tuple);

struct TupleHash {
    using is_avalanching = void;
    std::size_t operator()(const Tuple& t) const {
        // Turned, so that two IPv4 addresses stand side by side: many pairs of neighbours have the same exclusive or.
        std::uint64_t h = mix(t.source.low(), std::rotl(t.target.low(), 32));
        if (!t.source.is_v4()) h = mix(mix(h, t.source.high()), t.target.high());
        return mix(h, static_cast<std::uint64_t>(t.source_part) << 32U |
                          static_cast<std::uint64_t>(t.target_part) << 8U | t.protocol);
    }
    static constexpr std::uint64_t mix(std::uint64_t h, std::uint64_t v) {
        h = (h ^ v) * 0x9E3779B97F4A7C15U;
        return h ^ h >> 32U;
    }
};

}  // namespace sim::firewall
