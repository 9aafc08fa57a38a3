// Rules that nearly let a packet pass: somebody meant to open this port, and one thing about the rule is wrong.
#pragma once

#include "scenarios/diagnosis/situation.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace scenarios::diagnosis {

// What is wrong with the rule, seen from a client's first packet to the server.
enum class Miss : std::uint8_t {
    reached_too_late,  // it matches, and a rule above has decided: `above` lists them
    protocol,          // it is for UDP
    port_side,         // it looks at the client's port instead of the server's
    direction,         // it is for packets from the server
    chain,             // it stands in a list that these packets never meet
    answers_only,      // it asks for an established connection
    target_address,    // it is for another server
    source_address,    // it is for other clients
};

struct NearMiss {
    Miss miss = Miss::protocol;
    firewall::RuleId rule;                // that nearly lets it pass
    std::vector<firewall::RuleId> above;  // for reached_too_late: those that decide before it, in order
};

// The rule that comes nearest, or nothing when no rule of the box speaks of that port in a narrow range. Rules that
// serve another server of the scenario are right as they are and no near miss.
std::optional<NearMiss> near_miss(const Situation& situation, std::size_t box, const wire::Endpoint& server);

// A rule that fits the client's packets in every way, but stands in a list that only packets from the server meet.
std::optional<firewall::RuleId> rule_on_the_wrong_side(const Situation& situation, std::size_t box,
                                                       const wire::Endpoint& server);

}  // namespace scenarios::diagnosis
