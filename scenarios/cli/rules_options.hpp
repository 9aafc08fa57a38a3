// The options of every subcommand that takes a rule file as it is, and the file itself.
#pragma once

#include "scenarios/cases/rules_file.hpp"

#include <CLI/CLI.hpp>

#include <optional>
#include <string>

namespace scenarios::cli {

struct RulesOptions {
    std::string format;  // --from
    std::string family;  // --family
    sim::firewall::import::ImportOptions import;
};

void add_rules_options(CLI::App& app, RulesOptions& options);

// The file's rules; its diagnostics go to stderr. Nothing when there is an error.
std::optional<cases::RulesFile> load_rules(const std::string& path, const RulesOptions& options);

}  // namespace scenarios::cli
