// Which packet decided: ties what the client saw to what a firewall refused. Looks only at what an administrator could
// see: the conversations of the client and the log of the filters.
#pragma once

#include "client/outcome.hpp"
#include "sim/world/world.hpp"

#include <optional>
#include <string_view>
#include <vector>

namespace scenarios::runner {

// The conversation that an action failed with: the last one that bears its failure. Null when the action works.
const client::PhaseRecord* failed_phase(const client::ActionOutcome& outcome);

// The first packet of that conversation that a firewall refused, in either direction; null when none was: then the
// filters are not to blame.
const sim::world::Refusal* deciding_refusal(const std::vector<sim::world::Refusal>& refusals,
                                            const client::PhaseRecord& phase);
// The same for the UDP notice of new mail.
const sim::world::Refusal* refused_notice(const std::vector<sim::world::Refusal>& refusals,
                                          const client::ActionOutcome& outcome);
// Whichever applies to the action.
const sim::world::Refusal* deciding_refusal(const std::vector<sim::world::Refusal>& refusals,
                                            const client::ActionOutcome& outcome);

// Why an action failed, in one closed word: the reason of the deciding firewall ("no-rule-matched"), or, when no
// firewall had a hand in it, what the client met ("not-registered", "refused", "not-resolved"). Empty when it works.
std::string_view reason_id(const std::vector<sim::world::Refusal>& refusals, const client::ActionOutcome& outcome);

// All words that reason_id() can give, for checking what a scenario expects.
std::vector<std::string_view> reason_ids();

}  // namespace scenarios::runner
