#include "tests/firewall/golden_packet.hpp"

#include "sim/wire/packet.hpp"

#include <boost/json/src.hpp>

#include <stdexcept>

namespace golden {
namespace {

namespace json = boost::json;
using namespace sim;
using base::Bytes;

std::int64_t number(const json::object& o, std::string_view key, std::int64_t otherwise = 0) {
    const json::value* v = o.if_contains(key);
    return v == nullptr ? otherwise : v->to_number<std::int64_t>();
}

wire::IpAddress address(const json::object& o, std::string_view key) {
    return *wire::IpAddress::parse(std::string_view(o.at(key).as_string()));
}

wire::Port port(const json::object& o, std::string_view key) {
    return wire::Port{static_cast<std::uint16_t>(number(o, key))};
}

// A to Z and again, as the recorder filled its packets.
Bytes pattern(std::int64_t length) {
    Bytes out;
    for (std::int64_t i = 0; i < length; ++i) out.push_back(static_cast<base::Byte>('A' + i % 26));
    return out;
}

Bytes hex(std::string_view digits) {
    Bytes out;
    for (std::size_t i = 0; i + 1 < digits.size(); i += 2)
        out.push_back(static_cast<base::Byte>(std::stoi(std::string(digits.substr(i, 2)), nullptr, 16)));
    return out;
}

std::uint8_t flags(std::string_view letters) {
    constexpr std::string_view order = "FSRPAUEC";
    std::uint8_t bits = 0;
    for (const char c : letters) bits = static_cast<std::uint8_t>(bits | 1U << order.find(c));
    return bits;
}

wire::Protocol protocol(const json::value& v) {
    if (v.is_number()) return static_cast<wire::Protocol>(v.to_number<int>());
    const std::string_view name = v.as_string();
    if (name == "tcp") return wire::Protocol::tcp;
    if (name == "udp") return wire::Protocol::udp;
    if (name == "icmp") return wire::Protocol::icmp;
    if (name == "icmpv6") return wire::Protocol::icmpv6;
    throw std::runtime_error("unknown protocol");
}

wire::TcpHeader tcp_header(const json::object& d) {
    wire::TcpHeader tcp;
    tcp.source = port(d, "sport");
    tcp.target = port(d, "dport");
    tcp.sequence = static_cast<std::uint32_t>(number(d, "seq"));
    tcp.acknowledgement = static_cast<std::uint32_t>(number(d, "ack"));
    if (const json::value* f = d.if_contains("flags")) tcp.flags.bits = flags(f->as_string());
    tcp.window = static_cast<std::uint16_t>(number(d, "win", 65535));
    if (const json::value* o = d.if_contains("opts")) {
        const json::object& opts = o->as_object();
        if (opts.contains("mss")) tcp.mss = static_cast<std::uint16_t>(number(opts, "mss"));
        if (opts.contains("ws")) tcp.window_scale = static_cast<std::uint8_t>(number(opts, "ws"));
        tcp.sack_permitted = opts.contains("sackok");
    }
    return tcp;
}

Bytes whole(const json::object& d, const wire::IpHeader& ip) {
    const json::value* data = d.if_contains("data");
    const Bytes payload = data != nullptr ? hex(data->as_string()) : pattern(number(d, "len"));
    switch (ip.protocol) {
        case wire::Protocol::tcp: return wire::emit_tcp(ip, tcp_header(d), payload);
        case wire::Protocol::udp: return wire::emit_udp(ip, {port(d, "sport"), port(d, "dport")}, payload);
        case wire::Protocol::icmp:
        case wire::Protocol::icmpv6: break;
        default: return wire::emit_raw(ip, payload);
    }
    wire::IcmpHeader icmp{static_cast<std::uint8_t>(number(d, "type")), static_cast<std::uint8_t>(number(d, "code")),
                          static_cast<std::uint32_t>(number(d, "id") << 16 | number(d, "seq"))};
    if (const json::value* inner = d.if_contains("inner")) return wire::emit_icmp(ip, icmp, packet(inner->as_object()));
    return wire::emit_icmp(ip, icmp, payload);
}

void put16(Bytes& octets, std::size_t at, std::int64_t value) {
    octets.at(at) = static_cast<base::Byte>(value >> 8);
    octets.at(at + 1) = static_cast<base::Byte>(value & 0xff);
}

// Where the checksum of a transport header lies.
std::size_t sum_at(wire::Protocol p) { return p == wire::Protocol::tcp ? 16 : p == wire::Protocol::udp ? 6 : 2; }

Bytes fragment(const json::object& d, wire::IpHeader ip, const json::object& frag) {
    Bytes payload;
    if (d.contains("l4raw")) {
        payload = hex(d.at("data").as_string());
    } else if (number(frag, "off") == 0) {
        const Bytes packet = whole(d, ip);
        const auto view = *wire::parse(packet);
        payload.assign(view.ip_payload.begin(), view.ip_payload.end());
        if (d.contains("sum")) put16(payload, sum_at(ip.protocol), number(d, "sum"));
        if (d.contains("udplen")) put16(payload, 4, number(d, "udplen"));
    } else {
        payload = hex(d.at("data").as_string());
    }
    ip.dont_fragment = false;
    ip.id = static_cast<std::uint32_t>(number(frag, "id"));
    ip.fragment_offset = static_cast<std::uint16_t>(number(frag, "off"));
    ip.more_fragments = frag.at("mf").as_bool();
    return wire::emit_raw(ip, payload);
}

}  // namespace

Bytes packet(const json::object& d) {
    wire::IpHeader ip;
    ip.source = address(d, "src");
    ip.target = address(d, "dst");
    ip.protocol = protocol(d.at("proto"));
    ip.hop_limit = static_cast<std::uint8_t>(number(d, "ttl", 64));
    if (const json::value* frag = d.if_contains("frag")) return fragment(d, ip, frag->as_object());
    Bytes octets = whole(d, ip);
    if (d.contains("badsum")) {
        const auto view = *wire::parse(octets);
        const std::size_t at = octets.size() - view.ip_payload.size() + sum_at(ip.protocol);
        octets.at(at) ^= 0x55;
    }
    return octets;
}

}  // namespace golden
