#include "scenarios/report/events.hpp"

#include "scenarios/report/meaning.hpp"
#include "sim/firewall/rule_set.hpp"
#include "sim/wire/packet.hpp"
#include "sim/world/capture.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

namespace scenarios::report {
namespace {

Ending ending_of(const world::Journey& journey) {
    switch (journey.fate) {
        case world::Fate::delivered: return Ending::arrived;
        case world::Fate::dropped:
            return !journey.hops.empty() && journey.hops.back().verdict.action == sim::firewall::Action::reject
                       ? Ending::rejected
                       : Ending::dropped;
        case world::Fate::lost:
        case world::Fate::too_big: return Ending::lost;
        case world::Fate::no_such_host: return Ending::no_such_host;
        case world::Fate::replaced: return Ending::replaced;
        case world::Fate::under_way: break;
    }
    return Ending::under_way;
}

class Drawer {
public:
    explicit Drawer(const runner::CloseUp& seen)
        : seen_(seen), trace_(*seen.trace), firewalls_(trace_.firewalls.size()) {
        drawn_.lanes.push_back(trace_.hosts.empty() ? "client" : trace_.hosts.front().name);
        for (const std::string& name : trace_.firewalls) drawn_.lanes.push_back(name);
        for (std::size_t i = 1; i < trace_.hosts.size(); ++i) drawn_.lanes.push_back(trace_.hosts[i].name);
    }

    Events draw() {
        auto note = trace_.notes.begin();
        for (const world::Journey& journey : trace_.journeys) {
            for (; note != trace_.notes.end() && note->after < journey.number; ++note) add_note(*note);
            add_packet(journey);
        }
        for (; note != trace_.notes.end(); ++note) add_note(*note);
        mark_deciding();
        return std::move(drawn_);
    }

private:
    std::size_t lane_of_host(std::uint32_t index) const { return index == 0 ? 0 : firewalls_ + index; }
    std::size_t lane_of(const world::Maker& maker) const {
        return maker.kind == world::Maker::Kind::host ? lane_of_host(maker.index) : 1 + maker.index;
    }

    std::size_t destination(const world::Journey& journey) const {
        if (journey.to) return lane_of_host(journey.to->index);
        return journey.towards_servers ? drawn_.lanes.size() - 1 : 0;
    }

    std::size_t end_of(const world::Journey& journey, const Event& event) const {
        switch (event.ending) {
            case Ending::dropped:
            case Ending::rejected:
            case Ending::replaced: return 1 + journey.at;
            // Link n lies between lane n and lane n + 1 (the last one leads to all servers).
            case Ending::lost: return journey.towards_servers ? journey.at : journey.at + 1;
            case Ending::arrived:
            case Ending::no_such_host:
            case Ending::under_way: break;
        }
        return event.to;
    }

    Word word_of(const world::Journey& journey, const world::Hop& hop) const {
        Word word{.lane = 1 + hop.firewall,
                  .firewall = trace_.firewalls[hop.firewall],
                  .action = std::string(id(hop.verdict.action)),
                  .reason = std::string(id(hop.verdict.reason)),
                  .sentence = std::string(sentence(hop.verdict.reason)),
                  .rule = {},
                  .place = {},
                  .rule_text = {},
                  .answered = hop.answered,
                  .time = hop.time,
                  .pinhole = hop.verdict.pinhole,
                  .inspected = hop.inspected,
                  .missed = hop.missed,
                  .rule_set = hop.rules,
                  .rule_id = hop.verdict.rule,
                  .translation = world::translation_text(trace_, journey, hop),
                  .first = !hop.translated_by.empty()};
        if (word.pinhole)
            if (const auto opened = opened_.find({hop.firewall, *word.pinhole}); opened != opened_.end())
                word.opened_by = opened->second;
        const auto& rules = trace_.rule_sets[hop.rules];
        if (rules && hop.verdict.rule) {
            word.rule = rules->label(*hop.verdict.rule);
            word.place = rules->place(*hop.verdict.rule);
            word.rule_text = rules->origin(*hop.verdict.rule).text;
        }
        return word;
    }

    // The packet with the addresses that it has beside the client, as far as it came: there both directions of a
    // connection have the same ones.
    static base::ByteView at_client(const world::Journey& journey) {
        base::ByteView octets = journey.octets;
        if (!journey.towards_servers)
            for (const world::Hop& hop : journey.hops)
                if (hop.translated) octets = *hop.translated;
        return octets;
    }

    void add_packet(const world::Journey& journey) {
        Event event;
        event.number = journey.number;
        event.time = journey.sent;
        event.from = lane_of(journey.from);
        event.to = destination(journey);
        event.ending = ending_of(journey);
        event.end = end_of(journey, event);
        if (journey.from.kind == world::Maker::Kind::firewall) event.answers = journey.cause;
        Meaning meaning = meanings_.of(at_client(journey));
        if (const auto sent = sim::wire::parse(journey.octets)) meaning.packet = sim::wire::summary(*sent);
        event.what = meaning.what;
        event.again = meaning.again;
        event.packet = meaning.packet;
        event.flow = meaning.flow;
        for (const world::Hop& hop : journey.hops) {
            event.words.push_back(word_of(journey, hop));
            for (const sim::firewall::Inspected& one : hop.inspected)
                if (one.kind == sim::firewall::Inspected::Kind::opened)
                    opened_[{hop.firewall, one.hole.number}] = journey.number;
        }
        drawn_.events.push_back(std::move(event));
    }

    void add_note(const world::TraceNote& note) {
        Event event;
        event.note = true;
        event.number = note.after;
        event.time = note.time;
        event.from = event.to = event.end = lane_of_host(note.host.index);
        event.what = note.text;
        drawn_.events.push_back(std::move(event));
    }

    void mark_deciding() {
        for (const client::ActionOutcome& outcome : seen_.outcomes) {
            const world::Refusal* refusal = runner::deciding_refusal(seen_.refusals, outcome);
            if (refusal == nullptr) continue;
            for (Event& event : drawn_.events)
                if (!event.note && event.number == refusal->journey) event.deciding = true;
        }
    }

    const runner::CloseUp& seen_;
    const world::Trace& trace_;
    std::size_t firewalls_;
    Meanings meanings_;
    std::map<std::pair<std::uint32_t, std::uint32_t>, std::uint32_t> opened_;  // firewall, pinhole: by which packet
    Events drawn_;
};

std::string rule_in_words(const Word& word, bool in_short) {
    if (word.rule.empty()) return {};
    const std::size_t name = in_short ? word.place.rfind('/') + 1 : 0;  // 0 when there is no slash
    return word.place.empty() ? word.rule : word.rule + " (" + word.place.substr(name) + ")";
}

// The sentence without its full stop, begun in lower case, to stand inside another one.
std::string clause(std::string sentence) {
    if (!sentence.empty() && sentence.back() == '.') sentence.pop_back();
    if (!sentence.empty() && sentence.front() >= 'A' && sentence.front() <= 'Z' &&
        (sentence.size() < 2 || sentence[1] >= 'a'))
        sentence.front() = static_cast<char>(sentence.front() - 'A' + 'a');
    return sentence;
}

}  // namespace

std::string_view id(Ending ending) {
    switch (ending) {
        case Ending::arrived: return "arrived";
        case Ending::dropped: return "dropped";
        case Ending::rejected: return "rejected";
        case Ending::lost: return "lost";
        case Ending::no_such_host: return "no-such-host";
        case Ending::replaced: return "replaced";
        case Ending::under_way: return "under-way";
    }
    return {};
}

Events events_of(const runner::CloseUp& seen) { return Drawer(seen).draw(); }

std::vector<Verdict> verdicts_in_words(const Event& event, bool in_short) {
    switch (event.ending) {
        case Ending::lost: return {{event.end, true, {}, "lost on the line"}};
        case Ending::no_such_host: return {{event.end, true, {}, "nobody has that address"}};
        case Ending::under_way: return {{event.end, true, {}, "still under way"}};
        case Ending::replaced: return {{event.end, false, {}, "put together again by the firewall"}};
        case Ending::arrived:
        case Ending::dropped:
        case Ending::rejected: break;
    }
    std::vector<Verdict> verdicts;
    for (const Word& word : event.words) {
        const std::string rule = rule_in_words(word, in_short);
        const bool passed = word.action == "accept";
        std::string said;
        if (word.pinhole)
            said = fmt::format("pinhole {}{} lets it pass", *word.pinhole,
                               word.opened_by == 0 ? "" : fmt::format(", opened by packet {},", word.opened_by));
        else if (passed)
            said = rule.empty() ? clause(word.sentence) : rule + " lets it pass";
        else
            said = (word.action == "reject" ? "REJECTED by " : "DROPPED by ") + (rule.empty() ? word.firewall : rule) +
                   (rule.empty() ? ": " + clause(word.sentence) : "");
        if (!word.translation.empty()) said += ", " + word.translation;
        if (word.missed) said += "; " + sim::firewall::describe(*word.missed, word.time);
        verdicts.push_back({word.lane, !passed, word.firewall, std::move(said)});
    }
    return verdicts;
}

std::string verdict_in_words(const Event& event) {
    std::string text;
    for (const Verdict& said : verdicts_in_words(event, false)) {
        const bool several = event.words.size() > 1 && !said.stopped;
        text += (text.empty() ? "" : "; ") + (several ? said.firewall + ": " : "") + said.text;
    }
    return text;
}

std::vector<InspectionLine> inspection_in_words(const Event& event) {
    std::vector<InspectionLine> lines;
    for (const Word& word : event.words)
        for (const sim::firewall::Inspected& one : word.inspected)
            lines.push_back({word.lane, (event.words.size() > 1 ? word.firewall + ": " : std::string()) +
                                            sim::firewall::describe(one, word.time)});
    return lines;
}

bool verdict_worth_saying(const Event& event) {
    if (std::any_of(event.words.begin(), event.words.end(), [](const Word& word) { return word.first; })) return true;
    if (event.stopped() || event.ending == Ending::replaced) return true;
    return event.what.starts_with("SYN to") &&
           std::any_of(event.words.begin(), event.words.end(),
                       [](const Word& word) { return word.reason != "established" && word.reason != "related"; });
}

}  // namespace scenarios::report
