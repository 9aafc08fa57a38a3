// Octets of talks with an endpoint mapper, for the tests of inspection: PDUs as either side sends them.
#pragma once

#include "sim/rpc/epm.hpp"
#include "sim/rpc/interfaces.hpp"
#include "sim/rpc/pdu.hpp"
#include "tests/firewall/packets.hpp"

#include <vector>

namespace mapper_octets {

using namespace packets;
namespace rpc = sim::rpc;
using Order = rpc::ByteOrder;

inline base::Bytes octets(rpc::Body body, std::uint32_t call, Order order = Order::little,
                          std::uint8_t flags = rpc::PduFlags::whole,
                          std::optional<rpc::AuthVerifier> auth = std::nullopt) {
    rpc::Pdu pdu;
    pdu.flags = {flags};
    pdu.drep = rpc::Drep::of(order);
    pdu.call_id = call;
    pdu.body = std::move(body);
    pdu.auth = auth;
    base::Bytes out;
    rpc::emit(out, pdu);
    return out;
}

inline base::Bytes joined(std::initializer_list<base::Bytes> parts) {
    base::Bytes all;
    for (const base::Bytes& part : parts) all.insert(all.end(), part.begin(), part.end());
    return all;
}

template <class Body = rpc::Bind>
base::Bytes bind(const rpc::SyntaxId& interface = rpc::epm_interface, std::uint16_t context = 0,
                 Order order = Order::little) {
    Body body;
    body.contexts = {{context, interface, {rpc::ndr_syntax}}};
    return octets(body, 1, order);
}
template <class Body = rpc::BindAck>
base::Bytes bind_ack(rpc::ContextResult result = rpc::ContextResult::acceptance, Order order = Order::little) {
    Body body;
    if constexpr (std::is_same_v<Body, rpc::BindAck>) body.secondary_address = "135";
    body.answers = {{result, rpc::ContextReason::not_specified, rpc::ndr_syntax}};
    return octets(body, 1, order);
}

inline base::Bytes request(std::uint16_t opnum, const base::Bytes& stub, std::uint32_t call, std::uint16_t context = 0,
                           Order order = Order::little) {
    rpc::Request body;
    body.opnum = opnum;
    body.context_id = context;
    body.stub = stub;
    return octets(body, call, order);
}
inline base::Bytes map_request(std::uint32_t call, std::uint16_t context = 0, Order order = Order::little) {
    rpc::EptMapRequest asked;
    rpc::Tower tower;
    tower.interface = rpc::nspi_interface;
    base::Bytes floors;
    rpc::emit_tower(floors, tower);
    asked.tower = floors;
    base::Bytes stub;
    rpc::NdrWriter writer(stub, order);
    rpc::emit(writer, asked);
    return request(rpc::epm_opnum::map, stub, call, context, order);
}

inline rpc::Tower tower(std::uint16_t port, const rpc::SyntaxId& interface = rpc::nspi_interface,
                        wire::IpAddress host = server) {
    rpc::Tower made;
    made.interface = interface;
    made.port = wire::Port{port};
    made.host = host;
    return made;
}
inline base::Bytes map_stub(std::vector<rpc::Tower> towers, std::uint32_t status = 0, Order order = Order::little) {
    rpc::EptMapResponse answer;
    answer.towers = std::move(towers);
    answer.status = status;
    base::Bytes stub;
    rpc::NdrWriter writer(stub, order);
    rpc::emit(writer, answer);
    return stub;
}
inline base::Bytes response(base::ByteView stub, std::uint32_t call, Order order = Order::little,
                            std::uint8_t flags = rpc::PduFlags::whole,
                            std::optional<rpc::AuthVerifier> auth = std::nullopt) {
    rpc::Response body;
    body.stub = stub;
    return octets(body, call, order, flags, auth);
}
inline base::Bytes map_answer(std::uint32_t call, std::uint16_t port, std::uint32_t status = 0) {
    return response(map_stub({tower(port)}, status), call);
}
// The same cut into fragments of `size` octets of stub.
inline base::Bytes in_fragments(const base::Bytes& stub, std::uint32_t call, std::size_t size) {
    base::Bytes all;
    for (std::size_t at = 0; at < stub.size(); at += size) {
        const std::size_t count = std::min(size, stub.size() - at);
        const auto flags = static_cast<std::uint8_t>((at == 0 ? rpc::PduFlags::first : 0) |
                                                     (at + count == stub.size() ? rpc::PduFlags::last : 0));
        const base::Bytes one = response(base::ByteView(stub).subspan(at, count), call, Order::little, flags);
        all.insert(all.end(), one.begin(), one.end());
    }
    return all;
}

// A client at port 1030 that talks with the mapper through a box. Each side's octets go on where the last ones ended.
class Talk {
public:
    explicit Talk(const std::string& rules = "allow tcp 135", fw::InspectionSettings how = {},
                  std::uint16_t mapper = 135)
        : mapper_(mapper) {
        fw::Firewall::Settings settings;
        settings.inspect_dcerpc = true;
        settings.inspection = std::move(how);
        box_ = std::make_unique<fw::Firewall>(native(rules), settings);
    }
    Talk& shake(base::SimTime when = at(0s)) {
        put(packets::tcp(client, server, {.from_port = 1030, .to_port = mapper_, .seq = isn_client}), fw::Side::client,
            when);
        put(packets::tcp(server, client,
                         {.from_port = mapper_,
                          .to_port = 1030,
                          .flags = F::syn | F::ack,
                          .seq = isn_server,
                          .ack = isn_client + 1}),
            fw::Side::server, when);
        put(packets::tcp(
                client, server,
                {.from_port = 1030, .to_port = mapper_, .flags = F::ack, .seq = isn_client + 1, .ack = isn_server + 1}),
            fw::Side::client, when);
        return *this;
    }
    Talk& bound() {
        shake();
        ask(bind());
        answer(bind_ack());
        return *this;
    }
    fw::Passage ask(const base::Bytes& what, base::SimTime when = at(0s)) {
        const auto passage = ask_at(asked_, what, when);
        asked_ += static_cast<std::uint32_t>(what.size());
        return passage;
    }
    fw::Passage answer(base::ByteView what, base::SimTime when = at(0s)) {
        const auto passage = answer_at(answered_, what, when);
        answered_ += static_cast<std::uint32_t>(what.size());
        return passage;
    }
    // At an offset of its stream, without moving on.
    fw::Passage ask_at(std::uint32_t offset, base::ByteView what, base::SimTime when = at(0s)) {
        return put(segment(client, server, 1030, mapper_, isn_client + 1 + offset, isn_server + 1 + answered_, what),
                   fw::Side::client, when);
    }
    fw::Passage answer_at(std::uint32_t offset, base::ByteView what, base::SimTime when = at(0s)) {
        return put(segment(server, client, mapper_, 1030, isn_server + 1 + offset, isn_client + 1 + asked_, what),
                   fw::Side::server, when);
    }
    std::uint32_t answered() const { return answered_; }
    std::string connect(std::uint16_t port, base::SimTime when = at(1s), wire::IpAddress from = client,
                        wire::IpAddress to = server) {
        return connect_from(next_++, port, when, from, to);
    }
    std::string connect_from(std::uint16_t from_port, std::uint16_t port, base::SimTime when,
                             wire::IpAddress from = client, wire::IpAddress to = server) {
        const auto passage =
            put(packets::tcp(from, to, {.from_port = from_port, .to_port = port}), fw::Side::client, when);
        return words(passage.verdict, box_->rules());
    }
    fw::Passage put(const base::Bytes& packet, fw::Side from, base::SimTime when) {
        last = box_->judge(packet, from, when);
        return last;
    }
    // "opened 1 10.0.0.10:1225", "none sealed", in order.
    std::string told() const {
        std::string text;
        for (const fw::Inspected& one : last.inspected) {
            text += text.empty() ? "" : "; ";
            if (one.kind == fw::Inspected::Kind::not_opened)
                text += "none " + std::string(id(one.why));
            else
                text += (one.kind == fw::Inspected::Kind::opened ? "opened " : "renewed ") +
                        std::to_string(one.hole.number) + " " + wire::format(one.hole.server) +
                        (one.host_differs ? " elsewhere" : "");
        }
        return text;
    }
    fw::Firewall& box() { return *box_; }

    fw::Passage last;

private:
    static constexpr std::uint32_t isn_client = 1000, isn_server = 7000;
    static base::Bytes segment(wire::IpAddress from, wire::IpAddress to, std::uint16_t from_port, std::uint16_t to_port,
                               std::uint32_t seq, std::uint32_t ack, base::ByteView payload) {
        wire::TcpHeader header;
        header.source = wire::Port{from_port};
        header.target = wire::Port{to_port};
        header.flags.bits = F::ack | F::psh;
        header.sequence = seq;
        header.acknowledgement = ack;
        header.window = 65535;
        return wire::emit_tcp(ip(from, to, wire::Protocol::tcp), header, payload);
    }

    std::unique_ptr<fw::Firewall> box_;
    std::uint16_t mapper_;
    std::uint16_t next_ = 2000;
    std::uint32_t asked_ = 0, answered_ = 0;
};

}  // namespace mapper_octets
