#include "sim/firewall/import/iptables_modules.hpp"

#include "sim/firewall/import/iptables_values.hpp"
#include "sim/firewall/import/net_names.hpp"

#include <algorithm>

namespace sim::firewall::import::iptables {
namespace {

using Kind = Module::Kind;

std::string shown(std::string_view text) { return "\"" + base::printable(text, 60) + "\""; }

std::string written(const wire::PortRange& r) {
    const std::string first = std::to_string(r.first.value);
    return r.first == r.last ? first : first + ":" + std::to_string(r.last.value);
}

// Calls `each` for the parts between commas until one refuses.
template <class Each>
Maybe for_each_part(std::string_view list, Each each) {
    for (;;) {
        const std::size_t comma = list.find(',');
        if (Maybe refusal = each(list.substr(0, comma))) return refusal;
        if (comma == std::string_view::npos) return std::nullopt;
        list.remove_prefix(comma + 1);
    }
}

constexpr std::uint8_t tcp = 6, udp = 17, icmp = 1, icmp6 = 58;

struct StateName {
    std::string_view name;
    std::uint8_t bit;
};
constexpr StateName state_names[] = {
    {"NEW", StateSet::new_flow},    {"ESTABLISHED", StateSet::established}, {"RELATED", StateSet::related},
    {"INVALID", StateSet::invalid}, {"UNTRACKED", StateSet::untracked},     {"SNAT", StateSet::snat},
    {"DNAT", StateSet::dnat}};

// With those that are known there and not taken here, for they make others less clear. multiport knows the singular
// forms as beginnings of these.
constexpr OptionName tcp_options[] = {
    {"--source-port", "--sport"}, {"--sport", "--sport"}, {"--destination-port", "--dport"},
    {"--dport", "--dport"},       {"--syn", "--syn", 0},  {"--tcp-flags", "--tcp-flags", 2},
    {"--tcp-option", ""}};
constexpr OptionName udp_options[] = {
    {"--source-port", "--sport"}, {"--sport", "--sport"}, {"--destination-port", "--dport"}, {"--dport", "--dport"}};
constexpr OptionName icmp_options[] = {{"--icmp-type", "--icmp-type"}};
constexpr OptionName icmp6_options[] = {{"--icmpv6-type", "--icmpv6-type"}};
constexpr OptionName multiport_options[] = {{"--source-ports", "--sports"},
                                            {"--sports", "--sports"},
                                            {"--destination-ports", "--dports"},
                                            {"--dports", "--dports"},
                                            {"--ports", "--ports"}};
constexpr OptionName conntrack_options[] = {
    {"--ctstate", "--ctstate"}, {"--ctdir", "--ctdir"},  {"--ctproto", ""},       {"--ctorigsrc", ""},
    {"--ctorigdst", ""},        {"--ctreplsrc", ""},     {"--ctrepldst", ""},     {"--ctorigsrcport", ""},
    {"--ctorigdstport", ""},    {"--ctreplsrcport", ""}, {"--ctrepldstport", ""}, {"--ctstatus", ""},
    {"--ctexpire", ""}};
constexpr OptionName state_options[] = {{"--state", "--state"}};
constexpr OptionName iprange_options[] = {{"--src-range", "--src-range"}, {"--dst-range", "--dst-range"}};
constexpr OptionName comment_options[] = {{"--comment", "--comment"}};
// As Kind has them.
constexpr std::array<std::span<const OptionName>, 9> options{tcp_options,   udp_options,       icmp_options,
                                                             icmp6_options, multiport_options, conntrack_options,
                                                             state_options, iprange_options,   comment_options};

constexpr std::string_view kind_names[] = {"tcp",       "udp",   "icmp",    "icmp6",  "multiport",
                                           "conntrack", "state", "iprange", "comment"};

}  // namespace

bool has_other_ports(std::uint8_t protocol) {
    constexpr std::uint8_t dccp = 33, sctp = 132, udplite = 136;
    return protocol == dccp || protocol == sctp || protocol == udplite;
}

std::optional<Kind> Module::kind_of(std::string_view name, wire::Family family) {
    if (name == "icmpv6") name = "icmp6";
    if (name == (family == wire::Family::ipv4 ? "icmp6" : "icmp")) return std::nullopt;
    for (std::size_t i = 0; i < std::size(kind_names); ++i)
        if (kind_names[i] == name) return static_cast<Kind>(i);
    return std::nullopt;
}

std::string_view Module::name() const { return kind_names[static_cast<std::size_t>(kind_)]; }

std::span<const OptionName> Module::option_names() const { return options[static_cast<std::size_t>(kind_)]; }

Maybe Module::before(std::string_view option, std::uint8_t protocol) const {
    if (kind_ != Kind::multiport || protocol == tcp || protocol == udp) return std::nullopt;
    if (has_other_ports(protocol))
        return Refusal{shown(option) + " asks for ports of " + protocol_name(protocol) + ", which are not simulated",
                       "unsupported-option"};
    return Refusal{shown(option) + " needs -p tcp or -p udp before it", "needs-protocol"};
}

Maybe Module::read(std::string_view option, bool inverted, const std::array<std::string_view, 2>& values,
                   std::uint8_t protocol) {
    switch (kind_) {
        case Kind::tcp:
            if (option == "--syn") return read_flags(inverted, "FIN,SYN,RST,ACK", "SYN");
            if (option == "--tcp-flags") return read_flags(inverted, values[0], values[1]);
            [[fallthrough]];
        case Kind::udp:
            if (option == "--sport") return read_port(0, "--sport", End::source, inverted, values[0]);
            return read_port(1, "--dport", End::target, inverted, values[0]);
        case Kind::icmp:
        case Kind::icmp6: return read_icmp(inverted, values[0]);
        case Kind::multiport:
            return read_ports(option, inverted, values[0], protocol == tcp ? Carrier::tcp : Carrier::udp);
        case Kind::conntrack:
            return option == "--ctdir" ? read_direction(inverted, values[0])
                                       : read_states("--ctstate", inverted, values[0]);
        case Kind::state: return read_states("--state", inverted, values[0]);
        case Kind::iprange:
            return option == "--src-range" ? read_range(0, option, End::source, inverted, values[0])
                                           : read_range(1, option, End::target, inverted, values[0]);
        case Kind::comment: return read_comment(inverted, values[0]);
    }
    return std::nullopt;
}

Maybe Module::use(std::size_t slot, std::string_view option) {
    if (std::exchange(slots_[slot].used, true))
        return Refusal{std::string(option) + " stands here a second time", "repeated-option"};
    return std::nullopt;
}

void Module::set(std::size_t slot, std::string_view option, bool inverted, const std::string& value,
                 std::optional<Match> match) {
    slots_[slot].canonical = std::string(inverted ? " ! " : " ") + std::string(option) + " " + value;
    slots_[slot].match = std::move(match);
    if (slots_[slot].match) slots_[slot].match->inverted = inverted;
}

Maybe Module::read_port(std::size_t slot, std::string_view option, End end, bool inverted, std::string_view value) {
    if (Maybe twice = use(slot, option)) return twice;
    const std::size_t colon = value.find(':');
    const std::string_view low = value.substr(0, colon);
    const std::string_view high = colon == std::string_view::npos ? low : value.substr(colon + 1);
    const bool is_range = colon != std::string_view::npos;
    const auto port = [this](std::string_view text) {
        return kind_ == Kind::tcp ? port_of(text, Carrier::tcp) : udp_match_port_of(text);
    };
    const auto first = is_range && low.empty() ? wire::Port{0} : port(low);
    const auto last = is_range && high.empty() ? wire::Port{65535} : port(high);
    if (!first || !last)
        return Refusal{shown(value) + " is no port, range or known service", "bad-port",
                       value.find(',') == std::string_view::npos ? bad_port_hint(first ? high : low)
                                                                 : "for a list of ports use -m multiport --dports"};
    if (*last < *first) return Refusal{"port range " + shown(value) + " runs backwards", "bad-port"};
    const wire::PortRange range{*first, *last};
    if (range == wire::PortRange::all() && !inverted) return std::nullopt;  // asks nothing
    set(slot, option, inverted, written(range), Match{PortIn{end, {range}}});
    // "Not any port" matches nothing, and iptables-save forgets to write it (1.8.9).
    if (range == wire::PortRange::all()) slots_[slot].canonical.clear();
    return std::nullopt;
}

Maybe Module::read_flags(bool inverted, std::string_view mask, std::string_view compare) {
    if (Maybe twice = use(2, "--tcp-flags")) return twice;
    const auto wanted_mask = flags_of(mask);
    const auto wanted = flags_of(compare);
    if (!wanted_mask) return Refusal{shown(mask) + " is no list of TCP flags", "bad-flags"};
    if (!wanted) return Refusal{shown(compare) + " is no list of TCP flags", "bad-flags"};
    if (*wanted_mask == 0 && !inverted && *wanted == 0) return std::nullopt;
    set(2, "--tcp-flags", inverted, written_flags(*wanted_mask) + " " + written_flags(*wanted),
        Match{FlagsAre{*wanted_mask, *wanted}});
    return std::nullopt;
}

Maybe Module::read_icmp(bool inverted, std::string_view value) {
    const bool v4 = kind_ == Kind::icmp;
    const std::string_view option = v4 ? "--icmp-type" : "--icmpv6-type";
    if (Maybe twice = use(0, option)) return twice;
    IcmpIs is;
    std::string others;
    if (const auto named = icmp_type_by_name(value, family_, &others)) {
        is = {false, named->type, named->code_low, named->code_high};
    } else {
        const std::size_t slash = value.find('/');
        const auto type = number_of(value.substr(0, slash), 255);
        const auto code =
            slash == std::string_view::npos ? std::optional<std::uint32_t>{} : number_of(value.substr(slash + 1), 255);
        if (!others.empty())
            return Refusal{shown(value) + " may be " + others, "bad-icmp-type", "write the whole name"};
        if (!type || (slash != std::string_view::npos && !code))
            return Refusal{shown(value) + " is no ICMP type", "bad-icmp-type", "for instance 8, 3/13 or echo-request"};
        is.type = static_cast<std::uint8_t>(*type);
        if (code) is.code_low = is.code_high = static_cast<std::uint8_t>(*code);
    }
    if (v4 && is.type == 255) {  // which no packet has; the kernel takes it for any type and code
        set(0, option, inverted, "any", Match{IcmpIs{.any = true}});
        return std::nullopt;
    }
    std::string text = std::to_string(is.type);
    if (is.code_low != 0 || is.code_high != 255) text += "/" + std::to_string(is.code_low);
    set(0, option, inverted, text, Match{is});
    return std::nullopt;
}

Maybe Module::read_ports(std::string_view option, bool inverted, std::string_view value, Carrier by) {
    constexpr unsigned slots_max = 15;
    if (Maybe twice = use(0, "one of --sports, --dports and --ports")) return twice;
    const bool source = option.substr(0, 3) == "--s";
    const bool either = option == "--ports";
    PortIn in{either ? End::either : source ? End::source : End::target, {}};
    std::string text;
    unsigned used = 0;
    const Maybe bad = for_each_part(value, [&](std::string_view part) -> Maybe {
        const std::size_t colon = part.find(':');
        const auto first = port_of(part.substr(0, colon), by);
        const auto last = colon == std::string_view::npos ? first : port_of(part.substr(colon + 1), by);
        if (!first || !last)
            return Refusal{shown(part) + " is no port, range or known service", "bad-port",
                           bad_port_hint(first ? part.substr(colon + 1) : part.substr(0, colon))};
        const bool is_range = colon != std::string_view::npos;
        if (is_range && *last <= *first) return Refusal{"port range " + shown(part) + " runs backwards", "bad-port"};
        used += is_range ? 2 : 1;
        if (used > slots_max) return Refusal{"more than 15 ports (a range counts as two)", "too-many-ports"};
        in.ranges.push_back({*first, *last});
        text += (text.empty() ? "" : ",") + written(in.ranges.back());
        return std::nullopt;
    });
    if (bad) return bad;
    set(0, either ? "--ports" : source ? "--sports" : "--dports", inverted, text, Match{std::move(in)});
    return std::nullopt;
}

Maybe Module::read_states(std::string_view option, bool inverted, std::string_view value) {
    if (Maybe twice = use(0, option)) return twice;
    StateSet states;
    const Maybe bad = for_each_part(value, [&](std::string_view part) -> Maybe {
        for (const StateName& s : state_names) {
            const bool known = kind_ == Kind::conntrack || s.bit < StateSet::snat;
            if (known && !part.empty() && s.name.substr(0, part.size()) == upper(part)) {
                states.bits = static_cast<std::uint8_t>(states.bits | s.bit);
                return std::nullopt;
            }
        }
        return Refusal{shown(part) + " is no connection state", "bad-state",
                       "one of NEW, ESTABLISHED, RELATED, INVALID, UNTRACKED"};
    });
    if (bad) return bad;
    connection_.states = states;
    connection_.not_states = inverted;
    set(0, option, inverted, format(states), std::nullopt);
    return std::nullopt;
}

Maybe Module::read_direction(bool inverted, std::string_view value) {
    if (Maybe twice = use(1, "--ctdir")) return twice;
    if (inverted) return Refusal{"--ctdir cannot be inverted", "bad-inversion"};
    const std::string direction = upper(value);
    if (direction != "ORIGINAL" && direction != "REPLY")
        return Refusal{shown(value) + " is no direction", "bad-value", "ORIGINAL or REPLY"};
    connection_.direction = direction == "REPLY" ? FlowSide::reply : FlowSide::original;
    set(1, "--ctdir", false, direction, std::nullopt);
    return std::nullopt;
}

Maybe Module::read_range(std::size_t slot, std::string_view option, End end, bool inverted, std::string_view value) {
    if (Maybe twice = use(slot, option)) return twice;
    const std::size_t dash = value.find('-');
    const auto low = address_of(value.substr(0, dash), family_);
    const auto high = dash == std::string_view::npos ? low : address_of(value.substr(dash + 1), family_);
    if (!low || !high)
        return Refusal{shown(value) + " is no range of addresses", "bad-address", "for instance 10.0.0.1-10.0.0.9"};
    set(slot, option, inverted, low->format() + "-" + high->format(), Match{InRange{end, {*low, *high}}});
    return std::nullopt;
}

Maybe Module::read_comment(bool inverted, std::string_view value) {
    constexpr std::size_t longest = 255;
    if (Maybe twice = use(0, "--comment")) return twice;
    if (inverted) return Refusal{"a comment cannot be inverted", "bad-inversion"};
    if (value.size() > longest) return Refusal{"a comment is longer than 255 characters", "bad-value"};
    comment_ = std::string(value);
    set(0, "--comment", false, quoted(value), std::nullopt);
    return std::nullopt;
}

Maybe Module::complete(std::uint8_t protocol) const {
    const auto needs = [&](std::uint8_t wanted) -> Maybe {
        if (protocol == wanted) return std::nullopt;
        return Refusal{"-m " + std::string(name()) + " needs -p " + protocol_name(wanted), "needs-protocol"};
    };
    const auto needs_option = [&](std::string_view option) -> Maybe {
        if (slots_[0].used) return std::nullopt;
        return Refusal{"-m " + std::string(name()) + " needs " + std::string(option), "missing-option"};
    };
    switch (kind_) {
        case Kind::tcp: return needs(tcp);
        case Kind::udp: return needs(udp);
        case Kind::icmp: return slots_[0].used ? needs(icmp) : needs_option("--icmp-type");
        case Kind::icmp6: return slots_[0].used ? needs(icmp6) : needs_option("--icmpv6-type");
        case Kind::multiport:
            if (protocol != tcp && protocol != udp)
                return Refusal{"-m multiport needs -p tcp or -p udp", "needs-protocol"};
            return needs_option("--sports, --dports or --ports");
        case Kind::conntrack:
            if (slots_[1].used) return std::nullopt;
            return needs_option("--ctstate or --ctdir");
        case Kind::state: return needs_option("--state");
        case Kind::iprange:
            if (slots_[1].used) return std::nullopt;
            return needs_option("--src-range or --dst-range");
        case Kind::comment: return needs_option("--comment");
    }
    return std::nullopt;
}

std::vector<Match> Module::matches() const {
    std::vector<Match> made;
    if (kind_ == Kind::tcp) made.push_back({HasHeader{wire::Protocol::tcp}});
    if (kind_ == Kind::udp) made.push_back({HasHeader{wire::Protocol::udp}});
    if (kind_ == Kind::conntrack || kind_ == Kind::state) made.push_back({connection_});
    for (const Slot& slot : slots_)
        if (slot.match) made.push_back(*slot.match);
    return made;
}

std::string Module::canonical() const {
    std::string text = " -m " + std::string(name());
    for (const Slot& slot : slots_) text += slot.canonical;
    return text;
}

}  // namespace sim::firewall::import::iptables
