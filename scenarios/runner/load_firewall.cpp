// Firewalls and their rules.
#include "scenarios/runner/load_setup.hpp"

#include <fmt/format.h>

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
        if ((lists && format == ImportFormat::iptables) || (key == "chain" && format == ImportFormat::cisco))
            context.error(
                reader.place_of(key), fmt::format("a file of the format {} has no {}", id(format), key),
                "contradiction",
                lists ? "its rules stand in chains: chain = \"FORWARD\"" : "its rules stand in lists: acl = \"NAME\"");
    }
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
    firewall.inspect = reader.words<Inspector>("inspect").value_or(std::vector<Placed<Inspector>>{});
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
