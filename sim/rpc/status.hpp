// Status codes: what faults and endpoint-mapper answers carry, and what an administrator gets to see.
//
// The wire uses DCE numbers (0x1c01...., 0x16c9....) and Win32 numbers side by side; Windows translates the former
// before a program sees them. `win32_of` does the same. Sources: C706 appendix E, MS-RPCE 2.2.2.9 and 3.3.3,
// exchange-ports section 8.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace sim::rpc {

namespace status {
inline constexpr std::uint32_t ok = 0;

// In faults (dcerpc-epm section 5).
inline constexpr std::uint32_t nca_op_rng_error = 0x1c010002;
inline constexpr std::uint32_t nca_unk_if = 0x1c010003;
inline constexpr std::uint32_t nca_proto_error = 0x1c01000b;
inline constexpr std::uint32_t nca_context_mismatch = 0x1c00001a;

// In the answers of the endpoint mapper.
inline constexpr std::uint32_t ept_not_registered = 0x16c9a0d6;
inline constexpr std::uint32_t ept_cant_perform_op_dce = 0x16c9a0cd;
inline constexpr std::uint32_t no_memory_dce = 0x16c9a012;

// Win32, which is what an administrator reads.
inline constexpr std::uint32_t access_denied = 5;
inline constexpr std::uint32_t invalid_handle = 6;
inline constexpr std::uint32_t unknown_interface = 1717;
inline constexpr std::uint32_t cant_create_endpoint = 1720;
inline constexpr std::uint32_t out_of_resources = 1721;
inline constexpr std::uint32_t server_unavailable = 1722;
inline constexpr std::uint32_t server_too_busy = 1723;
inline constexpr std::uint32_t no_call_active = 1725;
inline constexpr std::uint32_t call_failed = 1726;
inline constexpr std::uint32_t call_failed_dne = 1727;
inline constexpr std::uint32_t protocol_error = 1728;
inline constexpr std::uint32_t unsupported_transfer_syntax = 1730;
inline constexpr std::uint32_t duplicate_endpoint = 1740;
inline constexpr std::uint32_t procnum_out_of_range = 1745;
inline constexpr std::uint32_t unknown_authn_service = 1747;  // 0x6d3
inline constexpr std::uint32_t ept_cant_perform_op = 1752;
inline constexpr std::uint32_t ept_not_registered_win32 = 1753;
inline constexpr std::uint32_t bad_stub_data = 1783;
}  // namespace status

struct StatusText {
    std::uint32_t code = 0;
    std::string_view name;     // "RPC_S_SERVER_UNAVAILABLE"
    std::string_view message;  // as Windows words it: "The RPC server is unavailable."
    std::string_view meaning;  // what it tells in this trade, for an administrator; may be empty
};

// The row of a code, DCE or Win32; nullptr when it is not in the table.
const StatusText* find_status(std::uint32_t code);

// The Win32 code under which a program sees this status: 0x16c9a0d6 -> 1753, 0x1c010003 -> 1717, others unchanged.
std::uint32_t win32_of(std::uint32_t code);

// "1753 (EPT_S_NOT_REGISTERED)", "0x80040115" for what no table knows. Win32 numbers are decimal, as in dialogs.
std::string format_status(std::uint32_t code);

}  // namespace sim::rpc
