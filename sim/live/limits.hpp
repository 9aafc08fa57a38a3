// What a listening process grants to peers that it does not know. Every bound is there so that no peer, and no
// number of peers, can take memory, descriptors or attention from the others.
//
// Limits concern connections that were accepted; those that an actor opened itself are bound by its own timers.
#pragma once

#include "sim/base/time.hpp"

#include <chrono>
#include <cstddef>

namespace sim::live {

struct Limits {
    // Accepted connections of a loop, over all its actors; one more is accepted and reset at once.
    std::size_t connections = 16'384;
    // Octets that wait for one peer to read. While any wait, nothing is read from that peer.
    std::size_t queued_octets = std::size_t{1} << 20U;
    // Octets from one peer since the last answer: what an actor may have to keep of a request that never ends.
    std::size_t unanswered_octets = std::size_t{2} << 20U;
    // Both together, over all connections.
    std::size_t held_octets = std::size_t{64} << 20U;

    // From accept, or from the first octet behind an answer, until the actor answers: the time for one request.
    base::SimDuration request_time = std::chrono::minutes{5};
    // Nothing under way. Two hours, the keep-alive time of Windows.
    base::SimDuration idle_time = std::chrono::hours{2};
    // A peer that reads nothing of what waits for it.
    base::SimDuration stalled_time = std::chrono::minutes{1};
    // From our FIN until the peer closes, too.
    base::SimDuration closing_time = std::chrono::seconds{30};

    bool operator==(const Limits&) const = default;
};

}  // namespace sim::live
