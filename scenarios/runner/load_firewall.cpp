// Firewalls and their rules.
#include "scenarios/runner/load_setup.hpp"
#include "sim/rpc/interfaces.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace scenarios::runner {
namespace {

constexpr std::size_t firewalls_max = 20;

NativeRule read_rule(LoadContext& context, const Node& table) {
    const TableReader reader(context, table, TableKind::rule);
    NativeRule rule;
    rule.place = reader.place();
    if (const auto action = reader.word<RuleAction>("action"))
        rule.action = action->value;
    else if (table.kind == NodeKind::table && !reader.has("action"))
        context.error(table.spot, "a rule needs an action", "missing-key",
                      "write action = \"allow\", \"drop\" or \"reject\"");
    if (const auto protocol = reader.word<RuleProtocol>("protocol")) rule.protocol = protocol->value;
    if (const auto direction = reader.word<Direction>("direction")) rule.direction = direction->value;
    if (const auto log = reader.boolean("log")) rule.log = log->value;
    if (auto note = reader.line("note")) rule.note = std::move(note->value);
    rule.from = reader.prefixes("from");
    rule.to = reader.prefixes("to");
    rule.from_port = reader.ports("from_port").value_or(PortList{});
    rule.port = reader.ports("port").value_or(PortList{});
    for (const std::string_view key : {"from_port", "port"}) {
        const Node* node = reader.find(key);
        if (node && node->kind == NodeKind::list && node->items.empty())
            context.error(node->spot, fmt::format("{} is an empty list", key), "empty-list",
                          "leave the key out for every port");
        if (node && (rule.protocol == RuleProtocol::icmp || rule.protocol == RuleProtocol::any))
            context.error(reader.place_of(key), fmt::format("a rule for {} has no ports", id(rule.protocol)),
                          "contradiction", "ports belong to protocol = \"tcp\" or \"udp\"");
    }
    for (const auto& from : rule.from)
        for (const auto& to : rule.to)
            if (from.value.family() != to.value.family())
                context.error(from.place, "the rule goes from one address family to the other", "mixed-families",
                              "a packet is IPv4 or IPv6 from end to end: write two rules");
    return rule;
}

void read_native_rules(const TableReader& reader, Rules& rules) {
    const Node* node = reader.find("rule");
    if (node == nullptr) return;
    TableReader::each(*node, [&](const Node& item) { rules.rules.push_back(read_rule(reader.context(), item)); });
}

// What belongs to an imported file must stand beside one, of a format that has it.
void check_import_details(const TableReader& reader, const Rules& rules) {
    LoadContext& context = reader.context();
    constexpr auto details =
        std::to_array<std::string_view>({"import_format", "acl", "acl_return", "client_side", "server_side", "chain"});
    for (const std::string_view key : details) {
        if (!reader.has(key)) continue;
        if (rules.source != RuleSource::import_file && !reader.has("import")) {
            context.error(reader.place_of(key), fmt::format("{} belongs to an imported file", key), "contradiction",
                          "add import = \"FILE\", or take the key out");
            continue;
        }
        if (!rules.import_format) continue;
        const ImportFormat format = rules.import_format->value;
        const bool lists = key == "acl" || key == "acl_return";
        const bool of_cisco = format == ImportFormat::cisco || format == ImportFormat::cisco_asa;
        if ((lists && format != ImportFormat::cisco && format != ImportFormat::cisco_asa) || (key == "chain" && of_cisco))
            context.error(
                reader.place_of(key), fmt::format("a file of the format {} has no {}", id(format), key),
                "contradiction",
                lists ? "its rules stand in chains: chain = \"FORWARD\"" : "its rules stand in lists: acl = \"NAME\"");
    }
}

std::optional<Placed<sim::rpc::Uuid>> read_interface(LoadContext& context, const Node& node) {
    if (!expect_kind(context, "inspect_interfaces", node, NodeKind::text, "an interface by name or UUID"))
        return std::nullopt;
    if (const auto uuid = sim::rpc::Uuid::parse(node.text))
        return Placed<sim::rpc::Uuid>{*uuid, context.place(node.spot)};
    std::vector<std::string_view> names;
    for (const auto& row : sim::rpc::well_known_interfaces()) {
        if (row.short_name == node.text) return Placed<sim::rpc::Uuid>{row.id.uuid, context.place(node.spot)};
        if (std::find(names.begin(), names.end(), row.short_name) == names.end()) names.push_back(row.short_name);
    }
    std::string upper = node.text;
    for (char& c : upper) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    const std::string near = base::nearest_word(upper, names);
    context.error(node.spot, fmt::format("there is no interface {}", base::printable(node.text, 60)), "unknown-word",
                  near.empty() ? "write NSPI, EMSMDB, RFR or a UUID such as f5cc5a18-4264-101a-8c59-08002b2f8426"
                               : fmt::format("did you mean {}?", near));
    return std::nullopt;
}

// How the endpoint mapper's answers are followed. Without inspection nothing of it has a meaning; where a case
// switches inspection off, what the base says of it may stay.
void read_inspection(const TableReader& reader, FirewallSetup& firewall) {
    firewall.inspect = reader.words<Inspector>("inspect").value_or(std::vector<Placed<Inspector>>{});
    firewall.inspect_lookups = reader.duration("inspect_lookups", false);
    firewall.inspect_mapper_only = reader.boolean("inspect_mapper_only");
    firewall.pinhole_timeout = reader.duration("pinhole_timeout", false);
    firewall.pinhole_uses = reader.word<PinholeUses>("pinhole_uses");
    if (const Node* list = reader.find("inspect_interfaces")) {
        if (list->kind == NodeKind::list && list->items.empty())
            reader.context().error(list->spot, "inspect_interfaces is an empty list", "empty-list",
                                   "leave the key out for every interface");
        TableReader::each(*list, [&](const Node& item) {
            if (const auto one = read_interface(reader.context(), item)) firewall.inspect_interfaces.push_back(*one);
        });
    }
    if (reader.has("inspect")) return;
    for (const std::string_view key :
         {"inspect_interfaces", "inspect_lookups", "inspect_mapper_only", "pinhole_timeout", "pinhole_uses"})
        if (reader.has(key))
            reader.context().error(reader.place_of(key), fmt::format("{} means nothing without inspection", key),
                                   "contradiction", "add inspect = [\"dcerpc\"], or take the key out");
}

std::vector<Translation> read_nat(const TableReader& firewall) {
    std::vector<Translation> entries;
    const Node* node = firewall.find("nat");
    if (node == nullptr) return entries;
    TableReader::each(*node, [&](const Node& item) {
        const TableReader reader(firewall.context(), item, TableKind::translation);
        const auto address = [&](std::string_view key) {
            if (item.kind == NodeKind::table && !reader.has(key))
                firewall.context().error(item.spot, fmt::format("a translation needs its {} address", key),
                                         "missing-key", "write { public = \"203.0.113.10\", private = \"10.0.0.10\" }");
            return reader.address(key);
        };
        const auto outside = address("public"), inside = address("private");
        if (outside && inside) entries.push_back({*outside, *inside, reader.place()});
    });
    if (firewall.has("import"))
        firewall.context().error(firewall.place_of("nat"), "nat does not go with an imported file", "contradiction",
                                 "an iptables file has a nat table of its own");
    return entries;
}

FirewallSetup read_firewall(LoadContext& context, const Node& table) {
    const TableReader reader(context, table, TableKind::firewall);
    FirewallSetup firewall;
    firewall.place = reader.place();
    firewall.name = reader.line("name").value_or(firewall.name);
    if (const auto action = reader.word<RuleAction>("default")) firewall.default_action = action->value;
    firewall.stateful = reader.boolean("stateful").value_or(firewall.stateful);
    firewall.reject_with = reader.word<RejectWith>("reject_with");
    read_inspection(reader, firewall);
    firewall.idle_timeout = reader.duration("idle_timeout", false);
    firewall.nat = read_nat(reader);
    firewall.client_side_address = reader.address("client_side_address");
    firewall.server_side_address = reader.address("server_side_address");
    firewall.rules = read_rules(reader);
    return firewall;
}

}  // namespace

Rules read_rules(const TableReader& reader) {
    struct Source {
        std::string_view key;
        RuleSource source;
    };
    constexpr auto sources = std::to_array<Source>({{"allow", RuleSource::allow},
                                                    {"rule", RuleSource::rules},
                                                    {"rules", RuleSource::native_file},
                                                    {"import", RuleSource::import_file}});
    Rules rules;
    rules.place = reader.place();
    std::string_view first;
    for (const Source& source : sources) {
        if (!reader.has(source.key)) continue;
        if (rules.source != RuleSource::none) {
            reader.context().error(reader.place_of(source.key),
                                   fmt::format("{} and {} both say where the rules come from", first, source.key),
                                   "contradiction",
                                   first == "allow" && source.key == "rule"
                                       ? "write the ports of allow as [[firewall.rule]] too: their order matters"
                                       : "keep one of them");
            continue;
        }
        first = source.key;
        rules.source = source.source;
        rules.place = reader.place_of(source.key);
    }
    if (auto allow = reader.ports("allow")) rules.allow = std::move(*allow);
    read_native_rules(reader, rules);
    if (rules.source == RuleSource::native_file) rules.file = reader.file("rules");
    if (rules.source == RuleSource::import_file) rules.file = reader.file("import");
    rules.import_format = reader.word<ImportFormat>("import_format");
    rules.acl = reader.word_or_number("acl");
    rules.acl_return = reader.word_or_number("acl_return");
    rules.client_side = reader.line("client_side");
    rules.server_side = reader.line("server_side");
    rules.chain = reader.line("chain");
    check_import_details(reader, rules);
    return rules;
}

std::vector<FirewallSetup> read_firewalls(LoadContext& context, const Node* node) {
    std::vector<FirewallSetup> firewalls;
    if (node == nullptr) return firewalls;
    TableReader::each(*node, [&](const Node& item) {
        if (firewalls.size() < firewalls_max)
            firewalls.push_back(read_firewall(context, item));
        else
            context.error(item.spot, fmt::format("there are more than {} firewalls", firewalls_max), "too-large");
    });
    if (firewalls.size() > 1)
        for (std::size_t i = 0; i < firewalls.size(); ++i)
            if (!firewalls[i].name.written()) firewalls[i].name.value = fmt::format("firewall-{}", i + 1);
    return firewalls;
}

}  // namespace scenarios::runner
