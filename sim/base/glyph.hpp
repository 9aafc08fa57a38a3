// Text from outside, one character at a time, each made safe to show on a terminal.
//
// Shown as "?": control characters (C0, DEL, C1), and the characters that reorder or break a line (U+2028, U+2029,
// the bidirectional controls), because they make a terminal show something else than what is written. A tab is shown
// as one space. Octets that are no UTF-8 (RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF) are
// shown as U+FFFD, one for each octet.
#pragma once

#include <cstddef>
#include <string_view>

namespace sim::base {

struct Glyph {
    std::size_t octets = 1;  // how many octets of the text it stands for
    std::string_view shown;  // into the text, or to a literal
};

// The first character of `text`, which must not be empty.
Glyph first_glyph(std::string_view text);

}  // namespace sim::base
