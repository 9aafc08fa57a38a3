// The directory's interface, NSPI, as far as a logon's first and last call (MS-OXNSPI 3.1.4.1): NspiBind gives the
// client a context handle, NspiUnbind takes it back. Everything else is refused with "access denied", as a server does
// that does not know who asks.
#pragma once

#include "sim/base/result.hpp"
#include "sim/rpc/epm.hpp"
#include "sim/rpc/interface_server.hpp"

#include <array>
#include <optional>

namespace sim::rpc {

namespace nspi_opnum {
inline constexpr std::uint16_t bind = 0, unbind = 1, last = 20;
}  // namespace nspi_opnum

struct NspiBindRequest {
    std::uint32_t flags = 0;
    std::array<std::uint32_t, 9> stat{};  // STAT (MS-OXNSPI 2.2.8): [6] is the code page, [7] and [8] are locales
    std::optional<Uuid> server{};         // asks for the server's GUID

    bool operator==(const NspiBindRequest&) const = default;
};
struct NspiBindResponse {
    std::optional<Uuid> server{};
    ContextHandle handle{};
    std::uint32_t code = 0;  // 0 success; other MAPI codes e.g. 0x80040111 logon failed

    bool operator==(const NspiBindResponse&) const = default;
};
struct NspiUnbindRequest {
    ContextHandle handle{};
    std::uint32_t reserved = 0;
    bool operator==(const NspiUnbindRequest&) const = default;
};
struct NspiUnbindResponse {
    ContextHandle handle{};  // NULL
    std::uint32_t code = 1;  // 1 = unbound
    bool operator==(const NspiUnbindResponse&) const = default;
};

[[nodiscard]] base::Result<NspiBindRequest, StubReason> parse_nspi_bind_request(base::ByteView stub, ByteOrder order);
[[nodiscard]] base::Result<NspiBindResponse, StubReason> parse_nspi_bind_response(base::ByteView stub, ByteOrder order);
[[nodiscard]] base::Result<NspiUnbindRequest, StubReason> parse_nspi_unbind_request(base::ByteView stub,
                                                                                    ByteOrder order);
[[nodiscard]] base::Result<NspiUnbindResponse, StubReason> parse_nspi_unbind_response(base::ByteView stub,
                                                                                      ByteOrder order);
void emit(NdrWriter& out, const NspiBindRequest& request);
void emit(NdrWriter& out, const NspiBindResponse& response);
void emit(NdrWriter& out, const NspiUnbindRequest& request);
void emit(NdrWriter& out, const NspiUnbindResponse& response);

// The whole stub of a client's call.
base::Bytes nspi_bind_stub(const NspiBindRequest& request = {});
base::Bytes nspi_unbind_stub(const ContextHandle& handle);

class NspiServer final : public InterfaceServer {
public:
    explicit NspiServer(Uuid server_guid) : server_guid_(server_guid) {}

    SyntaxId id() const override;
    CallAnswer call(const Call& call, NdrWriter& response) override;

private:
    Uuid server_guid_;
};

}  // namespace sim::rpc
