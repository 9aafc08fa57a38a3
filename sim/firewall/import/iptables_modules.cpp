#include "sim/firewall/import/iptables_modules.hpp"

#include "sim/firewall/import/net_names.hpp"
#include "sim/wire/headers.hpp"

#include <algorithm>

namespace sim::firewall::import::iptables {
namespace {

using Kind = Module::Kind;
using F = wire::TcpFlags;

std::string shown(std::string_view text) { return "\"" + base::printable(text, 60) + "\""; }

std::string upper(std::string_view text) {
    std::string up(text);
    for (char& c : up)
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    return up;
}

std::optional<unsigned> decimal(std::string_view text, unsigned most) {
    if (text.empty() || text.size() > 6) return std::nullopt;
    unsigned value = 0;
    for (const char c : text) {
        if (c < '0' || c > '9') return std::nullopt;
        value = value * 10 + static_cast<unsigned>(c - '0');
    }
    return value <= most ? std::optional(value) : std::nullopt;
}

std::optional<wire::Port> port_of(std::string_view text) {
    if (const auto number = decimal(text, 65535)) return wire::Port{static_cast<std::uint16_t>(*number)};
    if (const auto named = service_port(text)) return wire::Port{*named};
    return std::nullopt;
}

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

struct FlagName {
    std::string_view name;
    std::uint8_t bits;
};
constexpr std::uint8_t all_flags = F::fin | F::syn | F::rst | F::psh | F::ack | F::urg;
// In the order in which iptables-save writes them; ECE and CWR are not among what it knows.
constexpr FlagName flag_names[] = {{"FIN", F::fin}, {"SYN", F::syn}, {"RST", F::rst},    {"PSH", F::psh},
                                   {"ACK", F::ack}, {"URG", F::urg}, {"ALL", all_flags}, {"NONE", 0}};

std::optional<std::uint8_t> flags_of(std::string_view list) {
    std::uint8_t bits = 0;
    const Maybe bad = for_each_part(list, [&bits](std::string_view part) -> Maybe {
        for (const FlagName& f : flag_names)
            if (f.name == upper(part)) {
                bits = static_cast<std::uint8_t>(bits | f.bits);
                return std::nullopt;
            }
        return Refusal{.what = {}};
    });
    return bad ? std::nullopt : std::optional(bits);
}

std::string written_flags(std::uint8_t bits) {
    std::string text;
    for (const FlagName& f : flag_names)
        if (f.bits != all_flags && f.bits != 0 && (bits & f.bits) != 0)
            text += (text.empty() ? "" : ",") + std::string(f.name);
    return text.empty() ? "NONE" : text;
}

struct StateName {
    std::string_view name;
    std::uint8_t bit;
};
constexpr StateName state_names[] = {
    {"NEW", StateSet::new_flow},    {"ESTABLISHED", StateSet::established}, {"RELATED", StateSet::related},
    {"INVALID", StateSet::invalid}, {"UNTRACKED", StateSet::untracked},     {"SNAT", StateSet::snat},
    {"DNAT", StateSet::dnat}};

struct Option {
    Kind kind;
    std::string_view name;
    unsigned values;
};
constexpr Option options[] = {{Kind::tcp, "--sport", 1},         {Kind::tcp, "--source-port", 1},
                              {Kind::tcp, "--dport", 1},         {Kind::tcp, "--destination-port", 1},
                              {Kind::tcp, "--syn", 0},           {Kind::tcp, "--tcp-flags", 2},
                              {Kind::udp, "--sport", 1},         {Kind::udp, "--source-port", 1},
                              {Kind::udp, "--dport", 1},         {Kind::udp, "--destination-port", 1},
                              {Kind::icmp, "--icmp-type", 1},    {Kind::icmp6, "--icmpv6-type", 1},
                              {Kind::multiport, "--sports", 1},  {Kind::multiport, "--source-ports", 1},
                              {Kind::multiport, "--dports", 1},  {Kind::multiport, "--destination-ports", 1},
                              {Kind::multiport, "--ports", 1},   {Kind::multiport, "--port", 1},
                              {Kind::multiport, "--sport", 1},   {Kind::multiport, "--source-port", 1},
                              {Kind::multiport, "--dport", 1},   {Kind::multiport, "--destination-port", 1},
                              {Kind::conntrack, "--ctstate", 1}, {Kind::conntrack, "--ctdir", 1},
                              {Kind::state, "--state", 1},       {Kind::iprange, "--src-range", 1},
                              {Kind::iprange, "--dst-range", 1}, {Kind::comment, "--comment", 1}};

constexpr std::string_view kind_names[] = {"tcp",       "udp",   "icmp",    "icmp6",  "multiport",
                                           "conntrack", "state", "iprange", "comment"};

}  // namespace

std::optional<Kind> Module::kind_of(std::string_view name, wire::Family family) {
    if (name == "icmpv6") name = "icmp6";
    if (name == (family == wire::Family::ipv4 ? "icmp6" : "icmp")) return std::nullopt;
    for (std::size_t i = 0; i < std::size(kind_names); ++i)
        if (kind_names[i] == name) return static_cast<Kind>(i);
    return std::nullopt;
}

std::string_view Module::name() const { return kind_names[static_cast<std::size_t>(kind_)]; }

std::optional<unsigned> Module::takes(std::string_view option) const {
    for (const Option& o : options)
        if (o.kind == kind_ && o.name == option) return o.values;
    return std::nullopt;
}

Maybe Module::read(std::string_view option, bool inverted, const std::array<std::string_view, 2>& values) {
    switch (kind_) {
        case Kind::tcp:
            if (option == "--syn") return read_flags(inverted, "FIN,SYN,RST,ACK", "SYN");
            if (option == "--tcp-flags") return read_flags(inverted, values[0], values[1]);
            [[fallthrough]];
        case Kind::udp:
            if (option.substr(0, 3) == "--s") return read_port(0, "--sport", End::source, inverted, values[0]);
            return read_port(1, "--dport", End::target, inverted, values[0]);
        case Kind::icmp:
        case Kind::icmp6: return read_icmp(inverted, values[0]);
        case Kind::multiport: return read_ports(option, inverted, values[0]);
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
    const auto first = is_range && low.empty() ? wire::Port{0} : port_of(low);
    const auto last = is_range && high.empty() ? wire::Port{65535} : port_of(high);
    if (!first || !last)
        return Refusal{
            shown(value) + " is no port, range or known service", "bad-port",
            value.find(',') == std::string_view::npos ? "" : "for a list of ports use -m multiport --dports"};
    if (*last < *first) return Refusal{"port range " + shown(value) + " runs backwards", "bad-port"};
    const wire::PortRange range{*first, *last};
    if (range == wire::PortRange::all() && !inverted) return std::nullopt;  // asks nothing
    set(slot, option, inverted, written(range), Match{PortIn{end, {range}}});
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
    if (v4 && upper(value) == "ANY") {
        set(0, option, inverted, "any", Match{IcmpIs{.any = true}});
        return std::nullopt;
    }
    IcmpIs is;
    if (const auto named = icmp_type_by_name(value, family_)) {
        is = {false, named->type, named->code_low, named->code_high};
    } else {
        const std::size_t slash = value.find('/');
        const auto type = decimal(value.substr(0, slash), 255);
        const auto code =
            slash == std::string_view::npos ? std::optional<unsigned>{} : decimal(value.substr(slash + 1), 255);
        if (!type || (slash != std::string_view::npos && !code))
            return Refusal{shown(value) + " is no ICMP type", "bad-icmp-type", "for instance 8, 3/13 or echo-request"};
        if (v4 && *type == 255) return Refusal{"ICMP type 255 means any in this place", "bad-icmp-type", "say any"};
        is.type = static_cast<std::uint8_t>(*type);
        if (code) is.code_low = is.code_high = static_cast<std::uint8_t>(*code);
    }
    std::string text = std::to_string(is.type);
    if (is.code_low != 0 || is.code_high != 255) text += "/" + std::to_string(is.code_low);
    set(0, option, inverted, text, Match{is});
    return std::nullopt;
}

Maybe Module::read_ports(std::string_view option, bool inverted, std::string_view value) {
    constexpr unsigned slots_max = 15;
    if (Maybe twice = use(0, "one of --sports, --dports and --ports")) return twice;
    const bool source = option.substr(0, 3) == "--s";
    const bool either = option == "--ports" || option == "--port";
    PortIn in{either ? End::either : source ? End::source : End::target, {}};
    std::string text;
    unsigned used = 0;
    const Maybe bad = for_each_part(value, [&](std::string_view part) -> Maybe {
        const std::size_t colon = part.find(':');
        const auto first = port_of(part.substr(0, colon));
        const auto last = colon == std::string_view::npos ? first : port_of(part.substr(colon + 1));
        if (!first || !last) return Refusal{shown(part) + " is no port, range or known service", "bad-port"};
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
            if (known && s.name == upper(part)) {
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
    const auto low = wire::IpAddress::parse(value.substr(0, dash));
    const auto high = dash == std::string_view::npos ? low : wire::IpAddress::parse(value.substr(dash + 1));
    if (!low || !high || low->family() != family_ || high->family() != family_)
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
    constexpr std::uint8_t tcp = 6, udp = 17, icmp = 1, icmp6 = 58;
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
