// Protocol headers as values that can only hold what the protocol can say. Numbers are in host order.
// Sources: RFC 791 (IPv4), RFC 8200 (IPv6), RFC 9293 (TCP), RFC 768 (UDP), RFC 792 and 4443 (ICMP).
#pragma once

#include "sim/base/bytes.hpp"
#include "sim/wire/endpoint.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace sim::wire {

// What both IP versions have in common, in one value.
struct IpHeader {
    IpAddress source;
    IpAddress target;                   // same family as source
    Protocol protocol = Protocol::tcp;  // of the payload; for IPv6 the last header of the chain
    std::uint8_t hop_limit = 64;        // TTL in IPv4
    std::uint8_t traffic_class = 0;
    std::uint32_t id = 0;       // 16 bits in IPv4; 32 in an IPv6 fragment header
    bool dont_fragment = true;  // IPv4 only
    bool more_fragments = false;
    std::uint16_t fragment_offset = 0;  // in octets, a multiple of 8

    bool is_fragment() const { return more_fragments || fragment_offset != 0; }
    bool operator==(const IpHeader&) const = default;
};

struct TcpFlags {
    std::uint8_t bits = 0;

    static constexpr std::uint8_t fin = 0x01, syn = 0x02, rst = 0x04, psh = 0x08, ack = 0x10, urg = 0x20, ece = 0x40,
                                  cwr = 0x80;
    constexpr bool has(std::uint8_t mask) const { return (bits & mask) == mask; }
    constexpr auto operator<=>(const TcpFlags&) const = default;
};

// "SYN", "SYN-ACK", "FIN-ACK", "RST", "PSH-ACK", "none"
std::string format(TcpFlags flags);

struct TcpHeader {
    Port source;
    Port target;
    std::uint32_t sequence = 0;
    std::uint32_t acknowledgement = 0;
    TcpFlags flags = {};
    std::uint16_t window = 65535;
    std::uint16_t urgent = 0;
    std::optional<std::uint16_t> mss = {};          // option 2
    std::optional<std::uint8_t> window_scale = {};  // option 3
    bool sack_permitted = false;                    // option 4

    bool operator==(const TcpHeader&) const = default;
};

struct UdpHeader {
    Port source;
    Port target;
    bool operator==(const UdpHeader&) const = default;
};

// ICMP or ICMPv6: type, code, and the four octets that follow the checksum. For echo-like messages `rest` is
// identifier and sequence number, for errors it is unused or an MTU; an error's payload quotes the packet.
struct IcmpHeader {
    std::uint8_t type = 0;
    std::uint8_t code = 0;
    std::uint32_t rest = 0;

    constexpr std::uint16_t identifier() const { return static_cast<std::uint16_t>(rest >> 16U); }
    constexpr std::uint16_t sequence() const { return static_cast<std::uint16_t>(rest); }
    bool operator==(const IcmpHeader&) const = default;
};

}  // namespace sim::wire
