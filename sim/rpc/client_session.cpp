#include "sim/rpc/client_session.hpp"

#include "sim/rpc/status.hpp"

#include <algorithm>
#include <cassert>

namespace sim::rpc {

namespace {

// C706's MustRecvFragSize: what every peer takes, whatever it claims.
constexpr std::size_t must_receive = 1432;

constexpr std::uint16_t context_id = 0;

// Some servers answer only the low octet of the context id.
bool same_context(std::uint16_t answered) { return (answered & 0xffU) == (context_id & 0xffU); }

}  // namespace

base::Bytes ClientSession::bind() {
    assert(state_ == State::fresh);
    state_ = State::binding;
    call_id_ = settings_.first_call_id;
    Bind body;
    body.max_xmit_frag = body.max_recv_frag = settings_.fragment_size;
    body.group = settings_.group;
    body.contexts.push_back({context_id, interface_, {ndr_syntax}});
    base::Bytes octets;
    octets.reserve(72);
    emit(octets, Pdu{.call_id = call_id_, .body = std::move(body)});
    return octets;
}

base::Bytes ClientSession::request(std::uint16_t opnum, base::ByteView stub) {
    assert(state_ == State::ready);
    state_ = State::calling;
    answer_begun_ = false;
    answer_.clear();
    call_id_ = settings_.first_call_id + calls_++;
    const std::size_t room = (send_size_ - request_header_size) / 8 * 8;
    base::Bytes octets;
    octets.reserve(stub.size() + request_header_size * (stub.size() / room + 1));
    std::size_t at = 0;
    do {
        const std::size_t piece = std::min(room, stub.size() - at);
        const unsigned first = at == 0 ? PduFlags::first : 0U;
        const unsigned last = at + piece == stub.size() ? PduFlags::last : 0U;
        Request body{.alloc_hint = static_cast<std::uint32_t>(stub.size() - at),
                     .context_id = context_id,
                     .opnum = opnum,
                     .object = std::nullopt,
                     .stub = stub.subspan(at, piece)};
        emit(octets,
             Pdu{.flags = PduFlags{static_cast<std::uint8_t>(first | last)}, .call_id = call_id_, .body = body});
        at += piece;
    } while (at < stub.size());
    return octets;
}

std::optional<ClientOutcome> ClientSession::feed(base::ByteView octets) {
    if (state_ == State::failed) return std::nullopt;
    // A PDU begins with its version, so that other protocols show at their first octet, and nobody waits for the rest
    // of what was never a length.
    if (stream_.waiting() == 0 && !octets.empty() && octets[0] != 5) return broken(ProtocolFault::not_rpc);
    stream_.feed(octets);
    std::optional<ClientOutcome> outcome;
    while (!outcome) {
        const std::optional<base::ByteView> pdu = stream_.next();
        if (!pdu) break;
        outcome = take(*pdu);
    }
    if (!outcome && stream_.broken()) outcome = broken(ProtocolFault::not_rpc);
    stream_.keep();
    return outcome;
}

std::optional<ClientOutcome> ClientSession::closed() {
    if (state_ != State::binding && state_ != State::calling) return std::nullopt;
    return fail(ClosedEarly{phase(), answer_begun_ || stream_.waiting() > 0});
}

std::optional<ClientOutcome> ClientSession::take(base::ByteView octets) {
    const base::Result<PduFrame, PduError> parts = frame(octets);
    if (!parts) return broken(ProtocolFault::malformed);
    const Header& h = parts->header;
    if (h.version != 5 || h.minor > 1) return broken(ProtocolFault::not_rpc);
    if (h.type == PduType::shutdown) return std::nullopt;  // a request to close when idle; the FIN will tell
    if (state_ != State::binding && state_ != State::calling) return broken(ProtocolFault::unexpected_type);
    if (h.call_id != call_id_) return broken(ProtocolFault::wrong_call_id);
    if (h.type == PduType::fault) {
        const base::Result<Fault, PduError> fault = parse_fault(*parts);
        if (!fault) return broken(ProtocolFault::malformed);
        const CallFaulted faulted{fault->status, h.flags.has(PduFlags::did_not_execute)};
        if (state_ == State::binding) return fail(faulted);
        state_ = State::ready;
        return faulted;
    }
    if (state_ == State::binding) return bind_answer(*parts);
    return call_answer(*parts);
}

ClientOutcome ClientSession::bind_answer(const PduFrame& frame) {
    if (frame.header.type == PduType::bind_nak) {
        const base::Result<BindNak, PduError> nak = parse_bind_nak(frame);
        if (!nak) return broken(ProtocolFault::malformed);
        return fail(BindRefused{nak->reason});
    }
    if (frame.header.type != PduType::bind_ack) return broken(ProtocolFault::unexpected_type);
    const base::Result<BindAck, PduError> ack = parse_bind_ack(frame);
    if (!ack || ack->answers.empty()) return broken(ProtocolFault::malformed);
    const ContextAnswer& answer = ack->answers.front();
    if (answer.result != ContextResult::acceptance) return fail(ContextRejected{answer});
    if (answer.transfer_syntax != ndr_syntax) return broken(ProtocolFault::malformed);
    send_size_ =
        std::clamp<std::size_t>(std::min(ack->max_recv_frag, settings_.fragment_size), must_receive, max_fragment);
    state_ = State::ready;
    return BindAccepted{ack->group};
}

std::optional<ClientOutcome> ClientSession::call_answer(const PduFrame& frame) {
    const Header& h = frame.header;
    if (h.type != PduType::response) return broken(ProtocolFault::unexpected_type);
    const base::Result<Response, PduError> response = parse_response(frame);
    if (!response) return broken(ProtocolFault::malformed);
    const bool first = h.flags.has(PduFlags::first);
    if (first == answer_begun_ || !same_context(response->context_id) || (!first && h.drep != answer_drep_))
        return broken(ProtocolFault::bad_fragment);
    if (response->stub.size() > settings_.response_stub - answer_.size()) return broken(ProtocolFault::too_long);
    answer_begun_ = true;
    answer_drep_ = h.drep;
    answer_.insert(answer_.end(), response->stub.begin(), response->stub.end());
    if (!h.flags.has(PduFlags::last)) return std::nullopt;
    state_ = State::ready;
    return CallDone{std::exchange(answer_, {}), h.drep.order()};
}

ClientOutcome ClientSession::fail(ClientOutcome outcome) {
    state_ = State::failed;
    return outcome;
}

ClientOutcome ClientSession::broken(ProtocolFault fault) {
    const ProtocolBroken outcome{phase(), fault};
    return fail(outcome);
}

ClientCall::Step ClientCall::feed(base::ByteView octets) {
    Step step;
    step.outcome = session_.feed(octets);
    if (!step.outcome || !std::holds_alternative<BindAccepted>(*step.outcome)) return step;
    step.octets = session_.request(opnum_, stub_);
    step.outcome = session_.feed({});  // a server that answers before it was asked is heard at once, too
    return step;
}

}  // namespace sim::rpc
