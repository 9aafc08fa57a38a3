// RPC-aware inspection: reads the answers of endpoint mappers that pass through the box and holds the announced ports
// open for the client that asked (firewall-semantics, section 8).
#pragma once

#include "sim/base/time.hpp"
#include "sim/firewall/firewall.hpp"
#include "sim/wire/packet.hpp"

#include <vector>

namespace sim::firewall {

class RpcInspector {
public:
    // A packet that the box forwards.
    void observe(const wire::PacketView& packet, base::SimTime now, base::SimDuration timeout);

    // Whether the packet goes through a pinhole, either way.
    bool opens(const wire::PacketView& packet, base::SimTime now) const;

    std::vector<Pinhole> pinholes(base::SimTime now) const;
    void forget() { pinholes_.clear(); }

private:
    std::vector<Pinhole> pinholes_;
};

}  // namespace sim::firewall
