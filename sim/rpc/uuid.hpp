// A UUID as DCE/RPC sees it: three integers that follow the sender's byte order, and eight octets that do not
// (C706 appendix A). Compared and printed as people write it: "e1af8308-5d1f-11c9-91a4-08002b14a0fa".
#pragma once

#include "sim/base/bytes.hpp"
#include "sim/base/result.hpp"

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace sim::base {
class Random;
}

namespace sim::rpc {

struct Uuid {
    std::uint32_t time_low = 0;
    std::uint16_t time_mid = 0;
    std::uint16_t time_high = 0;
    std::array<base::Byte, 8> tail{};

    // Exactly 36 characters, hexadecimal of either case with hyphens at 8, 13, 18 and 23; no braces, no white space.
    [[nodiscard]] static base::Result<Uuid, std::string> parse(std::string_view text);

    // Lower case; parse(format(u)) == u.
    std::string format() const;

    constexpr bool is_nil() const { return *this == Uuid{}; }
    constexpr auto operator<=>(const Uuid&) const = default;
};

// A version 4 UUID (RFC 4122 section 4.4) out of the generator handed in. Never nil.
Uuid random_uuid(base::Random& random);

// For constants of the program: a text that is no UUID does not compile.
consteval Uuid operator""_uuid(const char* text, std::size_t length) {
    const auto digit = [text](std::size_t at) -> unsigned {
        const char c = text[at];
        if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
        if (c >= 'a' && c <= 'f') return static_cast<unsigned>(c - 'a' + 10);
        throw "not a lower-case hexadecimal digit";
    };
    if (length != 36) throw "a UUID has 36 characters";
    std::array<base::Byte, 16> octets{};
    std::size_t at = 0;
    for (std::size_t i = 0; i < 16; ++i) {
        if (at == 8 || at == 13 || at == 18 || at == 23) {
            if (text[at] != '-') throw "a hyphen is missing";
            ++at;
        }
        octets[i] = static_cast<base::Byte>(digit(at) << 4U | digit(at + 1));
        at += 2;
    }
    Uuid u;
    for (std::size_t i = 0; i < 4; ++i) u.time_low = u.time_low << 8U | octets[i];
    u.time_mid = static_cast<std::uint16_t>(octets[4] << 8U | octets[5]);
    u.time_high = static_cast<std::uint16_t>(octets[6] << 8U | octets[7]);
    for (std::size_t i = 0; i < 8; ++i) u.tail[i] = octets[8 + i];
    return u;
}

}  // namespace sim::rpc
