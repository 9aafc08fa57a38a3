#include "sim/net/stream.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

namespace sim::net {

namespace {

// A peer that sends every other octet must not make us keep a window full of one-octet buffers: what does not fit is
// dropped and will be sent again.
constexpr std::size_t most_pieces = 256;

constexpr std::size_t compact_above = 65536;

}  // namespace

void SendQueue::append(base::Bytes octets) {
    if (size() == 0) {
        octets_ = std::move(octets);
        start_ = 0;
        return;
    }
    if (start_ > compact_above && start_ > octets_.size() / 2) {
        octets_.erase(octets_.begin(), octets_.begin() + static_cast<std::ptrdiff_t>(start_));
        start_ = 0;
    }
    octets_.insert(octets_.end(), octets.begin(), octets.end());
}

void SendQueue::drop_front(std::uint32_t count) {
    assert(count <= size());
    start_ += count;
}

void SendQueue::clear() {
    octets_.clear();
    start_ = 0;
}

void ReceiveStore::keep(SeqNum at, base::ByteView octets) {
    std::size_t i = 0;
    const auto advance = [&](std::uint32_t count) {
        at = at + count;
        octets = octets.subspan(count);
    };
    const auto insert = [&](std::uint32_t count) {
        const base::ByteView piece = octets.first(count);
        pieces_.insert(pieces_.begin() + static_cast<std::ptrdiff_t>(i),
                       Piece{at, base::Bytes(piece.begin(), piece.end())});
        advance(count);
        ++i;
    };
    while (!octets.empty() && pieces_.size() < most_pieces) {
        const auto length = static_cast<std::uint32_t>(octets.size());
        while (i < pieces_.size() && at_most(pieces_[i].end(), at)) ++i;
        if (i == pieces_.size() || at_most(at + length, pieces_[i].at)) return insert(length);
        if (before(at, pieces_[i].at))
            insert(distance(at, pieces_[i].at));
        else
            advance(std::min(length, distance(at, pieces_[i].end())));
    }
}

base::Bytes ReceiveStore::take(SeqNum expected) {
    base::Bytes joined;
    std::size_t used = 0;
    for (; used < pieces_.size() && at_most(pieces_[used].at, expected); ++used) {
        const Piece& piece = pieces_[used];
        if (at_most(piece.end(), expected)) continue;
        joined.insert(joined.end(), piece.octets.begin() + distance(piece.at, expected), piece.octets.end());
        expected = piece.end();
    }
    pieces_.erase(pieces_.begin(), pieces_.begin() + static_cast<std::ptrdiff_t>(used));
    return joined;
}

std::size_t ReceiveStore::octets_held() const {
    std::size_t sum = 0;
    for (const Piece& piece : pieces_) sum += piece.octets.size();
    return sum;
}

void ReceiveStore::clear() {
    pieces_.clear();
    fin_at_.reset();
}

}  // namespace sim::net
