// Octets of a TCP stream in, complete PDUs out, whatever the split (C706 12.6.2: TCP gives no message boundaries).
//
//   stream.feed(octets);
//   while (const auto pdu = stream.next()) handle(*pdu);     // views: valid until the next call of next() or feed()
//   if (stream.broken()) close();
//
// A PDU that lies whole in the octets fed is handed out in place, without a copy. Before the octets die or more is fed,
// call `next` until it yields nothing, or `keep`, which copies what is left.
//
// Bounds: what waits for its rest is never more than one PDU's frag_length (65535 at most); `keep` adds what it was
// given. A frag_length below 16 breaks the stream for good: nobody can know where the next PDU begins.
#pragma once

#include "sim/base/bytes.hpp"

#include <cstddef>
#include <optional>

namespace sim::rpc {

class PduStream {
public:
    void feed(base::ByteView octets);

    // The next complete PDU, exactly frag_length octets (16 to 65535).
    std::optional<base::ByteView> next();

    // For a caller who stops in the middle: the octets not handed out yet go on with the next feed.
    void keep();

    bool broken() const { return broken_; }

    // Octets of a PDU whose rest has not come yet; not zero when the stream ends means that it was cut.
    std::size_t waiting() const { return kept_.size() - kept_at_ + fresh_.size(); }

private:
    std::optional<base::ByteView> next_kept();
    bool pull(std::size_t wanted);
    std::size_t length_of(base::ByteView head);

    base::Bytes kept_;         // out of earlier feeds
    std::size_t kept_at_ = 0;  // how much of it was handed out
    base::ByteView fresh_;     // octets of this feed that were not looked at yet
    bool broken_ = false;
};

}  // namespace sim::rpc
