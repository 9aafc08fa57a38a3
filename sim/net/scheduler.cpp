#include "sim/net/scheduler.hpp"

#include <algorithm>
#include <bit>
#include <cassert>

namespace sim::net {

namespace {

std::uint64_t count_of(base::SimTime time) { return static_cast<std::uint64_t>(time.time_since_epoch().count()); }
base::SimTime time_of(std::uint64_t count) {
    return base::SimTime{base::SimDuration{static_cast<base::SimDuration::rep>(count)}};
}

}  // namespace

Scheduler::Scheduler() { nodes_.reserve(32); }

std::size_t Scheduler::bucket_of(std::uint64_t time) const {
    return static_cast<std::size_t>(64 - std::countl_zero(time ^ base_));
}

void Scheduler::append(std::uint32_t node) {
    const std::size_t at = bucket_of(nodes_[node].time);
    Bucket& bucket = buckets_[at];
    nodes_[node].next = none;
    if (bucket.last == none)
        bucket.first = node;
    else
        nodes_[bucket.last].next = node;
    bucket.last = node;
    filled_ |= std::uint64_t{1} << at;
}

void Scheduler::release(std::uint32_t node) {
    nodes_[node].target = nullptr;
    ++nodes_[node].generation;
    nodes_[node].next = free_;
    free_ = node;
}

Scheduler::Bucket Scheduler::empty(std::size_t bucket) {
    filled_ &= ~(std::uint64_t{1} << bucket);
    const Bucket taken = buckets_[bucket];
    buckets_[bucket] = Bucket{};
    return taken;
}

EventId Scheduler::at(base::SimTime time, Target& target, std::uint64_t token) {
    assert(time >= now_);
    std::uint32_t node = free_;
    if (node == none) {
        node = static_cast<std::uint32_t>(nodes_.size());
        nodes_.emplace_back();
    } else {
        free_ = nodes_[node].next;
    }
    nodes_[node].time = count_of(time);
    nodes_[node].token = token;
    nodes_[node].target = &target;
    append(node);
    ++live_;
    return {node, nodes_[node].generation};
}

bool Scheduler::cancel(EventId id) {
    if (id.node >= nodes_.size()) return false;
    Node& node = nodes_[id.node];
    if (node.generation != id.generation || node.target == nullptr) return false;
    node.target = nullptr;
    --live_;
    ++cancelled_;
    // Timers of a busy connection are set and cancelled by the thousand: never let the dead outnumber the living.
    if (cancelled_ > 64 && cancelled_ > live_) sweep();
    return true;
}

void Scheduler::sweep() {
    std::uint64_t rest = filled_;
    while (rest != 0) {
        const auto bucket = static_cast<std::size_t>(std::countr_zero(rest));
        rest &= rest - 1;
        for (std::uint32_t node = empty(bucket).first; node != none;) {
            const std::uint32_t next = nodes_[node].next;
            if (nodes_[node].target == nullptr)
                release(node);
            else
                append(node);
            node = next;
        }
    }
    cancelled_ = 0;
}

// Moves the earliest event into bucket 0; false when none is left up to `latest`. base_ must not move beyond
// `latest`, because events before the next one may still be posted.
bool Scheduler::bring_next_to_front(std::uint64_t latest) {
    while (filled_ != 0) {
        const auto lowest = static_cast<std::size_t>(std::countr_zero(filled_));
        if (lowest != 0) {
            if (!split(lowest, latest)) return false;
            continue;
        }
        const std::uint32_t front = buckets_[0].first;
        if (nodes_[front].target != nullptr) return base_ <= latest;
        buckets_[0].first = nodes_[front].next;
        if (buckets_[0].first == none) empty(0);
        release(front);
        --cancelled_;
    }
    return false;
}

bool Scheduler::split(std::size_t bucket, std::uint64_t latest) {
    std::uint64_t earliest = std::numeric_limits<std::uint64_t>::max();
    for (std::uint32_t node = buckets_[bucket].first; node != none; node = nodes_[node].next)
        if (nodes_[node].target != nullptr) earliest = std::min(earliest, nodes_[node].time);
    const bool any = earliest != std::numeric_limits<std::uint64_t>::max();
    if (any && earliest > latest) return false;
    const Bucket taken = empty(bucket);
    if (any) base_ = earliest;
    for (std::uint32_t node = taken.first; node != none;) {
        const std::uint32_t next = nodes_[node].next;
        if (nodes_[node].target != nullptr) {
            append(node);
        } else {
            release(node);
            --cancelled_;
        }
        node = next;
    }
    return true;
}

bool Scheduler::step(base::SimTime latest) {
    if (!bring_next_to_front(count_of(latest))) return false;
    const std::uint32_t front = buckets_[0].first;
    const Node event = nodes_[front];
    buckets_[0].first = event.next;
    if (event.next == none) empty(0);
    release(front);
    --live_;
    ++fired_;
    now_ = time_of(event.time);
    event.target->fire(event.token, now_);
    return true;
}

Scheduler::End Scheduler::run(std::uint64_t budget) {
    for (; budget > 0; --budget)
        if (!step()) return End::idle;
    return live_ == 0 ? End::idle : End::out_of_budget;
}

Scheduler::End Scheduler::run_until(base::SimTime time, std::uint64_t budget) {
    assert(time >= now_);
    while (bring_next_to_front(count_of(time))) {
        if (budget-- == 0) return End::out_of_budget;
        step(time);
    }
    now_ = time;
    return live_ == 0 ? End::idle : End::time_reached;
}

void Scheduler::reset() {
    nodes_.clear();
    buckets_.fill(Bucket{});
    filled_ = 0;
    free_ = none;
    base_ = 0;
    now_ = base::time_zero;
    live_ = 0;
    cancelled_ = 0;
    fired_ = 0;
}

}  // namespace sim::net
