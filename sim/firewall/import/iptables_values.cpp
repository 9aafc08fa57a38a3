#include "sim/firewall/import/iptables_values.hpp"

#include "sim/firewall/import/iptables_words.hpp"
#include "sim/wire/headers.hpp"

#include <algorithm>

namespace sim::firewall::import::iptables {
namespace {

using F = wire::TcpFlags;

struct FlagName {
    std::string_view name;
    std::uint8_t bits;
};
constexpr std::uint8_t all_flags = F::fin | F::syn | F::rst | F::psh | F::ack | F::urg;
// In the order in which iptables-save writes them; ECE and CWR are not among what it knows.
constexpr FlagName flag_names[] = {{"FIN", F::fin}, {"SYN", F::syn}, {"RST", F::rst},    {"PSH", F::psh},
                                   {"ACK", F::ack}, {"URG", F::urg}, {"ALL", all_flags}, {"NONE", 0}};

struct LevelName {
    std::string_view name;
    std::uint8_t level;
};
constexpr LevelName level_names[] = {{"emerg", 0},   {"panic", 0},  {"alert", 1}, {"crit", 2}, {"error", 3},
                                     {"warning", 4}, {"notice", 5}, {"info", 6},  {"debug", 7}};

}  // namespace

std::string upper(std::string_view text) {
    std::string up(text);
    for (char& c : up)
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    return up;
}

std::optional<wire::Port> port_of(std::string_view text, Carrier by) {
    if (const auto number = number_of(text, 65535)) return wire::Port{static_cast<std::uint16_t>(*number)};
    if (const auto named = service_port(text, by)) return wire::Port{*named};
    return std::nullopt;
}

std::optional<wire::Port> udp_match_port_of(std::string_view text) {
    std::string_view digits = text.substr(std::min(text.find_first_not_of(" \t"), text.size()));
    if (digits.substr(0, 1) == "+") digits.remove_prefix(1);
    const bool decimal = !digits.empty() && digits.find_first_not_of("0123456789") == digits.npos;
    if (!decimal) {
        const auto named = service_port(text);
        return named ? std::optional(wire::Port{*named}) : std::nullopt;
    }
    const std::size_t first = digits.find_first_not_of('0');
    return port_of(first == digits.npos ? "0" : digits.substr(first), Carrier::either);
}

std::string bad_port_hint(std::string_view text) {
    if (const auto port = service_port(text))
        return "the service has this name in another protocol only; write its number, " + std::to_string(*port);
    const bool digits = text.size() > 1 && text[0] == '0' && text.find_first_not_of("0123456789") == text.npos;
    return digits && text.find_first_of("89") != text.npos ? "a leading zero makes a number octal; write it without"
                                                           : "";
}

std::optional<std::uint8_t> flags_of(std::string_view list) {
    std::uint8_t bits = 0;
    while (!list.empty()) {
        const std::size_t comma = std::min(list.find(','), list.size());
        const std::string part = upper(list.substr(0, comma));
        list.remove_prefix(std::min(comma + 1, list.size()));
        if (part.empty()) continue;
        const auto known = std::find_if(std::begin(flag_names), std::end(flag_names),
                                        [&part](const FlagName& f) { return f.name == part; });
        if (known == std::end(flag_names)) return std::nullopt;
        bits = static_cast<std::uint8_t>(bits | known->bits);
    }
    return bits;
}

std::string written_flags(std::uint8_t bits) {
    std::string text;
    for (const FlagName& f : flag_names)
        if (f.bits != all_flags && f.bits != 0 && (bits & f.bits) != 0)
            text += (text.empty() ? "" : ",") + std::string(f.name);
    return text.empty() ? "NONE" : text;
}

std::optional<std::uint8_t> log_level_of(std::string_view text) {
    if (const auto number = number_of(text, 7)) return static_cast<std::uint8_t>(*number);
    for (const LevelName& known : level_names)
        if (known.name == text) return known.level;
    return std::nullopt;
}

}  // namespace sim::firewall::import::iptables
