#include "sim/firewall/own_address.hpp"

#include <algorithm>
#include <string_view>

namespace sim::firewall {
namespace {

// Whether packets that come from, or leave on, that interface can meet the rule.
bool may_meet(const Rule& rule, std::string_view interface) {
    return std::all_of(rule.matches.begin(), rule.matches.end(), [&](const Match& match) {
        const auto* is = std::get_if<InterfaceIs>(&match.what);
        if (is == nullptr) return true;
        const bool fits = is->prefix ? interface.starts_with(is->name) : interface == is->name;
        return fits != match.inverted;
    });
}

// One of the version of IP that the table is for; of either where it is for both.
bool has_address(const std::vector<wire::IpAddress>& known, const RuleSet& nat) {
    return std::any_of(known.begin(), known.end(), [&](const wire::IpAddress& address) {
        return address.family() == nat.family().value_or(address.family());
    });
}

}  // namespace

std::vector<AddressWanted> addresses_wanted(const RuleSet& rules, const Firewall::Settings& settings) {
    std::vector<AddressWanted> wanted;
    if (!rules.nat()) return wanted;
    const RuleSet& nat = *rules.nat();
    const bool at_client = has_address(settings.client_side_addresses, nat),
               at_server = has_address(settings.server_side_addresses, nat);
    for (std::uint32_t i = 0; i < nat.rules().size(); ++i) {
        const RuleId rule{i};
        const Translation* translation = nat.translation(rule);
        if (translation == nullptr || !translation->box_address) continue;
        if (!at_client && may_meet(nat.rule(rule), settings.client_side))
            wanted.push_back({rule, Side::client});
        else if (!at_server && may_meet(nat.rule(rule), settings.server_side))
            wanted.push_back({rule, Side::server});
    }
    return wanted;
}

}  // namespace sim::firewall
