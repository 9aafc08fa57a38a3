// The endpoint mapper's answers to ept_map, ept_lookup and ept_lookup_handle_free, over a map that the caller owns
// (dcerpc-epm section 8). Changing the map over the network is refused, as every mapper since NT does.
#pragma once

#include "sim/rpc/epm.hpp"
#include "sim/rpc/interface_server.hpp"

#include <optional>
#include <string>
#include <vector>

namespace sim::rpc {

// One registered TCP endpoint.
struct MapEntry {
    SyntaxId interface {};
    std::string annotation{};
    wire::Port port{};
    Uuid object{};                             // nil: registered without an object, matches any
    std::optional<wire::IpAddress> address{};  // nothing: the address the client connected to

    bool operator==(const MapEntry&) const = default;
};

class EpmServer final : public InterfaceServer {
public:
    // The map may change between calls (services start and stop); it must outlive the server.
    explicit EpmServer(const std::vector<MapEntry>& map) : map_(map) {}

    SyntaxId id() const override;
    CallAnswer call(const Call& call, NdrWriter& response) override;

private:
    CallAnswer map(const Call& call, NdrWriter& response);
    CallAnswer lookup(const Call& call, NdrWriter& response);
    CallAnswer free_handle(const Call& call, NdrWriter& response);

    const std::vector<MapEntry>& map_;
};

}  // namespace sim::rpc
