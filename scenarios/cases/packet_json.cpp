#include "scenarios/cases/packet_json.hpp"

#include "scenarios/cases/fields.hpp"
#include "sim/wire/packet.hpp"

#include <boost/json/value.hpp>
#include <fmt/format.h>

namespace scenarios::cases {
namespace {

using base::Bytes;

constexpr std::string_view letters_in_order = "FSRPAUEC";
constexpr std::int64_t u32_max = 0xffffffff;
constexpr std::size_t octets_max = 65535;  // of a packet, and of what a fragment may carry

// A to Z and again, as the recorder filled its packets.
Bytes pattern(std::int64_t length) {
    Bytes out;
    for (std::int64_t i = 0; i < length; ++i) out.push_back(static_cast<base::Byte>('A' + i % 26));
    return out;
}

std::uint8_t flags(Fields& fields) {
    std::uint8_t bits = 0;
    for (const char c : fields.text("flags", "")) {
        const std::size_t at = letters_in_order.find(c);
        if (at == std::string_view::npos)
            fields.complain("flags", "the letters are FSRPAUEC");
        else
            bits = static_cast<std::uint8_t>(bits | 1U << at);
    }
    return bits;
}

wire::Protocol protocol(Fields& fields) {
    const json::value* v = fields.find("proto");
    if (v != nullptr && !v->is_string()) return static_cast<wire::Protocol>(fields.number("proto", 0, 255));
    const std::string_view name = fields.text("proto");
    if (name == "tcp") return wire::Protocol::tcp;
    if (name == "udp") return wire::Protocol::udp;
    if (name == "icmp") return wire::Protocol::icmp;
    if (name == "icmpv6") return wire::Protocol::icmpv6;
    fields.complain("proto", "tcp, udp, icmp, icmpv6 or a number is wanted");
    return wire::Protocol::tcp;
}

wire::TcpHeader tcp_header(Fields& fields) {
    wire::TcpHeader tcp;
    tcp.source = wire::Port{fields.u16("sport")};
    tcp.target = wire::Port{fields.u16("dport")};
    tcp.sequence = static_cast<std::uint32_t>(fields.number("seq", 0, u32_max, 0));
    tcp.acknowledgement = static_cast<std::uint32_t>(fields.number("ack", 0, u32_max, 0));
    tcp.flags.bits = flags(fields);
    tcp.window = fields.u16("win", 65535);
    if (!fields.has("opts")) return tcp;
    Fields opts(fields.object("opts"), "packet: opts");
    opts.allow({"mss", "ws", "sackok"});
    if (opts.has("mss")) tcp.mss = opts.u16("mss");
    if (opts.has("ws")) tcp.window_scale = static_cast<std::uint8_t>(opts.number("ws", 0, 255));
    if (const json::value* sack = opts.find("sackok")) tcp.sack_permitted = !(sack->is_bool() && !sack->get_bool());
    if (!opts.fault().empty()) fields.complain("opts", opts.fault());
    return tcp;
}

Bytes quoted(Fields& fields) {
    const auto inner = read_packet(fields.object("inner"));
    if (inner) return *inner;
    fields.complain("inner", inner.error());
    return {};
}

// What stands behind the transport header; at most so much that the packet fits its 16-bit length.
Bytes payload_of(Fields& fields) {
    constexpr std::size_t payload_max = octets_max - 100;
    Bytes payload = fields.has("inner")  ? quoted(fields)
                    : fields.has("data") ? fields.hex("data")
                                         : pattern(fields.number("len", 0, payload_max, 0));
    if (payload.size() <= payload_max) return payload;
    fields.complain(fields.has("inner") ? "inner" : "data", "is too long for one packet");
    return {};
}

// The packet without its fragmentation.
Bytes whole(Fields& fields, const wire::IpHeader& ip) {
    if (fields.has("l4raw")) return wire::emit_raw(ip, fields.hex("data"));
    const Bytes payload = payload_of(fields);
    switch (ip.protocol) {
        case wire::Protocol::tcp: return wire::emit_tcp(ip, tcp_header(fields), payload);
        case wire::Protocol::udp: {
            const wire::UdpHeader udp{wire::Port{fields.u16("sport")}, wire::Port{fields.u16("dport")}};
            return wire::emit_udp(ip, udp, payload);
        }
        case wire::Protocol::icmp:
        case wire::Protocol::icmpv6: break;
        default: return wire::emit_raw(ip, payload);
    }
    const auto rest = static_cast<std::uint32_t>(fields.u16("id", 0)) << 16U | fields.u16("seq", 0);
    const wire::IcmpHeader icmp{static_cast<std::uint8_t>(fields.number("type", 0, 255)),
                                static_cast<std::uint8_t>(fields.number("code", 0, 255, 0)), rest};
    return wire::emit_icmp(ip, icmp, payload);
}

void put16(Bytes& octets, std::size_t at, std::uint16_t value) {
    if (at + 1 >= octets.size()) return;
    octets[at] = static_cast<base::Byte>(value >> 8U);
    octets[at + 1] = static_cast<base::Byte>(value);
}

// Where the checksum of a transport header lies.
std::size_t sum_at(wire::Protocol p) { return p == wire::Protocol::tcp ? 16 : p == wire::Protocol::udp ? 6 : 2; }

std::size_t transport_at(base::ByteView packet) {
    const auto view = wire::parse(packet);
    return view ? packet.size() - view->ip_payload.size() : packet.size();
}

Bytes fragment(Fields& fields, wire::IpHeader ip) {
    Fields frag(fields.object("frag"), "packet: frag");
    frag.allow({"id", "off", "mf"});
    ip.dont_fragment = false;
    ip.id = static_cast<std::uint32_t>(frag.number("id", 0, ip.source.is_v4() ? 65535 : u32_max));
    const std::uint16_t offset = frag.u16("off");
    const bool more = frag.boolean("mf");
    if (offset % 8 != 0) frag.complain("off", "is no multiple of 8");
    if (!frag.fault().empty()) fields.complain("frag", frag.fault());
    if (!fields.fault().empty()) return {};
    Bytes payload;
    if (offset != 0 || fields.has("l4raw")) {
        payload = fields.hex("data");
    } else {
        const Bytes packet = whole(fields, ip);
        payload.assign(packet.begin() + static_cast<std::ptrdiff_t>(transport_at(packet)), packet.end());
        if (fields.has("sum")) put16(payload, sum_at(ip.protocol), fields.u16("sum"));
        if (fields.has("udplen")) put16(payload, 4, fields.u16("udplen"));
    }
    if (payload.size() + 60 > octets_max) {
        fields.complain("data", "is too long for one packet");
        return {};
    }
    ip.fragment_offset = offset;
    ip.more_fragments = more;
    return wire::emit_raw(ip, payload);
}

json::value protocol_json(wire::Protocol protocol) {
    switch (protocol) {
        case wire::Protocol::tcp: return "tcp";
        case wire::Protocol::udp: return "udp";
        case wire::Protocol::icmp: return "icmp";
        case wire::Protocol::icmpv6: return "icmpv6";
    }
    return static_cast<int>(protocol);
}

json::object describe(const wire::PacketView& view, bool is_quoted);

void describe_icmp(json::object& out, const wire::PacketView& view, bool is_quoted) {
    const wire::IcmpHeader& icmp = *view.icmp();
    out["type"] = icmp.type;
    out["code"] = icmp.code;
    const bool v4 = view.ip.source.is_v4();
    const bool error =
        v4 ? icmp.type == 3 || icmp.type == 4 || icmp.type == 5 || icmp.type == 11 || icmp.type == 12 : icmp.type < 128;
    if (error) {
        if (is_quoted) return;
        if (const auto inner = wire::parse_quoted(view.payload)) out["inner"] = describe(*inner, true);
        return;
    }
    out["id"] = icmp.identifier();
    if (is_quoted) return;
    out["seq"] = icmp.sequence();
    out["len"] = view.payload.size();
}

// Of a quoted packet only what every error quotes: its addresses and its ports.
json::object describe(const wire::PacketView& view, bool is_quoted) {
    json::object out;
    out["src"] = view.ip.source.format();
    out["dst"] = view.ip.target.format();
    out["proto"] = protocol_json(view.ip.protocol);
    if (view.tcp() != nullptr || view.udp() != nullptr) {
        out["sport"] = view.source().port.value;
        out["dport"] = view.target().port.value;
    }
    if (view.icmp() != nullptr) describe_icmp(out, view, is_quoted);
    if (is_quoted) return out;
    if (const wire::TcpHeader* tcp = view.tcp()) {
        out["seq"] = tcp->sequence;
        out["ack"] = tcp->acknowledgement;
        out["flags"] = flag_letters(tcp->flags.bits);
        out["win"] = tcp->window;
        out["len"] = view.payload.size();
    } else if (view.icmp() == nullptr) {
        out["len"] = view.payload.size();
    }
    return out;
}

}  // namespace

std::string flag_letters(std::uint8_t bits) {
    std::string letters;
    for (std::size_t i = 0; i < letters_in_order.size(); ++i)
        if ((bits >> i & 1U) != 0) letters += letters_in_order[i];
    return letters;
}

base::Result<Bytes, std::string> read_packet(const json::object& description) {
    Fields fields(description, "packet");
    fields.allow({"src",  "dst",  "proto", "ttl", "sport", "dport",  "flags", "seq", "ack",    "win",  "len",
                  "opts", "type", "code",  "id",  "inner", "badsum", "frag",  "sum", "udplen", "data", "l4raw"});
    wire::IpHeader ip;
    ip.source = fields.address("src");
    ip.target = fields.address("dst");
    ip.protocol = protocol(fields);
    ip.hop_limit = static_cast<std::uint8_t>(fields.number("ttl", 0, 255, 64));
    if (ip.source.family() != ip.target.family()) fields.complain("dst", "is of the other version of IP than src");
    if (!fields.fault().empty()) return base::failure(fields.fault());
    Bytes octets = fields.has("frag") ? fragment(fields, ip) : whole(fields, ip);
    if (fields.boolean("badsum", false)) {
        const std::size_t at = transport_at(octets) + sum_at(ip.protocol);
        if (at < octets.size()) octets[at] ^= 0x55;
    }
    if (!fields.fault().empty()) return base::failure(fields.fault());
    return octets;
}

json::object describe_packet(base::ByteView octets) {
    const auto view = wire::parse(octets);
    return view ? describe(*view, false) : json::object{};
}

}  // namespace scenarios::cases
