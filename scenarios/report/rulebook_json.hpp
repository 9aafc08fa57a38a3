// The rules of every firewall as pages list them: chain by chain, each rule with the place where it was written, so
// that the one that decided can be lit.
#pragma once

#include "scenarios/runner/result.hpp"

#include <boost/json/array.hpp>

namespace scenarios::report {

// One entry for each of Trace::rule_sets: lane, chains (name where there are several, policy, first: the number that
// `rule` of a verdict counts from, 0 when it is not there, rules: label, place, text, note; or skip: how many are left
// out). A set of more than `rules_max` rules shows its first ones and all that decided something.
boost::json::array rulebooks_json(const runner::StagedVariant& variant, const runner::CloseUp& seen,
                                  std::size_t rules_max);

}  // namespace scenarios::report
