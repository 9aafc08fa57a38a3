// Octets for tests: written as hexadecimal text, and placed where a sanitizer sees every read past their end.
#pragma once

#include "sim/base/bytes.hpp"

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace support {

// A heap block of exactly the size of its contents (a vector may have spare room that hides an over-read).
// Converts to the view that parsers take; the view lives as long as this object.
class Tight {
public:
    explicit Tight(sim::base::ByteView octets)
        : size_(octets.size()), block_(std::make_unique<sim::base::Byte[]>(octets.size())) {
        std::copy(octets.begin(), octets.end(), block_.get());
    }

    sim::base::ByteView view() const { return {block_.get(), size_}; }
    operator sim::base::ByteView() const { return view(); }  // NOLINT(google-explicit-constructor)

private:
    std::size_t size_;
    std::unique_ptr<sim::base::Byte[]> block_;
};

// "45 00 0028" -> octets. White space is free; anything else that is no pair of hex digits is a mistake of the test.
inline sim::base::Bytes from_hex(std::string_view text) {
    const auto digit = [](char c) {
        constexpr std::string_view digits = "0123456789abcdef";
        const std::size_t value = digits.find(c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c);
        assert(value != std::string_view::npos);
        return value;
    };
    sim::base::Bytes octets;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == ' ' || text[i] == '\n' || text[i] == '\t') continue;
        assert(i + 1 < text.size());
        octets.push_back(static_cast<sim::base::Byte>(digit(text[i]) << 4U | digit(text[i + 1])));
        ++i;
    }
    return octets;
}

// Octets as "45 00 00 28", for messages.
inline std::string to_hex(sim::base::ByteView octets) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    for (const sim::base::Byte octet : octets) {
        if (!text.empty()) text += ' ';
        text += digits[octet >> 4U];
        text += digits[octet & 0xfU];
    }
    return text;
}

}  // namespace support
