#include "fakeserver/registry_file.hpp"
#include "scenarios/runner/stage_parts.hpp"

#include <algorithm>
#include <cassert>

namespace scenarios::runner {
namespace {

// Both rooms use the words of the scenario format, so the word is the bridge.
template <class Value, class Parse>
auto translated(Value value, Parse parse) {
    const auto found = parse(id(value));
    assert(found.has_value());
    return *found;
}

fakeserver::Windows server_windows(Windows windows) {
    // A server on XP does not exist; the loader keeps the word for clients.
    return translated(windows == Windows::windows_xp ? Windows::windows_2003 : windows, fakeserver::parse_windows);
}

void add_ports(const PortList& list, std::vector<wire::Port>& out) {
    for (const Ports& ports : list)
        for (std::uint32_t p = ports.value.first.value; p <= ports.value.last.value; ++p)
            out.push_back(wire::Port{static_cast<std::uint16_t>(p)});
}

}  // namespace

std::shared_ptr<const fakeserver::RegistryFile> ParsedFiles::registry(const FileRef& file) {
    const auto known = registries_.find(file.path);
    if (known != registries_.end()) return known->second;
    auto& entry = registries_[file.path];
    auto parsed = fakeserver::parse_registry_file(file.path, base::view_of(*file.text));
    if (!parsed) {
        const base::Diagnostics faults = parsed.error();  // error() hands out a copy each time
        diagnostics_.insert(diagnostics_.end(), faults.begin(), faults.end());
        return nullptr;
    }
    diagnostics_.insert(diagnostics_.end(), parsed->remarks.begin(), parsed->remarks.end());
    entry = std::make_shared<const fakeserver::RegistryFile>(std::move(*parsed));
    return entry;
}

StagedServer stage_server(const ServerSetup& setup, ParsedFiles& files) {
    StagedServer server;
    server.name = setup.name.value;
    server.address = setup.address.value;
    server.conditions.version = translated(setup.version.value, fakeserver::parse_version);
    server.conditions.windows = server_windows(setup.windows.value);
    server.conditions.dynamic =
        setup.dynamic == DynamicPorts::random ? fakeserver::DynamicMode::random : fakeserver::DynamicMode::in_order;
    add_ports(setup.busy_ports, server.conditions.busy);
    for (const auto& stopped : setup.stopped)
        server.conditions.stopped.insert(translated(stopped.value, fakeserver::parse_service));
    if (setup.listen) {
        server.conditions.listen.emplace();
        add_ports(*setup.listen, *server.conditions.listen);
    }
    for (const FileRef& file : setup.registry)
        if (const auto parsed = files.registry(file)) server.registry.import(*parsed);
    server.policy = fakeserver::make_port_policy(server.registry, server.conditions);
    return server;
}

client::OutlookConfig stage_client(const Setup& setup) {
    client::OutlookConfig config;
    config.server = setup.servers.front().address.value;
    for (std::size_t i = 1; i < setup.servers.size(); ++i)
        config.public_folder_servers.push_back(setup.servers[i].address.value);
    config.generation = setup.servers.front().version.value >= ServerVersion::exchange_2000
                            ? client::Generation::exchange_2000
                            : client::Generation::exchange_55;
    config.windows =
        setup.client.windows == Windows::nt4 ? client::ClientWindows::nt4 : client::ClientWindows::windows_2000;
    config.actions.clear();
    for (const auto& action : setup.client.actions)
        config.actions.push_back(translated(action.value, client::parse_do));
    config.binding_order.clear();
    for (const auto& binding : setup.client.binding_order)
        config.binding_order.push_back(translated(binding.value, client::parse_transport));
    config.resolves = setup.client.resolves;
    config.mapper_port = setup.network.mapper_port.value;
    for (const KnownServicePort& known : setup.client.known_ports)
        config.known_ports.push_back({translated(known.service.value, client::parse_phase), known.port.value});
    config.remembers_ports = setup.client.remembers_ports;
    config.seals_mapper = setup.client.seals_mapper;
    // The server's services listen on named pipes by themselves; a blocked or closed 139 and 445 is the network's
    // doing.
    config.pipes_usable = true;
    return config;
}

sim::net::StackProfile stack_of(Windows windows) {
    switch (windows) {
        case Windows::nt4: return sim::net::StackProfile::nt4();
        case Windows::windows_2000: return sim::net::StackProfile::windows2000();
        case Windows::windows_xp:
        case Windows::windows_2003: return sim::net::StackProfile::windows2003();
        case Windows::windows_2008: return sim::net::StackProfile::windows2008();
    }
    return {};
}

}  // namespace scenarios::runner
