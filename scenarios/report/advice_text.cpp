#include "scenarios/report/advice_text.hpp"

#include "scenarios/report/findings.hpp"
#include "scenarios/report/findings_json.hpp"
#include "scenarios/report/story.hpp"

#include <boost/json.hpp>
#include <fmt/format.h>

namespace scenarios::report {
namespace {

constexpr std::size_t width = 100;

void add_findings(std::string& out, const diagnosis::Findings& findings) {
    out += "What is wrong\n\n";
    for (const Line& line : lines_of(findings))
        if (line.label != "mend") out += fmt::format("  {:<8}  {}\n", line.label, wrapped(line.text, width, 12));
}

void add_file(std::string& out, const std::string& name, const std::string& text) {
    out += fmt::format("\n--- {} ---\n{}", name, text);
    if (!text.ends_with('\n')) out += '\n';
}

std::string verb(sim::firewall::mend::RuleEdit::Kind kind) {
    switch (kind) {
        case sim::firewall::mend::RuleEdit::Kind::inserted: return "new";
        case sim::firewall::mend::RuleEdit::Kind::removed: return "out";
        case sim::firewall::mend::RuleEdit::Kind::changed: return "changed";
    }
    return {};
}

// What changed, rule by rule, in front of the whole file.
void add_rules(std::string& out, const advice::RuleFile& file) {
    out += fmt::format("\n{}: what changes in its rules ({})\n", file.firewall, file.mend.syntax);
    for (const auto& edit : file.mend.edits) {
        const std::string& line = edit.after.empty() ? edit.before : edit.after;
        if (edit.line == 0)
            out += fmt::format("  {:<8}{}\n", verb(edit.kind), line);
        else
            out += fmt::format("  {:<8}line {:<4} {}\n", verb(edit.kind), edit.line, line);
        if (edit.kind == sim::firewall::mend::RuleEdit::Kind::changed)
            out += fmt::format("          was       {}\n", edit.before);
        if (!edit.why.empty())
            out += fmt::format("                    {}\n", wrapped("because " + edit.why, width, 20));
    }
    add_file(out, file.name, file.mend.text);
}

std::string proof_of(const advice::Advice& advice) {
    std::string text = fmt::format(
        "The mended rehearsal was played with {} server starts: everything works in every one.", advice.proof.starts);
    if (advice.proof.without_filters) return text + " Nothing stands in between, so all ports are open.";
    text += " Open to this client afterwards: TCP " +
            (advice.proof.open_tcp.empty() ? std::string("none") : sim::wire::format(advice.proof.open_tcp));
    if (!advice.proof.open_udp.empty()) text += ", UDP " + sim::wire::format(advice.proof.open_udp);
    text += ", and nothing else of the servers.";
    if (!advice.proof.filtered) text += " What no rule speaks of was open before, by default, and still is.";
    return text;
}

boost::json::array files_of(const advice::Advice& advice) {
    boost::json::array files;
    const auto add = [&files](const std::string& name, const std::string& whose, const std::string& text) {
        boost::json::object file;
        file["name"] = name;
        file["for"] = whose;
        file["text"] = text;
        files.push_back(std::move(file));
    };
    for (const auto& file : advice.registry) add(file.name, file.server, file.text);
    for (const auto& file : advice.rules) add(file.name, file.firewall, file.mend.text);
    return files;
}

}  // namespace

std::string advice_text(const advice::Advice& advice, const runner::StagedVariant& variant) {
    std::string out = variant.name.empty() ? "" : variant.name + "\n\n";
    if (advice.findings.empty())
        return out +
               (advice.proof.without_filters ? "Nothing to mend: everything works. Nothing stands in between.\n"
                : advice.proof.filtered
                    ? "Nothing to mend: everything works, and nothing is open that mail does not need.\n"
                    : "Nothing to mend: everything works. But the filter lets pass by default what no rule refuses, so "
                      "it protects nothing else of the servers.\n");
    add_findings(out, advice.findings);
    out += "\nWhat to do\n\n";
    std::size_t number = 0;
    for (const std::string& step : advice.by_hand) out += fmt::format("  {}. {}\n", ++number, wrapped(step, width, 5));
    if (advice.by_hand.empty()) out += "  nothing\n";
    for (const auto& file : advice.registry) add_file(out, file.name, file.text);
    for (const auto& file : advice.rules) add_rules(out, file);
    return out + "\nRehearsed\n\n  " + wrapped(proof_of(advice), width, 2) + "\n";
}

std::string advice_json(const advice::Advice& advice) {
    boost::json::object object;
    object["schema"] = "firedrill.advice/1";
    object["diagnosis"] = findings_json(advice.findings);
    boost::json::array steps;
    for (const std::string& step : advice.by_hand) steps.emplace_back(step);
    object["steps"] = std::move(steps);
    object["files"] = files_of(advice);
    boost::json::object proof;
    proof["starts"] = advice.proof.starts;
    proof["filtered"] = advice.proof.filtered;
    proof["open_tcp"] = sim::wire::format(advice.proof.open_tcp);
    proof["open_udp"] = sim::wire::format(advice.proof.open_udp);
    object["proof"] = std::move(proof);
    return boost::json::serialize(object) + "\n";
}

}  // namespace scenarios::report
