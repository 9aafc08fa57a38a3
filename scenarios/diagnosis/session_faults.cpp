#include "scenarios/diagnosis/session_faults.hpp"

#include "client/explain.hpp"
#include "scenarios/diagnosis/filter_faults.hpp"
#include "scenarios/diagnosis/inspection_faults.hpp"
#include "scenarios/diagnosis/needs.hpp"
#include "scenarios/diagnosis/service_words.hpp"
#include "scenarios/runner/evidence.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace scenarios::diagnosis {
namespace {

using client::ActionOutcome;

bool explained(const Findings& so_far) {
    return std::any_of(so_far.begin(), so_far.end(), [](const Finding& f) { return f.effect == Effect::breaks; });
}

// A packet of a connection that had worked was refused: the filter no longer knows the connection.
std::optional<Finding> forgotten(const Situation& situation, const ActionOutcome& outcome) {
    if (outcome.works || outcome.action != client::Do::use) return std::nullopt;
    const auto* refusal = runner::deciding_refusal(situation.refusals, outcome);
    if (refusal == nullptr) return std::nullopt;
    const BoxSituation& box = situation.boxes[refusal->firewall];
    const auto timers = box.settings.timers.with_idle_timeout(box.settings.idle_timeout);
    Finding found =
        finding("idle-timeout", Effect::breaks,
                fmt::format("{} forgets a connection that is silent for {}, and drops what the client then sends",
                            box.name, base::format_human(timers.tcp_established)));
    if (box.setup != nullptr && box.setup->idle_timeout)
        found.evidence.push_back(
            {"idle_timeout = " + base::format_human(box.setup->idle_timeout->value), box.setup->idle_timeout->place});
    found.evidence.push_back(
        {fmt::format("at {}: a packet to port {} is dropped by {}: {}",
                     base::format_human(refusal->time - base::time_zero), wire::format(refusal->flow.target.port),
                     box.name, id(refusal->verdict.reason)),
         {}});
    found.mend = {fmt::format("raise the idle time-out of {} above the longest silence of a working day", box.name),
                  "or let TCP keep-alives be sent more often than that (Windows: 2 hours as installed)"};
    return found;
}

// The client went, without asking, to a port of an earlier start of the service.
std::optional<Finding> moved_on(const Situation& situation, const ActionOutcome& outcome) {
    if (outcome.works || !situation.variant->client.remembers_ports) return std::nullopt;
    const client::PhaseRecord* phase = runner::failed_phase(outcome);
    if (phase == nullptr || phase->phase == client::Phase::endpoint_mapper || phase->target.port == wire::Port{0} ||
        phase->transport != client::Transport::ncacn_ip_tcp)
        return std::nullopt;
    const auto asked = [&](const client::PhaseRecord& one) {
        return one.phase == client::Phase::endpoint_mapper && one.service == phase->service && &one < phase;
    };
    if (std::any_of(outcome.phases.begin(), outcome.phases.end(), asked)) return std::nullopt;
    for (const Need& need : needs_of(situation)) {
        const ServerSituation& server = situation.servers[need.server];
        if (!need.service || server.known_as != phase->target.address || known_port_of(situation, need) ||
            id(phase->service) != fakeserver::word(*need.service) || !server.start)
            continue;
        const auto& now = server.start->of(*need.service);
        if (!now.has_tcp() || now.port == phase->target.port) return std::nullopt;
        const ServiceWords words(situation, need);
        Finding found = finding(
            "remembered-port-wrong", Effect::breaks,
            fmt::format("the client goes to TCP {}, where {} was when it last asked, without asking the endpoint "
                        "mapper again, and the service is on {} since it was started anew",
                        phase->target.port.value, words.name(), now.port.value));
        words.add_state(found);
        found.evidence.push_back({client::describe(*phase), {}});
        found.mend = {"let the client ask the endpoint mapper again: log off and on, or start the program anew",
                      words.pin()};
        return found;
    }
    return std::nullopt;
}

std::optional<Finding> fallen_back(const ActionOutcome& outcome) {
    if (!outcome.degraded) return std::nullopt;
    Finding found = finding(
        "named-pipes", Effect::degrades,
        fmt::format(
            "{} works over named pipes after TCP had failed, {} later, and as the user who is logged on to the network",
            name_of(outcome.action), base::format_human(outcome.lost)));
    for (const client::PhaseRecord& phase : outcome.phases)
        if (phase.failure) found.evidence.push_back({client::describe(phase), {}});
    found.mend = {
        "mend what keeps TCP from working; named pipes hide it, and ask for another password where the names differ "
        "(Q244523)"};
    return found;
}

// The binding order names pipes, and nothing accepts them.
std::optional<Finding> no_pipes(const Situation& situation, const ActionOutcome& outcome) {
    if (outcome.works || outcome.phases.empty()) return std::nullopt;
    const client::PhaseRecord* phase = runner::failed_phase(outcome);
    if (phase == nullptr || phase->transport != client::Transport::ncacn_np) return std::nullopt;
    const auto* refusal = runner::deciding_refusal(situation.refusals, *phase);
    Finding found = finding(
        "pipes-not-available", Effect::breaks,
        refusal != nullptr
            ? fmt::format(
                  "the client's binding order sends it to named pipes, and {} does not let them pass on 139 or 445",
                  situation.boxes[refusal->firewall].name)
            : fmt::format(
                  "the client's binding order sends it to named pipes, and {} does not accept them on 139 or 445",
                  situation.servers.front().name));
    found.evidence.push_back({client::describe(*phase), {}});
    found.mend = {"put ncacn_ip_tcp first in the client's Rpc_Binding_Order (Q163576)"};
    return found;
}

// The client registers an IPv4 address for the notice.
std::optional<Finding> notice_over_ipv6(const Situation& situation, const ActionOutcome& outcome) {
    if (outcome.works || outcome.action != client::Do::new_mail || outcome.in_logon) return std::nullopt;
    if (situation.client.address.is_v4()) return std::nullopt;
    Finding found = finding("notice-over-ipv6", Effect::breaks,
                            "the notice of new mail is registered with an IPv4 address, so none can come over IPv6");
    found.evidence.push_back({client::summary(outcome), {}});
    found.mend = {"let the client reach the server over IPv4",
                  "or live without it: new items show when the view is refreshed (Q270065)"};
    return found;
}

std::optional<Finding> without_cause(const Situation& situation, const ActionOutcome& outcome) {
    if (outcome.works || !outcome.failure) return std::nullopt;
    const bool lossy = situation.setup().network.loss.numerator > 0;
    Finding found = finding(
        lossy ? "packet-loss" : "unexplained", Effect::breaks,
        lossy ? std::string("packets get lost on the way, and the client gave up before one came through")
              : fmt::format("{}; neither the registry nor the filters explain it", client::describe(*outcome.failure)));
    found.evidence.push_back({client::summary(outcome), {}});
    found.mend = {lossy ? "mend the line" : "look at the capture: firedrill run --pcap"};
    return found;
}

}  // namespace

Findings session_findings(const Situation& situation, const Findings& so_far) {
    Findings found;
    const bool known = explained(so_far);
    for (const ActionOutcome& outcome : situation.outcomes) {
        if (auto one = fallen_back(outcome)) found.push_back(std::move(*one));
        if (auto one = moved_on(situation, outcome)) {  // a pinhole that is gone would have led nowhere
            join(found, std::move(*one));
            continue;
        }
        if (Findings gone = pinhole_gone(situation, outcome); !gone.empty()) {
            for (Finding& one : gone) join(found, std::move(one));
            continue;
        }
        if (known) continue;
        if (auto one = forgotten(situation, outcome))
            found.push_back(std::move(*one));
        else if (auto notice = notice_over_ipv6(situation, outcome))
            found.push_back(std::move(*notice));
        else if (auto pipes = no_pipes(situation, outcome))
            found.push_back(std::move(*pipes));
        else if (auto other = without_cause(situation, outcome))
            found.push_back(std::move(*other));
    }
    return found;
}

}  // namespace scenarios::diagnosis
