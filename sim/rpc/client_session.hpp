// What an RPC client does on one connection, without the connection: bind an interface, then one call after another
// (dcerpc-epm section 12). Octets in, octets and outcomes out; any split of the stream.
//
//   ClientSession session(epm_interface);
//   send(session.bind());
//   ... session.feed(octets) -> BindAccepted
//   send(session.request(epm_opnum::map, ept_map_stub(nspi_interface)));
//   ... session.feed(octets) -> CallDone{stub, order}
//
// Every way in which it can fail is an outcome of its own, so that a diagnosis need not guess. Nothing the server says
// about lengths is believed: a reassembled answer is bounded, alloc_hint is ignored.
#pragma once

#include "sim/base/bytes.hpp"
#include "sim/rpc/ndr.hpp"
#include "sim/rpc/pdu.hpp"
#include "sim/rpc/pdu_stream.hpp"
#include "sim/rpc/syntax.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>

namespace sim::rpc {

// What the client was waiting for.
enum class ClientPhase : std::uint8_t { bind, call };

enum class ProtocolFault : std::uint8_t {
    not_rpc,          // the octets make no PDU: a version other than 5, a length below 16
    malformed,        // a PDU whose contents do not fit
    unexpected_type,  // e.g. a response before the bind_ack
    wrong_call_id,
    bad_fragment,  // FIRST missing or repeated, or another context
    too_long,      // the answer exceeds the limit
};
std::string format(ProtocolFault fault);  // a sentence

struct BindAccepted {
    std::uint32_t group = 0;
    bool operator==(const BindAccepted&) const = default;
};
struct CallDone {
    base::Bytes stub{};
    ByteOrder order = ByteOrder::little;
    bool operator==(const CallDone&) const = default;
};
struct BindRefused {  // bind_nak
    NakReason reason = NakReason::not_specified;
    bool operator==(const BindRefused&) const = default;
};
struct ContextRejected {  // bind_ack, but not for this interface: usually another service's port
    ContextAnswer answer{};
    bool operator==(const ContextRejected&) const = default;
};
struct CallFaulted {
    std::uint32_t status = 0;
    bool did_not_execute = false;
    bool operator==(const CallFaulted&) const = default;
};
struct ProtocolBroken {
    ClientPhase phase = ClientPhase::bind;
    ProtocolFault fault = ProtocolFault::not_rpc;
    bool operator==(const ProtocolBroken&) const = default;
};
struct ClosedEarly {  // FIN or reset before the answer was complete
    ClientPhase phase = ClientPhase::bind;
    bool answer_begun = false;  // some octets of the answer had come
    bool operator==(const ClosedEarly&) const = default;
};

using ClientOutcome =
    std::variant<BindAccepted, CallDone, BindRefused, ContextRejected, CallFaulted, ProtocolBroken, ClosedEarly>;

// True of BindAccepted and CallDone.
bool succeeded(const ClientOutcome& outcome);
// The code a program would get: 0, 1717 for a rejected interface, 1726 or 1727 for a connection that died, the
// translated status of a fault, ...
std::uint32_t win32_of(const ClientOutcome& outcome);
// A sentence.
std::string describe(const ClientOutcome& outcome);

class ClientSession {
public:
    struct Settings {
        std::uint16_t fragment_size = max_fragment;  // offered both ways; at least 1432
        std::uint32_t group = 0;                     // association group to join; 0 = a new one
        std::uint32_t first_call_id = 1;
        std::size_t response_stub = 4 << 20;  // limit of a reassembled answer, in octets
    };

    explicit ClientSession(const SyntaxId& interface) : ClientSession(interface, Settings{}) {}
    ClientSession(const SyntaxId& interface, Settings settings) : interface_(interface), settings_(settings) {}

    // The octets of the bind; first and once.
    base::Bytes bind();

    // The octets of a call, in as many fragments as the server's size asks for. Requires ready(). The first call has
    // the bind's call_id, as real clients do it; later ones count up.
    base::Bytes request(std::uint16_t opnum, base::ByteView stub);

    // At most one outcome per feed; octets behind it wait for the next one. After a failure nothing more comes.
    std::optional<ClientOutcome> feed(base::ByteView octets);

    // The connection ended (FIN or reset). An outcome only when something was outstanding.
    std::optional<ClientOutcome> closed();

    bool ready() const { return state_ == State::ready; }  // bound, and no call outstanding
    bool failed() const { return state_ == State::failed; }

private:
    enum class State : std::uint8_t { fresh, binding, ready, calling, failed };

    std::optional<ClientOutcome> take(base::ByteView pdu);
    ClientOutcome bind_answer(const PduFrame& frame);
    std::optional<ClientOutcome> call_answer(const PduFrame& frame);
    ClientOutcome fail(ClientOutcome outcome);
    ClientOutcome broken(ProtocolFault fault);
    ClientPhase phase() const { return state_ == State::calling ? ClientPhase::call : ClientPhase::bind; }

    SyntaxId interface_;
    Settings settings_;
    State state_ = State::fresh;
    PduStream stream_;
    std::uint32_t calls_ = 0;
    std::uint32_t call_id_ = 0;
    std::size_t send_size_ = max_fragment;
    bool answer_begun_ = false;
    Drep answer_drep_;
    base::Bytes answer_;
};

// Bind and one call on one connection, in one piece: what a mapper lookup is.
//
//   ClientCall call(epm_interface, epm_opnum::map, ept_map_stub(nspi_interface));
//   send(call.start());
//   auto step = call.feed(octets); send(step.octets); if (step.outcome) ...   // never BindAccepted
class ClientCall {
public:
    struct Step {
        base::Bytes octets;  // to be sent; may be empty
        std::optional<ClientOutcome> outcome;
    };

    ClientCall(const SyntaxId& interface, std::uint16_t opnum, base::Bytes stub)
        : ClientCall(interface, opnum, std::move(stub), ClientSession::Settings{}) {}
    ClientCall(const SyntaxId& interface, std::uint16_t opnum, base::Bytes stub, ClientSession::Settings settings)
        : session_(interface, settings), opnum_(opnum), stub_(std::move(stub)) {}

    base::Bytes start() { return session_.bind(); }
    Step feed(base::ByteView octets);
    std::optional<ClientOutcome> closed() { return session_.closed(); }

    // For further calls on the same connection, once this one is done.
    ClientSession& session() { return session_; }

private:
    ClientSession session_;
    std::uint16_t opnum_;
    base::Bytes stub_;
};

}  // namespace sim::rpc
