#include "scenarios/runner/stage_parts.hpp"
#include "sim/firewall/import/import.hpp"
#include "sim/firewall/import/native.hpp"
#include "sim/firewall/import/native_text.hpp"

#include <cassert>
#include <utility>

namespace scenarios::runner {
namespace {

firewall::Action action_of(RuleAction action) {
    switch (action) {
        case RuleAction::allow: return firewall::Action::accept;
        case RuleAction::drop: return firewall::Action::drop;
        case RuleAction::reject: return firewall::Action::reject;
    }
    return firewall::Action::drop;
}

firewall::import::NativeProtocol protocol_of(RuleProtocol protocol) {
    switch (protocol) {
        case RuleProtocol::tcp: return firewall::import::NativeProtocol::tcp;
        case RuleProtocol::udp: return firewall::import::NativeProtocol::udp;
        case RuleProtocol::icmp: return firewall::import::NativeProtocol::icmp;
        case RuleProtocol::any: return firewall::import::NativeProtocol::any;
    }
    return firewall::import::NativeProtocol::any;
}

firewall::import::Direction direction_of(Direction direction) {
    switch (direction) {
        case Direction::to_server: return firewall::import::Direction::to_server;
        case Direction::to_client: return firewall::import::Direction::to_client;
        case Direction::both: return firewall::import::Direction::both;
    }
    return firewall::import::Direction::to_server;
}

std::vector<wire::PortRange> values(const PortList& list) {
    std::vector<wire::PortRange> ranges;
    for (const Ports& ports : list) ranges.push_back(ports.value);
    return ranges;
}

firewall::import::AddressSet addresses(const std::vector<Placed<wire::Prefix>>& list) {
    firewall::import::AddressSet set;
    for (const auto& prefix : list) set.prefixes.push_back(prefix.value);
    return set;
}

firewall::import::NativeRule native(const NativeRule& rule) {
    firewall::import::NativeRule out{.action = action_of(rule.action),
                                     .protocol = protocol_of(rule.protocol),
                                     .from = addresses(rule.from),
                                     .from_ports = values(rule.from_port),
                                     .to = addresses(rule.to),
                                     .ports = values(rule.port),
                                     .direction = direction_of(rule.direction),
                                     .acknowledged = false,
                                     .log = rule.log,
                                     .with = {},
                                     .origin = {}};
    std::string text = firewall::import::format(out);  // the rule in one line; the file has it over several
    out.origin = {.place = rule.place, .text = std::move(text), .note = rule.note};
    return out;
}

// The settings that a scenario gives beside its rules; a rule file may bring its own.
firewall::import::NativeRules with_settings(const FirewallSetup& setup) {
    firewall::import::NativeRules rules;
    rules.name = setup.name.value;
    rules.default_action = action_of(setup.default_action);
    rules.stateful = setup.stateful.value;
    if (setup.reject_with) rules.reject_with = firewall::import::parse_reject(id(setup.reject_with->value));
    for (const Translation& entry : setup.nat)
        rules.nat.push_back({entry.public_address.value, entry.private_address.value, {entry.place, {}, {}}});
    return rules;
}

template <class Value>
std::optional<Value> taken(base::Result<Value, base::Diagnostics> result, base::Diagnostics& diagnostics) {
    if (result) return std::move(*result);
    const base::Diagnostics faults = result.error();  // error() hands out a copy each time
    diagnostics.insert(diagnostics.end(), faults.begin(), faults.end());
    return std::nullopt;
}

// A setting of the scenario that the rule file overrules: silence would let the reader believe that it holds.
void overruled(std::string_view key, const base::Place& place, const Rules& rules, ParsedFiles& files) {
    files.diagnostics().push_back(
        {.severity = base::Severity::warning,
         .place = place,
         .what = std::string(key) + " does not count here: " + rules.file->written + " has the last word",
         .id = "setting-overruled",
         .hint = "say it in the rule file, or take it out here"});
}

}  // namespace

firewall::import::NativeRules native_rules_of(const FirewallSetup& setup, const Rules& rules,
                                              const std::vector<wire::IpAddress>& servers) {
    firewall::import::NativeRules made = with_settings(setup);
    if (rules.source == RuleSource::allow)
        made.rules = firewall::import::allow_ports(values(rules.allow), servers, rules.place);
    if (rules.source == RuleSource::rules)
        for (const NativeRule& rule : rules.rules) made.rules.push_back(native(rule));
    return made;
}

std::shared_ptr<const firewall::RuleSet> stage_rules(const FirewallSetup& setup, const Rules& rules,
                                                     const std::vector<wire::IpAddress>& servers, ParsedFiles& files) {
    firewall::import::NativeRules native_rules = native_rules_of(setup, rules, servers);
    switch (rules.source) {
        case RuleSource::none:
        case RuleSource::allow:
        case RuleSource::rules: break;
        case RuleSource::native_file: {
            assert(rules.file && rules.file->text);
            // What the scenario says holds where the file is silent; the file itself has the last word.
            const base::SourceText source(rules.file->path, *rules.file->text);
            auto parsed = taken(firewall::import::parse_native_file(source, native_rules), files.diagnostics());
            if (!parsed) return nullptr;
            if (parsed->stateful != setup.stateful.value && setup.stateful.written())
                overruled("stateful", setup.stateful.place, rules, files);
            native_rules = std::move(*parsed);
            native_rules.name = setup.name.value;
            break;
        }
        case RuleSource::import_file:
            // Foreign files keep their own meaning; say so where the scenario asked for something else.
            if (!setup.stateful.value) overruled("stateful", setup.stateful.place, rules, files);
            if (setup.default_action != RuleAction::drop) overruled("default", setup.place, rules, files);
            if (setup.reject_with) overruled("reject_with", setup.reject_with->place, rules, files);
            return stage_import(rules, files);
    }
    auto built = taken(firewall::import::build(native_rules), files.diagnostics());
    return built ? *built : nullptr;
}

std::optional<firewall::import::ImportFormat> import_format_of(const Rules& rules) {
    if (!rules.import_format) return firewall::import::detect_format(*rules.file->text);
    switch (rules.import_format->value) {
        case ImportFormat::iptables: return firewall::import::ImportFormat::iptables;
        case ImportFormat::cisco: return firewall::import::ImportFormat::cisco_ios;
        case ImportFormat::cisco_asa: return firewall::import::ImportFormat::cisco_asa;
        case ImportFormat::nft: return firewall::import::ImportFormat::nft;
    }
    return std::nullopt;
}

firewall::import::ImportOptions import_options_of(const Rules& rules) {
    const auto text = [](const std::optional<Name>& name) { return name ? name->value : std::string(); };
    firewall::import::ImportOptions options;
    if (rules.chain) options.chain = rules.chain->value;
    options.acl = text(rules.acl);
    options.acl_return = text(rules.acl_return);
    options.client_side = text(rules.client_side);
    options.server_side = text(rules.server_side);
    return options;
}

std::shared_ptr<const firewall::RuleSet> stage_import(const Rules& rules, ParsedFiles& files) {
    assert(rules.file && rules.file->text);
    const base::SourceText source(rules.file->path, *rules.file->text);
    const std::optional<firewall::import::ImportFormat> format = import_format_of(rules);
    if (!format) {
        files.diagnostics().push_back(source.diagnose(
            base::Severity::error, {source.name(), 1, 1, 1}, "the format of these rules is not known", "import-format",
            "iptables-save, nft -j list ruleset, Cisco IOS access lists and Cisco ASA configurations are; import_format "
            "says which, "
            "native files go under rules"));
        return nullptr;
    }
    auto imported =
        taken(firewall::import::import_rules(source, *format, import_options_of(rules)), files.diagnostics());
    if (!imported) return nullptr;
    files.diagnostics().insert(files.diagnostics().end(), imported->remarks.begin(), imported->remarks.end());
    return imported->rules;
}

firewall::Firewall::Settings stage_firewall_settings(const FirewallSetup& setup) {
    firewall::Firewall::Settings settings;
    if (setup.rules.client_side) settings.client_side = setup.rules.client_side->value;
    if (setup.rules.server_side) settings.server_side = setup.rules.server_side->value;
    if (setup.idle_timeout) settings.idle_timeout = setup.idle_timeout->value;
    if (setup.client_side_address) settings.client_side_addresses.push_back(setup.client_side_address->value);
    if (setup.server_side_address) settings.server_side_addresses.push_back(setup.server_side_address->value);
    for (const auto& inspector : setup.inspect) settings.inspect_dcerpc |= inspector.value == Inspector::dcerpc;
    firewall::InspectionSettings& inspection = settings.inspection;
    for (const auto& interface : setup.inspect_interfaces) inspection.interfaces.push_back(interface.value);
    if (setup.pinhole_timeout) inspection.pinhole_timeout = setup.pinhole_timeout->value;
    if (setup.inspect_lookups) inspection.lookup_timeout = setup.inspect_lookups->value;
    inspection.single_use = setup.pinhole_uses && setup.pinhole_uses->value == PinholeUses::one;
    inspection.mapper_only = setup.inspect_mapper_only && setup.inspect_mapper_only->value;
    return settings;
}

}  // namespace scenarios::runner
