#include "scenarios/report/diagram.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace scenarios::report {
namespace {

// Mermaid reads ";" and "#" as its own.
std::string for_mermaid(std::string text) {
    std::string out;
    for (const char c : text) {
        if (c == ';')
            out += ",";
        else if (c == '#')
            out += "no. ";
        else
            out += c;
    }
    return out;
}

std::string for_xml(const std::string& text) {
    std::string out;
    for (const char c : text) {
        if (c == '&')
            out += "&amp;";
        else if (c == '<')
            out += "&lt;";
        else if (c == '>')
            out += "&gt;";
        else if (static_cast<unsigned char>(c) >= 0x20)
            out += c;
    }
    return out;
}

std::string seconds(base::SimTime time) {
    return fmt::format("{:.3f}", static_cast<double>(time.time_since_epoch().count()) / 1e9);
}

constexpr int row_height = 30;
constexpr int head_height = 58;
constexpr int first_lane = 90;
constexpr int lane_distance = 300;

int x_of(std::size_t lane) { return first_lane + static_cast<int>(lane) * lane_distance; }

void add_arrow(std::string& out, const Event& event, int y) {
    const bool right = event.to >= event.from;
    const int sign = right ? 1 : -1;
    const int from = x_of(event.from);
    const int to = event.end == event.from ? from + sign * 80 : x_of(event.end);
    const bool stopped = event.stopped();
    const int tip = stopped ? to - sign * 12 : to;
    out += fmt::format("<line class=\"{}\" x1=\"{}\" y1=\"{}\" x2=\"{}\" y2=\"{}\"/>", stopped ? "no" : "go", from, y,
                       tip, y);
    if (stopped)
        out += fmt::format("<path class=\"no\" d=\"M{} {}l12 12m0 -12l-12 12\"/>", tip - 6, y - 6);
    else
        out += fmt::format("<path class=\"tip\" d=\"M{} {}l{} -5v10z\"/>", tip, y, -9 * sign);
    out += fmt::format("<text x=\"{}\" y=\"{}\" text-anchor=\"{}\">{}</text>", from + sign * 10, y - 6,
                       right ? "start" : "end", for_xml(std::to_string(event.number) + "  " + event.what));
    if (stopped)
        out += fmt::format("<text class=\"word\" x=\"{}\" y=\"{}\" text-anchor=\"{}\">{}</text>", to + sign * 12, y + 4,
                           right ? "start" : "end", for_xml(verdict_in_words(event)));
}

// What firewalls with RPC inspection did, beside the verdicts: holes that were opened or used.
std::vector<InspectionLine> remarks_of(const Event& event) {
    std::vector<InspectionLine> lines;
    for (const Word& word : event.words)
        if (word.pinhole && !event.stopped()) lines.push_back({word.lane, verdict_in_words(event)});
    for (InspectionLine& one : inspection_in_words(event)) lines.push_back(std::move(one));
    return lines;
}

}  // namespace

std::string mermaid(const Events& events, const std::string& title) {
    std::string out = "sequenceDiagram\n";
    if (!title.empty()) out = "---\ntitle: \"" + for_mermaid(title) + "\"\n---\n" + out;
    for (std::size_t i = 0; i < events.lanes.size(); ++i)
        out += fmt::format("    participant L{} as {}\n", i, for_mermaid(events.lanes[i]));
    for (const Event& event : events.events) {
        if (event.note) continue;
        const std::size_t end = event.end == event.from ? event.to : event.end;
        out += fmt::format("    L{}{}L{}: {} s  {}\n", event.from, event.stopped() ? "-x" : "->>", end,
                           seconds(event.time), for_mermaid(event.what));
        if (event.stopped())
            out += fmt::format("    Note over L{}: {}\n", event.end, for_mermaid(verdict_in_words(event)));
        for (const InspectionLine& one : remarks_of(event))
            out += fmt::format("    Note over L{}: {}\n", one.lane, for_mermaid(one.text));
    }
    return out;
}

std::string svg(const Events& events, const std::string& title) {
    int rows = 0;
    for (const Event& event : events.events)
        if (!event.note) rows += 1 + static_cast<int>(remarks_of(event).size());
    const int width = x_of(events.lanes.size() - 1) + 110;
    const int height = head_height + rows * row_height + 20;
    std::string out = fmt::format(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {0} {1}\" width=\"{0}\" height=\"{1}\" role=\"img\" "
        "aria-label=\"{2}\">\n"
        "<title>{2}</title>\n"
        "<style>svg{{background:#fff;font:13px "
        "sans-serif;color:#1b1f24}}text{{fill:#1b1f24}}.go{{stroke:#1b1f24;stroke-width:1.6}}"
        ".tip{{fill:#1b1f24}}.no{{stroke:#a8201a;stroke-width:2.2;fill:none}}.word{{fill:#a8201a;font-weight:bold}}"
        ".life{{stroke:#9aa4af;stroke-dasharray:4 4}}.time{{font-size:11px}}"
        ".hole{{fill:#1f5f8b;font-style:italic}}</style>\n"
        "<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n<text x=\"12\" y=\"18\" "
        "font-weight=\"bold\">{2}</text>\n",
        width, height, for_xml(title));
    for (std::size_t i = 0; i < events.lanes.size(); ++i)
        out += fmt::format(
            "<line class=\"life\" x1=\"{0}\" y1=\"46\" x2=\"{0}\" y2=\"{1}\"/><text x=\"{0}\" y=\"40\" "
            "text-anchor=\"middle\" "
            "font-weight=\"bold\">{2}</text>\n",
            x_of(i), height - 8, for_xml(events.lanes[i]));
    int y = head_height + row_height / 2;
    for (const Event& event : events.events) {
        if (event.note) continue;
        out += fmt::format("<text class=\"time\" x=\"12\" y=\"{}\">{} s</text>", y + 4, seconds(event.time));
        add_arrow(out, event, y);
        out += '\n';
        y += row_height;
        for (const InspectionLine& one : remarks_of(event)) {
            out += fmt::format("<text class=\"hole\" x=\"{}\" y=\"{}\" text-anchor=\"middle\">{}</text>\n",
                               x_of(one.lane), y + 4, for_xml(one.text));
            y += row_height;
        }
    }
    return out + "</svg>\n";
}

}  // namespace scenarios::report
