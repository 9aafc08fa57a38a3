// What the user reads on the screen, after section 8 of the port facts: the key words of each message as the
// Knowledge Base prints them, cut short on purpose, so that an administrator recognises them and a scenario's
// `says` can look for them.
#pragma once

#include "client/outcome.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace client {

struct UserMessage {
    std::string_view words;     // "Network problems are preventing connection to ..."
    std::string_view also;      // a second line that goes with it, or empty
    std::string_view articles;  // "Q149692, Q194423"
    // The articles describe the message; that this failure brings it up is our reading of them.
    bool likely = false;
    bool operator==(const UserMessage&) const = default;
};

// None when nothing is shown: the action works, or only a notice stays away (new items then appear when the view
// is refreshed, e.g. by changing folder: Q270065).
std::optional<UserMessage> message_for(const ActionOutcome& outcome);

// Whether `words` (ASCII, case does not matter) stand in what the user reads; false when nothing is shown.
bool says(const ActionOutcome& outcome, std::string_view words);

}  // namespace client
