// The words that Cisco's two families of access lists share: protocols, ports and ICMP types by name.
//
// The numbers of ports that only one family names are harmless to the other: a name is one number in both.
#pragma once

#include "sim/firewall/match.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace sim::firewall::import::cisco {

// A decimal number up to `most`, or nothing.
std::optional<std::uint16_t> decimal(std::string_view text, std::uint32_t most);

// By name or number. 0 is "ip": any protocol.
std::optional<std::uint8_t> protocol_named(std::string_view word);
std::optional<std::uint16_t> tcp_port_named(std::string_view word);
std::optional<std::uint16_t> udp_port_named(std::string_view word);

// By name only.
std::optional<IcmpIs> icmp_named(std::string_view word);

}  // namespace sim::firewall::import::cisco
