// The endpoint mapper's operations as values: ept_lookup, ept_map, ept_lookup_handle_free, request and response, both
// ways (C706 appendix O, MS-RPCE 2.2.1.2). parse_* takes a whole stub in the sender's byte order; emit_* appends.
//
// A request that is refused here is one that a server answers with fault 0x6f7: cut, a value out of its [range], or
// a tower whose two lengths differ. A tower of which the *contents* make no sense is no such error; it arrives as
// octets and matches nothing. Octets behind the last argument are ignored (padding, verification trailers).
#pragma once

#include "sim/base/bytes.hpp"
#include "sim/base/result.hpp"
#include "sim/rpc/ndr.hpp"
#include "sim/rpc/tower.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace sim::rpc {

namespace epm_opnum {
inline constexpr std::uint16_t insert = 0, erase = 1, lookup = 2, map = 3, lookup_handle_free = 4, inq_object = 5,
                               mgmt_delete = 6;
}  // namespace epm_opnum

inline constexpr std::uint32_t epm_max_entries = 500;  // [range] of max_towers and max_ents

enum class StubReason : std::uint8_t {
    cut,              // the stub is shorter than its arguments
    out_of_range,     // a value beyond its [range]
    lengths_differ,   // a tower's max_count and tower_length, or an array's counts
    tower_malformed,  // in a response: a tower that makes no sense
};
std::string format(StubReason reason);

// ---- ept_map (3) ----

struct EptMapRequest {
    std::optional<Uuid> object = Uuid{};  // clients send a present, nil UUID
    std::optional<base::Bytes> tower{};   // octets, as sent; see parse_tower
    ContextHandle entry_handle{};
    std::uint32_t max_towers = 4;

    bool operator==(const EptMapRequest&) const = default;
};

struct EptMapResponse {
    ContextHandle entry_handle{};
    std::uint32_t max_towers = 4;  // echoed as the array's max_count
    std::vector<Tower> towers{};
    std::uint32_t status = 0;

    bool operator==(const EptMapResponse&) const = default;
};

[[nodiscard]] base::Result<EptMapRequest, StubReason> parse_ept_map_request(base::ByteView stub, ByteOrder order);
[[nodiscard]] base::Result<EptMapResponse, StubReason> parse_ept_map_response(base::ByteView stub, ByteOrder order);
void emit(NdrWriter& out, const EptMapRequest& request);
void emit(NdrWriter& out, const EptMapResponse& response);

// "Where is this interface, over TCP?": the stub of an ept_map request, 132 octets.
base::Bytes ept_map_stub(const SyntaxId& interface, std::uint32_t max_towers = 4);

// The port of the first tower that a TCP client can use; nothing when there is none or the status is not 0.
std::optional<wire::Port> tcp_port_of(const EptMapResponse& response);

// ---- ept_lookup (2) ----

struct EptLookupRequest {
    std::uint32_t inquiry_type = 0;  // 0 all, 1 by interface, 2 by object, 3 by both
    std::optional<Uuid> object{};
    std::optional<SyntaxId> interface {};
    std::uint32_t vers_option = 1;  // 1 all, 2 compatible, 3 exact, 4 major only, 5 up to
    ContextHandle entry_handle{};
    std::uint32_t max_entries = epm_max_entries;

    bool operator==(const EptLookupRequest&) const = default;
};

struct EptEntry {
    Uuid object{};
    std::optional<Tower> tower{};
    std::string annotation{};  // at most 63 octets on the wire, and a NUL

    bool operator==(const EptEntry&) const = default;
};

struct EptLookupResponse {
    ContextHandle entry_handle{};
    std::uint32_t max_entries = epm_max_entries;
    std::vector<EptEntry> entries{};
    std::uint32_t status = 0;

    bool operator==(const EptLookupResponse&) const = default;
};

[[nodiscard]] base::Result<EptLookupRequest, StubReason> parse_ept_lookup_request(base::ByteView stub, ByteOrder order);
[[nodiscard]] base::Result<EptLookupResponse, StubReason> parse_ept_lookup_response(base::ByteView stub,
                                                                                    ByteOrder order);
void emit(NdrWriter& out, const EptLookupRequest& request);
void emit(NdrWriter& out, const EptLookupResponse& response);

// ---- ept_lookup_handle_free (4) ----

// The request is the handle alone; the response a NULL handle and a status.
struct EptHandleFreeResponse {
    ContextHandle entry_handle{};
    std::uint32_t status = 0;
    bool operator==(const EptHandleFreeResponse&) const = default;
};
[[nodiscard]] base::Result<ContextHandle, StubReason> parse_ept_handle_free_request(base::ByteView stub,
                                                                                    ByteOrder order);
[[nodiscard]] base::Result<EptHandleFreeResponse, StubReason> parse_ept_handle_free_response(base::ByteView stub,
                                                                                             ByteOrder order);
void emit(NdrWriter& out, const EptHandleFreeResponse& response);
base::Bytes ept_handle_free_stub(const ContextHandle& handle);

}  // namespace sim::rpc
