#include "sim/base/random.hpp"

#include <bit>
#include <cassert>

namespace sim::base {

namespace {

// The finalizer of SplitMix64: a bijection that spreads every input bit over the whole word.
constexpr std::uint64_t mixed(std::uint64_t z) {
    z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27U)) * 0x94d049bb133111ebU;
    return z ^ (z >> 31U);
}

constexpr std::uint64_t golden = 0x9e3779b97f4a7c15U;  // SplitMix64's step

// FNV-1a; good enough because `mixed` follows it.
constexpr std::uint64_t hash_of(std::string_view name) {
    std::uint64_t hash = 0xcbf29ce484222325U;
    for (const char c : name) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
    return hash;
}

}  // namespace

Random::Random(std::uint64_t seed) : seed_(seed) {
    for (std::uint64_t& word : state_) {
        seed += golden;
        word = mixed(seed);
    }
}

std::uint64_t Random::next() {
    const std::uint64_t result = std::rotl(state_[0] + state_[3], 23) + state_[0];
    const std::uint64_t shifted = state_[1] << 17U;
    state_[2] ^= state_[0];
    state_[3] ^= state_[1];
    state_[1] ^= state_[2];
    state_[0] ^= state_[3];
    state_[2] ^= shifted;
    state_[3] = std::rotl(state_[3], 45);
    return result;
}

std::uint64_t Random::below(std::uint64_t bound) {
    assert(bound > 0);
    // Draws under 2^64 mod bound are refused, so that the rest divides evenly and no value is favoured.
    const std::uint64_t refused = (0 - bound) % bound;
    std::uint64_t drawn = next();
    while (drawn < refused) drawn = next();
    return drawn % bound;
}

std::uint64_t Random::between(std::uint64_t low, std::uint64_t high) {
    assert(low <= high);
    const std::uint64_t count = high - low + 1;  // 0 stands for all 2^64 values
    return count == 0 ? next() : low + below(count);
}

bool Random::chance(std::uint64_t numerator, std::uint64_t denominator) {
    // Draws even when the answer is certain: changing a chance to 0 must not shift the draws that follow.
    return below(denominator) < numerator;
}

Random Random::fork(std::string_view name) const { return Random(mixed(mixed(seed_ + golden) ^ hash_of(name))); }

}  // namespace sim::base
