// What happened in words that a trainer can read aloud, why, and what to try: from the evidence of one start, never from
// the title of the scenario.
#pragma once

#include "scenarios/runner/result.hpp"

#include <optional>
#include <string>
#include <vector>

namespace scenarios::report {

struct Story {
    std::vector<std::string> happened;  // sentences, in order
    std::string why;                    // empty when everything works
    std::vector<std::string> next;      // what to try, most likely first
};

Story story_of(const runner::StagedVariant& variant, const runner::CloseUp& seen);

// The packet that decided, in one line: "packet 31: SYN to 5100, dropped by firewall: no rule matched (default)". Empty
// when no firewall refused anything that mattered.
std::string decided_in_words(const runner::CloseUp& seen);

// Wrapped to a width, every line after the first indented.
std::string wrapped(const std::string& text, std::size_t width, std::size_t indent);

}  // namespace scenarios::report
