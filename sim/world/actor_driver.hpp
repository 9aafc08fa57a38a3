// Runs one actor on one host of the virtual network: the actor seam of sim/actor on one side, net::Program on the
// other.
//
// Keeps the promises of actor.hpp: events of one actor are never nested, actions are carried out in order behind
// handle(), what they cause at once (Listening, a connect without ports) comes as events of its own behind them.
// An OpenUdp that finds no port is not answered: the contract has no event for it.
#pragma once

#include "sim/actor/actor.hpp"
#include "sim/net/host.hpp"
#include "sim/net/program.hpp"
#include "sim/net/scheduler.hpp"
#include "sim/world/recorder.hpp"

#include <cstdint>
#include <vector>

namespace sim::world {

class ActorDriver final : public net::Program, private net::Scheduler::Target {
public:
    ActorDriver(net::Scheduler& scheduler, Recorder& recorder) : scheduler_(scheduler), recorder_(recorder) {}

    ActorDriver(const ActorDriver&) = delete;
    ActorDriver& operator=(const ActorDriver&) = delete;

    void start(net::Host& host, HostId host_id, ActorId actor_id, actor::Actor& actor);
    void stop();
    // As after stop(), but without a word to the host: the whole world is being rebuilt.
    void forget();
    bool running() const { return actor_ != nullptr; }
    void deliver(const actor::Event& event);

private:
    struct Connection {
        actor::ConnectionId id;
        net::SocketId socket;
        bool used = false;
    };
    struct Udp {
        actor::UdpId id;
        net::SocketId socket;
    };
    struct Timer {
        actor::TimerId id;
        net::EventId event;
    };

    // net::Program
    net::Cookie accepted(net::SocketId socket, const wire::Endpoint& local, const wire::Endpoint& peer) override;
    void connected(net::SocketId socket, net::Cookie cookie, const wire::Endpoint& local,
                   const wire::Endpoint& peer) override;
    void connect_failed(net::SocketId socket, net::Cookie cookie, const net::ConnectFailure& failure) override;
    void received(net::SocketId socket, net::Cookie cookie, base::ByteView octets) override;
    void peer_closed(net::SocketId socket, net::Cookie cookie) override;
    void reset(net::SocketId socket, net::Cookie cookie, net::ResetCause cause) override;
    void finished(net::SocketId socket, net::Cookie cookie) override;
    void datagram(net::SocketId socket, net::Cookie cookie, const wire::Endpoint& from, base::ByteView octets) override;

    void fire(std::uint64_t token, base::SimTime now) override;

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

    net::Cookie remember(actor::ConnectionId id);
    actor::ConnectionId forget_connection(net::Cookie cookie);
    const Connection* find(actor::ConnectionId id) const;

    net::Scheduler& scheduler_;
    Recorder& recorder_;
    net::Host* host_ = nullptr;
    HostId host_id_{};
    ActorId actor_id_{};
    actor::Actor* actor_ = nullptr;
    actor::Actions actions_;
    std::vector<actor::Event> caused_;     // by actions, not yet delivered; none of them holds a view
    std::vector<Connection> connections_;  // by cookie
    std::vector<net::Cookie> free_cookies_;
    std::vector<Udp> udp_;
    std::vector<Timer> timers_;
    std::uint32_t next_accepted_ = 1;
};

}  // namespace sim::world
