// A host that meets any packets at all, with time passing between them and a program that answers, closes and aborts.
// Whatever comes, it must not crash, must come to rest, must send only sound packets, and must remember little.
//
// Input: a list of steps, each a length octet and as many octets. A step of 0 octets lets a second pass. Otherwise the
// first octet says what to do: 0 = the rest is a packet as it stands; 1 = a TCP segment {flags, sequence,
// acknowledgement, window, payload} that is wrapped soundly, its numbers relative to the host's own so that the fuzzer
// gets far; 2 = the program sends; 3 = closes; 4 = aborts; 5 = connects; 6 = an ICMP error about the host's last
// packet.
#include "sim/net/host.hpp"

#include <algorithm>
#include <cstdlib>

namespace {

using namespace sim;

const wire::IpAddress own = wire::IpAddress::v4(10, 0, 0, 10);
const wire::IpAddress peer = wire::IpAddress::v4(192, 0, 2, 50);

void must(bool truth) {
    if (!truth) std::abort();
}

class Prober final : public net::Node, public net::Program {
public:
    Prober() : host(scheduler, {.addresses = {own}}, base::Random(1), *this) {
        must(host.listen(*this, wire::Port{135}));
        must(host.open_udp(*this, 0, wire::Port{53}).has_value());
    }

    void receive(net::Packet packet, base::SimTime) override {
        const auto view = wire::parse(packet.octets);
        must(view && !view->checksum_wrong && !view->transport_cut);
        if (const auto* tcp = view->tcp()) {
            next = tcp->sequence + static_cast<std::uint32_t>(view->payload.size()) +
                   (tcp->flags.has(wire::TcpFlags::syn) || tcp->flags.has(wire::TcpFlags::fin) ? 1U : 0U);
            if (tcp->flags.has(wire::TcpFlags::ack)) expected = tcp->acknowledgement;
            port = tcp->source;
        }
        last = std::move(packet.octets);
    }

    net::Cookie accepted(net::SocketId s, const wire::Endpoint&, const wire::Endpoint&) override {
        socket = s;
        return 5;
    }
    void connected(net::SocketId s, net::Cookie, const wire::Endpoint&, const wire::Endpoint&) override { socket = s; }
    void connect_failed(net::SocketId, net::Cookie, const net::ConnectFailure&) override {}
    void received(net::SocketId s, net::Cookie cookie, base::ByteView octets) override {
        must(!octets.empty());
        must(cookie == 5 || cookie == 6);
        if (octets[0] == 'e') host.send(s, base::Bytes(octets.begin(), octets.end()));
        if (octets[0] == 'c') host.close(s);
        if (octets[0] == 'a') host.abort(s);
        if (octets[0] == 'n') (void)host.connect(*this, 6, {peer, wire::Port{9}});
    }
    void peer_closed(net::SocketId s, net::Cookie) override { host.close(s); }
    void reset(net::SocketId, net::Cookie, net::ResetCause) override {}
    void finished(net::SocketId, net::Cookie) override {}
    void datagram(net::SocketId, net::Cookie, const wire::Endpoint&, base::ByteView) override {}

    void step(base::ByteView octets);

    net::Scheduler scheduler;
    net::Host host;
    net::SocketId socket{};
    std::uint32_t next = 0, expected = 0;
    wire::Port port{135};
    base::Bytes last;
};

void segment(Prober& p, base::Reader& reader) {
    wire::TcpHeader h;
    h.source = wire::Port{9};
    h.target = p.port;
    h.flags.bits = reader.u8();
    h.sequence = p.expected + static_cast<std::uint32_t>(static_cast<std::int8_t>(reader.u8()));
    h.acknowledgement = p.next + static_cast<std::uint32_t>(static_cast<std::int8_t>(reader.u8()));
    h.window = static_cast<std::uint16_t>(reader.u8() * 64);
    if (!reader.ok()) return;
    wire::IpHeader ip;
    ip.source = peer;
    ip.target = own;
    p.host.receive({wire::emit_tcp(ip, h, reader.rest())}, p.scheduler.now());
}

void error_about_last(Prober& p, base::Reader& reader) {
    wire::IpHeader ip;
    ip.source = peer;
    ip.target = own;
    ip.protocol = wire::Protocol::icmp;
    wire::IcmpHeader icmp;
    icmp.type = 3;
    icmp.code = reader.u8();
    p.host.receive({wire::emit_icmp(ip, icmp, p.last)}, p.scheduler.now());
}

void Prober::step(base::ByteView octets) {
    if (octets.empty()) {
        scheduler.run_until(scheduler.now() + std::chrono::seconds{1}, 1000);
        return;
    }
    base::Reader reader(octets);
    const base::ByteView rest = octets.subspan(1);
    switch (reader.u8() % 7) {
        case 0: return host.receive({base::Bytes(rest.begin(), rest.end())}, scheduler.now());
        case 1: return segment(*this, reader);
        case 2: return host.send(socket, base::Bytes(rest.begin(), rest.end()));
        case 3: return host.close(socket);
        case 4: return host.abort(socket);
        case 5: {
            const auto made = host.connect(*this, 6, {peer, wire::Port{9}});
            if (made) socket = *made;
            return;
        }
        default: return error_about_last(*this, reader);
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    Prober prober;
    base::Reader reader(base::ByteView(data, size));
    while (reader.left() > 0) {
        const std::size_t length = reader.u8();
        prober.step(reader.take(std::min(length, reader.left())));
    }
    // Everything gives up in the end; only windows that a peer keeps shut could be probed for longer.
    must(prober.scheduler.run(100'000) == net::Scheduler::End::idle);
    must(prober.host.open_connections() <= size);
    prober.host.end(prober);
    must(prober.host.listen(prober, wire::Port{135}));
    return 0;
}
