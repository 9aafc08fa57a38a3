// When a client sends its SYN again, and when it gives up.
//
// First wait 3 s, doubled each time, the last wait counted: n retransmissions give up after 3 x (2^(n+1) - 1) s.
//   NT 4.0               n = 3   SYN at 0, 3, 9, 21 s, gives up at 45 s   (Q140552, Q200770)
//   2000, XP, 2003       n = 2   SYN at 0, 3, 9 s,     gives up at 21 s   (Windows 2000 registry reference)
//   2008 and later       n = 2   the same, but one wait never exceeds 120 s (likely)
// n is Tcpip\Parameters\TcpMaxConnectRetransmissions.
//
// A reset does not end the attempt: Windows sends the SYN again up to the same count without doubling, then reports
// the port as refused (Q175523). The half second in between is a likely figure.
#pragma once

#include "sim/base/time.hpp"

#include <chrono>

namespace sim::net {

struct ConnectSchedule {
    base::SimDuration first_wait = std::chrono::seconds{3};
    unsigned retransmissions = 2;
    base::SimDuration longest_wait = std::chrono::hours{24};
    base::SimDuration after_reset = std::chrono::milliseconds{500};  // (unverified) figure

    bool operator==(const ConnectSchedule&) const = default;

    static ConnectSchedule nt4();
    static ConnectSchedule windows2000();
    static ConnectSchedule windows2003();
    static ConnectSchedule windows2008();
};

// The wait behind SYN number `sent` (1 = the first).
base::SimDuration wait_after(const ConnectSchedule& schedule, unsigned sent);

// From the first SYN to giving up when nobody answers.
base::SimDuration gives_up_after(const ConnectSchedule& schedule);

}  // namespace sim::net
