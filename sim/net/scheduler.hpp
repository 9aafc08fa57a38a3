// Virtual time, and what happens next.
//
// Events fire in the order (time, insertion number): two events of the same instant fire in the order they were
// posted, so a run depends on nothing but its inputs. An event is a target and a 64-bit token that means something to
// that target alone; nothing is allocated per event once the pool has grown, and no callable is stored.
//
// The queue is a radix heap (Ahuja, Mehlhorn, Orlin, Tarjan 1990) over one pool of nodes: virtual time never goes
// back, so an event only ever moves to finer buckets, and lists in insertion order give the tie-break for nothing.
//
// A cancelled event neither fires nor moves time. Targets are borrowed and must outlive their events, or cancel them.
#pragma once

#include "sim/base/time.hpp"

#include <array>
#include <cstdint>
#include <limits>
#include <vector>

namespace sim::net {

// Names a pending event for cancelling; one that has fired or was cancelled is simply no longer known.
struct EventId {
    std::uint32_t node = std::numeric_limits<std::uint32_t>::max();
    std::uint32_t generation = 0;
    bool operator==(const EventId&) const = default;
};

class Scheduler {
public:
    class Target {
    public:
        virtual void fire(std::uint64_t token, base::SimTime now) = 0;

    protected:
        ~Target() = default;  // nobody deletes through this face
    };

    // How a run ended.
    enum class End : std::uint8_t {
        idle,           // nothing is pending any more
        time_reached,   // the next event lies beyond the time asked for
        out_of_budget,  // as many events as allowed have fired
    };

    static constexpr std::uint64_t unlimited = std::numeric_limits<std::uint64_t>::max();

    Scheduler();

    base::SimTime now() const { return now_; }
    std::size_t pending() const { return live_; }
    std::uint64_t fired() const { return fired_; }  // since the last reset

    // Requires time >= now().
    EventId at(base::SimTime time, Target& target, std::uint64_t token);

    // True when the event was still pending.
    bool cancel(EventId id);

    // Fires the next event if its time is <= latest; false when there is none.
    bool step(base::SimTime latest = base::SimTime::max());

    // After `idle` the time is that of the last event that fired.
    End run(std::uint64_t budget = unlimited);

    // Fires all events up to and including `time`. Afterwards now() is `time`, unless the budget ended first.
    End run_until(base::SimTime time, std::uint64_t budget = unlimited);

    // Time zero, nothing pending; memory is kept. Older EventIds must not be used any more.
    void reset();

private:
    static constexpr std::uint32_t none = std::numeric_limits<std::uint32_t>::max();
    static constexpr std::size_t bucket_count = 64;  // by the highest bit that differs from base_; 0 = none does

    struct Node {
        std::uint64_t time = 0;
        std::uint64_t token = 0;
        Target* target = nullptr;   // null: cancelled, waits for removal
        std::uint32_t next = none;  // in its bucket, or in the list of free nodes
        std::uint32_t generation = 0;
    };
    struct Bucket {
        std::uint32_t first = none;
        std::uint32_t last = none;
    };

    std::size_t bucket_of(std::uint64_t time) const;
    void append(std::uint32_t node);
    void release(std::uint32_t node);
    bool bring_next_to_front(std::uint64_t latest);
    bool split(std::size_t bucket, std::uint64_t latest);
    void sweep();
    Bucket empty(std::size_t bucket);

    std::vector<Node> nodes_;
    std::array<Bucket, bucket_count> buckets_{};
    std::uint64_t filled_ = 0;  // bit b: bucket b holds something
    std::uint32_t free_ = none;
    std::uint64_t base_ = 0;  // the time that bucket numbers are relative to; never later than any pending event
    base::SimTime now_ = base::time_zero;
    std::size_t live_ = 0;
    std::size_t cancelled_ = 0;
    std::uint64_t fired_ = 0;
};

}  // namespace sim::net
