#include "sim/rpc/pdu.hpp"

#include <algorithm>
#include <cassert>

namespace sim::rpc {

namespace {

// Offsets in errors count from the start of the PDU; readers of bodies count from offset 16.
base::Failure<PduError> wrong(std::size_t body_offset, PduReason reason) {
    return base::failure(PduError{Header::size + body_offset, reason});
}

OrderedReader reader_of(const PduFrame& frame) { return {frame.body, frame.header.drep.order()}; }

// 4 fragment sizes, group, count, 1 reserved octet: bind's fixed part may end right behind the count.
constexpr std::size_t bind_fixed = 9;
constexpr std::size_t syntax_size = 20;

template <class To, class From>
To slice(From&& from) {
    To to;
    static_cast<std::decay_t<From>&>(to) = std::forward<From>(from);
    return to;
}

// Turns a body's Result into the whole PDU's.
template <class As, class Parsed>
base::Result<Pdu, PduError> whole(Pdu pdu, Parsed&& parsed) {
    if (!parsed) return base::failure(parsed.error());
    if constexpr (std::is_same_v<As, std::decay_t<decltype(*parsed)>>)
        pdu.body = *std::forward<Parsed>(parsed);
    else
        pdu.body = slice<As>(*std::forward<Parsed>(parsed));
    return pdu;
}

}  // namespace

base::Result<PduFrame, PduError> frame(base::ByteView octets) {
    if (octets.size() < Header::size) return base::failure(PduError{octets.size(), PduReason::header_cut});
    PduFrame parts{parse_header(octets), {}, std::nullopt};
    const Header& h = parts.header;
    if (h.frag_length != octets.size()) return base::failure(PduError{8, PduReason::length_wrong});
    if (!auth_fits(h)) return base::failure(PduError{10, PduReason::auth_does_not_fit});
    parts.body = octets.subspan(Header::size);
    if (h.auth_length == 0) return parts;

    const std::size_t trailer = octets.size() - h.auth_length - auth_trailer_size;
    OrderedReader in(octets.subspan(trailer), h.drep.order());
    AuthVerifier auth;
    auth.type = in.u8();
    auth.level = in.u8();
    const std::size_t padding = in.u8();
    in.skip(1);
    auth.context_id = in.u32();
    auth.value = in.rest();
    const std::size_t body = trailer - Header::size;
    if (padding > body) return base::failure(PduError{trailer + 2, PduReason::auth_does_not_fit});
    parts.body = parts.body.first(body - padding);
    parts.auth = auth;
    return parts;
}

base::Result<Request, PduError> parse_request(const PduFrame& frame) {
    OrderedReader in = reader_of(frame);
    Request r;
    r.alloc_hint = in.u32();
    r.context_id = in.u16();
    r.opnum = in.u16();
    if (frame.header.flags.has(PduFlags::object_uuid)) r.object = in.uuid();
    if (!in.ok()) return wrong(frame.body.size(), PduReason::body_cut);
    r.stub = in.rest();
    return r;
}

base::Result<Response, PduError> parse_response(const PduFrame& frame) {
    OrderedReader in = reader_of(frame);
    Response r;
    r.alloc_hint = in.u32();
    r.context_id = in.u16();
    r.cancel_count = in.u8();
    in.skip(1);
    if (!in.ok()) return wrong(frame.body.size(), PduReason::body_cut);
    r.stub = in.rest();
    return r;
}

base::Result<Fault, PduError> parse_fault(const PduFrame& frame) {
    OrderedReader in = reader_of(frame);
    Fault f;
    f.alloc_hint = in.u32();
    f.context_id = in.u16();
    f.cancel_count = in.u8();
    in.skip(1);
    f.status = in.u32();
    // Four reserved octets follow; some servers leave them out, and nothing is lost with them.
    if (!in.ok()) return wrong(frame.body.size(), PduReason::body_cut);
    return f;
}

base::Result<Bind, PduError> parse_bind(const PduFrame& frame) {
    OrderedReader in = reader_of(frame);
    if (in.left() < bind_fixed) return wrong(in.left(), PduReason::body_cut);
    Bind b;
    b.max_xmit_frag = in.u16();
    b.max_recv_frag = in.u16();
    b.group = in.u32();
    const std::size_t count = in.u8();
    if (count == 0) return b;
    in.skip(3);
    b.contexts.reserve(std::min(count, in.left() / (4 + syntax_size)));
    for (std::size_t i = 0; i < count && in.ok(); ++i) {
        const std::size_t at = in.offset();
        ContextElement& element = b.contexts.emplace_back();
        element.id = in.u16();
        const std::size_t syntaxes = in.u8();
        in.skip(1);
        element.abstract_syntax = in.syntax();
        if (syntaxes * syntax_size > in.left()) return wrong(at, PduReason::context_list_cut);
        element.transfer_syntaxes.reserve(syntaxes);
        for (std::size_t j = 0; j < syntaxes; ++j) element.transfer_syntaxes.push_back(in.syntax());
    }
    if (!in.ok()) return wrong(frame.body.size(), PduReason::context_list_cut);
    return b;
}

base::Result<BindAck, PduError> parse_bind_ack(const PduFrame& frame) {
    OrderedReader in = reader_of(frame);
    BindAck a;
    a.max_xmit_frag = in.u16();
    a.max_recv_frag = in.u16();
    a.group = in.u32();
    const std::size_t length = in.u16();
    if (!in.ok()) return wrong(frame.body.size(), PduReason::body_cut);
    const std::size_t at = in.offset();
    const base::ByteView address = in.take(length);
    if (!in.ok() || (length > 0 && address.back() != 0)) return wrong(at, PduReason::address_wrong);
    if (length > 0) a.secondary_address = base::text_of(address.first(length - 1));
    in.align(4);
    const std::size_t count = in.u8();
    in.skip(3);
    if (!in.ok() || count * (4 + syntax_size) > in.left()) return wrong(in.offset(), PduReason::context_list_cut);
    a.answers.reserve(count);
    for (std::size_t i = 0; i < count; ++i) {
        ContextAnswer& answer = a.answers.emplace_back();
        answer.result = static_cast<ContextResult>(in.u16());
        answer.reason = static_cast<ContextReason>(in.u16());
        answer.transfer_syntax = in.syntax();
    }
    return a;
}

base::Result<BindNak, PduError> parse_bind_nak(const PduFrame& frame) {
    OrderedReader in = reader_of(frame);
    const BindNak n{static_cast<NakReason>(in.u16())};
    // The list of versions is informative, and old servers leave it out.
    if (!in.ok()) return wrong(frame.body.size(), PduReason::body_cut);
    return n;
}

base::Result<Pdu, PduError> parse(base::ByteView octets) {
    const base::Result<PduFrame, PduError> parts = frame(octets);
    if (!parts) return base::failure(parts.error());
    const Header& h = parts->header;
    if (h.version != 5 || h.minor > 1) return base::failure(PduError{0, PduReason::version_unsupported});
    Pdu pdu{h.minor, h.flags, h.drep, h.call_id, {}, parts->auth};
    switch (h.type) {
        case PduType::request: return whole<Request>(std::move(pdu), parse_request(*parts));
        case PduType::response: return whole<Response>(std::move(pdu), parse_response(*parts));
        case PduType::fault: return whole<Fault>(std::move(pdu), parse_fault(*parts));
        case PduType::bind: return whole<Bind>(std::move(pdu), parse_bind(*parts));
        case PduType::bind_ack: return whole<BindAck>(std::move(pdu), parse_bind_ack(*parts));
        case PduType::bind_nak: return whole<BindNak>(std::move(pdu), parse_bind_nak(*parts));
        case PduType::alter_context: return whole<AlterContext>(std::move(pdu), parse_bind(*parts));
        case PduType::alter_context_response:
            return whole<AlterContextResponse>(std::move(pdu), parse_bind_ack(*parts));
        case PduType::auth3: pdu.body = Auth3{}; return pdu;
        case PduType::shutdown: pdu.body = Shutdown{}; return pdu;
        case PduType::co_cancel: pdu.body = CoCancel{}; return pdu;
        case PduType::orphaned: pdu.body = Orphaned{}; return pdu;
    }
    return base::failure(PduError{2, PduReason::type_unknown});
}

}  // namespace sim::rpc
