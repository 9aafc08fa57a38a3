// A rule file as it is: native rules, or a foreign file whose format its contents tell.
#pragma once

#include "scenarios/cases/names.hpp"
#include "sim/base/diagnostic.hpp"
#include "sim/firewall/import/import.hpp"
#include "sim/firewall/rule_set.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace scenarios::cases {

struct RulesFile {
    firewall::SharedRules rules;                             // null when there is an error
    base::Diagnostics diagnostics;                           // errors, warnings, notes
    std::optional<firewall::import::ImportFormat> format{};  // absent: native
    std::string canonical{};                                 // of a foreign file: as the real tool would write it back
};

// `format`: empty for "as the contents tell", "native", or an ImportFormat's word (case.hpp, format_of).
RulesFile read_rules_file(const base::SourceText& source, std::string_view format,
                          const firewall::import::ImportOptions& options);

}  // namespace scenarios::cases
