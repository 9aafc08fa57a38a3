#include "scenarios/report/junit.hpp"

#include "scenarios/report/text.hpp"
#include "sim/base/diagnostic.hpp"

#include <fmt/format.h>

namespace scenarios::report {
namespace {

// XML 1.0 allows no control characters, not even escaped.
std::string escaped(std::string_view text) {
    std::string out;
    for (const char c : text) {
        switch (c) {
            case '&': out += "&amp;"; break;
            case '<': out += "&lt;"; break;
            case '>': out += "&gt;"; break;
            case '"': out += "&quot;"; break;
            case '\n': out += '\n'; break;
            default: out += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
        }
    }
    return out;
}

void add_failures(std::string& out, const std::vector<runner::Unmet>& unmet) {
    for (const runner::Unmet& u : unmet)
        out += fmt::format("      <failure type=\"{}\" message=\"expected {}, got {}\"/>\n", escaped(u.clause),
                           escaped(u.expected), escaped(u.got));
}

}  // namespace

void Junit::add(const runner::Result& result) {
    const std::string& file = result.scenario().source->name();
    if (suites_.empty() || suites_.back().name != file) suites_.push_back({file, {}, 0, 0, 0});
    Suite& suite = suites_.back();
    ++suite.tests;
    std::string inside;
    add_failures(inside, result.unmet);
    for (const runner::StepResult& step : result.steps) add_failures(inside, step.unmet);
    if (result.status == runner::Status::wrong) ++suite.failures;
    if (result.status == runner::Status::stopped) {
        ++suite.skipped;
        inside += "      <skipped message=\"stopped before all starts were played\"/>\n";
    }
    inside += fmt::format("      <system-out>{}</system-out>\n", escaped(outcome_in_words(result)));
    suite.cases += fmt::format("    <testcase classname=\"{}\" name=\"{}\">\n{}    </testcase>\n", escaped(file),
                               escaped(result.name), inside);
}

std::string Junit::document() const {
    std::size_t tests = 0;
    std::size_t failures = 0;
    std::size_t skipped = 0;
    std::string inside;
    for (const Suite& suite : suites_) {
        tests += suite.tests;
        failures += suite.failures;
        skipped += suite.skipped;
        inside += fmt::format(
            "  <testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"0\" skipped=\"{}\">\n{}  </testsuite>\n",
            escaped(suite.name), suite.tests, suite.failures, suite.skipped, suite.cases);
    }
    return fmt::format(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"firedrill\" tests=\"{}\" failures=\"{}\" "
        "errors=\"0\" "
        "skipped=\"{}\">\n{}</testsuites>\n",
        tests, failures, skipped, inside);
}

}  // namespace scenarios::report
