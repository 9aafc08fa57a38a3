#include "scenarios/lesson/page_run.hpp"

#include "scenarios/lesson/words.hpp"
#include "scenarios/report/ladder_json.hpp"

#include <boost/json.hpp>

namespace scenarios::lesson {

boost::json::object run_json(const Played& run) {
    boost::json::array lines;
    for (const std::string& line : outcome_lines(run)) lines.emplace_back(line);
    boost::json::object object{{"lines", std::move(lines)}};
    // The packets of a whole night show nothing that its steps do not say. The rules are no part of a lesson's page.
    if (run.result.steps.empty()) {
        boost::json::object ladder = report::ladder_json(run.variant(), run.seen());
        ladder.erase("rulebooks");
        object["ladder"] = std::move(ladder);
    }
    return object;
}

}  // namespace scenarios::lesson
