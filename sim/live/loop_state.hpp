// The inside of a loop, shared by the sources of this room: Asio's context and what all connections have in common.
#pragma once

#include "sim/actor/actor.hpp"
#include "sim/base/bytes.hpp"
#include "sim/live/limits.hpp"
#include "sim/live/log.hpp"
#include "sim/live/loop.hpp"
#include "sim/live/readiness.hpp"

#include <boost/asio/basic_datagram_socket.hpp>
#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/udp.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/unordered/unordered_flat_map.hpp>

#include <array>
#include <chrono>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace sim::live {

namespace asio = boost::asio;
using ErrorCode = boost::system::error_code;

// The context's own executor: a third of the size of Asio's default, which counts at ten thousand connections.
using Executor = asio::io_context::executor_type;
using TcpSocket = asio::basic_stream_socket<asio::ip::tcp, Executor>;
using TcpAcceptor = asio::basic_socket_acceptor<asio::ip::tcp, Executor>;
using UdpSocket = asio::basic_datagram_socket<asio::ip::udp, Executor>;
using Clock = std::chrono::steady_clock;
using Timer = asio::basic_waitable_timer<Clock, asio::wait_traits<Clock>, Executor>;

// A descriptor kept in reserve: given up to accept and refuse a connection when there are no others left, so that
// the listening socket does not stay readable for ever.
class ReserveDescriptor {
public:
    ReserveDescriptor() { take(); }
    ~ReserveDescriptor() { give_up(); }
    ReserveDescriptor(const ReserveDescriptor&) = delete;
    ReserveDescriptor& operator=(const ReserveDescriptor&) = delete;
    void take();
    void give_up();

private:
    int descriptor_ = -1;
};

// Lets a message through at once and then once in ten seconds, with the number of those it held back.
class Throttle {
public:
    // Nothing: say nothing now. Otherwise how many were held back since the last time.
    std::optional<std::uint64_t> pass(base::SimTime now) {
        if (last_ && now - *last_ < std::chrono::seconds(10)) {
            ++held_back_;
            return std::nullopt;
        }
        last_ = now;
        return std::exchange(held_back_, 0);
    }

private:
    std::optional<base::SimTime> last_;
    std::uint64_t held_back_ = 0;
};

// A driver as the loop sees it: whom a socket's event is for, and, when too much is held in all, whose connection
// holds most, for that one goes.
class Holder {
public:
    Holder() = default;
    Holder(const Holder&) = delete;
    Holder& operator=(const Holder&) = delete;
    virtual ~Holder() = default;
    virtual std::size_t most_held() const = 0;
    virtual void drop_most_holding() = 0;
    virtual void ready(actor::ConnectionId connection) = 0;
};

struct Loop::State final : Readiness::Target {
    State(Limits wanted, Log& to) : limits(wanted), log(to) {}

    void ready(const Watched& who) override {
        const auto at = holders.find(who.owner);
        if (at == holders.end()) return;
        moment = clock();
        at->second->ready({who.connection});
        moment.reset();
    }

    // One thread only, so nothing in Asio need be locked.
    asio::io_context io{BOOST_ASIO_CONCURRENCY_HINT_UNSAFE};
    Clock::time_point begin = Clock::now();
    Limits limits;
    Log& log;
    std::size_t connections = 0;
    std::uint64_t held_octets = 0;
    ReserveDescriptor reserve;
    Throttle refusals;
    Throttle drops;
    // Whatever is read is read into this, and used up before anything else is read.
    std::array<base::Byte, 65'536> buffer{};
    std::vector<std::unique_ptr<asio::signal_set>> signals;
    boost::unordered_flat_map<std::uint32_t, Holder*> holders;  // drivers that run, by a number that is used once
    std::uint32_t last_holder = 0;
    Readiness readiness{io, *this};

    // The clock is read once for an event of a connection, whatever it leads to.
    std::optional<base::SimTime> moment;
    base::SimTime now() const { return moment ? *moment : clock(); }
    base::SimTime clock() const {
        return base::SimTime(std::chrono::duration_cast<base::SimDuration>(Clock::now() - begin));
    }
};

}  // namespace sim::live
