// One connection of an RPC server, without the connection: octets in, octets out (dcerpc-epm sections 2-6 and 14;
// C706 12.6.4, MS-RPCE 3.3.3). Binds, alters, reassembles, dispatches, fragments, faults; anonymous only.
//
//   ServerSession session(interfaces, associations, local, peer);
//   auto out = session.feed(octets);          // any split of the stream
//   send(out.octets); if (out.close) close(); // FIN once the octets went out, never a reset
//
// The interface set and the associations must outlive the session. A client that shuts down its sending side has
// every answer already: on its FIN simply close. How much one feed may yield is bounded by the octets fed times the
// longest answer of the interfaces; a driver should stop feeding while its peer does not read.
#pragma once

#include "sim/base/bytes.hpp"
#include "sim/rpc/associations.hpp"
#include "sim/rpc/interface_server.hpp"
#include "sim/rpc/pdu.hpp"
#include "sim/rpc/pdu_stream.hpp"
#include "sim/wire/endpoint.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace sim::rpc {

class ServerSession {
public:
    struct Limits {
        std::size_t contexts = 256;          // presentation contexts of this connection; further ones are rejected
        std::size_t request_stub = 1 << 20;  // a reassembled request's stub, in octets
    };
    struct Output {
        base::Bytes octets;  // may be empty
        bool close = false;  // send the octets, then FIN; further input is ignored
    };

    // `local` is the endpoint that the client connected to: its port becomes the secondary address of the bind_ack.
    ServerSession(InterfaceSet& interfaces, AssociationGroups& associations, wire::Endpoint local, wire::Endpoint peer)
        : ServerSession(interfaces, associations, local, peer, Limits{}) {}
    ServerSession(InterfaceSet& interfaces, AssociationGroups& associations, wire::Endpoint local, wire::Endpoint peer,
                  Limits limits);

    Output feed(base::ByteView octets);

    bool closed() const { return closed_; }
    bool bound() const { return static_cast<bool>(association_); }

private:
    struct Context {
        std::uint16_t id = 0;
        InterfaceServer* server = nullptr;
    };
    // A call that was begun; `stub` holds what came of it while fragments are missing.
    struct PendingCall {
        std::uint32_t call_id = 0;
        std::uint16_t context_id = 0;
        std::uint16_t opnum = 0;
        InterfaceServer* server = nullptr;
        Drep drep;
        base::Bytes stub;
    };
    struct Negotiated {
        std::vector<ContextAnswer> answers;
        std::optional<Context> created;  // at most one by PDU
        bool features = false;           // the bind's features element was seen
    };

    void take(base::ByteView pdu);
    void first_pdu(base::ByteView pdu);
    void bind(const PduFrame& frame);
    void alter(const PduFrame& frame);
    std::optional<Negotiated> negotiate(const std::vector<ContextElement>& elements, bool is_bind) const;
    ContextAnswer answer_one(const ContextElement& element, bool known, Negotiated& so_far) const;
    void acknowledge(const Header& asked, Negotiated agreed);

    void request(const PduFrame& frame);
    void first_fragment(const PduFrame& frame, const Request& request);
    void later_fragment(const PduFrame& frame, const Request& request);
    void dispatch(const PendingCall& call, base::ByteView stub);
    void respond(const PendingCall& call, std::size_t start);

    void nak(std::uint32_t call_id, NakReason reason);
    void fault(std::uint32_t call_id, std::uint16_t context_id, CallFault fault);
    void fault_and_close(std::uint32_t call_id, std::uint16_t context_id, CallFault fault);
    void put(std::uint32_t call_id, PduFlags flags, Body body);
    const Context* find_context(std::uint16_t id) const;

    InterfaceSet& interfaces_;
    AssociationGroups& associations_;
    wire::Endpoint local_;
    wire::Endpoint peer_;
    Limits limits_;
    PduStream stream_;
    AssociationGroups::Membership association_;
    std::vector<Context> contexts_;
    std::optional<PendingCall> pending_;
    std::size_t fragment_size_ = 0;
    bool multiplexed_ = false;
    bool closed_ = false;
    base::Bytes out_;
};

}  // namespace sim::rpc
