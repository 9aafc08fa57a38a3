// A server with two interfaces, and short ways to talk to it in PDUs: what most tests of this room begin with.
#pragma once

#include "sim/base/random.hpp"
#include "sim/rpc/associations.hpp"
#include "sim/rpc/epm_server.hpp"
#include "sim/rpc/interfaces.hpp"
#include "sim/rpc/pdu.hpp"
#include "sim/rpc/server_session.hpp"
#include "sim/rpc/status.hpp"
#include "tests/support/octets.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <utility>
#include <vector>

namespace rig {

using namespace sim;
using namespace sim::rpc;
using support::from_hex;
using support::Tight;
using support::to_hex;

inline constexpr SyntaxId echo_interface{"12345678-1234-abcd-ef00-0123456789ab"_uuid, 1, 3};

// Opnum 0 gives the stub back, opnum 1 as many octets as a u32 asks for, opnum 2 a fault behind some octets.
class Echo final : public InterfaceServer {
public:
    SyntaxId id() const override { return echo_interface; }
    CallAnswer call(const Call& call, NdrWriter& response) override {
        last_order = call.order;
        last_local = call.context.local;
        switch (call.opnum) {
            case 0: response.bytes(call.stub); return Done{};
            case 1: {
                NdrReader in(call.stub, call.order);
                const std::uint32_t count = in.u32();
                for (std::uint32_t i = 0; i < count; ++i) response.u8(static_cast<std::uint8_t>(i * 7));
                return Done{};
            }
            case 2: response.zeros(100); return CallFault{status::bad_stub_data};
            default: return opnum_out_of_range();
        }
    }
    ByteOrder last_order = ByteOrder::little;
    wire::Endpoint last_local;
};

inline base::Bytes octets_of(const Pdu& pdu) {
    base::Bytes octets;
    emit(octets, pdu);
    return octets;
}

inline ContextElement element(std::uint16_t id, const SyntaxId& interface,
                              std::vector<SyntaxId> syntaxes = {ndr_syntax}) {
    return {id, interface, std::move(syntaxes)};
}

inline Pdu bind_pdu(std::vector<ContextElement> contexts, std::uint32_t group = 0) {
    return {.call_id = 1, .body = Bind{.group = group, .contexts = std::move(contexts)}};
}

inline Pdu request_pdu(std::uint32_t call_id, std::uint16_t opnum, base::ByteView stub, std::uint16_t context = 0,
                       std::uint8_t flags = PduFlags::whole) {
    return {.flags = PduFlags{flags},
            .call_id = call_id,
            .body = Request{.alloc_hint = static_cast<std::uint32_t>(stub.size()),
                            .context_id = context,
                            .opnum = opnum,
                            .stub = stub}};
}

struct Server {
    std::vector<MapEntry> entries;
    EpmServer mapper{entries};
    Echo echo;
    InterfaceSet interfaces{&mapper, &echo};
    AssociationGroups groups{base::Random(1)};
    wire::Endpoint local{wire::IpAddress::v4(10, 78, 0, 1), wire::Port{135}};
    wire::Endpoint peer{wire::IpAddress::v4(192, 0, 2, 50), wire::Port{1030}};
};

// One connection. Keeps the octets of the last answer alive, so that parsed PDUs may be looked at.
struct Talk {
    explicit Talk(Server& s) : session(s.interfaces, s.groups, s.local, s.peer) {}
    Talk(Server& s, ServerSession::Limits limits) : session(s.interfaces, s.groups, s.local, s.peer, limits) {}

    std::vector<Pdu> send(base::ByteView octets) {
        const Tight tight(octets);
        ServerSession::Output out = session.feed(tight);
        close = out.close;
        last = std::move(out.octets);
        return parse_all(last);
    }
    std::vector<Pdu> send(const Pdu& pdu) { return send(octets_of(pdu)); }
    // The one PDU of the answer.
    Pdu ask(const Pdu& pdu) {
        std::vector<Pdu> answers = send(pdu);
        BOOST_REQUIRE_EQUAL(answers.size(), 1U);
        return answers.front();
    }
    std::vector<ContextAnswer> bind(std::vector<ContextElement> contexts) {
        return std::get<BindAck>(ask(bind_pdu(std::move(contexts))).body).answers;
    }
    void bind_echo() { BOOST_REQUIRE(bind({element(0, echo_interface)})[0].result == ContextResult::acceptance); }
    void bind_mapper() { BOOST_REQUIRE(bind({element(0, epm_interface)})[0].result == ContextResult::acceptance); }

    static std::vector<Pdu> parse_all(base::ByteView octets) {
        std::vector<Pdu> pdus;
        while (!octets.empty()) {
            BOOST_REQUIRE_GE(octets.size(), Header::size);
            const std::size_t length = parse_header(octets).frag_length;
            BOOST_REQUIRE_LE(length, octets.size());
            const auto pdu = parse(octets.first(length));
            BOOST_REQUIRE(pdu.has_value());
            pdus.push_back(*pdu);
            octets = octets.subspan(length);
        }
        return pdus;
    }

    ServerSession session;
    base::Bytes last;
    bool close = false;
};

// Checks that a PDU is this fault with these flags.
inline void check_fault(const Pdu& pdu, std::uint32_t call_id, std::uint16_t context, std::uint32_t code,
                        bool did_not_execute) {
    const Fault* fault = std::get_if<Fault>(&pdu.body);
    BOOST_REQUIRE(fault != nullptr);
    BOOST_TEST(fault->status == code);
    BOOST_TEST(fault->context_id == context);
    BOOST_TEST(fault->alloc_hint != 0U);
    BOOST_TEST(pdu.call_id == call_id);
    BOOST_TEST(static_cast<int>(pdu.flags.bits) ==
               PduFlags::whole + (did_not_execute ? static_cast<int>(PduFlags::did_not_execute) : 0));
}

inline void check_nak(const Pdu& pdu, std::uint32_t call_id, NakReason reason) {
    const BindNak* nak = std::get_if<BindNak>(&pdu.body);
    BOOST_REQUIRE(nak != nullptr);
    BOOST_TEST(static_cast<int>(nak->reason) == static_cast<int>(reason));
    BOOST_TEST(pdu.call_id == call_id);
}

}  // namespace rig
