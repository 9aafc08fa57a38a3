// Small packets for the tests of this room: say what matters, take the rest as it is.
#pragma once

#include "sim/firewall/firewall.hpp"
#include "sim/firewall/import/native_text.hpp"
#include "sim/wire/packet.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

namespace packets {

namespace fw = sim::firewall;
namespace wire = sim::wire;
namespace base = sim::base;
using namespace std::chrono_literals;
using F = wire::TcpFlags;

inline const wire::IpAddress client = wire::IpAddress::v4(192, 0, 2, 50);
inline const wire::IpAddress server = wire::IpAddress::v4(10, 0, 0, 10);

inline wire::IpHeader ip(wire::IpAddress from, wire::IpAddress to, wire::Protocol protocol) {
    wire::IpHeader header;
    header.source = from;
    header.target = to;
    header.protocol = protocol;
    return header;
}

struct Tcp {
    std::uint16_t from_port = 1030;
    std::uint16_t to_port = 135;
    std::uint8_t flags = F::syn;
    std::uint32_t seq = 1000;
    std::uint32_t ack = 0;
    std::uint16_t window = 8192;
    std::size_t length = 0;
};

inline base::Bytes tcp(wire::IpAddress from, wire::IpAddress to, const Tcp& t) {
    wire::TcpHeader header;
    header.source = wire::Port{t.from_port};
    header.target = wire::Port{t.to_port};
    header.flags.bits = t.flags;
    header.sequence = t.seq;
    header.acknowledgement = t.ack;
    header.window = t.window;
    return wire::emit_tcp(ip(from, to, wire::Protocol::tcp), header, base::Bytes(t.length, 'x'));
}
inline base::Bytes to_server(const Tcp& t) { return tcp(client, server, t); }
inline base::Bytes to_client(const Tcp& t) { return tcp(server, client, t); }

inline base::Bytes udp(wire::IpAddress from, wire::IpAddress to, std::uint16_t from_port, std::uint16_t to_port,
                       std::size_t length = 8) {
    return wire::emit_udp(ip(from, to, wire::Protocol::udp), {wire::Port{from_port}, wire::Port{to_port}},
                          base::Bytes(length, 'u'));
}

inline base::Bytes icmp(wire::IpAddress from, wire::IpAddress to, std::uint8_t type, std::uint8_t code = 0,
                        std::uint32_t rest = 1U << 16U, base::ByteView payload = {}) {
    return wire::emit_icmp(ip(from, to, wire::Protocol::icmp), {type, code, rest}, payload);
}

inline fw::SharedRules native(const std::string& text) {
    const auto parsed = fw::import::parse_native(base::SourceText("test.rules", text));
    if (!parsed)
        for (const auto& d : parsed.error()) BOOST_ERROR(base::format(d));
    BOOST_REQUIRE(parsed.has_value());
    const auto built = fw::import::build(*parsed);
    if (!built)
        for (const auto& d : built.error()) BOOST_ERROR(base::format(d));
    BOOST_REQUIRE(built.has_value());
    return *built;
}

// "accept rule 2", "drop invalid-state", "reject tcp-reset rule 1"
inline std::string words(const fw::Verdict& v, const fw::RuleSet& rules) {
    std::string text(fw::id(v.action));
    if (v.with) text += " " + std::string(fw::id(*v.with));
    if (v.rule) return text + " " + rules.label(*v.rule);
    return text + " " + std::string(fw::id(v.reason));
}

constexpr base::SimTime at(base::SimDuration d) { return base::time_zero + d; }

}  // namespace packets
