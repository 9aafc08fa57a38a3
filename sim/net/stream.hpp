// The two stores of a byte stream: what was sent and is not yet acknowledged, and what came too early.
#pragma once

#include "sim/base/bytes.hpp"
#include "sim/net/sequence.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace sim::net {

// Octets from the first unacknowledged one on. Appending to an empty queue adopts the buffer instead of copying it.
class SendQueue {
public:
    void append(base::Bytes octets);
    void drop_front(std::uint32_t count);  // requires count <= size()
    std::uint32_t size() const { return static_cast<std::uint32_t>(octets_.size() - start_); }
    // Requires offset + length <= size().
    base::ByteView view(std::uint32_t offset, std::uint32_t length) const {
        return base::ByteView(octets_).subspan(start_ + offset, length);
    }
    void clear();

private:
    base::Bytes octets_;
    std::size_t start_ = 0;
};

// Segments that arrived before their predecessors. Bounded by the receive window: callers cut segments to it, and
// octets held already are not stored twice.
class ReceiveStore {
public:
    // Keeps octets that begin at `at`, which lies beyond what is expected.
    void keep(SeqNum at, base::ByteView octets);
    void keep_fin(SeqNum at) { fin_at_ = at; }

    // The octets that follow on `expected` without a gap, removed from the store; empty when there are none.
    base::Bytes take(SeqNum expected);
    bool fin_is_at(SeqNum expected) const { return fin_at_ && *fin_at_ == expected; }

    bool empty() const { return pieces_.empty() && !fin_at_; }
    std::size_t octets_held() const;
    void clear();

private:
    struct Piece {
        SeqNum at;
        base::Bytes octets;
        SeqNum end() const { return at + static_cast<std::uint32_t>(octets.size()); }
    };
    std::vector<Piece> pieces_;  // in order, without overlaps
    std::optional<SeqNum> fin_at_;
};

}  // namespace sim::net
