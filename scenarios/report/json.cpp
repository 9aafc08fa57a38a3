#include "scenarios/report/json.hpp"

#include "client/explain.hpp"
#include "client/message.hpp"
#include "fakeserver/start_report.hpp"
#include "scenarios/diagnosis/diagnose.hpp"
#include "scenarios/report/findings_json.hpp"
#include "scenarios/report/text.hpp"
#include "sim/firewall/rule_set.hpp"

#include <boost/json.hpp>

namespace scenarios::report {
namespace {

namespace json = boost::json;
using runner::Result;

json::value nanoseconds(base::SimDuration duration) { return static_cast<std::int64_t>(duration.count()); }
json::value nanoseconds(base::SimTime time) { return nanoseconds(time.time_since_epoch()); }

json::object place(const base::Place& p) {
    json::object object;
    object["file"] = p.file;
    if (p.line != 0) object["line"] = p.line;
    if (p.column != 0) object["column"] = p.column;
    return object;
}

json::object actions(const runner::Tally& tally) {
    json::object object;
    for (const client::Do action : client::all_do) {
        const runner::ActionTally& counts = tally.of(action);
        if (counts.works.times + counts.fails.times == 0) continue;
        json::object entry;
        entry["works"] = counts.works.times;
        entry["fails"] = counts.fails.times;
        entry["degraded"] = counts.degraded.times;
        json::object at;
        for (const client::Phase phase : client::all_phases)
            if (const auto& count = counts.fails_at[static_cast<std::size_t>(phase)]; count.times > 0)
                at[id(phase)] = count.times;
        entry["fails_at"] = std::move(at);
        if (counts.works.times > 0) entry["first_working_seed"] = counts.works.first_seed;
        if (counts.fails.times > 0) entry["first_failing_seed"] = counts.fails.first_seed;
        object[id(action)] = std::move(entry);
    }
    return object;
}

json::array unmet(const std::vector<runner::Unmet>& list) {
    json::array array;
    for (const runner::Unmet& u : list) {
        json::object entry;
        entry["clause"] = u.clause;
        entry["expected"] = u.expected;
        entry["got"] = u.got;
        if (u.seed) entry["seed"] = *u.seed;
        array.push_back(std::move(entry));
    }
    return array;
}

json::object failure(const client::Failure& f) {
    json::object object;
    object["phase"] = id(f.phase);
    object["stage"] = id(f.stage);
    object["cause"] = id(f.cause);
    object["code"] = f.code;
    object["detail"] = f.detail;
    return object;
}

json::array phases(const client::ActionOutcome& outcome) {
    json::array array;
    for (const client::PhaseRecord& phase : outcome.phases) {
        json::object entry;
        entry["phase"] = id(phase.phase);
        entry["for"] = id(phase.service);
        entry["over"] = id(phase.transport);
        if (phase.target.port.value != 0) entry["target"] = sim::wire::format(phase.target);
        entry["began_ns"] = nanoseconds(phase.began);
        entry["ended_ns"] = nanoseconds(phase.ended);
        entry["works"] = !phase.failure;
        if (phase.failure) entry["failure"] = failure(*phase.failure);
        array.push_back(std::move(entry));
    }
    return array;
}

json::object outcome(const client::ActionOutcome& o) {
    json::object object;
    object["action"] = id(o.action);
    object["works"] = o.works;
    object["degraded"] = o.degraded;
    if (o.failure) object["failure"] = failure(*o.failure);
    object["began_ns"] = nanoseconds(o.began);
    object["waited_ns"] = nanoseconds(o.waited());
    if (const auto message = client::message_for(o)) {
        json::object says;
        says["words"] = message->words;
        if (!message->also.empty()) says["also"] = message->also;
        says["articles"] = message->articles;
        says["likely"] = message->likely;
        object["user_reads"] = std::move(says);
    }
    json::array learned;
    for (const client::LearnedPort& port : o.ports) {
        json::object entry;
        entry["service"] = id(port.service);
        entry["host"] = port.host.format();
        entry["port"] = port.port.value;
        learned.push_back(std::move(entry));
    }
    object["ports_learned"] = std::move(learned);
    object["phases"] = phases(o);
    return object;
}

json::array outcomes(const std::vector<client::ActionOutcome>& list) {
    json::array array;
    for (const client::ActionOutcome& o : list) array.push_back(outcome(o));
    return array;
}

json::object missed(const sim::firewall::MissedPinhole& one) {
    json::object object;
    object["pinhole"] = one.number;
    object["why"] = one.why == sim::firewall::MissedPinhole::Why::expired ? "expired" : "used-up";
    object["since_ns"] = nanoseconds(one.since);
    return object;
}

json::object decided(const runner::StagedVariant& variant, const sim::world::Refusal& refusal) {
    json::object object;
    object["packet"] = refusal.journey;
    object["time_ns"] = nanoseconds(refusal.time);
    object["firewall"] = variant.plan.firewalls[refusal.firewall].name;
    object["action"] = id(refusal.verdict.action);
    object["reason"] = id(refusal.verdict.reason);
    object["flow"] = sim::wire::format(refusal.flow);
    if (refusal.missed) object["missed"] = missed(*refusal.missed);
    if (refusal.verdict.rule && refusal.rules) {
        object["rule"] = refusal.rules->label(*refusal.verdict.rule);
        object["place"] = refusal.rules->place(*refusal.verdict.rule);
        object["text"] = refusal.rules->origin(*refusal.verdict.rule).text;
    }
    return object;
}

json::object server(const runner::ServerView& view) {
    json::object object;
    object["name"] = view.name;
    object["address"] = view.address.format();
    json::array services;
    for (const fakeserver::Service service : fakeserver::start_order) {
        const auto& start = view.start.of(service);
        if (start.no_tcp == fakeserver::NoTcp::absent) continue;
        json::object entry;
        entry["service"] = fakeserver::word(service);
        entry["port"] = start.has_tcp() ? json::value(start.port.value) : json::value(nullptr);
        entry["why"] = fakeserver::explain(view.policy, view.start, service);
        services.push_back(std::move(entry));
    }
    object["services"] = std::move(services);
    return object;
}

json::array inspected(const std::vector<sim::firewall::Inspected>& list, base::SimTime when) {
    using Kind = sim::firewall::Inspected::Kind;
    json::array array;
    for (const sim::firewall::Inspected& one : list) {
        json::object entry;
        entry["kind"] = one.kind == Kind::opened ? "opened" : one.kind == Kind::renewed ? "renewed" : "not-opened";
        if (one.kind == Kind::not_opened) {
            entry["why"] = id(one.why);
        } else {
            entry["pinhole"] = one.hole.number;
            entry["expires_ns"] = nanoseconds(one.hole.expires);
            entry["single_use"] = one.hole.single_use;
            entry["host_differs"] = one.host_differs;
        }
        entry["client"] = one.hole.client.format();
        if (one.hole.server.port.value != 0) entry["server"] = sim::wire::format(one.hole.server);
        if (!one.hole.interface.is_nil()) entry["interface"] = one.hole.interface.format();
        entry["says"] = describe(one, when);
        array.push_back(std::move(entry));
    }
    return array;
}

// What RPC inspection did in the whole rehearsal.
json::array inspections(const runner::CloseUp& seen) {
    json::array array;
    if (!seen.trace) return array;
    for (const sim::world::Journey& journey : seen.trace->journeys)
        for (const sim::world::Hop& hop : journey.hops) {
            if (hop.inspected.empty()) continue;
            json::object entry;
            entry["packet"] = journey.number;
            entry["firewall"] = seen.trace->firewalls[hop.firewall];
            entry["time_ns"] = nanoseconds(hop.time);
            entry["inspected"] = inspected(hop.inspected, hop.time);
            array.push_back(std::move(entry));
        }
    return array;
}

json::object start(const runner::StagedVariant& variant, const runner::CloseUp& seen) {
    json::object object;
    object["seed"] = seen.seed;
    object["outcomes"] = outcomes(seen.outcomes);
    for (const client::ActionOutcome& o : seen.outcomes) {
        if (!o.failure) continue;
        object["because"] = runner::reason_id(seen.refusals, o);
        if (const auto* refusal = runner::deciding_refusal(seen.refusals, o))
            object["decided"] = decided(variant, *refusal);
        break;
    }
    object["diagnosis"] = findings_json(diagnosis::diagnose(variant, seen));
    json::array warned;
    for (const runner::Warning& warning : seen.warnings) {
        json::object entry;
        entry["id"] = warning.id;
        entry["text"] = warning.text;
        if (!warning.place.file.empty()) entry["place"] = place(warning.place);
        warned.push_back(std::move(entry));
    }
    object["warnings"] = std::move(warned);
    json::array servers;
    for (const runner::ServerView& view : seen.servers) servers.push_back(server(view));
    object["servers"] = std::move(servers);
    if (json::array read = inspections(seen); !read.empty()) object["inspections"] = std::move(read);
    return object;
}

json::array ports(const std::vector<sim::wire::PortRange>& ranges) {
    json::array array;
    for (const auto& range : ranges) array.emplace_back(sim::wire::format(range));
    return array;
}

json::array steps(const Result& result) {
    json::array array;
    for (const runner::StepResult& step : result.steps) {
        json::object entry;
        entry["do"] = step.step == nullptr ? std::string_view("look") : id(step.step->kind.value);
        if (step.step != nullptr && !step.step->note.empty()) entry["note"] = step.step->note;
        entry["began_ns"] = nanoseconds(step.began);
        entry["ended_ns"] = nanoseconds(step.ended);
        json::array sites;
        for (const runner::StepAtSite& seen : step.sites) {
            json::object at;
            if (seen.site) at["site"] = result.scenario().sites[*seen.site].name;
            at["outcomes"] = outcomes(seen.outcomes);
            sites.push_back(std::move(at));
        }
        entry["sites"] = std::move(sites);
        json::array outages;
        for (const runner::Outage& outage : step.outages) {
            json::object at;
            if (outage.site) at["site"] = result.scenario().sites[*outage.site].name;
            at["length_ns"] = nanoseconds(outage.length);
            at["open"] = outage.open;
            outages.push_back(std::move(at));
        }
        entry["outages"] = std::move(outages);
        entry["unmet"] = unmet(step.unmet);
        array.push_back(std::move(entry));
    }
    return array;
}

}  // namespace

std::string json_line(const Result& result) {
    const runner::Scenario& scenario = result.scenario();
    const runner::StagedVariant& variant = result.staged_variant();
    json::object object;
    object["schema"] = "firedrill.run/1";
    object["file"] = scenario.source->name();
    object["name"] = result.name;
    object["title"] = scenario.title;
    if (variant.variant->case_index) object["case"] = scenario.cases[*variant.variant->case_index].title;
    if (variant.variant->site_index && result.steps.empty())
        object["site"] = scenario.sites[*variant.variant->site_index].name;
    object["status"] = id(result.status);
    object["outcome"] = outcome_in_words(result);
    object["starts"] = result.tally.starts;
    object["actions"] = actions(result.tally);
    object["unmet"] = unmet(result.unmet);
    if (result.reach) {
        json::object open;
        open["tcp"] = ports(result.reach->tcp);
        open["udp"] = ports(result.reach->udp);
        object["open"] = std::move(open);
    }
    if (!result.steps.empty()) object["steps"] = steps(result);
    json::array starts;
    for (const runner::CloseUp& seen : result.close_ups) starts.push_back(start(variant, seen));
    object["close_ups"] = std::move(starts);
    return json::serialize(object) + "\n";
}

std::string json_lines(const Events& events) {
    std::string lines;
    for (const Event& event : events.events) {
        json::object object;
        object["schema"] = "firedrill.event/1";
        object["kind"] = event.note ? "note" : "packet";
        object["number"] = event.number;
        object["time_ns"] = nanoseconds(event.time);
        object["from"] = events.lanes[event.from];
        object["what"] = event.what;
        if (!event.note) {
            object["to"] = events.lanes[event.to];
            object["end"] = events.lanes[event.end];
            object["ending"] = id(event.ending);
            object["packet"] = event.packet;
            object["again"] = event.again;
            object["deciding"] = event.deciding;
            if (event.answers != 0) object["answers"] = event.answers;
            json::array words;
            for (const Word& word : event.words) {
                json::object said;
                said["firewall"] = word.firewall;
                said["action"] = word.action;
                said["reason"] = word.reason;
                if (!word.rule.empty()) said["rule"] = word.rule;
                if (!word.place.empty()) said["place"] = word.place;
                if (!word.rule_text.empty()) said["text"] = word.rule_text;
                if (word.pinhole) said["pinhole"] = *word.pinhole;
                if (word.opened_by != 0) said["opened_by"] = word.opened_by;
                if (word.missed) said["missed"] = missed(*word.missed);
                if (!word.inspected.empty()) said["inspected"] = inspected(word.inspected, word.time);
                if (!word.translation.empty()) said["translation"] = word.translation;
                words.push_back(std::move(said));
            }
            object["verdicts"] = std::move(words);
        }
        lines += json::serialize(object) + "\n";
    }
    return lines;
}

}  // namespace scenarios::report
