#include "sim/wire/pcapng.hpp"

#include <algorithm>
#include <array>
#include <cassert>

namespace sim::wire {

namespace {

// 1998-01-01T00:00:00Z in seconds since 1970.
constexpr std::uint64_t epoch_seconds = 883'612'800;

constexpr std::uint32_t section_header = 0x0a0d0d0a, interface_description = 1, enhanced_packet = 6;
constexpr std::uint16_t option_comment = 1, option_name = 2, option_description = 3, option_time_resolution = 9;
constexpr std::uint16_t link_type_raw = 101;

// A block's lengths stand at both its ends, so that readers can walk either way; they are known when it is closed.
class Block {
public:
    Block(base::Bytes& out, std::uint32_t type) : writer_(out) {
        writer_.u32le(type);
        writer_.u32le(0);
    }

    base::Writer& body() { return writer_; }

    void option(std::uint16_t code, base::ByteView value) {
        writer_.u16le(code);
        writer_.u16le(static_cast<std::uint16_t>(value.size()));
        writer_.bytes(value);
        writer_.align(4);
    }

    // Text that says nothing is left out; the format's length field ends at 65535 octets.
    void text_option(std::uint16_t code, std::string_view text) {
        std::size_t size = std::min<std::size_t>(text.size(), 65535);
        const auto continues = [&](std::size_t at) { return (static_cast<unsigned char>(text[at]) & 0xc0U) == 0x80U; };
        while (size > 0 && size < text.size() && continues(size)) --size;  // never cut inside a UTF-8 sequence
        if (size > 0) option(code, base::view_of(text.substr(0, size)));
    }

    void close() {
        writer_.u32le(0);  // opt_endofopt
        const auto length = static_cast<std::uint32_t>(writer_.size() + 4);
        writer_.u32le(length);
        writer_.patch_u32le(4, length);
    }

private:
    base::Writer writer_;
};

}  // namespace

PcapngWriter::PcapngWriter(base::Bytes& out, std::string_view about) : out_(out) {
    Block block(out_, section_header);
    block.body().u32le(0x1a2b3c4d);  // says that the section is little-endian
    block.body().u16le(1);
    block.body().u16le(0);
    block.body().u64le(~std::uint64_t{0});  // the section's length is not stated
    block.text_option(option_comment, about);
    block.close();
}

std::uint32_t PcapngWriter::add_interface(std::string_view name, std::string_view description) {
    constexpr std::array<base::Byte, 1> nanoseconds{9};
    Block block(out_, interface_description);
    block.body().u16le(link_type_raw);
    block.body().u16le(0);
    block.body().u32le(0);  // packets are never cut
    block.text_option(option_name, name);
    block.text_option(option_description, description);
    block.option(option_time_resolution, nanoseconds);
    block.close();
    return interfaces_++;
}

void PcapngWriter::packet(std::uint32_t interface, base::SimTime time, base::ByteView octets,
                          std::string_view comment) {
    assert(interface < interfaces_);
    const std::uint64_t stamp =
        epoch_seconds * 1'000'000'000U + static_cast<std::uint64_t>(time.time_since_epoch().count());
    const auto size = static_cast<std::uint32_t>(octets.size());
    Block block(out_, enhanced_packet);
    block.body().u32le(interface);
    block.body().u32le(static_cast<std::uint32_t>(stamp >> 32U));
    block.body().u32le(static_cast<std::uint32_t>(stamp & 0xffffffffU));
    block.body().u32le(size);
    block.body().u32le(size);
    block.body().bytes(octets);
    block.body().align(4);
    block.text_option(option_comment, comment);
    block.close();
}

}  // namespace sim::wire
