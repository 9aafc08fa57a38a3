#include "sim/world/recorder.hpp"

#include "sim/wire/packet.hpp"

#include <algorithm>
#include <utility>

namespace sim::world {

std::string_view id(Fate fate) {
    switch (fate) {
        case Fate::under_way: return "under-way";
        case Fate::delivered: return "delivered";
        case Fate::dropped: return "dropped";
        case Fate::lost: return "lost";
        case Fate::too_big: return "too-big";
        case Fate::no_such_host: return "no-such-host";
        case Fate::replaced: return "replaced";
    }
    return "?";
}

void Trace::clear() {
    hosts.clear();
    firewalls.clear();
    rule_sets.clear();
    journeys.clear();
    notes.clear();
    failed_connects.clear();
}

void Recorder::begin(bool traced) {
    traced_ = traced;
    trace_.clear();
    rules_.clear();
    failed_connects_.clear();
    refusals_.clear();
    known_as_.clear();
}

void Recorder::add_host(std::string name, const std::vector<wire::IpAddress>& addresses) {
    if (traced_) trace_.hosts.push_back({std::move(name), addresses});
}

void Recorder::add_firewall(const std::string& name) {
    if (traced_) trace_.firewalls.push_back(name);
}

std::uint32_t Recorder::add_rules(std::shared_ptr<const firewall::RuleSet> rules) {
    if (traced_) trace_.rule_sets.push_back(rules);
    rules_.push_back(std::move(rules));
    return static_cast<std::uint32_t>(rules_.size() - 1);
}

std::optional<HostId> Recorder::owner_of(const wire::IpAddress& address) const {
    for (std::uint32_t i = 0; i < trace_.hosts.size(); ++i) {
        const auto& own = trace_.hosts[i].addresses;
        if (std::find(own.begin(), own.end(), address) != own.end()) return HostId{i};
    }
    return std::nullopt;
}

void Recorder::sent(net::Packet& packet, Maker maker, bool towards_servers, base::SimTime now, std::uint32_t cause) {
    if (!traced_) return;
    Journey journey;
    journey.number = static_cast<std::uint32_t>(trace_.journeys.size() + 1);
    journey.sent = now;
    journey.from = maker;
    journey.towards_servers = towards_servers;
    if (const auto view = wire::parse(packet.octets)) journey.to = owner_of(view->ip.target);
    journey.octets = packet.octets;
    journey.ended = now;
    journey.cause = cause;
    packet.tag = journey.number;
    trace_.journeys.push_back(std::move(journey));
}

void Recorder::judged(const net::Packet& packet, const Box& box, const firewall::Passage& passage, base::SimTime now) {
    const firewall::Verdict& verdict = passage.verdict;
    const bool held = verdict.reason == firewall::Reason::fragment_held;
    if (passage.translated) note_translation(packet, box, *passage.translated);
    if (verdict.action != firewall::Action::accept && !held) {
        const auto view = wire::parse(packet.octets);
        refusals_.push_back({.time = now,
                             .firewall = box.firewall,
                             .from = box.from,
                             .verdict = verdict,
                             .label = passage.label,
                             .flow = view ? wire::flow_of(*view) : wire::FlowKey{},
                             .client_flow = view ? client_flow(wire::flow_of(*view)) : wire::FlowKey{},
                             .journey = packet.tag,
                             .rules = rules_[box.rules],
                             .missed = passage.missed});
    }
    if (packet.tag == 0) return;
    trace_.journeys[packet.tag - 1].hops.push_back({.firewall = box.firewall,
                                                    .rules = box.rules,
                                                    .from = box.from,
                                                    .time = now,
                                                    .verdict = verdict,
                                                    .label = passage.label,
                                                    .answered = passage.answer.has_value(),
                                                    .inspected = passage.inspected,
                                                    .missed = passage.missed,
                                                    .translated = passage.translated,
                                                    .translated_by = passage.translated_by});
    if (passage.translated && verdict.action == firewall::Action::accept)
        if (const auto view = wire::parse(*passage.translated))
            trace_.journeys[packet.tag - 1].to = owner_of(view->ip.target);
    if (held || !passage.replaced.empty())
        ended(packet.tag, Fate::replaced, now, box.firewall);
    else if (verdict.action != firewall::Action::accept)
        ended(packet.tag, Fate::dropped, now, box.firewall);
}

// What leaves on the servers' side is known on the client's side by what it was there.
void Recorder::note_translation(const net::Packet& packet, const Box& box, const base::Bytes& octets) {
    const auto before = wire::parse(packet.octets), after = wire::parse(octets);
    if (!before || !after || before->icmp() != nullptr) return;
    const wire::FlowKey was = wire::flow_of(*before), is = wire::flow_of(*after);
    if (box.from == firewall::Side::client)
        known_as_.emplace(is, client_flow(was));
    else if (known_as_.count(reversed(was)) == 0)
        known_as_.emplace(reversed(was), client_flow(reversed(is)));
}

wire::FlowKey Recorder::client_flow(const wire::FlowKey& flow) const {
    if (const auto known = known_as_.find(flow); known != known_as_.end()) return known->second;
    if (const auto known = known_as_.find(reversed(flow)); known != known_as_.end()) return reversed(known->second);
    return flow;
}

void Recorder::ended(std::uint32_t tag, Fate fate, base::SimTime now, std::uint32_t at) {
    if (tag == 0) return;
    Journey& journey = trace_.journeys[tag - 1];
    journey.fate = fate;
    journey.ended = now;
    journey.at = at;
}

void Recorder::note(HostId host, ActorId actor, std::string text, base::SimTime now) {
    if (!traced_) return;
    trace_.notes.push_back({.time = now,
                            .host = host,
                            .actor = actor,
                            .after = static_cast<std::uint32_t>(trace_.journeys.size()),
                            .text = std::move(text)});
}

void Recorder::connect_failed(const FailedConnect& failed) {
    failed_connects_.push_back(failed);
    if (traced_) trace_.failed_connects.push_back(failed);
}

}  // namespace sim::world
