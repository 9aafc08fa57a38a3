#include "sim/live/descriptor.hpp"

#include <cerrno>
#include <cstring>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

namespace sim::live {
namespace {

// IPv4-mapped addresses become IPv4.
std::optional<wire::Endpoint> endpoint_of(const sockaddr_storage& from) {
    if (from.ss_family == AF_INET) {
        sockaddr_in four{};
        std::memcpy(&four, &from, sizeof four);
        return wire::Endpoint{wire::IpAddress::v4(ntohl(four.sin_addr.s_addr)), wire::Port{ntohs(four.sin_port)}};
    }
    if (from.ss_family != AF_INET6) return std::nullopt;
    sockaddr_in6 six{};
    std::memcpy(&six, &from, sizeof six);
    std::uint64_t high = 0, low = 0;
    for (int i = 0; i < 8; ++i) high = high << 8U | six.sin6_addr.s6_addr[i];
    for (int i = 8; i < 16; ++i) low = low << 8U | six.sin6_addr.s6_addr[i];
    const bool mapped = IN6_IS_ADDR_V4MAPPED(&six.sin6_addr);
    return wire::Endpoint{
        mapped ? wire::IpAddress::v4(static_cast<std::uint32_t>(low)) : wire::IpAddress::v6(high, low),
        wire::Port{ntohs(six.sin6_port)}};
}

template <class Call>
std::optional<wire::Endpoint> asked(const Descriptor& socket, Call call) {
    sockaddr_storage storage{};
    socklen_t length = sizeof storage;
    if (call(socket.number(), reinterpret_cast<sockaddr*>(&storage), &length) != 0) return std::nullopt;
    return endpoint_of(storage);
}

bool can_wait() { return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR; }

}  // namespace

void Descriptor::close() {
    if (number_ >= 0) ::close(std::exchange(number_, -1));
}

Moved read_some(const Descriptor& socket, std::span<base::Byte> into) {
    const ssize_t count = ::recv(socket.number(), into.data(), into.size(), 0);
    if (count > 0) return {Io::some, static_cast<std::size_t>(count)};
    if (count == 0) return {Io::ended, 0};
    return {can_wait() ? Io::later : Io::broken, 0};
}

Moved write_some(const Descriptor& socket, base::ByteView octets) {
    const ssize_t count = ::send(socket.number(), octets.data(), octets.size(), MSG_NOSIGNAL);
    if (count >= 0) return {Io::some, static_cast<std::size_t>(count)};
    return {can_wait() ? Io::later : Io::broken, 0};
}

void finish_writing(const Descriptor& socket) { ::shutdown(socket.number(), SHUT_WR); }

void reset_on_close(const Descriptor& socket) {
    const linger at_once{1, 0};
    ::setsockopt(socket.number(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
}

void send_at_once(const Descriptor& socket) {
    const int on = 1;
    ::setsockopt(socket.number(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

std::optional<AcceptedSocket> accept_one(int listener) {
    sockaddr_storage peer{};
    socklen_t length = sizeof peer;
    Descriptor socket(::accept4(listener, reinterpret_cast<sockaddr*>(&peer), &length, SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (!socket) return std::nullopt;
    return AcceptedSocket{std::move(socket), endpoint_of(peer).value_or(wire::Endpoint{})};
}

std::optional<wire::Endpoint> local_endpoint(const Descriptor& socket) { return asked(socket, ::getsockname); }
std::optional<wire::Endpoint> remote_endpoint(const Descriptor& socket) { return asked(socket, ::getpeername); }

}  // namespace sim::live
