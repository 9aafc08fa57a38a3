// The 16 octets that begin every connection-oriented PDU (C706 12.6.3.1).
//
//   0 rpc_vers  1 minor  2 PTYPE  3 flags  4 drep (4)  8 frag_length u16  10 auth_length u16  12 call_id u32
#pragma once

#include "sim/base/bytes.hpp"
#include "sim/rpc/byte_order.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace sim::rpc {

enum class PduType : std::uint8_t {
    request = 0,
    response = 2,
    fault = 3,
    bind = 11,
    bind_ack = 12,
    bind_nak = 13,
    alter_context = 14,
    alter_context_response = 15,
    auth3 = 16,
    shutdown = 17,
    co_cancel = 18,
    orphaned = 19,
};

// "bind", "alter_context response"; "type 42" numbers are not named: empty.
std::string_view name(PduType type);

struct PduFlags {
    std::uint8_t bits = 0;

    static constexpr std::uint8_t first = 0x01, last = 0x02,
                                  pending_cancel = 0x04,  // in a request
        support_header_sign = 0x04,                       // in bind, alter_context and their answers
        conc_mpx = 0x10, did_not_execute = 0x20, maybe = 0x40, object_uuid = 0x80;
    static constexpr std::uint8_t whole = first | last;

    constexpr bool has(std::uint8_t mask) const { return (bits & mask) == mask; }
    constexpr bool operator==(const PduFlags&) const = default;
};

struct Header {
    static constexpr std::size_t size = 16;

    std::uint8_t version = 5;
    std::uint8_t minor = 0;
    PduType type = PduType::request;  // may be any octet when parsed
    PduFlags flags{PduFlags::whole};
    Drep drep{};
    std::uint16_t frag_length = 0;  // the whole PDU, this header included
    std::uint16_t auth_length = 0;  // of the auth value alone
    std::uint32_t call_id = 0;

    bool operator==(const Header&) const = default;
};

inline constexpr std::size_t auth_trailer_size = 8;  // in front of the auth value; only there when auth_length > 0
inline constexpr std::size_t max_fragment = 5840;    // what Windows and Samba send and take at most

// Requires at least Header::size octets. Judges nothing: any octets make a header.
Header parse_header(base::ByteView pdu);

// frag_length and auth_length are written as they stand.
void emit(OrderedWriter& out, const Header& header);

// Whether the auth trailer that the header announces lies inside the PDU.
constexpr bool auth_fits(const Header& h) {
    return h.auth_length == 0 || Header::size + auth_trailer_size + h.auth_length <= h.frag_length;
}

}  // namespace sim::rpc
