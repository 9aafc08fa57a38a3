// The manual page and the bash completion, both made from the program's own options, so that neither can say
// something else than the program does. The build installs what `firedrill manual` prints.
#pragma once

#include <CLI/CLI.hpp>

#include <string>
#include <vector>

namespace scenarios::cli {

// What one option asks for, taken apart from CLI11's way of writing it.
struct OptionWords {
    std::string names;                 // "-h, --help", or the positional's name
    std::string value;                 // "TEXT", "N"; empty: none is taken
    std::vector<std::string> choices;  // when only these are allowed
    bool positional = false;
    bool required = false;
    bool repeated = false;  // several values may follow
    std::string what;
};
OptionWords words_of(const CLI::Option& option);
// The subcommands that are shown to people, in their order.
std::vector<const CLI::App*> subcommands_of(const CLI::App& program);

// Roff, section 1. Files that came with the program are said to lie below `share`.
std::string manual_page(const CLI::App& program, const std::string& version, const std::string& share);
std::string bash_completion(const CLI::App& program);

}  // namespace scenarios::cli
