// The packet seam: whatever a packet can reach is a Node. Hosts, links, firewalls, a TUN device.
//
// A packet is real octets from the IP header on. The tag travels with it unread, so that an observer can recognise a
// packet it has seen before; 0 means that nobody observes.
#pragma once

#include "sim/base/bytes.hpp"
#include "sim/base/time.hpp"

#include <cstdint>

namespace sim::net {

struct Packet {
    base::Bytes octets;
    std::uint32_t tag = 0;
};

class Node {
public:
    virtual void receive(Packet packet, base::SimTime now) = 0;

protected:
    ~Node() = default;
};

}  // namespace sim::net
