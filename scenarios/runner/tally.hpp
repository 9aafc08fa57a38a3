// What came out of many starts, as counts: small, and independent of their number. Two tallies of disjoint seeds add up
// to the tally of both, in any order, which is why any number of jobs gives the same answer.
#pragma once

#include "client/vocabulary.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace scenarios::runner {

// The parts of an [expect] that each start is held against. `works` (a share) and "sometimes" need all of them and are
// judged from the tally.
enum class Clause : std::uint8_t { logon, fails_at, because, ports, warns, new_mail, within, says };
inline constexpr std::size_t clause_count = 8;
std::string_view id(Clause clause);  // "fails_at": the key of the scenario file

// How often something happened, and the first seed with which it did.
struct Count {
    std::uint64_t times = 0;
    std::uint64_t first_seed = 0;  // valid when times > 0

    void add(std::uint64_t seed);
    void merge(const Count& other);
    bool operator==(const Count&) const = default;
};

struct ActionTally {
    Count works;
    Count fails;
    Count degraded;                                           // of those that work
    std::array<Count, client::all_phases.size()> fails_at{};  // by phase

    bool operator==(const ActionTally&) const = default;
};

struct Tally {
    std::uint64_t starts = 0;
    std::array<ActionTally, client::all_do.size()> actions{};  // by action
    std::array<Count, clause_count> unmet{};                   // by clause
    bool stopped_early = false;                                // the user interrupted it

    void merge(const Tally& other);
    const ActionTally& of(client::Do action) const { return actions[static_cast<std::size_t>(action)]; }
    bool operator==(const Tally&) const = default;
};

}  // namespace scenarios::runner
