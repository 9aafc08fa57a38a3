#include "scenarios/runner/load_keys.hpp"

#include <algorithm>

namespace scenarios::runner {

const std::vector<TableKeys>& known_tables() {
    static const std::vector<TableKeys> tables = {
        {TableKind::scenario,
         "scenario",
         {"format", "title", "about", "kb", "server", "client", "firewall", "network", "expect", "sweep", "case",
          "site", "step", "after"}},
        {TableKind::server,
         "server",
         {"name", "address", "version", "windows", "registry", "busy_ports", "dynamic", "stopped", "listen"}},
        {TableKind::client,
         "client",
         {"name", "address", "windows", "do", "binding_order", "resolves", "known_ports", "remembers_ports",
          "seals_mapper"}},
        {TableKind::firewall,
         "firewall",
         {"name",
          "default",
          "allow",
          "rule",
          "rules",
          "import",
          "import_format",
          "acl",
          "acl_return",
          "client_side",
          "server_side",
          "chain",
          "stateful",
          "reject_with",
          "inspect",
          "inspect_interfaces",
          "inspect_lookups",
          "inspect_mapper_only",
          "pinhole_timeout",
          "pinhole_uses",
          "idle_timeout"}},
        {TableKind::rule,
         "firewall.rule",
         {"action", "protocol", "from", "from_port", "to", "port", "direction", "log", "note"}},
        {TableKind::network, "network", {"latency", "loss", "mtu", "mapper_port"}},
        {TableKind::expect,
         "expect",
         {"logon", "fails_at", "because", "works", "ports", "open_only", "warns", "new_mail", "within", "says"}},
        {TableKind::sweep, "sweep", {"seeds"}},
        {TableKind::one_case, "case", {"title", "server", "client", "firewall", "network", "expect", "sweep"}},
        {TableKind::site, "site", {"name", "client", "firewall", "network", "expect"}},
        {TableKind::step,
         "step",
         {"do", "note", "expect", "outage", "file", "service", "server", "import", "rules", "import_format", "acl",
          "acl_return", "client_side", "server_side", "chain", "site", "firewall", "for"}},
        {TableKind::after, "after", {"newly_works", "newly_breaks", "newly_open", "newly_closed"}},
    };
    return tables;
}

const TableKeys& keys_of(TableKind kind) { return known_tables()[static_cast<std::size_t>(kind)]; }

std::string_view home_of(std::string_view key, TableKind found_in) {
    for (const TableKeys& table : known_tables())
        if (table.kind != found_in && std::find(table.keys.begin(), table.keys.end(), key) != table.keys.end())
            return table.name;
    return "";
}

}  // namespace scenarios::runner
