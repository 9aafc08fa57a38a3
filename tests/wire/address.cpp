// Addresses and prefixes as text, checked against tables and against the C library's reader and writer.
#include "sim/wire/address.hpp"

#include "sim/base/random.hpp"
#include "tests/support/octets.hpp"

#include <boost/test/unit_test.hpp>

#include <arpa/inet.h>
#include <array>

namespace {

using namespace sim::wire;
using sim::base::text_of;
using sim::base::view_of;
using support::Tight;

struct Good {
    const char* text;
    IpAddress expected;
    const char* canonical;
};

const Good good_addresses[] = {
    {"0.0.0.0", IpAddress::v4(0), "0.0.0.0"},
    {"10.0.0.10", IpAddress::v4(10, 0, 0, 10), "10.0.0.10"},
    {"255.255.255.255", IpAddress::v4(0xffffffff), "255.255.255.255"},
    {"::", IpAddress::v6(0, 0), "::"},
    {"::1", IpAddress::v6(0, 1), "::1"},
    {"1::", IpAddress::v6(0x0001000000000000, 0), "1::"},
    {"2001:DB8::A", IpAddress::v6(0x20010db800000000, 0xa), "2001:db8::a"},
    {"2001:0db8:0000:0000:0000:0000:0000:0001", IpAddress::v6(0x20010db800000000, 1), "2001:db8::1"},
    {"2001:db8:0:1:1:1:1:1", IpAddress::v6(0x20010db800000001, 0x0001000100010001), "2001:db8:0:1:1:1:1:1"},
    {"2001:0:0:1:0:0:0:1", IpAddress::v6(0x2001000000000001, 1), "2001:0:0:1::1"},
    {"2001:db8:0:0:1:0:0:1", IpAddress::v6(0x20010db800000000, 0x0001000000000001), "2001:db8::1:0:0:1"},
    {"1:2:3:4:5:6:7::", IpAddress::v6(0x0001000200030004, 0x0005000600070000), "1:2:3:4:5:6:7:0"},
    {"::2:3:4:5:6:7:8", IpAddress::v6(0x0000000200030004, 0x0005000600070008), "0:2:3:4:5:6:7:8"},
    {"::ffff:192.0.2.1", IpAddress::v6(0, 0xffffc0000201), "::ffff:192.0.2.1"},
    {"::FFFF:c000:201", IpAddress::v6(0, 0xffffc0000201), "::ffff:192.0.2.1"},
    {"64:ff9b::192.0.2.33", IpAddress::v6(0x0064ff9b00000000, 0xc0000221), "64:ff9b::c000:221"},
    {"1:2:3:4:5:6:1.2.3.4", IpAddress::v6(0x0001000200030004, 0x0005000601020304), "1:2:3:4:5:6:102:304"},
    {"ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", IpAddress::v6(~0ULL, ~0ULL), "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"},
};

const char* const bad_addresses[] = {
    "",
    " ",
    "10",
    "10.0",
    "10.0.0",
    "10.0.0.0.0",
    "10.0.0.",
    ".10.0.0",
    "10..0.0",
    "10.0.0.256",
    "10.0.0.01",
    "010.0.0.1",
    "10.0.0.1 ",
    " 10.0.0.1",
    "10.0.0.1\n",
    "+1.0.0.0",
    "-1.0.0.0",
    "0x10.0.0.1",
    "10.0.0.1/8",
    "10.0.0.99999999999999999999",
    "1.2.3.4.",
    "a.b.c.d",
    "localhost",
    "10,0,0,1",
    "4294967295",
    ":",
    ":::",
    "1",
    "1:2",
    "1:2:3:4:5:6:7",
    "1:2:3:4:5:6:7:8:9",
    "1:2:3:4:5:6:7:8::",
    "::1:2:3:4:5:6:7:8",
    "1::2::3",
    ":1:2:3:4:5:6:7",
    "1:2:3:4:5:6:7:",
    "1:::2",
    "12345::",
    "g::",
    "::g",
    "::1%eth0",
    "[::1]",
    "::1 ",
    " ::1",
    "::1/64",
    "::1.2.3",
    "::1.2.3.4.5",
    "::1.2.3.256",
    "::01.2.3.4",
    "1.2.3.4::",
    "1.2.3.4:5::",
    "::1.2.3.4:5",
    "1:2:3:4:5:6:7:1.2.3.4",
    "1:2:3:4:5:1.2.3.4",
    "::-1",
    "0x1::",
    "::1.2.3.4:",
    "1:2:3:4:5:6:7:8:",
    "::00001",
};

bool accepted(std::string_view text) {
    const Tight exact(view_of(text));
    return IpAddress::parse(text_of(exact)).has_value();
}

BOOST_AUTO_TEST_SUITE(address)

BOOST_AUTO_TEST_CASE(texts_that_are_addresses) {
    for (const Good& row : good_addresses) BOOST_TEST_CONTEXT(row.text) {
            const Tight exact(view_of(row.text));
            const auto parsed = IpAddress::parse(text_of(exact));
            BOOST_REQUIRE(parsed);
            BOOST_TEST((*parsed == row.expected));
            BOOST_TEST(parsed->format() == row.canonical);
        }
}

BOOST_AUTO_TEST_CASE(texts_that_are_none) {
    for (const char* text : bad_addresses) BOOST_TEST_CONTEXT('"' << text << '"') {
            const auto parsed = IpAddress::parse(text);
            BOOST_REQUIRE(!parsed);
            BOOST_TEST(!parsed.error().empty());
        }
    BOOST_TEST(!accepted(std::string_view("10.0.0.1\0", 9)));
    BOOST_TEST(!accepted(std::string_view("::1\0", 4)));
    BOOST_TEST(IpAddress::parse(std::string(100'000, ':')).error().size() < 300U);
    BOOST_TEST(IpAddress::parse("10.0.0").error() == "\"10.0.0\" has 3 parts, an IPv4 address has 4");
}

BOOST_AUTO_TEST_CASE(families_never_meet) {
    BOOST_TEST((*IpAddress::parse("::ffff:10.0.0.1") != *IpAddress::parse("10.0.0.1")));
    BOOST_TEST((*IpAddress::parse("::a00:1") != *IpAddress::parse("10.0.0.1")));
    BOOST_TEST((IpAddress::v4(9, 0, 0, 1) < IpAddress::v4(10, 0, 0, 0)));
    BOOST_TEST((IpAddress::v6(0, ~0ULL) < IpAddress::v6(1, 0)));
}

std::string by_the_library(const IpAddress& a) {
    std::array<unsigned char, 16> octets{};
    for (unsigned i = 0; i < 8; ++i) {
        octets[i] = static_cast<unsigned char>(a.high() >> (56U - 8 * i));
        octets[i + 8] = static_cast<unsigned char>(a.low() >> (56U - 8 * i));
    }
    std::array<char, INET6_ADDRSTRLEN> text{};
    return inet_ntop(a.is_v4() ? AF_INET : AF_INET6, a.is_v4() ? octets.data() + 12 : octets.data(), text.data(),
                     text.size());
}

bool library_accepts(const std::string& text) {
    std::array<unsigned char, 16> octets{};
    const int family = text.find(':') == std::string::npos ? AF_INET : AF_INET6;
    return text.find('\0') == std::string::npos && inet_pton(family, text.c_str(), octets.data()) == 1;
}

// Groups of zeros at every place, so that every choice of "::" comes up.
IpAddress some_address(sim::base::Random& random) {
    if (random.chance(1, 4)) return IpAddress::v4(static_cast<std::uint32_t>(random.next()));
    std::uint64_t high = random.next();
    std::uint64_t low = random.next() >> random.below(64);
    for (unsigned shift = 0; shift < 64; shift += 16) {
        if (random.chance(1, 2)) high &= ~(std::uint64_t{0xffff} << shift);
        if (random.chance(1, 2)) low &= ~(std::uint64_t{0xffff} << shift);
    }
    return IpAddress::v6(high, low);
}

BOOST_AUTO_TEST_CASE(text_agrees_with_the_library) {
    sim::base::Random random(4291);
    for (int i = 0; i < 20'000; ++i) {
        const IpAddress a = some_address(random);
        const std::string text = a.format();
        const auto back = IpAddress::parse(text);
        BOOST_REQUIRE_MESSAGE(back && *back == a, text);
        // The library shows "IPv4-compatible" addresses with an IPv4 tail; they are deprecated (RFC 4291 2.5.5.1).
        if (a.is_v4() || a.high() != 0 || a.low() >> 32U != 0) BOOST_REQUIRE(text == by_the_library(a));
    }
}

BOOST_AUTO_TEST_CASE(acceptance_agrees_with_the_library) {
    sim::base::Random random(5952);
    constexpr std::string_view letters = "0123456789abcdefABCDEFg:::::.... ";
    int good = 0;
    for (int i = 0; i < 100'000; ++i) {
        std::string text = some_address(random).format();
        for (std::uint64_t edits = random.below(3); edits > 0 && !text.empty(); --edits) {
            const std::size_t at = random.below(text.size());
            if (random.chance(1, 3))
                text.erase(at, 1);
            else if (random.chance(1, 2))
                text.insert(at, 1, letters[random.below(letters.size())]);
            else
                text[at] = letters[random.below(letters.size())];
        }
        BOOST_REQUIRE_MESSAGE(accepted(text) == library_accepts(text), text);
        good += accepted(text) ? 1 : 0;
    }
    BOOST_TEST(good > 10'000);
    BOOST_TEST(good < 95'000);
}

struct GoodPrefix {
    const char* text;
    const char* canonical;
    int length;
};

const GoodPrefix good_prefixes[] = {
    {"10.0.0.10", "10.0.0.10", 32},
    {"10.0.0.10/32", "10.0.0.10", 32},
    {"10.1.2.3/8", "10.0.0.0/8", 8},
    {"10.1.2.3/31", "10.1.2.2/31", 31},
    {"1.2.3.4/0", "0.0.0.0/0", 0},
    {"200.2.3.4/1", "128.0.0.0/1", 1},
    {"10.1.2.3/255.0.0.0", "10.0.0.0/8", 8},
    {"10.1.2.3/0.0.0.0", "0.0.0.0/0", 0},
    {"10.1.2.3/255.255.255.255", "10.1.2.3", 32},
    {"10.1.2.3/255.0.0.255", "10.0.0.3/255.0.0.255", -1},
    {"10.1.2.3/0.0.0.255", "0.0.0.3/0.0.0.255", -1},
    {"2001:db8::1", "2001:db8::1", 128},
    {"2001:db8::1/32", "2001:db8::/32", 32},
    {"2001:db8::1/64", "2001:db8::/64", 64},
    {"2001:db8::ffff/127", "2001:db8::fffe/127", 127},
    {"ffff::/1", "8000::/1", 1},
    {"::1/0", "::/0", 0},
    {"1:2:3:4:5::/65", "1:2:3:4::/65", 65},
    {"2001:db8::1/ffff:ffff::", "2001:db8::/32", 32},
    {"2001:db8::1/ffff::ffff", "2001::1/ffff::ffff", -1},
};

const char* const bad_prefixes[] = {"",
                                    "/",
                                    "/8",
                                    "10.0.0.0/",
                                    "10.0.0.0/33",
                                    "10.0.0.0/08",
                                    "10.0.0.0/-1",
                                    "10.0.0.0/8/8",
                                    "10.0.0.0/ 8",
                                    "10.0.0.0/8 ",
                                    "10.0.0.0 /8",
                                    "10.0.0.0/255.0.0",
                                    "10.0.0.0/ffff::",
                                    "10.0.0.0/255.0.0.256",
                                    "::/129",
                                    "::/255.0.0.0",
                                    "::/0x40",
                                    "::/:",
                                    "10/8",
                                    "::/99999999999",
                                    "10.0.0.0/8a",
                                    "any"};

BOOST_AUTO_TEST_CASE(prefixes_as_text) {
    for (const GoodPrefix& row : good_prefixes) BOOST_TEST_CONTEXT(row.text) {
            const auto parsed = Prefix::parse(row.text);
            BOOST_REQUIRE(parsed);
            BOOST_TEST(parsed->format() == row.canonical);
            BOOST_TEST(parsed->length() == row.length);
            BOOST_TEST((*Prefix::parse(parsed->format()) == *parsed));
        }
    for (const char* text : bad_prefixes) BOOST_TEST_CONTEXT('"' << text << '"') {
            const auto parsed = Prefix::parse(text);
            BOOST_REQUIRE(!parsed);
            BOOST_TEST(!parsed.error().empty());
        }
}

BOOST_AUTO_TEST_CASE(every_length_goes_through_text) {
    for (unsigned length = 0; length <= 128; ++length) {
        const Prefix six = Prefix::of(IpAddress::v6(0x20010db8aaaaaaaa, 0x5555555555555555), length);
        BOOST_TEST(six.length() == static_cast<int>(length));
        BOOST_TEST((*Prefix::parse(six.format()) == six));
        if (length > 32) continue;
        const Prefix four = Prefix::of(IpAddress::v4(0xaaaa5555), length);
        BOOST_TEST(four.length() == static_cast<int>(length));
        BOOST_TEST((*Prefix::parse(four.format()) == four));
    }
}

BOOST_AUTO_TEST_CASE(what_a_prefix_contains) {
    struct Row {
        const char* prefix;
        const char* address;
        bool inside;
    };
    const Row rows[] = {
        {"10.0.0.0/8", "10.255.255.255", true},
        {"10.0.0.0/8", "11.0.0.0", false},
        {"10.0.0.0/8", "9.255.255.255", false},
        {"10.0.0.1", "10.0.0.1", true},
        {"10.0.0.1", "10.0.0.0", false},
        {"0.0.0.0/0", "255.1.2.3", true},
        {"0.0.0.0/0", "::1", false},
        {"::/0", "10.0.0.1", false},
        {"::/0", "::ffff:10.0.0.1", true},
        {"10.0.0.5/255.0.0.255", "10.9.9.5", true},
        {"10.0.0.5/255.0.0.255", "10.9.9.6", false},
        {"2001:db8::/32", "2001:db8:ffff::1", true},
        {"2001:db8::/32", "2001:db9::", false},
        {"::1:0/112", "::1:ffff", true},
        {"::1:0/112", "::2:0", false},
    };
    for (const Row& row : rows) BOOST_TEST_CONTEXT(row.address << " in " << row.prefix)
    BOOST_TEST(Prefix::parse(row.prefix)->contains(*IpAddress::parse(row.address)) == row.inside);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
