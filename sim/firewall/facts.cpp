#include "sim/firewall/facts.hpp"

namespace sim::firewall {
namespace {

// A header whose own lengths lie, or that is cut: what is there can be matched all the same, as the kernel's matches
// do, which look at nothing but the octets they need.
void read_cut_header(Facts& f, const wire::PacketView& packet) {
    const bool tcp = packet.ip.protocol == wire::Protocol::tcp;
    if (!tcp && packet.ip.protocol != wire::Protocol::udp) return;
    const base::ByteView octets = packet.ip_payload;
    if (octets.size() < 4) return;
    base::Reader reader(octets);
    f.source_port = reader.u16be();
    f.target_port = reader.u16be();
    f.ports_known = true;
    f.header_whole = octets.size() >= (tcp ? 20U : 8U);
    if (tcp && f.header_whole) f.flags = octets[13];
}

}  // namespace

Facts facts_of(const Subject& subject) {
    const wire::PacketView& packet = *subject.packet;
    Facts f;
    f.subject = &subject;
    f.source = packet.ip.source;
    f.target = packet.ip.target;
    f.protocol = static_cast<std::uint8_t>(packet.ip.protocol);
    f.later_fragment = packet.ip.fragment_offset != 0;
    if (f.later_fragment) return f;
    if (const wire::TcpHeader* tcp = packet.tcp()) {
        f.source_port = tcp->source.value;
        f.target_port = tcp->target.value;
        f.flags = tcp->flags.bits;
        f.ports_known = f.header_whole = true;
    } else if (const wire::UdpHeader* udp = packet.udp()) {
        f.source_port = udp->source.value;
        f.target_port = udp->target.value;
        f.ports_known = f.header_whole = true;
    } else if (packet.icmp() != nullptr) {
        f.header_whole = true;
    } else {
        read_cut_header(f, packet);
    }
    return f;
}

}  // namespace sim::firewall
