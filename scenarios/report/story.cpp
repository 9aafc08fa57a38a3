#include "scenarios/report/story.hpp"

#include "client/explain.hpp"
#include "client/message.hpp"
#include "sim/firewall/rule_set.hpp"

#include <fmt/format.h>

#include <map>
#include <utility>

namespace scenarios::report {
namespace {

using runner::CloseUp;

std::string rule_of(const sim::world::Refusal& refusal) {
    if (!refusal.verdict.rule || !refusal.rules) {
        std::string text(sentence(refusal.verdict.reason));
        return text.empty() ? text : text.substr(0, text.size() - 1);
    }
    const std::string place = refusal.rules->place(*refusal.verdict.rule);
    return refusal.rules->label(*refusal.verdict.rule) + (place.empty() ? "" : " (" + place + ")") + " says so";
}

std::string lower(std::string text) {
    if (text.size() > 1 && text[0] >= 'A' && text[0] <= 'Z' && text[1] >= 'a')
        text[0] = static_cast<char>(text[0] + 32);
    return text;
}

void add_message(Story& story, const client::UserMessage& message) {
    std::string text = fmt::format("  The user reads{}: \"{}\"", message.likely ? " (likely)" : "", message.words);
    if (!message.also.empty()) text += fmt::format(" / \"{}\"", message.also);
    story.push_back(text + fmt::format(" [{}]", message.articles));
}

}  // namespace

Story story_of(const CloseUp& seen) {
    Story story;
    for (const client::ActionOutcome& outcome : seen.outcomes) {
        story.push_back(client::summary(outcome));
        for (const client::PhaseRecord& phase : outcome.phases) story.push_back("  " + client::describe(phase));
        if (const auto message = client::message_for(outcome)) add_message(story, *message);
    }
    return story;
}

std::string decided_in_words(const CloseUp& seen) {
    for (const client::ActionOutcome& outcome : seen.outcomes) {
        const sim::world::Refusal* refusal = runner::deciding_refusal(seen.refusals, outcome);
        if (refusal == nullptr) continue;
        const bool back = refusal->from == sim::firewall::Side::server;
        return fmt::format("packet {}: {} {}, {}: {}", refusal->journey, back ? "answer from" : "to",
                           sim::wire::format(back ? refusal->flow.source.port : refusal->flow.target.port),
                           refusal->verdict.action == sim::firewall::Action::reject ? "rejected" : "dropped",
                           lower(rule_of(*refusal)) +
                               (refusal->missed ? "; " + describe(*refusal->missed, refusal->time) : std::string()));
    }
    return {};
}

std::vector<std::string> inspection_in_words(const CloseUp& seen) {
    std::vector<std::string> lines;
    if (!seen.trace) return lines;
    std::map<std::pair<std::uint32_t, std::uint32_t>, std::uint32_t> opened;  // firewall, pinhole: by which packet
    for (const sim::world::Journey& journey : seen.trace->journeys)
        for (const sim::world::Hop& hop : journey.hops) {
            const std::string at =
                seen.trace->firewalls.size() > 1 ? " at " + seen.trace->firewalls[hop.firewall] : std::string();
            for (const sim::firewall::Inspected& one : hop.inspected) {
                lines.push_back(fmt::format("packet {}{}: {}", journey.number, at, describe(one, hop.time)));
                if (one.kind == sim::firewall::Inspected::Kind::opened)
                    opened[{hop.firewall, one.hole.number}] = journey.number;
            }
            if (!hop.verdict.pinhole) continue;
            const auto by = opened.find({hop.firewall, *hop.verdict.pinhole});
            lines.push_back(fmt::format("packet {}{} passes by pinhole {}{}", journey.number, at, *hop.verdict.pinhole,
                                        by == opened.end() ? "" : fmt::format(", opened by packet {}", by->second)));
        }
    return lines;
}

std::string wrapped(const std::string& text, std::size_t width, std::size_t indent) {
    std::string out;
    std::size_t column = indent;
    std::size_t at = 0;
    while (at < text.size()) {
        std::size_t end = text.find(' ', at);
        if (end == std::string::npos) end = text.size();
        const std::size_t length = end - at;
        if (column > indent && column + 1 + length > width) {
            out += '\n' + std::string(indent, ' ');
            column = indent;
        } else if (column > indent) {
            out += ' ';
            ++column;
        }
        out.append(text, at, length);
        column += length;
        at = end + 1;
    }
    return out;
}

}  // namespace scenarios::report
