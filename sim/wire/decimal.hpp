// Small whole numbers as people write them in addresses, ports and prefix lengths.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace sim::wire {

// Decimal digits alone, without leading zeros, at most `highest`; anything else is nothing. Strict because "0135" is
// octal to some programs and decimal to others, and a rule must mean one thing.
constexpr std::optional<std::uint32_t> parse_decimal(std::string_view text, std::uint32_t highest) {
    if (text.empty() || text.size() > 9 || (text.size() > 1 && text[0] == '0')) return std::nullopt;
    std::uint32_t value = 0;
    for (const char c : text) {
        if (c < '0' || c > '9') return std::nullopt;
        value = value * 10 + static_cast<std::uint32_t>(c - '0');
    }
    if (value > highest) return std::nullopt;
    return value;
}

}  // namespace sim::wire
