// The usual names of protocols, services and ICMP types, as /etc/protocols, /etc/services and iptables know them.
#pragma once

#include "sim/firewall/verdict.hpp"
#include "sim/wire/address.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sim::firewall::import {

std::optional<std::uint8_t> protocol_number(std::string_view name);  // by name only
std::string protocol_name(std::uint8_t number);                      // the number itself when it has no name

// Service names of TCP and UDP; both share their numbers, but most names exist in one of them only.
enum class Carrier : std::uint8_t { either, tcp, udp };
std::optional<std::uint16_t> service_port(std::string_view name, Carrier by = Carrier::either);

struct IcmpName {
    std::string_view name;
    std::uint8_t type;
    std::uint8_t code_low;
    std::uint8_t code_high;
};
// A name or an unambiguous beginning of one, in any case of letters, as iptables takes them; `others` hears the rivals
// of an ambiguous one: "time-exceeded or timestamp-request". "any" of IPv4 is type 255.
std::optional<IcmpName> icmp_type_by_name(std::string_view name, wire::Family family, std::string* others = nullptr);

// iptables --reject-with: full names, short names and unique beginnings of them.
std::optional<RejectWith> reject_by_name(std::string_view name, wire::Family family);
// "icmp-port-unreachable", "icmp6-port-unreachable", "tcp-reset"; empty when the family has no such answer.
std::string_view reject_name(RejectWith with, wire::Family family);

std::optional<std::uint8_t> log_level(std::string_view name);  // "warning", "4"

}  // namespace sim::firewall::import
