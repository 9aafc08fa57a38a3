// The fake Outlook: an actor that logs on to an Exchange server over DCE/RPC as the real one does, and keeps an
// honest record of what happened.
//
// A logon is, for each service: a short connection to port 135 on which the endpoint mapper is asked for the
// service's port and which the client closes (11 packets in Q159298), then a connection to that port which stays
// open. Directory first, then information store (order inferred from Q246248: likely); with Exchange 2000 and
// later the attendant's referral interface comes before both. Whatever a server does - garbage, silence, refusals,
// closing early, absurd answers - ends the action with an outcome of its own and never with `works`.
//
// Not here: passwords and NTLM (a server that insists on them answers with bind_nak 8 or fault 5, and the outcome
// says so), SMB, name resolution, caching, and the retries of TCP, which belong to the host.
//
// Use: give it to a driver; it begins with `Started` and is finished when idle(). With `keep_session`, more can
// be asked of it later: call request(), then let the driver deliver TimerFired{wake_timer}.
#pragma once

#include "client/config.hpp"
#include "client/outcome.hpp"
#include "sim/actor/actor.hpp"

#include <memory>
#include <vector>

namespace client {

class Outlook final : public sim::actor::Actor {
public:
    // A driver that delivers TimerFired with this id starts what request() queued. Outlook never sets it itself.
    static constexpr sim::actor::TimerId wake_timer{1};

    explicit Outlook(OutlookConfig config);
    ~Outlook() override;

    void handle(const sim::actor::Event& event, sim::base::SimTime now, sim::actor::Actions& out) override;

    // Queues one more action; it begins at the next event after the current one is over. `use` without a kept
    // session fails with Stage::session.
    void request(Do action);

    // Nothing under way and nothing queued: every action asked for has its outcome.
    bool idle() const;
    // One per action performed, in order. Grows only during handle().
    const std::vector<ActionOutcome>& outcomes() const;
    // Whether a logon's connections are open right now, as far as the client knows: a filter that forgot them
    // does not tell it.
    bool session_open() const;

private:
    class Session;
    std::unique_ptr<Session> session_;
};

}  // namespace client
