// How long to wait for an acknowledgement: RFC 6298 in integer arithmetic, with the exponential back-off and the
// giving-up of Windows (TcpMaxDataRetransmissions).
//
// Karn's rule: a round trip is measured on segments sent once only.
#pragma once

#include "sim/base/time.hpp"
#include "sim/net/sequence.hpp"

#include <chrono>
#include <optional>

namespace sim::net {

class Retransmission {
public:
    static constexpr base::SimDuration initial_wait = std::chrono::seconds{3};          // RFC 1122 4.2.3.1
    static constexpr base::SimDuration shortest_wait = std::chrono::milliseconds{300};  // (likely) as Windows does
    static constexpr base::SimDuration longest_wait = std::chrono::seconds{120};

    // The wait for what is in flight now.
    base::SimDuration wait() const;
    unsigned repeats() const { return repeats_; }

    void sent_first_time(SeqNum end, base::SimTime now);  // a segment that ends at `end`
    void sent_again();                                    // doubles the wait
    void acknowledged(SeqNum upto, base::SimTime now);    // something new was: back-off ends
    void probe_answered() { repeats_ = 0; }               // the peer lives, though its window is shut
    void forget_measurement() { measuring_.reset(); }     // a resend made the round trip ambiguous
    void clear() { *this = Retransmission{}; }

private:
    struct Measuring {
        SeqNum end;
        base::SimTime since;
    };
    void measured(base::SimDuration round_trip);

    std::optional<Measuring> measuring_;
    bool known_ = false;
    base::SimDuration smoothed_{};
    base::SimDuration variation_{};
    base::SimDuration base_wait_ = initial_wait;
    unsigned repeats_ = 0;
};

}  // namespace sim::net
