// Packets of the recorded kernel verdicts (goldens/README.md), built from their description.
#pragma once

#include "sim/base/bytes.hpp"

#include <boost/json.hpp>

namespace golden {

sim::base::Bytes packet(const boost::json::object& description);

}  // namespace golden
