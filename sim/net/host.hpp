// An end system: one or more addresses, TCP (RFC 9293), UDP (RFC 768), and the part of ICMP that both need
// (RFC 792, 1122, 4443). Packets of real octets go in and out.
//
// TCP here is complete where a packet filter can tell the difference: three-way handshake and the connect schedule of
// its Windows generation, both kinds of open and close, half-close, resets, retransmission with back-off and giving
// up, reassembly, TIME_WAIT. It is plain where a filter cannot: a fixed receive window, no scaling, no selective
// acknowledgement, no congestion window, no Nagle, no delayed acknowledgement, no keep-alive. An acknowledgement rides
// on the answer when the program answers in the same instant; else it goes out at once. So an endpoint-mapper lookup
// is the 11 frames that Q159298 shows.
//
// Not done: reassembly of IP fragments (they are ignored), IP options, path MTU discovery, routing, ARP, broadcast.
// Packets that do not parse, have a wrong checksum, or are for another address are ignored.
// An idle connection costs no event, however long it lasts, and neither does TIME_WAIT.
//
// Chance (initial sequence numbers, the first IP identification, random ports) comes from the generator handed in.
#pragma once

#include "sim/base/random.hpp"
#include "sim/base/result.hpp"
#include "sim/net/node.hpp"
#include "sim/net/port_table.hpp"
#include "sim/net/program.hpp"
#include "sim/net/scheduler.hpp"
#include "sim/net/stack_profile.hpp"
#include "sim/net/tcp_connection.hpp"
#include "sim/wire/packet.hpp"

#include <memory>
#include <utility>
#include <vector>

namespace sim::net {

struct HostSettings {
    std::vector<wire::IpAddress> addresses;  // at least one; the first of a family is the source of connects
    StackProfile profile{};
    std::uint32_t mtu = 1500;              // bounds the segment size; of UDP it is the program's affair
    std::uint16_t ports_used_at_boot = 0;  // how far the port counter has moved before the run ("boot noise")
};

class Host final : public Node, private Scheduler::Target, private TcpPort {
public:
    // Borrows the scheduler and the node that its packets go out to.
    Host(Scheduler& scheduler, const HostSettings& settings, base::Random random, Node& out);
    ~Host();

    Host(const Host&) = delete;
    Host& operator=(const Host&) = delete;

    bool owns(const wire::IpAddress& address) const;
    const HostSettings& settings() const { return settings_; }

    // A packet from the network.
    void receive(Packet packet, base::SimTime now) override;

    // ---- for programs. They are borrowed: call end() before one goes away ----

    // False when another program has the port.
    bool listen(Program& program, wire::Port port);
    void stop_listening(Program& program, wire::Port port);

    // The outcome comes as an upcall, except when nothing can be sent at all.
    [[nodiscard]] base::Result<SocketId, ConnectError> connect(Program& program, Cookie cookie,
                                                               const wire::Endpoint& target);
    void send(SocketId socket, base::Bytes octets);
    // FIN behind everything sent so far; octets may still come in. A connect that is not yet answered is withdrawn
    // (RFC 9293 3.10.4), and no upcall follows.
    void close(SocketId socket);
    void abort(SocketId socket);  // RST at once; no upcall follows

    // Port 0: any free one. Fails when the port is taken or none is left.
    struct UdpSocket {
        SocketId socket;
        wire::Port port;
    };
    [[nodiscard]] base::Result<UdpSocket, ConnectError> open_udp(Program& program, Cookie cookie, wire::Port port);
    void close_udp(SocketId socket);
    // Ignored when the datagram would exceed 65,535 octets or no own address is of the target's family.
    void send_to(SocketId socket, const wire::Endpoint& target, base::ByteView octets);

    // The process dies: its connections are reset, its listeners, sockets and ports are free again. No upcalls.
    void end(Program& program);

    // ---- ports of programs that are not simulated: taken, but nobody answers on them ----
    void occupy(wire::Protocol protocol, wire::Port port);
    void vacate(wire::Protocol protocol, wire::Port port);
    const PortTable& ports() const { return ports_; }

    std::size_t open_connections() const;  // TIME_WAIT not counted

    // As newly built, memory kept. Only together with a reset of the scheduler.
    void reset(const HostSettings& settings, base::Random random);

private:
    struct Listener {
        wire::Port port;
        Program* program = nullptr;
    };
    struct Slot {
        TcpConnection tcp;
        Program* program = nullptr;  // null: nobody cares any more (TIME_WAIT, or the slot is free)
        Cookie cookie = 0;
        std::uint32_t generation = 1;
        EventId timer{};
        bool used = false;
        bool told = false;       // the program knows of it: accepted() or connect() has happened
        bool owns_port = false;  // opened by connect(): the local port is freed with it
    };
    struct Udp {
        Program* program = nullptr;  // null: free
        Cookie cookie = 0;
        std::uint32_t generation = 1;
        wire::Port port;
    };

    void fire(std::uint64_t token, base::SimTime now) override;

    // TcpPort: what a connection asks of its host.
    void transmit(TcpConnection& connection, const wire::TcpHeader& header, base::ByteView payload) override;
    void set_timer(TcpConnection& connection, base::SimTime when) override;
    void stop_timer(TcpConnection& connection) override;
    void tell(TcpConnection& connection, const TcpNews& news) override;
    void tell_program(Slot& slot, const TcpNews& news);

    // host_receive.cpp
    void receive_tcp(const wire::PacketView& packet, base::SimTime now);
    void receive_udp(const wire::PacketView& packet);
    void receive_icmp(const wire::PacketView& packet);
    void hear_error(const wire::PacketView& error);
    void answer_echo(const wire::PacketView& echo);
    void refuse_tcp(const wire::PacketView& packet);
    void refuse_udp(const wire::PacketView& packet);
    void accept(const wire::PacketView& syn, Program& program, base::SimTime now);

    Slot* find(const wire::Endpoint& local, const wire::Endpoint& peer);
    Slot* slot_of(SocketId socket);
    Slot* take_slot(const wire::Endpoint& local, const wire::Endpoint& peer);  // null: too many already
    void release(Slot& slot);
    void forget_expired(base::SimTime now);
    SocketId id_of(const Slot& slot) const { return {slot.tcp.slot, slot.generation}; }
    Udp* udp_of(SocketId socket);
    Program* listener(wire::Port port) const;
    const wire::IpAddress* address_towards(const wire::IpAddress& target) const;
    std::uint16_t segment_size(const wire::IpAddress& peer) const;
    wire::IpHeader ip_header(const wire::IpAddress& from, const wire::IpAddress& to, wire::Protocol protocol);
    void emit(base::Bytes octets) { out_.receive(Packet{std::move(octets)}, scheduler_.now()); }

    Scheduler& scheduler_;
    HostSettings settings_;
    base::Random random_;
    Node& out_;
    PortTable ports_;
    std::uint16_t next_ip_id_ = 0;
    std::vector<Listener> listeners_;
    std::vector<std::unique_ptr<Slot>> slots_;  // stable addresses: upcalls may open more while one is in use
    std::vector<std::uint32_t> keys_;           // a hash of each slot's endpoints, 0 = free; searched first
    std::vector<std::uint32_t> free_slots_;
    std::vector<Udp> udp_;
};

}  // namespace sim::net
