#include "scenarios/runner/run.hpp"

#include "scenarios/runner/judge.hpp"
#include "scenarios/runner/rehearsal.hpp"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <exception>
#include <mutex>
#include <thread>
#include <utility>

namespace scenarios::runner {
namespace {

constexpr std::uint64_t starts_per_block = 256;

struct Seeds {
    std::uint64_t first = 1;
    std::uint64_t count = 1;
};

Seeds seeds_of(const Unit& unit, std::optional<std::uint64_t> seed) {
    if (seed) return {*seed, 1};
    const auto& sweep = unit.staged->variants[unit.variant].setup().sweep;
    if (unit.has_steps() || !sweep) return {1, 1};
    return {sweep->first, sweep->count()};
}

std::uint64_t telling_seed(const Result& result, std::uint64_t first_seed, client::Do action) {
    for (const Unmet& unmet : result.unmet)
        if (unmet.seed) return *unmet.seed;
    const ActionTally& counts = result.tally.of(action);
    if (counts.fails.times > 0) return counts.fails.first_seed;
    for (const ActionTally& other : result.tally.actions)
        if (other.fails.times > 0) return other.fails.first_seed;
    return first_seed;
}

// Turns the tally of all starts into a result.
Result conclude(const Unit& unit, Tally tally, std::uint64_t first_seed) {
    Result result;
    result.staged = unit.staged;
    result.variant = unit.variant;
    result.name = unit.name;
    result.tally = tally;
    const StagedVariant& variant = result.staged_variant();
    const auto& expect = variant.setup().expect;
    if (expect && !tally.stopped_early) {
        result.unmet = unmet(*expect, tally, variant);
        if (expect->open_only) {
            result.reach = reach(variant);
            if (auto open = unmet_open_only(*expect, *result.reach)) result.unmet.push_back(std::move(*open));
        }
    }
    result.status = tally.stopped_early    ? Status::stopped
                    : !expect              ? Status::ran
                    : result.unmet.empty() ? Status::as_expected
                                           : Status::wrong;
    if (tally.starts > 0)
        result.close_ups.push_back(close_up(variant, telling_seed(result, first_seed, primary_action(variant.client))));
    return result;
}

// The work and what is known of it so far. One mutex guards it all: blocks are long compared with the time it is held.
class Crew {
public:
    Crew(const std::vector<Unit>& units, const RunOptions& options)
        : units_(units), options_(options), slots_(units.size()) {
        for (std::size_t i = 0; i < units.size(); ++i) {
            Slot& slot = slots_[i];
            slot.seeds = seeds_of(units[i], options.seed);
            slot.blocks_left = (slot.seeds.count + starts_per_block - 1) / starts_per_block;
            starts_in_all_ += slot.seeds.count;
        }
    }

    void work() {
        try {
            Rehearsal rehearsal;
            while (const auto block = next_block()) play(*block, rehearsal);
        } catch (...) {
            const std::lock_guard lock(mutex_);
            failure_ = std::current_exception();
            stopped_ = true;
        }
        const std::lock_guard lock(mutex_);
        --working_;
        changed_.notify_all();
    }

    // Waits for the results in order and hands them over, until all are done or the crew has gone home.
    void hand_over(unsigned workers, const std::function<void(Result&&)>& take) {
        for (std::size_t i = 0; i < slots_.size(); ++i) {
            std::unique_lock lock(mutex_);
            changed_.wait(lock, [&] { return slots_[i].result.has_value() || working_ == 0 || workers == 0; });
            if (!slots_[i].result) continue;
            Result result = std::move(*slots_[i].result);
            slots_[i].result.reset();
            lock.unlock();
            take(std::move(result));
        }
        if (failure_) std::rethrow_exception(failure_);
    }

    void expect_workers(unsigned count) { working_ = count; }

private:
    struct Slot {
        Seeds seeds;
        std::uint64_t taken = 0;        // starts given out
        std::uint64_t blocks_left = 0;  // not yet finished
        Tally tally;
        std::optional<Result> result;
    };
    struct Block {
        std::size_t unit = 0;
        Seeds seeds;
    };

    bool interrupted() const { return options_.stop != nullptr && options_.stop->load(std::memory_order_relaxed); }

    std::optional<Block> next_block() {
        const std::lock_guard lock(mutex_);
        if (stopped_ || interrupted()) return std::nullopt;
        while (next_ < slots_.size() && slots_[next_].taken == slots_[next_].seeds.count) ++next_;
        if (next_ == slots_.size()) return std::nullopt;
        Slot& slot = slots_[next_];
        const std::uint64_t count = std::min(starts_per_block, slot.seeds.count - slot.taken);
        const Block block{next_, {slot.seeds.first + slot.taken, count}};
        slot.taken += count;
        return block;
    }

    void play(const Block& block, Rehearsal& rehearsal) {
        const Unit& unit = units_[block.unit];
        if (unit.has_steps()) {
            Result result = play_steps(unit, block.seeds.first);
            finish(block, Tally{}, std::move(result));
            return;
        }
        const StagedVariant& variant = unit.staged->variants[unit.variant];
        Tally tally;
        rehearsal.prepare(variant, block.seeds.count);
        for (std::uint64_t i = 0; i < block.seeds.count && !tally.stopped_early; ++i) {
            rehearsal.begin(variant, block.seeds.first + i, Recording::none);
            rehearsal.check();
            add_to(tally, rehearsal, variant);
            tally.stopped_early = i + 1 < block.seeds.count && interrupted();
        }
        finish(block, tally, std::nullopt);
    }

    void finish(const Block& block, const Tally& tally, std::optional<Result> result) {
        Slot& slot = slots_[block.unit];
        Tally whole;
        {
            const std::lock_guard lock(mutex_);
            slot.tally.merge(tally);
            --slot.blocks_left;
            starts_done_ += block.seeds.count;
            if (options_.progress != nullptr) options_.progress->advanced(starts_done_, starts_in_all_);
            const bool given_up = interrupted() && slot.taken < slot.seeds.count;
            if (given_up) slot.tally.stopped_early = true;
            const bool last = slot.blocks_left == 0 || given_up;
            if (!last || slot.result) return;
            whole = slot.tally;
        }
        Result concluded = result ? std::move(*result) : conclude(units_[block.unit], whole, slot.seeds.first);
        const std::lock_guard lock(mutex_);
        slot.result = std::move(concluded);
        changed_.notify_all();
    }

    const std::vector<Unit>& units_;
    const RunOptions& options_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<Slot> slots_;
    std::size_t next_ = 0;
    std::uint64_t starts_done_ = 0;
    std::uint64_t starts_in_all_ = 0;
    unsigned working_ = 0;
    bool stopped_ = false;
    std::exception_ptr failure_;
};

}  // namespace

std::vector<Unit> units_of(const std::shared_ptr<const StagedScenario>& staged) {
    std::string file = staged->scenario->source->name();
    file = file.substr(file.find_last_of('/') + 1);
    if (file.ends_with(".toml")) file.resize(file.size() - 5);
    std::vector<Unit> units;
    if (!staged->steps.empty()) {
        units.push_back({staged, 0, file});
        return units;
    }
    for (std::size_t i = 0; i < staged->variants.size(); ++i) {
        const std::string& name = staged->variants[i].name;
        units.push_back({staged, i, name.empty() ? file : file + " / " + name});
    }
    return units;
}

std::vector<Unit> in_shard(std::vector<Unit> units, const Shard& shard) {
    std::vector<Unit> mine;
    for (std::size_t i = 0; i < units.size(); ++i)
        if (i * shard.of / units.size() == shard.index) mine.push_back(std::move(units[i]));
    return mine;
}

void run(const std::vector<Unit>& units, const RunOptions& options, const std::function<void(Result&&)>& take) {
    Crew crew(units, options);
    const unsigned jobs = std::max(1U, options.jobs);
    crew.expect_workers(jobs);
    std::vector<std::jthread> threads;
    for (unsigned i = 0; i < jobs; ++i) threads.emplace_back([&crew] { crew.work(); });
    crew.hand_over(jobs, take);
}

CloseUp close_up(const Rehearsal& rehearsal, const StagedVariant& variant, Recording wanted) {
    CloseUp seen;
    seen.seed = rehearsal.seed();
    seen.outcomes = rehearsal.outcomes();
    seen.refusals = rehearsal.world().refusals();
    seen.warnings = warnings(rehearsal, variant);
    for (std::size_t i = 0; i < rehearsal.server_count(); ++i)
        seen.servers.push_back({variant.servers[i].name, variant.servers[i].address, rehearsal.policy(i),
                                rehearsal.running(i), rehearsal.pending(i), rehearsal.disk(i)});
    seen.rules = rehearsal.rules();
    if (const auto* trace = rehearsal.world().trace(); trace != nullptr && wanted == Recording::packets)
        seen.trace = std::make_shared<const world::Trace>(*trace);
    return seen;
}

CloseUp close_up(const StagedVariant& variant, std::uint64_t seed) {
    Rehearsal rehearsal;
    rehearsal.begin(variant, seed, Recording::packets);
    rehearsal.check();
    return close_up(rehearsal, variant);
}

}  // namespace scenarios::runner
