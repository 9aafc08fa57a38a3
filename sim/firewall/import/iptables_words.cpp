#include "sim/firewall/import/iptables_words.hpp"

#include <algorithm>

namespace sim::firewall::import::iptables {

namespace {

bool is_blank(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

// The value of a digit in a base; absent when it is none.
std::optional<std::uint32_t> digit_of(char c, std::uint32_t base) {
    std::uint32_t value = 16;
    if (is_digit(c)) value = static_cast<std::uint32_t>(c - '0');
    if (c >= 'a' && c <= 'f') value = static_cast<std::uint32_t>(c - 'a' + 10);
    if (c >= 'A' && c <= 'F') value = static_cast<std::uint32_t>(c - 'A' + 10);
    return value < base ? std::optional(value) : std::nullopt;
}

}  // namespace

std::optional<std::uint32_t> number_of(std::string_view text, std::uint32_t most) {
    while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
    if (!text.empty() && text.front() == '+') text.remove_prefix(1);
    std::uint32_t base = 10;
    if (text.size() > 2 && text[0] == '0' && (text[1] == 'x' || text[1] == 'X')) {
        base = 16;
        text.remove_prefix(2);
    } else if (text.size() > 1 && text[0] == '0') {
        base = 8;
    }
    if (text.empty()) return std::nullopt;
    std::uint64_t value = 0;
    for (const char c : text) {
        const auto digit = digit_of(c, base);
        if (!digit) return std::nullopt;
        value = value * base + *digit;
        if (value > most) return std::nullopt;
    }
    return static_cast<std::uint32_t>(value);
}

std::optional<Octal> octal_in(std::string_view value) {
    constexpr std::uint32_t most = 0xffffffff;
    const std::size_t slash = value.find('/');
    // "2001:db8::/064", but not "0207:0210", which are ports.
    const bool is_v6 = value.find("::") != value.npos || std::count(value.begin(), value.end(), ':') > 1;
    if (is_v6) value.remove_prefix(slash == value.npos ? value.size() : slash + 1);
    for (std::size_t at = 0; at < value.size();) {
        std::size_t end = at;
        while (end < value.size() && value.substr(end, 1).find_first_of(",:/.-+ \t") == value.npos) ++end;
        const std::string_view part = value.substr(at, end - at);
        const bool digits = part.size() > 1 && part[0] == '0' && std::all_of(part.begin(), part.end(), is_digit);
        const std::uint32_t number = digits ? number_of(part, most).value_or(0) : 0;
        const std::string_view plain = part.substr(std::min(part.find_first_not_of('0'), part.size()));
        if (number != 0 && number_of(plain, most).value_or(0) != number) return Octal{std::string(part), number};
        at = end + 1;
    }
    return std::nullopt;
}

std::optional<wire::IpAddress> address_of(std::string_view text, wire::Family family, bool is_mask) {
    if (family == wire::Family::ipv6) {
        const auto parsed = wire::IpAddress::parse(text);
        return parsed && parsed->family() == family ? std::optional(*parsed) : std::nullopt;
    }
    std::uint32_t bits = 0;
    for (int octet = 0; octet < 4; ++octet) {
        const std::size_t dot = octet < 3 ? text.find('.') : text.npos;
        const auto number = number_of(text.substr(0, dot), 255);
        if (!number) return std::nullopt;
        bits |= *number << (24 - 8 * octet);
        if (dot == text.npos) return is_mask && octet < 3 ? std::nullopt : std::optional(wire::IpAddress::v4(bits));
        text.remove_prefix(dot + 1);
    }
    return std::nullopt;
}

std::optional<wire::Prefix> prefix_of(std::string_view text, wire::Family family) {
    const std::size_t slash = text.find('/');
    const auto address = address_of(text.substr(0, slash), family);
    if (!address) return std::nullopt;
    if (slash == text.npos) return wire::Prefix::host(*address);
    const std::string_view behind = text.substr(slash + 1);
    if (const auto mask = address_of(behind, family, true)) return wire::Prefix(*address, *mask);
    const std::uint32_t width = family == wire::Family::ipv4 ? 32 : 128;
    const auto length = number_of(behind, width);
    return length ? std::optional(wire::Prefix::of(*address, *length)) : std::nullopt;
}

std::string written(const wire::Prefix& prefix) {
    const int length = prefix.length();
    return prefix.address().format() + "/" + (length >= 0 ? std::to_string(length) : prefix.mask().format());
}

std::optional<std::vector<Word>> split(std::string_view line, std::size_t offset) {
    std::vector<Word> words;
    std::optional<Word> open;
    bool in_quotes = false;
    for (std::size_t at = 0; at < line.size(); ++at) {
        const char c = line[at];
        if (!in_quotes && (c == ' ' || c == '\t')) {
            if (open) words.push_back(std::move(*open));
            open.reset();
            continue;
        }
        if (!open) open = Word{{}, offset + at, 0};
        if (c == '"') {
            in_quotes = !in_quotes;
            if (!in_quotes) {  // also of nothing: "" is a word
                open->length = offset + at + 1 - open->offset;
                words.push_back(std::move(*open));
                open.reset();
                continue;
            }
        } else if (in_quotes && c == '\\' && at + 1 < line.size()) {
            open->text += line[++at];
        } else {
            open->text += c;
        }
        open->length = offset + at + 1 - open->offset;
    }
    if (in_quotes) return std::nullopt;
    if (open) words.push_back(std::move(*open));
    return words;
}

std::string quoted(std::string_view text) {
    const auto plain = [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '-';
    };
    if (!text.empty() && std::all_of(text.begin(), text.end(), plain)) return std::string(text);
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\' || c == '\'') out += '\\';
        out += c;
    }
    return out + "\"";
}

}  // namespace sim::firewall::import::iptables
