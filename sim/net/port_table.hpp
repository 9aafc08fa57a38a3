// Which local ports are taken, and which one the next outgoing connection gets.
//
// One counter serves TCP and UDP and skips ports that are taken in the protocol asked for (Q180795); it wraps at the
// top of the range. A port may be taken more than once (a listener and the connections it accepted share it).
#pragma once

#include "sim/base/random.hpp"
#include "sim/net/stack_profile.hpp"
#include "sim/wire/endpoint.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace sim::net {

class PortTable {
public:
    explicit PortTable(const StackProfile& profile, std::uint16_t used_at_boot = 0);

    bool taken(wire::Protocol protocol, wire::Port port) const;
    void take(wire::Protocol protocol, wire::Port port);
    void free(wire::Protocol protocol, wire::Port port);  // one taking of it; ignored when there is none

    // A free port of the dynamic range, already taken for the caller; none when the range is used up.
    std::optional<wire::Port> take_any(wire::Protocol protocol, base::Random& random);

    void reset(const StackProfile& profile, std::uint16_t used_at_boot);

private:
    struct Entry {
        wire::Protocol protocol;
        wire::Port port;
    };
    std::vector<Entry> taken_;  // short: a host in these studies has some dozens
    wire::PortRange range_;
    PortOrder order_;
    std::uint32_t next_ = 0;  // offset in the range
};

}  // namespace sim::net
