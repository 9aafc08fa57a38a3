// What an experienced eye would doubt in a rule set (firewall-semantics, section 13): rules that never decide, and why.
//
//   rule-shadowed       earlier rules take every packet that it fits; they are all named. A warning when they do with
//                       some packet what the rule would not, else a note.
//   rule-never-matches  no packet at all fits it, or what leads to its chain lets none through
//   rule-redundant      a permit whose every packet a later permit lets through as well (note); refusals on request
//   chain-unused        a chain with rules that nothing leads to (note)
//   jump-to-nothing     a jump or goto to a chain that does nothing (note)
//   jump-never-returns  a jump to a chain from which nothing comes back (note, on request)
//   rule-generalises    a permit and a refusal, one inside the other: an exception, usually meant (note, on request)
//   rule-correlated     a permit and a refusal that overlap: their order decides (note, on request)
//   rule-lint-incomplete  how many rules were not examined, and which (note)
//
// Each that is about packets has one as its witness (witness.hpp).
//
// Never a false alarm: sets of packets are exact (space.hpp), a rule that they cannot express is neither blamed nor
// taken to cover another, and what would cost too much is not said. Common practice is left alone: a last "deny
// everything", an early "accept what is established", rules that only log, exceptions above a wide rule.
//
// A thousand rules take some hundredths of a second, ten thousand less than one (bench/lint.cpp). No rule may cost more
// than a share of the effort, and all together no more than the whole.
//
// Places and texts are those of the rules; the caller knows the file and may add the source line.
#pragma once

#include "sim/firewall/rule_set.hpp"

#include <cstdint>

namespace sim::firewall::exact {

struct LintOptions {
    bool pairs = false;                    // what is told on request too
    std::uint64_t effort = 2'000'000'000;  // looks at one cell, in the simplest form; some seconds
};

inline constexpr std::size_t lint_rules_max = 20'000;  // more are not compared at all

// By place.
base::Diagnostics lint(const RuleSet& rules, const LintOptions& options = {});

}  // namespace sim::firewall::exact
