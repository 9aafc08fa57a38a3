#include "sim/wire/packet.hpp"

#include <fmt/format.h>

#include <array>

namespace sim::wire {

namespace {

struct MessageName {
    std::uint8_t type;
    int code;  // -1: any
    std::string_view name;
};

constexpr std::array v4_messages{
    MessageName{0, -1, "echo reply"},
    MessageName{3, 0, "network unreachable"},
    MessageName{3, 1, "host unreachable"},
    MessageName{3, 2, "protocol unreachable"},
    MessageName{3, 3, "port unreachable"},
    MessageName{3, 4, "fragmentation needed"},
    MessageName{3, 9, "network prohibited"},
    MessageName{3, 10, "host prohibited"},
    MessageName{3, 13, "administratively prohibited"},
    MessageName{3, -1, "unreachable"},
    MessageName{5, -1, "redirect"},
    MessageName{8, -1, "echo request"},
    MessageName{11, -1, "time exceeded"},
    MessageName{12, -1, "parameter problem"},
};

constexpr std::array v6_messages{
    MessageName{1, 0, "no route"},
    MessageName{1, 1, "administratively prohibited"},
    MessageName{1, 3, "address unreachable"},
    MessageName{1, 4, "port unreachable"},
    MessageName{1, -1, "unreachable"},
    MessageName{2, -1, "packet too big"},
    MessageName{3, -1, "time exceeded"},
    MessageName{4, -1, "parameter problem"},
    MessageName{128, -1, "echo request"},
    MessageName{129, -1, "echo reply"},
};

template <std::size_t n>
std::string name_in(const std::array<MessageName, n>& table, const IcmpHeader& icmp) {
    for (const MessageName& row : table)
        if (row.type == icmp.type && (row.code < 0 || row.code == icmp.code)) return std::string(row.name);
    return fmt::format("type {} code {}", icmp.type, icmp.code);
}

// Errors quote the packet they are about (RFC 792, RFC 4443 section 3).
bool is_error(const IcmpHeader& icmp, bool v4) {
    if (!v4) return icmp.type < 128;
    return icmp.type == 3 || icmp.type == 4 || icmp.type == 5 || icmp.type == 11 || icmp.type == 12;
}

std::string describe(const TcpHeader& tcp, const PacketView& packet) {
    std::string text = fmt::format("{} seq {}", format(tcp.flags), tcp.sequence);
    if (tcp.flags.has(TcpFlags::ack)) text += fmt::format(" ack {}", tcp.acknowledgement);
    text += fmt::format(" win {}", tcp.window);
    if (!packet.payload.empty()) text += fmt::format(" len {}", packet.payload.size());
    return text;
}

std::string describe(const IcmpHeader& icmp, const PacketView& packet) {
    const bool v4 = packet.ip.source.is_v4();
    std::string text = v4 ? name_in(v4_messages, icmp) : name_in(v6_messages, icmp);
    if (!is_error(icmp, v4)) return text + fmt::format(" id {} seq {}", icmp.identifier(), icmp.sequence());
    const auto quoted = parse_quoted(packet.payload);
    if (!quoted) return text;
    return text + fmt::format(" about {} {} > {}", format(quoted->ip.protocol), format(quoted->source()),
                              format(quoted->target()));
}

std::string describe_transport(const PacketView& packet) {
    if (packet.transport_cut) return "too short for its own header";
    if (const TcpHeader* tcp = packet.tcp()) return describe(*tcp, packet);
    if (const IcmpHeader* icmp = packet.icmp()) return describe(*icmp, packet);
    return fmt::format("len {}", packet.payload.size());
}

}  // namespace

std::string summary(const PacketView& packet) {
    const bool has_ports = packet.tcp() != nullptr || packet.udp() != nullptr;
    std::string text = has_ports ? fmt::format("{} {} > {} ", format(packet.ip.protocol), format(packet.source()),
                                               format(packet.target()))
                                 : fmt::format("{} {} > {} ", format(packet.ip.protocol), packet.ip.source.format(),
                                               packet.ip.target.format());
    text += describe_transport(packet);
    if (packet.ip.is_fragment())
        text += fmt::format(" fragment at {}{}", packet.ip.fragment_offset,
                            packet.ip.more_fragments ? ", more follow" : "");
    if (packet.checksum_wrong) text += " checksum wrong";
    return text;
}

}  // namespace sim::wire
