// Captures: read back block by block here, and by tshark, a judge that shares no code with us.
#include "sim/wire/pcapng.hpp"

#include "sim/wire/packet.hpp"
#include "tests/support/octets.hpp"
#include "tests/wire/samples.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>
#include <unistd.h>

namespace {

using namespace sim;
using namespace sim::wire;
using namespace std::chrono_literals;

struct Block {
    std::uint32_t type;
    base::ByteView body;
};

// The blocks of a capture; both lengths of each must agree and be multiples of four.
std::vector<Block> blocks_of(base::ByteView octets) {
    std::vector<Block> blocks;
    base::Reader reader(octets);
    while (reader.left() > 0) {
        const std::uint32_t type = reader.u32le();
        const std::uint32_t length = reader.u32le();
        BOOST_REQUIRE(length >= 12U);
        BOOST_REQUIRE(length % 4 == 0U);
        const base::ByteView body = reader.take(length - 12);
        BOOST_REQUIRE(reader.u32le() == length);
        BOOST_REQUIRE(reader.ok());
        blocks.push_back({type, body});
    }
    return blocks;
}

// The value of an option among those that begin at `offset`; empty when it is missing.
std::string option_of(const Block& block, std::size_t offset, std::uint16_t wanted) {
    base::Reader reader(block.body.subspan(offset));
    while (reader.ok()) {
        const std::uint16_t code = reader.u16le();
        const base::ByteView value = reader.take(reader.u16le());
        reader.align(4);
        if (reader.ok() && code == wanted) return std::string(base::text_of(value));
        if (code == 0) break;
    }
    return {};
}

BOOST_AUTO_TEST_SUITE(pcapng)

BOOST_AUTO_TEST_CASE(blocks_and_options) {
    base::Bytes out;
    PcapngWriter writer(out, "a rehearsal");
    BOOST_TEST(writer.add_interface("outside", "client side") == 0U);
    BOOST_TEST(writer.add_interface("inside", "") == 1U);
    const base::Bytes octets(45, base::Byte{0x45});
    writer.packet(1, base::time_zero + 21'006'000'001ns, octets, "dropped: rule 3");
    writer.packet(0, base::time_zero, {}, "");

    const support::Tight exact(out);
    const auto blocks = blocks_of(exact);
    BOOST_REQUIRE(blocks.size() == 5U);

    BOOST_TEST(blocks[0].type == 0x0a0d0d0aU);
    // byte-order magic, version 1.0, section length not stated
    BOOST_TEST(support::to_hex(blocks[0].body.first(16)) == "4d 3c 2b 1a 01 00 00 00 ff ff ff ff ff ff ff ff");
    BOOST_TEST(option_of(blocks[0], 16, 1) == "a rehearsal");

    BOOST_TEST(blocks[1].type == 1U);
    BOOST_TEST(support::to_hex(blocks[1].body.first(8)) == "65 00 00 00 00 00 00 00");  // link type 101, no limit
    BOOST_TEST(option_of(blocks[1], 8, 2) == "outside");
    BOOST_TEST(option_of(blocks[1], 8, 3) == "client side");
    BOOST_TEST(option_of(blocks[1], 8, 9) == "\x09");
    BOOST_TEST(option_of(blocks[2], 8, 2) == "inside");

    BOOST_TEST(blocks[3].type == 6U);
    base::Reader packet(blocks[3].body);
    BOOST_TEST(packet.u32le() == 1U);
    const std::uint64_t high = packet.u32le();
    BOOST_TEST((high << 32U | packet.u32le()) == 883'612'821'006'000'001U);
    BOOST_TEST(packet.u32le() == 45U);
    BOOST_TEST(packet.u32le() == 45U);
    BOOST_TEST(support::to_hex(packet.take(45)) == support::to_hex(octets));
    BOOST_TEST(option_of(blocks[3], 20 + 48, 1) == "dropped: rule 3");
}

BOOST_AUTO_TEST_CASE(a_capture_goes_behind_what_is_there) {
    base::Bytes out = {1, 2, 3};
    PcapngWriter writer(out, "");
    BOOST_TEST(blocks_of(base::ByteView(out).subspan(3)).size() == 1U);
}

// The format's length field holds 65535; a longer comment is cut, and never inside a character.
BOOST_AUTO_TEST_CASE(endless_comments_are_cut) {
    std::string comment(65534, 'x');
    comment += "\xc3\xbc\xc3\xbc";
    base::Bytes out;
    PcapngWriter writer(out, comment);
    BOOST_TEST(option_of(blocks_of(out)[0], 16, 1) == std::string(65534, 'x'));
}

// Every kind of packet, each with a comment that says what tshark should call it.
base::Bytes capture_of_everything() {
    base::Bytes out;
    PcapngWriter writer(out, "all kinds of packets");
    writer.add_interface("outside", "client side");
    writer.add_interface("inside", "server side");
    base::SimTime now = base::time_zero;
    const auto record = [&](const base::Bytes& octets, std::string_view comment) {
        writer.packet(static_cast<std::uint32_t>(now.time_since_epoch() / 1ms % 2), now, octets, comment);
        now += 1ms;
    };
    for (const Family family : samples::both_families) {
        const bool v4 = family == Family::ipv4;
        IpHeader ip = samples::ip(family);
        TcpHeader tcp = samples::syn();
        tcp.window_scale = std::uint8_t{2};
        tcp.sack_permitted = true;
        record(emit_tcp(ip, tcp), "tcp syn");
        tcp = {.source = Port{1030},
               .target = Port{5555},
               .sequence = 101,
               .acknowledgement = 1,
               .flags = TcpFlags{TcpFlags::psh | TcpFlags::ack},
               .mss = {},
               .window_scale = {}};
        record(emit_tcp(ip, tcp, base::Bytes(333, base::Byte{0xa5})), "tcp data of odd length");
        record(emit_udp(ip, {.source = Port{1031}, .target = Port{5556}}, base::Bytes(7, base::Byte{1})), "udp");
        const std::uint8_t request = v4 ? 8 : 128;
        record(emit_icmp(ip, {.type = request, .code = 0, .rest = 0x00010001}, base::Bytes(8, base::Byte{2})), "echo");
        const IpHeader back{.source = ip.target, .target = ip.source};
        const std::uint8_t unreachable = v4 ? 3 : 1;
        const std::uint8_t port = v4 ? 3 : 4;
        record(emit_icmp(back, {.type = unreachable, .code = port, .rest = 0}, emit_tcp(ip, tcp)), "error");
        ip.dont_fragment = !v4;
        ip.id = v4 ? 99 : 0;
        const base::Bytes large(3000, base::Byte{3});
        for (const base::Bytes& piece :
             fragment(emit_udp(ip, {.source = Port{1032}, .target = Port{5557}}, large), 1280))
            record(piece, "fragment");
    }
    return out;
}

// What a program writes to its standard output; empty when it could not be run.
std::string output_of(const std::string& command) {
    std::string text;
    FILE* pipe = popen(command.c_str(), "r");
    if (pipe == nullptr) return text;
    std::array<char, 4096> piece{};
    for (std::size_t size = 0; (size = std::fread(piece.data(), 1, piece.size(), pipe)) > 0;)
        text.append(piece.data(), size);
    pclose(pipe);
    return text;
}

// One file for one process, gone afterwards.
class CaptureFile {
public:
    explicit CaptureFile(const base::Bytes& octets)
        : path_(std::filesystem::path(FIREDRILL_BINARY_DIR) / ("wire-" + std::to_string(getpid()) + ".pcapng")) {
        std::ofstream(path_, std::ios::binary)
            .write(reinterpret_cast<const char*>(octets.data()), static_cast<std::streamsize>(octets.size()));
    }
    CaptureFile(const CaptureFile&) = delete;
    CaptureFile& operator=(const CaptureFile&) = delete;
    ~CaptureFile() { std::filesystem::remove(path_); }

    // tshark reading this file with every checksum judged.
    std::string judged(const std::string& options) const {
        return output_of("tshark -n -r '" + path_.string() +
                         "' -o tcp.check_checksum:TRUE -o ip.check_checksum:TRUE -o udp.check_checksum:TRUE " +
                         options + " 2>/dev/null");
    }

private:
    std::filesystem::path path_;
};

bool has_tshark() {
    const bool found = !output_of("command -v tshark").empty();
    if (!found) BOOST_TEST_MESSAGE("SKIPPED: tshark is not on the path, so no outside judge has read our captures");
    return found;
}

std::size_t lines_of(const std::string& text) {
    return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

constexpr auto nothing_wrong =
    "-Y '_ws.malformed || _ws.expert.severity == error || ip.checksum.status == Bad || tcp.checksum.status == Bad || "
    "udp.checksum.status == Bad || icmp.checksum.status == Bad || icmpv6.checksum.status == Bad'";

BOOST_AUTO_TEST_CASE(tshark_finds_nothing_wrong) {
    if (!has_tshark()) return;
    const CaptureFile file(capture_of_everything());
    BOOST_TEST(file.judged(nothing_wrong) == "");
    BOOST_TEST(lines_of(file.judged("")) == 16U);
    // status 1 is Good; the later fragments are put together by tshark itself
    BOOST_TEST(lines_of(file.judged("-Y 'tcp.checksum.status == Good && !icmp && !icmpv6'")) == 4U);
    BOOST_TEST(lines_of(file.judged("-Y 'udp.checksum.status == Good'")) == 4U);
    BOOST_TEST(lines_of(file.judged("-Y 'icmp.checksum.status == Good || icmpv6.checksum.status == Good'")) == 4U);
    BOOST_TEST(lines_of(file.judged("-Y 'udp.length == 3008'")) == 2U);
}

BOOST_AUTO_TEST_CASE(tshark_reads_comments_names_and_times) {
    if (!has_tshark()) return;
    const CaptureFile file(capture_of_everything());
    const std::string rows = file.judged(
        "-T fields -e frame.comment -e frame.interface_name -e frame.time_epoch -e tcp.options.mss_val -c 2");
    BOOST_TEST(rows ==
               "tcp syn\toutside\t883612800.000000000\t1460\n"
               "tcp data of odd length\tinside\t883612800.001000000\t\n");
    BOOST_TEST(lines_of(file.judged("-Y 'frame.comment == \"echo\" && (icmp.type == 8 || icmpv6.type == 128)'")) == 2U);
}

// The judge is awake: a damaged checksum is reported.
BOOST_AUTO_TEST_CASE(tshark_would_have_noticed) {
    if (!has_tshark()) return;
    base::Bytes out;
    PcapngWriter writer(out, "");
    writer.add_interface("outside", "");
    base::Bytes octets = emit_tcp(samples::ip(Family::ipv4), samples::syn());
    octets.back() ^= 1U;
    writer.packet(0, base::time_zero, octets, "");
    const CaptureFile file(out);
    BOOST_TEST(lines_of(file.judged(nothing_wrong)) == 1U);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
