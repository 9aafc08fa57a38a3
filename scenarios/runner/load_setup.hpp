// From the tree of one resolved variant to its Setup.
#pragma once

#include "scenarios/runner/load_context.hpp"
#include "scenarios/runner/load_reader.hpp"
#include "scenarios/runner/scenario.hpp"
#include "scenarios/runner/toml_tree.hpp"

#include <optional>

namespace scenarios::runner {

// `layers` is a table with the keys server, client, firewall, network, expect and sweep, all layers merged.
// `site` numbers the site from 0 for the client's default address.
Setup read_setup(LoadContext& context, const Node& layers, std::optional<std::size_t> site);

// Services and their ports: of `expect.ports`, and of a client that knows them.
std::vector<ServicePorts> read_service_ports(LoadContext& context, std::string_view key, const Node& table);
Expectation read_expectation(LoadContext& context, const Node& table);
std::vector<FirewallSetup> read_firewalls(LoadContext& context, const Node* node);

// Where rules come from, out of a [[firewall]] or a [[step]]: at most one source, and what belongs to it.
Rules read_rules(const TableReader& reader);

// Tells of everything in a complete set-up that contradicts itself.
void check_setup(LoadContext& context, const Setup& setup);
void check_expectation(LoadContext& context, const Expectation& expect, const ClientSetup& client,
                       const std::optional<Sweep>& sweep);

}  // namespace scenarios::runner
