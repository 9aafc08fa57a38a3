#include "sim/rpc/pdu.hpp"

#include <fmt/format.h>

namespace sim::rpc {

std::string format(const ContextAnswer& answer) {
    switch (answer.result) {
        case ContextResult::acceptance: return "accepted";
        case ContextResult::user_rejection: return "rejected by the service";
        case ContextResult::negotiate_ack:
            return fmt::format("features agreed: mask {}", static_cast<unsigned>(answer.reason));
        case ContextResult::provider_rejection: break;
        default: return fmt::format("unknown result {}", static_cast<unsigned>(answer.result));
    }
    switch (answer.reason) {
        case ContextReason::not_specified: return "rejected without a reason";
        case ContextReason::abstract_syntax_not_supported:
            return "abstract syntax not supported: this port does not serve the interface";
        case ContextReason::transfer_syntaxes_not_supported: return "proposed transfer syntaxes not supported";
        case ContextReason::local_limit_exceeded: return "local limit exceeded";
    }
    return fmt::format("rejected with unknown reason {}", static_cast<unsigned>(answer.reason));
}

std::string format(NakReason reason) {
    switch (reason) {
        case NakReason::not_specified: return "reason not specified";
        case NakReason::temporary_congestion: return "temporary congestion";
        case NakReason::local_limit_exceeded: return "local limit exceeded";
        case NakReason::protocol_version_not_supported: return "protocol version not supported";
        case NakReason::authentication_type_not_recognised: return "authentication type not recognised";
        case NakReason::invalid_checksum: return "invalid checksum";
    }
    return fmt::format("unknown reason {}", static_cast<unsigned>(reason));
}

std::string format(PduReason reason) {
    switch (reason) {
        case PduReason::header_cut: return "the octets end inside the 16-octet header";
        case PduReason::length_wrong: return "frag_length is not the length of the PDU";
        case PduReason::version_unsupported: return "the protocol version is neither 5.0 nor 5.1";
        case PduReason::auth_does_not_fit: return "the authentication trailer does not fit into the PDU";
        case PduReason::type_unknown: return "the PDU type is unknown";
        case PduReason::body_cut: return "the PDU ends inside its fixed fields";
        case PduReason::context_list_cut: return "the PDU ends inside its list of presentation contexts";
        case PduReason::address_wrong: return "the secondary address does not fit or has no NUL at its end";
    }
    return "unknown reason";
}

}  // namespace sim::rpc
