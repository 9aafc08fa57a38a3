// What an experienced eye would doubt in a rule set (firewall-semantics, section 13): rules that never decide, and why.
//
//   rule-shadowed       earlier rules take every packet that it fits; they are all named. A warning when they do with
//                       some packet what the rule would not, else a note.
//   rule-never-matches  no packet at all fits it, or what leads to its chain lets none through
//   rule-redundant      a permit whose every packet a later permit lets through as well (note)
//   chain-unused        a chain with rules that nothing leads to (note)
//   rule-generalises    a permit and a refusal, one inside the other: an exception, usually meant (note, on request)
//   rule-correlated     a permit and a refusal that overlap: their order decides (note, on request)
//   rule-lint-incomplete  the rules were too many or too entangled to compare them all (note)
//
// Never a false alarm: sets of packets are exact (space.hpp), a rule that they cannot express is neither blamed nor
// taken to cover another, and when the work would be too much, nothing is said. Common practice is left alone: a last
// "deny everything", an early "accept what is established", rules that only log, exceptions above a wide rule.
//
// Places and texts are those of the rules; the caller knows the file and may add the source line.
#pragma once

#include "sim/firewall/rule_set.hpp"

#include <cstdint>

namespace sim::firewall::exact {

struct LintOptions {
    bool pairs = false;                 // rule-generalises and rule-correlated too
    std::uint64_t effort = 20'000'000;  // comparisons of two cells; some tenths of a second
};

inline constexpr std::size_t lint_rules_max = 20'000;  // more are not compared at all

// By place.
base::Diagnostics lint(const RuleSet& rules, const LintOptions& options = {});

}  // namespace sim::firewall::exact
