// What a packet means in the conversation it belongs to: handshake, RPC, farewell, ICMP error, notice.
#pragma once

#include "sim/base/bytes.hpp"
#include "sim/rpc/describe.hpp"
#include "sim/wire/flow.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>

namespace scenarios::report {

struct Meaning {
    std::string what;    // "SYN to 135", "map reply: directory is on 1236"
    std::string packet;  // the packet in one line
    bool again = false;  // it was sent before
    std::optional<sim::wire::FlowKey> flow{};
};

// Packets of one trace, in the order of sending.
class Meanings {
public:
    Meaning of(sim::base::ByteView octets);

private:
    // Of one direction of a connection: how far its octets were read, and how often its SYN was sent.
    struct Way {
        bool begun = false;
        std::uint32_t next = 0;  // sequence number
        unsigned syns = 0;
    };
    struct Connection {
        sim::rpc::Dissector dissector;
        sim::wire::Endpoint server;  // the side that was called
        Way to_server, to_client;
    };

    std::string tcp(const sim::wire::PacketView& packet, const sim::wire::TcpHeader& header, bool& again);
    std::string octets(Connection& connection, Way& way, bool towards_server, const sim::wire::PacketView& packet,
                       const sim::wire::TcpHeader& header, bool& again);
    Connection& connection_of(const sim::wire::PacketView& packet, const sim::wire::TcpHeader& header);

    std::map<sim::wire::FlowKey, Connection> connections_;  // by the flow from client to server
};

}  // namespace scenarios::report
