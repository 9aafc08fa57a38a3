// What the driver keeps of one TCP connection. Small on purpose: ten thousand idle ones are to cost nothing but this
// and their descriptors; read buffers are shared, and the queue exists only while a peer does not read.
#pragma once

#include "sim/actor/actor.hpp"
#include "sim/live/descriptor.hpp"
#include "sim/live/filter_path.hpp"
#include "sim/live/loop_state.hpp"
#include "sim/live/readiness.hpp"

#include <memory>
#include <optional>

namespace sim::live {

// A connect under way, and what outlives it: the packets that a gate sees.
struct Outgoing {
    explicit Outgoing(const Executor& executor) : attempt(executor), timer(executor) {}
    wire::Endpoint target;
    TcpSocket attempt;  // until it stands
    Timer timer;
    base::SimTime give_up_at{};
    unsigned resets = 0;  // answered by a reset so far
    std::optional<FilterPath> path;
};

struct Connection {
    Connection(actor::ConnectionId name, Descriptor&& open, base::SimTime now)
        : id(name), socket(std::move(open)), heard(now), progress(now) {}

    actor::ConnectionId id;
    Descriptor socket;
    base::Bytes queue;                   // waits for the peer to read
    std::unique_ptr<Outgoing> outgoing;  // of those that the actor opened
    base::SimTime heard;                 // since when nothing is under way, or a request is
    base::SimTime progress;              // when the peer last took octets from the queue, or our FIN went out
    std::uint32_t unanswered = 0;        // octets received since the last answer
    bool fresh = true;                   // the actor has never answered
    bool established = true;             // not yet, while the actor's connect is under way
    Watch watching = Watch::readable;    // what the kernel was told last
    bool peer_closed = false;
    bool closing = false;  // the actor said Close
    bool fin_sent = false;
    bool silent = false;  // a gate drops what is sent: octets go nowhere

    bool accepted() const { return outgoing == nullptr; }
    bool requesting() const { return fresh || unanswered != 0; }
    // A peer that does not take its answers is not asked for more questions.
    Watch wanted() const {
        if (!queue.empty()) return Watch::writable;
        return peer_closed ? Watch::nothing : Watch::readable;
    }
    std::size_t held() const { return queue.size() + unanswered; }
};

}  // namespace sim::live
