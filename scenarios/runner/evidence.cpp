#include "scenarios/runner/evidence.hpp"

#include "sim/firewall/verdict.hpp"

namespace scenarios::runner {
namespace {

using sim::world::Refusal;

bool between(const Refusal& refusal, const client::PhaseRecord& phase) {
    const bool in_time = phase.began <= refusal.time && refusal.time <= phase.ended;
    const bool same_peer = refusal.client_flow.source == phase.target || refusal.client_flow.target == phase.target;
    return in_time && same_peer && refusal.flow.protocol == sim::wire::Protocol::tcp;
}

}  // namespace

const client::PhaseRecord* failed_phase(const client::ActionOutcome& outcome) {
    if (!outcome.failure) return nullptr;
    // A fall-back may fail in the very same way; the outcome's failure is that of the attempt over TCP.
    const client::PhaseRecord* over_pipes = nullptr;
    for (auto phase = outcome.phases.rbegin(); phase != outcome.phases.rend(); ++phase) {
        if (phase->failure != outcome.failure) continue;
        if (phase->transport == client::Transport::ncacn_ip_tcp) return &*phase;
        if (over_pipes == nullptr) over_pipes = &*phase;
    }
    return over_pipes;
}

const Refusal* deciding_refusal(const std::vector<Refusal>& refusals, const client::PhaseRecord& phase) {
    for (const Refusal& refusal : refusals)
        if (between(refusal, phase)) return &refusal;
    return nullptr;
}

const Refusal* refused_notice(const std::vector<Refusal>& refusals, const client::ActionOutcome& outcome) {
    for (const Refusal& refusal : refusals)
        if (refusal.flow.protocol == sim::wire::Protocol::udp && outcome.began <= refusal.time &&
            refusal.time <= outcome.ended)
            return &refusal;
    return nullptr;
}

const Refusal* deciding_refusal(const std::vector<Refusal>& refusals, const client::ActionOutcome& outcome) {
    if (!outcome.failure) return nullptr;
    if (outcome.failure->stage == client::Stage::notice) return refused_notice(refusals, outcome);
    const client::PhaseRecord* phase = failed_phase(outcome);
    return phase == nullptr ? nullptr : deciding_refusal(refusals, *phase);
}

std::string_view reason_id(const std::vector<Refusal>& refusals, const client::ActionOutcome& outcome) {
    if (!outcome.failure) return {};
    if (const Refusal* refusal = deciding_refusal(refusals, outcome)) return id(refusal->verdict.reason);
    return id(outcome.failure->cause);
}

std::vector<std::string_view> reason_ids() {
    std::vector<std::string_view> ids;
    for (std::size_t reason = 0; reason < sim::firewall::reason_count; ++reason)
        ids.push_back(id(static_cast<sim::firewall::Reason>(reason)));
    for (const client::Cause cause : client::all_causes) ids.push_back(id(cause));
    return ids;
}

}  // namespace scenarios::runner
