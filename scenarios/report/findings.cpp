#include "scenarios/report/findings.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace scenarios::report {
namespace {

std::string label_of(diagnosis::Effect effect) {
    switch (effect) {
        case diagnosis::Effect::breaks: return "cause";
        case diagnosis::Effect::degrades: return "degrades";
        case diagnosis::Effect::risks: return "risk";
    }
    return {};
}

Line headline(const diagnosis::Finding& finding) {
    std::string text = sentence(finding);
    if (finding.likely && text.find("likely") == std::string::npos) text += " (likely)";
    text += " [" + finding.id + "]";
    if (!finding.articles.empty()) text += " " + finding.articles;
    return {label_of(finding.effect), std::move(text)};
}

}  // namespace

std::vector<Line> lines_of(const diagnosis::Findings& findings) {
    std::vector<Line> lines;
    for (const diagnosis::Finding& finding : findings) {
        lines.push_back(headline(finding));
        for (const diagnosis::Evidence& evidence : finding.evidence) {
            if (evidence.text.empty()) continue;
            const bool placed = !evidence.place.file.empty();
            std::string where = evidence.place.file;
            if (evidence.place.line != 0) where += ":" + std::to_string(evidence.place.line);
            lines.push_back({"seen", (placed ? where + ": " : std::string()) + evidence.text});
        }
        for (const std::string& mend : finding.mend) lines.push_back({"mend", mend});
    }
    return lines;
}

std::vector<runner::Warning> warnings_beside(const std::vector<runner::Warning>& warnings,
                                             const diagnosis::Findings& findings) {
    std::vector<runner::Warning> rest;
    for (const runner::Warning& warning : warnings) {
        const bool told = std::any_of(findings.begin(), findings.end(), [&](const diagnosis::Finding& f) {
            const auto same_place = [&](const diagnosis::Evidence& e) {
                return e.place.line != 0 && e.place == warning.place;
            };
            return f.id == warning.id || std::any_of(f.evidence.begin(), f.evidence.end(), same_place);
        });
        if (!told) rest.push_back(warning);
    }
    return rest;
}

}  // namespace scenarios::report
