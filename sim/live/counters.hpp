// What a driver counts of its actor's sockets; for /metrics and tests. Plain numbers that only grow, except `open`
// and the two of octets held.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace sim::live {

struct Counters {
    std::uint64_t open = 0;               // accepted connections there now
    std::uint64_t accepted = 0;           // in all
    std::uint64_t refused_limit = 0;      // reset at once: too many connections
    std::uint64_t refused_resources = 0;  // reset at once: no descriptor, no memory
    std::uint64_t dropped_idle = 0;       // nothing under way for too long
    std::uint64_t dropped_request = 0;    // a request did not become complete in time, or grew without end
    std::uint64_t dropped_slow = 0;       // did not read what was sent
    std::uint64_t dropped_memory = 0;     // too much held for all peers together
    std::uint64_t resets = 0;             // by peers
    std::uint64_t octets_in = 0, octets_out = 0;
    std::uint64_t datagrams_in = 0, datagrams_out = 0;

    bool operator==(const Counters&) const = default;
};

struct NamedCounters {
    std::string name;  // of the actor
    Counters counters;
};

// Prometheus text exposition format 0.0.4: one family a counter, label `service`. `held_octets` is the loop's.
std::string prometheus_text(const std::vector<NamedCounters>& all, std::uint64_t held_octets);

}  // namespace sim::live
