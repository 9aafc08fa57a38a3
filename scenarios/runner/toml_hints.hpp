// TOML's syntax errors in the words of somebody who has never heard of TOML, with what to write instead.
#pragma once

#include "scenarios/runner/toml_tree.hpp"

#include <string>
#include <string_view>

namespace scenarios::runner {

struct SyntaxError {
    std::string what;
    std::string id;
    std::string hint;
    std::uint32_t column = 1;  // in octets, from 1
    std::uint32_t length = 1;
};

// `line` is the text of the line where the parser stumbled, `column` where in it, `said` the parser's own words.
SyntaxError explain_syntax(std::string_view line, std::uint32_t column, std::string_view said);

}  // namespace scenarios::runner
