// A host's face to the network: whose packet it is, and what is said when it is nobody's.
#include "sim/net/host.hpp"

#include <algorithm>

namespace sim::net {

using Flags = wire::TcpFlags;

namespace {

struct IcmpType {
    std::uint8_t v4, v6;
    std::uint8_t of(const wire::IpAddress& address) const { return address.is_v4() ? v4 : v6; }
};
constexpr IcmpType unreachable{3, 1};       // RFC 792, RFC 4443 3.1
constexpr IcmpType port_unreachable{3, 4};  // codes
constexpr IcmpType echo_request{8, 128};
constexpr IcmpType echo_reply{0, 129};

wire::Protocol icmp_for(const wire::IpAddress& address) {
    return address.is_v4() ? wire::Protocol::icmp : wire::Protocol::icmpv6;
}

// Never answered: a sender that is no single host (RFC 1122 3.2.2).
bool is_single(const wire::IpAddress& address) {
    if (address.is_v4()) return address.v4_bits() != 0 && address.v4_bits() < 0xe0000000U;
    return (address.high() | address.low()) != 0 && address.high() >> 56U != 0xffU;
}

}  // namespace

void Host::receive(Packet packet, base::SimTime now) {
    const auto parsed = wire::parse(packet.octets);
    if (!parsed) return;
    const wire::PacketView& view = *parsed;
    if (view.transport_cut || view.checksum_wrong || view.ip.is_fragment()) return;
    if (!owns(view.ip.target) || !is_single(view.ip.source)) return;
    if (view.tcp() != nullptr) return receive_tcp(view, now);
    if (view.udp() != nullptr) return receive_udp(view);
    if (view.icmp() != nullptr && view.ip.protocol == icmp_for(view.ip.target)) receive_icmp(view);
}

void Host::receive_tcp(const wire::PacketView& packet, base::SimTime now) {
    const wire::TcpHeader& segment = *packet.tcp();
    Slot* slot = find(packet.target(), packet.source());
    if (slot != nullptr && slot->tcp.state() == TcpState::time_wait &&
        (slot->tcp.time_wait_ends() <= now || slot->tcp.may_be_succeeded_by(segment))) {
        slot->tcp.abort();
        release(*slot);
        slot = nullptr;
    }
    if (slot != nullptr) return slot->tcp.receive(segment, packet.payload, now);
    if (segment.flags.has(Flags::rst)) return;
    Program* program = listener(segment.target);
    const bool opens = segment.flags.has(Flags::syn) && !segment.flags.has(Flags::ack);
    if (program != nullptr && opens) return accept(packet, *program, now);
    // A listener ignores what is neither a SYN nor carries an acknowledgement (RFC 9293 3.10.7.2).
    if (program == nullptr || segment.flags.has(Flags::ack)) refuse_tcp(packet);
}

void Host::accept(const wire::PacketView& syn, Program& program, base::SimTime now) {
    Slot* slot = take_slot(syn.target(), syn.source());
    if (slot == nullptr) return;
    slot->program = &program;
    slot->cookie = 0;
    slot->tcp.answer(*syn.tcp(), now);
}

void Host::receive_udp(const wire::PacketView& packet) {
    const wire::Port port = packet.udp()->target;
    for (std::size_t i = 0; i < udp_.size(); ++i) {
        const Udp udp = udp_[i];
        if (udp.program == nullptr || udp.port != port) continue;
        const SocketId id{static_cast<std::uint32_t>(i), udp.generation};
        return udp.program->datagram(id, udp.cookie, packet.source(), packet.payload);
    }
    if (!ports_.taken(wire::Protocol::udp, port)) refuse_udp(packet);
}

void Host::receive_icmp(const wire::PacketView& packet) {
    const std::uint8_t type = packet.icmp()->type;
    if (type == unreachable.of(packet.ip.target)) return hear_error(packet);
    if (type == echo_request.of(packet.ip.target)) answer_echo(packet);
}

void Host::hear_error(const wire::PacketView& error) {
    const auto quoted = wire::parse_quoted(error.payload);
    if (!quoted || quoted->tcp() == nullptr) return;
    Slot* slot = find(quoted->source(), quoted->target());
    if (slot != nullptr) slot->tcp.hear_unreachable({error.ip.source, error.icmp()->type, error.icmp()->code});
}

void Host::answer_echo(const wire::PacketView& echo) {
    const wire::IpHeader ip = ip_header(echo.ip.target, echo.ip.source, echo.ip.protocol);
    wire::IcmpHeader reply = *echo.icmp();
    reply.type = echo_reply.of(echo.ip.target);
    emit(wire::emit_icmp(ip, reply, echo.payload));
}

// RFC 9293 3.10.7.1: the reset looks as if the peer's own numbers had asked for it.
void Host::refuse_tcp(const wire::PacketView& packet) {
    const wire::TcpHeader& segment = *packet.tcp();
    wire::TcpHeader reset;
    reset.source = segment.target;
    reset.target = segment.source;
    reset.window = 0;
    if (segment.flags.has(Flags::ack)) {
        reset.flags.bits = Flags::rst;
        reset.sequence = segment.acknowledgement;
    } else {
        reset.flags.bits = Flags::rst | Flags::ack;
        reset.acknowledgement = segment.sequence + static_cast<std::uint32_t>(packet.payload.size()) +
                                (segment.flags.has(Flags::syn) ? 1U : 0U) + (segment.flags.has(Flags::fin) ? 1U : 0U);
    }
    emit(wire::emit_tcp(ip_header(packet.ip.target, packet.ip.source, wire::Protocol::tcp), reset));
}

void Host::refuse_udp(const wire::PacketView& packet) {
    const wire::IpAddress& own = packet.ip.target;
    const auto head = static_cast<std::size_t>(packet.ip_payload.data() - packet.octets.data());
    // The IP header and 8 octets (RFC 792), which are the whole UDP header; IPv6 wants as much as fits (RFC 4443 2.4).
    const std::size_t most = own.is_v4() ? head + 8 : std::size_t{1280 - 48};
    const wire::IpHeader ip = ip_header(own, packet.ip.source, icmp_for(own));
    wire::IcmpHeader error;
    error.type = unreachable.of(own);
    error.code = port_unreachable.of(own);
    emit(wire::emit_icmp(ip, error, packet.octets.first(std::min(most, packet.octets.size()))));
}

}  // namespace sim::net
