// A quick look that spares most rules: a necessary condition of each rule, small enough that many lie side by side.
// It never decides anything. A rule that passes the screen is tried in full; one that does not could not have matched.
//
// Only for IPv4 packets whose transport header is whole: for others a match may do more than fail (evaluate.hpp).
#pragma once

#include "sim/firewall/facts.hpp"
#include "sim/firewall/match.hpp"

#include <cstdint>
#include <vector>

namespace sim::firewall {

struct Screen {
    std::uint32_t source_mask = 0;  // (source AND mask) == bits
    std::uint32_t source_bits = 0;
    std::uint32_t target_mask = 0;
    std::uint32_t target_bits = 0;
    std::uint16_t source_port_low = 0;
    std::uint16_t source_port_high = 65535;
    std::uint16_t target_port_low = 0;
    std::uint16_t target_port_high = 65535;
    std::uint8_t protocol_mask = 0;  // 0: any protocol
    std::uint8_t protocol = 0;
};

Screen screen_of(const std::vector<Match>& matches);

constexpr bool can_be_screened(const Facts& f) { return f.header_whole && f.source.is_v4(); }

// Requires can_be_screened. Written without branches: what is spared is mostly the guessing of them.
constexpr bool may_match(const Screen& s, const Facts& f) {
    const auto outside = [](std::uint16_t port, std::uint16_t low, std::uint16_t high) {
        return static_cast<std::uint32_t>(port < low) | static_cast<std::uint32_t>(port > high);
    };
    const std::uint32_t misfit = ((f.source.v4_bits() & s.source_mask) ^ s.source_bits) |
                                 ((f.target.v4_bits() & s.target_mask) ^ s.target_bits) |
                                 static_cast<std::uint32_t>((f.protocol & s.protocol_mask) ^ s.protocol) |
                                 outside(f.source_port, s.source_port_low, s.source_port_high) |
                                 outside(f.target_port, s.target_port_low, s.target_port_high);
    return misfit == 0;
}

}  // namespace sim::firewall
