#include "scenarios/report/meaning.hpp"

#include "sim/wire/packet.hpp"

#include <fmt/format.h>

#include <utility>

namespace scenarios::report {
namespace {

using sim::wire::PacketView;
using sim::wire::TcpFlags;
using sim::wire::TcpHeader;

std::string port(sim::wire::Port p) { return sim::wire::format(p); }

std::string icmp_in_words(const PacketView& packet) {
    const auto& icmp = *packet.icmp();
    const bool v4 = packet.ip.source.is_v4();
    const auto quoted = sim::wire::parse_quoted(packet.payload);
    std::string about;
    if (quoted) about = fmt::format(" about {}", sim::wire::format(quoted->target()));
    if (v4 && icmp.type == 3) {
        switch (icmp.code) {
            case 0: return "ICMP network unreachable" + about;
            case 1: return "ICMP host unreachable" + about;
            case 2: return "ICMP protocol unreachable" + about;
            case 3: return "ICMP port unreachable" + about;
            case 4: return "ICMP fragmentation needed" + about;
            case 9:
            case 10:
            case 13: return "ICMP administratively prohibited" + about;
            default: break;
        }
    }
    if (!v4 && icmp.type == 1) {
        switch (icmp.code) {
            case 0: return "ICMPv6 no route" + about;
            case 1: return "ICMPv6 administratively prohibited" + about;
            case 3: return "ICMPv6 address unreachable" + about;
            case 4: return "ICMPv6 port unreachable" + about;
            default: break;
        }
    }
    return fmt::format("{} type {} code {}{}", v4 ? "ICMP" : "ICMPv6", icmp.type, icmp.code, about);
}

}  // namespace

Meaning Meanings::of(sim::base::ByteView octets) {
    const auto packet = sim::wire::parse(octets);
    if (!packet) return {"not a packet: " + sim::wire::format(packet.error().reason), {}, false, {}};
    Meaning meaning;
    meaning.flow = sim::wire::flow_of(*packet);
    meaning.packet = sim::wire::summary(*packet);
    if (const TcpHeader* header = packet->tcp())
        meaning.what = tcp(*packet, *header, meaning.again);
    else if (packet->icmp() != nullptr)
        meaning.what = icmp_in_words(*packet);
    else if (const auto* udp = packet->udp())
        // The only datagram of the model: nobody here speaks any other protocol over UDP.
        meaning.what = fmt::format("new-mail notice (UDP to {})", port(udp->target));
    else
        meaning.what = meaning.packet;
    return meaning;
}

Meanings::Connection& Meanings::connection_of(const PacketView& packet, const TcpHeader& header) {
    const sim::wire::FlowKey flow = sim::wire::flow_of(packet);
    if (const auto known = connections_.find(flow); known != connections_.end()) return known->second;
    if (const auto known = connections_.find(reversed(flow)); known != connections_.end()) return known->second;
    // The first packet seen is the caller's, unless it is an answer.
    const bool answer = header.flags.has(TcpFlags::syn | TcpFlags::ack) || header.flags.has(TcpFlags::rst);
    const sim::wire::FlowKey key = answer ? reversed(flow) : flow;
    Connection& connection = connections_[key];
    connection.server = key.target;
    return connection;
}

std::string Meanings::tcp(const PacketView& packet, const TcpHeader& header, bool& again) {
    const bool fresh_syn = header.flags.has(TcpFlags::syn) && !header.flags.has(TcpFlags::ack);
    Connection& connection = connection_of(packet, header);
    const bool towards_server = packet.target() == connection.server;
    Way& way = towards_server ? connection.to_server : connection.to_client;
    if (header.flags.has(TcpFlags::rst)) return fmt::format("RST from {}", port(header.source));
    if (header.flags.has(TcpFlags::syn)) {
        again = way.syns > 0;
        ++way.syns;
        way.begun = true;
        way.next = header.sequence + 1;
        if (!fresh_syn) return fmt::format("SYN-ACK from {}", port(header.source));
        if (!again) return fmt::format("SYN to {}", port(header.target));
        return fmt::format("SYN to {}, {} try", port(header.target),
                           way.syns == 2   ? "2nd"
                           : way.syns == 3 ? "3rd"
                                           : fmt::format("{}th", way.syns));
    }
    std::string text =
        packet.payload.empty() ? std::string() : octets(connection, way, towards_server, packet, header, again);
    if (header.flags.has(TcpFlags::fin)) text += text.empty() ? "FIN" : " + FIN";
    return text.empty() ? "ACK" : text;
}

std::string Meanings::octets(Connection& connection, Way& way, bool towards_server, const PacketView& packet,
                             const TcpHeader& header, bool& again) {
    if (!way.begun) {
        way.begun = true;
        way.next = header.sequence;
    }
    // Octets that were sent before are not read again; the difference wraps as sequence numbers do.
    const auto known = static_cast<std::uint32_t>(way.next - header.sequence);
    if (known != 0 && known < 0x80000000U) {
        if (known >= packet.payload.size()) {
            again = true;
            return fmt::format("{} octets, sent again", packet.payload.size());
        }
    } else if (known != 0) {
        return fmt::format("{} octets", packet.payload.size());  // something before them was not seen
    }
    const auto fresh = packet.payload.subspan(known);
    way.next += static_cast<std::uint32_t>(fresh.size());
    const auto direction = towards_server ? sim::rpc::Direction::to_server : sim::rpc::Direction::to_client;
    std::string text;
    for (const std::string& line : connection.dissector.feed(direction, fresh))
        text += (text.empty() ? "" : "; ") + line;
    return text.empty() ? fmt::format("{} octets, more to come", packet.payload.size()) : text;
}

}  // namespace scenarios::report
