#include "sim/rpc/header.hpp"

#include <algorithm>
#include <cassert>

namespace sim::rpc {

std::string_view name(PduType type) {
    switch (type) {
        case PduType::request: return "request";
        case PduType::response: return "response";
        case PduType::fault: return "fault";
        case PduType::bind: return "bind";
        case PduType::bind_ack: return "bind_ack";
        case PduType::bind_nak: return "bind_nak";
        case PduType::alter_context: return "alter_context";
        case PduType::alter_context_response: return "alter_context response";
        case PduType::auth3: return "auth3";
        case PduType::shutdown: return "shutdown";
        case PduType::co_cancel: return "co_cancel";
        case PduType::orphaned: return "orphaned";
    }
    return {};
}

Header parse_header(base::ByteView pdu) {
    assert(pdu.size() >= Header::size);
    Header h;
    h.version = pdu[0];
    h.minor = pdu[1];
    h.type = static_cast<PduType>(pdu[2]);
    h.flags = PduFlags{pdu[3]};
    std::copy_n(pdu.begin() + 4, h.drep.label.size(), h.drep.label.begin());
    OrderedReader in(pdu.subspan(8, 8), h.drep.order());
    h.frag_length = in.u16();
    h.auth_length = in.u16();
    h.call_id = in.u32();
    return h;
}

void emit(OrderedWriter& out, const Header& h) {
    const std::array<base::Byte, 8> head{h.version,       h.minor,         static_cast<base::Byte>(h.type),
                                         h.flags.bits,    h.drep.label[0], h.drep.label[1],
                                         h.drep.label[2], h.drep.label[3]};
    out.bytes(head);
    out.u16(h.frag_length);
    out.u16(h.auth_length);
    out.u32(h.call_id);
}

}  // namespace sim::rpc
