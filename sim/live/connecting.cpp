// Connects as a Windows client of its generation makes them, in real time (sim/net/connect_schedule.hpp).
//
// The kernel sends the SYNs, on its own schedule; what counts for the user is when the attempt is given up and how
// often a refused port is tried again. A gate judges the SYN before anything is sent: what it drops is never sent, and
// the attempt waits its whole time, as it would.
#include "sim/live/addresses.hpp"
#include "sim/live/driver_state.hpp"

namespace sim::live {

namespace {

// The address and port that a connect to `target` would come from, taken before it is made.
wire::Endpoint bind_like_the_kernel(asio::io_context& io, TcpSocket& socket, const asio::ip::tcp::endpoint& target,
                                    ErrorCode& error) {
    UdpSocket route(io);
    route.open(target.address().is_v4() ? asio::ip::udp::v4() : asio::ip::udp::v6(), error);
    if (!error) route.connect(asio::ip::udp::endpoint(target.address(), target.port()), error);
    if (error) return {};
    const auto local = route.local_endpoint(error);
    if (!error) socket.bind(asio::ip::tcp::endpoint(local.address(), 0), error);
    if (error) return {};
    return from_asio(socket.local_endpoint(error));
}

actor::ConnectError as_actor_sees(const ErrorCode& error) {
    if (error == asio::error::timed_out) return actor::ConnectError::timed_out;
    if (error == asio::error::connection_refused || error == asio::error::connection_reset)
        return actor::ConnectError::refused;
    if (error == asio::error::no_descriptors || error == asio::error::no_buffer_space ||
        error == asio::error::no_memory || error == asio::error::address_in_use ||
        error == boost::system::errc::address_not_available)
        return actor::ConnectError::no_resources;
    return actor::ConnectError::unreachable;
}

}  // namespace

void Driver::State::perform(actor::Connect& action) {
    auto fresh = std::make_unique<Connection>(action.connection, Descriptor(), loop_.now());
    fresh->established = false;
    fresh->outgoing = std::make_unique<Outgoing>(loop_.io.get_executor());
    fresh->outgoing->target = action.target;
    fresh->outgoing->give_up_at = loop_.now() + net::gives_up_after(settings.schedule);
    Connection& c = *fresh;
    if (!connections_.emplace(action.connection.value, std::move(fresh)).second) return;  // the actor reuses a number
    try_connect(c);
}

void Driver::State::try_connect(Connection& c) {
    Outgoing& out = *c.outgoing;
    const asio::ip::tcp::endpoint target = to_asio<asio::ip::tcp>(out.target);
    ErrorCode error;
    out.attempt = TcpSocket(loop_.io);
    out.attempt.open(target.protocol(), error);
    if (!error && settings.gate) {
        const wire::Endpoint local = bind_like_the_kernel(loop_.io, out.attempt, target, error);
        if (!error) {
            out.path.emplace(settings.gate, local, out.target);
            const Passing passing = out.path->syn(loop_.now());
            if (passing == Passing::reset) return on_refused(c);
            if (passing == Passing::dropped) return wait_out(c);
        }
    }
    if (error) return connect_failed(c.id, as_actor_sees(error));
    wait_out(c);
    out.attempt.async_connect(target, [self = shared_from_this(), id = c.id](const ErrorCode& result) {
        if (result != asio::error::operation_aborted) self->on_connect(id, result);
    });
}

// Until the schedule gives up.
void Driver::State::wait_out(Connection& c) {
    c.outgoing->timer.expires_after(c.outgoing->give_up_at - loop_.now());
    c.outgoing->timer.async_wait([self = shared_from_this(), id = c.id](const ErrorCode& stopped) {
        const Connection* late = self->find(id);
        if (!stopped && late != nullptr && !late->established) self->connect_failed(id, actor::ConnectError::timed_out);
    });
}

void Driver::State::on_connect(actor::ConnectionId id, const ErrorCode& error) {
    Connection* c = find(id);
    if (c == nullptr || c->established) return;
    if (error == asio::error::connection_refused) return on_refused(*c);
    if (error == asio::error::timed_out) return wait_out(*c);  // the kernel gave up before we did
    if (error) return connect_failed(id, as_actor_sees(error));
    if (c->outgoing->path) {
        const Passing passing = c->outgoing->path->handshake(loop_.now());
        if (passing == Passing::reset) return on_refused(*c);
        if (passing == Passing::dropped) return;  // the answer is lost, and the time-out runs on
    }
    established(*c);
}

// Windows tries again, without doubling the wait (Q175523).
void Driver::State::on_refused(Connection& c) {
    Outgoing& out = *c.outgoing;
    ErrorCode ignored;
    out.attempt.close(ignored);
    const base::SimTime again = loop_.now() + settings.schedule.after_reset;
    if (out.resets++ >= settings.schedule.retransmissions || again >= out.give_up_at)
        return connect_failed(c.id, actor::ConnectError::refused);
    out.timer.expires_after(settings.schedule.after_reset);
    out.timer.async_wait([self = shared_from_this(), id = c.id](const ErrorCode& stopped) {
        Connection* waiting = self->find(id);
        if (!stopped && waiting != nullptr) self->try_connect(*waiting);
    });
}

void Driver::State::connect_failed(actor::ConnectionId id, actor::ConnectError error) {
    remove(id, false);
    deliver(actor::ConnectFailed{.connection = id, .error = error});
}

void Driver::State::established(Connection& c) {
    ErrorCode error;
    TcpSocket& attempt = c.outgoing->attempt;
    attempt.native_non_blocking(true, error);
    if (!error) c.socket = Descriptor(attempt.release(error));
    const auto local = local_endpoint(c.socket);
    if (error || !local) return connect_failed(c.id, actor::ConnectError::no_resources);
    if (!loop_.readiness.add(c.socket, {number_, c.id.value}, Watch::readable))
        return connect_failed(c.id, actor::ConnectError::no_resources);
    c.outgoing->timer.cancel();
    c.established = true;
    send_at_once(c.socket);
    deliver(actor::Connected{.connection = c.id, .local = *local, .peer = c.outgoing->target});
}

}  // namespace sim::live
