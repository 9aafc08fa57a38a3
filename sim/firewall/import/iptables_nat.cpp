#include "sim/firewall/import/iptables_nat.hpp"

#include "sim/firewall/import/iptables_values.hpp"

#include <array>

namespace sim::firewall::import::iptables {
namespace {

using Kind = NatTarget::Kind;

constexpr std::array<std::string_view, 4> kind_names{"DNAT", "SNAT", "MASQUERADE", "REDIRECT"};
constexpr std::array<std::string_view, 4> where_options{"--to-destination", "--to-source", "--to-ports", "--to-ports"};

std::string shown(std::string_view text) { return "\"" + base::printable(text, 60) + "\""; }

constexpr OptionName dnat_options[] = {
    {"--to-destination", "--to-destination"}, {"--random", "--random", 0}, {"--persistent", "--persistent", 0}};
constexpr OptionName snat_options[] = {{"--to-source", "--to-source"},
                                       {"--random", "--random", 0},
                                       {"--random-fully", "--random-fully", 0},
                                       {"--persistent", "--persistent", 0}};
constexpr OptionName masquerade_options[] = {
    {"--to-ports", "--to-ports"}, {"--random", "--random", 0}, {"--random-fully", "--random-fully", 0}};
constexpr OptionName redirect_options[] = {{"--to-ports", "--to-ports"}, {"--random", "--random", 0}};
constexpr std::array<std::span<const OptionName>, 4> options{dnat_options, snat_options, masquerade_options,
                                                             redirect_options};

}  // namespace

Refusal refused_target(std::string_view name, bool nat) {
    if (NatTarget::kind_of(name)) return {"target " + shown(name) + " belongs in the nat table", "wrong-table"};
    if (name == "DROP" || name == "REJECT")
        return {"the nat table is not for filtering: " + shown(name) + " has no place in it", "wrong-table",
                "write the rule in *filter"};
    return {"target " + shown(name) + " is neither supported nor a chain of this table", "unsupported-target",
            std::string("supported: ACCEPT, ") +
                (nat ? "DNAT, SNAT, MASQUERADE, REDIRECT, RETURN, LOG" : "DROP, REJECT, RETURN, LOG") +
                ", and chains declared with \":\""};
}

std::optional<Kind> NatTarget::kind_of(std::string_view name) {
    for (std::size_t i = 0; i < kind_names.size(); ++i)
        if (kind_names[i] == name) return static_cast<Kind>(i);
    return std::nullopt;
}

std::string_view NatTarget::name() const { return kind_names[static_cast<std::size_t>(kind_)]; }

bool NatTarget::belongs_in(std::string_view built_in) const {
    switch (kind_) {
        case Kind::dnat:
        case Kind::redirect: return built_in == "PREROUTING" || built_in == "OUTPUT";
        case Kind::snat: return built_in == "POSTROUTING" || built_in == "INPUT";
        case Kind::masquerade: return built_in == "POSTROUTING";
    }
    return false;
}

std::string_view NatTarget::places() const {
    switch (kind_) {
        case Kind::dnat:
        case Kind::redirect: return "PREROUTING and OUTPUT";
        case Kind::snat: return "POSTROUTING and INPUT";
        case Kind::masquerade: return "POSTROUTING";
    }
    return {};
}

std::span<const OptionName> NatTarget::option_names() const { return options[static_cast<std::size_t>(kind_)]; }

Maybe NatTarget::read(std::string_view name, std::string_view value) {
    if (name.substr(0, 4) == "--to") return read_where(value);
    bool& flag = name == "--random" ? random_ : name == "--random-fully" ? random_fully_ : persistent_;
    if (std::exchange(flag, true)) return Refusal{shown(name) + " stands here a second time", "repeated-option"};
    translation_.random = random_ || random_fully_;
    translation_.persistent = persistent_;
    return std::nullopt;
}

// "10.0.0.1", "10.0.0.1-10.0.0.9:80-90", ":80"; "[2001:db8::1]:80"; for the box's own address the ports alone.
Maybe NatTarget::read_where(std::string_view value) {
    const std::string_view option = where_options[static_cast<std::size_t>(kind_)];
    if (std::exchange(where_given_, true))
        return Refusal{shown(option) + " stands here a second time", "repeated-option"};
    if (translation_.box_address) return read_ports(value);
    std::string_view addresses = value, ports;
    bool has_ports = false;
    if (value.substr(0, 1) == "[") {
        const std::size_t end = value.find(']');
        if (end == value.npos) return Refusal{shown(value) + " opens a bracket and never closes it", "bad-address"};
        addresses = value.substr(1, end - 1);
        has_ports = end + 1 < value.size();
        if (has_ports && value[end + 1] != ':')
            return Refusal{shown(value) + " goes on behind its bracket", "bad-address"};
        if (has_ports) ports = value.substr(end + 2);
    } else if (const std::size_t colon = value.find(':');
               colon != value.npos && (family_ == wire::Family::ipv4 || colon == 0)) {
        if (family_ == wire::Family::ipv4 || value.find(':', 1) == value.npos) {
            addresses = value.substr(0, colon);
            ports = value.substr(colon + 1);
            has_ports = true;
        }
    }
    if (!addresses.empty())
        if (Maybe refusal = read_addresses(addresses)) return refusal;
    if (addresses.empty() && !has_ports) return Refusal{std::string(option) + " is empty", "bad-address"};
    return has_ports ? read_ports(ports) : std::nullopt;
}

Maybe NatTarget::read_addresses(std::string_view text) {
    const std::size_t dash = text.find('-');
    const auto low = wire::IpAddress::parse(text.substr(0, dash));
    const auto high = dash == text.npos ? low : wire::IpAddress::parse(text.substr(dash + 1));
    if (!low || !high || low->family() != family_ || high->family() != family_)
        return Refusal{shown(text) + " is no address or range of addresses", "bad-address",
                       "for instance 10.0.0.10 or 10.0.0.10-10.0.0.19"};
    if (*high < *low) return Refusal{"address range " + shown(text) + " runs backwards", "bad-address"};
    translation_.addresses = AddressRange{*low, *high};
    return std::nullopt;
}

Maybe NatTarget::read_ports(std::string_view text) {
    if (text.find('/') != text.npos)
        return Refusal{shown(text) + " moves ports one by one, which is not supported", "unsupported-option",
                       "write a rule for each port"};
    const std::size_t dash = text.find('-');
    // A service's name may hold a dash itself.
    const auto whole = port_of(text, Carrier::either);
    const auto number = [](std::string_view part) -> std::optional<wire::Port> {
        const auto read = number_of(part, 65535);
        return read ? std::optional(wire::Port{static_cast<std::uint16_t>(*read)}) : std::nullopt;
    };
    const auto first = whole ? whole : number(text.substr(0, dash));
    const auto last = whole || dash == text.npos ? first : number(text.substr(dash + 1));
    if (!first || !last) return Refusal{shown(text) + " is no port or range of ports", "bad-port"};
    if (*last < *first) return Refusal{"port range " + shown(text) + " runs backwards", "bad-port"};
    translation_.ports = wire::PortRange{*first, *last};
    return std::nullopt;
}

Maybe NatTarget::complete(std::uint8_t protocol) const {
    const bool needs_where = kind_ == Kind::dnat || kind_ == Kind::snat;
    if (needs_where && !where_given_)
        return Refusal{std::string(name()) + " needs " + std::string(where_options[static_cast<std::size_t>(kind_)]),
                       "missing-option"};
    constexpr std::uint8_t icmp = 1, tcp = 6, udp = 17;
    if (translation_.ports && protocol != tcp && protocol != udp && (protocol != icmp || family_ == wire::Family::ipv6))
        return Refusal{"ports here need -p tcp or -p udp", "needs-protocol"};
    return std::nullopt;
}

std::string NatTarget::canonical() const {
    std::string where;
    const Translation& t = translation_;
    if (t.addresses) {
        where = t.addresses->low.format();
        if (t.addresses->low != t.addresses->high) where += "-" + t.addresses->high.format();
        if (family_ == wire::Family::ipv6 && t.ports) where = "[" + where + "]";
    }
    if (t.ports) {
        if (!t.box_address) where += ":";
        where += wire::format(*t.ports);
    }
    std::string text;
    if (where_given_) text += " " + std::string(where_options[static_cast<std::size_t>(kind_)]) + " " + where;
    if (random_) text += " --random";
    if (random_fully_) text += " --random-fully";
    if (persistent_) text += " --persistent";
    return text;
}

}  // namespace sim::firewall::import::iptables
