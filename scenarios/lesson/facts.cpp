#include "scenarios/lesson/facts.hpp"

#include "client/message.hpp"
#include "sim/firewall/exact/probe.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

namespace scenarios::lesson {
namespace {

namespace firewall = sim::firewall;
using runner::CloseUp;
using runner::StagedVariant;

// Port 0 is no port that anybody has.
std::uint64_t count(const std::vector<wire::PortRange>& ranges) {
    std::uint64_t all = 0;
    for (const wire::PortRange& range : ranges)
        all += std::uint64_t{range.last.value} - std::max<std::uint64_t>(range.first.value, 1) + 1;
    return all;
}

// From where servers send: any port, and those that they listen on, which rules for answers name.
std::vector<wire::Port> server_ports(const CloseUp& seen) {
    std::vector<wire::Port> ports{firewall::exact::calling_port, wire::Port{135}};
    for (const runner::ServerView& server : seen.servers)
        for (const fakeserver::Service service : fakeserver::start_order)
            if (const auto& start = server.start.of(service); start.has_tcp()) ports.push_back(start.port);
    return ports;
}

bool reaches(const StagedVariant& variant, const CloseUp& seen, wire::Protocol protocol, const wire::Endpoint& client,
             const wire::Endpoint& server) {
    for (std::size_t i = 0; i < seen.rules.size(); ++i) {
        const auto packet = firewall::exact::probe_question(seen.rules[i], variant.plan.firewalls[i].settings, protocol,
                                                            client, server, firewall::Side::server);
        if (packet.verdict.action != firewall::Action::accept) return false;
    }
    return true;
}

std::uint64_t open_to_client(const StagedVariant& variant, const CloseUp& seen) {
    const wire::IpAddress client = variant.plan.client.addresses.front();
    std::vector<std::uint32_t> cuts{0, 65536};
    for (const auto& rules : seen.rules) {
        const auto own = firewall::exact::port_cuts(*rules);
        cuts.insert(cuts.end(), own.begin(), own.end());
    }
    std::sort(cuts.begin(), cuts.end());
    cuts.erase(std::unique(cuts.begin(), cuts.end()), cuts.end());
    const std::vector<wire::Port> from = server_ports(seen);
    std::uint64_t all = 0;
    for (const wire::Protocol protocol : {wire::Protocol::tcp, wire::Protocol::udp}) {
        std::vector<wire::PortRange> open;
        for (std::size_t i = 0; i + 1 < cuts.size(); ++i) {
            const wire::PortRange piece{wire::Port{static_cast<std::uint16_t>(cuts[i])},
                                        wire::Port{static_cast<std::uint16_t>(cuts[i + 1] - 1)}};
            const bool passes = std::any_of(from.begin(), from.end(), [&](wire::Port port) {
                return reaches(variant, seen, protocol, {client, piece.last}, {variant.servers.front().address, port});
            });
            if (passes) open.push_back(piece);
        }
        all += count(wire::normalized(std::move(open)));
    }
    return all;
}

std::optional<std::uint16_t> port_of(const CloseUp& seen, fakeserver::Service service) {
    if (seen.servers.empty()) return std::nullopt;
    const auto& start = seen.servers.front().start.of(service);
    return start.has_tcp() ? std::optional<std::uint16_t>(start.port.value) : std::nullopt;
}

void add_outage(const runner::Result& result, std::size_t site, Facts& facts) {
    const auto number = result.staged->variants[site].variant->site_index;
    for (const runner::StepResult& step : result.steps)
        for (const runner::Outage& outage : step.outages) {
            if (outage.site != number) continue;
            facts.outage = std::max(facts.outage.value_or(base::SimDuration::zero()), outage.length);
            facts.outage_stays = facts.outage_stays || outage.open;
        }
}

}  // namespace

Facts facts_of(const runner::Result& result, std::size_t site) {
    Facts facts;
    const bool steps = !result.steps.empty();
    const CloseUp& seen = result.close_ups.at(site);
    const StagedVariant& variant = result.staged->variants[steps ? site : result.variant];
    const client::Do action = runner::primary_action(variant.client);
    const client::ActionOutcome* outcome = client::find(seen.outcomes, action);
    if (outcome == nullptr && !seen.outcomes.empty()) outcome = &seen.outcomes.front();
    if (outcome != nullptr) {
        facts.outcome = outcome->works ? runner::Outcome::works : runner::Outcome::fails;
        facts.works = outcome->works ? 1 : 0;
        facts.waited = outcome->waited();
        if (outcome->failure) facts.fails_at = name_of(outcome->failure->phase);
        if (!outcome->phases.empty() && outcome->phases.front().target.port.value != 0)
            facts.first_port = outcome->phases.front().target.port.value;
        if (const auto message = client::message_for(*outcome)) {
            facts.reads = message->words;
            facts.reads_likely = message->likely;
        }
    }
    if (!steps) {
        const runner::ActionTally& tally = result.tally.of(action);
        facts.starts = result.tally.starts;
        facts.works = tally.works.times;
        if (tally.works.times > 0 && tally.fails.times > 0) facts.outcome = runner::Outcome::sometimes;
    }
    facts.directory = port_of(seen, fakeserver::Service::directory);
    facts.store = port_of(seen, fakeserver::Service::information_store);
    facts.attendant = port_of(seen, fakeserver::Service::attendant);
    const runner::Reach open = runner::reach(variant, seen.rules);
    facts.open_ports = count(open.tcp) + count(open.udp);
    facts.open_to_client = open_to_client(variant, seen);
    if (steps) add_outage(result, site, facts);
    return facts;
}

std::string grouped(std::uint64_t number) {
    std::string digits = std::to_string(number);
    for (std::size_t at = digits.size(); at > 3; at -= 3) digits.insert(at - 3, ",");
    return digits;
}

std::optional<std::uint64_t> number_of(const Facts& facts, Value value) {
    const auto port = [](const std::optional<std::uint16_t>& p) {
        return p ? std::optional<std::uint64_t>(*p) : std::nullopt;
    };
    switch (value) {
        case Value::directory: return port(facts.directory);
        case Value::store: return port(facts.store);
        case Value::attendant: return port(facts.attendant);
        case Value::first_port: return port(facts.first_port);
        case Value::open_ports: return facts.open_ports;
        case Value::open_to_client: return facts.open_to_client;
        case Value::waits:
            if (!facts.waited) return std::nullopt;
            return static_cast<std::uint64_t>(std::chrono::round<std::chrono::seconds>(*facts.waited).count());
        case Value::outage:
            if (!facts.outage || facts.outage_stays) return std::nullopt;
            return static_cast<std::uint64_t>(std::chrono::round<std::chrono::minutes>(*facts.outage).count());
        case Value::works: return facts.works;
        case Value::starts: return facts.starts;
        case Value::outcome:
        case Value::reads: break;
    }
    return std::nullopt;
}

std::string shown(const Facts& facts, Value value) {
    switch (value) {
        case Value::waits: return facts.waited ? base::format_human(*facts.waited) : std::string();
        case Value::outage:
            return facts.outage_stays ? "until the end" : facts.outage ? base::format_human(*facts.outage) : "no time";
        case Value::outcome: return std::string(id(facts.outcome));
        case Value::reads: return facts.reads;
        case Value::open_ports:
        case Value::open_to_client:
        case Value::works:
        case Value::starts: return grouped(*number_of(facts, value));
        case Value::directory:
        case Value::store:
        case Value::attendant:
        case Value::first_port: break;
    }
    const auto number = number_of(facts, value);
    return number ? std::to_string(*number) : std::string();
}

}  // namespace scenarios::lesson
