#include "scenarios/report/story.hpp"

#include "client/explain.hpp"
#include "client/message.hpp"
#include "fakeserver/start_report.hpp"
#include "sim/firewall/rule_set.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace scenarios::report {
namespace {

using client::Cause;
using client::Phase;
using client::Stage;
using fakeserver::PortSource;
using runner::CloseUp;

std::optional<fakeserver::Service> service_of(Phase phase) { return fakeserver::parse_service(id(phase)); }

const runner::ServerView& server_at(const CloseUp& seen, const sim::wire::IpAddress& address) {
    for (const runner::ServerView& server : seen.servers)
        if (server.address == address) return server;
    return seen.servers.front();
}

// The registry key of the service's port, as a person looks for it in regedit.
std::string value_of(const runner::ServerView& server, fakeserver::Service service) {
    const auto* traits = fakeserver::traits_of(server.policy.conditions.version, service);
    if (traits == nullptr || !traits->port_value) return "its port value";
    return fmt::format("\"{}\" under {}", traits->port_value->name, traits->port_value->key);
}

std::string box_of(const runner::StagedVariant& variant, const sim::world::Refusal& refusal) {
    return variant.plan.firewalls[refusal.firewall].name;
}

std::string rule_of(const sim::world::Refusal& refusal) {
    if (!refusal.verdict.rule || !refusal.rules) {
        std::string text(sentence(refusal.verdict.reason));
        return text.empty() ? text : text.substr(0, text.size() - 1);
    }
    const std::string place = refusal.rules->place(*refusal.verdict.rule);
    return refusal.rules->label(*refusal.verdict.rule) + (place.empty() ? "" : " (" + place + ")") + " says so";
}

std::string lower(std::string text) {
    if (text.size() > 1 && text[0] >= 'A' && text[0] <= 'Z' && text[1] >= 'a') text[0] = static_cast<char>(text[0] + 32);
    return text;
}

class Teller {
public:
    Teller(const runner::StagedVariant& variant, const CloseUp& seen) : variant_(variant), seen_(seen) {}

    Story tell() {
        for (const client::ActionOutcome& outcome : seen_.outcomes) {
            story_.happened.push_back(client::summary(outcome));
            for (const client::PhaseRecord& phase : outcome.phases) story_.happened.push_back("  " + client::describe(phase));
            if (const auto message = client::message_for(outcome)) add_message(*message);
        }
        for (const client::ActionOutcome& outcome : seen_.outcomes)
            if (outcome.failure && story_.why.empty()) explain(outcome);
        return std::move(story_);
    }

private:
    void add_message(const client::UserMessage& message) {
        std::string text = fmt::format("  The user reads{}: \"{}\"", message.likely ? " (likely)" : "", message.words);
        if (!message.also.empty()) text += fmt::format(" / \"{}\"", message.also);
        story_.happened.push_back(text + fmt::format(" [{}]", message.articles));
    }

    void explain(const client::ActionOutcome& outcome) {
        const client::Failure& failure = *outcome.failure;
        const client::PhaseRecord* phase = runner::failed_phase(outcome);
        const sim::world::Refusal* refusal = runner::deciding_refusal(seen_.refusals, outcome);
        if (failure.stage == Stage::resolve) return name();
        if (failure.stage == Stage::notice) return notice(refusal);
        if (phase == nullptr) return;
        if (refusal != nullptr) return refused(failure, *phase, *refusal);
        if (failure.cause == Cause::not_registered) return not_registered(failure, *phase);
        unfiltered(failure, *phase);
    }

    void name() {
        story_.why = "The client cannot turn the server's name into an address. A profile may be made with an address, but it is the name "
                     "that gets stored (Q149692).";
        story_.next = {"add a line with the server's name and address to the client's HOSTS file (Q149692, Q155048)"};
    }

    void notice(const sim::world::Refusal* refusal) {
        story_.why = "New mail is announced by a UDP packet from the server to a port that the client chose. ";
        story_.why += refusal != nullptr ? fmt::format("{} did not let it through: {}.", box_of(variant_, *refusal), lower(rule_of(*refusal)))
                                         : std::string("It did not arrive.");
        story_.next = {"let UDP from the server to the clients' ports 1024-65535 pass (Q264035)",
                       "or live without it: new items show when the view is refreshed (Q270065)"};
    }

    // A firewall refused the packet, or its answer.
    void refused(const client::Failure& failure, const client::PhaseRecord& phase, const sim::world::Refusal& refusal) {
        const std::string box = box_of(variant_, refusal);
        const bool on_its_way_back = refusal.from == sim::firewall::Side::server;
        story_.why = fmt::format("{} {} {}: {}.", box, refusal.verdict.action == sim::firewall::Action::reject ? "rejected" : "dropped",
                                 on_its_way_back ? fmt::format("the server's answer from port {}", sim::wire::format(refusal.flow.source.port))
                                                 : fmt::format("the connection to port {}", sim::wire::format(refusal.flow.target.port)),
                                 lower(rule_of(refusal)));
        if (on_its_way_back) {
            story_.next = {fmt::format("let answers from {} port {} to the clients' ports 1024-65535 pass {}", phase.target.address.format(),
                                       sim::wire::format(phase.target.port), box),
                           "or use a stateful filter, which passes the answers of allowed connections by itself"};
            return;
        }
        if (failure.phase == Phase::endpoint_mapper) {
            story_.why += " Every client asks the endpoint mapper on TCP 135 first, so nothing works.";
            story_.next = {fmt::format("open TCP {} to {} in {}", sim::wire::format(phase.target.port),
                                       phase.target.address.format(), box)};
            return;
        }
        port_refused(phase, box);
    }

    // The endpoint mapper named a port that the filter does not open: where does the port come from?
    void port_refused(const client::PhaseRecord& phase, const std::string& box) {
        const runner::ServerView& server = server_at(seen_, phase.target.address);
        const auto service = service_of(phase.service);
        if (!service) return;
        const std::string port = sim::wire::format(phase.target.port);
        story_.why += " " + fakeserver::explain(server.policy, server.start, *service) + ".";
        switch (server.start.of(*service).source) {
            case PortSource::windows_range:
                story_.why += " It will be another port after the next start, so no rule for a single port can repair this.";
                story_.next = {fmt::format("give the service a port of its own ({}, a DWORD), restart the server, and open exactly that port in {} "
                                           "(Q155831, Q148732)",
                                           value_of(server, *service), box)};
                break;
            case PortSource::rpc_range:
                story_.next = {fmt::format("open the whole range {} in {}, or pin the port and open only that one", pool(server), box)};
                break;
            case PortSource::fixed:
                story_.next = {fmt::format("open TCP {} to {} in {}, or correct {}", port, phase.target.address.format(), box,
                                           value_of(server, *service))};
                break;
            case PortSource::none: break;
        }
    }

    static std::string pool(const runner::ServerView& server) { return sim::wire::format(server.policy.pool.all.ranges()); }

    // 135 answered: there is no such endpoint.
    void not_registered(const client::Failure& failure, const client::PhaseRecord& phase) {
        const runner::ServerView& server = server_at(seen_, phase.target.address);
        const auto service = service_of(failure.phase);
        if (!service) return;
        story_.why = fmt::format("The endpoint mapper answered, but the service has no TCP endpoint (1753). {}.",
                                 fakeserver::explain(server.policy, server.start, *service));
        switch (server.start.of(*service).no_tcp) {
            case fakeserver::NoTcp::taken:
                story_.next = {"free the port before Exchange starts, or choose another one above 5000 and open that; then restart the service "
                               "(Q194952, Q180795)"};
                break;
            case fakeserver::NoTcp::value_unusable:
                story_.next = {fmt::format("correct {}: a DWORD from 1 to 65535, typed with the decimal radix", value_of(server, *service))};
                break;
            case fakeserver::NoTcp::rpc_range_void:
                story_.next = {"complete Rpc\\Internet: Ports, PortsInternetAvailable and UseInternetPorts, each valid (KB154596); then restart the "
                               "computer"};
                break;
            case fakeserver::NoTcp::range_exhausted: story_.next = {"give Rpc\\Internet at least 100 ports (KB154596)"}; break;
            case fakeserver::NoTcp::stopped:
            case fakeserver::NoTcp::dependency_stopped: story_.next = {"start the service"}; break;
            case fakeserver::NoTcp::has_tcp:
            case fakeserver::NoTcp::absent: break;
        }
    }

    // No firewall had a hand in it.
    void unfiltered(const client::Failure& failure, const client::PhaseRecord& phase) {
        story_.why = fmt::format("No firewall refused anything here: {} ({}).", client::describe(failure), sim::wire::format(phase.target));
        if (failure.cause == Cause::refused) story_.next = {"see on the server whether anything listens on that port (netstat -an)"};
        if (failure.cause == Cause::timed_out) story_.next = {"see whether the server is up, and whether packets get lost on the way"};
    }

    const runner::StagedVariant& variant_;
    const CloseUp& seen_;
    Story story_;
};

}  // namespace

Story story_of(const runner::StagedVariant& variant, const CloseUp& seen) { return Teller(variant, seen).tell(); }

std::string decided_in_words(const CloseUp& seen) {
    for (const client::ActionOutcome& outcome : seen.outcomes) {
        const sim::world::Refusal* refusal = runner::deciding_refusal(seen.refusals, outcome);
        if (refusal == nullptr) continue;
        const bool back = refusal->from == sim::firewall::Side::server;
        return fmt::format("packet {}: {} {}, {}: {}", refusal->journey, back ? "answer from" : "to",
                           sim::wire::format(back ? refusal->flow.source.port : refusal->flow.target.port),
                           refusal->verdict.action == sim::firewall::Action::reject ? "rejected" : "dropped", lower(rule_of(*refusal)));
    }
    return {};
}

std::string wrapped(const std::string& text, std::size_t width, std::size_t indent) {
    std::string out;
    std::size_t column = indent;
    std::size_t at = 0;
    while (at < text.size()) {
        std::size_t end = text.find(' ', at);
        if (end == std::string::npos) end = text.size();
        const std::size_t length = end - at;
        if (column > indent && column + 1 + length > width) {
            out += '\n' + std::string(indent, ' ');
            column = indent;
        } else if (column > indent) {
            out += ' ';
            ++column;
        }
        out.append(text, at, length);
        column += length;
        at = end + 1;
    }
    return out;
}

}  // namespace scenarios::report
