#include "sim/wire/parse_ip.hpp"

#include "sim/wire/big_endian.hpp"

#include <algorithm>
#include <utility>

namespace sim::wire {

namespace {

using Parsed = base::Result<PacketView, ParseError>;

constexpr std::size_t v4_header_length = 20;
constexpr std::size_t v6_header_length = 40;

base::Failure<ParseError> wrong(ParseReason reason, std::size_t offset) {
    return base::failure(ParseError{.offset = offset, .reason = reason});
}

Parsed parse_v4(base::ByteView octets, Completeness completeness) {
    if (octets.size() < v4_header_length) return wrong(ParseReason::header_cut, octets.size());
    const base::Byte* at = octets.data();
    const std::size_t header_length = (at[0] & 0x0fU) * std::size_t{4};
    if (header_length < v4_header_length) return wrong(ParseReason::bad_header_length, 0);
    if (header_length > octets.size()) return wrong(ParseReason::header_cut, octets.size());
    const std::size_t total_length = load16(at + 2);
    const bool quoted = completeness == Completeness::quoted;
    if (total_length < header_length || (!quoted && total_length > octets.size()))
        return wrong(ParseReason::total_length_wrong, 2);
    if (!quoted && internet_checksum(octets.first(header_length)) != 0)
        return wrong(ParseReason::header_checksum_wrong, 10);

    const std::uint16_t fragment = load16(at + 6);
    Parsed parsed(boost::system::in_place_value);
    PacketView& view = *parsed;
    view.ip = {.source = IpAddress::v4(load32(at + 12)),
               .target = IpAddress::v4(load32(at + 16)),
               .protocol = static_cast<Protocol>(at[9]),
               .hop_limit = at[8],
               .traffic_class = at[1],
               .id = load16(at + 4),
               .dont_fragment = (fragment & 0x4000U) != 0,
               .more_fragments = (fragment & 0x2000U) != 0,
               .fragment_offset = static_cast<std::uint16_t>((fragment & 0x1fffU) * 8U)};
    view.octets = octets.first(std::min(total_length, octets.size()));
    view.ip_payload = view.octets.subspan(header_length);
    return parsed;
}

constexpr std::uint8_t hop_by_hop = 0;
constexpr std::uint8_t routing = 43;
constexpr std::uint8_t fragment_header = 44;
constexpr std::uint8_t authentication = 51;
constexpr std::uint8_t destination_options = 60;

// Steps over the extension headers (RFC 8200 section 4) and fills in what they say. A later fragment ends the walk:
// what follows is the middle of something. So does a second fragment header, which no sender has a reason for; the
// packet then counts as "protocol 44", and no rule for a transport matches it. An authentication header may claim to
// be longer than the packet: what it announces then has no octets.
Parsed walk_extensions(Parsed parsed, std::uint8_t next) {
    PacketView& view = *parsed;
    std::size_t at = v6_header_length;
    bool seen_fragment_header = false;
    while (next == hop_by_hop || next == routing || next == destination_options || next == authentication ||
           (next == fragment_header && !seen_fragment_header)) {
        const base::ByteView left = view.octets.subspan(at);
        if (left.size() < 8) return wrong(ParseReason::extension_cut, view.octets.size());
        std::size_t length = 8;
        if (next == fragment_header) {
            const std::uint16_t place = load16(left.data() + 2);
            seen_fragment_header = true;
            view.ip.id = load32(left.data() + 4);
            view.ip.fragment_offset = static_cast<std::uint16_t>(place & 0xfff8U);
            view.ip.more_fragments = (place & 1U) != 0;
        } else if (next == authentication) {
            length = std::min((left[1] + std::size_t{2}) * 4, left.size());  // RFC 4302 2.2
        } else {
            length = (left[1] + std::size_t{1}) * 8;
            if (length > left.size()) return wrong(ParseReason::extension_cut, view.octets.size());
        }
        next = left[0];
        at += length;
        if (view.ip.fragment_offset != 0) break;
    }
    view.ip.protocol = static_cast<Protocol>(next);
    view.ip_payload = view.octets.subspan(at);
    return parsed;
}

Parsed parse_v6(base::ByteView octets, Completeness completeness) {
    if (octets.size() < v6_header_length) return wrong(ParseReason::header_cut, octets.size());
    const base::Byte* at = octets.data();
    const std::size_t total_length = v6_header_length + load16(at + 4);
    if (completeness == Completeness::whole && total_length > octets.size())
        return wrong(ParseReason::total_length_wrong, 4);

    Parsed parsed(boost::system::in_place_value);
    PacketView& view = *parsed;
    view.ip = {.source = IpAddress::v6(load64(at + 8), load64(at + 16)),
               .target = IpAddress::v6(load64(at + 24), load64(at + 32)),
               .protocol = static_cast<Protocol>(at[6]),
               .hop_limit = at[7],
               .traffic_class = static_cast<std::uint8_t>(load16(at) >> 4U & 0xffU)};
    view.octets = octets.first(std::min(total_length, octets.size()));
    view.ip_payload = view.octets.subspan(v6_header_length);
    switch (at[6]) {
        case hop_by_hop:
        case routing:
        case fragment_header:
        case authentication:
        case destination_options: return walk_extensions(std::move(parsed), at[6]);
        default: return parsed;
    }
}

}  // namespace

base::Result<PacketView, ParseError> parse_ip(base::ByteView octets, Completeness completeness) {
    if (octets.empty()) return wrong(ParseReason::empty, 0);
    switch (octets[0] >> 4U) {
        case 4: return parse_v4(octets, completeness);
        case 6: return parse_v6(octets, completeness);
        default: return wrong(ParseReason::not_ip, 0);
    }
}

}  // namespace sim::wire
