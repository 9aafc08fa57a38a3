// The one source of chance. Everything random in a rehearsal flows from the seed of its run, through
// generators forked by name, so that drawing more often in one place never changes another.
//
// The generator is xoshiro256++ (Blackman, Vigna 2018), seeded by SplitMix64. The distributions are our own
// because those of the standard library differ between implementations, and "same seed, same bytes" holds on
// every machine. Not for secrets.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace sim::base {

class Random {
public:
    explicit Random(std::uint64_t seed);

    std::uint64_t next();

    // Uniform in [0, bound), without bias. Requires bound > 0.
    std::uint64_t below(std::uint64_t bound);

    // Uniform in [low, high], both included. Requires low <= high.
    std::uint64_t between(std::uint64_t low, std::uint64_t high);

    // True in `numerator` of `denominator` cases: chances are ratios of integers, never doubles.
    bool chance(std::uint64_t numerator, std::uint64_t denominator);

    // An independent stream that depends on the seed and the name alone, not on what was drawn before.
    Random fork(std::string_view name) const;

private:
    std::uint64_t seed_;
    std::array<std::uint64_t, 4> state_{};
};

}  // namespace sim::base
