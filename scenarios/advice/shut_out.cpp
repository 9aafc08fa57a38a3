#include "scenarios/advice/shut_out.hpp"

#include "sim/firewall/exact/probe.hpp"

#include <algorithm>
#include <vector>

namespace scenarios::advice {
namespace {

namespace wire = sim::wire;
using sim::firewall::Action;
using sim::firewall::End;
using sim::firewall::SharedRules;
using sim::firewall::Side;
using sim::firewall::mend::NeededFlow;

constexpr std::size_t denies_looked_through = 16;

wire::IpAddress one_of(const wire::Prefix& prefix) {
    const wire::IpAddress& a = prefix.address();
    if (prefix.length() < 0 || prefix.length() >= (a.is_v4() ? 31 : 127)) return a;
    return a.is_v4() ? wire::IpAddress::v4(a.v4_bits() + 1) : wire::IpAddress::v6(a.high(), a.low() + 1);
}

// An address of every network that a rule names as a source.
std::vector<wire::IpAddress> named_callers(const SharedRules& rules, wire::Family family) {
    std::vector<wire::IpAddress> callers;
    const auto add = [&](const wire::Prefix& prefix) {
        if (prefix.family() == family && prefix.length() != 0) callers.push_back(one_of(prefix));
    };
    for (const auto& rule : rules->rules())
        for (const auto& match : rule.matches) {
            if (const auto* one = std::get_if<sim::firewall::InPrefix>(&match.what); one && one->end == End::source)
                add(one->prefix);
            if (const auto* one = std::get_if<sim::firewall::InRange>(&match.what);
                one && one->end == End::source && one->range.low.family() == family)
                callers.push_back(one->range.low);
            if (const auto* any = std::get_if<sim::firewall::InAny>(&match.what); any && any->end == End::source) {
                for (const auto& prefix : any->prefixes) add(prefix);
                for (const auto& range : any->ranges)
                    if (range.low.family() == family) callers.push_back(range.low);
            }
        }
    std::sort(callers.begin(), callers.end());
    callers.erase(std::unique(callers.begin(), callers.end()), callers.end());
    return callers;
}

class Comparison {
public:
    Comparison(const SharedRules& before, const SharedRules& after, const sim::firewall::Firewall::Settings& settings,
               const NeededFlow& flow, wire::Port port)
        : settings_(settings),
          flow_(flow),
          port_(port),
          before_(without_what_stops_the_client(before)),
          after_(after) {}

    bool lets_in(const wire::IpAddress& caller) const {
        if (caller == flow_.client) return false;
        const auto was = asked(before_, caller);
        const bool shut_out = was.action != Action::accept && was.rule.has_value();
        return shut_out && asked(after_, caller).action == Action::accept;
    }

private:
    sim::firewall::Verdict asked(const SharedRules& rules, const wire::IpAddress& caller) const {
        return sim::firewall::exact::probe_question(rules, settings_, flow_.protocol,
                                                    {caller, sim::firewall::exact::calling_port}, {flow_.server, port_})
            .verdict;
    }

    // The rules as if those that stop the needed flow were gone: what remains against others is meant.
    SharedRules without_what_stops_the_client(SharedRules rules) const {
        for (std::size_t i = 0; i < denies_looked_through; ++i) {
            const auto verdict = asked(rules, flow_.client);
            if (verdict.action == Action::accept || !verdict.rule) break;
            rules = sim::firewall::exact::without_rule(*rules, *verdict.rule);
        }
        return rules;
    }

    const sim::firewall::Firewall::Settings& settings_;
    const NeededFlow& flow_;
    wire::Port port_;
    SharedRules before_;
    SharedRules after_;
};

}  // namespace

bool lets_in_shut_out(const SharedRules& before, const SharedRules& after, const sim::firewall::mend::MendTask& task) {
    for (const NeededFlow& flow : task.needed) {
        if (flow.from != Side::client) continue;
        const auto callers = named_callers(before, flow.client.family());
        for (const wire::PortRange& range : flow.ports) {
            const Comparison comparison(before, after, task.settings, flow, range.last);
            if (std::any_of(callers.begin(), callers.end(), [&](const auto& c) { return comparison.lets_in(c); }))
                return true;
        }
    }
    return false;
}

}  // namespace scenarios::advice
