// What rules read of a packet, taken out of it once so that trying many rules stays cheap.
#pragma once

#include "sim/firewall/explain.hpp"

#include <cstdint>

namespace sim::firewall {

struct Facts {
    const Subject* subject = nullptr;
    wire::IpAddress source;
    wire::IpAddress target;
    std::uint16_t source_port = 0;  // valid when ports_known
    std::uint16_t target_port = 0;
    std::uint8_t protocol = 0;
    std::uint8_t flags = 0;  // of TCP, valid when header_whole
    bool later_fragment = false;
    bool ports_known = false;   // TCP or UDP with at least the four octets of its ports
    bool header_whole = false;  // the transport header is there to its end
};

// Requires subject.packet; the subject must outlive the facts.
Facts facts_of(const Subject& subject);

}  // namespace sim::firewall
