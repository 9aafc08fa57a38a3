// Collects the fragments of a datagram until it is whole (RFC 791 3.2, RFC 8200 4.5), as connection tracking needs it.
//
// As the kernel does: a fragment that repeats what is there is ignored, one that overlaps in part spoils the whole
// datagram (RFC 5722), and what is not complete in time is forgotten. Memory is bounded, whatever arrives.
#pragma once

#include "sim/base/time.hpp"
#include "sim/firewall/settings.hpp"
#include "sim/wire/packet.hpp"

#include <optional>
#include <vector>

namespace sim::firewall {

struct Datagram {
    base::Bytes whole;                // one packet without fragmentation
    std::vector<base::Bytes> pieces;  // the fragments it came in, in order of their offsets
};

class Reassembler {
public:
    static constexpr std::size_t datagrams_max = 256;
    static constexpr std::size_t octets_max = 4'000'000;

    // False for a first fragment of IPv6 that does not hold its whole transport header (RFC 8200 4.5): it is not
    // collected but goes on by itself, and the rest of its datagram waits in vain (observed, Linux 6.18).
    static bool takes(const wire::PacketView& fragment);

    // The datagram that this fragment completes, or nothing. Requires fragment.ip.is_fragment().
    std::optional<Datagram> add(const wire::PacketView& fragment, base::SimTime now, const Timers& timers);

    void forget() { collections_.clear(); }

private:
    struct Piece {
        std::size_t offset = 0;
        base::Bytes payload;
        base::Bytes packet;
        std::size_t end() const { return offset + payload.size(); }
    };
    struct Collection {
        wire::IpHeader key;  // addresses, protocol and id
        base::SimTime expires{};
        std::optional<std::size_t> length;  // known from the last fragment
        std::optional<wire::IpHeader> first;
        std::vector<Piece> pieces;  // by offset, without overlap
    };

    enum class Placed : std::uint8_t { yes, repeated, spoils };
    static Placed place(Collection& collection, const wire::PacketView& fragment);
    static std::optional<Datagram> join(Collection& collection);
    std::size_t find_or_begin(const wire::PacketView& fragment, base::SimTime now, const Timers& timers);
    void make_room(base::SimTime now);

    std::vector<Collection> collections_;  // oldest first
};

}  // namespace sim::firewall
