// What parse accepts, what it refuses and why, and which faults it leaves for the filter to judge.
#include "sim/base/random.hpp"
#include "sim/wire/flow.hpp"
#include "sim/wire/packet.hpp"
#include "tests/support/octets.hpp"
#include "tests/wire/samples.hpp"

#include <boost/test/unit_test.hpp>

namespace {

using namespace sim;
using namespace sim::wire;
using support::from_hex;
using support::Tight;

// A SYN written down by hand, not by emit.
//   IPv4 192.0.2.50 > 10.0.0.10, id 0x1234, DF, TTL 128; TCP 1030 > 135, seq 100, SYN, window 8192, MSS 1460
const base::Bytes syn = from_hex(
    "45 00 00 2c 12 34 40 00 80 06 1c 5c c0 00 02 32 0a 00 00 0a"
    "04 06 00 87 00 00 00 64 00 00 00 00 60 02 20 00 a6 f9 00 00 02 04 05 b4");

base::Bytes with(base::Bytes octets, std::size_t at, std::initializer_list<unsigned> values) {
    for (const unsigned value : values) octets[at++] = static_cast<base::Byte>(value);
    return octets;
}

// The IPv4 header's checksum made right again after a change.
base::Bytes resummed(base::Bytes octets) {
    octets[10] = octets[11] = 0;
    const unsigned sum = internet_checksum(base::ByteView(octets).first((octets[0] & 0xfU) * std::size_t{4}));
    return with(std::move(octets), 10, {sum >> 8U, sum & 0xffU});
}

BOOST_AUTO_TEST_SUITE(parse_packets)

BOOST_AUTO_TEST_CASE(a_packet_written_by_hand) {
    const Tight exact(syn);
    const auto view = parse(exact);
    BOOST_REQUIRE(view);
    const IpHeader expected{.source = samples::client4,
                            .target = samples::server4,
                            .protocol = Protocol::tcp,
                            .hop_limit = 128,
                            .id = 0x1234,
                            .dont_fragment = true};
    BOOST_TEST((view->ip == expected));
    BOOST_REQUIRE(view->tcp() != nullptr);
    BOOST_TEST((*view->tcp() == samples::syn()));
    BOOST_TEST(!view->checksum_wrong);
    BOOST_TEST(!view->transport_cut);
    BOOST_TEST(view->payload.empty());
    BOOST_TEST(view->ip_payload.size() == 24U);
    BOOST_TEST(format(flow_of(*view)) == "TCP (192.0.2.50, 1030, 10.0.0.10, 135)");
}

struct Bad {
    const char* name;
    base::Bytes octets;
    ParseReason reason;
    std::size_t offset;
};

const base::Bytes six =
    from_hex("60 00 00 00 00 00 3b 40 20010db8000000000000000000000050 20010db8ffff00000000000000000010");

const Bad bads[] = {
    {"nothing", {}, ParseReason::empty, 0},
    {"version 0", from_hex("00"), ParseReason::not_ip, 0},
    {"version 5", with(syn, 0, {0x55}), ParseReason::not_ip, 0},
    {"one octet of IPv4", from_hex("45"), ParseReason::header_cut, 1},
    {"IHL 4", resummed(with(syn, 0, {0x44})), ParseReason::bad_header_length, 0},
    {"IHL 15 in 44 octets", with(syn, 0, {0x4f}), ParseReason::header_cut, 44},
    {"total length below the header", resummed(with(syn, 2, {0, 19})), ParseReason::total_length_wrong, 2},
    {"total length zero", resummed(with(syn, 2, {0, 0})), ParseReason::total_length_wrong, 2},
    {"total length beyond the octets", resummed(with(syn, 2, {0, 45})), ParseReason::total_length_wrong, 2},
    {"checksum off by one", with(syn, 11, {syn[11] + 1U}), ParseReason::header_checksum_wrong, 10},
    {"changed TTL", with(syn, 8, {127}), ParseReason::header_checksum_wrong, 10},
    {"one octet of IPv6", from_hex("60"), ParseReason::header_cut, 1},
    {"39 octets of IPv6", base::Bytes(six.begin(), six.end() - 1), ParseReason::header_cut, 39},
    {"IPv6 payload beyond the octets", with(six, 4, {0, 1}), ParseReason::total_length_wrong, 4},
};

BOOST_AUTO_TEST_CASE(packets_that_are_refused) {
    for (const Bad& bad : bads) BOOST_TEST_CONTEXT(bad.name) {
            const Tight exact(bad.octets);
            const auto view = parse(exact);
            BOOST_REQUIRE(!view);
            BOOST_TEST((view.error().reason == bad.reason), format(view.error().reason));
            BOOST_TEST(view.error().offset == bad.offset);
            BOOST_TEST(!format(bad.reason).empty());
        }
}

BOOST_AUTO_TEST_CASE(every_cut_of_a_good_packet_is_refused) {
    for (const Family family : samples::both_families) {
        const base::Bytes whole = emit_tcp(samples::ip(family), samples::syn(), from_hex("01 02 03"));
        for (std::size_t size = 0; size < whole.size(); ++size) {
            const Tight cut(base::ByteView(whole).first(size));
            BOOST_TEST(!parse(cut));
        }
    }
}

BOOST_AUTO_TEST_CASE(link_padding_is_no_part_of_the_packet) {
    base::Bytes padded = syn;
    padded.insert(padded.end(), 2, base::Byte{0xee});
    const Tight exact(padded);
    const auto view = parse(exact);
    BOOST_REQUIRE(view);
    BOOST_TEST(view->octets.size() == syn.size());
    BOOST_TEST(!view->checksum_wrong);
}

BOOST_AUTO_TEST_CASE(ip_options_are_stepped_over) {
    base::Bytes octets = with(syn, 0, {0x47, 0, 0, 52});
    const base::Bytes options = from_hex("94 04 00 00 01 01 01 00");  // router alert, padding
    octets.insert(octets.begin() + 20, options.begin(), options.end());
    const Tight exact(resummed(octets));
    const auto view = parse(exact);
    BOOST_REQUIRE(view);
    BOOST_REQUIRE(view->tcp() != nullptr);
    BOOST_TEST((*view->tcp() == samples::syn()));
    BOOST_TEST(!view->checksum_wrong);
}

struct Cut {
    const char* name;
    Protocol protocol;
    const char* ip_payload;
    bool cut;
};

const Cut cuts[] = {
    {"no TCP at all", Protocol::tcp, "", true},
    {"19 octets of TCP", Protocol::tcp, "0406 0087 00000064 00000000 5002 2000 0000 00", true},
    {"20 octets of TCP", Protocol::tcp, "0406 0087 00000064 00000000 5002 2000 0000 0000", false},
    {"data offset 4", Protocol::tcp, "0406 0087 00000064 00000000 4002 2000 0000 0000", true},
    {"data offset beyond the segment", Protocol::tcp, "0406 0087 00000064 00000000 6002 2000 0000 0000", true},
    {"options to the segment's end", Protocol::tcp, "0406 0087 00000064 00000000 6002 2000 0000 0000 01010100", false},
    {"7 octets of UDP", Protocol::udp, "0406 0087 0008 00", true},
    {"8 octets of UDP", Protocol::udp, "0406 0087 0008 0000", false},
    {"UDP length below its header", Protocol::udp, "0406 0087 0007 0000", true},
    {"UDP length beyond the packet", Protocol::udp, "0406 0087 0009 0000", true},
    {"UDP length below the packet", Protocol::udp, "0406 0087 0008 0000 ffff", false},
    {"7 octets of ICMP", Protocol::icmp, "0800 0000 0001 00", true},
    {"8 octets of ICMP", Protocol::icmp, "0800 0000 0001 0001", false},
    {"ICMPv6 in IPv4 is just another protocol", Protocol::icmpv6, "80", false},
    {"GRE", Protocol{47}, "", false},
};

BOOST_AUTO_TEST_CASE(transports_that_lie_are_a_fact_and_no_error) {
    for (const Cut& row : cuts) BOOST_TEST_CONTEXT(row.name) {
            IpHeader ip = samples::ip(Family::ipv4);
            ip.protocol = row.protocol;
            const Tight exact(emit_raw(ip, from_hex(row.ip_payload)));
            const auto view = parse(exact);
            BOOST_REQUIRE(view);
            BOOST_TEST(view->transport_cut == row.cut);
            BOOST_TEST((view->ip.protocol == row.protocol));
            if (row.cut) BOOST_TEST((view->transport.index() == 0 && view->payload.empty()));
            BOOST_TEST(!summary(*view).empty());
        }
}

BOOST_AUTO_TEST_CASE(a_short_udp_length_trims_the_payload) {
    IpHeader ip = samples::ip(Family::ipv4);
    ip.protocol = Protocol::udp;
    const Tight exact(emit_raw(ip, from_hex("0406 0087 000a 0000 aabb ffff")));
    const auto view = parse(exact);
    BOOST_REQUIRE(view);
    BOOST_TEST(support::to_hex(view->payload) == "aa bb");
}

struct Options {
    const char* name;
    const char* options;
    TcpHeader expected;
};

TcpHeader with_options(std::optional<std::uint16_t> mss, std::optional<std::uint8_t> scale, bool sack) {
    TcpHeader tcp = samples::syn();
    tcp.mss = mss;
    tcp.window_scale = scale;
    tcp.sack_permitted = sack;
    return tcp;
}

const Options options[] = {
    {"all three, as Windows 2000 sends them", "020405b4 01030300 01010402", with_options(1460, 0, true)},
    {"unknown ones are passed over", "fd040000 1e060000 0000 0402", with_options({}, {}, true)},
    {"nothing behind the end of the list", "00030307", with_options({}, {}, false)},
    {"a length of zero ends the list", "0200 030307 00 0000", with_options({}, {}, false)},
    {"a length of one ends the list", "0301 020405b4 0000", with_options({}, {}, false)},
    {"a length beyond the header ends the list", "040205b4 01010204", with_options({}, {}, true)},
    {"a kind without its length", "01010103", with_options({}, {}, false)},
    {"an MSS of the wrong length is not believed", "020305 00", with_options({}, {}, false)},
    {"a SACK of the wrong length is not believed", "040300 00", with_options({}, {}, false)},
    {"a scale of the wrong length is not believed", "03040000", with_options({}, {}, false)},
};

BOOST_AUTO_TEST_CASE(tcp_options) {
    for (const Options& row : options) BOOST_TEST_CONTEXT(row.name) {
            base::Bytes segment = from_hex("0406 0087 00000064 00000000 5002 2000 0000 0000");
            const base::Bytes list = from_hex(row.options);
            segment.insert(segment.end(), list.begin(), list.end());
            segment[12] = static_cast<base::Byte>((segment.size() / 4) << 4U);
            const Tight exact(emit_raw(samples::ip(Family::ipv4), segment));
            const auto view = parse(exact);
            BOOST_REQUIRE(view);
            BOOST_REQUIRE(view->tcp() != nullptr);
            BOOST_TEST((*view->tcp() == row.expected));
        }
}

// Any octets at all, and good packets with a few octets changed: no accessor fails, nothing lies outside the input.
BOOST_AUTO_TEST_CASE(noise) {
    base::Random random(791);
    for (int round = 0; round < 50'000; ++round) {
        const Family family = random.chance(1, 2) ? Family::ipv4 : Family::ipv6;
        base::Bytes octets = emit_tcp(samples::ip(family), samples::syn(), from_hex("01 02 03 04"));
        for (std::uint64_t i = random.below(6); i > 0; --i)
            octets[random.below(octets.size())] = static_cast<base::Byte>(random.next());
        octets.resize(random.chance(1, 2) ? octets.size() : random.below(octets.size() + 1));
        if (random.chance(1, 2) && family == Family::ipv4 && octets.size() >= 60) octets = resummed(octets);
        const Tight exact(octets);
        for (const auto& view : {parse(exact), parse_quoted(exact)}) {
            if (!view) continue;
            BOOST_REQUIRE(view->octets.size() <= octets.size());
            BOOST_REQUIRE(view->ip_payload.size() <= view->octets.size());
            BOOST_REQUIRE(view->payload.size() <= view->ip_payload.size());
            BOOST_REQUIRE(!summary(*view).empty());
            (void)flow_of(*view);
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
