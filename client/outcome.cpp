#include "client/outcome.hpp"

#include <algorithm>

namespace client {

const ActionOutcome* find(const std::vector<ActionOutcome>& outcomes, Do action) {
    const auto latest = std::find_if(outcomes.rbegin(), outcomes.rend(),
                                     [action](const ActionOutcome& outcome) { return outcome.action == action; });
    return latest == outcomes.rend() ? nullptr : &*latest;
}

std::optional<sim::wire::Port> learned_port(const ActionOutcome& outcome, Phase service) {
    for (const LearnedPort& learned : outcome.ports)
        if (learned.service == service) return learned.port;
    return std::nullopt;
}

}  // namespace client
