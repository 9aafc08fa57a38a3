// A run as the page draws it.
#pragma once

#include "scenarios/lesson/plays.hpp"

#include <boost/json/object.hpp>

namespace scenarios::lesson {

// lines, and the ladder as report/page/ladder.js reads it.
boost::json::object run_json(const Played& run);

}  // namespace scenarios::lesson
