// Ports, port ranges and endpoints: the words of every firewall rule.
#pragma once

#include "sim/base/result.hpp"
#include "sim/wire/address.hpp"

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sim::wire {

struct Port {
    std::uint16_t value = 0;  // host order

    constexpr Port() = default;
    constexpr explicit Port(std::uint16_t v) : value(v) {}
    constexpr auto operator<=>(const Port&) const = default;
};

// "5000"; decimal without sign, space or leading zero, 0 to 65535.
[[nodiscard]] base::Result<Port, std::string> parse_port(std::string_view text);

struct PortRange {  // both ends included; first <= last
    Port first;
    Port last;

    constexpr bool contains(Port p) const { return first <= p && p <= last; }
    constexpr std::uint32_t size() const { return std::uint32_t{last.value} - first.value + 1U; }
    constexpr auto operator<=>(const PortRange&) const = default;

    static constexpr PortRange only(Port p) { return {p, p}; }
    static constexpr PortRange all() { return {Port{0}, Port{65535}}; }
};

// "5000" or "5000-5100"
[[nodiscard]] base::Result<PortRange, std::string> parse_port_range(std::string_view text);
std::string format(Port port);
std::string format(const PortRange& range);
// How many ports the ranges hold; overlaps count twice.
std::uint32_t port_count(const std::vector<PortRange>& ranges);

// "135, 5000-5100"; neighbours and overlaps joined, in order.
std::string format(std::vector<PortRange> ranges);
std::vector<PortRange> normalized(std::vector<PortRange> ranges);
// Ports of `a` that are not in `b`, normalized.
std::vector<PortRange> without(const std::vector<PortRange>& a, const std::vector<PortRange>& b);

struct Endpoint {
    IpAddress address;
    Port port;
    constexpr auto operator<=>(const Endpoint&) const = default;
};

// "10.0.0.10:135", "[2001:db8::1]:135"
std::string format(const Endpoint& endpoint);

// IANA protocol numbers; any other number is legal too.
enum class Protocol : std::uint8_t { icmp = 1, tcp = 6, udp = 17, icmpv6 = 58 };

// "TCP", "UDP", "ICMP", "ICMPv6", "protocol 47"
std::string format(Protocol protocol);

}  // namespace sim::wire
