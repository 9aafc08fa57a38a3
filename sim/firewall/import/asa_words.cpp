#include "sim/firewall/import/asa_words.hpp"

#include <algorithm>
#include <iterator>

namespace sim::firewall::import {
namespace {

// Management, routing, VPN and names: packets that pass between the two interfaces meet nothing of these. VPN is not
// modelled; where a crypto map stands on an interface, the reader says so. A tcp-map does nothing until a policy uses
// it, and that is refused.
constexpr std::string_view harmless[] = {"aaa-server",
                                         "anyconnect",
                                         "anyconnect-essentials",
                                         "arp",
                                         "as-path",
                                         "asdm",
                                         "auth-prompt",
                                         "banner",
                                         "boot",
                                         "call-home",
                                         "checkheaps",
                                         "clock",
                                         "command-alias",
                                         "compression",
                                         "config-register",
                                         "console",
                                         "coredump",
                                         "crashinfo",
                                         "crypto",
                                         "ctl-file",
                                         "ctl-provider",
                                         "ddns",
                                         "dhcp-client",
                                         "dhcpd",
                                         "dhcprelay",
                                         "dns",
                                         "dns-group",
                                         "domain-name",
                                         "dynamic-access-policy-record",
                                         "enable",
                                         "event",
                                         "exit",
                                         "failover",
                                         "flow-export",
                                         "ftp",
                                         "ftp-map",
                                         "group-policy",
                                         "gtp-map",
                                         "hostname",
                                         "http",
                                         "http-map",
                                         "hw-module",
                                         "icmp",
                                         "igmp",
                                         "imap4s",
                                         "isakmp",
                                         "jumbo-frame",
                                         "key",
                                         "ldap",
                                         "license",
                                         "logging",
                                         "mac-address",
                                         "management-access",
                                         "mgcp-map",
                                         "monitor-interface",
                                         "mount",
                                         "mroute",
                                         "mtu",
                                         "multicast-routing",
                                         "names",
                                         "ntp",
                                         "object-group-search",
                                         "pager",
                                         "passwd",
                                         "password",
                                         "password-policy",
                                         "pim",
                                         "policy-list",
                                         "pop3s",
                                         "prefix-list",
                                         "privilege",
                                         "prompt",
                                         "quit",
                                         "quota",
                                         "regex",
                                         "rip",
                                         "route",
                                         "route-map",
                                         "router",
                                         "sip-map",
                                         "sla",
                                         "smart-tunnel",
                                         "smtp-server",
                                         "smtps",
                                         "snmp",
                                         "snmp-map",
                                         "snmp-server",
                                         "ssh",
                                         "ssl",
                                         "sunrpc-server",
                                         "sysopt",
                                         "tcp-map",
                                         "telnet",
                                         "terminal",
                                         "tftp-server",
                                         "time-range",
                                         "tls-proxy",
                                         "track",
                                         "tunnel-group",
                                         "tunnel-group-map",
                                         "user-identity",
                                         "username",
                                         "vpdn",
                                         "vpn",
                                         "vpn-addr-assign",
                                         "vpn-sessiondb",
                                         "vpnclient",
                                         "webvpn",
                                         "xlate"};
static_assert(std::is_sorted(std::begin(harmless), std::end(harmless)));

struct Named {
    std::string_view word;
    std::string_view why;
};
constexpr std::string_view translates = "it translates addresses, and that is not modelled";
constexpr Named harmful[] = {
    {"alias", translates},
    {"apply", "it is a filter of older releases"},
    {"cluster", "several units would share the connections"},
    {"conduit", "it is a filter of older releases"},
    {"context", "it begins a firewall of its own inside of this one"},
    {"cxsc", "a module would judge packets too"},
    {"dynamic-filter", "it drops packets by a list of addresses"},
    {"established", "it lets connections in beside the lists"},
    {"filter", "it judges what is asked for inside of connections"},
    {"fixup", "it is the inspection of older releases"},
    {"fragment", "it may drop fragments"},
    {"global", translates},
    {"ips", "a module would judge packets too"},
    {"nat", translates},
    {"nat-control", "packets without a translation would be dropped"},
    {"outbound", "it is a filter of older releases"},
    {"scansafe", "it leads connections elsewhere"},
    {"sfr", "a module would judge packets too"},
    {"shun", "it drops packets by address"},
    {"static", translates},
    {"url-block", "it judges what is asked for inside of connections"},
    {"url-cache", "it judges what is asked for inside of connections"},
    {"url-server", "it judges what is asked for inside of connections"},
    {"virtual", "it asks users for a password before they pass"},
    {"wccp", "it leads connections elsewhere"},
    {"zone", "interfaces would share their connections"},
};

// Words whose second word decides. An empty reason: harmless.
struct Pair {
    std::string_view first, second, why;
};
constexpr std::string_view asks_users = "users would have to log on before their packets pass";
constexpr Pair pairs[] = {
    {"aaa", "accounting", ""},
    {"aaa", "authentication", ""},  // of administrators; match and include are looked for by the reader
    {"aaa", "authorization", ""},
    {"aaa", "local", ""},
    {"aaa", "mac-exempt", asks_users},
    {"aaa", "proxy-limit", ""},
    {"cts", "manual", ""},
    {"cts", "role-based", "it judges packets by security groups"},
    {"cts", "server-group", ""},
    {"cts", "sxp", ""},
    {"firewall", "transparent", "the ASA would be a bridge, and that is not modelled"},
    {"ip", "audit", "it may drop packets that look like an attack"},
    {"ip", "local", ""},
    {"ip", "verify", "it drops packets that come from a side where no route leads"},
    {"ipv6", "access-list", "lists for IPv6 alone are those of older releases"},
    {"ipv6", "dhcprelay", ""},
    {"ipv6", "icmp", ""},
    {"ipv6", "local", ""},
    {"ipv6", "nd", ""},
    {"ipv6", "route", ""},
    {"ipv6", "router", ""},
    {"threat-detection", "basic-threat", ""},
    {"threat-detection", "rate", ""},
    {"threat-detection", "scanning-threat", ""},  // with "shun" it drops: looked for by the reader
    {"threat-detection", "statistics", ""},
};

constexpr std::string_view in_interface_harmless[] = {"authentication",
                                                      "channel-group",
                                                      "cts",
                                                      "ddns",
                                                      "delay",
                                                      "description",
                                                      "dhcp",
                                                      "dhcprelay",
                                                      "duplex",
                                                      "eigrp",
                                                      "flowcontrol",
                                                      "hello-interval",
                                                      "hold-time",
                                                      "igmp",
                                                      "ip",
                                                      "ipv6",
                                                      "isis",
                                                      "lacp",
                                                      "load-interval",
                                                      "mac-address",
                                                      "media-type",
                                                      "member-interface",
                                                      "mfib",
                                                      "mtu",
                                                      "multicast",
                                                      "ospf",
                                                      "pim",
                                                      "port-channel",
                                                      "pppoe",
                                                      "rip",
                                                      "speed",
                                                      "split-horizon",
                                                      "summary-address",
                                                      "switchport",
                                                      "vlan"};
static_assert(std::is_sorted(std::begin(in_interface_harmless), std::end(in_interface_harmless)));
constexpr Named in_interface_harmful[] = {
    {"bridge-group", "the ASA would be a bridge here, and that is not modelled"},
    {"policy-route", "it leads packets past their route"},
    {"zone-member", "interfaces would share their connections"},
    {"tunnel", "VPN is not modelled"},
};

constexpr std::string_view inspections[] = {"ctiqbe",
                                            "diameter",
                                            "dns",
                                            "esmtp",
                                            "ftp",
                                            "gtp",
                                            "h323",
                                            "http",
                                            "icmp",
                                            "ils",
                                            "im",
                                            "ip-options",
                                            "ipsec-pass-thru",
                                            "ipv6",
                                            "lisp",
                                            "m3ua",
                                            "mgcp",
                                            "mmp",
                                            "netbios",
                                            "pptp",
                                            "rsh",
                                            "rtsp",
                                            "sctp",
                                            "sip",
                                            "skinny",
                                            "snmp",
                                            "sqlnet",
                                            "stun",
                                            "sunrpc",
                                            "tftp",
                                            "vxlan",
                                            "waas",
                                            "xdmcp"};
static_assert(std::is_sorted(std::begin(inspections), std::end(inspections)));

template <class Table>
bool has(const Table& table, std::string_view word) {
    return std::binary_search(std::begin(table), std::end(table), word);
}

template <class Table>
std::optional<Bearing> reason_in(const Table& table, std::string_view word) {
    for (const Named& n : table)
        if (n.word == word) return Bearing{false, n.why};
    return std::nullopt;
}

}  // namespace

std::optional<Bearing> bearing_of(std::string_view first, std::string_view second) {
    if (has(harmless, first)) return Bearing{true};
    if (const auto why = reason_in(harmful, first)) return why;
    for (const Pair& pair : pairs)
        if (pair.first == first && pair.second == second) return Bearing{pair.why.empty(), pair.why};
    return std::nullopt;
}

std::optional<Bearing> bearing_in_interface(std::string_view first) {
    if (has(in_interface_harmless, first)) return Bearing{true};
    return reason_in(in_interface_harmful, first);
}

bool is_other_inspection(std::string_view word) { return has(inspections, word); }

}  // namespace sim::firewall::import
