// Remote management (C706 appendix Q), which every RPC port serves beside its own interfaces. Bodies both ways, and the
// server. Stopping a server over the network is refused; the principal name is always absent (anonymous only).
#pragma once

#include "sim/base/result.hpp"
#include "sim/rpc/epm.hpp"
#include "sim/rpc/interface_server.hpp"

#include <vector>

namespace sim::rpc {

namespace mgmt_opnum {
inline constexpr std::uint16_t inq_if_ids = 0, inq_stats = 1, is_server_listening = 2, stop_server_listening = 3,
                               inq_princ_name = 4;
}  // namespace mgmt_opnum

struct InqIfIdsResponse {
    std::vector<SyntaxId> interfaces{};
    std::uint32_t status = 0;
    bool operator==(const InqIfIdsResponse&) const = default;
};
[[nodiscard]] base::Result<InqIfIdsResponse, StubReason> parse_inq_if_ids_response(base::ByteView stub,
                                                                                   ByteOrder order);
void emit(NdrWriter& out, const InqIfIdsResponse& response);

struct InqStatsResponse {
    std::vector<std::uint32_t> statistics{};  // at most 4: calls in, calls out, packets in, packets out
    std::uint32_t status = 0;
    bool operator==(const InqStatsResponse&) const = default;
};
[[nodiscard]] base::Result<InqStatsResponse, StubReason> parse_inq_stats_response(base::ByteView stub, ByteOrder order);
void emit(NdrWriter& out, const InqStatsResponse& response);

// Knows everything it needs from the call's context; InterfaceSet makes its own.
class MgmtServer final : public InterfaceServer {
public:
    SyntaxId id() const override;
    CallAnswer call(const Call& call, NdrWriter& response) override;
};

}  // namespace sim::rpc
