#include "fakeserver/rpc_port.hpp"

#include <fmt/format.h>

#include <utility>

namespace fakeserver {

RpcPort::RpcPort(wire::Port port, std::vector<std::unique_ptr<rpc::InterfaceServer>> servers, base::Random random)
    : port_(port), servers_(std::move(servers)), associations_(random) {
    for (const auto& server : servers_) interfaces_.add(*server);
}

void RpcPort::handle(const actor::Event& event, actor::Actions& out) {
    if (const auto* received = std::get_if<actor::Received>(&event)) {
        receive(*received, out);
    } else if (const auto* accepted = std::get_if<actor::Accepted>(&event)) {
        accept(*accepted, out);
    } else if (const auto* closed = std::get_if<actor::PeerClosed>(&event)) {
        // Every complete request has its answer already, so nothing is owed to a client that ends its side.
        if (is_open(closed->connection)) out.emplace_back(actor::Close{closed->connection});
        forget(closed->connection);
    } else if (const auto* reset = std::get_if<actor::Reset>(&event)) {
        forget(reset->connection);
    } else if (std::holds_alternative<actor::Started>(event)) {
        out.emplace_back(actor::Listen{port_});
    } else if (const auto* failed = std::get_if<actor::ListenFailed>(&event)) {
        out.emplace_back(actor::Note{fmt::format("TCP {} is taken: no endpoint", failed->port.value)});
    }
}

bool RpcPort::is_open(actor::ConnectionId connection) const { return connections_.contains(connection.value); }

void RpcPort::accept(const actor::Accepted& event, actor::Actions& out) {
    if (connections_.size() >= connections_max) {
        out.emplace_back(actor::Abort{event.connection});
        return;
    }
    connections_.emplace(event.connection.value,
                         std::make_unique<rpc::ServerSession>(interfaces_, associations_, event.local, event.peer));
}

void RpcPort::receive(const actor::Received& event, actor::Actions& out) {
    const auto at = connections_.find(event.connection.value);
    if (at == connections_.end()) return;  // closed by us; what still arrives is of no interest
    fed_ = event.connection;
    rpc::ServerSession::Output answer = at->second->feed(event.octets);
    if (!answer.octets.empty()) out.emplace_back(actor::Send{event.connection, std::move(answer.octets)});
    if (answer.close) {
        out.emplace_back(actor::Close{event.connection});
        forget(event.connection);
    }
}

void RpcPort::forget(actor::ConnectionId connection) { connections_.erase(connection.value); }

}  // namespace fakeserver
