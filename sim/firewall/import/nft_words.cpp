#include "sim/firewall/import/nft_words.hpp"

#include "sim/firewall/import/net_names.hpp"

#include <array>
#include <charconv>
#include <span>

namespace sim::firewall::import::nft {
namespace {

struct Name {
    std::string_view name;
    std::uint32_t number;
};

constexpr Name icmp_types[] = {
    {"echo-reply", 0},         {"destination-unreachable", 3}, {"source-quench", 4},        {"redirect", 5},
    {"echo-request", 8},       {"router-advertisement", 9},    {"router-solicitation", 10}, {"time-exceeded", 11},
    {"parameter-problem", 12}, {"timestamp-request", 13},      {"timestamp-reply", 14},     {"info-request", 15},
    {"info-reply", 16},        {"address-mask-request", 17},   {"address-mask-reply", 18}};
constexpr Name icmp_codes[] = {{"net-unreachable", 0},  {"host-unreachable", 1}, {"prot-unreachable", 2},
                               {"port-unreachable", 3}, {"frag-needed", 4},      {"net-prohibited", 9},
                               {"host-prohibited", 10}, {"admin-prohibited", 13}};
constexpr Name icmpv6_types[] = {
    {"destination-unreachable", 1},  {"packet-too-big", 2},         {"time-exceeded", 3},
    {"parameter-problem", 4},        {"echo-request", 128},         {"echo-reply", 129},
    {"mld-listener-query", 130},     {"mld-listener-report", 131},  {"mld-listener-done", 132},
    {"mld-listener-reduction", 132}, {"nd-router-solicit", 133},    {"nd-router-advert", 134},
    {"nd-neighbor-solicit", 135},    {"nd-neighbor-advert", 136},   {"nd-redirect", 137},
    {"router-renumbering", 138},     {"ind-neighbor-solicit", 141}, {"ind-neighbor-advert", 142},
    {"mld2-listener-report", 143}};
constexpr Name icmpv6_codes[] = {{"no-route", 0},         {"admin-prohibited", 1}, {"addr-unreachable", 3},
                                 {"port-unreachable", 4}, {"policy-fail", 5},      {"reject-route", 6}};
constexpr Name tcp_flags[] = {{"fin", 1},  {"syn", 2},  {"rst", 4},  {"psh", 8},
                              {"ack", 16}, {"urg", 32}, {"ecn", 64}, {"cwr", 128}};
constexpr Name states[] = {{"invalid", state_invalid},
                           {"established", state_established},
                           {"related", state_related},
                           {"new", state_new},
                           {"untracked", state_untracked}};
constexpr Name directions[] = {{"original", 0}, {"reply", 1}};
constexpr Name families[] = {{"ipv4", 2}, {"ipv6", 10}};
constexpr Name ether_types[] = {{"ip", 0x0800},   {"ip6", 0x86dd},   {"arp", 0x0806},
                                {"vlan", 0x8100}, {"8021q", 0x8100}, {"8021ad", 0x88a8}};

struct TypeTraits {
    std::string_view name;
    std::uint32_t largest;
    std::span<const Name> names;
};
// In the order of the enum.
constexpr std::array<TypeTraits, 15> types{{{"ipv4_addr", 0, {}},
                                            {"ipv6_addr", 0, {}},
                                            {"inet_service", 65535, {}},
                                            {"inet_proto", 255, {}},
                                            {"ifname", 0, {}},
                                            {"icmp_type", 255, icmp_types},
                                            {"icmp_code", 255, icmp_codes},
                                            {"icmpv6_type", 255, icmpv6_types},
                                            {"icmpv6_code", 255, icmpv6_codes},
                                            {"tcp_flag", 255, tcp_flags},
                                            {"ct_state", 255, states},
                                            {"ct_dir", 255, directions},
                                            {"nf_proto", 255, families},
                                            {"ether_type", 65535, ether_types},
                                            {"", 65535, {}}}};
const TypeTraits& traits(Type type) { return types[static_cast<std::size_t>(type)]; }

std::optional<std::uint32_t> digits(std::string_view text) {
    const bool hex = text.substr(0, 2) == "0x";
    if (hex) text.remove_prefix(2);
    std::uint32_t number = 0;
    const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), number, hex ? 16 : 10);
    if (text.empty() || error != std::errc{} || stop != text.data() + text.size()) return std::nullopt;
    return number;
}

struct RejectName {
    std::string_view type;
    std::string_view name;
    RejectWith with;
};
constexpr RejectName rejects[] = {{"icmp", "net-unreachable", RejectWith::net_unreachable},
                                  {"icmp", "host-unreachable", RejectWith::host_unreachable},
                                  {"icmp", "prot-unreachable", RejectWith::proto_unreachable},
                                  {"icmp", "port-unreachable", RejectWith::port_unreachable},
                                  {"icmp", "net-prohibited", RejectWith::net_prohibited},
                                  {"icmp", "host-prohibited", RejectWith::host_prohibited},
                                  {"icmp", "admin-prohibited", RejectWith::admin_prohibited},
                                  {"icmpv6", "no-route", RejectWith::no_route},
                                  {"icmpv6", "admin-prohibited", RejectWith::admin_prohibited},
                                  {"icmpv6", "addr-unreachable", RejectWith::addr_unreachable},
                                  {"icmpv6", "port-unreachable", RejectWith::port_unreachable},
                                  {"icmpv6", "policy-fail", RejectWith::policy_fail},
                                  {"icmpv6", "reject-route", RejectWith::reject_route},
                                  {"icmpx", "port-unreachable", RejectWith::port_unreachable},
                                  {"icmpx", "admin-prohibited", RejectWith::admin_prohibited},
                                  {"icmpx", "host-unreachable", RejectWith::host_unreachable},
                                  {"icmpx", "no-route", RejectWith::no_route}};

}  // namespace

std::optional<Type> type_by_name(std::string_view name) {
    for (std::size_t i = 0; i < types.size(); ++i)
        if (!name.empty() && types[i].name == name) return static_cast<Type>(i);
    return name == "iface_index" ? std::optional(Type::ifname) : std::nullopt;
}

std::string_view name_of(Type type) { return traits(type).name; }

std::uint32_t largest(Type type) { return traits(type).largest; }

std::optional<std::uint32_t> number_by_name(Type type, std::string_view name) {
    for (const Name& known : traits(type).names)
        if (known.name == name) return known.number;
    std::optional<std::uint32_t> number;
    if (type == Type::inet_proto) number = protocol_number(name);
    if (type == Type::inet_service) number = service_port(name);
    if (!number) number = digits(name);
    return number && *number <= largest(type) ? number : std::nullopt;
}

std::optional<RejectWith> reject_by_name(std::string_view type, std::string_view name) {
    for (const RejectName& known : rejects)
        if (known.type == type && known.name == name) return known.with;
    return std::nullopt;
}

std::string_view reject_name(RejectWith with, wire::Family family, bool both) {
    const std::string_view type = both ? "icmpx" : family == wire::Family::ipv4 ? "icmp" : "icmpv6";
    for (const RejectName& known : rejects)
        if (known.type == type && known.with == with) return known.name;
    return {};
}

std::optional<std::uint8_t> log_level(std::string_view name) {
    if (name == "audit") return std::uint8_t{8};
    return firewall::import::log_level(name);
}

}  // namespace sim::firewall::import::nft
