// The small texts of native rules: addresses, ports, rejects, and a rule written out.
#include "sim/firewall/import/native.hpp"

#include <array>

namespace sim::firewall::import {
namespace {

std::string_view trimmed(std::string_view text) {
    const auto first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

// Calls `each` for the parts between commas until one is refused; the reason of that refusal.
template <class Each>
std::optional<std::string> for_each_part(std::string_view text, Each each) {
    for (;;) {
        const std::size_t comma = text.find(',');
        if (auto reason = each(trimmed(text.substr(0, comma)))) return reason;
        if (comma == std::string_view::npos) return std::nullopt;
        text.remove_prefix(comma + 1);
    }
}

struct RejectName {
    std::string_view name;
    RejectWith with;
};
constexpr std::array<RejectName, 10> reject_names{{
    {"tcp-reset", RejectWith::tcp_reset},
    {"port-unreachable", RejectWith::port_unreachable},
    {"net-unreachable", RejectWith::net_unreachable},
    {"host-unreachable", RejectWith::host_unreachable},
    {"proto-unreachable", RejectWith::proto_unreachable},
    {"net-prohibited", RejectWith::net_prohibited},
    {"host-prohibited", RejectWith::host_prohibited},
    {"admin-prohibited", RejectWith::admin_prohibited},
    {"no-route", RejectWith::no_route},
    {"addr-unreachable", RejectWith::addr_unreachable},
}};

std::optional<std::string> add_address(AddressSet& set, std::string_view part) {
    if (part.empty()) return "an address is missing";
    const std::size_t dash = part.find('-');
    if (dash == std::string_view::npos) {
        const auto prefix = wire::Prefix::parse(part);
        if (!prefix) return prefix.error();
        set.prefixes.push_back(*prefix);
        return std::nullopt;
    }
    const auto low = wire::IpAddress::parse(trimmed(part.substr(0, dash)));
    if (!low) return low.error();
    const auto high = wire::IpAddress::parse(trimmed(part.substr(dash + 1)));
    if (!high) return high.error();
    if (low->family() != high->family()) return "a range cannot go from one version of IP to the other";
    if (*high < *low) return "address range " + low->format() + "-" + high->format() + " runs backwards";
    set.ranges.push_back({*low, *high});
    return std::nullopt;
}

std::string port_list(const std::vector<wire::PortRange>& ranges) {
    std::string text;
    for (const wire::PortRange& range : ranges) {
        if (!text.empty()) text += ", ";
        text += wire::format(range);
    }
    return text;
}

std::string_view word(NativeProtocol protocol) {
    switch (protocol) {
        case NativeProtocol::tcp: return "tcp";
        case NativeProtocol::udp: return "udp";
        case NativeProtocol::icmp: return "icmp";
        case NativeProtocol::any: return "any";
    }
    return "any";
}

}  // namespace

base::Result<AddressSet, std::string> parse_addresses(std::string_view text) {
    AddressSet set;
    if (trimmed(text) == "any") return set;
    if (auto reason = for_each_part(text, [&](std::string_view part) { return add_address(set, part); }))
        return base::failure(std::move(*reason));
    return set;
}

base::Result<std::vector<wire::PortRange>, std::string> parse_ports(std::string_view text) {
    std::vector<wire::PortRange> ports;
    if (trimmed(text) == "any") return ports;
    const auto add = [&](std::string_view part) -> std::optional<std::string> {
        const auto range = wire::parse_port_range(part);
        if (!range) return range.error();
        ports.push_back(*range);
        return std::nullopt;
    };
    if (auto reason = for_each_part(text, add)) return base::failure(std::move(*reason));
    return ports;
}

std::optional<RejectWith> parse_reject(std::string_view typed) {
    for (const RejectName& known : reject_names)
        if (known.name == typed) return known.with;
    return std::nullopt;
}

std::string format(const AddressSet& addresses) {
    if (addresses.empty()) return "any";
    std::string text;
    const auto add = [&text](const std::string& one) { text += (text.empty() ? "" : ", ") + one; };
    for (const wire::Prefix& prefix : addresses.prefixes) add(prefix.format());
    for (const AddressRange& range : addresses.ranges) add(range.low.format() + "-" + range.high.format());
    return text;
}

std::string format(const NativeRule& rule) {
    std::string text = rule.action == Action::accept ? "allow" : rule.action == Action::drop ? "drop" : "reject";
    if (rule.action == Action::reject && rule.with)
        for (const RejectName& known : reject_names)
            if (known.with == *rule.with) text += " with " + std::string(known.name);
    text += " " + std::string(word(rule.protocol));
    text += " from " + format(rule.from);
    if (!rule.from_ports.empty()) text += " port " + port_list(rule.from_ports);
    text += " to " + format(rule.to);
    if (!rule.ports.empty()) text += " port " + port_list(rule.ports);
    if (rule.direction == Direction::to_client) text += " to-client";
    if (rule.direction == Direction::both) text += " both";
    if (rule.acknowledged) text += " acknowledged";
    if (rule.log) text += " log";
    return text;
}

}  // namespace sim::firewall::import
