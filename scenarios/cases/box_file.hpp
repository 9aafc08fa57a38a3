// The box that cases are played on, from a file like this:
//
//   {"interfaces": [
//     {"name": "eth0", "addresses": ["198.51.100.1/24", "2001:db8:a::1/64"], "default_route": true},
//     {"name": "eth1", "addresses": ["10.1.0.1/16"]}
//   ]}
#pragma once

#include "scenarios/cases/names.hpp"
#include "sim/base/result.hpp"
#include "sim/firewall/box.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace scenarios::cases {

using Interfaces = std::vector<firewall::BoxInterface>;

// The reason as a sentence when the text is no box. Names are told apart, and there is one default route at most.
[[nodiscard]] base::Result<Interfaces, std::string> read_box(std::string_view text);

std::optional<std::size_t> find_interface(const Interfaces& interfaces, std::string_view name);

}  // namespace scenarios::cases
