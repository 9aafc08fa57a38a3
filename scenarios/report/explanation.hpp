// An entry of the catalogue of findings as a page for people, and the catalogue as a list.
#pragma once

#include "scenarios/lint/catalogue.hpp"

#include <string>

namespace scenarios::report {

// `said` is what this program really says of the entry's example; only what bears the entry's id is shown, and of that
// the first.
std::string explanation(const lint::Entry& entry, const sim::base::Diagnostics& said);

// A line for each: id, severity, title.
std::string list_of_entries();

}  // namespace scenarios::report
