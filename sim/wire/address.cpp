#include "sim/wire/address.hpp"

#include "sim/base/diagnostic.hpp"
#include "sim/wire/decimal.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <optional>

namespace sim::wire {

namespace {

using Groups = std::array<std::uint16_t, 8>;

constexpr std::size_t quoted_limit = 60;

std::string complaint(std::string_view text, std::string_view what) {
    return fmt::format("\"{}\" {}", base::printable(text, quoted_limit), what);
}

std::optional<std::uint32_t> parse_v4(std::string_view text) {
    std::uint32_t bits = 0;
    for (int part = 0; part < 4; ++part) {
        const std::size_t end = part < 3 ? text.find('.') : text.size();
        if (end == std::string_view::npos) return std::nullopt;
        const auto octet = parse_decimal(text.substr(0, end), 255);
        if (!octet) return std::nullopt;
        bits = bits << 8U | *octet;
        text.remove_prefix(part < 3 ? end + 1 : end);
    }
    return bits;
}

std::string why_not_v4(std::string_view text) {
    const auto dots = std::count(text.begin(), text.end(), '.');
    if (dots != 3)
        return complaint(text, fmt::format("has {} part{}, an IPv4 address has 4", dots + 1, dots == 0 ? "" : "s"));
    return complaint(text, "is no IPv4 address: each part is a number from 0 to 255 without leading zeros");
}

std::optional<std::uint16_t> parse_group(std::string_view text) {
    if (text.empty() || text.size() > 4) return std::nullopt;
    unsigned value = 0;
    for (const char c : text) {
        const bool decimal = c >= '0' && c <= '9';
        const char letter = c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c;
        if (!decimal && (letter < 'a' || letter > 'f')) return std::nullopt;
        value = value << 4U | static_cast<unsigned>(decimal ? c - '0' : letter - 'a' + 10);
    }
    return static_cast<std::uint16_t>(value);
}

// The groups on one side of "::", or all of them when there is none.
struct Side {
    Groups groups{};
    std::size_t count = 0;
};

// `may_end_in_v4`: only the last two groups of an address may be written as an IPv4 address (RFC 4291 2.2.3).
std::optional<Side> parse_side(std::string_view text, bool may_end_in_v4) {
    Side side;
    if (text.empty()) return side;
    while (true) {
        const std::size_t colon = text.find(':');
        const std::string_view piece = text.substr(0, colon);
        if (colon == std::string_view::npos && may_end_in_v4 && piece.find('.') != std::string_view::npos) {
            const auto bits = parse_v4(piece);
            if (!bits || side.count > 6) return std::nullopt;
            side.groups[side.count++] = static_cast<std::uint16_t>(*bits >> 16U);
            side.groups[side.count++] = static_cast<std::uint16_t>(*bits & 0xffffU);
            return side;
        }
        const auto group = parse_group(piece);
        if (!group || side.count == side.groups.size()) return std::nullopt;
        side.groups[side.count++] = *group;
        if (colon == std::string_view::npos) return side;
        text.remove_prefix(colon + 1);
    }
}

std::optional<Groups> parse_v6(std::string_view text) {
    const std::size_t gap = text.find("::");
    if (gap == std::string_view::npos) {
        const auto whole = parse_side(text, true);
        if (!whole || whole->count != 8) return std::nullopt;
        return whole->groups;
    }
    const auto left = parse_side(text.substr(0, gap), false);
    const auto right = parse_side(text.substr(gap + 2), true);
    // "::" stands for at least one group (RFC 4291 2.2.2).
    if (!left || !right || left->count + right->count > 7) return std::nullopt;
    Groups groups = left->groups;
    std::copy_n(right->groups.begin(), right->count, groups.end() - static_cast<std::ptrdiff_t>(right->count));
    return groups;
}

std::uint64_t joined(const Groups& groups, std::size_t from) {
    std::uint64_t value = 0;
    for (std::size_t i = from; i < from + 4; ++i) value = value << 16U | groups[i];
    return value;
}

std::string format_v4(std::uint32_t bits) {
    return fmt::format("{}.{}.{}.{}", bits >> 24U, bits >> 16U & 0xffU, bits >> 8U & 0xffU, bits & 0xffU);
}

// RFC 5952: the first of the longest runs of two or more zero groups becomes "::".
std::string format_v6(const Groups& groups) {
    std::size_t gap = groups.size();
    std::size_t gap_length = 1;
    for (std::size_t i = 0; i < groups.size(); ++i) {
        std::size_t run = 0;
        while (i + run < groups.size() && groups[i + run] == 0) ++run;
        if (run > gap_length) {
            gap = i;
            gap_length = run;
        }
    }
    std::string text;
    for (std::size_t i = 0; i < groups.size();) {
        if (i == gap) {
            text += "::";
            i += gap_length;
            continue;
        }
        if (!text.empty() && text.back() != ':') text += ':';
        fmt::format_to(std::back_inserter(text), "{:x}", groups[i]);
        ++i;
    }
    return text;
}

}  // namespace

base::Result<IpAddress, std::string> IpAddress::parse(std::string_view text) {
    if (text.empty()) return base::failure(std::string("an address is missing"));
    if (text.find(':') == std::string_view::npos) {
        if (const auto bits = parse_v4(text)) return v4(*bits);
        return base::failure(why_not_v4(text));
    }
    if (const auto groups = parse_v6(text)) return v6(joined(*groups, 0), joined(*groups, 4));
    if (text.front() == '[' || text.back() == ']')
        return base::failure(complaint(text, "has brackets; an address alone is written without them"));
    if (text.find('%') != std::string_view::npos)
        return base::failure(complaint(text, "names a zone, which a packet does not carry"));
    return base::failure(complaint(
        text, "is no IPv6 address: eight groups of one to four hexadecimal digits, zeros shortened by one \"::\""));
}

std::string IpAddress::format() const {
    if (is_v4()) return format_v4(v4_bits());
    // RFC 5952 section 5: the prefix of IPv4-mapped addresses is well known, so their tail is shown as IPv4.
    if (high_ == 0 && low_ >> 32U == 0xffffU) return "::ffff:" + format_v4(static_cast<std::uint32_t>(low_));
    Groups groups{};
    for (std::size_t i = 0; i < 4; ++i) {
        groups[i] = static_cast<std::uint16_t>(high_ >> (48U - 16U * i));
        groups[i + 4] = static_cast<std::uint16_t>(low_ >> (48U - 16U * i));
    }
    return format_v6(groups);
}

}  // namespace sim::wire
