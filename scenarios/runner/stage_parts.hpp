// The parts of staging, one source file each. Each appends what is wrong to `diagnostics` and goes on as well as it
// can.
#pragma once

#include "scenarios/runner/stage.hpp"
#include "sim/firewall/import/import.hpp"
#include "sim/firewall/import/native.hpp"

#include <map>
#include <memory>
#include <string>

namespace scenarios::runner {

// Parsed files, so that a file named by many variants is read and complained about once.
class ParsedFiles {
public:
    explicit ParsedFiles(base::Diagnostics& diagnostics) : diagnostics_(diagnostics) {}

    // Null when the file has errors (already reported).
    std::shared_ptr<const fakeserver::RegistryFile> registry(const FileRef& file);

    base::Diagnostics& diagnostics() { return diagnostics_; }

private:
    base::Diagnostics& diagnostics_;
    std::map<std::string, std::shared_ptr<const fakeserver::RegistryFile>> registries_;
};

StagedServer stage_server(const ServerSetup& setup, ParsedFiles& files);
client::OutlookConfig stage_client(const Setup& setup);

// The rules of a firewall, or null when they have errors (already reported). `addresses` are those of the servers: what
// the short form opens, and what "to-server" means.
std::shared_ptr<const firewall::RuleSet> stage_rules(const FirewallSetup& setup, const Rules& rules,
                                                     const std::vector<wire::IpAddress>& servers, ParsedFiles& files);

// The rules and settings that stand in the scenario itself, `allow` and `rule` alike; with a file, the settings alone.
firewall::import::NativeRules native_rules_of(const FirewallSetup& setup, const Rules& rules,
                                              const std::vector<wire::IpAddress>& servers);

// How the file of an import is to be read; no format when its contents do not tell.
std::optional<firewall::import::ImportFormat> import_format_of(const Rules& rules);
firewall::import::ImportOptions import_options_of(const Rules& rules);

// The same for a foreign rule file.
std::shared_ptr<const firewall::RuleSet> stage_import(const Rules& rules, ParsedFiles& files);

firewall::Firewall::Settings stage_firewall_settings(const FirewallSetup& setup);

// Rules that do not speak of the version of IP that these packets are of: any verdict would be made up.
void check_family(const wire::IpAddress& client, std::string_view box,
                  const std::shared_ptr<const firewall::RuleSet>& rules, const base::Place& place, ParsedFiles& files);

// Address translation. Translations to the box's own address that the scenario does not tell; the addresses by which
// the ends of the path know each other, written into plan, servers and client; rules that a step brings in may not
// change them.
void check_own_addresses(const world::FirewallPlan& box, ParsedFiles& files);
void stage_addresses(StagedVariant& staged);
void check_addresses_stay(const StagedVariant& staged, std::size_t firewall,
                          const std::shared_ptr<const firewall::RuleSet>& rules, const base::Place& place,
                          ParsedFiles& files);

// The stack of a computer: connect schedule, dynamic range, refusal retries.
sim::net::StackProfile stack_of(Windows windows);

}  // namespace scenarios::runner
