// The catalogue's parts, a file for each subject. catalogue.hpp is what others include.
#pragma once

#include "scenarios/lint/catalogue.hpp"

#include <span>

namespace scenarios::lint {

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
std::span<const Entry> cisco_entries();
std::span<const Entry> rule_lint_entries();

// What a run warns of.
std::span<const Entry> run_entries();

}  // namespace scenarios::lint
