#include "sim/net/connect_schedule.hpp"

#include <algorithm>

namespace sim::net {

ConnectSchedule ConnectSchedule::nt4() { return {.retransmissions = 3}; }
ConnectSchedule ConnectSchedule::windows2000() { return {.retransmissions = 2}; }
ConnectSchedule ConnectSchedule::windows2003() { return windows2000(); }
// (unverified): no source found for the count of 2008 itself; the cap is reported for later Windows in general.
ConnectSchedule ConnectSchedule::windows2008() {
    return {.retransmissions = 2, .longest_wait = std::chrono::seconds{120}};
}

base::SimDuration wait_after(const ConnectSchedule& schedule, unsigned sent) {
    base::SimDuration wait = std::min(schedule.first_wait, schedule.longest_wait);
    for (unsigned n = 1; n < sent && wait < schedule.longest_wait; ++n)
        wait = std::min(wait * 2, schedule.longest_wait);
    return wait;
}

base::SimDuration gives_up_after(const ConnectSchedule& schedule) {
    base::SimDuration sum{};
    for (unsigned n = 1; n <= schedule.retransmissions + 1; ++n) sum += wait_after(schedule, n);
    return sum;
}

}  // namespace sim::net
