#include "sim/rpc/mgmt.hpp"

#include "sim/rpc/interfaces.hpp"
#include "sim/rpc/status.hpp"

#include <algorithm>
#include <array>

namespace sim::rpc {

namespace {

constexpr std::uint32_t max_statistics = 4;

CallAnswer inq_stats(const Call& call, NdrWriter& response) {
    NdrReader in(call.stub, call.order);
    const std::uint32_t wanted = in.u32();
    if (!in.ok()) return CallFault{status::bad_stub_data};
    const CallStatistics& s = call.context.interfaces.statistics;
    InqStatsResponse answer{{s.calls_in, s.calls_out, s.packets_in, s.packets_out}};
    answer.statistics.resize(std::min(wanted, max_statistics));
    emit(response, answer);
    return Done{};
}

CallAnswer inq_princ_name(const Call& call, NdrWriter& response) {
    NdrReader in(call.stub, call.order);
    in.u32();  // the authentication service asked about
    const std::uint32_t size = in.u32();
    if (!in.ok() || size == 0) return CallFault{status::bad_stub_data};
    response.u32(size);
    response.u32(0);
    response.u32(1);
    response.u8(0);
    response.u32(status::unknown_authn_service);
    return Done{};
}

}  // namespace

base::Result<InqIfIdsResponse, StubReason> parse_inq_if_ids_response(base::ByteView stub, ByteOrder order) {
    NdrReader in(stub, order);
    InqIfIdsResponse r;
    if (in.referent()) {
        const std::uint32_t max_count = in.u32();
        const std::uint32_t count = in.u32();
        if (!in.ok()) return base::failure(StubReason::cut);
        if (max_count != count) return base::failure(StubReason::lengths_differ);
        if (count > in.left() / 4) return base::failure(StubReason::cut);
        std::uint32_t present = 0;
        for (std::uint32_t i = 0; i < count; ++i) present += in.referent() ? 1U : 0U;
        for (std::uint32_t i = 0; i < present && in.ok(); ++i) r.interfaces.push_back(in.interface_id());
    }
    r.status = in.u32();
    if (!in.ok()) return base::failure(StubReason::cut);
    return r;
}

void emit(NdrWriter& out, const InqIfIdsResponse& r) {
    const auto count = static_cast<std::uint32_t>(r.interfaces.size());
    out.u32(1);
    out.u32(count);
    out.u32(count);
    for (std::uint32_t i = 0; i < count; ++i) out.u32(2 + i);
    for (const SyntaxId& id : r.interfaces) out.interface_id(id);
    out.u32(r.status);
}

base::Result<InqStatsResponse, StubReason> parse_inq_stats_response(base::ByteView stub, ByteOrder order) {
    NdrReader in(stub, order);
    InqStatsResponse r;
    const std::uint32_t count = in.u32();
    const std::uint32_t max_count = in.u32();
    if (!in.ok()) return base::failure(StubReason::cut);
    if (count != max_count) return base::failure(StubReason::lengths_differ);
    if (count > max_statistics) return base::failure(StubReason::out_of_range);
    for (std::uint32_t i = 0; i < count; ++i) r.statistics.push_back(in.u32());
    r.status = in.u32();
    if (!in.ok()) return base::failure(StubReason::cut);
    return r;
}

void emit(NdrWriter& out, const InqStatsResponse& r) {
    const auto count = static_cast<std::uint32_t>(r.statistics.size());
    out.u32(count);
    out.u32(count);
    for (const std::uint32_t value : r.statistics) out.u32(value);
    out.u32(r.status);
}

SyntaxId MgmtServer::id() const { return mgmt_interface; }

CallAnswer MgmtServer::call(const Call& call, NdrWriter& response) {
    switch (call.opnum) {
        case mgmt_opnum::inq_if_ids: {
            InqIfIdsResponse answer;
            for (const InterfaceServer* server : call.context.interfaces.servers())
                answer.interfaces.push_back(server->id());
            answer.interfaces.push_back(mgmt_interface);
            emit(response, answer);
            return Done{};
        }
        case mgmt_opnum::inq_stats: return inq_stats(call, response);
        case mgmt_opnum::is_server_listening:
            response.u32(status::ok);
            response.u32(1);
            return Done{};
        case mgmt_opnum::stop_server_listening: response.u32(status::access_denied); return Done{};
        case mgmt_opnum::inq_princ_name: return inq_princ_name(call, response);
        default: return opnum_out_of_range();
    }
}

}  // namespace sim::rpc
