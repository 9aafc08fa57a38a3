// What became of the user's actions: plain values, complete enough to print, to compare and to explain, and free
// of text (client/message.hpp and client/explain.hpp make the sentences when somebody looks).
//
// Times are virtual times of the rehearsal. Nothing here says why a packet was lost: only what the client saw.
#pragma once

#include "client/vocabulary.hpp"
#include "sim/actor/actor.hpp"
#include "sim/base/time.hpp"
#include "sim/wire/endpoint.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace client {

// One way in which an attempt ended short of its aim.
struct Failure {
    Phase phase = Phase::name;
    Stage stage = Stage::resolve;
    Cause cause = Cause::not_resolved;
    // The Win32 code an RPC caller sees: 1722, 1753, 1726, 1727, 1728 ... or the fault status itself; 0 when no
    // code is involved (a notice that did not come).
    std::uint32_t code = 0;
    // What lies beneath it: the Winsock error (10060, 10061 ...), the bind_nak reason, result << 16 | reason of a
    // rejected context, the service's return code; 0 when there is none.
    std::uint32_t detail = 0;
    bool operator==(const Failure&) const = default;
};

// One conversation of an action, in the order in which they began: a lookup at port 135, a service reached, or an
// attempt at either that failed and was followed by the next protocol of the binding order.
struct PhaseRecord {
    Phase phase = Phase::name;    // endpoint_mapper for a lookup
    Phase service = Phase::name;  // on whose behalf: directory, information_store, attendant
    Transport transport = Transport::ncacn_ip_tcp;
    sim::wire::Endpoint target;           // where it connected to; port 0 when it never did
    sim::actor::ConnectionId connection;  // 0 when it never connected
    sim::base::SimTime began{}, ended{};
    std::optional<Failure> failure;  // none: it came through
    bool reused = false;             // over a connection that an earlier conversation opened
    bool operator==(const PhaseRecord&) const = default;
};

// The port that a mapper's answer named for a service, whether it was then reachable or not.
struct LearnedPort {
    sim::wire::IpAddress host;
    Phase service = Phase::directory;
    sim::wire::Port port;
    auto operator<=>(const LearnedPort&) const = default;
};

struct ActionOutcome {
    Do action = Do::logon;
    bool works = false;
    // It works, but at least one service was reached over named pipes only: slow when TCP had to fail first, under
    // the identity of the network logon instead of the one typed in (Q244523), and hiding the fault from everyone.
    bool degraded = false;
    // Where it failed. When several protocols were tried, this is the failure of the attempt over TCP, because
    // that is the path the rehearsal is about.
    std::optional<Failure> failure;
    // The code the user is shown: that of the last protocol tried (inferred from Q245273: likely).
    std::uint32_t shown_code = 0;
    std::vector<PhaseRecord> phases;
    std::vector<LearnedPort> ports;  // in the order learned; the same service once per host
    sim::base::SimTime began{}, ended{};
    sim::base::SimDuration lost{};  // of it: spent on conversations that failed
    // new_mail: when the notice came; before `began` when it was there already.
    std::optional<sim::base::SimTime> notice_at;
    // new_mail and public_folders need a logon: one is made first when none was asked for before. True when that
    // logon failed, then or earlier, and so this action could not be tried.
    bool in_logon = false;
    // logon: EcRRegisterPushNotification was refused; mail works, notices cannot come.
    bool notices_refused = false;

    sim::base::SimDuration waited() const { return ended - began; }
    bool operator==(const ActionOutcome&) const = default;
};

// The latest outcome of that action, or null. The pointer lives as long as the vector is not changed.
const ActionOutcome* find(const std::vector<ActionOutcome>& outcomes, Do action);

// The port learned for a service, from the first host that named one.
std::optional<sim::wire::Port> learned_port(const ActionOutcome& outcome, Phase service);

}  // namespace client
