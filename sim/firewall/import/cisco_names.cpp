#include "sim/firewall/import/cisco_names.hpp"

#include "sim/firewall/import/net_names.hpp"

namespace sim::firewall::import::cisco {
namespace {

struct Number {
    std::string_view name;
    std::uint16_t value;
};
constexpr Number protocols[] = {{"ip", 0},    {"icmp", 1}, {"igmp", 2},  {"ipinip", 4}, {"tcp", 6},
                                {"udp", 17},  {"gre", 47}, {"esp", 50},  {"ahp", 51},   {"eigrp", 88},
                                {"ospf", 89}, {"nos", 94}, {"pim", 103}, {"pcp", 108}};
// Port names of IOS; where TCP and UDP share a name, both mean the same number except for 512 to 514.
constexpr Number tcp_ports[] = {{"echo", 7},      {"discard", 9},       {"daytime", 13},       {"chargen", 19},
                                {"ftp-data", 20}, {"ftp", 21},          {"telnet", 23},        {"smtp", 25},
                                {"time", 37},     {"whois", 43},        {"tacacs", 49},        {"domain", 53},
                                {"gopher", 70},   {"finger", 79},       {"www", 80},           {"hostname", 101},
                                {"pop2", 109},    {"pop3", 110},        {"sunrpc", 111},       {"ident", 113},
                                {"nntp", 119},    {"msrpc", 135},       {"bgp", 179},          {"irc", 194},
                                {"exec", 512},    {"login", 513},       {"cmd", 514},          {"lpd", 515},
                                {"talk", 517},    {"uucp", 540},        {"klogin", 543},       {"kshell", 544},
                                {"drip", 3949},   {"pim-auto-rp", 496}, {"onep-plain", 15001}, {"onep-tls", 15002}};
constexpr Number udp_ports[] = {{"echo", 7},          {"discard", 9},      {"time", 37},           {"nameserver", 42},
                                {"tacacs", 49},       {"domain", 53},      {"bootps", 67},         {"bootpc", 68},
                                {"tftp", 69},         {"sunrpc", 111},     {"ntp", 123},           {"netbios-ns", 137},
                                {"netbios-dgm", 138}, {"netbios-ss", 139}, {"snmp", 161},          {"snmptrap", 162},
                                {"xdmcp", 177},       {"dnsix", 195},      {"mobile-ip", 434},     {"pim-auto-rp", 496},
                                {"isakmp", 500},      {"biff", 512},       {"who", 513},           {"syslog", 514},
                                {"talk", 517},        {"rip", 520},        {"non500-isakmp", 4500}};

constexpr IcmpName icmp_names[] = {{"administratively-prohibited", 3, 13, 13},
                                   {"alternate-address", 6, 0, 255},
                                   {"conversion-error", 31, 0, 255},
                                   {"dod-host-prohibited", 3, 10, 10},
                                   {"dod-net-prohibited", 3, 9, 9},
                                   {"echo", 8, 0, 255},
                                   {"echo-reply", 0, 0, 255},
                                   {"general-parameter-problem", 12, 0, 0},
                                   {"host-isolated", 3, 8, 8},
                                   {"host-precedence-unreachable", 3, 14, 14},
                                   {"host-redirect", 5, 1, 1},
                                   {"host-tos-redirect", 5, 3, 3},
                                   {"host-tos-unreachable", 3, 12, 12},
                                   {"host-unknown", 3, 7, 7},
                                   {"host-unreachable", 3, 1, 1},
                                   {"information-reply", 16, 0, 255},
                                   {"information-request", 15, 0, 255},
                                   {"mask-reply", 18, 0, 255},
                                   {"mask-request", 17, 0, 255},
                                   {"mobile-redirect", 32, 0, 255},
                                   {"net-redirect", 5, 0, 0},
                                   {"net-tos-redirect", 5, 2, 2},
                                   {"net-tos-unreachable", 3, 11, 11},
                                   {"net-unreachable", 3, 0, 0},
                                   {"network-unknown", 3, 6, 6},
                                   {"no-room-for-option", 12, 2, 2},
                                   {"option-missing", 12, 1, 1},
                                   {"packet-too-big", 3, 4, 4},
                                   {"parameter-problem", 12, 0, 255},
                                   {"port-unreachable", 3, 3, 3},
                                   {"precedence-unreachable", 3, 15, 15},
                                   {"protocol-unreachable", 3, 2, 2},
                                   {"reassembly-timeout", 11, 1, 1},
                                   {"redirect", 5, 0, 255},
                                   {"router-advertisement", 9, 0, 255},
                                   {"router-solicitation", 10, 0, 255},
                                   {"source-quench", 4, 0, 255},
                                   {"source-route-failed", 3, 5, 5},
                                   {"time-exceeded", 11, 0, 255},
                                   {"timestamp-reply", 14, 0, 255},
                                   {"timestamp-request", 13, 0, 255},
                                   {"traceroute", 30, 0, 255},
                                   {"ttl-exceeded", 11, 0, 0},
                                   {"unreachable", 3, 0, 255}};

template <class Table>
std::optional<std::uint16_t> look_up(const Table& table, std::string_view name) {
    for (const Number& n : table)
        if (n.name == name) return n.value;
    return std::nullopt;
}

}  // namespace

std::optional<std::uint16_t> decimal(std::string_view text, std::uint32_t most) {
    if (text.empty() || text.size() > 5) return std::nullopt;
    std::uint32_t value = 0;
    for (const char c : text) {
        if (c < '0' || c > '9') return std::nullopt;
        value = value * 10 + static_cast<std::uint32_t>(c - '0');
    }
    return value <= most ? std::optional(static_cast<std::uint16_t>(value)) : std::nullopt;
}

std::optional<std::uint8_t> protocol_named(std::string_view word) {
    const auto number = decimal(word, 255);
    const auto named = number ? number : look_up(protocols, word);
    return named ? std::optional(static_cast<std::uint8_t>(*named)) : std::nullopt;
}

std::optional<std::uint16_t> tcp_port_named(std::string_view word) {
    const auto number = decimal(word, 65535);
    return number ? number : look_up(tcp_ports, word);
}

std::optional<std::uint16_t> udp_port_named(std::string_view word) {
    const auto number = decimal(word, 65535);
    return number ? number : look_up(udp_ports, word);
}

std::optional<IcmpIs> icmp_named(std::string_view word) {
    for (const IcmpName& n : icmp_names)
        if (n.name == word) return IcmpIs{false, n.type, n.code_low, n.code_high};
    return std::nullopt;
}

}  // namespace sim::firewall::import::cisco
