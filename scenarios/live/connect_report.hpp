// What `firedrill connect` prints: the outcomes of real connections in the words of rehearsals. Pure functions.
//
// JSON Lines, schema firedrill.connect/1: a line "phase" for each conversation, then a line "action". Times in
// nanoseconds since the program began.
#pragma once

#include "client/outcome.hpp"

#include <string>

namespace scenarios::live {

std::string connect_text(const client::ActionOutcome& outcome);
std::string connect_json_lines(const client::ActionOutcome& outcome);

}  // namespace scenarios::live
