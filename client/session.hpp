// The inside of the fake Outlook: which action is under way, which attempt of it, and what is kept open.
//
// An action is a list of legs (plan.hpp). A leg is attempted with each protocol of the binding order until one comes
// through: over TCP that is a lookup at port 135 and a conversation with the service, over named pipes one
// connection. session.cpp receives events and minds actions and the kept session; attempts.cpp minds legs.
#pragma once

#include "client/conversation.hpp"
#include "client/outlook.hpp"

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace client {

class Outlook::Session {
public:
    explicit Session(OutlookConfig config);

    void handle(const sim::actor::Event& event, sim::base::SimTime now, sim::actor::Actions& out);
    void request(Do action) { queue_.push_back(action); }
    bool idle() const { return work_ == Work::none && next_ == queue_.size(); }
    const std::vector<ActionOutcome>& outcomes() const { return outcomes_; }
    bool session_open() const { return kept_ == Kept::open; }

private:
    using SimTime = sim::base::SimTime;
    using Actions = sim::actor::Actions;
    using Step = Conversation::Step;

    enum class Work : std::uint8_t {
        none,    // between events of an idle client
        legs,    // attempts at the services of an action
        use,     // a call on the kept store connection, as an action
        notice,  // new_mail waits
        fetch,   // the call that answers a notice; outside of an action when none is under way
    };
    enum class Kept : std::uint8_t { never, open, dead, failed };

    static constexpr sim::actor::TimerId reply_timer{2};
    static constexpr sim::actor::TimerId notice_timer{3};

    // ---- events (session.cpp) ----
    void on(const sim::actor::Connected& event, Actions& out);
    void on(const sim::actor::ConnectFailed& event, Actions& out);
    void on(const sim::actor::Received& event, Actions& out);
    // Our own FIN answers theirs: nothing is ever sent on a connection that the server has closed.
    void on(const sim::actor::PeerClosed& event, Actions& out) { ended(event.connection, Cause::closed_early, out); }
    void on(const sim::actor::Reset& event, Actions& out) { ended(event.connection, Cause::reset, out); }
    void on(const sim::actor::UdpOpened& event, Actions& out);
    void on(const sim::actor::Datagram& event, Actions& out);
    void on(const sim::actor::TimerFired& event, Actions& out);
    template <class Other>
    void on(const Other&, Actions&) {}
    void ended(sim::actor::ConnectionId connection, Cause how, Actions& out);

    // ---- actions (session.cpp) ----
    void start_next(Actions& out);
    void begin(Do action, Actions& out);
    void begin_on_session(Actions& out);  // new_mail, public_folders, use
    void session_is_there(Actions& out);
    void legs_done(Actions& out);
    void finish(std::optional<Failure> failure, std::uint32_t shown_code, Actions& out);
    void wait_for_notice(Actions& out);
    void call_store(Work work, Actions& out);
    void use_pipe(Actions& out);
    void store_answered(Step step, Actions& out);
    void store_failed(const Failure& failure, Actions& out);
    void logon_lost(const Failure& failure, Actions& out);
    void time_is_up(Actions& out);
    void session_died(const Failure& failure, Actions& out);
    void drop_session(Actions& out);

    // ---- attempts (attempts.cpp) ----
    void begin_legs(std::span<const Leg> legs, Actions& out);
    void begin_leg(Actions& out);
    void begin_attempt(Actions& out);
    std::optional<sim::wire::Port> port_without_asking() const;
    void begin_lookup(Actions& out);
    void begin_service(sim::wire::Port port, bool told, Actions& out);
    void begin_pipe(Actions& out);
    void attempt_went(Step step, Actions& out);
    void attempt_failed(const Failure& failure, Actions& out);
    void lookup_done(Actions& out);
    void leg_done(Actions& out);
    void pipe_connected(Actions& out);
    void give_port(Actions& out);
    void release(Conversation conversation, Actions& out);

    // ---- small tools (attempts.cpp) ----
    sim::actor::ConnectionId connect_to(const sim::wire::Endpoint& target, Actions& out);
    void close(sim::actor::ConnectionId connection, Actions& out);
    void expect_answer(Actions& out);
    PhaseRecord& open_record(Phase phase, Phase service, Transport transport, const sim::wire::Endpoint& target);
    void close_record(std::optional<Failure> failure);
    sim::wire::IpAddress host() const;
    const Leg& leg() const { return legs_[leg_]; }
    Transport transport() const { return config_.binding_order[protocol_]; }
    bool logging_on() const { return work_ == Work::legs && (current_->action == Do::logon || logon_first_); }
    bool fetching_alone() const { return work_ == Work::fetch && !current_; }
    template <class Text>
    void note(Actions& out, const Text& text) const;

    OutlookConfig config_;
    std::vector<ActionOutcome> outcomes_;
    std::vector<Do> queue_;
    std::size_t next_ = 0;  // of the queue
    SimTime now_{};
    std::uint32_t last_connection_ = 0;

    // The action under way.
    Work work_ = Work::none;
    std::optional<ActionOutcome> current_;
    bool logon_first_ = false;    // the legs are those of the logon that the action needs
    bool port_awaited_ = false;   // the store conversation waits for our UDP port
    sim::wire::IpAddress local_;  // our address on the connection made last
    std::span<const Leg> legs_;
    std::size_t leg_ = 0;
    std::size_t server_ = 0;     // public_folders: which of the servers
    std::size_t protocol_ = 0;   // index into the binding order
    std::size_t pipe_port_ = 0;  // index into the ports that carry pipes
    std::optional<Failure> tcp_failure_;
    std::vector<LearnedPort> remembered_;  // with remembers_ports
    std::optional<Conversation> active_;
    sim::actor::ConnectionId pipe_attempt_;  // 0: none
    std::vector<sim::actor::ConnectionId> closed_with_action_;

    // The kept session.
    Kept kept_ = Kept::never;
    std::optional<Conversation> directory_;
    std::optional<Conversation> store_;
    PhaseRecord store_record_;         // how the store was reached
    std::optional<PhaseRecord> pipe_;  // the pipe session, when one is open
    Failure kept_failure_;             // dead: how it died; failed: how the logon failed

    // Notices.
    bool udp_asked_ = false;
    bool udp_refused_ = false;
    sim::wire::Port udp_port_;
    std::optional<SimTime> notice_seen_;
    bool fetch_due_ = false;

    // Silence is noticed at answer_due_; the timer may be set for an earlier time and is then set again.
    bool answer_awaited_ = false;
    bool timer_runs_ = false;
    SimTime answer_due_{};
};

}  // namespace client
