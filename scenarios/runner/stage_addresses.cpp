// Address translation in a staged scenario: who knows whom by which address.
#include "scenarios/runner/path_addresses.hpp"
#include "scenarios/runner/stage_parts.hpp"
#include "sim/firewall/own_address.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace scenarios::runner {
namespace {

using firewall::Side;

std::vector<wire::IpAddress> addresses_of(const StagedVariant& staged) {
    std::vector<wire::IpAddress> addresses;
    for (const StagedServer& server : staged.servers) addresses.push_back(server.address);
    return addresses;
}

}  // namespace

void check_own_addresses(const world::FirewallPlan& box, ParsedFiles& files) {
    if (!box.rules) return;
    for (const firewall::AddressWanted& wanted : firewall::addresses_wanted(*box.rules, box.settings)) {
        const bool client = wanted.side == Side::client;
        files.diagnostics().push_back(
            {.severity = base::Severity::error,
             .place = box.rules->nat()->origin(wanted.rule).place,
             .what = fmt::format("this translates to the address of {} on its side {}, which the scenario does not tell",
                                 box.name,
                                 base::printable(client ? box.settings.client_side : box.settings.server_side)),
             .id = "nat-needs-address",
             .hint = fmt::format("add {} to [firewall]; -i and -o say which side is meant",
                                 client ? "client_side_address" : "server_side_address")});
    }
}

void check_family(const wire::IpAddress& client, std::string_view box,
                  const std::shared_ptr<const firewall::RuleSet>& rules, const base::Place& place, ParsedFiles& files) {
    if (!rules || rules->other_family_passes() || rules->family().value_or(client.family()) == client.family()) return;
    const bool v4 = client.is_v4();
    files.diagnostics().push_back(
        {.severity = base::Severity::error,
         .place = place,
         .what = fmt::format("client and server talk over {}, and the rules of {} are for {}: what it does with {} they "
                             "do not say",
                             v4 ? "IPv4" : "IPv6", box, v4 ? "IPv6" : "IPv4", v4 ? "IPv4" : "IPv6"),
         .id = "other-family",
         .hint = fmt::format("import the {} rules of that filter, or play it over {}", v4 ? "IPv4" : "IPv6",
                             v4 ? "IPv6" : "IPv4")});
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
