// Request and response bodies of all interfaces: round trips in both byte orders, cuts, lies about lengths.
#include "sim/rpc/emsmdb.hpp"
#include "sim/rpc/epm.hpp"
#include "sim/rpc/mgmt.hpp"
#include "sim/rpc/nspi.hpp"
#include "tests/rpc/rig.hpp"

using namespace rig;

namespace {

constexpr ContextHandle some_handle{0, echo_interface.uuid};

Tower some_tower(std::uint16_t port) { return {.interface = emsmdb_interface, .port = wire::Port{port}}; }

// Emits, parses whole, with octets to spare, and one octet short of every length: the last must fail.
template <class Value, class Parse>
void check_both_ways(const char* name, const Value& value, Parse parse_it) {
    for (const ByteOrder order : {ByteOrder::little, ByteOrder::big})
        BOOST_TEST_CONTEXT(name << " order " << static_cast<int>(order)) {
            base::Bytes stub;
            NdrWriter out(stub, order);
            emit(out, value);
            const auto parsed = parse_it(Tight(stub), order);
            BOOST_REQUIRE(parsed.has_value());
            BOOST_TEST((*parsed == value));
            base::Bytes spare = stub;
            spare.insert(spare.end(), 13, 0xee);
            BOOST_TEST(parse_it(Tight(spare), order).has_value());
            for (std::size_t size = 0; size < stub.size(); ++size)
                BOOST_TEST(!parse_it(Tight(base::ByteView(stub).first(size)), order).has_value());
        }
}

base::Bytes tower_octets() {
    base::Bytes octets;
    emit_tower(octets, some_tower(0));
    return octets;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(bodies)

BOOST_AUTO_TEST_CASE(endpoint_mapper) {
    check_both_ways("map request", EptMapRequest{.tower = tower_octets(), .entry_handle = some_handle},
                    parse_ept_map_request);
    check_both_ways("map request of nothing", EptMapRequest{.object = std::nullopt, .max_towers = 0},
                    parse_ept_map_request);
    check_both_ways("map response", EptMapResponse{some_handle, 500, {some_tower(1), some_tower(2)}, 0},
                    parse_ept_map_response);
    check_both_ways("empty map response", EptMapResponse{.status = 0x16c9a0d6}, parse_ept_map_response);
    check_both_ways("lookup request", EptLookupRequest{3, echo_interface.uuid, echo_interface, 5, some_handle, 1},
                    parse_ept_lookup_request);
    check_both_ways("plain lookup request", EptLookupRequest{}, parse_ept_lookup_request);
    check_both_ways("lookup response",
                    EptLookupResponse{some_handle,
                                      3,
                                      {{Uuid{}, some_tower(1), "one"},
                                       {echo_interface.uuid, std::nullopt, ""},
                                       {Uuid{}, some_tower(3), std::string(63, 'x')}},
                                      0},
                    parse_ept_lookup_response);
    check_both_ways("free response", EptHandleFreeResponse{some_handle, 7}, parse_ept_handle_free_response);
    BOOST_TEST((*parse_ept_handle_free_request(ept_handle_free_stub(some_handle), ByteOrder::little) == some_handle));
    BOOST_TEST(ept_map_stub(nspi_interface).size() == 132U);
}

BOOST_AUTO_TEST_CASE(management) {
    check_both_ways("if ids", InqIfIdsResponse{{nspi_interface, emsmdb_interface}, 0}, parse_inq_if_ids_response);
    check_both_ways("no if ids", InqIfIdsResponse{}, parse_inq_if_ids_response);
    check_both_ways("stats", InqStatsResponse{{1, 2, 3, 4}, 0}, parse_inq_stats_response);
}

BOOST_AUTO_TEST_CASE(directory_and_store) {
    check_both_ways("NspiBind", NspiBindRequest{1, {1, 2, 3, 4, 5, 6, 7, 8, 9}, echo_interface.uuid},
                    parse_nspi_bind_request);
    check_both_ways("NspiBind without GUID", NspiBindRequest{}, parse_nspi_bind_request);
    check_both_ways("NspiBind answer", NspiBindResponse{echo_interface.uuid, some_handle, 0x80040111},
                    parse_nspi_bind_response);
    check_both_ways("NspiUnbind", NspiUnbindRequest{some_handle, 0}, parse_nspi_unbind_request);
    check_both_ways("NspiUnbind answer", NspiUnbindResponse{}, parse_nspi_unbind_response);
    for (const char* dn : {"", "/o=Acme/ou=Site/cn=Recipients/cn=mary"})
        check_both_ways("EcDoConnect", EcDoConnectRequest{.user_dn = dn, .time_stamp = 7}, parse_ec_connect_request);
    check_both_ways(
        "EcDoConnect answer",
        EcDoConnectResponse{
            .handle = some_handle, .session = 3, .dn_prefix = "/o=Acme", .display_name = "Mary", .code = 0x80040111},
        parse_ec_connect_response);
    check_both_ways("EcDoDisconnect answer", EcDoDisconnectResponse{some_handle, 1}, parse_ec_disconnect_response);
    for (const std::size_t length : {0U, 7U, 16U})
        check_both_ways("push",
                        EcRegisterPushRequest{.handle = some_handle,
                                              .context = base::Bytes(length, 0x55),
                                              .callback = {wire::IpAddress::v4(192, 0, 2, 50), wire::Port{1044}}},
                        parse_ec_register_push_request);
    check_both_ways("push answer", EcRegisterPushResponse{some_handle, 1, 2}, parse_ec_register_push_response);
    BOOST_TEST((*parse_ec_disconnect_request(ec_disconnect_stub(some_handle), ByteOrder::little) == some_handle));
    BOOST_TEST(nspi_bind_stub().size() == 44U);
}

BOOST_AUTO_TEST_CASE(requests_out_of_their_range) {
    const auto map = [](std::uint32_t max_towers) {
        return parse_ept_map_request(ept_map_stub(nspi_interface, max_towers), ByteOrder::little);
    };
    BOOST_TEST(map(500).has_value());
    BOOST_TEST((map(501).error() == StubReason::out_of_range));
    BOOST_TEST((map(0xffffffff).error() == StubReason::out_of_range));
    base::Bytes stub = ept_map_stub(nspi_interface);
    stub[24] = 76;  // max_count, while tower_length stays 75
    BOOST_TEST((parse_ept_map_request(stub, ByteOrder::little).error() == StubReason::lengths_differ));
    stub[28] = 76;  // both, so that the handle begins where max_towers was: still inside, still readable
    BOOST_TEST(parse_ept_map_request(stub, ByteOrder::little).has_value());
    stub[24] = stub[28] = 200;
    BOOST_TEST((parse_ept_map_request(stub, ByteOrder::little).error() == StubReason::cut));
    stub[27] = stub[31] = 0xff;
    BOOST_TEST((parse_ept_map_request(stub, ByteOrder::little).error() == StubReason::cut));
    EptLookupRequest lookup{.max_entries = 501};
    base::Bytes lookup_stub;
    NdrWriter out(lookup_stub);
    emit(out, lookup);
    BOOST_TEST((parse_ept_lookup_request(lookup_stub, ByteOrder::little).error() == StubReason::out_of_range));
}

// A server may lie about every length; no claim may be allocated by.
BOOST_AUTO_TEST_CASE(responses_that_lie) {
    struct Case {
        const char* name;
        const char* tail;
        StubReason reason;
    };
    for (const Case& c :
         {Case{"count without towers", "ffffffff ffffffff 00000000 ffffffff 01000000", StubReason::cut},
          Case{"more than asked for", "02000000 01000000 00000000 02000000 01000000 02000000",
               StubReason::lengths_differ},
          Case{"counts differ", "01000000 04000000 00000000 00000000 00000000", StubReason::lengths_differ},
          Case{"offset", "00000000 04000000 01000000 00000000 00000000", StubReason::lengths_differ},
          Case{"a tower that is none",
               "01000000 01000000 00000000 01000000 03000000 02000000 02000000 0500 0000 00000000",
               StubReason::tower_malformed},
          Case{"a tower beyond the end", "01000000 01000000 00000000 01000000 03000000 ffffff7f ffffff7f",
               StubReason::cut}})
        BOOST_TEST_CONTEXT(c.name) {
            base::Bytes stub(20, 0);
            const base::Bytes tail = from_hex(c.tail);
            stub.insert(stub.end(), tail.begin(), tail.end());
            const auto parsed = parse_ept_map_response(Tight(stub), ByteOrder::little);
            BOOST_REQUIRE(!parsed.has_value());
            BOOST_TEST((parsed.error() == c.reason), format(parsed.error()));
            BOOST_TEST(!parse_ept_lookup_response(Tight(stub), ByteOrder::little).has_value());
        }
}

BOOST_AUTO_TEST_CASE(the_port_of_an_answer) {
    Tower udp = some_tower(53);
    udp.transport = tower_protocol::udp;
    BOOST_TEST(!tcp_port_of({}).has_value());
    BOOST_TEST(!tcp_port_of({.towers = {some_tower(5)}, .status = 1}).has_value());
    BOOST_TEST(!tcp_port_of({.towers = {udp}}).has_value());
    BOOST_TEST(!tcp_port_of({.towers = {some_tower(0)}}).has_value());
    BOOST_TEST(tcp_port_of({.towers = {udp, some_tower(1236), some_tower(7)}})->value == 1236);
}

BOOST_AUTO_TEST_SUITE_END()
