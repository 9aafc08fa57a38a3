#include "sim/rpc/status.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace sim::rpc {

namespace {

// Win32 names and sentences as in winerror.h; meanings from exchange-ports section 8 (Q186553, Q180795, Q217351,
// Q170056, Q131469, MS-AD1753). Sorted by code.
constexpr std::array table{
    StatusText{0, "success", "The operation completed successfully.", ""},
    StatusText{5, "ERROR_ACCESS_DENIED", "Access is denied.",
               "the server wants to know who asks, or refuses by policy"},
    StatusText{6, "ERROR_INVALID_HANDLE", "The handle is invalid.",
               "the server no longer knows the session: it was restarted, or the connection was replaced"},
    StatusText{14, "ERROR_OUTOFMEMORY", "Not enough storage is available to complete this operation.", ""},
    StatusText{1702, "RPC_S_INVALID_BINDING", "The binding handle is invalid.", "the protocol is not installed"},
    StatusText{1703, "RPC_S_PROTSEQ_NOT_SUPPORTED", "The RPC protocol sequence is not supported.",
               "the protocol is not installed"},
    StatusText{1704, "RPC_S_INVALID_RPC_PROTSEQ", "The RPC protocol sequence is invalid.",
               "the protocol is misspelt in the binding order"},
    StatusText{1715, "RPC_S_NOT_LISTENING", "The RPC server is not listening.", ""},
    StatusText{1717, "RPC_S_UNKNOWN_IF", "The RPC interface is unknown.",
               "the port belongs to another service: likely a stale or wrong port"},
    StatusText{1720, "RPC_S_CANT_CREATE_ENDPOINT", "The endpoint cannot be created.",
               "on the server: the pinned port was taken when the service started"},
    StatusText{1721, "RPC_S_OUT_OF_RESOURCES", "Not enough resources are available to complete this operation.",
               "on the server: the range under Rpc\\Internet has no free port"},
    StatusText{1722, "RPC_S_SERVER_UNAVAILABLE", "The RPC server is unavailable.",
               "no TCP connection: dropped, refused, host down, or the name is wrong"},
    StatusText{1723, "RPC_S_SERVER_TOO_BUSY", "The RPC server is too busy to complete this operation.",
               "the server is short of resources"},
    StatusText{1725, "RPC_S_NO_CALL_ACTIVE", "There are no remote procedure calls active on this thread.", ""},
    StatusText{1726, "RPC_S_CALL_FAILED", "The remote procedure call failed.",
               "the connection died during the call: likely a filter forgot it or cut it"},
    StatusText{1727, "RPC_S_CALL_FAILED_DNE", "The remote procedure call failed and did not execute.",
               "the connection died before the call was carried out"},
    StatusText{1728, "RPC_S_PROTOCOL_ERROR", "A remote procedure call (RPC) protocol error occurred.",
               "what answered does not speak RPC as expected"},
    StatusText{1730, "RPC_S_UNSUPPORTED_TRANS_SYN", "The transfer syntax is not supported by the RPC server.", ""},
    StatusText{1740, "RPC_S_DUPLICATE_ENDPOINT", "The endpoint is a duplicate.",
               "on the server: two services were given the same port"},
    StatusText{1745, "RPC_S_PROCNUM_OUT_OF_RANGE", "The procedure number is out of range.", ""},
    StatusText{1747, "RPC_S_UNKNOWN_AUTHN_SERVICE", "The authentication service is unknown.", ""},
    StatusText{1752, "EPT_S_CANT_PERFORM_OP", "The server endpoint cannot perform the operation.", ""},
    StatusText{1753, "EPT_S_NOT_REGISTERED", "There are no more endpoints available from the endpoint mapper.",
               "port 135 answered, but the service is not registered there: not started, without a TCP port, or the "
               "wrong host"},
    StatusText{1783, "RPC_X_BAD_STUB_DATA", "The stub received bad data.", ""},
    StatusText{status::no_memory_dce, "rpc_s_no_memory", "The server is out of memory.", ""},
    StatusText{status::ept_cant_perform_op_dce, "ept_s_cant_perform_op", "The endpoint mapper refuses the operation.",
               ""},
    StatusText{status::ept_not_registered, "ept_s_not_registered", "The interface is not registered.",
               "seen by programs as 1753"},
    StatusText{status::nca_context_mismatch, "nca_s_fault_context_mismatch",
               "The context handle does not belong to this association.", ""},
    StatusText{status::nca_op_rng_error, "nca_s_op_rng_error", "The interface has no such operation.", ""},
    StatusText{status::nca_unk_if, "nca_s_unk_if", "The interface was not bound on this connection.", ""},
    StatusText{status::nca_proto_error, "nca_s_proto_error", "The peer broke the protocol.", ""},
};

static_assert(std::is_sorted(table.begin(), table.end(),
                             [](const StatusText& a, const StatusText& b) { return a.code < b.code; }));

}  // namespace

const StatusText* find_status(std::uint32_t code) {
    const auto row = std::lower_bound(table.begin(), table.end(), code,
                                      [](const StatusText& text, std::uint32_t wanted) { return text.code < wanted; });
    return row != table.end() && row->code == code ? &*row : nullptr;
}

std::uint32_t win32_of(std::uint32_t code) {
    switch (code) {
        case status::ept_not_registered: return status::ept_not_registered_win32;
        case status::ept_cant_perform_op_dce: return status::ept_cant_perform_op;
        case status::no_memory_dce: return 14;
        case status::nca_op_rng_error: return status::procnum_out_of_range;
        case status::nca_unk_if: return status::unknown_interface;
        case status::nca_proto_error: return status::protocol_error;
        case status::nca_context_mismatch: return status::invalid_handle;
        default: return code;
    }
}

std::string format_status(std::uint32_t code) {
    const std::string number = code <= 0xffff ? fmt::format("{}", code) : fmt::format("0x{:08x}", code);
    const StatusText* row = find_status(code);
    return row != nullptr ? fmt::format("{} ({})", number, row->name) : number;
}

}  // namespace sim::rpc
