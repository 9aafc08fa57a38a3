// One listening RPC port as an actor sees it: listen, a session for each connection, octets through it. Internal; the
// actors of actors.cpp and notices.cpp are made of it.
#pragma once

#include "sim/actor/actor.hpp"
#include "sim/rpc/associations.hpp"
#include "sim/rpc/interface_server.hpp"
#include "sim/rpc/server_session.hpp"

#include <boost/unordered/unordered_flat_map.hpp>

#include <memory>
#include <vector>

namespace fakeserver {

namespace actor = sim::actor;
namespace base = sim::base;
namespace rpc = sim::rpc;
namespace wire = sim::wire;

class RpcPort {
public:
    // More connections than this are reset at once: each needs an association group, and there are no more of those.
    static constexpr std::size_t connections_max = 65'535;

    RpcPort(wire::Port port, std::vector<std::unique_ptr<rpc::InterfaceServer>> servers, base::Random random);

    // Takes every event that belongs to the TCP side.
    void handle(const actor::Event& event, actor::Actions& out);

    // The connection that was fed last; for whoever looks at what its calls left behind.
    actor::ConnectionId fed() const { return fed_; }
    bool is_open(actor::ConnectionId connection) const;

private:
    void accept(const actor::Accepted& event, actor::Actions& out);
    void receive(const actor::Received& event, actor::Actions& out);
    void forget(actor::ConnectionId connection);

    wire::Port port_;
    // Sessions refer to the three before them and go first.
    std::vector<std::unique_ptr<rpc::InterfaceServer>> servers_;
    rpc::InterfaceSet interfaces_{};
    rpc::AssociationGroups associations_;
    boost::unordered_flat_map<std::uint32_t, std::unique_ptr<rpc::ServerSession>> connections_;  // by ConnectionId
    actor::ConnectionId fed_;
};

}  // namespace fakeserver
