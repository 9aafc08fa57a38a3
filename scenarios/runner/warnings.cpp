#include "scenarios/runner/warnings.hpp"

#include "fakeserver/start_report.hpp"

#include <algorithm>
#include <array>

namespace scenarios::runner {
namespace {

using fakeserver::NoTcp;
using fakeserver::Service;

std::optional<RunWarning> warning_of(const fakeserver::ServiceStart& start) {
    switch (start.no_tcp) {
        case NoTcp::taken: return RunWarning::static_port_not_available;
        case NoTcp::value_unusable: return RunWarning::static_port_unusable;
        case NoTcp::rpc_range_void: return RunWarning::rpc_range_void;
        case NoTcp::range_exhausted: return RunWarning::rpc_range_exhausted;
        case NoTcp::has_tcp:
        case NoTcp::absent:
        case NoTcp::stopped:
        case NoTcp::dependency_stopped: break;
    }
    return std::nullopt;
}

bool blocked_notice(const client::ActionOutcome& outcome) {
    return outcome.action == client::Do::new_mail && outcome.failure && outcome.failure->stage == client::Stage::notice;
}

bool tcp_failed(const client::ActionOutcome& outcome) {
    return std::any_of(outcome.phases.begin(), outcome.phases.end(), [](const client::PhaseRecord& phase) {
        return phase.transport == client::Transport::ncacn_ip_tcp && phase.failure;
    });
}

std::string sentence_of(const client::ActionOutcome& outcome) {
    if (outcome.degraded && !tcp_failed(outcome))
        return std::string(name_of(outcome.action)) +
               " works over named pipes, and TCP was never tried: whether its ports are right and open "
               "nobody knows, and named pipes use the network logon instead of the name that was typed in (Q244523)";
    if (outcome.degraded)
        return std::string(name_of(outcome.action)) + " works over named pipes after TCP had failed, " +
               base::format_human(outcome.lost) +
               " later; the fault is still there, and named pipes use the network logon instead of "
               "the name that was typed in (Q244523)";
    return "the new-mail notice (UDP, server to client) does not arrive: new items show only when the view is "
           "refreshed (Q270065)";
}

void add_server_warnings(const Rehearsal& rehearsal, std::size_t number, std::vector<Warning>& out) {
    const auto& policy = rehearsal.policy(number);
    const auto& start = rehearsal.running(number);
    for (const Service service : fakeserver::start_order) {
        const auto warning = warning_of(start.of(service));
        if (!warning) continue;
        const auto written = fakeserver::origin(policy, start.of(service), service);
        out.push_back({std::string(id(*warning)), fakeserver::explain(policy, start, service),
                       written ? written->place : base::Place{}});
    }
    for (const auto& change : rehearsal.pending(number))
        out.push_back({std::string(id(RunWarning::change_not_in_force)),
                       change.value + " is " + change.on_disk + " in the registry, but " + change.in_force +
                           " in force; it needs a " + change.needs,
                       change.written ? change.written->place : base::Place{}});
}

}  // namespace

std::string_view id(RunWarning warning) {
    static constexpr std::array<std::string_view, run_warning_count> words{
        "static-port-not-available", "static-port-unusable", "rpc-range-void", "rpc-range-exhausted", "named-pipes",
        "new-mail-blocked",          "change-not-in-force"};
    return words[static_cast<std::size_t>(warning)];
}

std::vector<RunWarning> run_warnings(const Rehearsal& rehearsal) {
    std::vector<RunWarning> found;
    const auto add = [&found](RunWarning warning) {
        if (std::find(found.begin(), found.end(), warning) == found.end()) found.push_back(warning);
    };
    for (std::size_t i = 0; i < rehearsal.server_count(); ++i) {
        for (const auto& service : rehearsal.running(i).services)
            if (const auto warning = warning_of(service)) add(*warning);
        if (!rehearsal.pending(i).empty()) add(RunWarning::change_not_in_force);
    }
    for (const auto& outcome : rehearsal.outcomes()) {
        if (outcome.degraded) add(RunWarning::named_pipes);
        if (blocked_notice(outcome)) add(RunWarning::new_mail_blocked);
    }
    return found;
}

std::vector<Warning> warnings(const Rehearsal& rehearsal, const StagedVariant& variant) {
    std::vector<Warning> found;
    for (std::size_t i = 0; i < rehearsal.server_count(); ++i) add_server_warnings(rehearsal, i, found);
    for (const auto& outcome : rehearsal.outcomes()) {
        if (outcome.degraded) found.push_back({std::string(id(RunWarning::named_pipes)), sentence_of(outcome), {}});
        if (blocked_notice(outcome))
            found.push_back({std::string(id(RunWarning::new_mail_blocked)), sentence_of(outcome), {}});
    }
    for (const auto& finding : variant.findings)
        if (finding.severity != base::Severity::note) found.push_back({finding.id, finding.what, finding.place});
    return found;
}

bool warns_of(const std::vector<RunWarning>& of_run, const base::Diagnostics& findings, std::string_view wanted) {
    for (const RunWarning warning : of_run)
        if (id(warning) == wanted) return true;
    for (const auto& finding : findings)
        if (finding.id == wanted && finding.severity != base::Severity::note) return true;
    return false;
}

}  // namespace scenarios::runner
