// Contradictions of a complete set-up: everything that only shows once all layers lie over one another.
#include "scenarios/runner/load_setup.hpp"

#include <fmt/format.h>

namespace scenarios::runner {
namespace {

// The place of the first that was written at all; defaults have none.
const base::Place& written_place(const base::Place& a, const base::Place& b) { return a.line != 0 ? a : b; }

void check_hosts(LoadContext& context, const Setup& setup) {
    struct Host {
        std::string kind;
        const Name* name;
        const Address* address;
        std::string key;
    };
    std::vector<Host> hosts;
    for (const ServerSetup& server : setup.servers)
        hosts.push_back({"server", &server.name, &server.address, "server.address"});
    hosts.push_back({"client", &setup.client.name, &setup.client.address, "client.address"});
    const auto said = [](const Host& host) {
        return host.address->written() ? host.address->value.format() : host.address->value.format() + " by default";
    };
    for (std::size_t i = 0; i < hosts.size(); ++i)
        for (std::size_t j = i + 1; j < hosts.size(); ++j) {
            const Host& a = hosts[i];
            const Host& b = hosts[j];
            const base::Place& place = written_place(b.address->place, a.address->place);
            if (a.address->value == b.address->value)
                context.error(place,
                              fmt::format("{} {} and {} {} have the same address {}", a.kind, a.name->value, b.kind,
                                          b.name->value, a.address->value.format()),
                              "same-address", "every host needs an address of its own");
            else if (a.address->value.family() != b.address->value.family())
                context.error(place,
                              fmt::format("IPv4 and IPv6 do not meet: {} {} has {}, {} {} has {}", a.kind,
                                          a.name->value, said(a), b.kind, b.name->value, said(b)),
                              "mixed-families", fmt::format("set {} and {} in one family", a.key, b.key));
        }
    for (std::size_t i = 0; i < setup.servers.size(); ++i)
        for (std::size_t j = i + 1; j < setup.servers.size(); ++j)
            if (setup.servers[i].name.value == setup.servers[j].name.value)
                context.error(written_place(setup.servers[j].name.place, setup.servers[i].name.place),
                              fmt::format("two servers are called {}", setup.servers[j].name.value), "duplicate-name");
}

// Which Windows ran which Exchange (inferred from Microsoft's system requirements; therefore a warning only).
bool usual_pair(ServerVersion version, Windows windows) {
    switch (version) {
        case ServerVersion::exchange_4_0:
        case ServerVersion::exchange_5_0: return windows == Windows::nt4;
        case ServerVersion::exchange_5_5: return windows == Windows::nt4 || windows == Windows::windows_2000;
        case ServerVersion::exchange_2000: return windows == Windows::windows_2000;
        case ServerVersion::exchange_2003: return windows == Windows::windows_2000 || windows == Windows::windows_2003;
        case ServerVersion::exchange_2007: return windows == Windows::windows_2003 || windows == Windows::windows_2008;
        case ServerVersion::exchange_2010: return windows == Windows::windows_2008;
    }
    return true;
}

void check_servers(LoadContext& context, const Setup& setup) {
    for (const ServerSetup& server : setup.servers)
        if (!usual_pair(server.version.value, server.windows.value))
            context.warning(written_place(server.windows.place, server.version.place),
                            fmt::format("Exchange {} likely never ran on Windows {}", id(server.version.value),
                                        id(server.windows.value)),
                            "odd-pair", "version and windows decide the range of the random ports");
}

void check_firewalls(LoadContext& context, const Setup& setup) {
    const wire::Family family = setup.client.address.value.family();
    for (std::size_t i = 0; i < setup.firewalls.size(); ++i) {
        const FirewallSetup& firewall = setup.firewalls[i];
        for (std::size_t j = 0; j < i; ++j)
            if (setup.firewalls[j].name.value == firewall.name.value)
                context.error(written_place(firewall.name.place, firewall.place),
                              fmt::format("two firewalls are called {}", firewall.name.value), "duplicate-name");
        if (firewall.default_action == RuleAction::allow && firewall.rules.source == RuleSource::allow &&
            !firewall.rules.allow.empty())
            context.warning(firewall.rules.place, "the default lets everything through, so allow changes nothing",
                            "no-effect", "write default = \"drop\"");
        for (const NativeRule& rule : firewall.rules.rules)
            for (const auto* prefixes : {&rule.from, &rule.to})
                for (const auto& prefix : *prefixes)
                    if (prefix.value.family() != family)
                        context.warning(prefix.place,
                                        "no host here is of this address family, so the rule never matches",
                                        "no-effect");
    }
}

}  // namespace

void check_setup(LoadContext& context, const Setup& setup) {
    check_hosts(context, setup);
    check_servers(context, setup);
    check_firewalls(context, setup);
    if (setup.expect) check_expectation(context, *setup.expect, setup.client, setup.sweep);
    if (setup.client.address.value.is_v4()) return;
    // RFC 8200 section 5: what every IPv6 network must carry.
    if (setup.network.mtu < 1280)
        context.error(setup.client.address.place, "an mtu below 1280 cannot carry IPv6", "out-of-range",
                      "set mtu in [network] to 1280 or more");
}

}  // namespace scenarios::runner
