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
    static constexpr base::SimDuration granularity = std::chrono::milliseconds{100};    // the tick of NT's timers
    static constexpr base::SimDuration longest_wait = std::chrono::seconds{120};

    // The wait for what is in flight now.
    base::SimDuration wait() const;
    // How often it was sent again without a sign of life.
    unsigned unanswered() const { return unanswered_; }

    void sent_first_time(SeqNum end, base::SimTime now);  // a segment that ends at `end`
    void timed_out();                                     // doubles the wait
    void acknowledged(SeqNum upto, base::SimTime now);    // something new was: back-off ends
    void heard() { unanswered_ = 0; }                     // the peer lives, though its window is shut
    void forget_measurement() { measuring_.reset(); }     // a resend made the round trip ambiguous

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
    unsigned backed_off_ = 0;
    unsigned unanswered_ = 0;
};

}  // namespace sim::net
