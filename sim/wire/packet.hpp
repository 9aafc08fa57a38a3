// Packets: real octets with correct lengths and checksums, from the IP header on (no link layer).
//
// `parse` gives a PacketView, a decoded head that borrows the octets; once it succeeded no accessor can fail.
// `emit_*` builds octets whose parse gives the same values back. Checksums are computed here and nowhere else.
//
// Not done here: reassembly (sim/firewall, sim/net), IP options (kept out of emit; parse steps over them), and
// extension headers of IPv6 other than fragment, hop-by-hop, routing, authentication and destination options (parse
// stops there, and at a second fragment header). Emit writes the fragment header alone, and only for a fragment: an IPv6 packet that
// is none has no identification. A routing header's final address is not looked up for checksums.
#pragma once

#include "sim/base/bytes.hpp"
#include "sim/base/result.hpp"
#include "sim/wire/headers.hpp"

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace sim::wire {

enum class ParseReason : std::uint8_t {
    empty,
    not_ip,              // version is neither 4 nor 6
    header_cut,          // fewer octets than the IP header needs or says
    bad_header_length,   // IHL below 5
    total_length_wrong,  // total or payload length beyond the octets, or shorter than the header
    header_checksum_wrong,
    extension_cut,  // an IPv6 extension header runs off the end
};
std::string format(ParseReason reason);  // a sentence

struct ParseError {
    std::size_t offset = 0;
    ParseReason reason = ParseReason::empty;
    bool operator==(const ParseError&) const = default;
};

// The transport head: absent for a later fragment, for another protocol, and when `transport_cut` says that the
// packet is too short for it (or its own lengths lie), which is a fact for the filter to judge and not an error.
using Transport = std::variant<std::monostate, TcpHeader, UdpHeader, IcmpHeader>;

struct PacketView {
    IpHeader ip;
    Transport transport;
    base::ByteView octets;      // the whole packet, without link padding
    base::ByteView ip_payload;  // behind the IP header(s)
    base::ByteView payload;     // behind the transport header; empty when that is cut; for other protocols and
                                // for later fragments = ip_payload
    bool transport_cut = false;
    bool checksum_wrong = false;  // of TCP, UDP or ICMP; always false for fragments (cannot be known)

    const TcpHeader* tcp() const { return std::get_if<TcpHeader>(&transport); }
    const UdpHeader* udp() const { return std::get_if<UdpHeader>(&transport); }
    const IcmpHeader* icmp() const { return std::get_if<IcmpHeader>(&transport); }

    // Ports where the transport has them, else 0.
    Endpoint source() const;
    Endpoint target() const;
};

[[nodiscard]] base::Result<PacketView, ParseError> parse(base::ByteView octets);

// Whether ICMP errors quote enough: decodes the quoted packet of an ICMP error's payload, tolerating that it is cut
// behind the first 8 octets of its transport header (RFC 792). Ports, and for TCP the sequence number, are valid;
// what was not quoted is zero. Checksums are not judged.
[[nodiscard]] base::Result<PacketView, ParseError> parse_quoted(base::ByteView octets);

// Source and target are of one family; `ip.protocol` is ignored in favour of what is emitted. The whole must fit the
// 16-bit length of IP. One allocation each.
base::Bytes emit_tcp(const IpHeader& ip, const TcpHeader& tcp, base::ByteView payload = {});
base::Bytes emit_udp(const IpHeader& ip, const UdpHeader& udp, base::ByteView payload = {});
base::Bytes emit_icmp(const IpHeader& ip, const IcmpHeader& icmp, base::ByteView payload = {});
// Any IP payload as it stands: other protocols, fragments.
base::Bytes emit_raw(const IpHeader& ip, base::ByteView ip_payload);

// RFC 1071 over the octets, started from `sum` (a pseudo header's partial sum, or 0); the value to store.
std::uint16_t internet_checksum(base::ByteView octets, std::uint32_t sum = 0);

// Cuts an IPv4 or IPv6 packet into fragments that fit `mtu`; one element when it fits already or cannot be cut.
// Whether it may be cut (don't-fragment; IPv6 routers never cut) is for the caller to ask first; fragments come
// without the don't-fragment bit, IPv4 options and IPv6 extension headers. Each carries 8 octets at least, however
// small `mtu` is.
std::vector<base::Bytes> fragment(base::ByteView octets, std::size_t mtu);

// One line for people: "TCP 192.0.2.50:1030 > 10.0.0.10:135 SYN seq 100 win 8192".
std::string summary(const PacketView& packet);

}  // namespace sim::wire
