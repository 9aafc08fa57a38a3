#include "scenarios/report/rulebook_json.hpp"

#include "sim/firewall/rule_set.hpp"

#include <boost/json.hpp>

#include <set>

namespace scenarios::report {
namespace {

namespace json = boost::json;
namespace firewall = sim::firewall;

using Deciders = std::set<std::uint32_t>;  // rules of one set that decided on some packet

json::object rule_json(const firewall::RuleSet& rules, firewall::RuleId rule) {
    const firewall::Origin& origin = rules.origin(rule);
    json::object object{{"label", rules.label(rule)}, {"text", sim::base::printable(origin.text)}};
    if (const std::string place = rules.place(rule); !place.empty()) object["place"] = place;
    if (!origin.note.empty()) object["note"] = sim::base::printable(origin.note);
    return object;
}

json::object chain_json(const firewall::RuleSet& rules, const firewall::Chain& chain, const Deciders& deciders,
                        std::size_t& room) {
    json::object object;
    if (rules.chains().size() > 1) object["name"] = chain.name;
    if (chain.first > 0) object["first"] = chain.first;
    if (chain.policy) object["policy"] = id(chain.policy->action);
    json::array listed;
    std::uint32_t skipped = 0;
    const auto close_gap = [&] {
        if (skipped > 0) listed.push_back(json::object{{"skip", skipped}});
        skipped = 0;
    };
    for (std::uint32_t i = chain.first; i < chain.first + chain.count; ++i) {
        if (room == 0 && !deciders.contains(i)) {
            ++skipped;
            continue;
        }
        if (room > 0) --room;
        close_gap();
        listed.push_back(rule_json(rules, firewall::RuleId{i}));
    }
    close_gap();
    object["rules"] = std::move(listed);
    return object;
}

// Which firewall has the set: the one that judged by it, else the one that stands with it.
std::size_t lane_of(std::size_t number, const runner::StagedVariant& variant, const runner::CloseUp& seen) {
    const sim::world::Trace& trace = *seen.trace;
    for (const auto& journey : trace.journeys)
        for (const auto& hop : journey.hops)
            if (hop.rules == number) return 1 + hop.firewall;
    for (std::size_t i = 0; i < variant.plan.firewalls.size(); ++i) {
        const bool stands = i < seen.rules.size() && seen.rules[i] == trace.rule_sets[number];
        if (stands || variant.plan.firewalls[i].rules == trace.rule_sets[number]) return 1 + i;
    }
    return 1;
}

}  // namespace

json::array rulebooks_json(const runner::StagedVariant& variant, const runner::CloseUp& seen, std::size_t rules_max) {
    json::array books;
    const sim::world::Trace& trace = *seen.trace;
    std::vector<Deciders> deciders(trace.rule_sets.size());
    for (const auto& journey : trace.journeys)
        for (const auto& hop : journey.hops)
            if (hop.verdict.rule && hop.rules < deciders.size()) deciders[hop.rules].insert(hop.verdict.rule->index);
    for (std::size_t i = 0; i < trace.rule_sets.size(); ++i) {
        json::object book{{"lane", lane_of(i, variant, seen)}};
        json::array chains;
        if (const auto& rules = trace.rule_sets[i]) {
            std::size_t room = rules_max;
            for (const firewall::Chain& chain : rules->chains())
                if (chain.count > 0 || chain.policy) chains.push_back(chain_json(*rules, chain, deciders[i], room));
        }
        book["chains"] = std::move(chains);
        books.push_back(std::move(book));
    }
    return books;
}

}  // namespace scenarios::report
