// Packets with another address or port at one end, as network address translation makes them.
//
// Octets stay as they are but for those fields and the checksums over them, which are adjusted rather than computed
// anew (RFC 1624): a wrong checksum stays wrong, and a UDP checksum that was left out (RFC 768) stays left out.
#pragma once

#include "sim/wire/packet.hpp"

namespace sim::wire {

// Which end changes, and to what. `part` is the port for TCP and UDP, the identifier of an ICMP query whichever end
// changes, and nothing for other protocols.
struct NewEnd {
    bool source = true;
    IpAddress address;  // of the packet's family
    std::uint16_t part = 0;
};

// A packet that is whole or a first fragment.
base::Bytes readdressed(const PacketView& packet, const NewEnd& end);

// An ICMP error: the packet that it quotes changes at one end, as far as it is quoted, and the error itself in an
// address. Requires packet.icmp() and a payload that parse_quoted() takes.
base::Bytes readdressed_error(const PacketView& packet, const NewEnd& quoted, const NewEnd& own);

}  // namespace sim::wire
