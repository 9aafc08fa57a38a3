// The connection table: entries found by either direction's tuple, each with the time at which it is forgotten.
//
// Forgetting is lazy: an entry whose time is over is as good as absent, and is swept away when it is met, or when the
// table has doubled since the last sweep. Times must not run backwards.
#pragma once

#include "sim/firewall/tcp_track.hpp"
#include "sim/firewall/tuple.hpp"
#include "sim/firewall/tuple_index.hpp"

#include <cstddef>
#include <cstdint>
#include <memory_resource>
#include <optional>
#include <span>
#include <vector>

namespace sim::firewall {

// What a look-up reads of it stands together at its beginning.
struct Entry {
    base::SimTime expires{};
    Tuple original;
    Tuple reply;
    TcpTrack tcp;
    base::SimTime stream_from{};  // UDP: a stream when packets still come after this
    std::uint64_t serial = 0;     // age
    bool replied = false;
    bool assured = false;
    bool announced = false;     // expected before it came (RELATED)
    std::uint8_t marks = 0;     // StateSet::snat, dnat: translated at that end; then `reply` is not `original` reversed
    bool drawn = false;         // its port was chosen where the kernel draws one at random (nat.hpp)
    std::uint32_t pinhole = 0;  // of RPC inspection, that let it in; 0: none did
};

class FlowTable {
public:
    // With very many flows the memory decides what a look-up costs: a program may hand in some with large pages
    // (sim/live/large_pages.hpp), or make it the default.
    explicit FlowTable(std::pmr::memory_resource* memory = std::pmr::get_default_resource())
        : tuples_(memory), entries_(memory), free_(memory) {}

    struct Found {
        std::uint32_t index;
        FlowSide side;
    };
    // Always inlined: an answer put together here and handed back through memory would be waited for.
    [[gnu::always_inline]] inline std::optional<Found> find(const Tuple& tuple, base::SimTime now) {
        const std::uint32_t tag = TupleIndex::tag_of(TupleHash{}(tuple));
        const std::uint32_t value = tuples_.first(tag);
        if (value != TupleIndex::nowhere && lives(value, tuple, now)) [[likely]]
            return found_at(value);
        return find_further(tuple, tag, now);
    }
    // The same for many at once, which waits for memory once for all of them: worth it when the table is larger than
    // the caches. `found` has as many places as there are tuples. The tracker asks one at a time, because each packet
    // may change what the next one finds; who only reads (a search, a report) may ask this way.
    void find(std::span<const Tuple> tuples, base::SimTime now, std::span<std::optional<Found>> found);
    Entry& at(std::uint32_t index) { return entries_[index]; }
    const Entry& at(std::uint32_t index) const { return entries_[index]; }
    // Returns where it stands now. A tuple that another living entry has: the original one changes hands, the reply
    // stays with the other.
    std::uint32_t insert(const Entry& entry, base::SimTime now);
    void erase(std::uint32_t index);
    void clear();

    // Entries alive at `now`, oldest first.
    std::vector<const Entry*> living(base::SimTime now) const;

    // Octets held for all entries and what finds them.
    std::size_t memory() const;

private:
    void sweep(base::SimTime now);
    // What the index has of an entry: where it stands, and which of its tuples is meant.
    static constexpr std::uint32_t value_of(std::uint32_t index, FlowSide side) {
        return index << 1U | static_cast<std::uint32_t>(side);
    }
    static constexpr Found found_at(std::uint32_t value) { return {value >> 1U, static_cast<FlowSide>(value & 1U)}; }
    // By reckoning and not by a choice of two: the choice would be guessed while memory is waited for, wrong every
    // other time.
    const Tuple& tuple_at(std::uint32_t value) const {
        static_assert(offsetof(Entry, reply) == offsetof(Entry, original) + sizeof(Tuple));
        const Entry& kept = entries_[value >> 1U];
        const auto* const entry = reinterpret_cast<const std::byte*>(&kept);
        return *reinterpret_cast<const Tuple*>(entry + offsetof(Entry, original) + (value & 1U) * sizeof(Tuple));
    }
    bool lives(std::uint32_t value, const Tuple& tuple, base::SimTime now) const {
        return tuple_at(value) == tuple && entries_[value >> 1U].expires > now;
    }
    // What the index has for a tuple; an entry that is met and is over goes.
    std::uint32_t living_value(const Tuple& tuple, std::uint32_t tag, base::SimTime now);
    std::optional<Found> find_further(const Tuple& tuple, std::uint32_t tag, base::SimTime now);

    static constexpr std::size_t sweep_least = 64;

    TupleIndex tuples_;
    // What a look-up reads of it lies in its first pair of cache lines, which processors fetch together.
    struct alignas(128) Kept : Entry {};
    std::pmr::vector<Kept> entries_;
    std::pmr::vector<std::uint32_t> free_;
    std::size_t sweep_at_ = sweep_least;
    std::uint64_t serial_ = 0;
};

}  // namespace sim::firewall
