// Walking through a rehearsal by keys, on a terminal.
#pragma once

#include "scenarios/report/events.hpp"
#include "scenarios/report/style.hpp"

#include <string>

namespace scenarios::cli {

// Whether there is a terminal to read keys from and to draw on.
bool can_step();
// Returns when the user leaves, or at an interrupt; the terminal is then as it was before.
void step_through(const report::Events& events, const std::string& title, report::Style style);

}  // namespace scenarios::cli
