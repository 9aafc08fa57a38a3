#include "sim/net/retransmission.hpp"

#include <algorithm>

namespace sim::net {

base::SimDuration Retransmission::wait() const {
    base::SimDuration wait = base_wait_;
    for (unsigned n = 0; n < backed_off_ && wait < longest_wait; ++n) wait *= 2;
    return std::min(wait, longest_wait);
}

void Retransmission::sent_first_time(SeqNum end, base::SimTime now) {
    if (!measuring_) measuring_ = Measuring{end, now};
}

void Retransmission::timed_out() {
    ++backed_off_;
    ++unanswered_;
    measuring_.reset();
}

void Retransmission::acknowledged(SeqNum upto, base::SimTime now) {
    if (measuring_ && at_most(measuring_->end, upto)) {
        measured(now - measuring_->since);
        measuring_.reset();
    }
    backed_off_ = 0;
    unanswered_ = 0;
}

// RFC 6298 2.2 and 2.3, with alpha = 1/8 and beta = 1/4.
void Retransmission::measured(base::SimDuration round_trip) {
    if (!known_) {
        known_ = true;
        smoothed_ = round_trip;
        variation_ = round_trip / 2;
    } else {
        const base::SimDuration error = round_trip > smoothed_ ? round_trip - smoothed_ : smoothed_ - round_trip;
        variation_ = (variation_ * 3 + error) / 4;
        smoothed_ = (smoothed_ * 7 + round_trip) / 8;
    }
    base_wait_ = std::clamp(smoothed_ + std::max(granularity, variation_ * 4), shortest_wait, longest_wait);
}

}  // namespace sim::net
