// Octets of one connection: reading into the shared buffer, writing at once, queueing what the peer does not take.
#include "sim/live/driver_state.hpp"

namespace sim::live {

Connection* Driver::State::find(actor::ConnectionId id) {
    const auto at = connections_.find(id.value);
    return at == connections_.end() ? nullptr : at->second.get();
}

void Driver::State::ready(actor::ConnectionId id) {
    const Connection* c = find(id);
    if (c == nullptr) return;
    switch (c->watching) {
        case Watch::readable: return on_readable(id);
        case Watch::writable: return on_writable(id);
        case Watch::nothing: break;
    }
    ++counters.resets;  // the kernel tells of errors unasked
    lost(id);
}

void Driver::State::watch(Connection& c) {
    const Watch wanted = c.wanted();
    if (wanted != c.watching) loop_.readiness.change(c.socket, {number_, c.id.value}, wanted);
    c.watching = wanted;
}

// ---- reading ----

void Driver::State::on_readable(actor::ConnectionId id) {
    Connection* c = find(id);
    const Moved moved = read_some(c->socket, loop_.buffer);
    switch (moved.how) {
        case Io::later: return;
        case Io::ended: return ended(id);
        case Io::broken: ++counters.resets; return lost(id);
        case Io::some: break;
    }
    counters.octets_in += moved.octets;
    account(*c, moved.octets);
    took(id, base::ByteView(loop_.buffer).first(moved.octets));
    check_held(id);
}

void Driver::State::took(actor::ConnectionId id, base::ByteView octets) {
    Connection* c = find(id);
    if (c->outgoing && c->outgoing->path) {
        const Passing passing = c->outgoing->path->data(Direction::to_client, octets, loop_.now());
        if (passing == Passing::reset) return lost(id);
        if (passing == Passing::dropped) return;
    }
    deliver(actor::Received{.connection = id, .octets = octets});
}

void Driver::State::ended(actor::ConnectionId id) {
    Connection* c = find(id);
    c->peer_closed = true;
    if (c->outgoing && c->outgoing->path) {
        const Passing passing = c->outgoing->path->fin(Direction::to_client, loop_.now());
        if (passing == Passing::reset) return lost(id);
        if (passing == Passing::dropped) return;
    }
    deliver(actor::PeerClosed{.connection = id});
    c = find(id);
    if (c == nullptr) return;
    if (c->fin_sent) return gone(id);
    watch(*c);
}

// ---- writing ----

void Driver::State::hold(Connection& c, base::ByteView rest) {
    if (c.queue.empty()) c.progress = loop_.now();
    c.queue.insert(c.queue.end(), rest.begin(), rest.end());
    loop_.held_octets += rest.size();
    watch(c);
}

void Driver::State::on_writable(actor::ConnectionId id) {
    Connection* c = find(id);
    const Moved moved = write_some(c->socket, c->queue);
    if (moved.how == Io::broken) return lost(id);
    if (moved.octets != 0) c->progress = loop_.now();
    counters.octets_out += moved.octets;
    loop_.held_octets -= moved.octets;
    c->queue.erase(c->queue.begin(), c->queue.begin() + static_cast<std::ptrdiff_t>(moved.octets));
    if (!c->queue.empty()) return;
    c->queue = base::Bytes();  // `= {}` would keep its memory
    finish_sending(*c);
    c = find(id);
    if (c != nullptr) watch(*c);
}

// Our FIN, once the actor wants it and everything before it went out.
void Driver::State::finish_sending(Connection& c) {
    if (!c.closing || c.fin_sent || !c.queue.empty()) return;
    finish_writing(c.socket);
    c.fin_sent = true;
    c.progress = loop_.now();
    if (c.outgoing && c.outgoing->path && !c.silent)
        c.silent = c.outgoing->path->fin(Direction::to_server, c.progress) != Passing::passes;
    if (c.peer_closed) gone(c.id);
}

// ---- the end of a connection ----

void Driver::State::gone(actor::ConnectionId id) { remove(id, false); }

void Driver::State::lost(actor::ConnectionId id) {
    remove(id, true);
    deliver(actor::Reset{.connection = id});
}

void Driver::State::remove(actor::ConnectionId id, bool with_reset) {
    const auto at = connections_.find(id.value);
    if (at == connections_.end()) return;
    const std::unique_ptr<Connection> c = std::move(at->second);
    connections_.erase(at);
    loop_.held_octets -= c->held();
    if (c->accepted()) {
        --loop_.connections;
        --counters.open;
    }
    if (with_reset && c->established) reset_on_close(c->socket);
}

}  // namespace sim::live
