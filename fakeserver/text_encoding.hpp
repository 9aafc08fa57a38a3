// Turns the octets of a text file that Windows programs write into UTF-8: UTF-8, UTF-16LE with BOM, or Windows-1252.
// Used by the reader of `.reg` files. Output is at most three times as long as the input.
#pragma once

#include "sim/base/bytes.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace fakeserver {

namespace base = sim::base;

enum class TextFault : std::uint8_t {
    none,
    utf16_without_bom,
    utf16_big_endian,
    utf16_odd,        // an odd number of octets behind the BOM; the text without the last one is given
    utf16_surrogate,  // half a surrogate pair; U+FFFD stands for it
    not_text,         // control octets no text has
    nul,              // a zero character; the text is given with it
};

struct DecodedText {
    std::string text;  // without BOM; empty when the fault leaves nothing worth reading
    TextFault fault = TextFault::none;
    std::size_t at = 0;  // where in `text` the fault shows
};

DecodedText decode_text(base::ByteView octets);

// UTF-8 out of the octets of a value's text. Half pairs and an odd last octet become U+FFFD.
std::string utf8_of_utf16le(base::ByteView octets);
std::string utf8_of_windows_1252(base::ByteView octets);
bool is_utf8(std::string_view text);

}  // namespace fakeserver
