// The diagnosis as JSON, the same in every kind of line that has one.
#pragma once

#include "scenarios/diagnosis/finding.hpp"

#include <boost/json/array.hpp>

namespace scenarios::report {

// Objects with id, effect, what, likely, evidence (text and place), mend, articles.
boost::json::array findings_json(const diagnosis::Findings& findings);

}  // namespace scenarios::report
