// The pinholes of one box: opened by announcements, found by packets, closed by time or use.
//
// A hole that is closed is remembered until its place is needed, so that a refused packet can be told why. Bounded:
// beyond 4096 the hole that expires first makes room.
#pragma once

#include "sim/firewall/inspection.hpp"
#include "sim/wire/packet.hpp"

#include <map>
#include <utility>
#include <vector>

namespace sim::firewall {

class Pinholes {
public:
    // Opens a hole, or renews one that is open between the same ends; `hole.number` is set here.
    Inspected open(Pinhole hole, base::SimTime now);

    // The hole that lets a packet from a client through; null when none does.
    const Pinhole* fitting(const wire::PacketView& packet, base::SimTime now) const;
    // A connection went through it: a hole for a single one is closed.
    void used(std::uint32_t number, const wire::PacketView& packet, base::SimTime now);
    // A closed hole that the packet would have fitted.
    std::optional<MissedPinhole> missed(const wire::PacketView& packet, base::SimTime now) const;

    // Those that are open, by number.
    std::vector<Pinhole> all(base::SimTime now) const;
    void clear() { holes_.clear(); }

private:
    static constexpr std::size_t holes_max = 4096;

    using Ends = std::pair<wire::IpAddress, wire::Endpoint>;  // client, announced
    struct Kept {
        Pinhole hole;
        std::optional<base::SimTime> used_up{};
        bool is_open(base::SimTime now) const { return !used_up && now < hole.expires; }
    };
    const Kept* find(const wire::PacketView& packet) const;

    std::map<Ends, Kept> holes_;
    std::uint32_t last_number_ = 0;
};

}  // namespace sim::firewall
