// The system's randomness, at the edge only: one number, from which everything else is drawn and which is told to the
// user, so that any start can be repeated.
#pragma once

#include <cstdint>

namespace sim::live {

// Never 0, which command lines use for "not given". Below 2^48, so that people can copy it.
std::uint64_t fresh_seed();

}  // namespace sim::live
