#include "sim/wire/flow.hpp"

#include <fmt/format.h>

namespace sim::wire {

FlowKey flow_of(const PacketView& packet) { return {packet.ip.protocol, packet.source(), packet.target()}; }

std::string format(const FlowKey& flow) {
    return fmt::format("{} ({}, {}, {}, {})", format(flow.protocol), flow.source.address.format(),
                       flow.source.port.value, flow.target.address.format(), flow.target.port.value);
}

}  // namespace sim::wire
