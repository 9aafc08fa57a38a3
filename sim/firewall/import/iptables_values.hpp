// The values of iptables options: ports, TCP flags, log levels. Private to the importer.
#pragma once

#include "sim/firewall/import/net_names.hpp"
#include "sim/wire/endpoint.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sim::firewall::import::iptables {

std::string upper(std::string_view text);

// A number, or a service that the protocol has.
std::optional<wire::Port> port_of(std::string_view text, Carrier by);
// The same for the udp match, which reads numbers otherwise: "0207" is decimal there, and "0x87" is none (1.8.9).
std::optional<wire::Port> udp_match_port_of(std::string_view text);
// What to do about a word that port_of does not know; empty when there is nothing to say.
std::string bad_port_hint(std::string_view text);

// "SYN,ACK" as bits of wire::TcpFlags, ALL and NONE too, in any case of letters; nothing between commas is nothing.
std::optional<std::uint8_t> flags_of(std::string_view list);
std::string written_flags(std::uint8_t bits);

// "warning", "4": in small letters, and of the names of syslog only those that the tool has.
std::optional<std::uint8_t> log_level_of(std::string_view text);

}  // namespace sim::firewall::import::iptables
