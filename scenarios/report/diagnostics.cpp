#include "scenarios/report/diagnostics.hpp"

#include <boost/json.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace scenarios::report {
namespace {

namespace json = boost::json;
using sim::base::Diagnostic;
using sim::base::Diagnostics;
using sim::base::Severity;

const char* level(Severity severity) {
    switch (severity) {
        case Severity::error: return "error";
        case Severity::warning: return "warning";
        case Severity::note: return "note";
    }
    return "none";
}

std::string message(const Diagnostic& d) { return d.hint.empty() ? d.what : d.what + "\n" + d.hint; }

json::object location(const Diagnostic& d) {
    json::object physical;
    physical["artifactLocation"] = json::object{{"uri", d.place.file}};
    if (d.place.line != 0) {
        json::object region{{"startLine", d.place.line}};
        if (d.place.column != 0) {
            region["startColumn"] = d.place.column;
            region["endColumn"] = d.place.column + std::max<std::uint32_t>(d.place.length, 1);
        }
        physical["region"] = std::move(region);
    }
    return json::object{{"physicalLocation", std::move(physical)}};
}

std::string counted(std::size_t count, const char* what) { return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s"); }

}  // namespace

std::string sarif(const Diagnostics& diagnostics) {
    std::set<std::string> ids;
    json::array results;
    for (const Diagnostic& d : diagnostics) {
        ids.insert(d.id);
        json::object result;
        result["ruleId"] = d.id;
        result["level"] = level(d.severity);
        result["message"] = json::object{{"text", message(d)}};
        result["locations"] = json::array{location(d)};
        results.push_back(std::move(result));
    }
    json::array rules;
    for (const std::string& id : ids) rules.push_back(json::object{{"id", id}});
    json::object driver{{"name", "firedrill"}, {"rules", std::move(rules)}};
    json::object run{{"tool", json::object{{"driver", std::move(driver)}}}, {"columnKind", "utf16CodeUnits"}, {"results", std::move(results)}};
    json::object document{{"$schema", "https://json.schemastore.org/sarif-2.1.0.json"}, {"version", "2.1.0"}, {"runs", json::array{std::move(run)}}};
    return json::serialize(document) + "\n";
}

std::string diagnostics_jsonl(const Diagnostics& diagnostics) {
    std::string lines;
    for (const Diagnostic& d : diagnostics) {
        json::object object{{"schema", "firedrill.diagnostic/1"}, {"severity", level(d.severity)}, {"file", d.place.file},
                            {"line", d.place.line}, {"column", d.place.column}, {"id", d.id}, {"what", d.what}};
        if (!d.hint.empty()) object["hint"] = d.hint;
        lines += json::serialize(object) + "\n";
    }
    return lines;
}

std::string summary(const Diagnostics& diagnostics, std::size_t files) {
    const auto count = [&](Severity severity) {
        return static_cast<std::size_t>(std::count_if(diagnostics.begin(), diagnostics.end(), [severity](const Diagnostic& d) { return d.severity == severity; }));
    };
    std::string text;
    for (const auto& [severity, word] : {std::pair{Severity::error, "error"}, {Severity::warning, "warning"}, {Severity::note, "note"}})
        if (count(severity) > 0) text += (text.empty() ? "" : ", ") + counted(count(severity), word);
    return text.empty() ? counted(files, "file") + ", nothing to complain about\n" : text + " in " + counted(files, "file") + "\n";
}

}  // namespace scenarios::report
