#include "scenarios/report/standing_json.hpp"

#include "client/explain.hpp"
#include "client/message.hpp"
#include "fakeserver/start_log.hpp"
#include "scenarios/diagnosis/diagnose.hpp"
#include "scenarios/report/findings.hpp"
#include "scenarios/report/findings_json.hpp"
#include "scenarios/report/server_json.hpp"

#include <boost/json.hpp>

#include <algorithm>

namespace scenarios::report {
namespace {

namespace json = boost::json;
namespace base = sim::base;

constexpr std::size_t ranges_shown = 12;  // of a list of open ports

json::array outcomes_json(const std::vector<client::ActionOutcome>& outcomes) {
    json::array array;
    for (const client::ActionOutcome& outcome : outcomes) {
        json::object one{{"action", id(outcome.action)}, {"works", outcome.works}};
        if (outcome.degraded) one["degraded"] = true;
        one["summary"] = client::summary(outcome);
        if (const auto message = client::message_for(outcome)) {
            json::object reads{{"words", message->words}};
            if (!message->also.empty()) reads["also"] = message->also;
            reads["articles"] = message->articles;
            if (message->likely) reads["likely"] = true;
            one["user_reads"] = std::move(reads);
        }
        array.push_back(std::move(one));
    }
    return array;
}

std::string ports_in_words(std::vector<sim::wire::PortRange> ranges) {
    if (ranges.empty()) return "none";
    const std::size_t all = ranges.size();
    if (all > ranges_shown) ranges.resize(ranges_shown);
    std::string text = sim::wire::format(ranges);
    if (all > ranges_shown) text += " and " + std::to_string(all - ranges_shown) + " more ranges";
    return text;
}

json::object open_json(const runner::StagedVariant& variant, const runner::CloseUp& seen) {
    const runner::Reach open = seen.rules.empty() ? runner::reach(variant) : runner::reach(variant, seen.rules);
    return {{"tcp", ports_in_words(open.tcp)}, {"udp", ports_in_words(open.udp)}};
}

// Which interfaces the endpoint map has for a port.
json::array interfaces_at(const json::array& map, const json::value& port) {
    json::array interfaces;
    for (const json::value& entry : map)
        if (entry.at("port") == port)
            interfaces.push_back(json::object{
                {"uuid", entry.at("uuid")}, {"version", entry.at("version")}, {"annotation", entry.at("annotation")}});
    return interfaces;
}

// server_json() with the map told service by service, since a service has one port, and what is the same in every start
// kept apart from what is not.
json::object server_page(const runner::ServerView& server) {
    json::object whole = server_json(server);
    json::array services;
    for (json::value& one : whole["services"].as_array()) {
        json::object& service = one.as_object();
        json::object kept{{"is", json::object{{"service", service["service"]},
                                              {"windows_service", service["windows_service"]},
                                              {"process", service["process"]}}}};
        if (!service["running"].as_bool()) kept["stopped"] = true;
        for (const char* key : {"port", "what", "event", "silence", "remarks"})
            if (const json::value* value = service.if_contains(key)) kept[key] = *value;
        if (!service["port"].is_null())
            kept["interfaces"] = interfaces_at(whole["endpoint_map"].as_array(), service["port"]);
        services.push_back(std::move(kept));
    }
    json::array missing;
    for (const auto& one : fakeserver::missing_from_map(server.policy, server.start))
        missing.push_back(json::object{{"uuid", one.uuid}, {"annotation", one.annotation}});
    json::object page;
    for (const char* key : {"name", "address", "version", "windows"}) page[key] = whole[key];
    page["services"] = std::move(services);
    page["missing"] = std::move(missing);
    page["pending"] = whole["pending"];
    return page;
}

// Places as people write them; evidence that has none is its text alone.
json::array findings_page(const diagnosis::Findings& findings) {
    json::array array = findings_json(findings);
    for (std::size_t i = 0; i < findings.size(); ++i) {
        json::array& evidence = array[i].at("evidence").as_array();
        for (std::size_t e = 0; e < evidence.size(); ++e) {
            const base::Place& place = findings[i].evidence[e].place;
            if (place.file.empty())
                evidence[e] = findings[i].evidence[e].text;
            else
                evidence[e].as_object()["place"] = base::format(base::Place{place.file, place.line});
        }
    }
    return array;
}

// Lines of .reg files, each once, with what became of it.
class RegistryLines {
public:
    explicit RegistryLines(bool several_servers) : several_servers_(several_servers) {}
    void add(const std::string& server, const base::Place& place, const std::string& line, const std::string& means) {
        const std::string at = base::format(base::Place{place.file, place.line});
        for (const json::value& known : lines_)
            if (known.at("place").as_string() == at) return;
        lines_.push_back(json::object{{"server", several_servers_ ? server : std::string()},
                                      {"place", at},
                                      {"text", base::printable(trimmed(line), 160)},
                                      {"means", means}});
    }
    json::array take() { return std::move(lines_); }

private:
    static std::string_view trimmed(std::string_view text) {
        const std::size_t first = text.find_first_not_of(" \t");
        return first == std::string_view::npos ? std::string_view() : text.substr(first);
    }
    bool several_servers_;
    json::array lines_;
};

json::array registry_json(const runner::CloseUp& seen, const diagnosis::Findings& findings) {
    RegistryLines lines(seen.servers.size() > 1);
    for (const runner::ServerView& server : seen.servers) {
        for (const fakeserver::Service service : fakeserver::start_order)
            if (const auto& value = server.policy.plan(service).registry)
                lines.add(server.name, value->written.place, value->written.source_line,
                          fakeserver::explain(server.policy, server.start, service));
        for (const auto& value : server.policy.pool.registry)
            lines.add(server.name, value.written.place, value.written.source_line,
                      "has a say in which ports are handed out to services without one of their own");
        for (const auto& change : server.pending)
            if (change.written)
                lines.add(server.name, change.written->place, change.written->source_line,
                          "not in force yet: needs a " + change.needs);
    }
    for (const diagnosis::Finding& finding : findings)
        for (const diagnosis::Evidence& evidence : finding.evidence)
            if (evidence.place.line != 0 && evidence.place.file.ends_with(".reg"))
                lines.add("", evidence.place, evidence.text, sentence(finding));
    return lines.take();
}

// Services that the endpoint mapper was asked for and could give no port of: no packet was ever sent to them.
json::array unlisted_json(const runner::CloseUp& seen) {
    json::array array;
    for (const client::ActionOutcome& outcome : seen.outcomes)
        for (const client::PhaseRecord& phase : outcome.phases) {
            if (!phase.failure || phase.failure->stage != client::Stage::lookup_answer) continue;
            std::size_t server = 0;
            while (server < seen.servers.size() && seen.servers[server].address != phase.target.address) ++server;
            const json::value one = json::object{{"what", name_of(phase.service)}, {"server", server}};
            if (std::find(array.begin(), array.end(), one) == array.end()) array.push_back(one);
        }
    return array;
}

json::array warnings_json(const runner::CloseUp& seen, const diagnosis::Findings& findings) {
    json::array array;
    for (const runner::Warning& warning : warnings_beside(seen.warnings, findings)) {
        json::object one{{"id", warning.id}, {"text", warning.text}};
        if (!warning.place.file.empty()) one["place"] = base::format(warning.place);
        array.push_back(std::move(one));
    }
    return array;
}

}  // namespace

json::value without_empty(json::value value) {
    const auto empty = [](const json::value& one) {
        return one.is_null() || (one.is_bool() && !one.get_bool()) || (one.is_string() && one.get_string().empty()) ||
               (one.is_array() && one.get_array().empty()) || (one.is_object() && one.get_object().empty());
    };
    if (value.is_array())
        for (json::value& one : value.get_array()) one = without_empty(std::move(one));
    if (!value.is_object()) return value;
    json::object kept;
    for (auto& [key, one] : value.get_object())
        if (json::value inner = without_empty(std::move(one)); !empty(inner)) kept[key] = std::move(inner);
    return kept;
}

json::object standing_json(const runner::StagedVariant& variant, const runner::CloseUp& seen) {
    const diagnosis::Findings findings = diagnosis::diagnose(variant, seen);
    json::array servers;
    for (const runner::ServerView& server : seen.servers) servers.push_back(server_page(server));
    json::object standing{{"seed", seen.seed}, {"outcomes", outcomes_json(seen.outcomes)}};
    standing["findings"] = findings_page(findings);
    standing["warnings"] = warnings_json(seen, findings);
    standing["open"] = open_json(variant, seen);
    standing["unlisted"] = unlisted_json(seen);
    standing["servers"] = std::move(servers);
    standing["registry"] = registry_json(seen, findings);
    return without_empty(std::move(standing)).as_object();
}

}  // namespace scenarios::report
