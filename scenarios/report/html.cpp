#include "scenarios/report/html.hpp"

#include "scenarios/report/result_json.hpp"

#include <boost/json.hpp>
#include <fmt/format.h>

namespace scenarios::report {
namespace {

namespace json = boost::json;

json::object about_json(const runner::Scenario& scenario) {
    json::object object{{"file", scenario.source->name()}, {"title", scenario.title}};
    if (!scenario.about.empty()) object["about"] = scenario.about;
    json::array articles;
    for (const std::string& article : scenario.kb) articles.emplace_back(article);
    if (!articles.empty()) object["kb"] = std::move(articles);
    json::array cases;
    for (const runner::CaseInfo& info : scenario.cases) cases.emplace_back(info.title);
    if (!cases.empty()) object["cases"] = std::move(cases);
    json::array sites;
    for (const runner::SiteInfo& info : scenario.sites) sites.emplace_back(info.name);
    if (!sites.empty()) object["sites"] = std::move(sites);
    return object;
}

}  // namespace

std::size_t HtmlReport::times_for(const runner::Result& result) const {
    return result.status == runner::Status::wrong ? limits_.times_for_unexpected : 1;
}

bool HtmlReport::room_for(const runner::Result& result) const {
    const std::size_t times = times_for(result);
    return scenarios_.back().details < limits_.details_per_scenario * times &&
           packer_.octets() < limits_.details_octets * times;
}

void HtmlReport::add(const runner::Result& result) {
    totals_.add(result.status);
    if (lines_.size() >= limits_.lines * times_for(result)) {
        ++lines_left_out_;
        return;
    }
    const std::string& file = result.scenario().source->name();
    if (scenarios_.empty() || scenarios_.back().file != file)
        scenarios_.push_back({file, packer_.add(about_json(result.scenario())), 0});
    Line line{scenarios_.size() - 1, packer_.add(line_json(result)), {}};
    if (room_for(result)) {
        line.detail = packer_.add(detail_json(result));
        ++scenarios_.back().details;
    } else {
        ++details_left_out_;
    }
    lines_.push_back(line);
}

std::string HtmlReport::document(std::size_t skipped) const {
    std::vector<Packer::Ref> roots;
    for (const Scenario& scenario : scenarios_) roots.push_back(scenario.about);
    for (const Line& line : lines_) {
        roots.push_back(line.line);
        if (line.detail) roots.push_back(*line.detail);
    }
    const Packer::Packed packed = packer_.finish(roots);
    std::string data = fmt::format(
        "{{\"schema\":\"firedrill.report/1\",\n\"totals\":{{\"passed\":{},\"failed\":{},\"ran\":{},\"stopped\":{},"
        "\"skipped\":{}}},\n\"left_out\":{{\"details\":{},\"lines\":{}}},\n\"scenarios\":[",
        totals_.passed, totals_.failed, totals_.ran, totals_.stopped, skipped, details_left_out_, lines_left_out_);
    for (std::size_t i = 0; i < scenarios_.size(); ++i)
        data += fmt::format("{}{}", i == 0 ? "" : ",", packed.places[scenarios_[i].about]);
    data += "],\n\"results\":[";
    for (std::size_t i = 0; i < lines_.size(); ++i) {
        const Line& line = lines_[i];
        data += fmt::format("{}[{},{}",
                            i == 0        ? ""
                            : i % 16 == 0 ? ",\n"
                                          : ",",
                            line.scenario, packed.places[line.line]);
        if (line.detail) data += fmt::format(",{}", packed.places[*line.detail]);
        data += "]";
    }
    data += "],\n" + packed.json + "}\n";
    return filled_page(report_page(), data);
}

std::string for_script_element(std::string_view json) {
    std::string out;
    out.reserve(json.size() + json.size() / 50);
    for (std::size_t i = 0; i < json.size(); ++i) {
        if (json[i] == '<') {
            out += "\\u003c";
        } else if (json.substr(i, 2) == "\xe2\x80" && i + 2 < json.size() &&
                   (json[i + 2] == '\xa8' || json[i + 2] == '\xa9')) {
            out += json[i + 2] == '\xa8' ? "\\u2028" : "\\u2029";
            i += 2;
        } else {
            out += json[i];
        }
    }
    return out;
}

std::string filled_page(std::string_view page, std::string_view json) {
    constexpr std::string_view opening = "<script type=\"application/json\" id=\"data\">";
    const std::size_t begin = page.find(opening) + opening.size();
    const std::size_t end = page.find("</script>", begin);
    return std::string(page.substr(0, begin)) + "\n" + for_script_element(json) + std::string(page.substr(end));
}

}  // namespace scenarios::report
