#include "sim/firewall/connections.hpp"

namespace sim::firewall {

ConnectionInfo describe(const Entry& entry, base::SimTime now) {
    const auto protocol = static_cast<wire::Protocol>(entry.original.protocol);
    const bool has_ports = protocol == wire::Protocol::tcp || protocol == wire::Protocol::udp;
    const auto port = [has_ports](std::uint16_t part) { return wire::Port{has_ports ? part : std::uint16_t{0}}; };
    ConnectionInfo info;
    const auto flow = [&](const Tuple& t) {
        return wire::FlowKey{protocol, {t.source, port(t.source_part)}, {t.target, port(t.target_part)}};
    };
    info.flow = flow(entry.original);
    if (entry.marks != 0) info.answers = flow(entry.reply);
    if (protocol == wire::Protocol::tcp) info.state = id(entry.tcp.state());
    info.expires_in = entry.expires - now;
    info.replied = entry.replied;
    info.assured = entry.assured;
    return info;
}

std::vector<ConnectionInfo> connection_list(const FlowTable& table, base::SimTime now) {
    std::vector<ConnectionInfo> list;
    for (const Entry* entry : table.living(now)) list.push_back(describe(*entry, now));
    return list;
}

}  // namespace sim::firewall
