// Holds what happened against what was expected. Each start by itself, without making text (that is for sweeps); then
// the tally of all, in words.
#pragma once

#include "scenarios/runner/rehearsal.hpp"
#include "scenarios/runner/result.hpp"

#include <bitset>
#include <vector>

namespace scenarios::runner {

using Clauses = std::bitset<clause_count>;

// The clauses that this start does not meet. `outcomes` are those to judge (a step's may differ from the last check's).
Clauses unmet_clauses(const Expectation& expect, const Rehearsal& rehearsal, const StagedVariant& variant,
                      const std::vector<client::ActionOutcome>& outcomes);

// One start into the tally.
void add_to(Tally& tally, const Rehearsal& rehearsal, const StagedVariant& variant);

// What the tally does not meet, in words.
std::vector<Unmet> unmet(const Expectation& expect, const Tally& tally, const StagedVariant& variant);

// The same for a single start, whose outcome can be told in more detail.
std::vector<Unmet> unmet(const Expectation& expect, const Rehearsal& rehearsal, const StagedVariant& variant,
                         const std::vector<client::ActionOutcome>& outcomes);

// "logon fails at directory (no-rule-matched)"
std::string in_words(const Expectation& expect, client::Do action);
std::string in_words(const client::ActionOutcome& outcome);

// open_only against what is open.
std::optional<Unmet> unmet_open_only(const Expectation& expect, const Reach& reach);

}  // namespace scenarios::runner
