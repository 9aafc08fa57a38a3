// What the endpoint mapper of a running server knows: every interface of every service that has a TCP port, all
// interfaces of one process on that process's one port (exchange-ports.md section 7, inferred there).
//
// Only ncacn_ip_tcp is listed. A real server registers named pipes, local RPC and more beside it; their endpoint names
// are made up anew at every start and no TCP client asks for them.
#pragma once

#include "fakeserver/start.hpp"
#include "sim/rpc/epm_server.hpp"

#include <span>
#include <vector>

namespace fakeserver {

namespace rpc = sim::rpc;

struct EndpointMap {
    std::vector<rpc::MapEntry> entries;
};

struct RegisteredInterface {
    rpc::SyntaxId id;
    std::string_view annotation;
};

// What a service registers, first the interface that clients ask for. Empty when the release has no such service.
std::span<const RegisteredInterface> interfaces_of(ExchangeVersion version, Service service);

// In start order.
std::vector<rpc::MapEntry> endpoint_map(const PortPolicy& policy, const ServerStart& start);

}  // namespace fakeserver
