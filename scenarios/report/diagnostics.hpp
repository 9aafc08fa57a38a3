// Diagnostics for programs: SARIF 2.1.0 (OASIS), which code hosts and editors read, and JSON Lines.
#pragma once

#include "sim/base/diagnostic.hpp"

#include <cstddef>
#include <string>

namespace scenarios::report {

// With the catalogue's entry of every id that occurs. Places become characters of the line (unicodeCodePoints), paths
// URIs.
std::string sarif(const sim::base::Diagnostics& diagnostics);
std::string diagnostics_jsonl(const sim::base::Diagnostics& diagnostics);

// "2 errors, 1 warning in 3 files", "3 files, nothing to complain about"
std::string summary(const sim::base::Diagnostics& diagnostics, std::size_t files);

}  // namespace scenarios::report
