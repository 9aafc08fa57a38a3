#include "scenarios/report/ladder_json.hpp"

#include "scenarios/report/rulebook_json.hpp"
#include "scenarios/report/server.hpp"
#include "scenarios/report/standing_json.hpp"
#include "sim/firewall/rule_set.hpp"

#include <boost/json.hpp>
#include <fmt/format.h>

#include <algorithm>

namespace scenarios::report {
namespace {

namespace json = boost::json;
using sim::wire::FlowKey;

std::int64_t milliseconds(base::SimTime time) {
    return std::chrono::duration_cast<std::chrono::milliseconds>(time.time_since_epoch()).count();
}

// What a firewall does with answers is what people trip over, so the picture says it.
std::string manner_of(const sim::firewall::RuleSet* rules, const sim::firewall::Firewall::Settings& settings) {
    using sim::firewall::Tracking;
    std::string text;
    if (rules != nullptr) switch (rules->tracking()) {
            case Tracking::off: text = "stateless: answers need rules too"; break;
            case Tracking::labels: text = "stateful: a rule must let answers pass"; break;
            case Tracking::gate: text = "stateful: answers pass"; break;
        }
    if (settings.inspect_dcerpc) text += "; reads RPC";
    return text;
}

std::string_view client_windows(runner::Windows windows) {
    switch (windows) {
        case runner::Windows::nt4: return "Windows NT 4.0";
        case runner::Windows::windows_2000: return "Windows 2000";
        case runner::Windows::windows_xp: return "Windows XP";
        case runner::Windows::windows_2003: return "Windows Server 2003";
        case runner::Windows::windows_2008: return "Windows Server 2008";
    }
    return "Windows";
}

json::array lanes_of(const Events& events, const runner::StagedVariant& variant, const runner::CloseUp& seen) {
    const auto& boxes = variant.plan.firewalls;
    json::array lanes;
    for (std::size_t i = 0; i < events.lanes.size(); ++i) {
        json::object lane{{"name", events.lanes[i]}};
        if (i == 0) {
            lane["kind"] = "client";
            lane["address"] = variant.plan.client.addresses.front().format();
            lane["about"] = client_windows(variant.setup().client.windows);
        } else if (i <= boxes.size()) {
            const auto& rules = i - 1 < seen.rules.size() ? seen.rules[i - 1] : boxes[i - 1].rules;
            lane["kind"] = "firewall";
            lane["about"] = manner_of(rules.get(), boxes[i - 1].settings);
        } else if (const std::size_t number = i - boxes.size() - 1; number < seen.servers.size()) {
            const runner::ServerView& server = seen.servers[number];
            lane["kind"] = "server";
            lane["address"] = server.address.format();
            lane["about"] = fmt::format("Exchange {}, {}", word(server.policy.conditions.version),
                                        windows_title(server.policy.conditions.windows));
        }
        lanes.push_back(std::move(lane));
    }
    return lanes;
}

class LadderJson {
public:
    LadderJson(const runner::StagedVariant& variant, const runner::CloseUp& seen)
        : variant_(variant), seen_(seen), events_(events_of(seen)) {}

    json::object make() {
        json::array events = all_events();
        return {{"lanes", without_empty(lanes_of(events_, variant_, seen_))},
                {"flows", flows()},
                {"verdicts", std::move(verdicts_)},
                {"rulebooks", rulebooks_json(variant_, seen_, ladder_rules_max)},
                {"events", std::move(events)}};
    }

private:
    // The conversation of the client that this flow was, as its outcomes tell it.
    const client::PhaseRecord* phase_of(std::size_t flow) const {
        const client::PhaseRecord* found = nullptr;
        for (const auto& outcome : seen_.outcomes)
            for (const client::PhaseRecord& phase : outcome.phases) {
                if (phase.target != flows_[flow].target) continue;
                found = &phase;
                if (phase.began <= begun_[flow] && begun_[flow] <= phase.ended) return found;
            }
        return found;
    }

    // Where a firewall refused the flow for good: by the packet that decided, or by any of a conversation that failed.
    const Event* refusal_of(std::size_t flow, bool failed) const {
        for (const Event& event : events_.events) {
            if (event.note || !event.flow) continue;
            if (*event.flow != flows_[flow] && reversed(*event.flow) != flows_[flow]) continue;
            const bool refused = event.ending == Ending::dropped || event.ending == Ending::rejected;
            if (refused && (event.deciding || failed)) return &event;
        }
        return nullptr;
    }

    std::int64_t lane_of(const sim::wire::IpAddress& address) const {
        const auto& hosts = seen_.trace->hosts;
        for (std::size_t i = 0; i < hosts.size(); ++i)
            if (std::find(hosts[i].addresses.begin(), hosts[i].addresses.end(), address) != hosts[i].addresses.end())
                return static_cast<std::int64_t>(i == 0 ? 0 : variant_.plan.firewalls.size() + i);
        return -1;
    }

    json::object flow_json(std::size_t number) const {
        const FlowKey& flow = flows_[number];
        const bool udp = flow.protocol == sim::wire::Protocol::udp;
        const client::PhaseRecord* phase = udp ? nullptr : phase_of(number);
        std::string_view what = udp ? "the notice of new mail" : "";
        if (phase != nullptr)
            what = phase->transport == client::Transport::ncacn_np ? "named pipes" : name_of(phase->phase);
        json::object object{{"what", what}};
        if (flow.protocol != sim::wire::Protocol::tcp) object["protocol"] = sim::wire::format(flow.protocol);
        object["from"] = lane_of(flow.source.address);
        object["from_port"] = flow.source.port.value;
        object["to"] = lane_of(flow.target.address);
        object["port"] = flow.target.port.value;
        const bool failed = udp || (phase != nullptr && phase->failure);
        if (const Event* refusal = refusal_of(number, failed)) {
            object["state"] = "stopped";
            object["at"] = refusal->end;
            if (*refusal->flow != flow) object["answer"] = true;
        } else if (failed && !udp) {
            object["state"] = "failed";
        }
        return object;
    }

    json::array flows() const {
        json::array array;
        for (std::size_t i = 0; i < flows_.size(); ++i) array.push_back(flow_json(i));
        return array;
    }

    json::array all_events() {
        json::array array;
        const std::size_t count = events_.events.size();
        const std::size_t tail = ladder_events_max / 5;
        for (std::size_t i = 0; i < count; ++i) {
            if (count > ladder_events_max && i == ladder_events_max - tail) {
                const std::size_t next = first_shown_after(count - tail);
                array.push_back(gap(i, next));
                i = next;
            }
            array.push_back(event(events_.events[i]));
        }
        return array;
    }

    // The deciding packet is never lost: the tail begins before it.
    std::size_t first_shown_after(std::size_t wanted) const {
        for (std::size_t i = ladder_events_max * 4 / 5; i < wanted; ++i)
            if (events_.events[i].deciding) return i > 20 ? i - 20 : i;
        return wanted;
    }

    json::object gap(std::size_t from, std::size_t to) const {
        std::size_t packets = 0;
        for (std::size_t i = from; i < to; ++i) packets += events_.events[i].note ? 0U : 1U;
        return {{"t", milliseconds(events_.events[from].time)},
                {"from", 0},
                {"what", fmt::format("{} packets are left out here", packets)},
                {"note", true},
                {"skip", packets}};
    }

    json::object event(const Event& event) {
        json::object object{{"t", milliseconds(event.time)}, {"from", event.from}, {"what", event.what}};
        if (event.note) {
            object["note"] = true;
            return object;
        }
        object["to"] = event.to;
        object["end"] = event.end;
        object["ending"] = id(event.ending);
        if (const auto verdict = verdict_of(event)) object["verdict"] = *verdict;
        const bool has_ports = event.flow && event.flow->target.port.value != 0;
        if (has_ports) place_flow(event, object);
        if (event.again) object["again"] = true;
        if (event.deciding) object["deciding"] = true;
        if (event.answers != 0) object["answers"] = event.answers;
        if (verdict_worth_saying(event)) object["say"] = true;
        return object;
    }

    void place_flow(const Event& event, json::object& object) {
        const bool answer = std::find(flows_.begin(), flows_.end(), reversed(*event.flow)) != flows_.end();
        const FlowKey flow = answer ? reversed(*event.flow) : *event.flow;
        const auto known = std::find(flows_.begin(), flows_.end(), flow);
        object["flow"] = known - flows_.begin();
        if (answer) object["back"] = true;
        if (known != flows_.end()) return;
        flows_.push_back(flow);
        begun_.push_back(event.time);
    }

    std::optional<std::size_t> verdict_of(const Event& event) {
        const std::string text = verdict_in_words(event);
        if (text.empty()) return std::nullopt;
        json::array by;
        for (const Word& word : event.words) {
            json::object one{
                {"lane", word.lane}, {"action", word.action}, {"reason", word.reason}, {"book", word.rule_set}};
            if (word.rule_id) one["rule"] = word.rule_id->index;
            by.push_back(std::move(one));
        }
        json::object verdict{{"text", text}, {"by", std::move(by)}};
        const auto known = std::find(verdicts_.begin(), verdicts_.end(), json::value(verdict));
        if (known != verdicts_.end()) return static_cast<std::size_t>(known - verdicts_.begin());
        verdicts_.push_back(std::move(verdict));
        return verdicts_.size() - 1;
    }

    const runner::StagedVariant& variant_;
    const runner::CloseUp& seen_;
    Events events_;
    std::vector<FlowKey> flows_;
    std::vector<base::SimTime> begun_;  // beside flows_
    json::array verdicts_;
};

}  // namespace

json::object ladder_json(const runner::StagedVariant& variant, const runner::CloseUp& seen) {
    return LadderJson(variant, seen).make();
}

}  // namespace scenarios::report
