// Where in the connection table a tuple is: buckets of one cache line, without the tuples themselves, which stand in
// their entries. A look-up waits for memory twice: for the bucket, and for the entry; and it guesses nothing that only
// memory could tell, because a wrong guess throws away what was begun of the look-ups behind it.
//
// A bucket has seven places, each with 32 bits of its tuple's hash (the tag), of which the upper ones say which bucket
// is its home. What finds its home full goes on to the next bucket with a place, and every bucket that it passes counts
// it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory_resource>
#include <vector>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace sim::firewall {

class TupleIndex {
public:
    static constexpr std::uint32_t nowhere = ~std::uint32_t{0};

    explicit TupleIndex(std::pmr::memory_resource* memory = std::pmr::get_default_resource()) : buckets_(memory) {}

    // The part of a hash that is kept; never 0, which marks an empty place.
    static constexpr std::uint32_t tag_of(std::uint64_t hash) { return static_cast<std::uint32_t>(hash >> 32U) | 1U; }

    // The value that was inserted with this tag and that `is_it` says yes to; `nowhere` when there is none.
    template <class IsIt>
    std::uint32_t find(std::uint32_t tag, IsIt is_it) const {
        if (buckets_.empty()) return nowhere;
        for (std::size_t at = home(tag);; at = next(at)) {
            const Bucket& bucket = buckets_[at];
            for (unsigned with = bucket.with(tag); with != 0; with &= with - 1) {
                const std::uint32_t value = bucket.values[__builtin_ctz(with)];
                if (is_it(value)) return value;
            }
            if (bucket.passed_by == 0) return nowhere;
        }
    }
    // The first value with this tag in its home bucket, whoever it belongs to: nearly always the right one, if there is
    // one.
    std::uint32_t first(std::uint32_t tag) const {
        if (buckets_.empty()) return nowhere;
        const Bucket& bucket = buckets_[home(tag)];
        // A tag that is in no place finds the one behind them all, where nothing was put.
        return bucket.values[__builtin_ctz(bucket.with(tag) | 1U << places)];
    }
    // Says that one of these will be called for this tag soon.
    void prefetch(std::uint32_t tag) const {
        if (!buckets_.empty()) __builtin_prefetch(&buckets_[home(tag)]);
    }

    void insert(std::uint32_t tag, std::uint32_t value);
    void erase(std::uint32_t tag, std::uint32_t value);  // nothing happens when it is not there

    std::size_t memory() const { return buckets_.capacity() * sizeof(Bucket); }

private:
    static constexpr std::size_t places = 7;
    struct alignas(64) Bucket {
        std::uint32_t tags[places]{};
        std::uint32_t passed_by = 0;  // beside the tags: eight words are compared at once
        std::uint32_t values[places + 1]{nowhere, nowhere, nowhere, nowhere, nowhere, nowhere, nowhere, nowhere};

        // A bit for each place with this tag.
        unsigned with(std::uint32_t tag) const {
#if defined(__SSE2__)
            const __m128i wanted = _mm_set1_epi32(static_cast<int>(tag));
            const auto* const four = reinterpret_cast<const __m128i*>(this);
            const __m128i low = _mm_cmpeq_epi32(_mm_load_si128(four), wanted),
                          high = _mm_cmpeq_epi32(_mm_load_si128(four + 1), wanted);
            const auto bits = [](__m128i words) {
                return static_cast<unsigned>(_mm_movemask_ps(_mm_castsi128_ps(words)));
            };
            return (bits(low) | bits(high) << 4U) & ((1U << places) - 1U);
#else
            unsigned found = 0;
            for (std::size_t i = 0; i < places; ++i) found |= (tags[i] == tag ? 1U : 0U) << i;
            return found;
#endif
        }
    };
    std::size_t home(std::uint32_t tag) const { return std::uint64_t{tag} << bits_ >> 32U; }
    std::size_t next(std::size_t at) const { return (at + 1) & (buckets_.size() - 1); }
    void grow();

    std::pmr::vector<Bucket> buckets_;  // 2^bits_ of them, or none
    unsigned bits_ = 0;
    std::size_t used_ = 0;
};

}  // namespace sim::firewall
