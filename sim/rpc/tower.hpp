// Protocol towers: how the endpoint mapper names an interface together with the way to reach it (C706 appendix L and I,
// MS-RPCE 2.1.1.1). Lengths and UUIDs are always little-endian, the port and the host big-endian, nothing is aligned,
// and the PDU's byte order plays no part.
//
//   floor 1 interface, 2 transfer syntax, 3 RPC protocol, 4 port, 5 host
#pragma once

#include "sim/base/bytes.hpp"
#include "sim/base/result.hpp"
#include "sim/rpc/syntax.hpp"
#include "sim/wire/endpoint.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace sim::rpc {

namespace tower_protocol {
inline constexpr std::uint8_t tcp = 0x07, udp = 0x08, ip = 0x09, connectionless = 0x0a, connection_oriented = 0x0b,
                              local = 0x0c, uuid = 0x0d, named_pipe = 0x0f, local_name = 0x10, netbios = 0x11,
                              http = 0x1f;
}  // namespace tower_protocol

// What a tower says, reduced to what matters here. `transport` and `network` are the protocol octets of floors 4 and
// 5; port and host are there only for TCP, UDP, HTTP and IP.
struct Tower {
    SyntaxId interface {};
    SyntaxId transfer_syntax = ndr_syntax;
    std::uint8_t rpc_protocol = tower_protocol::connection_oriented;  // floor 3; 0 when the tower has fewer floors
    std::optional<std::uint8_t> transport = tower_protocol::tcp;      // floor 4
    std::optional<std::uint8_t> network = tower_protocol::ip;         // floor 5
    wire::Port port{};                                                // 0 in requests
    wire::IpAddress host{};                                           // IPv4; 0.0.0.0 in requests

    // Whether a TCP client can use it: NDR over connection-oriented RPC over TCP.
    bool is_ncacn_ip_tcp() const {
        return transfer_syntax == ndr_syntax && rpc_protocol == tower_protocol::connection_oriented &&
               transport == tower_protocol::tcp;
    }
    bool operator==(const Tower&) const = default;
};

inline constexpr std::size_t tcp_tower_size = 75;

enum class TowerReason : std::uint8_t {
    cut,               // a floor runs out of the tower
    too_few_floors,    // below 3
    not_an_interface,  // floor 1 or 2 is no UUID with a version
    bad_port_or_host,  // a TCP, UDP or HTTP floor without a 2-octet port, an IP floor without 4 octets
};
std::string format(TowerReason reason);

// The octets of one tower (tower_length of them). Floors above the fifth are ignored, octets behind them too.
[[nodiscard]] base::Result<Tower, TowerReason> parse_tower(base::ByteView octets);

// For ncacn_ip_tcp the 75 octets of the reference. Other protocol octets are written with 2-octet zero data.
void emit_tower(base::Bytes& out, const Tower& tower);

// "ncacn_ip_tcp:10.0.0.10[1236]", as the tools of the trade write it.
std::string format(const Tower& tower);

}  // namespace sim::rpc
