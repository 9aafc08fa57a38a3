#include "scenarios/lesson/page_run.hpp"

#include "scenarios/lesson/words.hpp"
#include "scenarios/report/events.hpp"

#include <boost/json.hpp>

#include <algorithm>

namespace scenarios::lesson {
namespace {

namespace json = boost::json;

class Ladder {
public:
    explicit Ladder(const Played& run) : run_(run), events_(report::events_of(run.seen())) {}

    json::object make() {
        json::array events;
        for (const report::Event& event : events_.events)
            if (!event.note) events.push_back(packet(event));
        return {{"lanes", lanes()},
                {"flows", json::array()},
                {"verdicts", std::move(verdicts_)},
                {"events", std::move(events)}};
    }

private:
    json::array lanes() const {
        json::array all;
        const std::size_t walls = run_.variant().plan.firewalls.size();
        for (std::size_t i = 0; i < events_.lanes.size(); ++i)
            all.push_back({{"name", events_.lanes[i]},
                           {"kind", i == 0       ? "client"
                                    : i <= walls ? "firewall"
                                                 : "server"}});
        return all;
    }

    // A verdict is worth a word where it is new: the packet did not arrive, or it begins a connection.
    static bool worth_saying(const report::Event& event) {
        return event.stopped() || (event.what.starts_with("SYN to") &&
                                   std::any_of(event.words.begin(), event.words.end(),
                                               [](const report::Word& word) { return word.reason != "established"; }));
    }

    json::object packet(const report::Event& event) {
        json::object object{{"n", event.number},
                            {"t", std::chrono::floor<std::chrono::milliseconds>(event.time.time_since_epoch()).count()},
                            {"from", event.from},
                            {"to", event.to},
                            {"end", event.end},
                            {"what", event.what},
                            {"ending", id(event.ending)}};
        if (const std::string text = verdict_in_words(event); !text.empty()) object["verdict"] = verdict(text);
        if (event.again) object["again"] = true;
        if (event.deciding) object["deciding"] = true;
        if (event.answers != 0) object["answers"] = event.answers;
        if (worth_saying(event)) object["say"] = true;
        return object;
    }

    std::size_t verdict(const std::string& text) {
        const json::value one = json::object{{"text", text}, {"by", json::array()}};
        const auto known = std::find(verdicts_.begin(), verdicts_.end(), one);
        if (known != verdicts_.end()) return static_cast<std::size_t>(known - verdicts_.begin());
        verdicts_.push_back(one);
        return verdicts_.size() - 1;
    }

    const Played& run_;
    report::Events events_;
    json::array verdicts_;
};

}  // namespace

json::object run_json(const Played& run) {
    json::array lines;
    for (const std::string& line : outcome_lines(run)) lines.emplace_back(line);
    json::object object{{"lines", std::move(lines)}};
    // The packets of a whole night show nothing that its steps do not say.
    if (run.result.steps.empty()) object["ladder"] = Ladder(run).make();
    return object;
}

}  // namespace scenarios::lesson
