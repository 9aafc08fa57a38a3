#include "scenarios/report/diagnostics.hpp"

#include "scenarios/lint/catalogue.hpp"

#include <boost/json.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <map>

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

std::string message(const Diagnostic& d) {
    return d.what + (d.hint.empty() ? "" : "\n" + d.hint) + (d.witness.empty() ? "" : "\nPacket: " + d.witness);
}

// A path as a URI (RFC 3986), relative when the path is: everything but what is allowed in a path is written as %XX.
std::string uri_of(std::string_view path) {
    constexpr std::string_view plain = "-._~/!$&'()*+,;=@";
    std::string uri = path.starts_with('/') ? "file://" : "";
    for (const char c : path) {
        const bool fine = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                          plain.find(c) != std::string_view::npos;
        uri += fine ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
    return uri;
}

// SARIF counts characters, a Place octets. Without the line itself the two are taken for the same.
std::size_t characters(std::string_view line, std::size_t octets) {
    if (line.empty()) return octets;
    const std::string_view before = line.substr(0, octets);
    const auto heads = std::count_if(before.begin(), before.end(),
                                     [](char c) { return (static_cast<unsigned char>(c) & 0xc0U) != 0x80U; });
    return static_cast<std::size_t>(heads) + (octets - before.size());
}

json::object region(const Diagnostic& d) {
    json::object region{{"startLine", d.place.line}};
    if (d.place.column == 0) return region;
    const std::size_t first = d.place.column - 1;
    region["startColumn"] = characters(d.source_line, first) + 1;
    region["endColumn"] = characters(d.source_line, first + std::max<std::uint32_t>(d.place.length, 1)) + 1;
    if (!d.source_line.empty()) region["snippet"] = json::object{{"text", sim::base::printable(d.source_line, 1000)}};
    return region;
}

json::array locations(const Diagnostic& d) {
    if (d.place.file.empty()) return {};
    json::object physical{{"artifactLocation", json::object{{"uri", uri_of(d.place.file)}}}};
    if (d.place.line != 0) physical["region"] = region(d);
    return {json::object{{"physicalLocation", std::move(physical)}}};
}

json::object text_of(std::string_view text) { return json::object{{"text", text}}; }

// What the catalogue knows of an id, as a reader of SARIF shows it beside the finding.
json::object rule_of(const std::string& id) {
    json::object rule{{"id", id}};
    const lint::Entry* entry = lint::find(id);
    if (entry == nullptr) return rule;
    rule["shortDescription"] = text_of(entry->title);
    rule["fullDescription"] = text_of(entry->meaning);
    rule["defaultConfiguration"] = json::object{{"level", level(entry->severity)}};
    const std::string articles =
        entry->articles.empty() ? std::string() : fmt::format("\nArticles: {}", entry->articles);
    rule["help"] = text_of(fmt::format("{}\n\nTo mend it: {}{}\n\nExample, {}:\n\n{}", entry->meaning, entry->mend,
                                       articles, title(entry->example.kind), entry->example.text));
    return rule;
}

std::string counted(std::size_t count, const char* what) {
    return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

}  // namespace

std::string sarif(const Diagnostics& diagnostics) {
    std::map<std::string, std::size_t> indexes;  // of the ids that occur, in their order
    for (const Diagnostic& d : diagnostics) indexes.emplace(d.id, 0);
    json::array rules;
    for (auto& [id, index] : indexes) {
        index = rules.size();
        rules.push_back(rule_of(id));
    }
    json::array results;
    for (const Diagnostic& d : diagnostics) {
        json::object result{{"ruleId", d.id},
                            {"ruleIndex", indexes.at(d.id)},
                            {"level", level(d.severity)},
                            {"message", text_of(message(d))},
                            {"locations", locations(d)}};
        if (!d.witness.empty()) result["properties"] = json::object{{"witness", d.witness}};
        results.push_back(std::move(result));
    }
    json::object driver{{"name", "firedrill"}, {"rules", std::move(rules)}};
    json::object run{{"tool", json::object{{"driver", std::move(driver)}}},
                     {"columnKind", "unicodeCodePoints"},
                     {"results", std::move(results)}};
    json::object document{{"$schema", "https://json.schemastore.org/sarif-2.1.0.json"},
                          {"version", "2.1.0"},
                          {"runs", json::array{std::move(run)}}};
    return json::serialize(document) + "\n";
}

std::string diagnostics_jsonl(const Diagnostics& diagnostics) {
    std::string lines;
    for (const Diagnostic& d : diagnostics) {
        json::object object{{"schema", "firedrill.diagnostic/1"},
                            {"severity", level(d.severity)},
                            {"file", d.place.file},
                            {"line", d.place.line},
                            {"column", d.place.column},
                            {"id", d.id},
                            {"what", d.what}};
        if (!d.hint.empty()) object["hint"] = d.hint;
        if (!d.witness.empty()) object["witness"] = d.witness;
        lines += json::serialize(object) + "\n";
    }
    return lines;
}

std::string summary(const Diagnostics& diagnostics, std::size_t files) {
    const auto count = [&](Severity severity) {
        return static_cast<std::size_t>(
            std::count_if(diagnostics.begin(), diagnostics.end(),
                          [severity](const Diagnostic& d) { return d.severity == severity; }));
    };
    std::string text;
    for (const auto& [severity, word] :
         {std::pair{Severity::error, "error"}, {Severity::warning, "warning"}, {Severity::note, "note"}})
        if (count(severity) > 0) text += (text.empty() ? "" : ", ") + counted(count(severity), word);
    return text.empty() ? counted(files, "file") + ", nothing to complain about\n"
                        : text + " in " + counted(files, "file") + "\n";
}

}  // namespace scenarios::report
