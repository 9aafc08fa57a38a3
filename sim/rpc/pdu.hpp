// Connection-oriented PDUs as values (C706 12.6.4, MS-RPCE 2.2.2): parse(octets) and emit(buffer) connect them to the
// wire, and parse(emit(p)) == p. frag_length, auth_length and padding are computed, never stored.
//
// Views inside a parsed PDU (stub, auth value, secondary address) borrow the octets that were parsed. Nothing is
// allocated beyond what the octets really hold. Judging contents - versions, contexts, sizes - is the sessions' work.
#pragma once

#include "sim/base/bytes.hpp"
#include "sim/base/result.hpp"
#include "sim/rpc/header.hpp"
#include "sim/rpc/syntax.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace sim::rpc {

// ---- bodies ----

struct ContextElement {
    std::uint16_t id = 0;
    SyntaxId abstract_syntax{};
    std::vector<SyntaxId> transfer_syntaxes{};  // at most 255

    bool operator==(const ContextElement&) const = default;
};

struct Bind {
    std::uint16_t max_xmit_frag = max_fragment;
    std::uint16_t max_recv_frag = max_fragment;
    std::uint32_t group = 0;                 // 0 asks for a new association group
    std::vector<ContextElement> contexts{};  // at most 255

    bool operator==(const Bind&) const = default;
};
struct AlterContext : Bind {
    bool operator==(const AlterContext&) const = default;
};

enum class ContextResult : std::uint16_t {
    acceptance = 0,
    user_rejection = 1,
    provider_rejection = 2,
    negotiate_ack = 3,
};
enum class ContextReason : std::uint16_t {
    not_specified = 0,
    abstract_syntax_not_supported = 1,
    transfer_syntaxes_not_supported = 2,
    local_limit_exceeded = 3,
};

struct ContextAnswer {
    ContextResult result = ContextResult::acceptance;
    ContextReason reason = ContextReason::not_specified;  // with negotiate_ack: a mask of features
    SyntaxId transfer_syntax{};                           // all zero unless accepted

    bool operator==(const ContextAnswer&) const = default;
};
// "abstract syntax not supported: this port does not serve the interface", ...
std::string format(const ContextAnswer& answer);

struct BindAck {
    std::uint16_t max_xmit_frag = max_fragment;
    std::uint16_t max_recv_frag = max_fragment;
    std::uint32_t group = 0;
    std::string_view secondary_address{};  // the port as decimal text, here without its NUL; empty in alter_context
    std::vector<ContextAnswer> answers{};  // at most 255

    bool operator==(const BindAck&) const = default;
};
struct AlterContextResponse : BindAck {
    bool operator==(const AlterContextResponse&) const = default;
};

enum class NakReason : std::uint16_t {
    not_specified = 0,
    temporary_congestion = 1,
    local_limit_exceeded = 2,
    protocol_version_not_supported = 4,
    authentication_type_not_recognised = 8,
    invalid_checksum = 9,
};
std::string format(NakReason reason);

struct BindNak {
    NakReason reason = NakReason::not_specified;  // may be any number when parsed
    bool operator==(const BindNak&) const = default;
};

struct Request {
    std::uint32_t alloc_hint = 0;  // a hint; never allocate by it
    std::uint16_t context_id = 0;
    std::uint16_t opnum = 0;
    std::optional<Uuid> object{};  // emit sets the flag OBJECT_UUID by it
    base::ByteView stub{};

    bool operator==(const Request& other) const;
};

struct Response {
    std::uint32_t alloc_hint = 0;
    std::uint16_t context_id = 0;
    std::uint8_t cancel_count = 0;
    base::ByteView stub{};

    bool operator==(const Response& other) const;
};

struct Fault {
    std::uint32_t alloc_hint = 24;
    std::uint16_t context_id = 0;
    std::uint8_t cancel_count = 0;
    std::uint32_t status = 0;

    bool operator==(const Fault&) const = default;
};

struct Auth3 {
    bool operator==(const Auth3&) const = default;
};
struct Shutdown {
    bool operator==(const Shutdown&) const = default;
};
struct CoCancel {
    bool operator==(const CoCancel&) const = default;
};
struct Orphaned {
    bool operator==(const Orphaned&) const = default;
};

using Body = std::variant<Request, Response, Fault, Bind, BindAck, BindNak, AlterContext, AlterContextResponse, Auth3,
                          Shutdown, CoCancel, Orphaned>;

PduType type_of(const Body& body);

// ---- the whole PDU ----

struct AuthVerifier {
    std::uint8_t type = 0;   // 9 SPNEGO, 10 NTLM, 16 Kerberos, 68 Netlogon
    std::uint8_t level = 0;  // 2 connect ... 6 privacy
    std::uint32_t context_id = 0;
    base::ByteView value{};  // not empty

    bool operator==(const AuthVerifier& other) const;
};

struct Pdu {
    std::uint8_t minor = 0;
    PduFlags flags{PduFlags::whole};
    Drep drep{};
    std::uint32_t call_id = 0;
    Body body{};
    std::optional<AuthVerifier> auth{};

    bool operator==(const Pdu&) const = default;
};

// ---- parsing ----

enum class PduReason : std::uint8_t {
    header_cut,           // fewer than 16 octets
    length_wrong,         // frag_length is below 16 or not the number of octets given
    version_unsupported,  // rpc_vers is not 5, or minor above 1
    auth_does_not_fit,    // auth_length, or its padding, runs out of the PDU
    type_unknown,
    body_cut,          // the fixed part of the body does not fit
    context_list_cut,  // the list of contexts or results does not fit
    address_wrong,     // the secondary address does not fit, or has no NUL at its end
};
std::string format(PduReason reason);  // a sentence

struct PduError {
    std::size_t offset = 0;  // where in the PDU the trouble begins, as far as known
    PduReason reason = PduReason::header_cut;
    bool operator==(const PduError&) const = default;
};

// `octets` is one complete PDU, as PduStream hands it out.
[[nodiscard]] base::Result<Pdu, PduError> parse(base::ByteView octets);

// The same in steps, for sessions that must know at which step a PDU is wrong. `frame` takes the header and the auth
// trailer off; it checks length_wrong, auth_does_not_fit, not the version or the type.
struct PduFrame {
    Header header{};
    base::ByteView body{};  // from offset 16 up to the auth trailer and its padding
    std::optional<AuthVerifier> auth{};
};
[[nodiscard]] base::Result<PduFrame, PduError> frame(base::ByteView octets);
[[nodiscard]] base::Result<Request, PduError> parse_request(const PduFrame& frame);
[[nodiscard]] base::Result<Response, PduError> parse_response(const PduFrame& frame);
[[nodiscard]] base::Result<Fault, PduError> parse_fault(const PduFrame& frame);
[[nodiscard]] base::Result<Bind, PduError> parse_bind(const PduFrame& frame);         // and alter_context
[[nodiscard]] base::Result<BindAck, PduError> parse_bind_ack(const PduFrame& frame);  // and alter_context response
[[nodiscard]] base::Result<BindNak, PduError> parse_bind_nak(const PduFrame& frame);

// ---- emitting ----

// Appends the PDU in the byte order of its drep. Requires that it fits 65535 octets.
void emit(base::Bytes& out, const Pdu& pdu);

inline constexpr std::size_t request_header_size = 24;  // without an object UUID
inline constexpr std::size_t response_header_size = 24;
inline constexpr std::size_t fault_size = 32;
inline constexpr std::size_t bind_nak_size = 24;

}  // namespace sim::rpc
