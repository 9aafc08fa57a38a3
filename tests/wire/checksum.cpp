// The Internet checksum against the slowest honest way to take it, and against sums others published.
#include "sim/base/random.hpp"
#include "sim/wire/packet.hpp"
#include "tests/support/octets.hpp"

#include <boost/test/unit_test.hpp>

namespace {

using namespace sim;
using support::from_hex;

// RFC 1071 section 1, word by word.
std::uint16_t plain_checksum(base::ByteView octets, std::uint64_t sum) {
    for (std::size_t i = 0; i < octets.size(); i += 2)
        sum += octets[i] * 256U + (i + 1 < octets.size() ? octets[i + 1] : 0U);
    while (sum > 0xffff) sum = (sum >> 16U) + (sum & 0xffffU);
    return static_cast<std::uint16_t>(~sum);
}

BOOST_AUTO_TEST_SUITE(checksum)

BOOST_AUTO_TEST_CASE(published_sums) {
    // RFC 1071 section 3: 0001 f203 f4f5 f6f7 sums to ddf2.
    BOOST_TEST(wire::internet_checksum(from_hex("0001 f203 f4f5 f6f7")) == 0xffff - 0xddf2);
    // A UDP packet's IPv4 header as explained in many textbooks; its checksum field holds b861.
    BOOST_TEST(wire::internet_checksum(from_hex("4500 0073 0000 4000 4011 0000 c0a8 0001 c0a8 00c7")) == 0xb861);
    BOOST_TEST(wire::internet_checksum(from_hex("4500 0073 0000 4000 4011 b861 c0a8 0001 c0a8 00c7")) == 0);
    BOOST_TEST(wire::internet_checksum({}) == 0xffff);
    BOOST_TEST(wire::internet_checksum(from_hex("ab")) == 0xffff - 0xab00);
}

BOOST_AUTO_TEST_CASE(every_length_and_start_agrees_with_the_plain_way) {
    base::Random random(1071);
    for (std::size_t length = 0; length < 300; ++length) {
        base::Bytes octets(length);
        for (base::Byte& octet : octets) octet = static_cast<base::Byte>(random.chance(1, 3) ? 0xff : random.next());
        const support::Tight exact(octets);
        for (const std::uint32_t start : {0U, 1U, 0xffffU, 0x10000U, 0xffffffffU})
            BOOST_TEST_CONTEXT(length << " octets from " << start)
        BOOST_REQUIRE(wire::internet_checksum(exact, start) == plain_checksum(octets, start));
    }
}

BOOST_AUTO_TEST_CASE(carries_are_never_lost) {
    const base::Bytes ones(65535, base::Byte{0xff});
    BOOST_TEST(wire::internet_checksum(ones) == plain_checksum(ones, 0));
    BOOST_TEST(wire::internet_checksum(ones, 0xffffffffU) == plain_checksum(ones, 0xffffffffU));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
