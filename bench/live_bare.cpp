// The least that a server of this shape can do: an epoll loop on one thread that sends canned answers, whatever is
// asked. What the real server reaches beside it, under the same load, shows how much is the kernel's time and not ours.
//
//   live_bare PORT
#include "sim/rpc/epm.hpp"
#include "sim/rpc/interfaces.hpp"
#include "sim/rpc/pdu.hpp"

#include <arpa/inet.h>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace {

using namespace sim;

base::Bytes canned_ack() {
    base::Bytes octets;
    emit(octets, rpc::Pdu{.call_id = 1,
                          .body = rpc::BindAck{.max_xmit_frag = 5840,
                                               .max_recv_frag = 5840,
                                               .group = 1,
                                               .secondary_address = "135",
                                               .answers = {{.transfer_syntax = rpc::ndr_syntax}}}});
    return octets;
}

base::Bytes canned_response() {
    base::Bytes stub;
    rpc::NdrWriter writer(stub);
    rpc::EptMapResponse answer;
    answer.towers.push_back({.interface = rpc::nspi_interface, .port = wire::Port{1236}});
    emit(writer, answer);
    base::Bytes octets;
    emit(octets, rpc::Pdu{.call_id = 1,
                          .body = rpc::Response{.alloc_hint = static_cast<std::uint32_t>(stub.size()), .stub = stub}});
    return octets;
}

}  // namespace

int main(int argc, char** argv) {
    const int listener = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    const int on = 1;
    ::setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    sockaddr_in here{};
    here.sin_family = AF_INET;
    here.sin_port = htons(static_cast<std::uint16_t>(argc > 1 ? std::atoi(argv[1]) : 0));
    here.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::bind(listener, reinterpret_cast<sockaddr*>(&here), sizeof here) != 0 || ::listen(listener, 4096) != 0) {
        std::perror("live_bare");
        return 1;
    }
    const int loop = ::epoll_create1(0);
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.fd = listener;
    ::epoll_ctl(loop, EPOLL_CTL_ADD, listener, &event);
    const base::Bytes ack = canned_ack(), response = canned_response();
    std::array<epoll_event, 256> events;
    std::array<unsigned char, 65536> buffer;
    for (;;) {
        const int n = ::epoll_wait(loop, events.data(), static_cast<int>(events.size()), -1);
        for (int i = 0; i < n; ++i) {
            const int socket = events[static_cast<std::size_t>(i)].data.fd;
            if (socket == listener) {
                for (int fresh; (fresh = ::accept4(listener, nullptr, nullptr, SOCK_NONBLOCK)) >= 0;) {
                    ::setsockopt(fresh, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
                    event.data.fd = fresh;
                    ::epoll_ctl(loop, EPOLL_CTL_ADD, fresh, &event);
                }
                continue;
            }
            const ssize_t count = ::recv(socket, buffer.data(), buffer.size(), 0);
            if (count <= 0) {
                ::close(socket);
                continue;
            }
            const base::Bytes& answer = buffer[2] == 11 ? ack : response;
            (void)!::send(socket, answer.data(), answer.size(), MSG_NOSIGNAL);
        }
    }
}
