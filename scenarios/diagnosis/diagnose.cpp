#include "scenarios/diagnosis/diagnose.hpp"

#include "scenarios/diagnosis/filter_faults.hpp"
#include "scenarios/diagnosis/inspection_faults.hpp"
#include "scenarios/diagnosis/nat_faults.hpp"
#include "scenarios/diagnosis/service_faults.hpp"
#include "scenarios/diagnosis/session_faults.hpp"
#include "scenarios/diagnosis/wide_open.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace scenarios::diagnosis {
namespace {

bool works(const client::ActionOutcome& outcome) { return outcome.works; }

class Diagnosis {
public:
    explicit Diagnosis(const Situation& situation) : situation_(situation), needs_(needs_of(situation)) {}

    Findings make() {
        if (!situation_.variant->client.resolves) name();
        for (const Need& need : needs_) examine(need);
        differing_ports();
        if (needs_notice(situation_)) add(notice_findings(situation_));
        add(wide_open_findings(situation_));
        add(session_findings(situation_, found_));
        soften();
        return std::move(found_);
    }

private:
    void add(Findings more) {
        for (Finding& one : more) join(found_, std::move(one));
    }

    void name() {
        Finding found = finding("name-not-resolvable", Effect::breaks,
                                "the client cannot turn the server's name into an address; a profile may be made with "
                                "an address, but the name is what gets stored");
        found.evidence.push_back(
            {fmt::format("the lookup of {} gives no address (Winsock 11001)", situation_.servers.front().name), {}});
        found.mend = {fmt::format("add the line \"{} {}\" to the client's HOSTS file, or the name to its DNS or WINS",
                                  situation_.servers.front().known_as.format(), situation_.servers.front().name)};
        add({std::move(found)});
    }

    void examine(const Need& need) {
        if (need.is_mapper()) {
            add(nat_findings(situation_, need, need.ports));
            add(filter_findings(situation_, {&need, need.ports, false, true}));
            return;
        }
        ServiceFindings service = service_findings(situation_, need);
        add(std::move(service.found));
        add(inspection_findings(situation_, need));
        known_port(need);
        if (!service.question) {
            unplaced_.push_back(need.server);
            return;
        }
        for (const wire::PortRange& range : service.question->ports) asked_.push_back(range);
        add(nat_findings(situation_, need, service.question->ports));
        Findings filters = filter_findings(situation_, *service.question);
        // Where the registry is right and no rule comes near, the two may simply name different ports.
        for (const Finding& one : filters)
            if (one.id == "port-closed" && service.question->own_port)
                closed_.push_back({&need, service.question->ports.front().first, one.what});
        add(std::move(filters));
    }

    // The client goes to the port that it knows, whatever the service has.
    void known_port(const Need& need) {
        const auto known = known_port_of(situation_, need);
        if (!known) return;
        const ServerSituation& server = situation_.servers[need.server];
        std::vector<wire::PortRange> has = need.ports;
        if (server.start) has = {wire::PortRange::only(server.start->of(*need.service).port)};
        const bool always = has.size() == 1 && has.front() == wire::PortRange::only(*known);
        if (always) return;
        const bool never = std::none_of(has.begin(), has.end(), [&](const auto& r) { return r.contains(*known); });
        Finding found = finding("known-port-wrong", never || server.start ? Effect::breaks : Effect::risks,
                                fmt::format("the client goes to TCP {} for {} without asking, and the service {} {}",
                                            known->value, name_of(situation_, need), server.start ? "is on" : "may have",
                                            wire::format(has)));
        for (const runner::KnownServicePort& one : situation_.setup().client.known_ports)
            if (one.port.value == *known)
                found.evidence.push_back(
                    {fmt::format("known_ports: {} = {}", id(one.service.value), one.port.value.value), one.port.place});
        found.mend = {fmt::format("pin the port of {} to {}", name_of(situation_, need), known->value),
                      "or take the fixed port out of the client's profile, so that it asks (KB833799)"};
        add({std::move(found)});
    }

    // Ports that somebody opened and that no service has, beside services whose port nobody opened.
    void differing_ports() {
        std::vector<std::pair<std::size_t, wire::Port>> spare;  // server, port
        if (closed_.empty()) return;
        for (std::size_t i = 0; i < situation_.servers.size(); ++i)
            for (const wire::Port port : spare_ports(situation_, i))
                if (runner::without({wire::PortRange::only(port)}, asked_).size() == 1) spare.emplace_back(i, port);
        for (const Closed& closed : closed_) {
            const auto nearer = [&](const auto& a, const auto& b) {
                return distance(a.second, closed.port) < distance(b.second, closed.port);
            };
            std::vector<std::pair<std::size_t, wire::Port>> here;
            std::copy_if(spare.begin(), spare.end(), std::back_inserter(here),
                         [&](const auto& s) { return s.first == closed.need->server; });
            // Such a port may as well be meant for a service that has none yet.
            if (here.size() <=
                static_cast<std::size_t>(std::count(unplaced_.begin(), unplaced_.end(), closed.need->server)))
                continue;
            const auto best = std::min_element(here.begin(), here.end(), nearer);
            rename(closed, best->second);
            std::erase(spare, *best);
        }
    }

    struct Closed {
        const Need* need = nullptr;
        wire::Port port;
        std::string what;  // of the finding
    };
    static int distance(wire::Port a, wire::Port b) { return std::abs(int{a.value} - int{b.value}); }

    void rename(const Closed& closed, wire::Port spare) {
        const std::string name = name_of(situation_, *closed.need);
        for (Finding& one : found_) {
            if (one.id != "port-closed" || one.what != closed.what) continue;
            Finding better = finding("rule-port-differs", one.effect,
                                     fmt::format("{} has port {}, and the filter opens {} in its place", name,
                                                 closed.port.value, spare.value));
            better.evidence = std::move(one.evidence);
            better.witness = std::move(one.witness);
            const auto& plan = situation_.servers[closed.need->server].on_disk.plan(*closed.need->service);
            if (plan.registry)
                better.evidence.insert(better.evidence.begin(),
                                       {plan.registry->written.source_line, plan.registry->written.place});
            better.mend = {fmt::format("let the rule open {} instead of {}", closed.port.value, spare.value)};
            one = std::move(better);
        }
    }

    // Named pipes carried what TCP could not: a fault, but nobody is cut off.
    void soften() {
        const auto& outcomes = situation_.outcomes;
        const bool degraded = std::any_of(outcomes.begin(), outcomes.end(), [](const auto& o) { return o.degraded; });
        if (!degraded || !std::all_of(outcomes.begin(), outcomes.end(), works)) return;
        for (Finding& one : found_)
            if (one.effect == Effect::breaks) one.effect = Effect::degrades;
    }

    const Situation& situation_;
    std::vector<Need> needs_;
    std::vector<Closed> closed_;          // services with a port that no rule speaks of
    std::vector<wire::PortRange> asked_;  // ports that services have or are meant to have
    std::vector<std::size_t> unplaced_;   // servers, once for each service whose port is still to be chosen
    Findings found_;
};

}  // namespace

Findings diagnose(const Situation& situation) { return Diagnosis(situation).make(); }

Findings diagnose(const runner::StagedVariant& variant, const runner::CloseUp& seen) {
    return diagnose(situation_of(variant, seen));
}
Findings diagnose(const runner::StagedVariant& variant) { return diagnose(situation_before(variant)); }

}  // namespace scenarios::diagnosis
