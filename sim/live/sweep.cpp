// Limits: what is counted while octets flow, and a look at all connections now and then for those that do nothing.
#include "sim/live/driver_state.hpp"

#include <algorithm>

namespace sim::live {

void Driver::State::account(Connection& c, std::size_t received) {
    if (!c.accepted() || c.closing) return;
    if (!c.requesting()) c.heard = loop_.now();  // a request begins
    c.unanswered += static_cast<std::uint32_t>(received);
    loop_.held_octets += received;
}

void Driver::State::answered(Connection& c) {
    c.fresh = false;
    if (!c.accepted()) return;
    loop_.held_octets -= c.unanswered;
    c.unanswered = 0;
    c.heard = loop_.now();
}

void Driver::State::check_held(actor::ConnectionId id) {
    const Connection* c = find(id);
    if (c == nullptr || !c->accepted()) return;
    if (c->unanswered > loop_.limits.unanswered_octets)
        drop(id, &Counters::dropped_request, "dropped: a request without end");
    else if (c->queue.size() > loop_.limits.queued_octets)
        drop(id, &Counters::dropped_slow, "dropped: the peer does not read");
    while (loop_.held_octets > loop_.limits.held_octets) {
        Holder* greediest = nullptr;
        std::size_t most = 0;
        for (const auto& [number, holder] : loop_.holders) {
            const std::size_t holds = holder->most_held();
            if (holds > most) greediest = holder;
            most = std::max(most, holds);
        }
        if (greediest == nullptr) return;
        greediest->drop_most_holding();
    }
}

std::size_t Driver::State::most_held() const {
    std::size_t most = 0;
    for (const auto& [name, c] : connections_) most = std::max(most, c->held());
    return most;
}

void Driver::State::drop_most_holding() {
    const auto at = std::max_element(connections_.begin(), connections_.end(),
                                     [](const auto& a, const auto& b) { return a.second->held() < b.second->held(); });
    if (at != connections_.end())
        drop(at->second->id, &Counters::dropped_memory, "dropped: too much is held for all peers together");
}

void Driver::State::drop(actor::ConnectionId id, std::uint64_t Counters::*why, std::string_view text) {
    const Connection* c = find(id);
    if (c == nullptr) return;
    ++(counters.*why);
    const auto peer = remote_endpoint(c->socket);
    const std::string from = peer ? wire::format(*peer) : "unknown";
    if (const auto held_back = loop_.drops.pass(loop_.now()))
        loop_.log.write(LogLevel::warning, text,
                        {{"service", settings.name}, {"peer", from}, {"not_shown", std::to_string(*held_back)}});
    remove(id, true);
    deliver(actor::Reset{.connection = id});
}

// Often enough for the shortest limit, seldom enough to cost nothing.
void Driver::State::await_sweep() {
    const Limits& limits = loop_.limits;
    const base::SimDuration shortest =
        std::min({limits.request_time, limits.idle_time, limits.stalled_time, limits.closing_time});
    sweep_timer_.expires_after(
        std::clamp<base::SimDuration>(shortest / 4, std::chrono::milliseconds(50), std::chrono::seconds(5)));
    sweep_timer_.async_wait([self = shared_from_this()](const ErrorCode& error) {
        if (error || self->actor_ == nullptr) return;
        self->sweep();
        self->await_sweep();
    });
}

void Driver::State::sweep() {
    const Limits& limits = loop_.limits;
    const base::SimTime now = loop_.now();
    struct Due {
        actor::ConnectionId id;
        std::uint64_t Counters::*why;
        std::string_view text;
    };
    std::vector<Due> due;
    for (const auto& [name, c] : connections_) {
        if (!c->accepted()) continue;
        if (!c->queue.empty()) {
            if (now - c->progress > limits.stalled_time)
                due.push_back({c->id, &Counters::dropped_slow, "dropped: the peer does not read"});
        } else if (c->fin_sent) {
            if (now - c->progress > limits.closing_time)
                due.push_back({c->id, &Counters::dropped_idle, "dropped: the peer does not close"});
        } else if (c->requesting()) {
            if (now - c->heard > limits.request_time)
                due.push_back({c->id, &Counters::dropped_request, "dropped: no complete request in time"});
        } else if (now - c->heard > limits.idle_time) {
            due.push_back({c->id, &Counters::dropped_idle, "dropped: idle"});
        }
    }
    for (const Due& one : due) drop(one.id, one.why, one.text);
}

}  // namespace sim::live
