#include "sim/firewall/import/net_names.hpp"

#include <algorithm>
#include <array>

namespace sim::firewall::import {
namespace {

struct ProtocolName {
    std::string_view name;
    std::uint8_t number;
};
// What /etc/protocols of Debian has, and what iptables itself adds. Where a number has several names, the one that
// iptables-save writes comes first.
constexpr ProtocolName protocols[] = {{"ip", 0},
                                      {"hopopt", 0},
                                      {"icmp", 1},
                                      {"igmp", 2},
                                      {"ggp", 3},
                                      {"ipencap", 4},
                                      {"st", 5},
                                      {"tcp", 6},
                                      {"egp", 8},
                                      {"igp", 9},
                                      {"pup", 12},
                                      {"udp", 17},
                                      {"hmp", 20},
                                      {"xns-idp", 22},
                                      {"rdp", 27},
                                      {"iso-tp4", 29},
                                      {"dccp", 33},
                                      {"xtp", 36},
                                      {"ddp", 37},
                                      {"idpr-cmtp", 38},
                                      {"ipv6", 41},
                                      {"ipv6-route", 43},
                                      {"ipv6-frag", 44},
                                      {"idrp", 45},
                                      {"rsvp", 46},
                                      {"gre", 47},
                                      {"esp", 50},
                                      {"ah", 51},
                                      {"skip", 57},
                                      {"ipv6-icmp", 58},
                                      {"icmpv6", 58},
                                      {"ipv6-nonxt", 59},
                                      {"ipv6-opts", 60},
                                      {"rspf", 73},
                                      {"vmtp", 81},
                                      {"eigrp", 88},
                                      {"ospf", 89},
                                      {"ax.25", 93},
                                      {"ipip", 94},
                                      {"etherip", 97},
                                      {"encap", 98},
                                      {"pim", 103},
                                      {"ipcomp", 108},
                                      {"vrrp", 112},
                                      {"l2tp", 115},
                                      {"isis", 124},
                                      {"sctp", 132},
                                      {"fc", 133},
                                      {"mobility-header", 135},
                                      {"ipv6-mh", 135},
                                      {"mh", 135},
                                      {"udplite", 136},
                                      {"mpls-in-ip", 137},
                                      {"manet", 138},
                                      {"hip", 139},
                                      {"shim6", 140},
                                      {"wesp", 141},
                                      {"rohc", 142},
                                      {"ethernet", 143}};

struct ServiceName {
    std::string_view name;
    std::uint16_t port;
    Carrier carrier = Carrier::either;  // as Debian's /etc/services has it
};
constexpr auto tcp = Carrier::tcp, udp = Carrier::udp;
constexpr ServiceName services[] = {{"tcpmux", 1, tcp},
                                    {"echo", 7},
                                    {"discard", 9},
                                    {"daytime", 13},
                                    {"chargen", 19},
                                    {"ftp-data", 20, tcp},
                                    {"ftp", 21, tcp},
                                    {"ssh", 22, tcp},
                                    {"telnet", 23, tcp},
                                    {"smtp", 25, tcp},
                                    {"mail", 25, tcp},
                                    {"time", 37},
                                    {"whois", 43, tcp},
                                    {"tacacs", 49},
                                    {"domain", 53},
                                    {"bootps", 67, udp},
                                    {"bootpc", 68, udp},
                                    {"tftp", 69, udp},
                                    {"gopher", 70, tcp},
                                    {"finger", 79, tcp},
                                    {"http", 80, tcp},
                                    {"www", 80, tcp},
                                    {"kerberos", 88},
                                    {"kerberos5", 88},
                                    {"krb5", 88},
                                    {"iso-tsap", 102, tcp},
                                    {"pop3", 110, tcp},
                                    {"pop-3", 110, tcp},
                                    {"sunrpc", 111},
                                    {"portmapper", 111},
                                    {"auth", 113, tcp},
                                    {"ident", 113, tcp},
                                    {"nntp", 119, tcp},
                                    {"ntp", 123, udp},
                                    {"epmap", 135, tcp},
                                    {"loc-srv", 135, tcp},
                                    {"netbios-ns", 137, udp},
                                    {"netbios-dgm", 138, udp},
                                    {"netbios-ssn", 139, tcp},
                                    {"imap2", 143, tcp},
                                    {"imap", 143, tcp},
                                    {"snmp", 161},
                                    {"snmp-trap", 162},
                                    {"snmptrap", 162},
                                    {"bgp", 179, tcp},
                                    {"irc", 194},
                                    {"ldap", 389},
                                    {"https", 443},
                                    {"microsoft-ds", 445, tcp},
                                    {"kpasswd", 464},
                                    {"isakmp", 500, udp},
                                    {"syslog", 514},
                                    {"submission", 587, tcp},
                                    {"ldaps", 636},
                                    {"imaps", 993, tcp},
                                    {"pop3s", 995, tcp},
                                    {"socks", 1080, tcp},
                                    {"ms-sql-s", 1433, tcp},
                                    {"ms-sql-m", 1434, udp},
                                    {"nfs", 2049},
                                    {"gc", 3268},
                                    {"mysql", 3306, tcp},
                                    {"ms-wbt-server", 3389, tcp},
                                    {"postgresql", 5432, tcp},
                                    {"http-alt", 8080, tcp},
                                    {"webcache", 8080, tcp}};

constexpr IcmpName icmp_v4[] = {{"any", 255, 0, 255},
                                {"echo-reply", 0, 0, 255},
                                {"pong", 0, 0, 255},
                                {"destination-unreachable", 3, 0, 255},
                                {"network-unreachable", 3, 0, 0},
                                {"host-unreachable", 3, 1, 1},
                                {"protocol-unreachable", 3, 2, 2},
                                {"port-unreachable", 3, 3, 3},
                                {"fragmentation-needed", 3, 4, 4},
                                {"source-route-failed", 3, 5, 5},
                                {"network-unknown", 3, 6, 6},
                                {"host-unknown", 3, 7, 7},
                                {"network-prohibited", 3, 9, 9},
                                {"host-prohibited", 3, 10, 10},
                                {"TOS-network-unreachable", 3, 11, 11},
                                {"TOS-host-unreachable", 3, 12, 12},
                                {"communication-prohibited", 3, 13, 13},
                                {"host-precedence-violation", 3, 14, 14},
                                {"precedence-cutoff", 3, 15, 15},
                                {"source-quench", 4, 0, 255},
                                {"redirect", 5, 0, 255},
                                {"network-redirect", 5, 0, 0},
                                {"host-redirect", 5, 1, 1},
                                {"TOS-network-redirect", 5, 2, 2},
                                {"TOS-host-redirect", 5, 3, 3},
                                {"echo-request", 8, 0, 255},
                                {"ping", 8, 0, 255},
                                {"router-advertisement", 9, 0, 255},
                                {"router-solicitation", 10, 0, 255},
                                {"time-exceeded", 11, 0, 255},
                                {"ttl-exceeded", 11, 0, 255},
                                {"ttl-zero-during-transit", 11, 0, 0},
                                {"ttl-zero-during-reassembly", 11, 1, 1},
                                {"parameter-problem", 12, 0, 255},
                                {"ip-header-bad", 12, 0, 0},
                                {"required-option-missing", 12, 1, 1},
                                {"timestamp-request", 13, 0, 255},
                                {"timestamp-reply", 14, 0, 255},
                                {"address-mask-request", 17, 0, 255},
                                {"address-mask-reply", 18, 0, 255}};

constexpr IcmpName icmp_v6[] = {{"destination-unreachable", 1, 0, 255},
                                {"no-route", 1, 0, 0},
                                {"communication-prohibited", 1, 1, 1},
                                {"beyond-scope", 1, 2, 2},
                                {"address-unreachable", 1, 3, 3},
                                {"port-unreachable", 1, 4, 4},
                                {"failed-policy", 1, 5, 5},
                                {"reject-route", 1, 6, 6},
                                {"packet-too-big", 2, 0, 255},
                                {"time-exceeded", 3, 0, 255},
                                {"ttl-exceeded", 3, 0, 255},
                                {"ttl-zero-during-transit", 3, 0, 0},
                                {"ttl-zero-during-reassembly", 3, 1, 1},
                                {"parameter-problem", 4, 0, 255},
                                {"bad-header", 4, 0, 0},
                                {"unknown-header-type", 4, 1, 1},
                                {"unknown-option", 4, 2, 2},
                                {"echo-request", 128, 0, 255},
                                {"ping", 128, 0, 255},
                                {"echo-reply", 129, 0, 255},
                                {"pong", 129, 0, 255},
                                {"mld-listener-query", 130, 0, 255},
                                {"mld-listener-report", 131, 0, 255},
                                {"mld-listener-done", 132, 0, 255},
                                {"mld-listener-reduction", 132, 0, 255},
                                {"router-solicitation", 133, 0, 255},
                                {"router-advertisement", 134, 0, 255},
                                {"neighbour-solicitation", 135, 0, 255},
                                {"neighbor-solicitation", 135, 0, 255},
                                {"neighbour-advertisement", 136, 0, 255},
                                {"neighbor-advertisement", 136, 0, 255},
                                {"redirect", 137, 0, 255}};

struct RejectName {
    std::string_view name;
    std::string_view shorter;
    RejectWith with;
};
constexpr RejectName rejects_v4[] = {{"icmp-net-unreachable", "net-unreach", RejectWith::net_unreachable},
                                     {"icmp-host-unreachable", "host-unreach", RejectWith::host_unreachable},
                                     {"icmp-proto-unreachable", "proto-unreach", RejectWith::proto_unreachable},
                                     {"icmp-port-unreachable", "port-unreach", RejectWith::port_unreachable},
                                     {"icmp-net-prohibited", "net-prohib", RejectWith::net_prohibited},
                                     {"icmp-host-prohibited", "host-prohib", RejectWith::host_prohibited},
                                     {"tcp-reset", "tcp-rst", RejectWith::tcp_reset},
                                     {"icmp-admin-prohibited", "admin-prohib", RejectWith::admin_prohibited}};
constexpr RejectName rejects_v6[] = {{"icmp6-no-route", "no-route", RejectWith::no_route},
                                     {"icmp6-adm-prohibited", "adm-prohibited", RejectWith::admin_prohibited},
                                     {"icmp6-addr-unreachable", "addr-unreach", RejectWith::addr_unreachable},
                                     {"icmp6-port-unreachable", "port-unreach", RejectWith::port_unreachable},
                                     {"tcp-reset", "tcp-rst", RejectWith::tcp_reset}};

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool same(std::string_view a, std::string_view b) {
    return a.size() == b.size() &&
           std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) { return lower(x) == lower(y); });
}

template <class Table>
std::optional<RejectWith> find_reject(const Table& table, std::string_view name) {
    for (const RejectName& r : table)
        if (same(r.name, name) || same(r.shorter, name)) return r.with;
    const auto begins = [name](std::string_view full) {
        return !name.empty() && same(full.substr(0, name.size()), name);
    };
    for (const RejectName& r : table)
        if (begins(r.name) || begins(r.shorter)) return r.with;  // the first, as the tool itself has it
    return std::nullopt;
}

}  // namespace

std::optional<std::uint8_t> protocol_number(std::string_view name) {
    for (const ProtocolName& p : protocols)
        if (p.name == name) return p.number;
    return std::nullopt;
}

std::string protocol_name(std::uint8_t number) {
    for (const ProtocolName& p : protocols)
        if (p.number == number) return std::string(p.name);
    return std::to_string(number);
}

std::optional<std::uint16_t> service_port(std::string_view name, Carrier by) {
    for (const ServiceName& s : services)
        if (s.name == name && (by == Carrier::either || s.carrier == Carrier::either || s.carrier == by)) return s.port;
    return std::nullopt;
}

std::optional<IcmpName> icmp_type_by_name(std::string_view name, wire::Family family, std::string* others) {
    const auto look = [&](const auto& table) -> std::optional<IcmpName> {
        std::optional<IcmpName> found;
        for (const IcmpName& n : table) {
            if (!same(n.name.substr(0, name.size()), name)) continue;
            if (!found) {
                found = n;
                continue;
            }
            if (others != nullptr) *others = std::string(found->name) + " or " + std::string(n.name);
            return std::nullopt;
        }
        return found;
    };
    return family == wire::Family::ipv4 ? look(icmp_v4) : look(icmp_v6);
}

std::optional<RejectWith> reject_by_name(std::string_view name, wire::Family family) {
    return family == wire::Family::ipv4 ? find_reject(rejects_v4, name) : find_reject(rejects_v6, name);
}

std::string_view reject_name(RejectWith with, wire::Family family) {
    const auto look = [with](const auto& table) -> std::string_view {
        for (const RejectName& r : table)
            if (r.with == with) return r.name;
        return {};
    };
    return family == wire::Family::ipv4 ? look(rejects_v4) : look(rejects_v6);
}

std::optional<std::uint8_t> log_level(std::string_view name) {
    constexpr std::array<std::string_view, 8> names{"emerg",   "alert",  "crit", "err",
                                                    "warning", "notice", "info", "debug"};
    if (name.size() == 1 && name[0] >= '0' && name[0] <= '7') return static_cast<std::uint8_t>(name[0] - '0');
    if (same(name, "error")) return 3;
    if (same(name, "warn")) return 4;
    if (same(name, "panic")) return 0;
    for (std::size_t i = 0; i < names.size(); ++i)
        if (same(name, names[i])) return static_cast<std::uint8_t>(i);
    return std::nullopt;
}

}  // namespace sim::firewall::import
