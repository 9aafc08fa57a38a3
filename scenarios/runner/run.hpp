// Plays many rehearsals on several threads, and hands the results over in order.
//
// A unit is one line of the report: a variant with all its starts, or a scenario with steps. Units are cut into blocks
// of starts; any thread takes any block, tallies add up, and results come in the order of the units, so that the number
// of jobs changes nothing but the time. Memory does not grow with the number of starts.
#pragma once

#include "scenarios/runner/result.hpp"

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace scenarios::runner {

struct Unit {
    std::shared_ptr<const StagedScenario> staged;
    std::size_t variant = 0;
    std::string name;

    bool has_steps() const { return !staged->steps.empty(); }
};

// The units of a scenario, in the order of its file. Names begin with the file's name without ".toml".
std::vector<Unit> units_of(const std::shared_ptr<const StagedScenario>& staged);

// Units i with floor(i * of / count) == index: contiguous, disjoint, together complete.
struct Shard {
    std::size_t index = 0;  // from 0
    std::size_t of = 1;
};
std::vector<Unit> in_shard(std::vector<Unit> units, const Shard& shard);

// Hears how far the work is; called from one thread at a time.
class Progress {
public:
    virtual ~Progress() = default;
    virtual void advanced(std::uint64_t starts_done, std::uint64_t starts_in_all) = 0;
};

struct RunOptions {
    unsigned jobs = 1;
    std::optional<std::uint64_t> seed;        // play this start alone, whatever the sweep says
    const std::atomic<bool>* stop = nullptr;  // when it becomes true, the work ends after the start being played
    Progress* progress = nullptr;
};

// Calls `take` for each result, in the order of the units, from the calling thread. Interrupted units are handed over
// as `stopped` when they had begun, and left out otherwise.
void run(const std::vector<Unit>& units, const RunOptions& options, const std::function<void(Result&&)>& take);

// One start of one variant, with every packet recorded.
CloseUp close_up(const StagedVariant& variant, std::uint64_t seed);
// How things stand in a rehearsal; with its packets when they are wanted and were recorded.
CloseUp close_up(const Rehearsal& rehearsal, const StagedVariant& variant, Recording wanted = Recording::packets);

// A scenario with steps, whole.
Result play_steps(const Unit& unit, std::uint64_t seed);

}  // namespace scenarios::runner
