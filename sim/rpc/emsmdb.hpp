// The information store's interface, EMSMDB, as far as the calls around a logon: EcDoConnect, EcDoDisconnect,
// EcDummyRpc, and EcRRegisterPushNotification, with which the client names the UDP endpoint for new-mail notices.
//
// Sources: MS-OXCRPC 3.1.4 for opnums 1, 4 and 6. EcDoConnect (0) is not in it, being older; its layout is that of
// EcDoConnectEx without what that added (inferred). Other calls are refused with "access denied".
#pragma once

#include "sim/base/result.hpp"
#include "sim/rpc/epm.hpp"
#include "sim/rpc/interface_server.hpp"
#include "sim/wire/endpoint.hpp"

#include <array>
#include <string>
#include <vector>

namespace sim::rpc {

namespace emsmdb_opnum {
inline constexpr std::uint16_t connect = 0, disconnect = 1, rpc = 2, register_push_notification = 4, dummy = 6,
                               connect_ex = 10, rpc_ext2 = 11, last = 14;
}  // namespace emsmdb_opnum

using MapiVersion = std::array<std::uint16_t, 3>;

struct EcDoConnectRequest {
    std::string user_dn{};  // "/o=Example/ou=Site/cn=Recipients/cn=user"; at most 1024 octets are believed
    std::uint32_t flags = 0;
    std::uint32_t connection_modulus = 0;
    std::uint32_t limit = 0;
    std::uint32_t code_page = 1252;
    std::uint32_t string_locale = 0x409;
    std::uint32_t sort_locale = 0x409;
    std::uint32_t link = 0xffffffff;  // no session to link to
    std::uint16_t can_convert_code_pages = 1;
    MapiVersion client_version{5, 0, 2653};
    std::uint32_t time_stamp = 0;

    bool operator==(const EcDoConnectRequest&) const = default;
};
struct EcDoConnectResponse {
    ContextHandle handle{};
    std::uint32_t polls_max_ms = 60000;
    std::uint32_t retries = 6;
    std::uint32_t retry_delay_ms = 10000;
    std::uint16_t session = 0;
    std::string dn_prefix{};
    std::string display_name{};
    MapiVersion server_version{5, 5, 2653};
    MapiVersion best_version{5, 0, 2653};  // the client version that the server would like to see
    std::uint32_t time_stamp = 0;
    std::uint32_t code = 0;

    bool operator==(const EcDoConnectResponse&) const = default;
};
struct EcDoDisconnectResponse {
    ContextHandle handle{};  // NULL
    std::uint32_t code = 0;
    bool operator==(const EcDoDisconnectResponse&) const = default;
};

// Where the store shall send its UDP notices, and what they shall contain (MS-OXCRPC 3.1.4.5, MS-OXCNOTIF).
struct EcRegisterPushRequest {
    ContextHandle handle{};
    std::uint32_t rpc_index = 0;
    base::Bytes context{};  // opaque, the notice's whole content; at most 16 octets
    std::uint32_t advise_bits = 0xffffffff;
    wire::Endpoint callback{};  // travels as an AF_INET socket address; IPv4 only

    bool operator==(const EcRegisterPushRequest&) const = default;
};
struct EcRegisterPushResponse {
    ContextHandle handle{};
    std::uint32_t notification = 0;
    std::uint32_t code = 0;
    bool operator==(const EcRegisterPushResponse&) const = default;
};

[[nodiscard]] base::Result<EcDoConnectRequest, StubReason> parse_ec_connect_request(base::ByteView stub,
                                                                                    ByteOrder order);
[[nodiscard]] base::Result<EcDoConnectResponse, StubReason> parse_ec_connect_response(base::ByteView stub,
                                                                                      ByteOrder order);
[[nodiscard]] base::Result<ContextHandle, StubReason> parse_ec_disconnect_request(base::ByteView stub, ByteOrder order);
[[nodiscard]] base::Result<EcDoDisconnectResponse, StubReason> parse_ec_disconnect_response(base::ByteView stub,
                                                                                            ByteOrder order);
[[nodiscard]] base::Result<EcRegisterPushRequest, StubReason> parse_ec_register_push_request(base::ByteView stub,
                                                                                             ByteOrder order);
[[nodiscard]] base::Result<EcRegisterPushResponse, StubReason> parse_ec_register_push_response(base::ByteView stub,
                                                                                               ByteOrder order);
void emit(NdrWriter& out, const EcDoConnectRequest& request);
void emit(NdrWriter& out, const EcDoConnectResponse& response);
void emit(NdrWriter& out, const EcDoDisconnectResponse& response);
void emit(NdrWriter& out, const EcRegisterPushRequest& request);
void emit(NdrWriter& out, const EcRegisterPushResponse& response);

// The whole stub of a client's call; EcDummyRpc has none.
base::Bytes ec_connect_stub(const EcDoConnectRequest& request);
base::Bytes ec_disconnect_stub(const ContextHandle& handle);
base::Bytes ec_register_push_stub(const EcRegisterPushRequest& request);

class EmsmdbServer final : public InterfaceServer {
public:
    SyntaxId id() const override;
    CallAnswer call(const Call& call, NdrWriter& response) override;

    // The registrations since the last time this was asked: who is to get a UDP notice, with which content.
    std::vector<EcRegisterPushRequest> take_registrations();

private:
    CallAnswer connect(const Call& call, NdrWriter& response);
    CallAnswer disconnect(const Call& call, NdrWriter& response);
    CallAnswer register_push(const Call& call, NdrWriter& response);

    std::vector<EcRegisterPushRequest> registrations_;
    std::uint16_t sessions_ = 0;
    std::uint32_t notifications_ = 0;
};

}  // namespace sim::rpc
