#include "sim/rpc/emsmdb.hpp"
#include "sim/rpc/interfaces.hpp"
#include "sim/rpc/status.hpp"

#include <utility>

namespace sim::rpc {

namespace {

// Waiting registrations are few: whoever owns the server takes them after every feed.
constexpr std::size_t max_registrations = 1024;

}  // namespace

SyntaxId EmsmdbServer::id() const { return emsmdb_interface; }

CallAnswer EmsmdbServer::call(const Call& call, NdrWriter& response) {
    if (call.opnum > emsmdb_opnum::last) return opnum_out_of_range();
    switch (call.opnum) {
        case emsmdb_opnum::connect: return connect(call, response);
        case emsmdb_opnum::disconnect: return disconnect(call, response);
        case emsmdb_opnum::register_push_notification: return register_push(call, response);
        case emsmdb_opnum::dummy: response.u32(0); return Done{};
        default: return CallFault{status::access_denied};
    }
}

CallAnswer EmsmdbServer::connect(const Call& call, NdrWriter& response) {
    const auto request = parse_ec_connect_request(call.stub, call.order);
    if (!request) return CallFault{status::bad_stub_data};
    EcDoConnectResponse answer;
    answer.handle = call.context.association.open(HandleKind::emsmdb);
    answer.session = sessions_++;
    answer.time_stamp = request->time_stamp;
    emit(response, answer);
    return Done{};
}

CallAnswer EmsmdbServer::disconnect(const Call& call, NdrWriter& response) {
    const auto handle = parse_ec_disconnect_request(call.stub, call.order);
    if (!handle) return CallFault{status::bad_stub_data};
    if (!call.context.association.close(*handle, HandleKind::emsmdb)) return CallFault{status::nca_context_mismatch};
    emit(response, EcDoDisconnectResponse{});
    return Done{};
}

CallAnswer EmsmdbServer::register_push(const Call& call, NdrWriter& response) {
    const auto request = parse_ec_register_push_request(call.stub, call.order);
    if (!request) return CallFault{status::bad_stub_data};
    if (!call.context.association.knows(request->handle, HandleKind::emsmdb))
        return CallFault{status::nca_context_mismatch};
    EcRegisterPushResponse answer{.handle = request->handle, .notification = ++notifications_};
    if (registrations_.size() < max_registrations) registrations_.push_back(*request);
    emit(response, answer);
    return Done{};
}

std::vector<EcRegisterPushRequest> EmsmdbServer::take_registrations() { return std::exchange(registrations_, {}); }

}  // namespace sim::rpc
