// A loop, actors on it, and plain sockets as their peers, all in one thread: wait for what must come with until(),
// which runs the loop meanwhile. Nothing is timed; the patience only ends a test that would hang.
#pragma once

#include "sim/live/driver.hpp"
#include "sim/live/loop.hpp"

#include <boost/test/unit_test.hpp>

#include <arpa/inet.h>
#include <array>
#include <cerrno>
#include <fcntl.h>
#include <functional>
#include <string>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>
#include <vector>

namespace rig {

using namespace sim;

inline constexpr auto patience = std::chrono::seconds(60);

// A port that was free a moment ago.
inline wire::Port free_port(int type = SOCK_STREAM) {
    const int s = ::socket(AF_INET, type, 0);
    sockaddr_in a{};
    a.sin_family = AF_INET;
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    BOOST_REQUIRE_EQUAL(::bind(s, reinterpret_cast<sockaddr*>(&a), sizeof a), 0);
    socklen_t length = sizeof a;
    BOOST_REQUIRE_EQUAL(::getsockname(s, reinterpret_cast<sockaddr*>(&a), &length), 0);
    ::close(s);
    return wire::Port{ntohs(a.sin_port)};
}

struct Rig {
    explicit Rig(live::Limits limits = {}) : loop(limits, log) {}
    bool until(const std::function<bool()>& done) { return loop.run_until(done, patience); }

    live::Log log{live::LogLevel::off};
    live::Loop loop;
};

// A peer made of a plain non-blocking socket.
class Peer {
public:
    explicit Peer(wire::Port port, int receive_buffer = 0) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
        if (receive_buffer != 0) ::setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
        sockaddr_in a{};
        a.sin_family = AF_INET;
        a.sin_port = htons(port.value);
        a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        connected_ = ::connect(socket_, reinterpret_cast<sockaddr*>(&a), sizeof a) == 0;
        ::fcntl(socket_, F_SETFL, O_NONBLOCK);
    }
    Peer(Peer&& other) noexcept
        : socket_(std::exchange(other.socket_, -1)),
          connected_(other.connected_),
          received_(std::move(other.received_)) {}
    Peer& operator=(Peer&&) = delete;
    ~Peer() { close(); }

    bool connected() const { return connected_; }
    // As much as the kernel takes.
    std::size_t send(base::ByteView octets) {
        const auto n = ::send(socket_, octets.data(), octets.size(), MSG_NOSIGNAL);
        if (n < 0 && errno != EAGAIN) gone_ = true;
        return n < 0 ? 0 : static_cast<std::size_t>(n);
    }
    void send(std::string_view text) { send(base::view_of(text)); }
    void finish() { ::shutdown(socket_, SHUT_WR); }
    void reset() {
        const linger now{1, 0};
        ::setsockopt(socket_, SOL_SOCKET, SO_LINGER, &now, sizeof now);
        close();
    }
    void close() {
        if (socket_ >= 0) ::close(std::exchange(socket_, -1));
    }

    // Takes what has come.
    const base::Bytes& received() {
        std::array<base::Byte, 65536> buffer;
        for (;;) {
            const auto n = ::recv(socket_, buffer.data(), buffer.size(), 0);
            if (n > 0) received_.insert(received_.end(), buffer.begin(), buffer.begin() + n);
            if (n == 0) ended_ = true;
            if (n < 0 && errno != EAGAIN) gone_ = true;
            if (n <= 0) return received_;
        }
    }
    bool ended() { return received(), ended_; }  // FIN
    bool gone() { return received(), gone_; }    // RST

private:
    int socket_;
    bool connected_ = false, ended_ = false, gone_ = false;
    base::Bytes received_;
};

// An actor that does what the test says and remembers what it heard.
class Scripted final : public actor::Actor {
public:
    using Script = std::function<void(const actor::Event&, actor::Actions&)>;
    explicit Scripted(Script script) : script_(std::move(script)) {}

    void handle(const actor::Event& event, base::SimTime now, actor::Actions& out) override {
        BOOST_TEST(!inside_);
        inside_ = true;
        times.push_back(now);
        std::visit([this](const auto& e) { hear(e); }, event);
        script_(event, out);
        inside_ = false;
    }

    std::vector<std::string> heard;
    std::vector<base::SimTime> times;
    std::string octets;
    actor::ConnectionId last{};
    wire::Port udp_port;

    std::size_t count(std::string_view what) const {
        std::size_t n = 0;
        for (const auto& one : heard) n += one == what ? 1U : 0U;
        return n;
    }

private:
    void hear(const actor::Started&) { heard.emplace_back("started"); }
    void hear(const actor::Listening&) { heard.emplace_back("listening"); }
    void hear(const actor::ListenFailed&) { heard.emplace_back("listen-failed"); }
    void hear(const actor::Accepted& e) { heard.emplace_back("accepted"), last = e.connection; }
    void hear(const actor::Connected&) { heard.emplace_back("connected"); }
    void hear(const actor::ConnectFailed& e) {
        static constexpr std::string_view words[]{"timed-out", "refused", "unreachable", "no-resources"};
        heard.emplace_back(words[static_cast<std::size_t>(e.error)]);
    }
    void hear(const actor::Received& e) { octets += base::text_of(e.octets); }
    void hear(const actor::PeerClosed&) { heard.emplace_back("peer-closed"); }
    void hear(const actor::Reset&) { heard.emplace_back("reset"); }
    void hear(const actor::UdpOpened& e) { heard.emplace_back("udp-opened"), udp_port = e.port; }
    void hear(const actor::Datagram& e) { heard.emplace_back("datagram"), octets += base::text_of(e.octets); }
    void hear(const actor::TimerFired&) { heard.emplace_back("timer"); }

    Script script_;
    bool inside_ = false;
};

inline base::Bytes octets_of(std::string_view text) {
    const base::ByteView view = base::view_of(text);
    return {view.begin(), view.end()};
}

}  // namespace rig
