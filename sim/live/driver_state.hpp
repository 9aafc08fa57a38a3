// The inside of a driver. Internal to the room; one source file each for events and actions (driver.cpp), streams
// (streams.cpp), accepting (accepting.cpp), connecting (connecting.cpp), UDP and timers (datagrams.cpp), limits
// (sweep.cpp).
//
// Handlers that Asio calls hold a share of this object and name connections by id: an id is never used twice, so a
// handler that comes late finds nothing and does nothing.
#pragma once

#include "sim/live/connection.hpp"
#include "sim/live/driver.hpp"
#include "sim/live/loop_state.hpp"

#include <boost/unordered/unordered_flat_map.hpp>

#include <list>

namespace sim::live {

class Driver::State final : public Holder, public std::enable_shared_from_this<Driver::State> {
public:
    State(Loop& loop, DriverSettings settings);

    void start(actor::Actor& actor);
    void stop();
    void deliver(const actor::Event& event);
    std::size_t most_held() const override;
    void drop_most_holding() override;
    void ready(actor::ConnectionId id) override;

    DriverSettings settings;
    Counters counters;
    std::vector<ListenProblem> problems;
    std::function<void()> hook;

private:
    struct Listener {
        explicit Listener(TcpAcceptor&& open) : acceptor(std::move(open)), pause(acceptor.get_executor()) {}
        TcpAcceptor acceptor;
        Timer pause;  // after a failure that would repeat itself at once
    };
    struct Udp {
        Udp(actor::UdpId name, UdpSocket&& open) : id(name), socket(std::move(open)) {}
        actor::UdpId id;
        UdpSocket socket;
        wire::Port port;
    };
    struct RunningTimer {
        RunningTimer(actor::TimerId name, const Executor& executor) : id(name), timer(executor) {}
        actor::TimerId id;
        Timer timer;
        std::uint64_t run = 0;  // which setting of it
    };

    // ---- events and actions (driver.cpp) ----
    void handle(const actor::Event& event);
    void perform(actor::Listen& action);
    void perform(actor::Connect& action);
    void perform(actor::Send& action);
    void perform(actor::Close& action);
    void perform(actor::Abort& action);
    void perform(actor::OpenUdp& action);
    void perform(actor::SendTo& action);
    void perform(actor::SetTimer& action);
    void perform(actor::CancelTimer& action);
    void perform(actor::Note& action);

    // ---- streams (streams.cpp) ----
    Connection* find(actor::ConnectionId id);
    void watch(Connection& connection);
    void on_readable(actor::ConnectionId id);
    void took(actor::ConnectionId id, base::ByteView octets);
    void ended(actor::ConnectionId id);
    void on_writable(actor::ConnectionId id);
    void hold(Connection& connection, base::ByteView rest);
    void finish_sending(Connection& connection);
    void gone(actor::ConnectionId id);  // quietly: both sides closed
    void lost(actor::ConnectionId id);  // the peer reset it, or the network did: the actor hears
    void drop(actor::ConnectionId id, std::uint64_t Counters::*why, std::string_view text);  // by us, with a reset
    void remove(actor::ConnectionId id, bool with_reset);
    void account(Connection& connection, std::size_t received);
    void answered(Connection& connection);
    void check_held(actor::ConnectionId id);

    // ---- accepting (accepting.cpp) ----
    void await_connection(Listener& listener);
    void accept_some(Listener& listener);
    void welcome(AcceptedSocket accepted);
    void refuse(const AcceptedSocket& accepted, bool for_limit);
    void out_of_descriptors(Listener& listener);

    // ---- connecting (connecting.cpp) ----
    void try_connect(Connection& connection);
    void on_connect(actor::ConnectionId id, const ErrorCode& error);
    void on_refused(Connection& connection);
    void wait_out(Connection& connection);
    void connect_failed(actor::ConnectionId id, actor::ConnectError error);
    void established(Connection& connection);

    // ---- UDP and timers (datagrams.cpp) ----
    void await_datagram(Udp& udp);
    void on_datagram(actor::UdpId id);
    Passing judge(const wire::Endpoint& from, const wire::Endpoint& to, base::ByteView octets, Direction direction);

    // ---- limits (sweep.cpp) ----
    void await_sweep();
    void sweep();

    Loop::State& loop_;
    actor::Actor* actor_ = nullptr;
    actor::Actions actions_;
    bool handling_ = false;
    std::vector<actor::Event> caused_;  // by actions; none of them holds a view
    boost::unordered_flat_map<std::uint32_t, std::unique_ptr<Connection>> connections_;
    std::list<Listener> listeners_;  // handlers refer to their element
    std::list<Udp> udp_;
    std::list<RunningTimer> timers_;
    Timer sweep_timer_;
    std::uint32_t number_ = 0;  // in the loop
    std::uint32_t next_accepted_ = 1;
    std::uint64_t timer_runs_ = 0;
};

}  // namespace sim::live
