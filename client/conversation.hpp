// One RPC conversation of the client on one TCP connection: bind an interface, make the calls of its plan one after
// another, and say in the client's words how it went. Knows nothing of other conversations, of time or of protocols
// tried before; whoever owns it connects, watches the clock and decides what comes next.
//
// Unsolicited octets behind the last answer are noticed when the connection is used again, wherever the stream was
// split.
#pragma once

#include "client/calls.hpp"
#include "client/outcome.hpp"
#include "client/plan.hpp"
#include "sim/actor/actor.hpp"
#include "sim/rpc/client_session.hpp"
#include "sim/rpc/sealing.hpp"

#include <cstddef>
#include <optional>
#include <span>

namespace client {

class Conversation {
public:
    enum class Step : std::uint8_t {
        waiting,     // an answer is due
        needs_port,  // the next call names our UDP port, which is not known yet: set notices_to() and resume()
        done,        // every call was answered well
        failed,      // see failure()
    };

    // With a lookup, `leg` is the service that is looked for, and the conversation is with the endpoint mapper.
    static Conversation lookup(sim::actor::ConnectionId id, const Leg& leg, bool sealed);
    static Conversation with(sim::actor::ConnectionId id, const Leg& leg);

    sim::actor::ConnectionId id() const { return id_; }
    Phase service() const { return service_; }
    bool is_lookup() const { return lookup_; }

    // Once the connection stands: sends the bind.
    void start(sim::actor::Actions& out);
    // On a conversation that is done: more calls.
    Step again(std::span<const Call> calls, sim::actor::Actions& out);
    Step resume(sim::actor::Actions& out);
    // Leaves the call that needs_port out; the registration counts as refused.
    Step skip(sim::actor::Actions& out);
    Step feed(sim::base::ByteView octets, sim::actor::Actions& out);

    // The connection ended (`how`: reset or closed_early) or time is up (no_answer) while an answer was due.
    Failure broken_off(Cause how);
    // ConnectFailed.
    Failure not_connected(sim::actor::ConnectError error) const;
    Stage stage() const;  // what is under way
    // Grows with every answer; a server that merely trickles octets does not count as answering.
    std::size_t answered() const { return at_ + (bound_ ? 1U : 0U); }

    const Failure& failure() const { return failure_; }
    void set_notices_to(const sim::wire::Endpoint& endpoint) { arguments_.notices_to = endpoint; }
    const NoticeBlob& blob() const { return arguments_.blob; }

    // Of a lookup that is done.
    sim::wire::Port port() const { return port_; }
    // EcRRegisterPushNotification was answered with a fault or an error: no reason to give a mailbox up.
    const std::optional<Trouble>& notices_refused() const { return notices_refused_; }

private:
    Conversation(sim::actor::ConnectionId id, const Leg& leg, bool lookup);

    Step take(const sim::rpc::ClientOutcome& outcome, sim::actor::Actions& out);
    Step take_answer(const sim::rpc::CallDone& done, sim::actor::Actions& out);
    Step call_next(sim::actor::Actions& out);
    Step fail(const Trouble& trouble, Phase phase, Stage stage);
    void send(sim::base::Bytes octets, sim::actor::Actions& out);
    void free_handle(const sim::rpc::ContextHandle& handle, sim::actor::Actions& out);
    bool registering() const;
    Phase phase() const { return lookup_ ? Phase::endpoint_mapper : service_; }

    sim::actor::ConnectionId id_;
    Phase service_;
    bool lookup_;
    bool bound_ = false;
    bool connected_ = false;
    sim::rpc::ClientSession rpc_;
    std::optional<sim::rpc::Sealer> sealer_;  // of sealed talk
    std::span<const Call> calls_;
    std::size_t at_ = 0;  // the call under way
    CallArguments arguments_;
    sim::wire::Port port_;
    std::optional<Trouble> notices_refused_;
    Failure failure_;
};

}  // namespace client
