// RPC inspection: an endpoint mapper's answer opens its port, however the answer is cut.
#include "sim/rpc/epm.hpp"
#include "sim/rpc/interfaces.hpp"
#include "sim/rpc/pdu.hpp"
#include "tests/firewall/packets.hpp"

using namespace packets;

namespace {

namespace rpc = sim::rpc;

base::Bytes map_request(std::uint32_t call) {
    const base::Bytes stub = rpc::ept_map_stub(rpc::nspi_interface);
    rpc::Request request;
    request.opnum = rpc::epm_opnum::map;
    request.stub = stub;
    rpc::Pdu pdu;
    pdu.call_id = call;
    pdu.body = request;
    base::Bytes out;
    rpc::emit(out, pdu);
    return out;
}

base::Bytes map_answer(std::uint32_t call, std::uint16_t port, std::uint32_t status = 0) {
    rpc::EptMapResponse answer;
    rpc::Tower tower;
    tower.interface = rpc::nspi_interface;
    tower.port = wire::Port{port};
    tower.host = server;
    answer.towers = {tower};
    answer.status = status;
    base::Bytes stub;
    rpc::NdrWriter writer(stub);
    rpc::emit(writer, answer);
    rpc::Response response;
    response.stub = stub;
    rpc::Pdu pdu;
    pdu.call_id = call;
    pdu.body = response;
    base::Bytes out;
    rpc::emit(out, pdu);
    return out;
}

base::Bytes segment(wire::IpAddress from, wire::IpAddress to, std::uint16_t from_port, std::uint16_t to_port,
                    std::uint32_t seq, std::uint32_t ack, base::ByteView payload) {
    wire::TcpHeader header;
    header.source = wire::Port{from_port};
    header.target = wire::Port{to_port};
    header.flags.bits = F::ack | F::psh;
    header.sequence = seq;
    header.acknowledgement = ack;
    return wire::emit_tcp(ip(from, to, wire::Protocol::tcp), header, payload);
}

class Talk {
public:
    explicit Talk(const std::string& rules) {
        fw::Firewall::Settings settings;
        settings.inspect_dcerpc = true;
        box_ = std::make_unique<fw::Firewall>(native(rules), settings);
        box_->judge(to_server({}), fw::Side::client, at(0s));
        box_->judge(to_client({.from_port = 135, .to_port = 1030, .flags = F::syn | F::ack, .seq = 7000, .ack = 1001}),
                    fw::Side::server, at(0s));
        box_->judge(to_server({.flags = F::ack, .seq = 1001, .ack = 7001}), fw::Side::client, at(0s));
    }
    void ask(const base::Bytes& request) {
        box_->judge(segment(client, server, 1030, 135, 1001, 7001, request), fw::Side::client, at(0s));
    }
    void answer(base::ByteView octets, std::uint32_t offset = 0) {
        box_->judge(segment(server, client, 135, 1030, 7001 + offset, 1001, octets), fw::Side::server, at(0s));
    }
    std::string connect(std::uint16_t port, base::SimTime when = at(1s), wire::IpAddress from = client) {
        const base::Bytes syn = tcp(from, server, {.from_port = next_++, .to_port = port});
        return words(box_->judge(syn, fw::Side::client, when).verdict, box_->rules());
    }
    fw::Firewall& box() { return *box_; }

private:
    std::unique_ptr<fw::Firewall> box_;
    std::uint16_t next_ = 2000;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(inspector)

BOOST_AUTO_TEST_CASE(an_answer_opens_its_port) {
    Talk t("allow tcp 135");
    BOOST_TEST(t.connect(1225) == "drop no-rule-matched");
    t.ask(map_request(1));
    t.answer(map_answer(1, 1225));
    BOOST_TEST(t.connect(1225) == "accept rpc-pinhole");
    BOOST_TEST(t.connect(1225) == "accept rpc-pinhole");  // any number of connections
    BOOST_TEST(t.connect(1226) == "drop no-rule-matched");
    BOOST_TEST(t.connect(1225, at(1s), wire::IpAddress::v4(192, 0, 2, 51)) == "drop no-rule-matched");
    BOOST_TEST(t.box().pinholes(at(1s)).size() == 1U);
    BOOST_TEST(t.connect(1225, at(120s - 1ns)) == "accept rpc-pinhole");
    BOOST_TEST(t.connect(1225, at(120s)) == "drop no-rule-matched");
}

BOOST_AUTO_TEST_CASE(whatever_the_split) {
    const base::Bytes answer = map_answer(1, 1225);
    for (std::size_t cut = 1; cut < answer.size(); ++cut) BOOST_TEST_CONTEXT(cut) {
            Talk t("allow tcp 135");
            t.ask(map_request(1));
            const base::ByteView view(answer);
            t.answer(view.first(cut));
            BOOST_TEST(t.connect(1225) == "drop no-rule-matched");
            t.answer(view.first(cut));  // once more
            t.answer(view.subspan(cut), static_cast<std::uint32_t>(cut));
            BOOST_TEST(t.connect(1225) == "accept rpc-pinhole");

            Talk swapped("allow tcp 135");
            swapped.ask(map_request(1));
            // The first octet is known, then the end comes before the middle.
            swapped.answer(view.first(1));
            swapped.answer(view.subspan(cut), static_cast<std::uint32_t>(cut));
            swapped.answer(view.subspan(1, cut - 1), 1);
            BOOST_TEST(swapped.connect(1225) == "accept rpc-pinhole");
        }
}

BOOST_AUTO_TEST_CASE(what_opens_nothing) {
    Talk unasked("allow tcp 135");
    unasked.answer(map_answer(1, 1225));
    BOOST_TEST(unasked.connect(1225) == "drop no-rule-matched");
    Talk other_call("allow tcp 135");
    other_call.ask(map_request(1));
    other_call.answer(map_answer(2, 1225));
    BOOST_TEST(other_call.connect(1225) == "drop no-rule-matched");
    Talk failed("allow tcp 135");
    failed.ask(map_request(1));
    failed.answer(map_answer(1, 1225, 0x16c9a0d6));
    BOOST_TEST(failed.connect(1225) == "drop no-rule-matched");
    Talk no_port("allow tcp 135");
    no_port.ask(map_request(1));
    no_port.answer(map_answer(1, 0));
    BOOST_TEST(no_port.box().pinholes(at(0s)).empty());
}

BOOST_AUTO_TEST_CASE(garbage_is_survived) {
    for (std::size_t i = 0; i < map_answer(1, 1225).size(); ++i) {
        Talk t("allow tcp 135");
        t.ask(map_request(1));
        base::Bytes bad = map_answer(1, 1225);
        bad[i] ^= 0xff;
        t.answer(bad);
        t.connect(1225);
    }
}

BOOST_AUTO_TEST_SUITE_END()
