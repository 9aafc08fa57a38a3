// Sealed talk as somebody in the middle sees it: the shape of NTLM's packet privacy (MS-RPCE 2.2.2.11), for rehearsals
// of what reads along.
//
// This is a stand-in and protects nothing: the tokens prove nobody's identity, and the seal is a fixed pattern over the
// stub. What is real are the lengths, the auth trailers of level 6, the third leg (auth3) before the first request, and
// that the stub does not show what it says.
//
//   Sealer sealer(Sealer::End::client);
//   send(sealer.outgoing(session.bind()));           // whole PDUs
//   session.feed(sealer.incoming(received));         // any split of the stream
//
// What carries no trailer passes unchanged (bind_nak, faults, a peer that does not seal).
#pragma once

#include "sim/rpc/pdu.hpp"
#include "sim/rpc/pdu_stream.hpp"

namespace sim::rpc {

class Sealer {
public:
    enum class End : std::uint8_t { client, server };
    explicit Sealer(End end) : end_(end) {}

    base::Bytes outgoing(base::ByteView octets);
    base::Bytes incoming(base::ByteView octets);

private:
    void seal(base::ByteView pdu, base::Bytes& out);

    End end_;
    PduStream received_;
    bool proved_ = false;  // the client's third leg was sent
};

}  // namespace sim::rpc
