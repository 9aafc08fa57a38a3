#include "scenarios/lesson/words.hpp"

#include "client/outcome.hpp"
#include "scenarios/report/events.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>

namespace scenarios::lesson {
namespace {

using Rows = std::vector<std::pair<std::string, const Played*>>;

std::string ports(std::uint64_t count) { return grouped(count) + (count == 1 ? " port" : " ports"); }

std::string logon_line(const Played& run) {
    const Facts& facts = run.facts;
    std::string text = fmt::format("Outlook's logon {}", gets(facts));
    if (facts.outcome != runner::Outcome::sometimes && facts.waited)
        text += fmt::format(", after {}", shown(facts, Value::waits));
    if (facts.starts > 1 && facts.outcome != runner::Outcome::sometimes)
        text += fmt::format(", in every one of {} server starts", grouped(facts.starts));
    return text + ".";
}

// Where the client also waits for new mail.
void add_notice(const Played& run, std::vector<std::string>& lines) {
    const auto* notice = client::find(run.seen().outcomes, client::Do::new_mail);
    if (notice == nullptr || notice->in_logon) return;
    lines.push_back(notice->works
                        ? "The notice of new mail arrives."
                        : "The notice of new mail does not arrive: new items show only after changing folders.");
}

std::string step_name(const runner::StepResult& step) {
    if (step.step == nullptr) return "before anything is done";
    if (!step.step->note.empty()) return step.step->note;
    return std::string(id(step.step->kind.value));
}

void add_steps(const Played& run, std::vector<std::string>& lines) {
    std::size_t number = 0;
    for (const runner::StepResult& step : run.result.steps) {
        if (step.step != nullptr) ++number;
        std::string got;
        for (const runner::StepAtSite& seen : step.sites) {
            if (seen.variant != run.site || seen.outcomes.empty()) continue;
            const client::ActionOutcome& outcome = seen.outcomes.front();
            got = outcome.works ? "Outlook works" : "Outlook fails";
            if (outcome.failure && !outcome.works) got += " at " + std::string(name_of(outcome.failure->phase));
        }
        if (got.empty() && step.step == nullptr) continue;
        if (got.empty()) {
            lines.push_back(fmt::format("{}. {}.", number, step_name(step)));
            continue;
        }
        lines.push_back(
            fmt::format("{}{}: {}.", step.step == nullptr ? "" : fmt::format("{}. ", number), step_name(step), got));
    }
    if (run.facts.outage)
        lines.push_back(run.facts.outage_stays
                            ? std::string("Users are cut off, and still are at the end.")
                            : fmt::format("Users are cut off for {}.", shown(run.facts, Value::outage)));
    else
        lines.emplace_back("Nobody who could work before is cut off.");
}

std::string first_upper(std::string text) {
    if (!text.empty() && text[0] >= 'a' && text[0] <= 'z') text[0] = static_cast<char>(text[0] - 'a' + 'A');
    return text;
}

template <class Cell>
void add_column(Grid& grid, const Rows& rows, std::string name, bool wanted, const Cell& cell) {
    if (!wanted) return;
    grid.head.push_back(std::move(name));
    for (std::size_t i = 0; i < rows.size(); ++i) grid.rows[i].push_back(cell(*rows[i].second));
}

void add_ports(Grid& grid, const Rows& rows, std::string name, bool wanted, std::uint64_t Facts::*ports) {
    add_column(grid, rows, std::move(name), wanted, [ports](const Played& run) { return grouped(run.facts.*ports); });
    Grid::Bars bars{grid.head.size() - 1, {}};
    for (const auto& [row, run] : rows) bars.numbers.push_back(run->facts.*ports);
    const bool differ =
        std::adjacent_find(bars.numbers.begin(), bars.numbers.end(), std::not_equal_to<>()) != bars.numbers.end();
    if (wanted && differ) grid.bars.push_back(std::move(bars));
}

}  // namespace

std::string gets(const Facts& facts) {
    switch (facts.outcome) {
        case runner::Outcome::works: return "works";
        case runner::Outcome::fails: return facts.fails_at.empty() ? "fails" : "fails at " + facts.fails_at;
        case runner::Outcome::sometimes: break;
    }
    return fmt::format("works in {} of {} server starts", grouped(facts.works), grouped(facts.starts));
}

std::vector<std::string> outcome_lines(const Played& run) {
    std::vector<std::string> lines;
    const Facts& facts = run.facts;
    if (run.result.steps.empty()) {
        lines.push_back(logon_line(run));
        add_notice(run, lines);
    } else {
        add_steps(run, lines);
    }
    if (!facts.reads.empty())
        lines.push_back(fmt::format("The user {}reads: \"{}\".", facts.reads_likely ? "likely " : "", facts.reads));
    if (run.result.steps.empty() && run.seen().trace)
        for (const report::Event& event : report::events_of(run.seen()).events)
            if (event.deciding)
                lines.push_back(
                    fmt::format("Packet {} decided, {}: {}.", event.number, event.what, verdict_in_words(event)));
    std::string open = fmt::format("Open on the server for this PC: {}", ports(facts.open_ports));
    if (facts.open_to_client > 0) open += fmt::format("; on this PC for the server: {}", ports(facts.open_to_client));
    lines.push_back(open + ".");
    return lines;
}

Grid grid_of(const Rows& rows) {
    Grid grid;
    grid.head.emplace_back("");
    bool steps = false, to_client = false, notice = false;
    for (const auto& [name, run] : rows) {
        grid.rows.push_back({name});
        steps = steps || !run->result.steps.empty();
        to_client = to_client || run->facts.open_to_client > 0;
        notice = notice || client::find(run->seen().outcomes, client::Do::new_mail) != nullptr;
    }
    add_column(grid, rows, steps ? "At the end" : "Outlook", true, [](const Played& run) { return gets(run.facts); });
    add_column(grid, rows, "Cut off", steps,
               [](const Played& run) { return first_upper(shown(run.facts, Value::outage)); });
    add_column(grid, rows, "Waits", !steps, [](const Played& run) { return shown(run.facts, Value::waits); });
    add_column(grid, rows, "New mail", notice, [](const Played& run) {
        const auto* one = client::find(run.seen().outcomes, client::Do::new_mail);
        return std::string(one == nullptr || one->in_logon ? "-" : one->works ? "shows at once" : "shows late");
    });
    add_ports(grid, rows, "Open ports", true, &Facts::open_ports);
    add_ports(grid, rows, "On the PC", to_client, &Facts::open_to_client);
    return grid;
}

Grid grid_of_starts(const Rows& rows) {
    Grid grid;
    grid.head.emplace_back("");
    for (const auto& [name, run] : rows) grid.rows.push_back({name});
    const auto port = [&](std::string name, Value value) {
        add_column(grid, rows, std::move(name), true, [value](const Played& run) {
            const std::string text = shown(run.facts, value);
            return text.empty() ? std::string("no TCP port") : text;
        });
    };
    port("Directory", Value::directory);
    port("Information Store", Value::store);
    add_column(grid, rows, "Outlook", true, [](const Played& run) { return gets(run.facts); });
    return grid;
}

}  // namespace scenarios::lesson
