#include "sim/wire/big_endian.hpp"
#include "sim/wire/checksum.hpp"
#include "sim/wire/packet.hpp"
#include "sim/wire/parse_ip.hpp"

#include <algorithm>

namespace sim::wire {

namespace {

constexpr std::size_t tcp_header_length = 20;
constexpr std::size_t udp_header_length = 8;
constexpr std::size_t icmp_header_length = 8;

// Options a TCP does not know, or whose length is nonsense, are passed over as a real TCP does it (RFC 9293 3.2):
// nonsense ends the list and leaves the segment valid.
void read_options(TcpHeader& tcp, base::ByteView options) {
    constexpr std::uint8_t end_of_list = 0, no_operation = 1, mss = 2, window_scale = 3, sack_permitted = 4;
    while (!options.empty() && options[0] != end_of_list) {
        if (options[0] == no_operation) {
            options = options.subspan(1);
            continue;
        }
        if (options.size() < 2 || options[1] < 2 || options[1] > options.size()) return;
        const std::uint8_t kind = options[0];
        const std::uint8_t length = options[1];
        if (kind == mss && length == 4) tcp.mss = load16(options.data() + 2);
        if (kind == window_scale && length == 3) tcp.window_scale = options[2];
        if (kind == sack_permitted && length == 2) tcp.sack_permitted = true;
        options = options.subspan(length);
    }
}

bool sum_is_wrong(const PacketView& view, Protocol protocol, base::ByteView covered) {
    return internet_checksum(covered, pseudo_header_sum(view.ip, protocol, covered.size())) != 0;
}

void read_tcp(PacketView& view, Completeness completeness) {
    const base::ByteView segment = view.ip_payload;
    const base::Byte* at = segment.data();
    const std::size_t header_length = segment.size() < tcp_header_length ? 0 : (at[12] >> 4U) * std::size_t{4};
    const bool complete = header_length >= tcp_header_length && header_length <= segment.size();
    if (!complete && (completeness == Completeness::whole || segment.size() < 8)) {
        view.transport_cut = true;
        return;
    }
    TcpHeader& tcp = view.transport.emplace<TcpHeader>();
    tcp.source = Port{load16(at)};
    tcp.target = Port{load16(at + 2)};
    tcp.sequence = load32(at + 4);
    if (!complete) return;
    tcp.acknowledgement = load32(at + 8);
    tcp.flags = TcpFlags{at[13]};
    tcp.window = load16(at + 14);
    tcp.urgent = load16(at + 18);
    if (header_length > tcp_header_length)
        read_options(tcp, segment.subspan(tcp_header_length, header_length - tcp_header_length));
    view.payload = segment.subspan(header_length);
    if (completeness == Completeness::whole && !view.ip.is_fragment())
        view.checksum_wrong = sum_is_wrong(view, Protocol::tcp, segment);
}

void read_udp(PacketView& view, Completeness completeness) {
    const base::ByteView available = view.ip_payload;
    const std::size_t length = available.size() < udp_header_length ? 0 : load16(available.data() + 4);
    const bool may_be_cut = completeness == Completeness::quoted || view.ip.is_fragment();
    if (length < udp_header_length || (length > available.size() && !may_be_cut)) {
        view.transport_cut = true;
        return;
    }
    const base::ByteView datagram = available.first(std::min(length, available.size()));
    const base::Byte* at = datagram.data();
    view.transport.emplace<UdpHeader>(UdpHeader{.source = Port{load16(at)}, .target = Port{load16(at + 2)}});
    view.payload = datagram.subspan(udp_header_length);
    if (may_be_cut) return;
    // Zero means "not computed" and is legal in IPv4 alone (RFC 768; RFC 8200 8.1).
    const bool absent = load16(at + 6) == 0;
    view.checksum_wrong = absent ? !view.ip.source.is_v4() : sum_is_wrong(view, Protocol::udp, datagram);
}

void read_icmp(PacketView& view, Completeness completeness) {
    const base::ByteView message = view.ip_payload;
    if (message.size() < icmp_header_length) {
        view.transport_cut = true;
        return;
    }
    const base::Byte* at = message.data();
    view.transport.emplace<IcmpHeader>(IcmpHeader{.type = at[0], .code = at[1], .rest = load32(at + 4)});
    view.payload = message.subspan(icmp_header_length);
    if (completeness == Completeness::quoted || view.ip.is_fragment()) return;
    // ICMP for IPv4 has no pseudo header (RFC 792), ICMPv6 has one (RFC 4443 2.3).
    view.checksum_wrong =
        view.ip.source.is_v4() ? internet_checksum(message) != 0 : sum_is_wrong(view, Protocol::icmpv6, message);
}

base::Result<PacketView, ParseError> parse_packet(base::ByteView octets, Completeness completeness) {
    auto parsed = parse_ip(octets, completeness);
    if (!parsed) return parsed;
    PacketView& view = *parsed;
    const bool v4 = view.ip.source.is_v4();
    if (view.ip.fragment_offset != 0)
        view.payload = view.ip_payload;
    else if (view.ip.protocol == Protocol::tcp)
        read_tcp(view, completeness);
    else if (view.ip.protocol == Protocol::udp)
        read_udp(view, completeness);
    else if (view.ip.protocol == (v4 ? Protocol::icmp : Protocol::icmpv6))
        read_icmp(view, completeness);
    else
        view.payload = view.ip_payload;
    return parsed;
}

}  // namespace

base::Result<PacketView, ParseError> parse(base::ByteView octets) { return parse_packet(octets, Completeness::whole); }

base::Result<PacketView, ParseError> parse_quoted(base::ByteView octets) {
    return parse_packet(octets, Completeness::quoted);
}

Endpoint PacketView::source() const {
    if (const TcpHeader* head = tcp()) return {ip.source, head->source};
    if (const UdpHeader* head = udp()) return {ip.source, head->source};
    return {ip.source, Port{0}};
}

Endpoint PacketView::target() const {
    if (const TcpHeader* head = tcp()) return {ip.target, head->target};
    if (const UdpHeader* head = udp()) return {ip.target, head->target};
    return {ip.target, Port{0}};
}

std::string format(ParseReason reason) {
    switch (reason) {
        case ParseReason::empty: return "there are no octets";
        case ParseReason::not_ip: return "it begins neither as IPv4 nor as IPv6";
        case ParseReason::header_cut: return "it ends inside its IP header";
        case ParseReason::bad_header_length: return "its IPv4 header claims to be shorter than 20 octets";
        case ParseReason::total_length_wrong: return "the length in its IP header does not fit its octets";
        case ParseReason::header_checksum_wrong: return "the checksum of its IPv4 header is wrong";
        case ParseReason::extension_cut: return "it ends inside an IPv6 extension header";
    }
    return "it is malformed";
}

}  // namespace sim::wire
