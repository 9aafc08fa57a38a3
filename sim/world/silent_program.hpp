// What stands behind ports that are open on a server but not studied: it accepts, says nothing, and closes when the
// peer does.
#pragma once

#include "sim/net/host.hpp"
#include "sim/net/program.hpp"

namespace sim::world {

class SilentProgram final : public net::Program {
public:
    explicit SilentProgram(net::Host& host) : host_(host) {}

private:
    net::Cookie accepted(net::SocketId, const wire::Endpoint&, const wire::Endpoint&) override { return 0; }
    void connected(net::SocketId, net::Cookie, const wire::Endpoint&, const wire::Endpoint&) override {}
    void connect_failed(net::SocketId, net::Cookie, const net::ConnectFailure&) override {}
    void received(net::SocketId, net::Cookie, base::ByteView) override {}
    void peer_closed(net::SocketId socket, net::Cookie) override { host_.close(socket); }
    void reset(net::SocketId, net::Cookie, net::ResetCause) override {}
    void finished(net::SocketId, net::Cookie) override {}
    void datagram(net::SocketId, net::Cookie, const wire::Endpoint&, base::ByteView) override {}

    net::Host& host_;
};

}  // namespace sim::world
