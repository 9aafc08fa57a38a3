// One host against a scripted peer, in the spirit of packetdrill: what comes in is written by the test, what goes out
// is read as short lines with relative numbers.
//
//   in(SYN, 0)  ->  "SYN-ACK 0 ack 1"        flags, first sequence number, (length), acknowledgement
//
// The peer's numbers count from its SYN, those of the host from its own.
#pragma once

#include "sim/net/host.hpp"

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace drill {

using namespace sim;
using namespace std::chrono_literals;

inline constexpr std::uint8_t FIN = wire::TcpFlags::fin, SYN = wire::TcpFlags::syn, RST = wire::TcpFlags::rst,
                              PSH = wire::TcpFlags::psh, ACK = wire::TcpFlags::ack;

inline const wire::IpAddress host_address = wire::IpAddress::v4(10, 0, 0, 10);
inline const wire::IpAddress peer_address = wire::IpAddress::v4(192, 0, 2, 50);

using Lines = std::vector<std::string>;

// Writes down what it hears; does what it is told to do with what it hears.
class Scribe : public net::Program {
public:
    net::Host* host = nullptr;
    Lines heard;
    std::string stream;        // of all sockets
    net::SocketId last{};      // the socket of the latest upcall
    std::string answer;        // sent for each piece received
    bool closes_back = false;  // closes when the peer does
    bool aborts_on_data = false;
    net::ConnectFailure failure{};
    base::SimTime failed_at{};
    net::Scheduler* clock = nullptr;

    Lines take() { return std::exchange(heard, {}); }

    net::Cookie accepted(net::SocketId s, const wire::Endpoint&, const wire::Endpoint& peer) override {
        last = s;
        heard.push_back("accepted " + wire::format(peer));
        return 7;
    }
    void connected(net::SocketId s, net::Cookie, const wire::Endpoint&, const wire::Endpoint&) override {
        last = s;
        heard.push_back("connected");
    }
    void connect_failed(net::SocketId, net::Cookie, const net::ConnectFailure& f) override {
        failure = f;
        if (clock != nullptr) failed_at = clock->now();
        heard.push_back("failed " + std::to_string(static_cast<int>(f.error)));
    }
    void received(net::SocketId s, net::Cookie, base::ByteView octets) override {
        last = s;
        stream += base::text_of(octets);
        heard.push_back("received " + std::string(base::text_of(octets)));
        if (aborts_on_data) return host->abort(s);
        if (!answer.empty()) host->send(s, base::Bytes(answer.begin(), answer.end()));
    }
    void peer_closed(net::SocketId s, net::Cookie) override {
        heard.push_back("peer closed");
        if (closes_back) host->close(s);
    }
    void reset(net::SocketId, net::Cookie, net::ResetCause cause) override {
        heard.push_back(cause == net::ResetCause::peer ? "reset" : "reset by silence");
    }
    void finished(net::SocketId, net::Cookie) override { heard.push_back("finished"); }
    void datagram(net::SocketId, net::Cookie, const wire::Endpoint& from, base::ByteView octets) override {
        heard.push_back("datagram " + wire::format(from) + " " + std::string(base::text_of(octets)));
    }
};

class Drill : public net::Node {
public:
    explicit Drill(net::StackProfile profile = {}, std::uint32_t mtu = 1500)
        : host(scheduler, {.addresses = {host_address}, .profile = profile, .mtu = mtu}, base::Random(1), *this) {
        program.host = &host;
        program.clock = &scheduler;
    }

    // What the host put on the wire since the last call.
    Lines out() { return std::exchange(lines_, {}); }

    void in(std::uint8_t flags, std::uint32_t sequence, std::uint32_t acknowledgement = 0, std::string_view text = {},
            std::uint16_t window = 8760) {
        wire::TcpHeader h;
        h.source = peer_port;
        h.target = local_port;
        h.sequence = peer_first + sequence;
        h.acknowledgement = (flags & ACK) != 0 ? own_first_ + acknowledgement : 0;
        h.flags.bits = flags;
        h.window = window;
        if ((flags & SYN) != 0) h.mss = 1460;
        wire::IpHeader ip;
        ip.source = peer_address;
        ip.target = host_address;
        deliver(wire::emit_tcp(ip, h, base::view_of(text)));
    }
    void deliver(base::Bytes octets) { host.receive({std::move(octets)}, scheduler.now()); }
    void wait(base::SimDuration d) { scheduler.run_until(scheduler.now() + d); }

    // Listens, and has the peer connect; the handshake's lines are taken away.
    void establish() {
        host.listen(program, local_port);
        in(SYN, 0);
        in(ACK, 1, 1);
        out();
        program.take();
    }
    void send(std::string_view text) { host.send(program.last, base::Bytes(text.begin(), text.end())); }

    void receive(net::Packet packet, base::SimTime) override {
        const auto view = wire::parse(packet.octets);
        last_octets = packet.octets;
        if (!view || view->checksum_wrong) return lines_.push_back("broken packet");
        if (view->tcp() == nullptr) return lines_.push_back(wire::summary(*view));
        const wire::TcpHeader& h = *view->tcp();
        if (h.flags.has(SYN)) own_first_ = h.sequence;
        if (h.flags.has(SYN) && !h.flags.has(ACK)) local_port = h.source;
        std::string line = wire::format(h.flags) + " " + std::to_string(h.sequence - own_first_);
        if (!view->payload.empty()) line += " (" + std::to_string(view->payload.size()) + ")";
        if (h.flags.has(ACK)) line += " ack " + std::to_string(h.acknowledgement - peer_first);
        lines_.push_back(line);
    }

    net::Scheduler scheduler;
    Scribe program;
    net::Host host;
    wire::Port local_port{135};
    wire::Port peer_port{1030};
    std::uint32_t peer_first = 4294967290U;  // close to the wrap, so that every test crosses it
    base::Bytes last_octets;

private:
    std::uint32_t own_first_ = 0;
    Lines lines_;
};

}  // namespace drill

namespace std {  // NOLINT(cert-dcl58-cpp): how Boost.Test is taught to print a list of lines
inline ostream& boost_test_print_type(ostream& out, const drill::Lines& lines) {
    out << "{";
    for (const auto& line : lines) out << "\"" << line << "\" ";
    return out << "}";
}
}  // namespace std
