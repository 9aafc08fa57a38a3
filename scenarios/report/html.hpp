// All results as one HTML page that stands alone: it opens by double click, can be mailed, and asks for nothing from
// anywhere. The page is page/report.html with its styles and scripts (page/README.md); here only its data is made.
//
// What is kept of a result is its line in the overview, and in full the start that explains it, as long as there is
// room: `details_per_scenario`, `details_octets`, `lines`. What was left out is counted, and the page says so. So the
// memory does not grow with the number of results, and the page stays usable.
#pragma once

#include "scenarios/report/pack.hpp"
#include "scenarios/report/text.hpp"
#include "scenarios/runner/result.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace scenarios::report {

struct HtmlLimits {
    std::size_t lines = 20'000;
    std::size_t details_per_scenario = 60;
    std::size_t details_octets = 4'000'000;
    std::size_t times_for_unexpected = 3;  // how much more of each for results that are not as expected
};

class HtmlReport {
public:
    explicit HtmlReport(HtmlLimits limits = {}) : limits_(limits) {}

    void add(const runner::Result& result);

    // `skipped`: results that were to be played and were not.
    std::string document(std::size_t skipped = 0) const;

private:
    struct Scenario {
        std::string file;
        Packer::Ref about = 0;
        std::size_t details = 0;
    };
    struct Line {
        std::size_t scenario = 0;
        Packer::Ref line = 0;
        std::optional<Packer::Ref> detail;
    };

    std::size_t times_for(const runner::Result& result) const;
    bool room_for(const runner::Result& result) const;

    HtmlLimits limits_;
    Packer packer_;
    Totals totals_;
    std::vector<Scenario> scenarios_;
    std::vector<Line> lines_;
    std::size_t details_left_out_ = 0;
    std::size_t lines_left_out_ = 0;
};

// The data of a page in a form that no text in it can break out of: "<" and the line ends of Unicode are escaped.
std::string for_script_element(std::string_view json);

// A page template with its data in place: what stands in the element <script type="application/json" id="data">.
std::string filled_page(std::string_view page, std::string_view json);

// page/report.html, its styles and scripts inside and allowed by their hashes. Made by the build (page/assemble.cmake).
std::string_view report_page();

}  // namespace scenarios::report
