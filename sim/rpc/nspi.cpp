#include "sim/rpc/nspi.hpp"

#include "sim/rpc/epm_wire.hpp"
#include "sim/rpc/interfaces.hpp"
#include "sim/rpc/status.hpp"

namespace sim::rpc {

base::Result<NspiBindRequest, StubReason> parse_nspi_bind_request(base::ByteView stub, ByteOrder order) {
    NdrReader in(stub, order);
    NspiBindRequest r;
    r.flags = in.u32();
    for (std::uint32_t& field : r.stat) field = in.u32();
    if (in.referent()) r.server = in.uuid();
    if (!in.ok()) return base::failure(StubReason::cut);
    return r;
}

void emit(NdrWriter& out, const NspiBindRequest& r) {
    out.u32(r.flags);
    for (const std::uint32_t field : r.stat) out.u32(field);
    out.u32(r.server ? 1 : 0);
    if (r.server) out.uuid(*r.server);
}

base::Result<NspiBindResponse, StubReason> parse_nspi_bind_response(base::ByteView stub, ByteOrder order) {
    NdrReader in(stub, order);
    NspiBindResponse r;
    if (in.referent()) r.server = in.uuid();
    r.handle = in.handle();
    r.code = in.u32();
    if (!in.ok()) return base::failure(StubReason::cut);
    return r;
}

void emit(NdrWriter& out, const NspiBindResponse& r) {
    out.u32(r.server ? 1 : 0);
    if (r.server) out.uuid(*r.server);
    out.handle(r.handle);
    out.u32(r.code);
}

base::Result<NspiUnbindRequest, StubReason> parse_nspi_unbind_request(base::ByteView stub, ByteOrder order) {
    NdrReader in(stub, order);
    NspiUnbindRequest r;
    r.handle = in.handle();
    r.reserved = in.u32();
    if (!in.ok()) return base::failure(StubReason::cut);
    return r;
}

void emit(NdrWriter& out, const NspiUnbindRequest& r) {
    out.handle(r.handle);
    out.u32(r.reserved);
}

base::Result<NspiUnbindResponse, StubReason> parse_nspi_unbind_response(base::ByteView stub, ByteOrder order) {
    NdrReader in(stub, order);
    NspiUnbindResponse r;
    r.handle = in.handle();
    r.code = in.u32();
    if (!in.ok()) return base::failure(StubReason::cut);
    return r;
}

void emit(NdrWriter& out, const NspiUnbindResponse& r) {
    out.handle(r.handle);
    out.u32(r.code);
}

base::Bytes nspi_bind_stub(const NspiBindRequest& request) { return emitted(request, 60); }

base::Bytes nspi_unbind_stub(const ContextHandle& handle) { return emitted(NspiUnbindRequest{handle}, 24); }

SyntaxId NspiServer::id() const { return nspi_interface; }

CallAnswer NspiServer::call(const Call& call, NdrWriter& response) {
    if (call.opnum > nspi_opnum::last) return opnum_out_of_range();
    if (call.opnum == nspi_opnum::bind) {
        const auto request = parse_nspi_bind_request(call.stub, call.order);
        if (!request) return CallFault{status::bad_stub_data};
        NspiBindResponse answer;
        if (request->server) answer.server = server_guid_;
        answer.handle = call.context.association.open(HandleKind::nspi);
        emit(response, answer);
        return Done{};
    }
    if (call.opnum == nspi_opnum::unbind) {
        const auto request = parse_nspi_unbind_request(call.stub, call.order);
        if (!request) return CallFault{status::bad_stub_data};
        if (!call.context.association.close(request->handle, HandleKind::nspi))
            return CallFault{status::nca_context_mismatch};
        emit(response, NspiUnbindResponse{});
        return Done{};
    }
    return CallFault{status::access_denied};
}

}  // namespace sim::rpc
