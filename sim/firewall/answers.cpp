#include "sim/firewall/answers.hpp"

#include <algorithm>

namespace sim::firewall {
namespace {

using wire::Protocol;
using F = wire::TcpFlags;

struct IcmpKind {
    std::uint8_t type, code;
};

IcmpKind kind_v4(RejectWith with) {
    switch (with) {
        case RejectWith::no_route:
        case RejectWith::net_unreachable: return {3, 0};
        case RejectWith::addr_unreachable:
        case RejectWith::host_unreachable: return {3, 1};
        case RejectWith::proto_unreachable: return {3, 2};
        case RejectWith::tcp_reset:
        case RejectWith::port_unreachable: return {3, 3};
        case RejectWith::net_prohibited: return {3, 9};
        case RejectWith::host_prohibited: return {3, 10};
        case RejectWith::policy_fail:
        case RejectWith::reject_route:
        case RejectWith::admin_prohibited: return {3, 13};
    }
    return {3, 3};
}

IcmpKind kind_v6(RejectWith with) {
    switch (with) {
        case RejectWith::no_route:
        case RejectWith::net_unreachable: return {1, 0};
        case RejectWith::net_prohibited:
        case RejectWith::host_prohibited:
        case RejectWith::admin_prohibited: return {1, 1};
        case RejectWith::addr_unreachable:
        case RejectWith::host_unreachable: return {1, 3};
        case RejectWith::proto_unreachable:
        case RejectWith::tcp_reset:
        case RejectWith::port_unreachable: return {1, 4};
        case RejectWith::policy_fail: return {1, 5};
        case RejectWith::reject_route: return {1, 6};
    }
    return {1, 4};
}

bool is_one_host(const wire::IpAddress& a) {
    if (!a.is_v4()) return (a.high() >> 56U) != 0xff && a != wire::IpAddress::v6(0, 0);
    return a.v4_bits() >> 28U != 14 && a.v4_bits() != 0xffffffffU && a.v4_bits() != 0;  // class E passes for one
}

// An ICMP message that must not be answered by an error: an error itself, and (observed, Linux 6.18) of IPv4 whatever is
// no question or answer of echo, timestamp, information or mask.
bool is_unanswerable_icmp(const wire::PacketView& p) {
    const wire::IcmpHeader* icmp = p.icmp();
    if (icmp == nullptr) return false;
    if (!p.ip.source.is_v4()) return icmp->type < 128;
    return icmp->type != 0 && icmp->type != 8 && (icmp->type < 13 || icmp->type > 18);
}

// The kernel answers only what passes the Internet checksum over its payload, and spares just the protocols that it
// knows to have none (GRE, ESP, AH, SCTP, UDP-Lite; Linux 6.18 has forgotten DCCP). Nothing, or zeros, pass it too: the
// sum begins with the IP header's, which is never zero. For IPv6 it covers a pseudo header that such foreign protocols
// never carry.
bool sum_fits(const wire::PacketView& p) {
    if (p.transport_cut || p.checksum_wrong) return false;
    if (p.tcp() != nullptr || p.udp() != nullptr || p.icmp() != nullptr) return true;
    switch (static_cast<std::uint8_t>(p.ip.protocol)) {
        case 47:
        case 50:
        case 51:
        case 132:
        case 136: return true;
        default: break;
    }
    const std::uint16_t left = wire::internet_checksum(p.ip_payload);
    return p.ip.source.is_v4() && (left == 0 || left == 0xffff);
}

bool may_be_answered(const wire::PacketView& p) {
    return !p.ip.is_fragment() && is_one_host(p.ip.source) && is_one_host(p.ip.target) && !is_unanswerable_icmp(p);
}

wire::IpHeader back(const wire::PacketView& p, const wire::IpAddress& from, Protocol protocol) {
    wire::IpHeader ip;
    ip.source = from;
    ip.target = p.ip.source;
    ip.protocol = protocol;
    return ip;
}

base::Bytes icmp_error(const wire::PacketView& p, IcmpKind kind, const wire::IpAddress& box) {
    // The whole error stays within what every host must accept: 576 octets (RFC 1812 4.3.2.3), 1280 (RFC 4443 2.4).
    const bool v4 = p.ip.source.is_v4();
    const std::size_t room = v4 ? 576 - 28 : 1280 - 48;
    return wire::emit_icmp(back(p, box, v4 ? Protocol::icmp : Protocol::icmpv6), {.type = kind.type, .code = kind.code},
                           p.octets.first(std::min(room, p.octets.size())));
}

std::optional<base::Bytes> tcp_reset(const wire::PacketView& p) {
    const wire::TcpHeader* tcp = p.tcp();
    if (tcp == nullptr || tcp->flags.has(F::rst)) return std::nullopt;
    wire::TcpHeader rst;
    rst.source = tcp->target;
    rst.target = tcp->source;
    rst.window = 0;
    if (tcp->flags.has(F::ack)) {
        rst.flags.bits = F::rst;
        rst.sequence = tcp->acknowledgement;
    } else {
        rst.flags.bits = F::rst | F::ack;
        rst.acknowledgement = tcp->sequence + static_cast<std::uint32_t>(p.payload.size()) +
                              (tcp->flags.has(F::syn) ? 1U : 0U) + (tcp->flags.has(F::fin) ? 1U : 0U);
    }
    return wire::emit_tcp(back(p, p.ip.target, Protocol::tcp), rst);
}

}  // namespace

std::optional<base::Bytes> reject_answer(const wire::PacketView& packet, RejectWith with, const wire::IpAddress& box) {
    if (!may_be_answered(packet) || !sum_fits(packet)) return std::nullopt;
    if (with == RejectWith::tcp_reset) return tcp_reset(packet);
    return icmp_error(packet, packet.ip.source.is_v4() ? kind_v4(with) : kind_v6(with), box);
}

std::optional<base::Bytes> time_exceeded(const wire::PacketView& packet, const wire::IpAddress& box) {
    if (!may_be_answered(packet)) return std::nullopt;
    const bool v4 = packet.ip.source.is_v4();
    return icmp_error(packet, v4 ? IcmpKind{11, 0} : IcmpKind{3, 0}, box);
}

}  // namespace sim::firewall
