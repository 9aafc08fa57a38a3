// The connection table: entries found by either direction's tuple, each with the time at which it is forgotten.
//
// Forgetting is lazy: an entry whose time is over is as good as absent, and is swept away when it is met, or when the
// table has doubled since the last sweep. Times must not run backwards.
#pragma once

#include "sim/firewall/tcp_track.hpp"
#include "sim/wire/packet.hpp"

#include <boost/unordered/unordered_flat_map.hpp>

#include <cstdint>
#include <optional>
#include <vector>

namespace sim::firewall {

// What identifies one direction of a flow. The parts are ports for TCP and UDP; for ICMP queries the identifier, and
// type and code; for GRE of version 1 the target's call; otherwise 0.
struct Tuple {
    wire::IpAddress source;
    wire::IpAddress target;
    std::uint16_t source_part = 0;
    std::uint16_t target_part = 0;
    std::uint8_t protocol = 0;
    bool operator==(const Tuple&) const = default;
};

// Absent when the packet has no readable tuple.
std::optional<Tuple> tuple_of(const wire::PacketView& packet);
// The tuple of an answer; absent for ICMP messages that ask nothing and answer nothing.
std::optional<Tuple> reversed(const Tuple& tuple);

struct TupleHash {
    using is_avalanching = void;
    std::size_t operator()(const Tuple& t) const;
};

struct Entry {
    Tuple original;
    Tuple reply;
    TcpTrack tcp;
    base::SimTime expires{};
    base::SimTime stream_from{};  // UDP: a stream when packets still come after this
    std::uint64_t serial = 0;     // age
    bool replied = false;
    bool assured = false;
    bool announced = false;  // expected before it came (RELATED)
    std::uint8_t marks = 0;  // StateSet::snat, dnat: translated at that end; then `reply` is not `original` reversed
    bool drawn = false;      // its port was chosen where the kernel draws one at random (nat.hpp)
    std::uint32_t pinhole = 0;  // of RPC inspection, that let it in; 0: none did
};

class FlowTable {
public:
    struct Found {
        std::uint32_t index;
        FlowSide side;
    };
    std::optional<Found> find(const Tuple& tuple, base::SimTime now);
    Entry& at(std::uint32_t index) { return entries_[index]; }
    const Entry& at(std::uint32_t index) const { return entries_[index]; }
    // Returns where it stands now.
    std::uint32_t insert(const Entry& entry, base::SimTime now);
    void erase(std::uint32_t index);
    void clear();

    // Entries alive at `now`, oldest first.
    std::vector<const Entry*> living(base::SimTime now) const;

private:
    void sweep(base::SimTime now);

    static constexpr std::size_t sweep_least = 64;

    boost::unordered_flat_map<Tuple, Found, TupleHash> tuples_;
    std::vector<Entry> entries_;
    std::vector<std::uint32_t> free_;
    std::size_t sweep_at_ = sweep_least;
    std::uint64_t serial_ = 0;
};

}  // namespace sim::firewall
