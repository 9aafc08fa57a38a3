#include "sim/base/glyph.hpp"

#include <cassert>
#include <cstdint>

namespace sim::base {

namespace {

constexpr std::string_view replacement = "\xef\xbf\xbd";  // U+FFFD

// How many octets a UTF-8 sequence has by its first octet; 0 when no sequence begins so.
constexpr std::size_t sequence_length(std::uint8_t lead) {
    if (lead < 0x80) return 1;
    if (lead >= 0xc2 && lead <= 0xdf) return 2;  // C0 and C1 could only begin overlong forms
    if (lead >= 0xe0 && lead <= 0xef) return 3;
    if (lead >= 0xf0 && lead <= 0xf4) return 4;
    return 0;
}

constexpr bool legal(std::uint32_t code, std::size_t length) {
    if (length == 3) return code >= 0x800 && (code < 0xd800 || code > 0xdfff);
    if (length == 4) return code >= 0x10000 && code <= 0x10ffff;
    return true;
}

constexpr bool harmful(std::uint32_t code) {
    return code < 0x20 || (code >= 0x7f && code <= 0x9f) || code == 0x200e || code == 0x200f || code == 0x061c ||
           (code >= 0x2028 && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069);
}

}  // namespace

Glyph first_glyph(std::string_view text) {
    assert(!text.empty());
    const auto lead = static_cast<std::uint8_t>(text[0]);
    const std::size_t length = sequence_length(lead);
    if (length == 0 || length > text.size()) return {1, replacement};

    std::uint32_t code = length == 1 ? lead : lead & (0x7fU >> length);
    for (std::size_t i = 1; i < length; ++i) {
        const auto octet = static_cast<std::uint8_t>(text[i]);
        if ((octet & 0xc0U) != 0x80U) return {1, replacement};
        code = code << 6U | (octet & 0x3fU);
    }
    if (!legal(code, length)) return {1, replacement};
    if (code == '\t') return {1, " "};
    if (harmful(code)) return {length, "?"};
    return {length, text.substr(0, length)};
}

}  // namespace sim::base
