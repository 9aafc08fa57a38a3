// Whether a conversation with a port of a server gets through the filters between, for every port exactly.
#pragma once

#include "scenarios/diagnosis/situation.hpp"
#include "sim/firewall/exact/probe.hpp"

#include <vector>

namespace scenarios::diagnosis {

// A conversation that a filter stops. `ports` are all that meet the same end.
struct Blocked {
    std::size_t box = 0;  // index into Situation::boxes
    std::vector<wire::PortRange> ports;
    firewall::exact::ProbePacket stopped;  // the packet that does not pass, as the last of these ports has it
    wire::Port witness;                    // one of them
};

// Where a filter translates, ports are those that the client asks for, and a port that is not led to the server is none
// of these functions' concern (nat_faults.hpp).

// What one filter stops of TCP conversations that the client begins with these ports; empty when all pass. Ends that
// differ in rule, packet or verdict are separate entries.
std::vector<Blocked> blocked_by(const Situation& situation, std::size_t box, const wire::IpAddress& server,
                                const std::vector<wire::PortRange>& ports);

// The packet of it that is stopped, written down as witnesses are (sim/firewall/exact/witness.hpp).
std::string packet_of(const Situation& situation, const wire::IpAddress& server, const Blocked& blocked);
// The first packet of a client to that port.
std::string first_packet(const Situation& situation, wire::Protocol protocol, const wire::Endpoint& server);

// Whether the whole path lets a conversation with that port pass.
bool path_open(const Situation& situation, const wire::IpAddress& server, wire::Port port);

// A port that the client reaches because of a rule, not of a default: somebody opened it on purpose.
struct Opened {
    wire::PortRange ports;
    std::vector<firewall::RuleId> rules;  // one for each filter of the path, in its order
};
// The TCP ports of a server that rules of every filter on the path open for a first packet; empty without filters.
std::vector<Opened> opened(const Situation& situation, const wire::IpAddress& server);
// The same for a first UDP packet.
std::vector<Opened> opened_udp(const Situation& situation, const wire::IpAddress& server);

// The verdict on the UDP notice that the server sends; nothing when it passes every filter.
struct NoticeBlocked {
    std::size_t box = 0;
    firewall::exact::ProbePacket stopped;
    std::string packet;  // the notice as it comes there, written down
};
std::vector<NoticeBlocked> notice_blocked(const Situation& situation);

}  // namespace scenarios::diagnosis
