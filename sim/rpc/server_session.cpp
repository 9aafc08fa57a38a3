// Calls: fragments in, dispatch, fragments out. Binding is in server_bind.cpp.
#include "sim/rpc/server_session.hpp"

#include "sim/rpc/status.hpp"

#include <algorithm>
#include <utility>

namespace sim::rpc {

namespace {

constexpr CallFault protocol_broken{status::nca_proto_error, false};
constexpr CallFault header_broken{status::nca_proto_error, true};

}  // namespace

ServerSession::ServerSession(InterfaceSet& interfaces, AssociationGroups& associations, wire::Endpoint local,
                             wire::Endpoint peer, Limits limits)
    : interfaces_(interfaces), associations_(associations), local_(local), peer_(peer), limits_(limits) {}

ServerSession::Output ServerSession::feed(base::ByteView octets) {
    if (closed_) return {{}, true};
    stream_.feed(octets);
    while (!closed_) {
        const std::optional<base::ByteView> pdu = stream_.next();
        if (!pdu) break;
        ++interfaces_.statistics.packets_in;
        take(*pdu);
    }
    if (stream_.broken()) closed_ = true;
    return {std::exchange(out_, {}), closed_};
}

void ServerSession::take(base::ByteView octets) {
    if (!bound()) return first_pdu(octets);
    const Header h = parse_header(octets);
    const base::Result<PduFrame, PduError> parts = frame(octets);
    if (h.version != 5 || h.minor > 1 || !parts) return fault_and_close(h.call_id, 0, header_broken);
    switch (h.type) {
        case PduType::request: return request(*parts);
        case PduType::bind: return nak(h.call_id, NakReason::not_specified);
        case PduType::alter_context: return alter(*parts);
        case PduType::co_cancel:
        case PduType::orphaned: return;
        default: return fault_and_close(h.call_id, 0, header_broken);
    }
}

void ServerSession::request(const PduFrame& frame) {
    const Header& h = frame.header;
    if (h.frag_length > max_fragment) return fault_and_close(h.call_id, 0, protocol_broken);
    const base::Result<Request, PduError> request = parse_request(frame);
    if (!request) return fault_and_close(h.call_id, 0, header_broken);
    if (h.flags.has(PduFlags::first)) return first_fragment(frame, *request);
    later_fragment(frame, *request);
}

void ServerSession::first_fragment(const PduFrame& frame, const Request& request) {
    const Header& h = frame.header;
    if (pending_) {
        // One incomplete call at a time, even when multiplexed; but then the newcomer is told, not the other.
        if (multiplexed_) return fault_and_close(h.call_id, 0, protocol_broken);
        return fault_and_close(pending_->call_id, pending_->context_id, protocol_broken);
    }
    if (h.flags.has(PduFlags::pending_cancel)) return fault_and_close(h.call_id, 0, {status::no_call_active, true});
    const Context* context = find_context(request.context_id);
    if (context == nullptr) return fault(h.call_id, 0, {status::nca_unk_if, true});
    if (frame.auth) return fault_and_close(h.call_id, request.context_id, {status::access_denied, false});
    PendingCall call{h.call_id, request.context_id, request.opnum, context->server, h.drep, {}};
    const bool whole = h.flags.has(PduFlags::last);
    if (request.stub.size() > limits_.request_stub || (!whole && request.alloc_hint > limits_.request_stub))
        return fault_and_close(h.call_id, request.context_id, {status::access_denied, false});
    if (whole) return dispatch(call, request.stub);
    call.stub.assign(request.stub.begin(), request.stub.end());
    pending_ = std::move(call);
}

void ServerSession::later_fragment(const PduFrame& frame, const Request& request) {
    const Header& h = frame.header;
    if (!pending_ || pending_->call_id != h.call_id) return fault_and_close(h.call_id, 0, protocol_broken);
    PendingCall& call = *pending_;
    if (h.drep != call.drep) return fault_and_close(h.call_id, call.context_id, protocol_broken);
    if (frame.auth || request.stub.size() > limits_.request_stub - call.stub.size())
        return fault_and_close(h.call_id, call.context_id, {status::access_denied, false});
    call.stub.insert(call.stub.end(), request.stub.begin(), request.stub.end());
    if (!h.flags.has(PduFlags::last)) return;
    const PendingCall complete = std::move(call);
    pending_.reset();
    dispatch(complete, complete.stub);
}

// The server writes behind the room for a response header, so that the usual answer is never copied.
void ServerSession::dispatch(const PendingCall& call, base::ByteView stub) {
    ++interfaces_.statistics.calls_in;
    const std::size_t start = out_.size();
    out_.reserve(start + 256);
    out_.resize(start + response_header_size);
    NdrWriter response(out_);
    CallContext context{local_, peer_, interfaces_, association_};
    const CallAnswer answer = call.server->call({call.opnum, stub, call.drep.order(), context}, response);
    if (const CallFault* refused = std::get_if<CallFault>(&answer)) {
        out_.resize(start);
        fault(call.call_id, call.context_id, *refused);
    } else {
        respond(call, start);
    }
    ++interfaces_.statistics.calls_out;
}

// Puts the header in front of the stub that begins at `start` + 24; a stub too long for one fragment is taken out and
// cut into pieces, every one but the last a multiple of 8 because the fragment size is.
void ServerSession::respond(const PendingCall& call, std::size_t start) {
    const std::size_t total = out_.size() - start - response_header_size;
    const std::size_t room = fragment_size_ - response_header_size;
    const auto header = [&](base::Bytes& to, std::uint8_t flags, std::size_t left, std::size_t piece) {
        OrderedWriter out(to);
        Header h;
        h.type = PduType::response;
        h.flags = PduFlags{flags};
        h.frag_length = static_cast<std::uint16_t>(response_header_size + piece);
        h.call_id = call.call_id;
        emit(out, h);
        out.u32(static_cast<std::uint32_t>(left));
        out.u16(call.context_id);
        out.u16(0);
        ++interfaces_.statistics.packets_out;
    };
    base::Bytes head;
    if (total <= room) {
        head.reserve(response_header_size);
        header(head, PduFlags::whole, total, total);
        std::copy(head.begin(), head.end(), out_.begin() + static_cast<std::ptrdiff_t>(start));
        return;
    }
    const base::Bytes stub(out_.begin() + static_cast<std::ptrdiff_t>(start + response_header_size), out_.end());
    out_.resize(start);
    for (std::size_t at = 0; at < total; at += room) {
        const std::size_t piece = std::min(room, total - at);
        const unsigned first = at == 0 ? PduFlags::first : 0U;
        const unsigned last = at + piece == total ? PduFlags::last : 0U;
        header(out_, static_cast<std::uint8_t>(first | last), total - at, piece);
        const auto begin = stub.begin() + static_cast<std::ptrdiff_t>(at);
        out_.insert(out_.end(), begin, begin + static_cast<std::ptrdiff_t>(piece));
    }
}

void ServerSession::fault(std::uint32_t call_id, std::uint16_t context_id, CallFault fault) {
    PduFlags flags{PduFlags::whole};
    if (fault.did_not_execute) flags.bits |= PduFlags::did_not_execute;
    put(call_id, flags, Fault{.context_id = context_id, .status = fault.status});
}

void ServerSession::fault_and_close(std::uint32_t call_id, std::uint16_t context_id, CallFault why) {
    fault(call_id, context_id, why);
    closed_ = true;
}

void ServerSession::put(std::uint32_t call_id, PduFlags flags, Body body) {
    emit(out_, Pdu{.flags = flags, .call_id = call_id, .body = std::move(body)});
    ++interfaces_.statistics.packets_out;
}

const ServerSession::Context* ServerSession::find_context(std::uint16_t id) const {
    for (const Context& context : contexts_)
        if (context.id == id) return &context;
    return nullptr;
}

}  // namespace sim::rpc
