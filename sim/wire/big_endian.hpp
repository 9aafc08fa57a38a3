// Network byte order at a place whose bounds were checked already: a header's length is tested once and then read
// or written field by field. Where lengths are not known beforehand, use base::Reader and base::Writer.
#pragma once

#include "sim/base/bytes.hpp"

#include <cstdint>

namespace sim::wire {

constexpr std::uint16_t load16(const base::Byte* at) { return static_cast<std::uint16_t>(at[0] << 8U | at[1]); }
constexpr std::uint32_t load32(const base::Byte* at) {
    return std::uint32_t{at[0]} << 24U | std::uint32_t{at[1]} << 16U | std::uint32_t{at[2]} << 8U | at[3];
}
constexpr std::uint64_t load64(const base::Byte* at) { return std::uint64_t{load32(at)} << 32U | load32(at + 4); }

constexpr void store16(base::Byte* at, std::uint16_t value) {
    at[0] = static_cast<base::Byte>(value >> 8U);
    at[1] = static_cast<base::Byte>(value & 0xffU);
}
constexpr void store32(base::Byte* at, std::uint32_t value) {
    store16(at, static_cast<std::uint16_t>(value >> 16U));
    store16(at + 2, static_cast<std::uint16_t>(value & 0xffffU));
}
constexpr void store64(base::Byte* at, std::uint64_t value) {
    store32(at, static_cast<std::uint32_t>(value >> 32U));
    store32(at + 4, static_cast<std::uint32_t>(value & 0xffffffffU));
}

}  // namespace sim::wire
