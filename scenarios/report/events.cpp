#include "scenarios/report/events.hpp"

#include "scenarios/report/meaning.hpp"
#include "sim/firewall/rule_set.hpp"
#include "sim/wire/packet.hpp"
#include "sim/world/capture.hpp"

#include <fmt/format.h>

#include <algorithm>

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
                  .translation = world::translation_text(trace_, journey, hop),
                  .first = !hop.translated_by.empty()};
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
        for (const world::Hop& hop : journey.hops) event.words.push_back(word_of(journey, hop));
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
    Events drawn_;
};

std::string rule_in_words(const Word& word) {
    if (word.rule.empty()) return {};
    return word.place.empty() ? word.rule : word.rule + " (" + word.place + ")";
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

std::string verdict_in_words(const Event& event) {
    switch (event.ending) {
        case Ending::lost: return "lost on the line";
        case Ending::no_such_host: return "nobody has that address";
        case Ending::under_way: return "still under way";
        case Ending::replaced: return "put together again by the firewall";
        case Ending::arrived:
        case Ending::dropped:
        case Ending::rejected: break;
    }
    std::string text;
    for (const Word& word : event.words) {
        const std::string rule = rule_in_words(word);
        std::string said;
        if (word.action == "accept")
            said = rule.empty() ? clause(word.sentence) : rule + " lets it pass";
        else
            said = (word.action == "reject" ? "REJECTED by " : "DROPPED by ") + (rule.empty() ? word.firewall : rule) +
                   (rule.empty() ? ": " + clause(word.sentence) : "");
        if (!word.translation.empty()) said += ", " + word.translation;
        if (event.words.size() > 1 && word.action == "accept") said = word.firewall + ": " + said;
        text += (text.empty() ? "" : "; ") + said;
    }
    return text;
}

}  // namespace scenarios::report
