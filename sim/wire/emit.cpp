#include "sim/wire/big_endian.hpp"
#include "sim/wire/checksum.hpp"
#include "sim/wire/packet.hpp"

#include <cassert>

namespace sim::wire {

namespace {

constexpr std::size_t v4_header_length = 20;
constexpr std::size_t v6_header_length = 40;
constexpr std::size_t fragment_header_length = 8;
constexpr std::size_t tcp_header_length = 20;
constexpr std::size_t udp_header_length = 8;
constexpr std::size_t icmp_header_length = 8;

constexpr std::size_t ip_header_length(const IpHeader& ip) {
    if (ip.source.is_v4()) return v4_header_length;
    return v6_header_length + (ip.is_fragment() ? fragment_header_length : 0);
}

void write_v4(base::Byte* at, const IpHeader& ip, Protocol protocol, std::size_t total_length) {
    assert(total_length <= 65535);
    at[0] = 0x45;
    at[1] = ip.traffic_class;
    store16(at + 2, static_cast<std::uint16_t>(total_length));
    store16(at + 4, static_cast<std::uint16_t>(ip.id & 0xffffU));
    store16(at + 6, static_cast<std::uint16_t>((ip.dont_fragment ? 0x4000U : 0U) | (ip.more_fragments ? 0x2000U : 0U) |
                                               ip.fragment_offset / 8U));
    at[8] = ip.hop_limit;
    at[9] = static_cast<base::Byte>(protocol);
    store16(at + 10, 0);
    store32(at + 12, ip.source.v4_bits());
    store32(at + 16, ip.target.v4_bits());
    store16(at + 10, internet_checksum({at, v4_header_length}));
}

void write_v6(base::Byte* at, const IpHeader& ip, Protocol protocol, std::size_t total_length) {
    constexpr base::Byte next_is_fragment = 44;
    assert(total_length - v6_header_length <= 65535);
    store32(at, 0x60000000U | static_cast<std::uint32_t>(ip.traffic_class) << 20U);
    store16(at + 4, static_cast<std::uint16_t>(total_length - v6_header_length));
    at[6] = ip.is_fragment() ? next_is_fragment : static_cast<base::Byte>(protocol);
    at[7] = ip.hop_limit;
    store64(at + 8, ip.source.high());
    store64(at + 16, ip.source.low());
    store64(at + 24, ip.target.high());
    store64(at + 32, ip.target.low());
    if (!ip.is_fragment()) return;
    at[40] = static_cast<base::Byte>(protocol);
    at[41] = 0;
    store16(at + 42, static_cast<std::uint16_t>(ip.fragment_offset | (ip.more_fragments ? 1U : 0U)));
    store32(at + 44, ip.id);
}

// A packet with its IP header written, room for a transport header left, and the payload in place: one allocation,
// and the payload is touched once.
base::Bytes begin_packet(const IpHeader& ip, Protocol protocol, std::size_t transport_length, base::ByteView payload) {
    assert(ip.source.family() == ip.target.family());
    assert(ip.fragment_offset % 8 == 0);
    const std::size_t heads = ip_header_length(ip) + transport_length;
    base::Bytes packet;
    packet.reserve(heads + payload.size());
    packet.resize(heads);
    packet.insert(packet.end(), payload.begin(), payload.end());
    if (ip.source.is_v4())
        write_v4(packet.data(), ip, protocol, packet.size());
    else
        write_v6(packet.data(), ip, protocol, packet.size());
    return packet;
}

constexpr std::size_t options_length(const TcpHeader& tcp) {
    return (tcp.mss ? 4U : 0U) + (tcp.sack_permitted ? 4U : 0U) + (tcp.window_scale ? 4U : 0U);
}

// Each option is padded in front with no-operations to four octets, so that the header needs no other padding.
void write_options(base::Byte* at, const TcpHeader& tcp) {
    if (tcp.mss) {
        store32(at, 0x02040000U | *tcp.mss);
        at += 4;
    }
    if (tcp.sack_permitted) {
        store32(at, 0x01010402U);
        at += 4;
    }
    if (tcp.window_scale) store32(at, 0x01030300U | *tcp.window_scale);
}

}  // namespace

base::Bytes emit_tcp(const IpHeader& ip, const TcpHeader& tcp, base::ByteView payload) {
    const std::size_t header_length = tcp_header_length + options_length(tcp);
    base::Bytes packet = begin_packet(ip, Protocol::tcp, header_length, payload);
    const std::size_t start = ip_header_length(ip);
    base::Byte* at = packet.data() + start;
    store16(at, tcp.source.value);
    store16(at + 2, tcp.target.value);
    store32(at + 4, tcp.sequence);
    store32(at + 8, tcp.acknowledgement);
    at[12] = static_cast<base::Byte>(header_length / 4 << 4U);
    at[13] = tcp.flags.bits;
    store16(at + 14, tcp.window);
    store16(at + 16, 0);
    store16(at + 18, tcp.urgent);
    write_options(at + tcp_header_length, tcp);
    const std::size_t length = packet.size() - start;
    store16(at + 16, internet_checksum({at, length}, pseudo_header_sum(ip, Protocol::tcp, length)));
    return packet;
}

base::Bytes emit_udp(const IpHeader& ip, const UdpHeader& udp, base::ByteView payload) {
    base::Bytes packet = begin_packet(ip, Protocol::udp, udp_header_length, payload);
    const std::size_t start = ip_header_length(ip);
    const std::size_t length = packet.size() - start;
    base::Byte* at = packet.data() + start;
    assert(length <= 65535);
    store16(at, udp.source.value);
    store16(at + 2, udp.target.value);
    store16(at + 4, static_cast<std::uint16_t>(length));
    store16(at + 6, 0);
    const std::uint16_t sum = internet_checksum({at, length}, pseudo_header_sum(ip, Protocol::udp, length));
    // A sum of zero is sent as its other form, because zero says "not computed" (RFC 768).
    store16(at + 6, sum == 0 ? std::uint16_t{0xffff} : sum);
    return packet;
}

base::Bytes emit_icmp(const IpHeader& ip, const IcmpHeader& icmp, base::ByteView payload) {
    const bool v4 = ip.source.is_v4();
    const Protocol protocol = v4 ? Protocol::icmp : Protocol::icmpv6;
    base::Bytes packet = begin_packet(ip, protocol, icmp_header_length, payload);
    const std::size_t start = ip_header_length(ip);
    const std::size_t length = packet.size() - start;
    base::Byte* at = packet.data() + start;
    at[0] = icmp.type;
    at[1] = icmp.code;
    store16(at + 2, 0);
    store32(at + 4, icmp.rest);
    store16(at + 2, internet_checksum({at, length}, v4 ? 0 : pseudo_header_sum(ip, protocol, length)));
    return packet;
}

base::Bytes emit_raw(const IpHeader& ip, base::ByteView ip_payload) {
    return begin_packet(ip, ip.protocol, 0, ip_payload);
}

}  // namespace sim::wire
