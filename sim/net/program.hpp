// What a host tells the programs that run on it. A program is any owner of ports and connections: net knows nothing
// of actors.
//
// Upcalls come from within Host::receive() and from timers, never from within a call the program makes, so a program
// may call the host freely from inside an upcall. Octets given to send() inside `received` carry the
// acknowledgement of what was just received, as a stack does that answers in the same instant.
#pragma once

#include "sim/base/bytes.hpp"
#include "sim/wire/endpoint.hpp"

#include <compare>
#include <cstdint>
#include <limits>
#include <optional>

namespace sim::net {

// Names a connection or a UDP socket of one host. Never used twice: calls with the id of something that is gone are
// ignored.
struct SocketId {
    std::uint32_t index = std::numeric_limits<std::uint32_t>::max();
    std::uint32_t generation = 0;
    auto operator<=>(const SocketId&) const = default;
};

// A word of the program's own that comes back with every upcall about a socket.
using Cookie = std::uint32_t;

enum class ConnectError : std::uint8_t {
    timed_out,     // nobody answered within the whole schedule
    refused,       // reset, and reset again after every retry
    unreachable,   // an ICMP error ended it (only stacks that do not take it as advice)
    no_resources,  // no local port left, or no address of the target's family
};

// An ICMP error about a connect, kept even where the stack takes it as advice, so that views can tell the user.
struct SeenUnreachable {
    wire::IpAddress from;
    std::uint8_t type = 0;
    std::uint8_t code = 0;
    bool operator==(const SeenUnreachable&) const = default;
};

struct ConnectFailure {
    ConnectError error = ConnectError::timed_out;
    wire::Endpoint target;
    std::optional<SeenUnreachable> unreachable{};
    bool operator==(const ConnectFailure&) const = default;
};

enum class ResetCause : std::uint8_t {
    peer,       // RST
    timed_out,  // what we sent was not acknowledged, however often it was sent
};

class Program {
public:
    // A connection to a port this program listens on. Returns the cookie it wants for it.
    virtual Cookie accepted(SocketId socket, const wire::Endpoint& local, const wire::Endpoint& peer) = 0;
    virtual void connected(SocketId socket, Cookie cookie, const wire::Endpoint& local, const wire::Endpoint& peer) = 0;
    virtual void connect_failed(SocketId socket, Cookie cookie, const ConnectFailure& failure) = 0;
    // The view is valid during the call only.
    virtual void received(SocketId socket, Cookie cookie, base::ByteView octets) = 0;
    virtual void peer_closed(SocketId socket, Cookie cookie) = 0;
    virtual void reset(SocketId socket, Cookie cookie, ResetCause cause) = 0;
    // Both sides have closed; the id is gone. Not called after connect_failed or reset, where it is gone as well.
    virtual void finished(SocketId socket, Cookie cookie) = 0;
    virtual void datagram(SocketId socket, Cookie cookie, const wire::Endpoint& from, base::ByteView octets) = 0;

protected:
    ~Program() = default;
};

}  // namespace sim::net
