// The handlers: endpoint mapper, management, directory, store, as a client on one connection meets them.
#include "sim/rpc/emsmdb.hpp"
#include "sim/rpc/mgmt.hpp"
#include "sim/rpc/nspi.hpp"
#include "tests/rpc/rig.hpp"

using namespace rig;

namespace {

constexpr SyntaxId older = {emsmdb_interface.uuid, 0, 80};
constexpr SyntaxId newer = {emsmdb_interface.uuid, 0, 82};

MapEntry entry(const SyntaxId& interface, std::uint16_t port, std::string annotation = "x", Uuid object = {}) {
    return {.interface = interface, .annotation = std::move(annotation), .port = wire::Port{port}, .object = object};
}

template <class Value>
base::Bytes stub_of(const Value& value) {
    base::Bytes stub;
    NdrWriter out(stub);
    emit(out, value);
    return stub;
}

// A connection on which one interface is bound; answers are decoded, faults become their status.
struct Conversation {
    Conversation(Server& server, const SyntaxId& interface) : talk(server) {
        BOOST_REQUIRE(talk.bind({element(0, interface)})[0].result == ContextResult::acceptance);
    }
    Body call(std::uint16_t opnum, base::ByteView stub) { return talk.ask(request_pdu(2, opnum, stub)).body; }
    std::uint32_t fault(std::uint16_t opnum, base::ByteView stub) {
        const Body body = call(opnum, stub);
        const Fault* fault = std::get_if<Fault>(&body);
        BOOST_TEST(!talk.close);
        return fault != nullptr ? fault->status : 0;
    }
    base::Bytes answer(std::uint16_t opnum, base::ByteView stub) {
        const Body body = call(opnum, stub);
        BOOST_REQUIRE(std::holds_alternative<Response>(body));
        const base::ByteView octets = std::get<Response>(body).stub;
        return {octets.begin(), octets.end()};
    }
    EptMapResponse map(const EptMapRequest& request) {
        return *parse_ept_map_response(Tight(answer(epm_opnum::map, stub_of(request))), ByteOrder::little);
    }
    EptLookupResponse lookup(const EptLookupRequest& request) {
        return *parse_ept_lookup_response(Tight(answer(epm_opnum::lookup, stub_of(request))), ByteOrder::little);
    }
    Talk talk;
};

EptMapRequest map_request(const Tower& tower, std::uint32_t max_towers = 4) {
    EptMapRequest request{.max_towers = max_towers};
    emit_tower(request.tower.emplace(), tower);
    return request;
}

std::string ports(const EptMapResponse& response) {
    std::string text;
    for (const Tower& tower : response.towers) text += std::to_string(tower.port.value) + ' ';
    return text;
}

std::string ports(const EptLookupResponse& response) {
    std::string text;
    for (const EptEntry& e : response.entries) text += std::to_string(e.tower->port.value) + ' ';
    return text;
}

struct MapServer : Server {
    MapServer() {
        entries = {entry(nspi_interface, 1236, "MS Exchange Directory NSP Interface"), entry(emsmdb_interface, 1259),
                   entry(newer, 1260), entry(mta_interface, 1300, "m", echo_interface.uuid)};
    }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(servers)

BOOST_AUTO_TEST_CASE(ept_map_matches) {
    MapServer server;
    Conversation c(server, epm_interface);
    Tower udp{.interface = nspi_interface}, other_major = udp, ndr64 = udp, pipe = udp, datagram = udp, bare = udp;
    udp.transport = tower_protocol::udp;
    other_major.interface.major = 55;
    ndr64.transfer_syntax = ndr64_syntax;
    pipe.transport = tower_protocol::named_pipe;
    datagram.rpc_protocol = tower_protocol::connectionless;
    bare.transport.reset();
    bare.network.reset();
    struct Case {
        const char* name;
        Tower tower;
        const char* ports;
    };
    for (const Case& k : {Case{"the directory", {.interface = nspi_interface}, "1236 "},
                          Case{"any minor that is as high", {.interface = older}, "1259 1260 "},
                          Case{"the same minor", {.interface = emsmdb_interface}, "1259 1260 "},
                          Case{"a higher minor", {.interface = newer}, "1260 "},
                          Case{"with an object, asked without", {.interface = mta_interface}, "1300 "},
                          Case{"port and host are not compared",
                               {.interface = nspi_interface, .port = wire::Port{9}, .host = wire::IpAddress::v4(9)},
                               "1236 "},
                          Case{"without transport", bare, "1236 "}, Case{"UDP", udp, ""}, Case{"a pipe", pipe, ""},
                          Case{"major", other_major, ""}, Case{"NDR64", ndr64, ""}, Case{"datagrams", datagram, ""},
                          Case{"unknown", {.interface = echo_interface}, ""}})
        BOOST_TEST_CONTEXT(k.name) {
            const EptMapResponse answer = c.map(map_request(k.tower));
            BOOST_TEST(ports(answer) == k.ports);
            BOOST_TEST(answer.status == (k.ports[0] == 0 ? status::ept_not_registered : 0));
            BOOST_TEST(answer.entry_handle.is_null());
            BOOST_TEST(answer.max_towers == 4U);
            for (const Tower& tower : answer.towers) BOOST_TEST((tower.host == server.local.address));
        }
}

BOOST_AUTO_TEST_CASE(ept_map_of_nonsense_is_not_registered) {
    MapServer server;
    Conversation c(server, epm_interface);
    EptMapRequest garbage{.tower = from_hex("0500 ffff 0d")};
    for (const EptMapRequest& request : {EptMapRequest{}, garbage, EptMapRequest{.tower = base::Bytes{}},
                                         map_request({.interface = nspi_interface}, 0)}) {
        const EptMapResponse answer = c.map(request);
        BOOST_TEST(answer.status == status::ept_not_registered);
        BOOST_TEST(answer.max_towers == request.max_towers);
    }
    BOOST_TEST(c.fault(epm_opnum::map, ept_map_stub(nspi_interface, 501)) == status::bad_stub_data);
    BOOST_TEST(c.fault(epm_opnum::map, {}) == status::bad_stub_data);
}

BOOST_AUTO_TEST_CASE(ept_map_in_pages_keeps_its_first_result) {
    MapServer server;
    Conversation c(server, epm_interface);
    EptMapRequest request = map_request({.interface = older}, 1);
    const EptMapResponse first = c.map(request);
    BOOST_TEST(ports(first) == "1259 ");
    BOOST_TEST(!first.entry_handle.is_null());
    server.entries.clear();
    request.entry_handle = first.entry_handle;
    const EptMapResponse second = c.map(request);
    BOOST_TEST(ports(second) == "1260 ");
    BOOST_TEST(second.entry_handle.is_null());
    BOOST_TEST(c.fault(epm_opnum::map, stub_of(request)) == status::nca_context_mismatch);
}

BOOST_AUTO_TEST_CASE(handles_serve_one_operation_and_one_group) {
    MapServer server;
    Conversation c(server, epm_interface), stranger(server, epm_interface);
    EptMapRequest map = map_request({.interface = older}, 1);
    map.entry_handle = c.map(map).entry_handle;
    EptLookupRequest lookup{.entry_handle = map.entry_handle};
    BOOST_TEST(c.fault(epm_opnum::lookup, stub_of(lookup)) == status::nca_context_mismatch);
    BOOST_TEST(stranger.fault(epm_opnum::map, stub_of(map)) == status::nca_context_mismatch);
    BOOST_TEST(stranger.fault(epm_opnum::lookup_handle_free, ept_handle_free_stub(map.entry_handle)) ==
               status::nca_context_mismatch);
    const auto freed = parse_ept_handle_free_response(
        c.answer(epm_opnum::lookup_handle_free, ept_handle_free_stub(map.entry_handle)), ByteOrder::little);
    BOOST_TEST((*freed == EptHandleFreeResponse{}));
    BOOST_TEST(c.fault(epm_opnum::lookup_handle_free, ept_handle_free_stub(map.entry_handle)) ==
               status::nca_context_mismatch);
    BOOST_TEST(c.answer(epm_opnum::lookup_handle_free, ept_handle_free_stub({})).size() == 24U);
}

BOOST_AUTO_TEST_CASE(ept_lookup_selects) {
    MapServer server;
    server.entries.push_back(entry(older, 1258));
    Conversation c(server, epm_interface);
    const Uuid object = echo_interface.uuid;
    struct Case {
        const char* name;
        EptLookupRequest request;
        const char* ports;
        std::uint32_t status;
    };
    for (const Case& k :
         {Case{"all", {.vers_option = 1}, "1236 1259 1260 1300 1258 ", 0},
          Case{"all, as rpcclient asks", {.vers_option = 0}, "1236 1259 1260 1300 1258 ", 0},
          Case{"all, other arguments ignored",
               {.object = object, .interface = nspi_interface},
               "1236 1259 1260 1300 1258 ",
               0},
          Case{"any version", {.inquiry_type = 1, .interface = emsmdb_interface}, "1259 1260 1258 ", 0},
          Case{"compatible", {.inquiry_type = 1, .interface = emsmdb_interface, .vers_option = 2}, "1259 1260 ", 0},
          Case{"exact", {.inquiry_type = 1, .interface = emsmdb_interface, .vers_option = 3}, "1259 ", 0},
          Case{"major", {.inquiry_type = 1, .interface = emsmdb_interface, .vers_option = 4}, "1259 1260 1258 ", 0},
          Case{"up to", {.inquiry_type = 1, .interface = emsmdb_interface, .vers_option = 5}, "1259 1258 ", 0},
          Case{"object", {.inquiry_type = 2, .object = object}, "1300 ", 0},
          Case{"both", {.inquiry_type = 3, .object = object, .interface = mta_interface}, "1300 ", 0},
          Case{"both, not both",
               {.inquiry_type = 3, .object = object, .interface = nspi_interface},
               "",
               status::ept_not_registered},
          Case{"unknown", {.inquiry_type = 1, .interface = echo_interface}, "", status::ept_not_registered},
          Case{"no such inquiry", {.inquiry_type = 4}, "", status::ept_cant_perform_op},
          Case{"no such option",
               {.inquiry_type = 1, .interface = nspi_interface, .vers_option = 6},
               "",
               status::ept_cant_perform_op},
          Case{"by no interface", {.inquiry_type = 1}, "", status::ept_cant_perform_op}})
        BOOST_TEST_CONTEXT(k.name) {
            const EptLookupResponse answer = c.lookup(k.request);
            BOOST_TEST(ports(answer) == k.ports);
            BOOST_TEST(answer.status == k.status);
            BOOST_TEST(answer.entry_handle.is_null());
            BOOST_TEST(answer.max_entries == 500U);
        }
    BOOST_TEST(c.lookup({}).entries[0].annotation == "MS Exchange Directory NSP Interface");
}

// impacket's way: 500 at once, stop at a NULL handle. rpcclient's way: one at a time, stop at "not registered" only.
BOOST_AUTO_TEST_CASE(ept_lookup_pages_as_clients_need_it) {
    for (const std::uint32_t page : {1U, 2U, 3U, 4U, 5U, 500U}) {
        MapServer server;
        Conversation c(server, epm_interface);
        EptLookupRequest request{.vers_option = 0, .max_entries = page};
        std::string all;
        for (int guard = 0; guard < 10; ++guard) {
            const EptLookupResponse answer = c.lookup(request);
            const bool full = answer.entries.size() == page;
            all += ports(answer);
            BOOST_TEST(answer.entry_handle.is_null() == !full);
            BOOST_TEST(answer.status == (answer.entries.empty() ? status::ept_not_registered : 0));
            request.entry_handle = answer.entry_handle;
            if (answer.entry_handle.is_null()) break;
        }
        BOOST_TEST(all == "1236 1259 1260 1300 ");
    }
}

// Asked for none, it gives none, and the enumeration goes on where it was.
BOOST_AUTO_TEST_CASE(ept_lookup_of_no_entries_loses_none) {
    MapServer server;
    Conversation c(server, epm_interface);
    EptLookupRequest request{.vers_option = 0, .max_entries = 1};
    request.entry_handle = c.lookup(request).entry_handle;
    request.max_entries = 0;
    const EptLookupResponse none = c.lookup(request);
    BOOST_TEST(none.status == 0U);
    BOOST_TEST(none.entries.empty());
    BOOST_TEST((none.entry_handle == request.entry_handle));
    request.max_entries = 500;
    BOOST_TEST(ports(c.lookup(request)) == "1259 1260 1300 ");
}

BOOST_AUTO_TEST_CASE(the_mapper_refuses_to_be_changed) {
    MapServer server;
    Conversation c(server, epm_interface);
    for (const int opnum : {0, 1, 5, 6, 7, 8, 65535})
        BOOST_TEST(c.fault(static_cast<std::uint16_t>(opnum), base::Bytes(64, 0)) == status::nca_op_rng_error);
    BOOST_TEST(c.lookup({}).entries.size() == 4U);
}

BOOST_AUTO_TEST_CASE(an_entry_may_name_its_own_address) {
    MapServer server;
    server.entries[0].address = wire::IpAddress::v4(10, 9, 9, 9);
    Conversation c(server, epm_interface);
    BOOST_TEST(c.map(map_request({.interface = nspi_interface})).towers[0].host.format() == "10.9.9.9");
}

BOOST_AUTO_TEST_CASE(management) {
    Server server;
    Conversation c(server, mgmt_interface);
    const auto ids = parse_inq_if_ids_response(c.answer(mgmt_opnum::inq_if_ids, {}), ByteOrder::little);
    BOOST_TEST((ids->interfaces == std::vector<SyntaxId>{epm_interface, echo_interface, mgmt_interface}));
    for (const auto& [asked, given] : {std::pair{0U, 0U}, {2U, 2U}, {4U, 4U}, {0xffffffffU, 4U}}) {
        base::Bytes stub;
        OrderedWriter(stub).u32(asked);
        const auto stats = parse_inq_stats_response(c.answer(mgmt_opnum::inq_stats, stub), ByteOrder::little);
        BOOST_TEST(stats->statistics.size() == given);
        if (given == 4) BOOST_TEST(stats->statistics[0] > stats->statistics[1]);
    }
    BOOST_TEST(to_hex(c.answer(mgmt_opnum::is_server_listening, {})) == "00 00 00 00 01 00 00 00");
    BOOST_TEST(to_hex(c.answer(mgmt_opnum::stop_server_listening, {})) == "05 00 00 00");
    BOOST_TEST(to_hex(c.answer(mgmt_opnum::inq_princ_name, from_hex("0a000000 40000000"))) ==
               to_hex(from_hex("40000000 00000000 01000000 00000000 d3060000")));
    BOOST_TEST(c.fault(mgmt_opnum::inq_princ_name, from_hex("0a000000 00000000")) == status::bad_stub_data);
    BOOST_TEST(c.fault(mgmt_opnum::inq_stats, {}) == status::bad_stub_data);
    BOOST_TEST(c.fault(5, {}) == status::nca_op_rng_error);
}

BOOST_AUTO_TEST_CASE(directory) {
    Server server;
    NspiServer nspi(echo_interface.uuid);
    server.interfaces.add(nspi);
    Conversation c(server, nspi_interface);
    const auto plain = parse_nspi_bind_response(c.answer(nspi_opnum::bind, nspi_bind_stub()), ByteOrder::little);
    BOOST_TEST(!plain->server.has_value());
    BOOST_TEST(plain->code == 0U);
    BOOST_TEST(!plain->handle.is_null());
    const auto named =
        parse_nspi_bind_response(c.answer(nspi_opnum::bind, nspi_bind_stub({.server = Uuid{}})), ByteOrder::little);
    BOOST_TEST((*named->server == echo_interface.uuid));
    BOOST_TEST((named->handle != plain->handle));
    const auto gone =
        parse_nspi_unbind_response(c.answer(nspi_opnum::unbind, nspi_unbind_stub(plain->handle)), ByteOrder::little);
    BOOST_TEST((*gone == NspiUnbindResponse{}));
    BOOST_TEST(c.fault(nspi_opnum::unbind, nspi_unbind_stub(plain->handle)) == status::nca_context_mismatch);
    BOOST_TEST(c.fault(nspi_opnum::unbind, nspi_unbind_stub({})) == status::nca_context_mismatch);
    BOOST_TEST(c.fault(nspi_opnum::bind, base::Bytes(43, 0)) == status::bad_stub_data);
    BOOST_TEST(c.fault(nspi_opnum::unbind, base::Bytes(23, 0)) == status::bad_stub_data);
    for (std::uint16_t opnum = 2; opnum <= 20; ++opnum) BOOST_TEST(c.fault(opnum, {}) == status::access_denied);
    BOOST_TEST(c.fault(21, {}) == status::nca_op_rng_error);
}

BOOST_AUTO_TEST_CASE(store) {
    Server server;
    EmsmdbServer emsmdb;
    server.interfaces.add(emsmdb);
    Conversation c(server, emsmdb_interface);
    BOOST_TEST(to_hex(c.answer(emsmdb_opnum::dummy, {})) == "00 00 00 00");
    const auto logon = parse_ec_connect_response(
        c.answer(emsmdb_opnum::connect, ec_connect_stub({.user_dn = "/o=Acme/cn=mary"})), ByteOrder::little);
    BOOST_TEST(logon->code == 0U);
    EcRegisterPushRequest push{.handle = logon->handle,
                               .context = from_hex("01020304"),
                               .callback = {wire::IpAddress::v4(192, 0, 2, 50), wire::Port{1044}}};
    const auto pushed = parse_ec_register_push_response(
        c.answer(emsmdb_opnum::register_push_notification, ec_register_push_stub(push)), ByteOrder::little);
    BOOST_TEST((pushed->handle == logon->handle));
    BOOST_TEST((emsmdb.take_registrations() == std::vector{push}));
    BOOST_TEST(emsmdb.take_registrations().empty());
    const auto bye = c.answer(emsmdb_opnum::disconnect, ec_disconnect_stub(logon->handle));
    BOOST_TEST((*parse_ec_disconnect_response(bye, ByteOrder::little) == EcDoDisconnectResponse{}));
    BOOST_TEST(c.fault(emsmdb_opnum::disconnect, ec_disconnect_stub(logon->handle)) == status::nca_context_mismatch);
    BOOST_TEST(c.fault(emsmdb_opnum::register_push_notification, ec_register_push_stub(push)) ==
               status::nca_context_mismatch);
    BOOST_TEST(emsmdb.take_registrations().empty());
    for (const int opnum : {0, 1, 4})
        BOOST_TEST(c.fault(static_cast<std::uint16_t>(opnum), base::Bytes(3, 0)) == status::bad_stub_data);
    for (const int opnum : {2, 3, 5, 7, 10, 11, 14})
        BOOST_TEST(c.fault(static_cast<std::uint16_t>(opnum), {}) == status::access_denied);
    BOOST_TEST(c.fault(15, {}) == status::nca_op_rng_error);
}

BOOST_AUTO_TEST_SUITE_END()
