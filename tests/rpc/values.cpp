// UUIDs, syntax identifiers, the table of interfaces, status codes.
#include "tests/rpc/rig.hpp"

using namespace rig;

BOOST_AUTO_TEST_SUITE(values)

BOOST_AUTO_TEST_CASE(uuids_that_parse) {
    for (const char* text : {"e1af8308-5d1f-11c9-91a4-08002b14a0fa", "00000000-0000-0000-0000-000000000000",
                             "ffffffff-ffff-ffff-ffff-ffffffffffff"}) {
        BOOST_TEST_CONTEXT(text) {
            const auto uuid = Uuid::parse(text);
            BOOST_REQUIRE(uuid.has_value());
            BOOST_TEST(uuid->format() == text);
        }
    }
    BOOST_TEST((*Uuid::parse("E1AF8308-5D1F-11C9-91A4-08002B14A0FA") == epm_interface.uuid));
}

BOOST_AUTO_TEST_CASE(texts_that_are_no_uuid) {
    for (const char* text :
         {"", "e1af8308", "e1af8308-5d1f-11c9-91a4-08002b14a0f", "e1af8308-5d1f-11c9-91a4-08002b14a0fa0",
          "{e1af8308-5d1f-11c9-91a4-08002b14a0fa}", " 1af8308-5d1f-11c9-91a4-08002b14a0fa",
          "e1af8308 5d1f-11c9-91a4-08002b14a0fa", "e1af83085d1f--11c9-91a4-08002b14a0fa",
          "g1af8308-5d1f-11c9-91a4-08002b14a0fa", "e1af8308-5d1f-11c9-91a4-08002b14a0f-",
          "-1af8308-5d1f-11c9-91a4-08002b14a0fa", "e1af8308-5d1f-11c9-91a4+08002b14a0fa"})
        BOOST_TEST(!Uuid::parse(text).has_value(), text);
}

BOOST_AUTO_TEST_CASE(a_uuid_follows_the_byte_order_in_its_first_eight_octets) {
    struct Case {
        ByteOrder order;
        const char* octets;
    };
    for (const Case& c : {Case{ByteOrder::little, "0883afe1 1f5d c911 91a4 08002b14a0fa"},
                          Case{ByteOrder::big, "e1af8308 5d1f 11c9 91a4 08002b14a0fa"}}) {
        base::Bytes out;
        OrderedWriter(out, c.order).uuid(epm_interface.uuid);
        BOOST_TEST(to_hex(out) == to_hex(from_hex(c.octets)));
        const Tight tight(out);
        BOOST_TEST((OrderedReader(tight, c.order).uuid() == epm_interface.uuid));
        const Tight cut(base::ByteView(out).first(15));
        OrderedReader in(cut, c.order);
        BOOST_TEST(in.uuid().is_nil());
        BOOST_TEST(!in.ok());
    }
}

BOOST_AUTO_TEST_CASE(versions_travel_major_first_in_the_low_half) {
    struct Case {
        SyntaxId id;
        const char* octets;
    };
    for (const Case& c : {Case{emsmdb_interface, "00 00 51 00"}, Case{nspi_interface, "38 00 00 00"}}) {
        base::Bytes out;
        OrderedWriter(out).syntax(c.id);
        BOOST_TEST(to_hex(base::ByteView(out).subspan(16)) == c.octets);
        BOOST_TEST((OrderedReader(out, ByteOrder::little).syntax() == c.id));
    }
    BOOST_TEST(format(emsmdb_interface) == "a4f1db00-ca47-1067-b31f-00dd010662da 0.81");
}

BOOST_AUTO_TEST_CASE(features_are_a_mask_and_nothing_else_is) {
    for (unsigned mask = 0; mask < 256; ++mask)
        BOOST_TEST(bind_time_features(bind_time_features_syntax(static_cast<std::uint8_t>(mask))).value() == mask);
    for (const SyntaxId& other : {ndr_syntax, ndr64_syntax, SyntaxId{"6cb71c2c-9812-4540-0300-000000000001"_uuid, 1, 0},
                                  SyntaxId{"6cb71c2c-9812-4540-0300-000000000000"_uuid, 2, 0},
                                  SyntaxId{"6cb71c2c-9812-4540-0301-000000000000"_uuid, 1, 0}, SyntaxId{}})
        BOOST_TEST(!bind_time_features(other).has_value());
}

BOOST_AUTO_TEST_CASE(random_uuids_depend_on_the_seed_alone) {
    base::Random one(7), same(7), other(8);
    const Uuid first = random_uuid(one);
    BOOST_TEST((first == random_uuid(same)));
    BOOST_TEST((first != random_uuid(other)));
    BOOST_TEST((first != random_uuid(one)));
    BOOST_TEST((first.time_high >> 12U) == 4U);
    BOOST_TEST((first.tail[0] >> 6U) == 2);
}

BOOST_AUTO_TEST_CASE(interfaces_are_found_with_their_service) {
    struct Case {
        SyntaxId id;
        Service service;
        const char* word;
    };
    for (const Case& c :
         {Case{epm_interface, Service::endpoint_mapper, "endpoint mapper"},
          Case{nspi_interface, Service::directory, "directory"}, Case{xds_interface, Service::directory, "directory"},
          Case{emsmdb_interface, Service::information_store, "information store"},
          Case{sa_public_interface, Service::system_attendant, "system attendant"},
          Case{rfr_interface, Service::system_attendant, "system attendant"},
          Case{mta_interface, Service::mta, "MTA"}}) {
        BOOST_TEST((service_of(c.id.uuid) == c.service), c.word);
        BOOST_TEST(word(service_of(c.id.uuid)) == c.word);
        BOOST_TEST((find_well_known(c.id.uuid)->id == c.id));
    }
    BOOST_TEST(find_well_known(nspi_interface.uuid)->annotation == "MS Exchange Directory NSP Interface");
    BOOST_TEST((find_well_known(echo_interface.uuid) == nullptr));
    BOOST_TEST(name_of(echo_interface.uuid) == "12345678-1234-abcd-ef00-0123456789ab");
    for (const WellKnownInterface& row : well_known_interfaces()) BOOST_TEST(row.annotation.size() <= 63U);
}

BOOST_AUTO_TEST_CASE(an_administrator_sees_win32_codes) {
    struct Case {
        std::uint32_t wire;
        std::uint32_t seen;
        const char* text;
    };
    for (const Case& c :
         {Case{0x16c9a0d6, 1753, "1753 (EPT_S_NOT_REGISTERED)"}, Case{0x1c010003, 1717, "1717 (RPC_S_UNKNOWN_IF)"},
          Case{0x1c010002, 1745, "1745 (RPC_S_PROCNUM_OUT_OF_RANGE)"},
          Case{0x1c01000b, 1728, "1728 (RPC_S_PROTOCOL_ERROR)"}, Case{0x1c00001a, 6, "6 (ERROR_INVALID_HANDLE)"},
          Case{5, 5, "5 (ERROR_ACCESS_DENIED)"}, Case{0x6f7, 1783, "1783 (RPC_X_BAD_STUB_DATA)"},
          Case{1722, 1722, "1722 (RPC_S_SERVER_UNAVAILABLE)"}, Case{1726, 1726, "1726 (RPC_S_CALL_FAILED)"},
          Case{1727, 1727, "1727 (RPC_S_CALL_FAILED_DNE)"}, Case{9999, 9999, "9999"},
          Case{0x80040115, 0x80040115, "0x80040115"}}) {
        BOOST_TEST(win32_of(c.wire) == c.seen);
        BOOST_TEST(format_status(c.seen) == c.text);
    }
    BOOST_TEST(find_status(1722)->message == "The RPC server is unavailable.");
    BOOST_TEST(find_status(1753)->message == "There are no more endpoints available from the endpoint mapper.");
    BOOST_TEST((find_status(12345) == nullptr));
    BOOST_TEST(find_status(0x16c9a0d6)->name == "ept_s_not_registered");
    BOOST_TEST(find_status(status::nca_context_mismatch)->name == "nca_s_fault_context_mismatch");
}

BOOST_AUTO_TEST_SUITE_END()
