#include "scenarios/diagnosis/inspection_faults.hpp"

#include "client/plan.hpp"
#include "fakeserver/endpoint_map.hpp"
#include "scenarios/diagnosis/filter_faults.hpp"
#include "scenarios/runner/evidence.hpp"
#include "sim/rpc/interfaces.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace scenarios::diagnosis {
namespace {

using fakeserver::Service;

constexpr wire::Port inspected_port{135};

// The interfaces that the client looks up at this service.
std::vector<sim::rpc::SyntaxId> looked_up(const Situation& situation, const Need& need) {
    std::vector<sim::rpc::SyntaxId> found;
    const auto version = situation.servers[need.server].policy.conditions.version;
    for (const client::Do action : need.actions) {
        const bool waits = action == client::Do::new_mail || action == client::Do::use;
        for (const client::Leg& leg :
             client::legs_of(waits ? client::Do::logon : action, situation.variant->client.generation))
            for (const auto& registered : fakeserver::interfaces_of(version, *need.service))
                if (registered.id == leg.interface &&
                    std::find(found.begin(), found.end(), leg.interface) == found.end())
                    found.push_back(leg.interface);
    }
    return found;
}

class Examiner {
public:
    Examiner(const Situation& situation, const Need& need, std::size_t number)
        : situation_(situation),
          need_(need),
          number_(number),
          box_(situation.boxes[number]),
          server_(situation.servers[need.server]),
          name_(name_of(situation, need)) {}

    std::optional<Finding> examine() const {
        if (!box_.settings.inspect_dcerpc) return std::nullopt;
        auto found = no_pinhole();
        if (!found) return std::nullopt;
        // The port of this start shows it best.
        auto ports = need_.ports;
        if (known_port())
            ports = {wire::PortRange::only(*known_port())};
        else if (server_.start && server_.start->of(*need_.service).has_tcp())
            ports = {wire::PortRange::only(server_.start->of(*need_.service).port)};
        const auto blocked = blocked_by(situation_, number_, server_.address, ports);
        if (blocked.empty()) return std::nullopt;  // the rules open it
        found->evidence.push_back(
            {fmt::format("a SYN to {} port {} is {}", server_.address.format(), wire::format(blocked.front().witness),
                         verdict_words(box_, blocked.front().stopped)),
             {}});
        found->witness = packet_of(situation_, server_.address, blocked.front());
        if (box_.setup != nullptr)
            found->stands = box_.setup->inspect.empty() ? box_.setup->place : box_.setup->inspect.front().place;
        return found;
    }

    // A hole for one connection serves no client that comes back without asking.
    bool serves() const {
        const bool comes_back = situation_.variant->client.remembers_ports && box_.settings.inspection.single_use;
        return box_.settings.inspect_dcerpc && !comes_back && !no_pinhole();
    }

private:
    std::optional<wire::Port> known_port() const { return known_port_of(situation_, need_); }
    std::string instead() const {
        return fmt::format("or pin the port of {} and open it in {}, as without inspection (Q155831)", name_,
                           box_.name);
    }

    std::optional<Finding> no_pinhole() const {
        if (known_port()) return not_asked();
        if (server_.mapper != inspected_port) return elsewhere();
        if (situation_.variant->client.seals_mapper) return sealed();
        return not_listed();
    }

    Finding not_asked() const {
        Finding found = finding("mapper-not-asked", Effect::breaks,
                                fmt::format("the client knows a port of {}, {}, and goes there without asking the "
                                            "endpoint mapper, so {} opens no pinhole",
                                            name_, known_port()->value, box_.name));
        for (const runner::KnownServicePort& known : situation_.setup().client.known_ports)
            if (known.port.value == *known_port())
                found.evidence.push_back(
                    {fmt::format("known_ports: {} = {}", id(known.service.value), known.port.value.value),
                     known.port.place});
        found.mend = {
            "take the fixed port out of the client's profile, so that it asks (KB833799)",
            fmt::format("or allow TCP {} to {} in {}", known_port()->value, server_.address.format(), box_.name)};
        return found;
    }
    Finding elsewhere() const {
        Finding found = finding("mapper-not-inspected", Effect::breaks,
                                fmt::format("clients find the endpoint mapper on TCP {}, and {} reads the talk on 135 "
                                            "alone, so it opens no pinhole for {{}}",
                                            server_.mapper.value, box_.name));
        found.subjects.push_back(name_);
        const auto& port = situation_.setup().network.mapper_port;
        found.evidence.push_back({fmt::format("mapper_port = {}", port.value.value), port.place});
        found.mend = {"let clients reach the endpoint mapper on 135", instead()};
        return found;
    }
    Finding sealed() const {
        Finding found =
            finding("mapper-talk-sealed", Effect::breaks,
                    fmt::format("the client seals its talk with the endpoint mapper (packet privacy), so {} cannot "
                                "read the answer and opens no pinhole for {{}}",
                                box_.name));
        found.subjects.push_back(name_);
        found.mend = {"let the client ask the endpoint mapper in the clear; the talk with the services may stay sealed",
                      instead()};
        return found;
    }
    std::optional<Finding> not_listed() const {
        std::string missing;
        for (const sim::rpc::SyntaxId& interface : looked_up(situation_, need_))
            if (!box_.settings.inspection.lists(interface.uuid))
                missing += (missing.empty() ? "" : ", ") + sim::rpc::name_of(interface.uuid);
        if (missing.empty()) return std::nullopt;
        Finding found = finding("interface-not-listed", Effect::breaks,
                                fmt::format("{} opens pinholes for listed interfaces only, and {} of {} is not listed",
                                            box_.name, missing, name_));
        if (box_.setup != nullptr && !box_.setup->inspect_interfaces.empty()) {
            std::string listed;
            for (const auto& one : box_.setup->inspect_interfaces)
                listed += (listed.empty() ? "" : ", ") + sim::rpc::name_of(one.value);
            found.evidence.push_back({"inspect_interfaces: " + listed, box_.setup->inspect_interfaces.front().place});
        }
        found.mend = {fmt::format("add {} to the interfaces that {} inspects", missing, box_.name), instead()};
        return found;
    }

    const Situation& situation_;
    const Need& need_;
    std::size_t number_;
    const BoxSituation& box_;
    const ServerSituation& server_;
    std::string name_;
};

}  // namespace

Findings inspection_findings(const Situation& situation, const Need& need) {
    Findings found;
    for (std::size_t box = 0; box < situation.boxes.size(); ++box)
        if (auto one = Examiner(situation, need, box).examine()) found.push_back(std::move(*one));
    return found;
}

bool opens_by_inspection(const Situation& situation, std::size_t box, const Need& need) {
    return !need.is_mapper() && Examiner(situation, need, box).serves();
}

bool all_open_by_inspection(const Situation& situation, const Need& need) {
    for (std::size_t box = 0; box < situation.boxes.size(); ++box)
        if (!opens_by_inspection(situation, box, need)) return false;
    return !situation.boxes.empty();
}

Findings pinhole_gone(const Situation& situation, const client::ActionOutcome& outcome) {
    if (outcome.works) return {};
    const auto* refusal = runner::deciding_refusal(situation.refusals, outcome);
    if (refusal == nullptr || !refusal->missed) return {};
    const BoxSituation& box = situation.boxes[refusal->firewall];
    const auto& missed = *refusal->missed;
    const std::string port = wire::format(refusal->flow.target.port);
    const auto tell = [&](Finding found, const std::string& mend) {
        found.evidence.push_back(
            {fmt::format("packet {}: {}", refusal->journey, firewall::describe(missed, refusal->time)), {}});
        if (box.setup != nullptr) {
            const runner::FirewallSetup& setup = *box.setup;
            found.stands = setup.inspect.empty() ? setup.place : setup.inspect.front().place;
            const bool expired = found.id == "pinhole-expired";
            if (expired && setup.pinhole_timeout)
                found.evidence.push_back({"pinhole_timeout = " + base::format_human(setup.pinhole_timeout->value),
                                          setup.pinhole_timeout->place});
            if (!expired && setup.pinhole_uses)
                found.evidence.push_back({"pinhole_uses = one", setup.pinhole_uses->place});
        }
        found.mend = {mend, "or let the client ask the endpoint mapper before each connection",
                      fmt::format("or pin the port and open it in {}, as without inspection (Q155831)", box.name)};
        return found;
    };
    const bool used_up = missed.why == firewall::MissedPinhole::Why::used_up;
    // A hole is used after it was opened: so long after its use it would be closed by time as well.
    const auto timeout = box.settings.inspection.pinhole_timeout;
    const bool too_late = !used_up || refusal->time - missed.since >= timeout;
    Findings found;
    if (used_up)
        found.push_back(
            tell(finding("pinhole-used-up", Effect::breaks,
                         fmt::format("{} lets one connection through a pinhole, and this is another one to TCP {}",
                                     box.name, port)),
                 fmt::format("let a pinhole of {} serve several connections", box.name)));
    if (too_late)
        found.push_back(
            tell(finding("pinhole-expired", Effect::breaks,
                         fmt::format("{} keeps a pinhole open for {}, and the client connects to TCP {} later than "
                                     "that, without asking the endpoint mapper again",
                                     box.name, base::format_human(timeout), port)),
                 fmt::format("raise the pinhole time-out of {}", box.name)));
    return found;
}

}  // namespace scenarios::diagnosis
