// The seam between what a program says and what carries it.
//
// An actor is a program on a host: the endpoint mapper, the directory, Outlook. It is written once and runs
// on the virtual network (sim/world) and on real sockets (sim/live). An event and the time come in, actions go
// out; in between the actor touches nothing else: it owns no clock, socket, thread, logger or generator.
//
// What a driver promises
// - `Started` comes first, once. Octets arrive in order, in pieces of any size: an actor must accept every
//   split of a stream. Events of one actor are never nested.
// - Actions are carried out in the order they were added, after handle() returned.
// - After `PeerClosed` the actor may still send; after `Close` it may still receive; a connection is gone when
//   both sides have closed, or with `Reset`. Actions on a connection that is gone are ignored.
// - Views inside events are valid during handle() only.
#pragma once

#include "sim/base/bytes.hpp"
#include "sim/base/time.hpp"
#include "sim/wire/endpoint.hpp"

#include <compare>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace sim::actor {

// Names a connection between an actor and its driver. Those that the actor opens it names itself, with even
// numbers; those that it accepts the driver names, with odd numbers. A number is never used twice by one actor.
struct ConnectionId {
    std::uint32_t value = 0;
    auto operator<=>(const ConnectionId&) const = default;
};

// The actor's own name for a UDP socket or a timer.
struct UdpId {
    std::uint32_t value = 0;
    auto operator<=>(const UdpId&) const = default;
};
struct TimerId {
    std::uint32_t value = 0;
    auto operator<=>(const TimerId&) const = default;
};

// Why a connect did not come about; the caller learns no more than a program would.
enum class ConnectError : std::uint8_t {
    timed_out,    // nobody answered within the whole retransmission schedule (Winsock 10060)
    refused,      // reset by the port, after the retries that Windows makes (Winsock 10061)
    unreachable,  // the network said so (Winsock 10065); sockets that treat ICMP as advice report timed_out
    no_resources, // no local port or descriptor left
};

// ---- events ----
struct Started {};
struct Listening { wire::Port port; };
struct ListenFailed { wire::Port port; };                       // taken by another program
struct Accepted { ConnectionId connection; wire::Endpoint local, peer; };
struct Connected { ConnectionId connection; wire::Endpoint local, peer; };
struct ConnectFailed { ConnectionId connection; ConnectError error; };
struct Received { ConnectionId connection; base::ByteView octets; };
struct PeerClosed { ConnectionId connection; };                 // FIN: no more octets will come
struct Reset { ConnectionId connection; };                      // RST, or the peer stopped answering
struct UdpOpened { UdpId socket; wire::Port port; };
struct Datagram { UdpId socket; wire::Endpoint from; base::ByteView octets; };
struct TimerFired { TimerId timer; };

using Event = std::variant<Started, Listening, ListenFailed, Accepted, Connected, ConnectFailed, Received,
                           PeerClosed, Reset, UdpOpened, Datagram, TimerFired>;

// ---- actions ----
struct Listen { wire::Port port; };                             // answered by Listening or ListenFailed
struct Connect { ConnectionId connection; wire::Endpoint target; };
struct Send { ConnectionId connection; base::Bytes octets; };
struct Close { ConnectionId connection; };                      // FIN once everything sent so far went out
struct Abort { ConnectionId connection; };                      // RST at once
struct OpenUdp { UdpId socket; wire::Port port; };              // port 0: any free one; answered by UdpOpened
struct SendTo { UdpId socket; wire::Endpoint target; base::Bytes octets; };
struct SetTimer { TimerId timer; base::SimDuration after; };    // replaces a running timer of that name
struct CancelTimer { TimerId timer; };
struct Note { std::string text; };                              // for the ladder and the log; changes nothing

using Action = std::variant<Listen, Connect, Send, Close, Abort, OpenUdp, SendTo, SetTimer, CancelTimer, Note>;
using Actions = std::vector<Action>;

class Actor {
public:
    Actor() = default;
    Actor(const Actor&) = delete;
    Actor& operator=(const Actor&) = delete;
    virtual ~Actor() = default;

    virtual void handle(const Event& event, base::SimTime now, Actions& out) = 0;
};

}  // namespace sim::actor
