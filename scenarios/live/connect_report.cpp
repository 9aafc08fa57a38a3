#include "scenarios/live/connect_report.hpp"

#include "client/explain.hpp"
#include "client/message.hpp"

#include <boost/json.hpp>

namespace scenarios::live {

namespace json = boost::json;
namespace base = sim::base;

namespace {

std::int64_t nanoseconds(base::SimTime time) { return time.time_since_epoch().count(); }

void add_failure(json::object& line, const client::Failure& failure) {
    line["stage"] = id(failure.stage);
    line["cause"] = id(failure.cause);
    line["code"] = failure.code;
    line["detail"] = failure.detail;
}

json::object phase_line(const client::ActionOutcome& outcome, const client::PhaseRecord& record) {
    json::object line;
    line["schema"] = "firedrill.connect/1";
    line["type"] = "phase";
    line["action"] = id(outcome.action);
    line["phase"] = id(record.phase);
    line["service"] = id(record.service);
    line["transport"] = id(record.transport);
    if (record.phase != client::Phase::name) line["address"] = record.target.address.format();
    if (record.target.port.value != 0) line["port"] = record.target.port.value;
    line["began"] = nanoseconds(record.began);
    line["took"] = (record.ended - record.began).count();
    line["result"] = record.failure ? "fails" : "works";
    if (record.failure) add_failure(line, *record.failure);
    line["text"] = describe(record);
    return line;
}

json::object action_line(const client::ActionOutcome& outcome) {
    json::object line;
    line["schema"] = "firedrill.connect/1";
    line["type"] = "action";
    line["action"] = id(outcome.action);
    line["result"] = outcome.works ? "works" : "fails";
    line["degraded"] = outcome.degraded;
    line["began"] = nanoseconds(outcome.began);
    line["took"] = outcome.waited().count();
    json::object ports;
    for (const client::LearnedPort& learned : outcome.ports) ports[id(learned.service)] = learned.port.value;
    line["ports"] = std::move(ports);
    if (outcome.failure) {
        line["fails_at"] = id(outcome.failure->phase);
        add_failure(line, *outcome.failure);
        line["shown_code"] = outcome.shown_code;
    }
    if (const auto message = message_for(outcome)) {
        line["message"] = message->words;
        if (!message->also.empty()) line["message_also"] = message->also;
        line["message_likely"] = message->likely;
        line["articles"] = message->articles;
    }
    line["text"] = summary(outcome);
    return line;
}

}  // namespace

std::string connect_text(const client::ActionOutcome& outcome) { return story(outcome); }

std::string connect_json_lines(const client::ActionOutcome& outcome) {
    std::string text;
    for (const client::PhaseRecord& record : outcome.phases)
        text += json::serialize(phase_line(outcome, record)) + "\n";
    return text + json::serialize(action_line(outcome)) + "\n";
}

}  // namespace scenarios::live
