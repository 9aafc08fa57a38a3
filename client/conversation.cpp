#include "client/conversation.hpp"

#include "sim/rpc/epm.hpp"
#include "sim/rpc/status.hpp"

#include <utility>
#include <variant>

namespace client {

namespace actor = sim::actor;
namespace rpc = sim::rpc;

namespace {

// Distinct for every connection, so that a notice for an earlier logon is not taken for one of this.
NoticeBlob blob_for(actor::ConnectionId id) {
    const auto octet = [id](unsigned shift) { return static_cast<sim::base::Byte>(id.value >> shift & 0xffU); };
    return {'m', 'a', 'i', 'l', octet(24), octet(16), octet(8), octet(0)};
}

std::uint32_t winsock_code(actor::ConnectError error) {
    switch (error) {
        case actor::ConnectError::timed_out: return 10060;     // WSAETIMEDOUT
        case actor::ConnectError::refused: return 10061;       // WSAECONNREFUSED
        case actor::ConnectError::unreachable: return 10065;   // WSAEHOSTUNREACH
        case actor::ConnectError::no_resources: return 10055;  // WSAENOBUFS
    }
    return 0;
}

Cause cause_of(actor::ConnectError error) {
    switch (error) {
        case actor::ConnectError::timed_out: return Cause::timed_out;
        case actor::ConnectError::refused: return Cause::refused;
        case actor::ConnectError::unreachable: return Cause::unreachable;
        case actor::ConnectError::no_resources: return Cause::no_resources;
    }
    return Cause::timed_out;
}

// What the RPC session reports, in the client's words; only for outcomes that are failures.
Trouble trouble_of(const rpc::ClientOutcome& outcome) {
    Trouble trouble{.cause = Cause::protocol_error, .code = rpc::win32_of(outcome)};
    if (const auto* refused = std::get_if<rpc::BindRefused>(&outcome)) {
        trouble.cause = Cause::bind_nak;
        trouble.detail = static_cast<std::uint32_t>(refused->reason);
    } else if (const auto* rejected = std::get_if<rpc::ContextRejected>(&outcome)) {
        trouble.cause = Cause::interface_rejected;
        trouble.detail = static_cast<std::uint32_t>(rejected->answer.result) << 16U |
                         static_cast<std::uint32_t>(rejected->answer.reason);
    } else if (const auto* fault = std::get_if<rpc::CallFaulted>(&outcome)) {
        trouble.cause = Cause::fault;
        trouble.detail = fault->status;
    } else if (std::holds_alternative<rpc::ClosedEarly>(outcome)) {
        trouble.cause = Cause::closed_early;
    }
    return trouble;
}

}  // namespace

Conversation::Conversation(actor::ConnectionId id, const Leg& leg, bool lookup)
    : id_(id),
      service_(leg.service),
      lookup_(lookup),
      rpc_(lookup ? rpc::epm_interface : leg.interface),
      calls_(lookup ? std::span<const Call>(plan::lookup_calls) : leg.calls) {
    arguments_.looked_for = leg.interface;
    arguments_.blob = blob_for(id);
}

Conversation Conversation::lookup(actor::ConnectionId id, const Leg& leg, bool sealed) {
    Conversation made{id, leg, true};
    if (sealed) made.sealer_.emplace(rpc::Sealer::End::client);
    return made;
}
Conversation Conversation::with(actor::ConnectionId id, const Leg& leg) { return {id, leg, false}; }

void Conversation::start(actor::Actions& out) {
    connected_ = true;
    send(rpc_.bind(), out);
}

Conversation::Step Conversation::again(std::span<const Call> calls, actor::Actions& out) {
    // Octets that nobody asked for may lie there since the last answer.
    if (const auto outcome = rpc_.feed({})) return fail(trouble_of(*outcome), phase(), Stage::session);
    calls_ = calls;
    at_ = 0;
    // What came while nothing was asked has broken the session already.
    if (!rpc_.ready()) return fail({Cause::protocol_error, rpc::status::protocol_error}, phase(), Stage::session);
    return call_next(out);
}

Conversation::Step Conversation::resume(actor::Actions& out) {
    const Step step = call_next(out);
    return step == Step::waiting ? feed({}, out) : step;
}

Conversation::Step Conversation::skip(actor::Actions& out) {
    notices_refused_ = Trouble{.cause = Cause::no_resources, .code = rpc::status::out_of_resources};
    ++at_;
    return resume(out);
}

Conversation::Step Conversation::feed(sim::base::ByteView octets, actor::Actions& out) {
    sim::base::Bytes opened;
    if (sealer_) octets = opened = sealer_->incoming(octets);
    Step step = Step::waiting;
    while (step == Step::waiting) {
        const auto outcome = rpc_.feed(octets);
        if (!outcome) break;
        octets = {};
        step = take(*outcome, out);
    }
    return step;
}

Conversation::Step Conversation::take(const rpc::ClientOutcome& outcome, actor::Actions& out) {
    if (std::holds_alternative<rpc::BindAccepted>(outcome)) {
        bound_ = true;
        return call_next(out);
    }
    if (const auto* done = std::get_if<rpc::CallDone>(&outcome)) return take_answer(*done, out);
    const Trouble trouble = trouble_of(outcome);
    if (trouble.cause == Cause::fault && registering()) {
        notices_refused_ = trouble;
        ++at_;
        return call_next(out);
    }
    return fail(trouble, phase(), stage());
}

Conversation::Step Conversation::take_answer(const rpc::CallDone& done, actor::Actions& out) {
    const Call call = calls_[at_];
    const Judgement verdict = judge(call, done.stub, done.order, arguments_.looked_for);
    if (call == Call::ept_map) free_handle(verdict.handle, out);
    if (verdict.trouble && verdict.trouble->cause == Cause::service_error && registering()) {
        notices_refused_ = verdict.trouble;
    } else if (verdict.trouble) {
        // The mapper did its work when it said that it knows no such service: then the service is what is missing.
        const bool of_service = lookup_ && !verdict.of_mapper;
        return fail(*verdict.trouble, of_service ? service_ : phase(), of_service ? Stage::lookup_answer : stage());
    }
    if (call == Call::ept_map) port_ = verdict.port;
    if (!verdict.handle.is_null()) arguments_.handle = verdict.handle;
    ++at_;
    return call_next(out);
}

Conversation::Step Conversation::call_next(actor::Actions& out) {
    if (at_ == calls_.size()) return Step::done;
    if (registering() && arguments_.notices_to.port.value == 0) return Step::needs_port;
    const Call call = calls_[at_];
    send(rpc_.request(opnum_of(call), stub_of(call, arguments_)), out);
    return Step::waiting;
}

// The mapper keeps more matches for us; we want none. Its answer is not waited for: the connection is closed next.
void Conversation::free_handle(const rpc::ContextHandle& handle, actor::Actions& out) {
    if (handle.is_null()) return;
    send(rpc_.request(rpc::epm_opnum::lookup_handle_free, rpc::ept_handle_free_stub(handle)), out);
}

Failure Conversation::broken_off(Cause how) {
    const auto outcome = rpc_.closed();
    std::uint32_t code = bound_ ? rpc::status::call_failed : rpc::status::call_failed_dne;
    if (outcome) code = rpc::win32_of(*outcome);
    if (!connected_) code = rpc::status::server_unavailable;
    failure_ = {.phase = phase(), .stage = stage(), .cause = how, .code = code};
    return failure_;
}

Failure Conversation::not_connected(actor::ConnectError error) const {
    const bool ours = error == actor::ConnectError::no_resources;
    return {.phase = phase(),
            .stage = stage(),
            .cause = cause_of(error),
            .code = ours ? rpc::status::out_of_resources : rpc::status::server_unavailable,
            .detail = winsock_code(error)};
}

Stage Conversation::stage() const {
    if (!connected_) return lookup_ ? Stage::lookup_connect : Stage::connect;
    if (!bound_) return lookup_ ? Stage::lookup_bind : Stage::bind;
    return lookup_ ? Stage::lookup_call : Stage::call;
}

bool Conversation::registering() const {
    return bound_ && at_ < calls_.size() && calls_[at_] == Call::ec_r_register_push_notification;
}

Conversation::Step Conversation::fail(const Trouble& trouble, Phase phase, Stage stage) {
    failure_ = {.phase = phase, .stage = stage, .cause = trouble.cause, .code = trouble.code, .detail = trouble.detail};
    return Step::failed;
}

void Conversation::send(sim::base::Bytes octets, actor::Actions& out) {
    if (sealer_) octets = sealer_->outgoing(octets);
    out.emplace_back(actor::Send{.connection = id_, .octets = std::move(octets)});
}

}  // namespace client
