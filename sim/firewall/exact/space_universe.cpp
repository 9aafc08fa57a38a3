// What packets a rule set can meet at all, and the names of interfaces that it tells apart.
#include "sim/firewall/exact/space.hpp"

#include <algorithm>

namespace sim::firewall::exact {
namespace {

using wire::Family;
using wire::IpAddress;

constexpr std::size_t names_max = 64;  // classes of interface names, a bit each

AddressRange all_of(Family family) {
    constexpr std::uint64_t ones = ~std::uint64_t{0};
    if (family == Family::ipv4) return {IpAddress::v4(0), IpAddress::v4(0xffffffffU)};
    return {IpAddress::v6(0, 0), IpAddress::v6(ones, ones)};
}

// Without tracking no packet has a label; with it every packet has one. Behind a gate only those come to the rules that
// it lets neither pass nor fail.
std::bitset<tracked_count> possible_tracking(Tracking tracking, bool icmpv6_only) {
    std::bitset<tracked_count> possible;
    for (std::size_t i = 0; i < tracked_count; ++i) {
        const TrackedAs as = tracked_as(i);
        const bool untouched = as.label == Label::none && !as.direction && as.marks == 0;
        switch (tracking) {
            case Tracking::off: possible[i] = untouched; break;
            // Nothing but the link messages of ICMPv6 is left untracked.
            case Tracking::labels:
                possible[i] = as.label != Label::none && (as.label == Label::untracked) == icmpv6_only;
                break;
            case Tracking::gate: possible[i] = as.label == Label::new_flow || as.label == Label::untracked; break;
        }
    }
    return possible;
}

}  // namespace

Space::Space(const RuleSet& rules) : codes_apart_(rules.dialect() == Dialect::nft) {
    // A name that no rule names belongs with all others that begin with the same named prefixes; the odd character
    // makes a sample of them that is no name itself.
    std::vector<std::string> found{"", "\x01"};
    const auto add = [&found](const std::string& name, bool prefix) {
        found.push_back(name);
        if (prefix) found.push_back(name + "\x01");
    };
    for (const Rule& rule : rules.rules())
        for (const Match& match : rule.matches) {
            if (const auto* is = std::get_if<InterfaceIs>(&match.what)) add(is->name, is->prefix);
            if (const auto* in = std::get_if<InterfaceIn>(&match.what))
                for (const InterfaceIn::Name& n : in->names) add(n.name, n.prefix);
        }
    std::sort(found.begin(), found.end());
    found.erase(std::unique(found.begin(), found.end()), found.end());
    too_many_names_ = found.size() > names_max;
    if (!too_many_names_) names_ = std::move(found);

    const std::uint64_t names =
        names_.size() >= 64 || names_.empty() ? ~std::uint64_t{0} : (std::uint64_t{1} << names_.size()) - 1U;
    for (const Family family : {Family::ipv4, Family::ipv6}) {
        if (rules.family() && *rules.family() != family) continue;
        Cell cell;
        cell.source = cell.target = all_of(family);
        cell.in_interfaces = cell.out_interfaces = names;
        const Tracking tracking =
            rules.tracked_family().value_or(family) == family ? rules.tracking() : Tracking::off;
        // Where connections are tracked, fragments are put together before the rules see them.
        if (tracking != Tracking::off) cell.shapes = Cell::whole;
        if (rules.dialect() == Dialect::nft) cell.shapes |= Cell::cut;
        if (rules.dialect() == Dialect::native) cell.sides = Cell::from_client | Cell::from_server;
        cell.tracked = possible_tracking(tracking, false);
        universe_.push_back(cell);
        if (tracking != Tracking::labels || family == Family::ipv4) continue;
        cell.tracked = possible_tracking(tracking, true);
        cell.protocols.reset().set(58);
        universe_.push_back(cell);
    }
}

std::string Space::interface_name(std::uint64_t classes) const {
    for (std::size_t i = 0; i < names_.size(); ++i)
        if ((classes >> i & 1U) != 0) return names_[i];
    return {};
}

// A name that no rule names belongs to the longest named prefix that it begins with; the samples of such classes end in
// the odd character.
std::uint64_t Space::interface_class(const std::string& name) const {
    if (too_many_names_) return ~std::uint64_t{0};
    std::size_t best = names_.size(), longest = 0;
    for (std::size_t i = 0; i < names_.size(); ++i) {
        if (names_[i] == name) return std::uint64_t{1} << i;
        const bool is_class = !names_[i].empty() && names_[i].back() == '\x01';
        const std::size_t length = names_[i].size() - (is_class ? 1 : 0);
        if (is_class && name.compare(0, length, names_[i], 0, length) == 0 && length + 1 > longest) {
            best = i;
            longest = length + 1;
        }
    }
    return best == names_.size() ? ~std::uint64_t{0} : std::uint64_t{1} << best;
}

}  // namespace sim::firewall::exact
