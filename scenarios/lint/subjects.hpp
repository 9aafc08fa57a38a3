// The catalogue's parts, a file for each subject. catalogue.hpp is what others include.
#pragma once

#include "scenarios/lint/catalogue.hpp"

#include <span>
#include <string_view>

namespace scenarios::lint {

// For examples: both services pinned, so that nothing but the cause is wrong.
inline constexpr std::string_view pinned = R"(REGEDIT4

[HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services\MSExchangeDS\Parameters]
"TCP/IP port"=dword:00001389

[HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services\MSExchangeIS\ParametersSystem]
"TCP/IP port"=dword:0000138a
)";

// Registry exports: their form, and what their values would do.
std::span<const Entry> registry_form_entries();
std::span<const Entry> registry_data_entries();
std::span<const Entry> registry_port_entries();
std::span<const Entry> registry_place_entries();

// Scenario files: TOML, single values, what does not go together.
std::span<const Entry> toml_entries();
std::span<const Entry> toml_line_entries();
std::span<const Entry> scenario_value_entries();
std::span<const Entry> scenario_sense_entries();

// Rule files.
std::span<const Entry> rule_word_entries();
std::span<const Entry> native_rule_entries();
std::span<const Entry> iptables_frame_entries();
std::span<const Entry> iptables_rule_entries();
std::span<const Entry> nft_entries();
std::span<const Entry> nat_entries();
std::span<const Entry> cisco_entries();
std::span<const Entry> cisco_asa_entries();
std::span<const Entry> rule_lint_entries();

// Lessons: their form, and whether they are still true.
std::span<const Entry> lesson_form_entries();
std::span<const Entry> lesson_truth_entries();

// What a run warns of.
std::span<const Entry> run_entries();

// Causes that the diagnosis names: in the registry and its services; in filters that have no rule for it, or rules that
// come near and miss; in the client and the network; in address translation.
std::span<const Entry> registry_cause_entries();
std::span<const Entry> filter_cause_entries();
std::span<const Entry> inspection_cause_entries();
std::span<const Entry> missed_rule_entries();
std::span<const Entry> client_cause_entries();
std::span<const Entry> nat_cause_entries();

}  // namespace scenarios::lint
