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
#include <string_view>
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
    // A call that is not answered yet. Its stub is kept while fragments are missing, and cleared then.
    struct Asked {
        std::uint32_t call_id = 0;
        std::uint16_t context_id = 0;
        std::uint16_t opnum = 0;
        base::Bytes stub;
    };
    struct Way {
        PduStream stream;
        bool not_rpc = false;
    };

    std::string line(base::ByteView octets);
    std::string bind_line(const Bind& bind, std::string_view verb);
    std::string ack_line(const BindAck& ack, std::string_view what);
    std::string request_line(const Pdu& pdu, const Request& request);
    std::string response_line(const Pdu& pdu, const Response& response);
    std::string fault_line(const Pdu& pdu, const Fault& fault);
    Asked* find_asked(std::uint32_t call_id);
    void forget(std::uint32_t call_id);
    SyntaxId interface_of(std::uint16_t context_id) const;

    Service role_;
    Way to_server_, to_client_;
    std::vector<Bound> proposed_;  // by the last bind or alter_context, in order
    std::vector<Bound> bound_;
    std::vector<Asked> asked_;
    base::Bytes answer_;  // the fragments of an answer so far
};

}  // namespace sim::rpc
