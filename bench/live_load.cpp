// Load for an endpoint mapper, and the rate at which it answers. Knows nothing of the server: octets out, answers in.
//
//   live_load HOST PORT map|connect [CONNECTIONS] [SECONDS]
//
// map: connections that stay, bound once, an ept_map on each as soon as the last was answered.
// connect: connect, bind, ept_map, reset; again and again.
// One thread, epoll, the same octets to every server; what comes back must be bind_ack and response, or it stops.
#include "sim/rpc/client_session.hpp"
#include "sim/rpc/epm.hpp"
#include "sim/rpc/interfaces.hpp"

#include <arpa/inet.h>
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <netinet/tcp.h>
#include <string_view>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>
#include <vector>

namespace {

using namespace sim;
using Clock = std::chrono::steady_clock;

struct Connection {
    int socket = -1;
    std::array<unsigned char, 16384> buffer;
    std::size_t have = 0;
};

[[noreturn]] void stop(const char* why) {
    std::fprintf(stderr, "live_load: %s\n", why);
    std::exit(1);
}

class Load {
public:
    Load(const char* host, int port, bool keep) : keep_(keep), epoll_(::epoll_create1(0)) {
        target_.sin_family = AF_INET;
        target_.sin_port = htons(static_cast<std::uint16_t>(port));
        if (::inet_pton(AF_INET, host, &target_.sin_addr) != 1) stop("HOST is no IPv4 address");
        rpc::ClientSession session(rpc::epm_interface);
        bind_ = session.bind();
        // A request needs a bound session; any server's bind_ack will do.
        base::Bytes ack;
        emit(ack, rpc::Pdu{.call_id = 1,
                           .body = rpc::BindAck{.max_xmit_frag = 5840,
                                                .max_recv_frag = 5840,
                                                .group = 1,
                                                .answers = {{.transfer_syntax = rpc::ndr_syntax}}}});
        if (!session.feed(ack) || !session.ready()) stop("the request cannot be made");
        map_ = session.request(rpc::epm_opnum::map, rpc::ept_map_stub(rpc::nspi_interface));
    }

    void run(std::size_t connections, std::chrono::seconds how_long) {
        std::vector<Connection> all(connections);
        for (Connection& c : all) open(c);
        const auto begin = Clock::now();
        std::array<epoll_event, 256> events;
        while (Clock::now() - begin < how_long) {
            const int n = ::epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), 5000);
            if (n <= 0) stop("the server does not answer");
            for (int i = 0; i < n; ++i) answer(*static_cast<Connection*>(events[static_cast<std::size_t>(i)].data.ptr));
        }
        const double took = std::chrono::duration<double>(Clock::now() - begin).count();
        std::printf("%.0f\n", static_cast<double>(done_) / took);
    }

private:
    void open(Connection& c) {
        c.socket = ::socket(AF_INET, SOCK_STREAM, 0);
        c.have = 0;
        if (::connect(c.socket, reinterpret_cast<sockaddr*>(&target_), sizeof target_) != 0) stop("cannot connect");
        const int on = 1;
        ::setsockopt(c.socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        // Closed by a reset: tens of thousands of ports in TIME_WAIT would make the kernel's search for a free one
        // the slowest part of all.
        const linger at_once{1, 0};
        ::setsockopt(c.socket, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
        epoll_event event{};
        event.events = EPOLLIN;
        event.data.ptr = &c;
        ::epoll_ctl(epoll_, EPOLL_CTL_ADD, c.socket, &event);
        send(c, bind_);
    }

    void send(const Connection& c, const base::Bytes& octets) {
        if (::send(c.socket, octets.data(), octets.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(octets.size()))
            stop("cannot send");
    }

    void answer(Connection& c) {
        const ssize_t n = ::recv(c.socket, c.buffer.data() + c.have, c.buffer.size() - c.have, 0);
        if (n <= 0) stop("the server closed the connection");
        c.have += static_cast<std::size_t>(n);
        if (c.have < 16) return;
        const std::size_t length = static_cast<std::size_t>(c.buffer[8]) | static_cast<std::size_t>(c.buffer[9]) << 8U;
        if (c.have < length) return;
        const unsigned type = c.buffer[2];
        c.have = 0;
        if (type == 12) return send(c, map_);
        if (type != 2) stop("an answer is neither bind_ack nor response");
        ++done_;
        if (keep_) return send(c, map_);
        ::close(c.socket);
        open(c);
    }

    bool keep_;
    int epoll_;
    sockaddr_in target_{};
    base::Bytes bind_, map_;
    std::uint64_t done_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
    if (argc < 4) stop("usage: live_load HOST PORT map|connect [CONNECTIONS] [SECONDS]");
    const std::string_view mode = argv[3];
    if (mode != "map" && mode != "connect") stop("the third word is map or connect");
    Load load(argv[1], std::atoi(argv[2]), mode == "map");
    const int connections = argc > 4 ? std::atoi(argv[4]) : 16;
    const int seconds = argc > 5 ? std::atoi(argv[5]) : 3;
    if (connections < 1 || seconds < 1) stop("CONNECTIONS and SECONDS are positive numbers");
    load.run(static_cast<std::size_t>(connections), std::chrono::seconds(seconds));
}
