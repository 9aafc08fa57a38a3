// Whether the octets of a file are text at all, before any reader looks for words in them.
//
// Files come by way of Windows and of archives: a byte order mark is no part of the text, and UTF-16 or a packed file
// would else be refused word by word, or not be taken for what it is.
#pragma once

#include "sim/base/diagnostic.hpp"

#include <optional>
#include <string_view>

namespace sim::base {

// The text behind its UTF-8 byte order mark, if it has one. SourceText has taken it off.
std::string_view without_mark(std::string_view text);

// UTF-16, with its mark or without.
bool looks_like_utf16(std::string_view octets);

// What is wrong with the file as a whole: UTF-16 [not-utf8], packed or else no text [not-text]; absent for text.
std::optional<Diagnostic> why_no_text(std::string_view name, std::string_view octets);

}  // namespace sim::base
