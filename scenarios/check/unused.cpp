#include "scenarios/check/unused.hpp"

#include "scenarios/diagnosis/filter_faults.hpp"
#include "scenarios/diagnosis/wide_open.hpp"
#include "scenarios/runner/reach.hpp"
#include "sim/firewall/openings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace scenarios::check {
namespace {

namespace firewall = sim::firewall;
namespace wire = sim::wire;
using diagnosis::BoxSituation;
using diagnosis::ServerSituation;

constexpr std::uint32_t too_many = 100;  // from here on it is the diagnosis' too-wide

// Every port that something there can have, today or after a restart.
std::vector<wire::PortRange> usable_ports(const ServerSituation& server) {
    std::vector<wire::PortRange> usable = diagnosis::useful_ports(server);
    for (const fakeserver::PortPolicy* policy : {&server.policy, &server.on_disk})
        for (const fakeserver::Service service : fakeserver::start_order) {
            const auto ports = fakeserver::possible_ports(*policy, service);
            usable.insert(usable.end(), ports.begin(), ports.end());
        }
    return wire::normalized(std::move(usable));
}

class Examiner {
public:
    Examiner(const diagnosis::Situation& situation, std::size_t box)
        : situation_(situation), box_(situation.boxes[box]), openings_(box_.rules, box_.settings) {}

    void examine(const ServerSituation& server, wire::Protocol protocol) {
        const auto opened = openings_.of(server.address, protocol);
        if (!opened) return;
        const auto usable = protocol == wire::Protocol::tcp ? usable_ports(server) : std::vector<wire::PortRange>{};
        for (const firewall::Opening& one : *opened) {
            Rule& rule = rules_[one.rule];
            const auto unused = runner::without(one.ports, usable);
            rule.serves = rule.serves || wire::port_count(unused) < wire::port_count(one.ports);
            if (unused.empty()) continue;
            const auto witness = openings_.witness(one.rule, unused.front().first, situation_.client.address);
            if (!witness) continue;
            rule.unused.push_back({&server, protocol, unused, *witness});
        }
    }

    diagnosis::Findings take() {
        diagnosis::Findings found;
        for (const auto& [id, rule] : rules_)
            for (const Unused& unused : rule.unused)
                if (wire::port_count(unused.ports) < too_many) found.push_back(told(id, rule.serves, unused));
        return found;
    }

private:
    struct Unused {
        const ServerSituation* server;
        wire::Protocol protocol;
        std::vector<wire::PortRange> ports;
        firewall::Witness witness;
    };
    struct Rule {
        bool serves = false;  // some of what it opens is of use to somebody
        std::vector<Unused> unused;
    };

    diagnosis::Finding told(firewall::RuleId id, bool serves, const Unused& unused) const {
        const std::string ports = fmt::format("{} {}", wire::format(unused.protocol), wire::format(unused.ports));
        const std::string rule = diagnosis::rule_name(box_, id);
        diagnosis::Finding found;
        found.id = "open-unused";
        found.effect = serves ? diagnosis::Effect::risks : diagnosis::Effect::degrades;
        found.what = fmt::format("{} of {} opens {} of {}, which no service there can use", rule, box_.name, ports,
                                 unused.server->name);
        found.evidence = {diagnosis::rule_evidence(box_, id, "opens it")};
        found.mend = {serves ? fmt::format("take {} out of {}", ports, rule) : "take " + rule + " out",
                      "or name what listens there under `listen` of the server, if it is another program's"};
        found.stands = box_.setup != nullptr ? box_.setup->place : sim::base::Place{};
        found.witness = firewall::format(unused.witness);
        return found;
    }

    const diagnosis::Situation& situation_;
    const BoxSituation& box_;
    firewall::Openings openings_;
    std::map<firewall::RuleId, Rule> rules_;
};

}  // namespace

diagnosis::Findings unused_findings(const diagnosis::Situation& situation) {
    diagnosis::Findings found;
    for (std::size_t box = 0; box < situation.boxes.size(); ++box) {
        if (situation.boxes[box].rules == nullptr) continue;
        Examiner examiner(situation, box);
        for (const ServerSituation& server : situation.servers)
            for (const wire::Protocol protocol : {wire::Protocol::tcp, wire::Protocol::udp})
                examiner.examine(server, protocol);
        for (diagnosis::Finding& one : examiner.take()) found.push_back(std::move(one));
    }
    return found;
}

}  // namespace scenarios::check
