#include "sim/rpc/pdu.hpp"

#include <cassert>

namespace sim::rpc {

namespace {

void emit_body(OrderedWriter& out, const Request& r) {
    out.u32(r.alloc_hint);
    out.u16(r.context_id);
    out.u16(r.opnum);
    if (r.object) out.uuid(*r.object);
    out.bytes(r.stub);
}

void emit_body(OrderedWriter& out, const Response& r) {
    out.u32(r.alloc_hint);
    out.u16(r.context_id);
    out.u8(r.cancel_count);
    out.u8(0);
    out.bytes(r.stub);
}

void emit_body(OrderedWriter& out, const Fault& f) {
    out.u32(f.alloc_hint);
    out.u16(f.context_id);
    out.u8(f.cancel_count);
    out.u8(0);
    out.u32(f.status);
    out.u32(0);
}

void emit_body(OrderedWriter& out, const Bind& b) {
    assert(b.contexts.size() <= 255);
    out.u16(b.max_xmit_frag);
    out.u16(b.max_recv_frag);
    out.u32(b.group);
    out.u8(static_cast<std::uint8_t>(b.contexts.size()));
    out.zeros(3);
    for (const ContextElement& element : b.contexts) {
        assert(element.transfer_syntaxes.size() <= 255);
        out.u16(element.id);
        out.u8(static_cast<std::uint8_t>(element.transfer_syntaxes.size()));
        out.u8(0);
        out.syntax(element.abstract_syntax);
        for (const SyntaxId& syntax : element.transfer_syntaxes) out.syntax(syntax);
    }
}

void emit_body(OrderedWriter& out, const BindAck& a) {
    assert(a.answers.size() <= 255);
    out.u16(a.max_xmit_frag);
    out.u16(a.max_recv_frag);
    out.u32(a.group);
    if (a.secondary_address.empty()) {
        out.u16(0);
    } else {
        out.u16(static_cast<std::uint16_t>(a.secondary_address.size() + 1));
        out.bytes(base::view_of(a.secondary_address));
        out.u8(0);
    }
    out.align(4);
    out.u8(static_cast<std::uint8_t>(a.answers.size()));
    out.zeros(3);
    for (const ContextAnswer& answer : a.answers) {
        out.u16(static_cast<std::uint16_t>(answer.result));
        out.u16(static_cast<std::uint16_t>(answer.reason));
        out.syntax(answer.transfer_syntax);
    }
}

void emit_body(OrderedWriter& out, const BindNak& n) {
    out.u16(static_cast<std::uint16_t>(n.reason));
    out.u8(1);  // one protocol version: 5.0
    out.u8(5);
    out.u8(0);
    out.zeros(3);
}

// MS-RPCE 2.2.2.10: four octets of padding, whose content means nothing.
void emit_body(OrderedWriter& out, const Auth3&) { out.zeros(4); }
void emit_body(OrderedWriter&, const Shutdown&) {}
void emit_body(OrderedWriter&, const CoCancel&) {}
void emit_body(OrderedWriter&, const Orphaned&) {}

void emit_auth(OrderedWriter& out, const AuthVerifier& auth) {
    const std::size_t before = out.size();
    out.align(4);
    const std::size_t padding = out.size() - before;
    out.u8(auth.type);
    out.u8(auth.level);
    out.u8(static_cast<std::uint8_t>(padding));
    out.u8(0);
    out.u32(auth.context_id);
    out.bytes(auth.value);
}

bool same(base::ByteView a, base::ByteView b) { return base::text_of(a) == base::text_of(b); }

}  // namespace

void emit(base::Bytes& out, const Pdu& pdu) {
    Header h;
    h.minor = pdu.minor;
    h.type = type_of(pdu.body);
    h.flags = pdu.flags;
    h.drep = pdu.drep;
    h.call_id = pdu.call_id;
    if (const Request* request = std::get_if<Request>(&pdu.body); request != nullptr && request->object)
        h.flags.bits |= PduFlags::object_uuid;
    OrderedWriter writer(out, pdu.drep.order());
    emit(writer, h);
    std::visit([&writer](const auto& body) { emit_body(writer, body); }, pdu.body);
    if (pdu.auth) {
        assert(!pdu.auth->value.empty() && pdu.auth->value.size() <= 0xffff);
        emit_auth(writer, *pdu.auth);
        writer.patch_u16(10, static_cast<std::uint16_t>(pdu.auth->value.size()));
    }
    assert(writer.size() <= 0xffff);
    writer.patch_u16(8, static_cast<std::uint16_t>(writer.size()));
}

PduType type_of(const Body& body) {
    static constexpr PduType types[] = {
        PduType::request,  PduType::response, PduType::fault,         PduType::bind,
        PduType::bind_ack, PduType::bind_nak, PduType::alter_context, PduType::alter_context_response,
        PduType::auth3,    PduType::shutdown, PduType::co_cancel,     PduType::orphaned};
    static_assert(std::size(types) == std::variant_size_v<Body>);
    return types[body.index()];
}

bool Request::operator==(const Request& other) const {
    return alloc_hint == other.alloc_hint && context_id == other.context_id && opnum == other.opnum &&
           object == other.object && same(stub, other.stub);
}

bool Response::operator==(const Response& other) const {
    return alloc_hint == other.alloc_hint && context_id == other.context_id && cancel_count == other.cancel_count &&
           same(stub, other.stub);
}

bool AuthVerifier::operator==(const AuthVerifier& other) const {
    return type == other.type && level == other.level && context_id == other.context_id && same(value, other.value);
}

}  // namespace sim::rpc
