#include "fakeserver/text_encoding.hpp"

#include <algorithm>
#include <array>

namespace fakeserver {
namespace {

using base::Byte;
using base::ByteView;

constexpr char32_t replacement = 0xfffd;

void append_utf8(std::string& out, char32_t c) {
    const auto put = [&out](char32_t octet) { out.push_back(static_cast<char>(octet)); };
    if (c < 0x80) {
        put(c);
    } else if (c < 0x800) {
        put(0xc0 | c >> 6U);
        put(0x80 | (c & 0x3fU));
    } else if (c < 0x10000) {
        put(0xe0 | c >> 12U);
        put(0x80 | (c >> 6U & 0x3fU));
        put(0x80 | (c & 0x3fU));
    } else {
        put(0xf0 | c >> 18U);
        put(0x80 | (c >> 12U & 0x3fU));
        put(0x80 | (c >> 6U & 0x3fU));
        put(0x80 | (c & 0x3fU));
    }
}

struct Utf16Text {
    std::string text;
    bool half_pair = false;
    std::size_t half_pair_at = 0;
};

Utf16Text from_utf16le(ByteView octets) {
    Utf16Text out;
    out.text.reserve(octets.size() / 2);
    const auto unit = [&octets](std::size_t i) {
        return static_cast<char32_t>(octets[i] | static_cast<unsigned>(octets[i + 1]) << 8U);
    };
    for (std::size_t i = 0; i + 1 < octets.size(); i += 2) {
        char32_t c = unit(i);
        if (c >= 0xd800 && c < 0xe000) {
            const char32_t low = i + 3 < octets.size() ? unit(i + 2) : 0;
            if (c < 0xdc00 && low >= 0xdc00 && low < 0xe000) {
                c = 0x10000 + ((c - 0xd800) << 10U) + (low - 0xdc00);
                i += 2;
            } else {
                if (!out.half_pair) out.half_pair_at = out.text.size();
                out.half_pair = true;
                c = replacement;
            }
        }
        append_utf8(out.text, c);
    }
    return out;
}

// The characters of Windows-1252 between 0x80 and 0x9f; the five that have none keep their number.
constexpr std::array<char16_t, 32> windows_1252_high{0x20ac, 0x0081, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021,
                                                     0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, 0x008d, 0x017d, 0x008f,
                                                     0x0090, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014,
                                                     0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0x009d, 0x017e, 0x0178};

bool is_strange_control(unsigned char c) {
    return (c < 0x20 && c != '\t' && c != '\r' && c != '\n' && c != '\f' && c != 0x1a && c != 0) || c == 0x7f;
}

// Whether every other octet of the beginning is zero, as in UTF-16 text of a European language.
bool zeros_alternate(ByteView octets, std::size_t first) {
    const std::size_t looked_at = std::min<std::size_t>(octets.size(), 64);
    if (looked_at < 4) return false;
    for (std::size_t i = 0; i < looked_at; ++i)
        if ((octets[i] == 0) != (i % 2 == first)) return false;
    return true;
}

DecodedText fault(TextFault what) { return {.text = {}, .fault = what, .at = 0}; }

DecodedText decode_utf16le(ByteView octets) {
    Utf16Text utf16 = from_utf16le(octets);
    DecodedText out{.text = std::move(utf16.text), .fault = TextFault::none, .at = 0};
    if (utf16.half_pair) {
        out.fault = TextFault::utf16_surrogate;
        out.at = utf16.half_pair_at;
    } else if (octets.size() % 2 != 0) {
        out.fault = TextFault::utf16_odd;
        out.at = out.text.size();
    }
    return out;
}

}  // namespace

std::string utf8_of_utf16le(ByteView octets) {
    std::string text = from_utf16le(octets).text;
    if (octets.size() % 2 != 0) append_utf8(text, replacement);
    return text;
}

std::string utf8_of_windows_1252(ByteView octets) {
    std::string text;
    text.reserve(octets.size());
    for (const Byte octet : octets)
        append_utf8(text, octet >= 0x80 && octet < 0xa0 ? char32_t{windows_1252_high[octet - 0x80U]} : octet);
    return text;
}

// RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF.
bool is_utf8(std::string_view text) {
    const ByteView octets = base::view_of(text);
    std::size_t i = 0;
    while (i < octets.size()) {
        const Byte lead = octets[i];
        const std::size_t length = lead < 0x80 ? 1 : lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
        if ((lead >= 0x80 && lead < 0xc2) || lead > 0xf4 || length > octets.size() - i) return false;
        for (std::size_t k = 1; k < length; ++k)
            if ((octets[i + k] & 0xc0U) != 0x80U) return false;
        if (length > 1) {
            const Byte second = octets[i + 1];
            if ((lead == 0xe0 && second < 0xa0) || (lead == 0xed && second >= 0xa0)) return false;
            if ((lead == 0xf0 && second < 0x90) || (lead == 0xf4 && second >= 0x90)) return false;
        }
        i += length;
    }
    return true;
}

DecodedText decode_text(ByteView octets) {
    const auto begins = [&octets](std::initializer_list<Byte> bom) {
        return octets.size() >= bom.size() && std::equal(bom.begin(), bom.end(), octets.begin());
    };
    DecodedText out;
    if (begins({0xff, 0xfe})) {
        out = decode_utf16le(octets.subspan(2));
    } else if (begins({0xfe, 0xff}) || zeros_alternate(octets, 0)) {
        return fault(TextFault::utf16_big_endian);
    } else if (zeros_alternate(octets, 1)) {
        return fault(TextFault::utf16_without_bom);
    } else {
        const std::string_view text = base::text_of(begins({0xef, 0xbb, 0xbf}) ? octets.subspan(3) : octets);
        out.text = is_utf8(text) ? std::string(text) : utf8_of_windows_1252(base::view_of(text));
    }
    if (std::any_of(out.text.begin(), out.text.end(),
                    [](char c) { return is_strange_control(static_cast<unsigned char>(c)); }))
        return fault(TextFault::not_text);
    if (const std::size_t nul = out.text.find('\0'); nul != std::string::npos && out.fault == TextFault::none) {
        out.fault = TextFault::nul;
        out.at = nul;
    }
    return out;
}

}  // namespace fakeserver
