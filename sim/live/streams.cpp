// Octets of one connection: reading into the shared buffer, writing at once, queueing what the peer does not take.
#include "sim/live/driver_state.hpp"

#include <boost/asio/buffer.hpp>

namespace sim::live {

namespace {
bool would_block(const ErrorCode& error) {
    return error == asio::error::would_block || error == asio::error::try_again || error == asio::error::interrupted;
}
}  // namespace

Connection* Driver::State::find(actor::ConnectionId id) {
    const auto at = connections_.find(id.value);
    return at == connections_.end() ? nullptr : at->second.get();
}

// ---- reading ----

void Driver::State::await_readable(Connection& c) {
    // A peer that does not take its answers is not asked for more questions.
    if (c.reading || c.peer_closed || !c.queue.empty()) return;
    c.reading = true;
    c.socket.async_wait(asio::socket_base::wait_read, [self = shared_from_this(), id = c.id](const ErrorCode& error) {
        if (error != asio::error::operation_aborted) self->on_readable(id);
    });
}

void Driver::State::on_readable(actor::ConnectionId id) {
    Connection* c = find(id);
    if (c == nullptr) return;
    c->reading = false;
    ErrorCode error;
    const std::size_t count = c->socket.read_some(asio::buffer(loop_.buffer), error);
    if (would_block(error)) return await_readable(*c);
    if (error == asio::error::eof) return ended(id);
    if (error) {
        ++counters.resets;
        return lost(id);
    }
    counters.octets_in += count;
    account(*c, count);
    took(id, base::ByteView(loop_.buffer).first(count));
    check_held(id);
    c = find(id);
    if (c != nullptr) await_readable(*c);
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
    if (c != nullptr && c->fin_sent) gone(id);
}

// ---- writing ----

// As much as the kernel takes now; false when the connection is broken.
bool Driver::State::write(Connection& c, base::ByteView octets, std::size_t& written) {
    ErrorCode error;
    written = c.socket.write_some(asio::buffer(octets.data(), octets.size()), error);
    if (error && !would_block(error)) return false;
    counters.octets_out += written;
    return true;
}

void Driver::State::hold(Connection& c, base::ByteView rest) {
    if (c.queue.empty()) c.progress = loop_.now();
    c.queue.insert(c.queue.end(), rest.begin(), rest.end());
    loop_.held_octets += rest.size();
    await_writable(c);
}

void Driver::State::await_writable(Connection& c) {
    if (c.writing) return;
    c.writing = true;
    c.socket.async_wait(asio::socket_base::wait_write, [self = shared_from_this(), id = c.id](const ErrorCode& error) {
        if (error != asio::error::operation_aborted) self->on_writable(id);
    });
}

void Driver::State::on_writable(actor::ConnectionId id) {
    Connection* c = find(id);
    if (c == nullptr) return;
    c->writing = false;
    std::size_t written = 0;
    if (!write(*c, c->queue, written)) return lost(id);
    if (written != 0) c->progress = loop_.now();
    loop_.held_octets -= written;
    c->queue.erase(c->queue.begin(), c->queue.begin() + static_cast<std::ptrdiff_t>(written));
    if (!c->queue.empty()) return await_writable(*c);
    c->queue = base::Bytes();  // `= {}` would keep its memory
    finish_sending(*c);
    c = find(id);
    if (c != nullptr) await_readable(*c);
}

// Our FIN, once the actor wants it and everything before it went out.
void Driver::State::finish_sending(Connection& c) {
    if (!c.closing || c.fin_sent || !c.queue.empty()) return;
    ErrorCode ignored;
    c.socket.shutdown(asio::socket_base::shutdown_send, ignored);
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
    ErrorCode ignored;
    if (with_reset && c->established) c->socket.set_option(asio::socket_base::linger(true, 0), ignored);
    c->socket.close(ignored);
}

}  // namespace sim::live
