// The names that an ASA has beside those it shares with IOS (cisco_names.hpp), and its port operators.
#pragma once

#include "sim/firewall/import/asa_line.hpp"
#include "sim/firewall/match.hpp"
#include "sim/wire/endpoint.hpp"

#include <bitset>
#include <optional>
#include <vector>

namespace sim::firewall::import {

using Protocols = std::bitset<256>;  // by IP protocol number; all: any ("ip")

inline constexpr std::uint8_t tcp = 6, udp = 17, icmp = 1, icmpv6 = 58;

Protocols one_protocol(std::uint8_t number);  // 0: all
// TCP, UDP, or both: what has ports here.
bool have_ports(const Protocols& protocols);

std::optional<Protocols> asa_protocol(std::string_view word);  // by name or number, tcp-udp included

// "eq P", "neq P", "gt P", "lt P", "range A B": the ports that it lets in, or nothing when the next word is no operator
// or after an error. Names are read as the protocols have them.
bool is_port_operator(std::string_view word);
std::optional<std::vector<wire::PortRange>> read_ports(Cursor& words, const Protocols& protocols);

// An ICMP type by name or number, and its code where one follows. Complains when it is none.
std::optional<IcmpIs> read_icmp(Cursor& words, bool v6);

}  // namespace sim::firewall::import
