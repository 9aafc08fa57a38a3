// Packets cut into fragments, put together again by hand, and quoted by ICMP errors.
#include "sim/base/random.hpp"
#include "sim/wire/packet.hpp"
#include "tests/support/octets.hpp"
#include "tests/wire/samples.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <set>

namespace {

using namespace sim;
using namespace sim::wire;
using support::from_hex;
using support::Tight;

base::Bytes noise(std::size_t size, std::uint64_t seed) {
    base::Random random(seed);
    base::Bytes octets(size);
    for (base::Byte& octet : octets) octet = static_cast<base::Byte>(random.next());
    return octets;
}

IpHeader cuttable(Family family) {
    IpHeader ip = samples::ip(family);
    ip.dont_fragment = family == Family::ipv6;
    ip.id = family == Family::ipv4 ? 77 : 0;
    return ip;
}

BOOST_AUTO_TEST_SUITE(fragments)

BOOST_AUTO_TEST_CASE(pieces_make_the_whole_again) {
    for (const Family family : samples::both_families)
        for (const std::size_t size : {0U, 1U, 7U, 8U, 9U, 1459U, 1460U, 1461U, 4000U, 65000U})
            for (const std::size_t mtu : {56U, 68U, 576U, 1279U, 1280U, 1500U, 65535U}) {
                const base::Bytes whole =
                    emit_udp(cuttable(family), {.source = Port{1}, .target = Port{2}}, noise(size, 1));
                const auto head = whole.begin() + (family == Family::ipv4 ? 20 : 40);
                const auto pieces = fragment(whole, mtu);
                BOOST_TEST_CONTEXT(size << " octets through " << mtu) {
                    if (whole.size() <= mtu) {
                        BOOST_REQUIRE(pieces.size() == 1U);
                        BOOST_REQUIRE((pieces[0] == whole));
                        continue;
                    }
                    base::Bytes together;
                    std::set<std::uint32_t> ids;
                    for (const base::Bytes& piece : pieces) {
                        BOOST_REQUIRE(piece.size() <= mtu);
                        const auto view = parse(piece);
                        BOOST_REQUIRE(view);
                        BOOST_REQUIRE(view->ip.fragment_offset == together.size());
                        BOOST_REQUIRE(view->ip.more_fragments == (&piece != &pieces.back()));
                        BOOST_REQUIRE((view->ip.protocol == Protocol::udp));
                        BOOST_REQUIRE((view->udp() != nullptr) == together.empty());
                        BOOST_REQUIRE(!view->checksum_wrong);
                        together.insert(together.end(), view->ip_payload.begin(), view->ip_payload.end());
                        ids.insert(view->ip.id);
                    }
                    BOOST_REQUIRE(std::equal(head, whole.end(), together.begin(), together.end()));
                    BOOST_REQUIRE(ids.size() == 1U);
                }
            }
}

BOOST_AUTO_TEST_CASE(fragments_can_be_cut_again) {
    for (const Family family : samples::both_families) {
        const base::Bytes whole = emit_udp(cuttable(family), {.source = Port{1}, .target = Port{2}}, noise(3000, 2));
        base::Bytes together;
        int last = 0;
        for (const base::Bytes& piece : fragment(whole, 1500))
            for (const base::Bytes& smaller : fragment(piece, 576)) {
                const auto view = parse(smaller);
                BOOST_REQUIRE(view);
                BOOST_TEST(view->ip.fragment_offset == together.size());
                together.insert(together.end(), view->ip_payload.begin(), view->ip_payload.end());
                last += view->ip.more_fragments ? 0 : 1;
            }
        BOOST_TEST(last == 1);
        BOOST_TEST(together.size() == 3008U);
    }
}

BOOST_AUTO_TEST_CASE(different_ipv6_packets_have_different_identifications) {
    std::set<std::uint32_t> ids;
    for (std::uint64_t seed = 0; seed < 100; ++seed) {
        const base::Bytes whole =
            emit_udp(cuttable(Family::ipv6), {.source = Port{1}, .target = Port{2}}, noise(2000, seed));
        ids.insert(parse(fragment(whole, 1280).front())->ip.id);
    }
    BOOST_TEST(ids.size() == 100U);
}

BOOST_AUTO_TEST_CASE(odd_requests_end_well) {
    const base::Bytes whole = emit_udp(cuttable(Family::ipv4), {.source = Port{1}, .target = Port{2}}, noise(100, 3));
    for (const std::size_t mtu : {0U, 1U, 20U, 27U, 28U}) BOOST_TEST(fragment(whole, mtu).size() == 14U);
    BOOST_TEST(fragment({}, 1500).size() == 1U);
    const base::Bytes nonsense = noise(50, 4);
    BOOST_REQUIRE(fragment(nonsense, 10).size() == 1U);
    BOOST_TEST((fragment(nonsense, 10)[0] == nonsense));
}

// A fragment that ends beyond 65535, as the "ping of death" does: cut, its pieces would begin again at offset 0.
BOOST_AUTO_TEST_CASE(a_fragment_beyond_the_largest_packet_stays_whole) {
    for (const Family family : samples::both_families) {
        IpHeader ip = cuttable(family);
        ip.fragment_offset = 65520;
        BOOST_TEST(fragment(emit_raw(ip, noise(100, 9)), 68).size() == 1U);
        ip.fragment_offset = 65400;
        BOOST_TEST(fragment(emit_raw(ip, noise(100, 9)), 68).size() > 1U);
    }
}

// Emitted without the first header, a second fragment header would be read as the first.
BOOST_AUTO_TEST_CASE(a_second_fragment_header_stays_where_it_is) {
    IpHeader ip = cuttable(Family::ipv6);
    ip.protocol = Protocol{44};
    base::Bytes payload = from_hex("2c 00 00 00 00 00 00 01  11 00 00 01 00 00 00 02");
    payload.resize(100);
    const base::Bytes whole = emit_raw(ip, payload);
    BOOST_REQUIRE(fragment(whole, 68).size() == 1U);
    BOOST_TEST((fragment(whole, 68)[0] == whole));
}

// A first fragment too short for its TCP header is the classic way past a filter; the filter must be told.
BOOST_AUTO_TEST_CASE(a_tiny_first_fragment_is_told) {
    const base::Bytes whole = emit_tcp(cuttable(Family::ipv4), samples::syn());
    const auto pieces = fragment(whole, 28);
    BOOST_REQUIRE(pieces.size() == 3U);
    const auto first = parse(pieces[0]);
    BOOST_REQUIRE(first);
    BOOST_TEST(first->transport_cut);
    BOOST_TEST((first->transport.index() == 0));
    const auto second = parse(pieces[1]);
    BOOST_REQUIRE(second);
    BOOST_TEST(!second->transport_cut);
    BOOST_TEST(second->payload.size() == 8U);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(quoted)

BOOST_AUTO_TEST_CASE(eight_octets_of_transport_are_enough) {
    for (const Family family : samples::both_families) {
        const base::Bytes whole = emit_tcp(samples::ip(family), samples::syn(), noise(50, 5));
        const std::size_t head = family == Family::ipv4 ? 20 : 40;
        for (std::size_t size = 0; size <= whole.size(); ++size) {
            const Tight cut(base::ByteView(whole).first(size));
            const auto view = parse_quoted(cut);
            BOOST_TEST_CONTEXT(size << " octets") {
                BOOST_REQUIRE(view.has_value() == (size >= head));
                if (!view) continue;
                BOOST_REQUIRE(view->transport_cut == (size < head + 8));
                if (view->transport_cut) continue;
                BOOST_REQUIRE(view->tcp() != nullptr);
                BOOST_REQUIRE((view->source().port == Port{1030} && view->target().port == Port{135}));
                BOOST_REQUIRE(view->tcp()->sequence == 100U);
                BOOST_REQUIRE((view->tcp()->mss == samples::syn().mss) == (size >= head + 24));
                BOOST_REQUIRE(!view->checksum_wrong);
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(other_transports) {
    const base::Bytes udp = emit_udp(samples::ip(Family::ipv4), {.source = Port{7}, .target = Port{9}}, noise(20, 6));
    const Tight datagram(base::ByteView(udp).first(28));
    BOOST_REQUIRE(parse_quoted(datagram));
    BOOST_TEST((parse_quoted(datagram)->target().port == Port{9}));

    const base::Bytes echo = emit_icmp(samples::ip(Family::ipv6), {.type = 128, .code = 0, .rest = 5}, noise(20, 7));
    const Tight message(base::ByteView(echo).first(48));
    BOOST_REQUIRE(parse_quoted(message));
    BOOST_TEST(parse_quoted(message)->icmp()->rest == 5U);
}

// A router has counted the TTL down and need not have mended the checksum of what it quotes.
BOOST_AUTO_TEST_CASE(a_changed_header_is_tolerated) {
    base::Bytes whole = emit_tcp(samples::ip(Family::ipv4), samples::syn());
    whole[8] = 1;
    BOOST_TEST(!parse(whole));
    BOOST_TEST(parse_quoted(whole).has_value());
    whole[0] = 0x44;
    BOOST_TEST(!parse_quoted(whole));
    whole[0] = 0x45;
    whole[2] = whole[3] = 0;
    BOOST_TEST(!parse_quoted(whole));
}

// Extensions behind the quoted packet (RFC 4884) are not its payload.
BOOST_AUTO_TEST_CASE(what_follows_the_quoted_packet_is_not_its) {
    base::Bytes whole = emit_udp(samples::ip(Family::ipv4), {.source = Port{7}, .target = Port{9}}, noise(4, 8));
    whole.insert(whole.end(), 100, base::Byte{0});
    BOOST_REQUIRE(parse_quoted(whole));
    BOOST_TEST(parse_quoted(whole)->payload.size() == 4U);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
