// PDUs: what was emitted parses to the same value, in both byte orders, with and without an auth trailer; and what
// must not parse does not.
#include "sim/rpc/pdu.hpp"

#include "tests/rpc/rig.hpp"

using namespace rig;

namespace {

const base::Bytes some_stub = from_hex("0102030405060708090a");
const base::Bytes token = from_hex("4e544c4d5353500001");

struct Named {
    const char* name;
    Body body;
};

std::vector<Named> all_bodies() {
    const ContextAnswer yes{ContextResult::acceptance, ContextReason::not_specified, ndr_syntax};
    const ContextAnswer no{ContextResult::provider_rejection, ContextReason::abstract_syntax_not_supported, {}};
    AlterContext alter;
    alter.contexts = {element(7, mgmt_interface)};
    AlterContextResponse altered;
    altered.group = 9;
    altered.answers = {yes};
    return {
        {"request", Request{10, 3, 4, std::nullopt, some_stub}},
        {"request with object", Request{10, 0, 1, echo_interface.uuid, some_stub}},
        {"empty request", Request{}},
        {"response", Response{10, 3, 1, some_stub}},
        {"fault", Fault{32, 5, 0, 0x1c010003}},
        {"bind",
         Bind{4280, 2048, 77, {element(0, epm_interface, {ndr64_syntax, ndr_syntax}), element(1, mgmt_interface, {})}}},
        {"bind without contexts", Bind{}},
        {"bind_ack", BindAck{4280, 2048, 77, "1236", {yes, no}}},
        {"bind_ack without address", BindAck{4280, 2048, 77, "", {yes}}},
        {"bind_nak", BindNak{NakReason::protocol_version_not_supported}},
        {"alter_context", alter},
        {"alter_context response", altered},
        {"shutdown", Shutdown{}},
        {"co_cancel", CoCancel{}},
        {"orphaned", Orphaned{}}};
}

// Emit sets this flag by the object; a parsed PDU shows it.
PduFlags flags_of(const Body& body) {
    const Request* request = std::get_if<Request>(&body);
    const bool object = request != nullptr && request->object.has_value();
    return PduFlags{static_cast<std::uint8_t>(PduFlags::whole | (object ? PduFlags::object_uuid : 0))};
}

PduReason reason_of(base::ByteView octets) {
    const Tight tight(octets);
    const auto pdu = parse(tight);
    BOOST_REQUIRE(!pdu.has_value());
    return pdu.error().reason;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(pdu)

BOOST_AUTO_TEST_CASE(round_trips) {
    for (const Named& named : all_bodies())
        for (const ByteOrder order : {ByteOrder::little, ByteOrder::big})
            for (const bool with_auth : {false, true})
                BOOST_TEST_CONTEXT(named.name << " order " << static_cast<int>(order) << " auth " << with_auth) {
                    Pdu pdu{1, flags_of(named.body), Drep::of(order), 0x12345678, named.body, std::nullopt};
                    if (with_auth) pdu.auth = AuthVerifier{10, 2, 99, token};
                    const Tight octets(octets_of(pdu));
                    const auto parsed = parse(octets);
                    BOOST_REQUIRE(parsed.has_value());
                    BOOST_TEST((*parsed == pdu));
                    BOOST_TEST((type_of(parsed->body) == parse_header(octets).type));
                }
}

// One octet short is noticed by frag_length; with frag_length made to agree, by the body or it parses to a shorter
// stub, but it never reads past the end (the sanitizer watches).
BOOST_AUTO_TEST_CASE(every_cut_is_noticed_or_harmless) {
    for (const Named& named : all_bodies()) {
        const base::Bytes whole = octets_of({.flags = flags_of(named.body), .body = named.body});
        base::Bytes spare = whole;
        spare.push_back(0);
        BOOST_TEST((reason_of(spare) == PduReason::length_wrong), named.name);
        for (std::size_t size = 0; size < whole.size(); ++size) {
            base::Bytes cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
            BOOST_TEST((reason_of(cut) == (size < 16 ? PduReason::header_cut : PduReason::length_wrong)));
            if (size < 16) continue;
            cut[8] = static_cast<base::Byte>(size);
            cut[9] = static_cast<base::Byte>(size >> 8U);
            const Tight tight(cut);
            (void)parse(tight);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_bind_without_elements_may_end_behind_the_count) {
    const auto parsed = parse(Tight(from_hex("05000b0310000000 19000000 01000000 d016d016 00000000 00")));
    BOOST_REQUIRE(parsed.has_value());
    BOOST_TEST(std::get<Bind>(parsed->body).contexts.empty());
}

BOOST_AUTO_TEST_CASE(octets_that_are_no_pdu) {
    struct Case {
        const char* name;
        const char* octets;
        PduReason reason;
    };
    const Case cases[] = {
        {"empty", "", PduReason::header_cut},
        {"frag_length below the header", "05000b0310000000 0f000000 01000000", PduReason::length_wrong},
        {"version 4", "0400120310000000 10000000 01000000", PduReason::version_unsupported},
        {"minor 2", "0502120310000000 10000000 01000000", PduReason::version_unsupported},
        {"type 1", "0500010310000000 10000000 01000000", PduReason::type_unknown},
        {"type 20", "0500140310000000 10000000 01000000", PduReason::type_unknown},
        {"type 255", "0500ff0310000000 10000000 01000000", PduReason::type_unknown},
        {"request cut", "0500000310000000 17000000 01000000 00000000 000000", PduReason::body_cut},
        {"object cut", "0500008310000000 18000000 01000000 00000000 0000 0000", PduReason::body_cut},
        {"bind cut", "05000b0310000000 18000000 01000000 d016d016 00000000", PduReason::body_cut},
        {"one element, none there", "05000b0310000000 1c000000 01000000 d016d016 00000000 01000000",
         PduReason::context_list_cut},
        {"auth longer than the PDU", "0500120310000000 10000100 01000000", PduReason::auth_does_not_fit},
        {"auth without its header", "0500120310000000 17000100 01000000 0a020000 000000", PduReason::auth_does_not_fit},
        {"auth padding longer than the body", "0500120310000000 19000100 01000000 0a020100 00000000 aa",
         PduReason::auth_does_not_fit},
        {"address beyond the end", "05000c0310000000 1c000000 01000000 d016d016 00000000 0400 3133",
         PduReason::address_wrong},
        {"address without NUL", "05000c0310000000 20000000 01000000 d016d016 00000000 0200 3133 00000000",
         PduReason::address_wrong},
        {"results beyond the end", "05000c0310000000 20000000 01000000 d016d016 00000000 0000 0000 01000000",
         PduReason::context_list_cut},
        {"fault cut", "0500030310000000 1b000000 01000000 20000000 0000 0000 030001", PduReason::body_cut},
        {"nak cut", "05000d0310000000 11000000 01000000 04", PduReason::body_cut},
    };
    for (const Case& c : cases) BOOST_TEST_CONTEXT(c.name) {
            const PduReason reason = reason_of(from_hex(c.octets));
            BOOST_TEST((reason == c.reason), format(reason));
        }
}

BOOST_AUTO_TEST_CASE(emitting_fits_what_was_there_before) {
    base::Bytes out{1, 2, 3};
    emit(out, {.call_id = 5, .body = BindAck{.secondary_address = "135", .answers = {{}}}});
    const auto parsed = parse(base::ByteView(out).subspan(3));
    BOOST_REQUIRE(parsed.has_value());
    BOOST_TEST(out.size() == 3U + 60U);
}

BOOST_AUTO_TEST_SUITE_END()
