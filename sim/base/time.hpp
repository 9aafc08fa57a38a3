// Virtual time: nanoseconds since the rehearsal began. There is no now() here on purpose: whoever needs
// the time is handed it, so that the same code runs on the simulated network and on real sockets, and so
// that five days of waiting cost microseconds.
#pragma once

#include <chrono>
#include <string>

namespace sim::base {

struct VirtualClock {
    using rep = std::int64_t;
    using period = std::nano;
    using duration = std::chrono::nanoseconds;
    using time_point = std::chrono::time_point<VirtualClock>;
    static constexpr bool is_steady = true;
};

using SimDuration = std::chrono::nanoseconds;
using SimTime = std::chrono::time_point<VirtualClock, SimDuration>;

inline constexpr SimTime time_zero{};

// Seconds with milliseconds, rounded to the nearest, as every view prints time: "21.006 s".
std::string format_seconds(SimDuration duration);
inline std::string format_seconds(SimTime time) { return format_seconds(time.time_since_epoch()); }

// How a person says it: "0.012 s", "21 s", "1 min 30 s", "2 h", "1 day 3 h". Rounded to the smallest unit it shows:
// milliseconds below 10 s, seconds below an hour, minutes below a day, then hours.
std::string format_human(SimDuration duration);

}  // namespace sim::base
