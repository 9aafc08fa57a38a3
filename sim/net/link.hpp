// One direction of a wire: holds every packet for its latency, loses some, and passes on the rest in order.
//
// - Latency is the time of one crossing. A link of no latency still goes through the scheduler, so that a node is never
//   entered again from within its own sending; only a link that is told so (Crossing::at_once) hands on directly.
// - Loss is drawn per packet when it enters, from the generator handed in; with a loss of 0 nothing is drawn.
// - A packet longer than the MTU is dropped, as at a router that fails to say so: TCP never meets this because hosts
//   announce a segment size that fits, and our programs send small datagrams. No ICMP error is made, no fragment cut.
//
// Bandwidth is not modelled: the conversations studied here are too short to fill a wire.
#pragma once

#include "sim/base/random.hpp"
#include "sim/net/node.hpp"
#include "sim/net/scheduler.hpp"

#include <cstdint>
#include <vector>

namespace sim::net {

// A chance as a ratio of integers; 0 of 1 is never.
struct Ratio {
    std::uint32_t numerator = 0;
    std::uint32_t denominator = 1;
    bool operator==(const Ratio&) const = default;
};

struct LinkSettings {
    base::SimDuration latency{};
    Ratio loss{};
    std::uint32_t mtu = 1500;  // octets of an IP packet, header included
    bool operator==(const LinkSettings&) const = default;
};

enum class Crossing : std::uint8_t {
    scheduled,  // what a host sends on
    at_once,    // with no latency, between nodes that are never entered again: from firewall to firewall, or to a host
};

// Hears of what a link did not carry.
class LinkWatcher {
public:
    enum class Loss : std::uint8_t { chance, too_big };
    virtual void lost(const Packet& packet, Loss why, base::SimTime now) = 0;

protected:
    ~LinkWatcher() = default;
};

class Link final : public Node, private Scheduler::Target {
public:
    // Borrows the scheduler, the far end and the watcher (which may be null).
    Link(Scheduler& scheduler, const LinkSettings& settings, base::Random random, Node& far_end,
         LinkWatcher* watcher = nullptr, Crossing crossing = Crossing::scheduled);

    Link(const Link&) = delete;
    Link& operator=(const Link&) = delete;

    void receive(Packet packet, base::SimTime now) override;

    // As newly built, memory kept. Only together with a reset of the scheduler.
    void reset(const LinkSettings& settings, base::Random random, LinkWatcher* watcher);

    // From the next packet on; what is on the way arrives as planned.
    void change(const LinkSettings& settings) { settings_ = settings; }
    const LinkSettings& settings() const { return settings_; }

private:
    void fire(std::uint64_t token, base::SimTime now) override;

    Scheduler& scheduler_;
    LinkSettings settings_;
    base::Random random_;
    Node& far_end_;
    LinkWatcher* watcher_;
    Crossing crossing_;
    std::vector<Packet> slots_;  // packets on the way, by token
    std::vector<std::uint32_t> free_slots_;
};

}  // namespace sim::net
