#include "sim/firewall/tuple_index.hpp"

#include <utility>

namespace sim::firewall {

void TupleIndex::grow() {
    const std::pmr::vector<Bucket> before = std::move(buckets_);
    if (!before.empty()) ++bits_;
    buckets_.assign(std::size_t{1} << bits_, Bucket{});
    used_ = 0;
    for (const Bucket& bucket : before)
        for (std::size_t i = 0; i < places; ++i)
            if (bucket.tags[i] != 0) insert(bucket.tags[i], bucket.values[i]);
}

void TupleIndex::insert(std::uint32_t tag, std::uint32_t value) {
    // Fuller, too many would not find a place at home.
    if (8 * (used_ + 1) > 5 * places * buckets_.size()) grow();
    ++used_;
    for (std::size_t at = home(tag);; at = next(at)) {
        Bucket& bucket = buckets_[at];
        if (const unsigned free = bucket.with(0); free != 0) {
            bucket.tags[__builtin_ctz(free)] = tag;
            bucket.values[__builtin_ctz(free)] = value;
            return;
        }
        ++bucket.passed_by;
    }
}

void TupleIndex::erase(std::uint32_t tag, std::uint32_t value) {
    if (find(tag, [&](std::uint32_t known) { return known == value; }) == nowhere) return;
    --used_;
    for (std::size_t at = home(tag);; at = next(at)) {
        Bucket& bucket = buckets_[at];
        for (unsigned with = bucket.with(tag); with != 0; with &= with - 1) {
            const auto place = static_cast<std::size_t>(__builtin_ctz(with));
            if (bucket.values[place] != value) continue;
            bucket.tags[place] = 0;
            return;
        }
        --bucket.passed_by;
    }
}

}  // namespace sim::firewall
