#include "sim/rpc/pdu_stream.hpp"

#include "sim/rpc/header.hpp"

#include <algorithm>
#include <cassert>

namespace sim::rpc {

namespace {
constexpr std::size_t kept_capacity_max = 1024;
}  // namespace

void PduStream::feed(base::ByteView octets) {
    assert(fresh_.empty());
    kept_.erase(kept_.begin(), kept_.begin() + static_cast<std::ptrdiff_t>(kept_at_));
    kept_at_ = 0;
    if (!broken_) fresh_ = octets;
}

std::optional<base::ByteView> PduStream::next() {
    if (broken_) return std::nullopt;
    if (kept_at_ < kept_.size()) return next_kept();
    // A large PDU's memory is not kept for a connection that may be idle from now on.
    if (kept_.capacity() > kept_capacity_max) kept_ = base::Bytes();
    kept_.clear();
    kept_at_ = 0;
    if (fresh_.size() >= Header::size) {
        const std::size_t length = length_of(fresh_);
        if (broken_) return std::nullopt;
        if (fresh_.size() >= length) {
            const base::ByteView pdu = fresh_.first(length);
            fresh_ = fresh_.subspan(length);
            return pdu;
        }
    }
    keep();
    return std::nullopt;
}

void PduStream::keep() {
    kept_.insert(kept_.end(), fresh_.begin(), fresh_.end());
    fresh_ = {};
}

std::optional<base::ByteView> PduStream::next_kept() {
    if (!pull(Header::size)) return std::nullopt;
    const std::size_t length = length_of(base::ByteView(kept_).subspan(kept_at_));
    if (broken_ || !pull(length)) return std::nullopt;
    const base::ByteView pdu = base::ByteView(kept_).subspan(kept_at_, length);
    kept_at_ += length;
    return pdu;
}

// Completes what was kept to `wanted` octets, out of the fresh ones and no more than needed.
bool PduStream::pull(std::size_t wanted) {
    const std::size_t have = kept_.size() - kept_at_;
    if (have >= wanted) return true;
    const std::size_t count = std::min(wanted - have, fresh_.size());
    kept_.insert(kept_.end(), fresh_.begin(), fresh_.begin() + static_cast<std::ptrdiff_t>(count));
    fresh_ = fresh_.subspan(count);
    return have + count == wanted;
}

std::size_t PduStream::length_of(base::ByteView head) {
    const std::size_t length = parse_header(head).frag_length;
    if (length < Header::size) {
        broken_ = true;
        fresh_ = {};
        kept_.clear();
        kept_at_ = 0;
    }
    return length;
}

}  // namespace sim::rpc
