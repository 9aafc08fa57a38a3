#include "sim/rpc/uuid.hpp"

#include "sim/base/random.hpp"

namespace sim::rpc {

namespace {

int digit_of(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

bool is_hyphen_place(std::size_t at) { return at == 8 || at == 13 || at == 18 || at == 23; }

Uuid from_text_order(const std::array<base::Byte, 16>& octets) {
    base::Reader in{base::ByteView(octets)};
    Uuid u;
    u.time_low = in.u32be();
    u.time_mid = in.u16be();
    u.time_high = in.u16be();
    for (base::Byte& octet : u.tail) octet = in.u8();
    return u;
}

}  // namespace

base::Result<Uuid, std::string> Uuid::parse(std::string_view text) {
    if (text.size() != 36) return base::failure("a UUID has 36 characters, this has " + std::to_string(text.size()));
    std::array<base::Byte, 16> octets{};
    std::size_t digits = 0;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (is_hyphen_place(at)) {
            if (text[at] != '-') return base::failure("a UUID has a hyphen as character " + std::to_string(at + 1));
            continue;
        }
        const int digit = digit_of(text[at]);
        if (digit < 0)
            return base::failure("character " + std::to_string(at + 1) + " of the UUID is no hexadecimal digit");
        octets[digits / 2] = static_cast<base::Byte>(octets[digits / 2] << 4U | digit);
        ++digits;
    }
    return from_text_order(octets);
}

std::string Uuid::format() const {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    text.reserve(36);
    const auto put = [&](std::uint32_t value, int count) {
        for (int shift = 4 * (count - 1); shift >= 0; shift -= 4) text += digits[value >> shift & 0xfU];
    };
    put(time_low, 8), text += '-';
    put(time_mid, 4), text += '-';
    put(time_high, 4), text += '-';
    for (std::size_t i = 0; i < tail.size(); ++i) {
        if (i == 2) text += '-';
        put(tail[i], 2);
    }
    return text;
}

Uuid random_uuid(base::Random& random) {
    std::array<base::Byte, 16> octets{};
    for (std::size_t half = 0; half < 2; ++half) {
        const std::uint64_t draw = random.next();
        for (std::size_t i = 0; i < 8; ++i) octets[8 * half + i] = static_cast<base::Byte>(draw >> 8U * i);
    }
    octets[6] = static_cast<base::Byte>((octets[6] & 0x0fU) | 0x40U);
    octets[8] = static_cast<base::Byte>((octets[8] & 0x3fU) | 0x80U);
    return from_text_order(octets);
}

}  // namespace sim::rpc
