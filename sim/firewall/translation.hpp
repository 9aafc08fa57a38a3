// What a rule of a nat table does to a connection whose first packet it matches (firewall-semantics, section 7).
//
// DNAT and REDIRECT change where the connection goes, SNAT and MASQUERADE where it seems to come from. How an address
// and a port are chosen out of ranges is in nat.hpp.
#pragma once

#include "sim/firewall/match.hpp"

#include <optional>
#include <string>

namespace sim::firewall {

struct Translation {
    End end = End::target;                    // target or source
    std::optional<AddressRange> addresses{};  // one of these; absent: the address stays (":8080")
    bool box_address = false;                 // the box's own, on the interface in question (REDIRECT, MASQUERADE)
    std::optional<wire::PortRange> ports{};   // ICMP queries: their identifiers
    bool random = false;                      // any port of those that fit, even if the connection's own would
    bool persistent = false;                  // one address for a source, whatever it connects to
    bool operator==(const Translation&) const = default;
};

// "destination 10.0.0.10 port 5001", "source: the box's own address".
std::string describe(const Translation& translation);

}  // namespace sim::firewall
