// The left side of a match, and the key of a verdict map: what is looked at in the packet. Private to the importer.
#pragma once

#include "sim/firewall/import/nft_values.hpp"

#include <optional>

namespace sim::firewall::import::nft {

struct Key {
    enum class What : std::uint8_t {
        address,      // ip saddr, ip6 daddr
        port,         // tcp sport, udp dport, th dport
        tcp_flags,    // tcp flags
        icmp,         // icmp type, icmpv6 code
        protocol,     // meta l4proto
        ip_protocol,  // ip protocol
        next_header,  // ip6 nexthdr
        fragment,     // ip frag-off
        interface,    // iifname, oifname; iif and oif where nft has written a name
        family,       // meta nfproto
        ether_type,   // meta protocol
        state,        // ct state
        direction,    // ct direction
    };
    What what = What::protocol;
    Type type = Type::inet_proto;
    End end = End::source;                // for address and port
    std::uint8_t transport = 0;           // for port: 6, 17, or 0 for "th"
    bool outgoing = false;                // for interface
    bool version6 = false;                // for icmp: ICMPv6
    bool code = false;                    // for icmp: else the type
    std::optional<std::uint32_t> mask{};  // "&"
    std::optional<wire::IpAddress> address_mask{};
};

// Absent, and a fault, when it is nothing that can be judged here.
std::optional<Key> read_key(const Json& left, Reporter& reporter);

}  // namespace sim::firewall::import::nft
