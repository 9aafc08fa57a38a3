#include "sim/firewall/import/asa_names.hpp"

#include "sim/firewall/import/cisco_names.hpp"

namespace sim::firewall::import {
namespace {

struct Number {
    std::string_view name;
    std::uint16_t value;
};
constexpr Number protocols_beside[] = {{"ah", 51},   {"icmp6", 58}, {"igrp", 9}, {"ipsec", 50},
                                       {"pptp", 47}, {"sctp", 132}, {"snp", 109}};
constexpr Number tcp_beside[] = {{"aol", 5190},        {"cifs", 3020},
                                 {"citrix-ica", 1494}, {"ctiqbe", 2748},
                                 {"h323", 1720},       {"http", 80},
                                 {"https", 443},       {"imap4", 143},
                                 {"ldap", 389},        {"ldaps", 636},
                                 {"lotusnotes", 1352}, {"netbios-ssn", 139},
                                 {"nfs", 2049},        {"pcanywhere-data", 5631},
                                 {"pptp", 1723},       {"rsh", 514},
                                 {"rtsp", 554},        {"sip", 5060},
                                 {"sqlnet", 1521},     {"ssh", 22}};
constexpr Number udp_beside[] = {{"cifs", 3020},   {"http", 80},          {"nfs", 2049}, {"pcanywhere-status", 5632},
                                 {"radius", 1645}, {"radius-acct", 1646}, {"rtsp", 554}, {"secureid-udp", 5510},
                                 {"sip", 5060},    {"vxlan", 4789},       {"www", 80}};
constexpr Number icmp6_names[] = {{"echo", 128},
                                  {"echo-reply", 129},
                                  {"membership-query", 130},
                                  {"membership-reduction", 132},
                                  {"membership-report", 131},
                                  {"neighbor-advertisement", 136},
                                  {"neighbor-redirect", 137},
                                  {"neighbor-solicitation", 135},
                                  {"packet-too-big", 2},
                                  {"parameter-problem", 4},
                                  {"router-advertisement", 134},
                                  {"router-renumbering", 138},
                                  {"router-solicitation", 133},
                                  {"time-exceeded", 3},
                                  {"unreachable", 1}};

template <class Table>
std::optional<std::uint16_t> look_up(const Table& table, std::string_view name) {
    for (const Number& n : table)
        if (n.name == name) return n.value;
    return std::nullopt;
}

template <class Table>
std::optional<std::uint16_t> either(std::optional<std::uint16_t> shared, const Table& beside, std::string_view name) {
    return shared ? shared : look_up(beside, name);
}

std::optional<wire::Port> read_port(Cursor& words, const Protocols& protocols) {
    const Word* word = words.take("a port");
    if (word == nullptr) return std::nullopt;
    if (word->text == "kerberos") {
        words.error(*word, "\"kerberos\" is 750 on some releases and 88 on others", "bad-port", "write the number");
        return std::nullopt;
    }
    const auto as_tcp = protocols[tcp] ? either(cisco::tcp_port_named(word->text), tcp_beside, word->text)
                                       : std::optional<std::uint16_t>{};
    const auto as_udp = protocols[udp] ? either(cisco::udp_port_named(word->text), udp_beside, word->text)
                                       : std::optional<std::uint16_t>{};
    if (as_tcp && as_udp && *as_tcp != *as_udp) {
        words.error(*word, shown(word->text) + " is another port for TCP than for UDP", "bad-port", "write the number");
        return std::nullopt;
    }
    if (as_tcp || as_udp) return wire::Port{as_tcp ? *as_tcp : *as_udp};
    words.error(*word, shown(word->text) + " is no port that an ASA names", "bad-port");
    return std::nullopt;
}

}  // namespace

Protocols one_protocol(std::uint8_t number) {
    Protocols protocols;
    if (number == 0)
        protocols.set();
    else
        protocols.set(number);
    return protocols;
}

bool have_ports(const Protocols& protocols) {
    Protocols both = one_protocol(tcp) | one_protocol(udp);
    return protocols.any() && (protocols & ~both).none();
}

std::optional<Protocols> asa_protocol(std::string_view word) {
    if (word == "tcp-udp") return one_protocol(tcp) | one_protocol(udp);
    if (const auto shared = cisco::protocol_named(word)) return one_protocol(*shared);
    if (const auto own = look_up(protocols_beside, word)) return one_protocol(static_cast<std::uint8_t>(*own));
    return std::nullopt;
}

bool is_port_operator(std::string_view word) {
    return word == "eq" || word == "neq" || word == "gt" || word == "lt" || word == "range";
}

std::optional<std::vector<wire::PortRange>> read_ports(Cursor& words, const Protocols& protocols) {
    const Word* op = words.peek();
    if (op == nullptr || !is_port_operator(op->text)) return std::nullopt;
    words.skip();
    if (!have_ports(protocols)) {
        words.error(*op, "ports need the protocol tcp or udp", "ports-without-protocol");
        return std::nullopt;
    }
    const auto first = read_port(words, protocols);
    if (!first) return std::nullopt;
    using wire::PortRange;
    const std::vector<PortRange> all{PortRange::all()};
    if (op->text == "eq") return std::vector{PortRange::only(*first)};
    if (op->text == "neq") return wire::without(all, {PortRange::only(*first)});
    std::uint32_t low = first->value, high = first->value;
    if (op->text == "range") {
        const auto last = read_port(words, protocols);
        if (!last) return std::nullopt;
        high = last->value;
    } else if (op->text == "gt") {
        ++low;
        high = 65535;
    } else {  // lt 0 leaves high below low
        low = high == 0 ? 1 : 0;
        high = high == 0 ? 0 : high - 1;
    }
    if (low <= high)
        return std::vector{
            PortRange{wire::Port{static_cast<std::uint16_t>(low)}, wire::Port{static_cast<std::uint16_t>(high)}}};
    words.error(*op, "no port is left by this", "bad-port");
    return std::nullopt;
}

std::optional<IcmpIs> read_icmp(Cursor& words, bool v6) {
    const Word* word = words.take("an ICMP type");
    if (word == nullptr) return std::nullopt;
    std::optional<IcmpIs> is;
    if (const auto type = cisco::decimal(word->text, 255))
        is = IcmpIs{false, static_cast<std::uint8_t>(*type), 0, 255};
    else if (!v6)
        is = cisco::icmp_named(word->text);
    else if (const auto named = look_up(icmp6_names, word->text))
        is = IcmpIs{false, static_cast<std::uint8_t>(*named), 0, 255};
    if (!is) {
        words.error(*word, shown(word->text) + " is no ICMP type that an ASA names", "bad-icmp-type");
        return std::nullopt;
    }
    if (const auto code = cisco::decimal(words.peek_text(), 255)) {
        is->code_low = is->code_high = static_cast<std::uint8_t>(*code);
        words.skip();
    }
    return is;
}

}  // namespace sim::firewall::import
