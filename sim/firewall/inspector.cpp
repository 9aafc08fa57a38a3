#include "sim/firewall/inspector.hpp"

namespace sim::firewall {

void RpcInspector::observe(const wire::PacketView& packet, base::SimTime now, base::SimDuration timeout) {
    (void)packet, (void)now, (void)timeout;
}

bool RpcInspector::opens(const wire::PacketView& packet, base::SimTime now) const {
    if (packet.tcp() == nullptr) return false;
    for (const Pinhole& hole : pinholes_) {
        if (hole.expires <= now) continue;
        if (packet.ip.source == hole.client && packet.target() == hole.server) return true;
        if (packet.ip.target == hole.client && packet.source() == hole.server) return true;
    }
    return false;
}

std::vector<Pinhole> RpcInspector::pinholes(base::SimTime now) const {
    std::vector<Pinhole> open;
    for (const Pinhole& hole : pinholes_)
        if (hole.expires > now) open.push_back(hole);
    return open;
}

}  // namespace sim::firewall
