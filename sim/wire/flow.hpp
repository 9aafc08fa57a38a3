// The key of a flow: who talks to whom, over what.
#pragma once

#include "sim/wire/packet.hpp"

#include <compare>

namespace sim::wire {

struct FlowKey {
    Protocol protocol = Protocol::tcp;
    Endpoint source;
    Endpoint target;

    constexpr auto operator<=>(const FlowKey&) const = default;
};

constexpr FlowKey reversed(const FlowKey& f) { return {f.protocol, f.target, f.source}; }

// For TCP and UDP: addresses and ports. Others: ports are 0.
FlowKey flow_of(const PacketView& packet);

// "TCP (192.0.2.50, 1030, 10.0.0.10, 135)"
std::string format(const FlowKey& flow);

}  // namespace sim::wire
