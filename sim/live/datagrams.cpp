// UDP sockets and timers.
#include "sim/live/addresses.hpp"
#include "sim/live/driver_state.hpp"
#include "sim/wire/packet.hpp"

#include <boost/asio/buffer.hpp>

#include <algorithm>

namespace sim::live {

// ---- UDP ----

void Driver::State::perform(actor::OpenUdp& action) {
    const bool six = !settings.listen_on.is_v4();
    const wire::IpAddress any = six ? wire::IpAddress::v6(0, 0) : wire::IpAddress::v4(0);
    const wire::Endpoint where{settings.udp_on_any_address ? any : settings.listen_on, action.port};
    UdpSocket socket(loop_.io);
    ErrorCode error;
    socket.open(six ? asio::ip::udp::v6() : asio::ip::udp::v4(), error);
    if (!error) socket.bind(to_asio<asio::ip::udp>(where), error);
    if (!error) socket.non_blocking(true, error);
    const auto local = error ? asio::ip::udp::endpoint() : socket.local_endpoint(error);
    if (error) {
        // Port 0 means that there is none: the contract has no other word for it.
        caused_.push_back(actor::UdpOpened{.socket = action.socket, .port = wire::Port{0}});
        return;
    }
    Udp& udp = udp_.emplace_back(action.socket, std::move(socket));
    udp.port = wire::Port{local.port()};
    await_datagram(udp);
    caused_.push_back(actor::UdpOpened{.socket = action.socket, .port = udp.port});
}

void Driver::State::perform(actor::SendTo& action) {
    for (Udp& udp : udp_) {
        if (udp.id != action.socket) continue;
        const wire::Endpoint from{settings.listen_on, udp.port};
        if (judge(from, action.target, action.octets, Direction::to_server) != Passing::passes) return;
        ErrorCode error;  // UDP may lose anything, at home too
        udp.socket.send_to(asio::buffer(action.octets), to_asio<asio::ip::udp>(action.target), 0, error);
        if (!error) ++counters.datagrams_out;
        return;
    }
}

void Driver::State::await_datagram(Udp& udp) {
    udp.socket.async_wait(asio::socket_base::wait_read,
                          [self = shared_from_this(), id = udp.id](const ErrorCode& error) {
                              if (error != asio::error::operation_aborted) self->on_datagram(id);
                          });
}

void Driver::State::on_datagram(actor::UdpId id) {
    const auto at = std::find_if(udp_.begin(), udp_.end(), [id](const Udp& udp) { return udp.id == id; });
    if (at == udp_.end()) return;
    asio::ip::udp::endpoint from;
    ErrorCode error;
    const std::size_t count = at->socket.receive_from(asio::buffer(loop_.buffer), from, 0, error);
    // An error here is an ICMP answer to something sent earlier: news of one peer, not of the socket.
    if (!error) {
        ++counters.datagrams_in;
        const base::ByteView octets = base::ByteView(loop_.buffer).first(count);
        const wire::Endpoint peer = from_asio(from);
        if (judge(peer, {settings.listen_on, at->port}, octets, Direction::to_client) == Passing::passes)
            deliver(actor::Datagram{.socket = id, .from = peer, .octets = octets});
    }
    const auto still = std::find_if(udp_.begin(), udp_.end(), [id](const Udp& udp) { return udp.id == id; });
    if (still != udp_.end()) await_datagram(*still);
}

Passing Driver::State::judge(const wire::Endpoint& from, const wire::Endpoint& to, base::ByteView octets,
                             Direction direction) {
    if (!settings.gate || from.address.family() != to.address.family()) return Passing::passes;
    const wire::IpHeader ip{.source = from.address, .target = to.address, .protocol = wire::Protocol::udp};
    return settings.gate(wire::emit_udp(ip, {.source = from.port, .target = to.port}, octets), direction, loop_.now());
}

// ---- timers ----

void Driver::State::perform(actor::SetTimer& action) {
    auto at =
        std::find_if(timers_.begin(), timers_.end(), [&action](const RunningTimer& t) { return t.id == action.timer; });
    if (at == timers_.end()) at = timers_.emplace(timers_.end(), action.timer, loop_.io.get_executor());
    at->run = ++timer_runs_;
    at->timer.expires_after(std::max(action.after, base::SimDuration::zero()));
    at->timer.async_wait([self = shared_from_this(), id = action.timer, run = at->run](const ErrorCode& error) {
        if (error) return;
        // Set again or cancelled after it had expired, but before this was called.
        const auto mine = std::find_if(self->timers_.begin(), self->timers_.end(),
                                       [id, run](const RunningTimer& t) { return t.id == id && t.run == run; });
        if (mine == self->timers_.end()) return;
        self->timers_.erase(mine);
        self->deliver(actor::TimerFired{.timer = id});
    });
}

void Driver::State::perform(actor::CancelTimer& action) {
    std::erase_if(timers_, [&action](const RunningTimer& t) { return t.id == action.timer; });
}

}  // namespace sim::live
