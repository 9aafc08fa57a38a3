// Ports, ranges, endpoints and protocols as text.
#include "sim/wire/endpoint.hpp"

#include "sim/base/random.hpp"
#include "sim/wire/flow.hpp"

#include <boost/test/unit_test.hpp>

#include <bitset>

namespace {

using namespace sim::wire;

constexpr PortRange range(unsigned first, unsigned last) {
    return {Port{static_cast<std::uint16_t>(first)}, Port{static_cast<std::uint16_t>(last)}};
}

BOOST_AUTO_TEST_SUITE(endpoint)

BOOST_AUTO_TEST_CASE(ports) {
    for (const unsigned value : {0U, 1U, 9U, 10U, 135U, 5000U, 65534U, 65535U}) {
        const auto parsed = parse_port(std::to_string(value));
        BOOST_REQUIRE(parsed);
        BOOST_TEST(parsed->value == value);
        BOOST_TEST(format(*parsed) == std::to_string(value));
    }
    struct Row {
        const char* text;
        const char* error;
    };
    const Row rows[] = {
        {"", "a port is missing"},
        {"65536", "port 65536 is above 65535"},
        {"70000", "port 70000 is above 65535"},
        {"99999999999999999999", "port 99999999999999999999 is above 65535"},
        {"0135", "port 0135 has a leading zero"},
        {"00", "port 00 has a leading zero"},
        {"-1", "\"-1\" is no port number"},
        {"+1", "\"+1\" is no port number"},
        {" 1", "\" 1\" is no port number"},
        {"1 ", "\"1 \" is no port number"},
        {"0x87", "\"0x87\" is no port number"},
        {"1e3", "\"1e3\" is no port number"},
        {"http", "\"http\" is no port number"},
        {"13\n5", "\"13?5\" is no port number"},
    };
    for (const Row& row : rows) BOOST_TEST_CONTEXT('"' << row.text << '"') {
            const auto parsed = parse_port(row.text);
            BOOST_REQUIRE(!parsed);
            BOOST_TEST(parsed.error() == row.error);
        }
}

BOOST_AUTO_TEST_CASE(port_ranges) {
    struct Row {
        const char* text;
        PortRange expected;
        const char* canonical;
    };
    const Row rows[] = {{"5000", range(5000, 5000), "5000"},
                        {"5000-5000", range(5000, 5000), "5000"},
                        {"5000-5100", range(5000, 5100), "5000-5100"},
                        {"0-65535", PortRange::all(), "0-65535"}};
    for (const Row& row : rows) BOOST_TEST_CONTEXT(row.text) {
            const auto parsed = parse_port_range(row.text);
            BOOST_REQUIRE(parsed);
            BOOST_TEST((*parsed == row.expected));
            BOOST_TEST(format(*parsed) == row.canonical);
        }
    for (const char* text : {"", "-", "5000-", "-5000", "5000--5100", "5000 - 5100", "5000:5100", "5100-5000",
                             "1-65536", "1-2-3", "01-2", "1-02", "a-b", "5000,5001"})
        BOOST_TEST_CONTEXT('"' << text << '"') {
            const auto parsed = parse_port_range(text);
            BOOST_REQUIRE(!parsed);
            BOOST_TEST(!parsed.error().empty());
        }
    BOOST_TEST(parse_port_range("5100-5000").error() == "port range 5100-5000 runs backwards");
    BOOST_TEST(PortRange::all().size() == 65536U);
    BOOST_TEST(range(5, 5).size() == 1U);
    BOOST_TEST((range(5, 7).contains(Port{5}) && range(5, 7).contains(Port{7})));
    BOOST_TEST((!range(5, 7).contains(Port{4}) && !range(5, 7).contains(Port{8})));
}

BOOST_AUTO_TEST_CASE(lists_of_ranges) {
    BOOST_TEST(format(std::vector<PortRange>{}) == "none");
    BOOST_TEST(format(std::vector{range(5000, 5100), range(135, 135)}) == "135, 5000-5100");
    BOOST_TEST(format(std::vector{range(3, 4), range(1, 2)}) == "1-4");
    BOOST_TEST(format(std::vector{range(1, 2), range(4, 5)}) == "1-2, 4-5");
    BOOST_TEST(format(std::vector{range(1, 100), range(5, 6), range(50, 101)}) == "1-101");
    BOOST_TEST(format(std::vector{range(65535, 65535), range(0, 0), range(65535, 65535)}) == "0, 65535");
    BOOST_TEST(format(std::vector{range(0, 65535), range(65535, 65535)}) == "0-65535");
}

// Against a bit for each port: nothing is lost or added, and no two ranges touch.
BOOST_AUTO_TEST_CASE(normalizing_keeps_the_set) {
    sim::base::Random random(135);
    for (int round = 0; round < 200; ++round) {
        std::vector<PortRange> ranges;
        std::bitset<65536> expected;
        for (std::uint64_t i = random.below(12); i > 0; --i) {
            const auto first = static_cast<unsigned>(random.chance(1, 2) ? random.below(60) : 65535 - random.below(60));
            const auto last = static_cast<unsigned>(std::min<std::uint64_t>(65535, first + random.below(9)));
            ranges.push_back(range(first, last));
            for (unsigned port = first; port <= last; ++port) expected.set(port);
        }
        std::bitset<65536> found;
        std::uint32_t floor = 0;
        for (const PortRange& r : normalized(ranges)) {
            BOOST_REQUIRE(r.first.value >= floor);
            for (std::uint32_t port = r.first.value; port <= r.last.value; ++port) found.set(port);
            floor = r.last.value + 2U;
        }
        BOOST_REQUIRE(found == expected);
    }
}

// Against a bit for each port.
BOOST_AUTO_TEST_CASE(taking_ports_away) {
    sim::base::Random random(5001);
    const auto some = [&](std::bitset<65536>& bits) {
        std::vector<PortRange> ranges;
        for (std::uint64_t i = random.below(8); i > 0; --i) {
            const auto first = static_cast<unsigned>(random.chance(1, 2) ? random.below(60) : 65535 - random.below(60));
            ranges.push_back(range(first, static_cast<unsigned>(std::min<std::uint64_t>(65535, first + random.below(9)))));
            for (unsigned port = ranges.back().first.value; port <= ranges.back().last.value; ++port) bits.set(port);
        }
        return ranges;
    };
    for (int round = 0; round < 200; ++round) {
        std::bitset<65536> a, b, found;
        const auto from = some(a);
        const auto left = without(from, some(b));
        for (const PortRange& r : left)
            for (std::uint32_t port = r.first.value; port <= r.last.value; ++port) found.set(port);
        BOOST_REQUIRE(found == (a & ~b));
        BOOST_REQUIRE((normalized(left) == left));
    }
}

BOOST_AUTO_TEST_CASE(endpoints_and_protocols) {
    BOOST_TEST(format(Endpoint{IpAddress::v4(10, 0, 0, 10), Port{135}}) == "10.0.0.10:135");
    BOOST_TEST(format(Endpoint{IpAddress::v6(0x20010db800000000, 1), Port{135}}) == "[2001:db8::1]:135");
    BOOST_TEST(format(Protocol::tcp) == "TCP");
    BOOST_TEST(format(Protocol::udp) == "UDP");
    BOOST_TEST(format(Protocol::icmp) == "ICMP");
    BOOST_TEST(format(Protocol::icmpv6) == "ICMPv6");
    BOOST_TEST(format(Protocol{47}) == "protocol 47");

    const FlowKey flow{
        Protocol::tcp, {IpAddress::v4(192, 0, 2, 50), Port{1030}}, {IpAddress::v4(10, 0, 0, 10), Port{135}}};
    BOOST_TEST(format(flow) == "TCP (192.0.2.50, 1030, 10.0.0.10, 135)");
    BOOST_TEST(format(reversed(flow)) == "TCP (10.0.0.10, 135, 192.0.2.50, 1030)");
    BOOST_TEST((reversed(reversed(flow)) == flow));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
