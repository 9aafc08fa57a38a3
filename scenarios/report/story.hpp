// What happened in words that a trainer can read aloud. Why it happened is told by the diagnosis (findings.hpp).
#pragma once

#include "scenarios/runner/result.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace scenarios::report {

using Story =
    std::vector<std::string>;  // sentences, in order; indented by two spaces where they belong to the one above

Story story_of(const runner::CloseUp& seen);

// The packet that decided, in one line: "packet 31: SYN to 5100, dropped by firewall: no rule matched (default)". Empty
// when no firewall refused anything that mattered.
std::string decided_in_words(const runner::CloseUp& seen);

// What RPC inspection did, a line for each: "packet 7: pinhole 1 opened for 10.0.0.10:4316 (NSPI), expires in 2 min",
// "packet 9 to 4316 passes by pinhole 1, opened by packet 7". Empty without a trace.
std::vector<std::string> inspection_in_words(const runner::CloseUp& seen);

// Wrapped to a width, every line after the first indented.
std::string wrapped(const std::string& text, std::size_t width, std::size_t indent);

}  // namespace scenarios::report
