// Octets of a TCP stream in, complete PDUs out, whatever the split (C706 12.6.2: TCP gives no message boundaries).
//
//   stream.feed(octets);
//   while (const auto pdu = stream.next()) handle(*pdu);     // views: valid until the next call of next() or feed()
//   if (stream.broken()) close();
//
// A PDU that lies whole in the octets fed is handed out in place, without a copy. Requires that `next` is called until
// it yields nothing before `octets` dies or more is fed, except after abandoning the stream for good.
//
// Bounds: what waits for its rest is never more than one PDU's frag_length (65535 at most). A frag_length below 16
// breaks the stream for good: nobody can know where the next PDU begins.
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

    bool broken() const { return broken_; }

    // Octets of a PDU whose rest has not come yet; not zero when the stream ends means that it was cut.
    std::size_t waiting() const { return kept_.size() - (handed_out_ ? kept_.size() : 0) + fresh_.size(); }

private:
    std::optional<std::size_t> length_of(base::ByteView head);
    std::optional<base::ByteView> complete_kept();

    base::Bytes kept_;       // the beginning of a PDU, out of earlier feeds
    base::ByteView fresh_;   // octets of this feed that were not looked at yet
    bool handed_out_ = false;  // kept_ was handed out whole and is to be cleared
    bool broken_ = false;
};

}  // namespace sim::rpc
