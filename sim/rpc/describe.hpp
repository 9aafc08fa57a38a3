// Says in plain words what two RPC programs tell each other, for ladders and traces:
//
//   > bind to the endpoint mapper
//   < bind accepted
//   > ept_map: where is the directory (NSPI)?
//   < map reply: directory is on 1236
//
// One Dissector per connection, fed with the octets of both directions in the order in which they passed. It judges
// nothing and keeps little: the interfaces bound, the opnums asked. Text is made only for complete PDUs.
#pragma once

#include "sim/base/bytes.hpp"
#include "sim/rpc/interfaces.hpp"
#include "sim/rpc/pdu.hpp"
#include "sim/rpc/pdu_stream.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace sim::rpc {

enum class Direction : std::uint8_t { to_server, to_client };

class Dissector {
public:
    // `role` is a hint for connections whose bind was not seen: the service that listens on the server's port.
    explicit Dissector(Service role = Service::unknown) : role_(role) {}

    // One line per PDU that these octets completed, in order; none while a PDU is incomplete. Octets that are no RPC
    // give one line that says so, once per direction.
    std::vector<std::string> feed(Direction direction, base::ByteView octets);

private:
    struct Bound {
        std::uint16_t context_id = 0;
        SyntaxId interface;
    };
    struct Asked {
        std::uint32_t call_id = 0;
        std::uint16_t context_id = 0;
        std::uint16_t opnum = 0;
        base::Bytes stub;  // of a call in fragments, up to a bound
        bool complete = false;
    };
    struct Way {
        PduStream stream;
        bool not_rpc = false;
        base::Bytes stub;  // of an answer in fragments
    };

    std::string line(Direction direction, base::ByteView octets);
    std::string bind_line(const Bind& bind, bool alter);
    std::string ack_line(const BindAck& ack, bool alter) const;
    std::string request_line(const Pdu& pdu, const Request& request);
    std::string response_line(const Pdu& pdu, const Response& response);
    std::string fault_line(const Fault& fault) const;
    Uuid interface_of(std::uint16_t context_id) const;

    Service role_;
    Way to_server_, to_client_;
    std::vector<Bound> bound_;
    std::vector<ContextElement> proposed_;
    std::vector<Asked> asked_;
};

}  // namespace sim::rpc
