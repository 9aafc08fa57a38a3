#include "scenarios/report/server_json.hpp"

#include "fakeserver/endpoint_map.hpp"
#include "fakeserver/start_log.hpp"
#include "scenarios/report/server.hpp"

#include <boost/json.hpp>

namespace scenarios::report {
namespace {

namespace json = boost::json;

json::array services(const runner::ServerView& server) {
    json::array all;
    for (const auto& entry : fakeserver::start_log(server.policy, server.start)) {
        const auto& start = server.start.of(entry.service);
        json::object object{{"service", fakeserver::word(entry.service)},
                            {"windows_service", entry.windows_service},
                            {"process", entry.process},
                            {"running", entry.running},
                            {"port", start.has_tcp() ? json::value(start.port.value) : json::value(nullptr)},
                            {"what", entry.happened}};
        object["event"] = entry.event ? json::value(json::object{{"source", entry.event->source},
                                                                 {"id", entry.event->id},
                                                                 {"error", entry.event->error},
                                                                 {"text", entry.event->text}})
                                      : json::value(nullptr);
        if (!entry.silence.empty()) object["silence"] = entry.silence;
        json::array remarks;
        for (const std::string& remark : entry.remarks) remarks.emplace_back(remark);
        object["remarks"] = std::move(remarks);
        all.push_back(std::move(object));
    }
    return all;
}

json::array endpoints(const runner::ServerView& server) {
    json::array all;
    for (const auto& entry : fakeserver::endpoint_map(server.policy, server.start))
        all.push_back(json::object{
            {"uuid", entry.interface.uuid.format()},
            {"version", std::to_string(entry.interface.major) + "." + std::to_string(entry.interface.minor)},
            {"annotation", entry.annotation},
            {"protocol", "ncacn_ip_tcp"},
            {"address", server.address.format()},
            {"port", entry.port.value}});
    return all;
}

json::array listeners(const runner::ServerView& server) {
    json::array all;
    for (const auto& listener : fakeserver::listeners(server.policy, server.start))
        all.push_back(json::object{
            {"protocol", "tcp"},
            {"port", listener.port.value},
            {"program", listener.program},
            {"service", listener.service ? json::value(fakeserver::word(*listener.service)) : json::value(nullptr)}});
    return all;
}

json::array pending(const runner::ServerView& server) {
    json::array all;
    for (const auto& change : server.pending) {
        json::object object{{"value", change.value},
                            {"in_force", change.in_force},
                            {"on_disk", change.on_disk},
                            {"needs", change.needs}};
        if (change.written) object["place"] = sim::base::format(change.written->place);
        all.push_back(std::move(object));
    }
    return all;
}

}  // namespace

json::object server_json(const runner::ServerView& server) {
    return {{"name", server.name},
            {"address", server.address.format()},
            {"version", word(server.policy.conditions.version)},
            {"windows", word(server.policy.conditions.windows)},
            {"services", services(server)},
            {"endpoint_map", endpoints(server)},
            {"listeners", listeners(server)},
            {"pending", pending(server)}};
}

std::string server_json_lines(const runner::CloseUp& seen) {
    std::string lines;
    for (const runner::ServerView& server : seen.servers) {
        json::object object{{"schema", "firedrill.server/1"}, {"seed", seen.seed}};
        for (auto& [key, value] : server_json(server)) object[key] = std::move(value);
        lines += json::serialize(object) + "\n";
    }
    return lines;
}

}  // namespace scenarios::report
