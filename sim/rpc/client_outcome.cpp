#include "sim/rpc/client_session.hpp"
#include "sim/rpc/status.hpp"

#include <fmt/format.h>

namespace sim::rpc {

namespace {

template <class... Cases>
struct Match : Cases... {
    using Cases::operator()...;
};
template <class... Cases>
Match(Cases...) -> Match<Cases...>;

std::string_view during(ClientPhase phase) {
    return phase == ClientPhase::bind ? "during the bind" : "during the call";
}

}  // namespace

std::string format(ProtocolFault fault) {
    switch (fault) {
        case ProtocolFault::not_rpc: return "what answers does not speak RPC";
        case ProtocolFault::malformed: return "a PDU of the answer makes no sense";
        case ProtocolFault::unexpected_type: return "a PDU came that nobody asked for";
        case ProtocolFault::wrong_call_id: return "the answer belongs to another call";
        case ProtocolFault::bad_fragment: return "the fragments of the answer do not fit together";
        case ProtocolFault::too_long: return "the answer is longer than any real one";
    }
    return "unknown fault";
}

bool succeeded(const ClientOutcome& outcome) {
    return std::holds_alternative<BindAccepted>(outcome) || std::holds_alternative<CallDone>(outcome);
}

std::uint32_t win32_of(const ClientOutcome& outcome) {
    const auto of_rejection = [](const ContextRejected& rejected) {
        const ContextAnswer& a = rejected.answer;
        if (a.result != ContextResult::provider_rejection) return status::protocol_error;
        switch (a.reason) {
            case ContextReason::abstract_syntax_not_supported: return status::unknown_interface;
            case ContextReason::transfer_syntaxes_not_supported: return status::unsupported_transfer_syntax;
            case ContextReason::local_limit_exceeded: return status::server_too_busy;
            default: return status::call_failed_dne;
        }
    };
    const auto of_nak = [](const BindRefused& refused) {
        switch (refused.reason) {
            case NakReason::temporary_congestion:
            case NakReason::local_limit_exceeded: return status::server_too_busy;
            case NakReason::protocol_version_not_supported: return status::protocol_error;
            case NakReason::authentication_type_not_recognised: return status::unknown_authn_service;
            case NakReason::invalid_checksum: return status::access_denied;
            default: return status::call_failed_dne;
        }
    };
    // A fault is a failure, even with the status of success in it.
    const auto of_fault = [](const CallFaulted& f) { return f.status == 0 ? status::call_failed : win32_of(f.status); };
    return std::visit(
        Match{[](const BindAccepted&) { return status::ok; }, [](const CallDone&) { return status::ok; }, of_nak,
              of_rejection, of_fault, [](const ProtocolBroken&) { return status::protocol_error; },
              // A connection that dies while binding never carried the call.
              [](const ClosedEarly& c) {
                  return c.phase == ClientPhase::bind ? status::call_failed_dne : status::call_failed;
              }},
        outcome);
}

std::string describe(const ClientOutcome& outcome) {
    return std::visit(
        Match{
            [](const BindAccepted&) { return std::string("the bind was accepted"); },
            [](const CallDone&) { return std::string("the call was answered"); },
            [](const BindRefused& r) { return fmt::format("the bind was refused: {}", format(r.reason)); },
            [](const ContextRejected& r) { return fmt::format("the interface was rejected: {}", format(r.answer)); },
            [](const CallFaulted& f) { return fmt::format("the call failed with fault {}", format_status(f.status)); },
            [](const ProtocolBroken& b) { return fmt::format("{}: {}", during(b.phase), format(b.fault)); },
            [](const ClosedEarly& c) {
                return fmt::format("the connection was closed {}, {}", during(c.phase),
                                   c.answer_begun ? "in the middle of the answer" : "before any answer");
            }},
        outcome);
}

}  // namespace sim::rpc
