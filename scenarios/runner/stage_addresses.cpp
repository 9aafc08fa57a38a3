// Address translation in a staged scenario: who knows whom by which address.
#include "scenarios/runner/path_addresses.hpp"
#include "scenarios/runner/stage_parts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace scenarios::runner {
namespace {

using firewall::Side;

// Whether packets that come from, or leave on, that side can meet the rule.
bool may_meet(const firewall::Rule& rule, std::string_view interface) {
    return std::all_of(rule.matches.begin(), rule.matches.end(), [&](const firewall::Match& match) {
        const auto* is = std::get_if<firewall::InterfaceIs>(&match.what);
        if (is == nullptr) return true;
        const bool fits = is->prefix ? interface.starts_with(is->name) : interface == is->name;
        return fits != match.inverted;
    });
}

std::vector<wire::IpAddress> addresses_of(const StagedVariant& staged) {
    std::vector<wire::IpAddress> addresses;
    for (const StagedServer& server : staged.servers) addresses.push_back(server.address);
    return addresses;
}

}  // namespace

void check_own_addresses(const FirewallSetup& setup, const world::FirewallPlan& box, ParsedFiles& files) {
    if (!box.rules || !box.rules->nat()) return;
    const firewall::RuleSet& nat = *box.rules->nat();
    struct Place {
        std::string_view interface;
        const std::optional<Address>* address;
        std::string_view key;
    };
    const std::array places{Place{box.settings.client_side, &setup.client_side_address, "client_side_address"},
                            Place{box.settings.server_side, &setup.server_side_address, "server_side_address"}};
    for (std::uint32_t i = 0; i < nat.rules().size(); ++i) {
        const firewall::RuleId rule{i};
        const firewall::Translation* translation = nat.translation(rule);
        if (translation == nullptr || !translation->box_address) continue;
        for (const Place& place : places)
            if (!*place.address && may_meet(nat.rule(rule), place.interface)) {
                files.diagnostics().push_back(
                    {.severity = base::Severity::error,
                     .place = nat.origin(rule).place,
                     .what = fmt::format("this translates to the address of {} on its side {}, which the scenario "
                                         "does not tell",
                                         box.name, base::printable(place.interface)),
                     .id = "nat-needs-address",
                     .hint = fmt::format("add {} to [firewall]; -i and -o say which side is meant", place.key)});
                break;
            }
    }
}

void stage_addresses(StagedVariant& staged) {
    const PathAddresses known =
        path_addresses(staged.plan.firewalls, staged.plan.client.addresses.front(), addresses_of(staged));
    for (std::size_t i = 0; i < known.hidden.size(); ++i) {
        staged.plan.firewalls[i].settings.unknown_to_clients = known.hidden[i].from_clients;
        staged.plan.firewalls[i].settings.unknown_to_servers = known.hidden[i].from_servers;
    }
    for (std::size_t i = 0; i < staged.servers.size(); ++i) {
        const auto& said = staged.setup().servers[i].public_address;
        staged.servers[i].known_as = said ? said->value : known.servers[i];
    }
    staged.client.server = staged.servers.front().known_as;
    for (std::size_t i = 1; i < staged.servers.size(); ++i)
        staged.client.public_folder_servers[i - 1] = staged.servers[i].known_as;
}

void check_addresses_stay(const StagedVariant& staged, std::size_t number,
                          const std::shared_ptr<const firewall::RuleSet>& rules, const base::Place& place,
                          ParsedFiles& files) {
    if (!rules) return;
    const auto client = staged.plan.client.addresses.front();
    std::vector<world::FirewallPlan> after = staged.plan.firewalls;
    after[number].rules = rules;
    if (path_addresses(staged.plan.firewalls, client, addresses_of(staged)) ==
        path_addresses(after, client, addresses_of(staged)))
        return;
    files.diagnostics().push_back(
        {.severity = base::Severity::error,
         .place = place,
         .what = "these rules translate other addresses than those before them, and the client goes on with those it "
                 "has",
         .id = "nat-changes",
         .hint = "play both states as cases of their own"});
}

}  // namespace scenarios::runner
