// The walk over IPv6 extension headers.
#include "sim/wire/packet.hpp"
#include "tests/support/octets.hpp"
#include "tests/wire/samples.hpp"

#include <boost/test/unit_test.hpp>

namespace {

using namespace sim;
using namespace sim::wire;
using support::from_hex;
using support::Tight;

constexpr std::uint8_t hop_by_hop = 0, tcp = 6, routing = 43, fragment_next = 44, authentication = 51, none = 59,
                       options = 60, mobility = 135;

// An IPv6 packet whose header names `next`, with these octets behind it.
base::Bytes six(std::uint8_t next, const base::Bytes& payload) {
    IpHeader ip = samples::ip(Family::ipv6);
    ip.protocol = Protocol{next};
    return emit_raw(ip, payload);
}

base::Bytes joined(std::initializer_list<base::Bytes> pieces) {
    base::Bytes all;
    for (const base::Bytes& piece : pieces) all.insert(all.end(), piece.begin(), piece.end());
    return all;
}

// The TCP part of a SYN between the sample addresses: its checksum holds behind any chain of headers.
base::Bytes segment() {
    const base::Bytes whole = emit_tcp(samples::ip(Family::ipv6), samples::syn());
    return {whole.begin() + 40, whole.end()};
}

base::Bytes header(std::uint8_t next, std::uint8_t length = 0) {
    base::Bytes octets((length + std::size_t{1}) * 8);
    octets[0] = next;
    octets[1] = length;
    return octets;
}

base::Bytes authenticated(std::uint8_t next, std::uint8_t length) {
    base::Bytes octets((length + std::size_t{2}) * 4);
    octets[0] = next;
    octets[1] = length;
    return octets;
}

base::Bytes fragment_header(std::uint8_t next, std::uint16_t offset, bool more) {
    const unsigned place = offset | (more ? 1U : 0U);
    return {next, 0,   static_cast<base::Byte>(place >> 8U), static_cast<base::Byte>(place & 0xffU), 0xde, 0xad,
            0xbe, 0xef};
}

struct Walk {
    const char* name;
    base::Bytes octets;
    std::uint8_t protocol;
    bool has_tcp;
    std::size_t payload_size;  // of ip_payload
};

const Walk walks[] = {
    {"no header", six(tcp, segment()), tcp, true, 24},
    {"hop-by-hop", six(hop_by_hop, joined({header(tcp), segment()})), tcp, true, 24},
    {"a long one", six(options, joined({header(tcp, 3), segment()})), tcp, true, 24},
    {"the longest", six(options, joined({header(tcp, 255), segment()})), tcp, true, 24},
    {"all three", six(hop_by_hop, joined({header(routing), header(options, 1), header(tcp), segment()})), tcp, true,
     24},
    {"atomic fragment (RFC 6946)", six(fragment_next, joined({fragment_header(tcp, 0, false), segment()})), tcp, true,
     24},
    {"first fragment", six(fragment_next, joined({fragment_header(tcp, 0, true), segment()})), tcp, true, 24},
    {"options behind a first fragment",
     six(fragment_next, joined({fragment_header(options, 0, true), header(tcp), segment()})), tcp, true, 24},
    {"later fragment", six(fragment_next, joined({fragment_header(tcp, 8, false), segment()})), tcp, false, 24},
    {"later fragment that only looks like headers",
     six(fragment_next, joined({fragment_header(options, 8, true), header(tcp), segment()})), options, false, 32},
    {"two fragment headers",
     six(fragment_next, joined({fragment_header(fragment_next, 0, false), fragment_header(tcp, 0, true), segment()})),
     fragment_next, false, 32},
    {"authentication counts in words of 4", six(authentication, joined({authenticated(tcp, 4), segment()})), tcp, true,
     24},
    {"authentication longer than the packet", six(authentication, {65, 66, 0, 0, 0, 0, 0, 0}), 65, false, 0},
    {"mobility stops the walk", six(hop_by_hop, joined({header(mobility), header(tcp), segment()})), mobility, false,
     32},
    {"no next header", six(none, {}), none, false, 0},
    {"no next header behind options", six(options, header(none)), none, false, 0},
};

BOOST_AUTO_TEST_SUITE(extensions)

BOOST_AUTO_TEST_CASE(chains_that_can_be_walked) {
    for (const Walk& row : walks) BOOST_TEST_CONTEXT(row.name) {
            const Tight exact(row.octets);
            const auto view = parse(exact);
            BOOST_REQUIRE(view);
            BOOST_TEST((view->ip.protocol == Protocol{row.protocol}));
            BOOST_TEST((view->tcp() != nullptr) == row.has_tcp);
            if (row.has_tcp) BOOST_TEST((*view->tcp() == samples::syn()));
            BOOST_TEST(view->ip_payload.size() == row.payload_size);
            BOOST_TEST(!view->checksum_wrong);
            BOOST_TEST(!view->transport_cut);
        }
}

BOOST_AUTO_TEST_CASE(fragment_fields) {
    const Tight exact(six(fragment_next, joined({fragment_header(tcp, 1480, true), segment()})));
    const auto view = parse(exact);
    BOOST_REQUIRE(view);
    BOOST_TEST(view->ip.fragment_offset == 1480U);
    BOOST_TEST(view->ip.more_fragments);
    BOOST_TEST(view->ip.id == 0xdeadbeefU);
}

struct Cut {
    const char* name;
    base::Bytes octets;
};

const Cut cuts[] = {
    {"nothing where a header should be", six(hop_by_hop, {})},
    {"seven octets", six(options, from_hex("06 00 00 00 00 00 00"))},
    {"longer than the packet",
     six(options, joined({from_hex("06 01 00 00 00 00 00 00"), from_hex("00 00 00 00 00 00 00")}))},
    {"the longest claim", six(routing, from_hex("06 ff 00 00 00 00 00 00"))},
    {"fragment header cut", six(fragment_next, from_hex("06 00 00 00 00 00 00"))},
    {"second header missing", six(hop_by_hop, header(options))},
    {"cut inside a first fragment",
     six(fragment_next, joined({fragment_header(options, 0, true), from_hex("06 09 00 00 00 00 00 00")}))},
};

BOOST_AUTO_TEST_CASE(chains_that_run_off_the_end) {
    for (const Cut& row : cuts) BOOST_TEST_CONTEXT(row.name) {
            const Tight exact(row.octets);
            const auto view = parse(exact);
            BOOST_REQUIRE(!view);
            BOOST_TEST((view.error() == ParseError{row.octets.size(), ParseReason::extension_cut}));
        }
}

// The header's length field decides, not the octets that happen to follow on the link.
BOOST_AUTO_TEST_CASE(link_padding_does_not_complete_a_header) {
    base::Bytes octets = six(hop_by_hop, header(options));
    octets.insert(octets.end(), 64, base::Byte{0});
    const Tight exact(octets);
    BOOST_TEST(!parse(exact));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
