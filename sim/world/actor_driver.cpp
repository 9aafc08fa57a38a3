#include "sim/world/actor_driver.hpp"

#include <algorithm>
#include <cassert>
#include <utility>
#include <variant>

namespace sim::world {

namespace {

actor::ConnectError as_actor_sees(net::ConnectError error) {
    switch (error) {
        case net::ConnectError::timed_out: return actor::ConnectError::timed_out;
        case net::ConnectError::refused: return actor::ConnectError::refused;
        case net::ConnectError::unreachable: return actor::ConnectError::unreachable;
        case net::ConnectError::no_resources: return actor::ConnectError::no_resources;
    }
    return actor::ConnectError::no_resources;
}

}  // namespace

// ---- life ----

void ActorDriver::start(net::Host& host, HostId host_id, ActorId actor_id, actor::Actor& actor) {
    host_ = &host;
    host_id_ = host_id;
    actor_id_ = actor_id;
    actor_ = &actor;
    deliver(actor::Started{});
}

void ActorDriver::stop() {
    if (actor_ == nullptr) return;
    for (const Timer& timer : timers_) scheduler_.cancel(timer.event);
    host_->end(*this);
    forget();
}

void ActorDriver::forget() {
    actor_ = nullptr;
    caused_.clear();
    connections_.clear();
    free_cookies_.clear();
    udp_.clear();
    timers_.clear();
    next_accepted_ = 1;
}

void ActorDriver::deliver(const actor::Event& event) {
    if (actor_ == nullptr) return;
    handle(event);
    for (std::size_t i = 0; i < caused_.size(); ++i) {
        const actor::Event caused = caused_[i];  // a copy, because handling it may cause more
        handle(caused);
    }
    caused_.clear();
}

void ActorDriver::handle(const actor::Event& event) {
    assert(actions_.empty());
    actor_->handle(event, scheduler_.now(), actions_);
    for (actor::Action& action : actions_) std::visit([this](auto& a) { perform(a); }, action);
    actions_.clear();
}

// ---- what the network says ----

net::Cookie ActorDriver::remember(actor::ConnectionId id) {
    net::Cookie cookie = 0;
    if (free_cookies_.empty()) {
        cookie = static_cast<net::Cookie>(connections_.size());
        connections_.emplace_back();
    } else {
        cookie = free_cookies_.back();
        free_cookies_.pop_back();
    }
    connections_[cookie] = {.id = id, .socket = {}, .used = true};
    return cookie;
}

actor::ConnectionId ActorDriver::forget_connection(net::Cookie cookie) {
    connections_[cookie].used = false;
    free_cookies_.push_back(cookie);
    return connections_[cookie].id;
}

const ActorDriver::Connection* ActorDriver::find(actor::ConnectionId id) const {
    for (const Connection& c : connections_)
        if (c.used && c.id == id) return &c;
    return nullptr;
}

net::Cookie ActorDriver::accepted(net::SocketId socket, const wire::Endpoint& local, const wire::Endpoint& peer) {
    const actor::ConnectionId id{next_accepted_};
    next_accepted_ += 2;
    const net::Cookie cookie = remember(id);
    connections_[cookie].socket = socket;
    deliver(actor::Accepted{.connection = id, .local = local, .peer = peer});
    return cookie;
}

void ActorDriver::connected(net::SocketId, net::Cookie cookie, const wire::Endpoint& local,
                            const wire::Endpoint& peer) {
    deliver(actor::Connected{.connection = connections_[cookie].id, .local = local, .peer = peer});
}

void ActorDriver::connect_failed(net::SocketId, net::Cookie cookie, const net::ConnectFailure& failure) {
    const actor::ConnectionId id = forget_connection(cookie);
    recorder_.connect_failed({.time = scheduler_.now(), .host = host_id_, .actor = actor_id_, .failure = failure});
    deliver(actor::ConnectFailed{.connection = id, .error = as_actor_sees(failure.error)});
}

void ActorDriver::received(net::SocketId, net::Cookie cookie, base::ByteView octets) {
    deliver(actor::Received{.connection = connections_[cookie].id, .octets = octets});
}

void ActorDriver::peer_closed(net::SocketId, net::Cookie cookie) {
    deliver(actor::PeerClosed{.connection = connections_[cookie].id});
}

void ActorDriver::reset(net::SocketId, net::Cookie cookie, net::ResetCause) {
    deliver(actor::Reset{.connection = forget_connection(cookie)});
}

void ActorDriver::finished(net::SocketId, net::Cookie cookie) { forget_connection(cookie); }

void ActorDriver::datagram(net::SocketId, net::Cookie cookie, const wire::Endpoint& from, base::ByteView octets) {
    deliver(actor::Datagram{.socket = {cookie}, .from = from, .octets = octets});
}

void ActorDriver::fire(std::uint64_t token, base::SimTime) {
    const actor::TimerId id{static_cast<std::uint32_t>(token)};
    std::erase_if(timers_, [&](const Timer& t) { return t.id == id; });
    deliver(actor::TimerFired{.timer = id});
}

// ---- what the actor does ----

void ActorDriver::perform(actor::Listen& action) {
    if (host_->listen(*this, action.port))
        caused_.push_back(actor::Listening{.port = action.port});
    else
        caused_.push_back(actor::ListenFailed{.port = action.port});
}

void ActorDriver::perform(actor::Connect& action) {
    const net::Cookie cookie = remember(action.connection);
    const auto socket = host_->connect(*this, cookie, action.target);
    if (socket) {
        connections_[cookie].socket = *socket;
        return;
    }
    forget_connection(cookie);
    const net::ConnectFailure failure{.error = socket.error(), .target = action.target};
    recorder_.connect_failed({.time = scheduler_.now(), .host = host_id_, .actor = actor_id_, .failure = failure});
    caused_.push_back(actor::ConnectFailed{.connection = action.connection, .error = as_actor_sees(failure.error)});
}

void ActorDriver::perform(actor::Send& action) {
    if (const Connection* c = find(action.connection)) host_->send(c->socket, std::move(action.octets));
}

void ActorDriver::perform(actor::Close& action) {
    if (const Connection* c = find(action.connection)) host_->close(c->socket);
}

void ActorDriver::perform(actor::Abort& action) {
    const Connection* c = find(action.connection);
    if (c == nullptr) return;
    host_->abort(c->socket);
    forget_connection(static_cast<net::Cookie>(c - connections_.data()));
}

void ActorDriver::perform(actor::OpenUdp& action) {
    const auto opened = host_->open_udp(*this, action.socket.value, action.port);
    if (!opened) return;
    udp_.push_back({.id = action.socket, .socket = opened->socket});
    caused_.push_back(actor::UdpOpened{.socket = action.socket, .port = opened->port});
}

void ActorDriver::perform(actor::SendTo& action) {
    for (const Udp& udp : udp_)
        if (udp.id == action.socket) return host_->send_to(udp.socket, action.target, action.octets);
}

void ActorDriver::perform(actor::SetTimer& action) {
    const base::SimTime when = scheduler_.now() + std::max(action.after, base::SimDuration::zero());
    const net::EventId event = scheduler_.at(when, *this, action.timer.value);
    for (Timer& timer : timers_) {
        if (timer.id != action.timer) continue;
        scheduler_.cancel(timer.event);
        timer.event = event;
        return;
    }
    timers_.push_back({.id = action.timer, .event = event});
}

void ActorDriver::perform(actor::CancelTimer& action) {
    const auto timer =
        std::find_if(timers_.begin(), timers_.end(), [&](const Timer& t) { return t.id == action.timer; });
    if (timer == timers_.end()) return;
    scheduler_.cancel(timer->event);
    timers_.erase(timer);
}

void ActorDriver::perform(actor::Note& action) {
    recorder_.note(host_id_, actor_id_, std::move(action.text), scheduler_.now());
}

}  // namespace sim::world
