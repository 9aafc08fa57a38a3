// Listening sockets: opening them, welcoming connections, and refusing those beyond the limits without ever spinning.
#include "sim/live/addresses.hpp"
#include "sim/live/driver_state.hpp"

#include <cerrno>

namespace sim::live {

namespace {

// Enough that a burst is taken in one go, few enough that others get their turn.
constexpr int accepted_at_once = 64;

ErrorCode open_and_listen(TcpAcceptor& acceptor, const wire::Endpoint& endpoint) {
    const asio::ip::tcp::endpoint where = to_asio<asio::ip::tcp>(endpoint);
    ErrorCode error;
    acceptor.open(where.protocol(), error);
    // Connections of an earlier run that linger in the kernel do not count as taken; a listener does.
    if (!error) acceptor.set_option(asio::socket_base::reuse_address(true), error);
    if (!error) acceptor.bind(where, error);
    if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
    if (!error) acceptor.non_blocking(true, error);
    return error;
}

ListenProblem problem_of(const wire::Endpoint& endpoint, const ErrorCode& error) {
    return {.endpoint = endpoint, .reason = error.message(), .in_use = error == asio::error::address_in_use};
}

bool is_shortage(int error) { return error == EMFILE || error == ENFILE || error == ENOBUFS || error == ENOMEM; }

}  // namespace

std::optional<ListenProblem> try_listen(const wire::Endpoint& endpoint) {
    asio::io_context io;
    TcpAcceptor acceptor(io);
    const ErrorCode error = open_and_listen(acceptor, endpoint);
    return error ? std::optional(problem_of(endpoint, error)) : std::nullopt;
}

void Driver::State::perform(actor::Listen& action) {
    const wire::Endpoint endpoint{settings.listen_on, action.port};
    TcpAcceptor acceptor(loop_.io);
    if (const ErrorCode error = open_and_listen(acceptor, endpoint)) {
        problems.push_back(problem_of(endpoint, error));
        loop_.log.write(LogLevel::warning, "cannot listen",
                        {{"service", settings.name}, {"address", wire::format(endpoint)}, {"reason", error.message()}});
        caused_.push_back(actor::ListenFailed{.port = action.port});
        return;
    }
    listeners_.emplace_back(std::move(acceptor));
    await_connection(listeners_.back());
    loop_.log.write(LogLevel::info, "listening", {{"service", settings.name}, {"address", wire::format(endpoint)}});
    caused_.push_back(actor::Listening{.port = action.port});
}

// A listener lives as long as the driver runs; a handler that comes later finds no actor.
void Driver::State::await_connection(Listener& listener) {
    listener.acceptor.async_wait(asio::socket_base::wait_read,
                                 [self = shared_from_this(), &listener](const ErrorCode& error) {
                                     if (error || self->actor_ == nullptr) return;
                                     self->accept_some(listener);
                                 });
}

void Driver::State::accept_some(Listener& listener) {
    for (int i = 0; i < accepted_at_once; ++i) {
        auto accepted = accept_one(listener.acceptor.native_handle());
        if (!accepted && (errno == EAGAIN || errno == EWOULDBLOCK)) break;
        if (!accepted && is_shortage(errno)) return out_of_descriptors(listener);
        if (!accepted) continue;  // the peer went away while it waited in the queue
        if (loop_.connections >= loop_.limits.connections)
            refuse(*accepted, true);
        else
            welcome(std::move(*accepted));
        if (actor_ == nullptr) return;
    }
    await_connection(listener);
}

void Driver::State::welcome(AcceptedSocket accepted) {
    const auto local = local_endpoint(accepted.socket);
    const actor::ConnectionId id{next_accepted_};
    if (!local) return;
    if (!loop_.readiness.add(accepted.socket, {number_, id.value}, Watch::readable)) return refuse(accepted, false);
    send_at_once(accepted.socket);
    next_accepted_ += 2;
    connections_.emplace(id.value, std::make_unique<Connection>(id, std::move(accepted.socket), loop_.now()));
    ++loop_.connections;
    ++counters.open;
    ++counters.accepted;
    if (loop_.log.wants(LogLevel::debug))
        loop_.log.write(LogLevel::debug, "accepted",
                        {{"service", settings.name}, {"peer", wire::format(accepted.peer)}});
    deliver(actor::Accepted{.connection = id, .local = *local, .peer = accepted.peer});
}

// Reset when `accepted` goes out of scope.
void Driver::State::refuse(const AcceptedSocket& accepted, bool for_limit) {
    ++(for_limit ? counters.refused_limit : counters.refused_resources);
    if (const auto held_back = loop_.refusals.pass(loop_.now()))
        loop_.log.write(LogLevel::warning,
                        for_limit ? "connection refused: the connection limit is reached"
                                  : "connection refused: no descriptor is left",
                        {{"service", settings.name},
                         {"peer", wire::format(accepted.peer)},
                         {"open", std::to_string(loop_.connections)},
                         {"limit", std::to_string(loop_.limits.connections)},
                         {"not_shown", std::to_string(*held_back)}});
    reset_on_close(accepted.socket);
}

// The connection stays in the kernel's queue and the listener readable until somebody takes it: the reserve
// descriptor takes it, and after that a moment of rest.
void Driver::State::out_of_descriptors(Listener& listener) {
    loop_.reserve.give_up();
    if (const auto accepted = accept_one(listener.acceptor.native_handle())) refuse(*accepted, false);
    loop_.reserve.take();
    listener.pause.expires_after(std::chrono::milliseconds(100));
    listener.pause.async_wait([self = shared_from_this(), &listener](const ErrorCode& stopped) {
        if (stopped || self->actor_ == nullptr) return;
        self->await_connection(listener);
    });
}

}  // namespace sim::live
