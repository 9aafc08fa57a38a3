// The names that all of this room goes by.
#pragma once

#include "sim/base/diagnostic.hpp"

#include <boost/json/fwd.hpp>

// Declared here because the room speaks of them everywhere; their headers are included where they are needed.
namespace sim::firewall {}
namespace sim::wire {}

namespace scenarios::cases {
namespace base = sim::base;
namespace wire = sim::wire;
namespace firewall = sim::firewall;
namespace json = boost::json;
}  // namespace scenarios::cases
