#include "sim/live/entropy.hpp"

#include <random>

namespace sim::live {

std::uint64_t fresh_seed() {
    std::random_device device;
    const std::uint64_t drawn = (std::uint64_t{device()} << 32U | device()) & ((std::uint64_t{1} << 48U) - 1U);
    return drawn == 0 ? 1 : drawn;
}

}  // namespace sim::live
