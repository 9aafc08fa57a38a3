// The scenario that the examples about lessons play.
#pragma once

#include <string_view>

namespace scenarios::lint {

inline constexpr std::string_view only_135 = R"(title = "Only 135 is open"

[firewall]
allow = [135]

[expect]
logon = "fails"
)";

}  // namespace scenarios::lint
