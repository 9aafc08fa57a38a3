#include "scenarios/cases/play.hpp"

#include "scenarios/cases/packet_json.hpp"
#include "scenarios/cases/way.hpp"
#include "sim/firewall/import/reject_words.hpp"
#include "sim/firewall/rule_set.hpp"
#include "sim/wire/packet.hpp"

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

#include <algorithm>
#include <utility>

namespace scenarios::cases {
namespace {

using firewall::Action;
using firewall::Box;
using firewall::Label;

// The kernel's ICMP does not answer its own ICMP: it is still busy sending (observed, Linux 6.18).
bool is_icmp(base::ByteView packet) {
    const auto view = wire::parse(packet);
    return view && view->icmp() != nullptr;
}

json::array list(const std::vector<std::string>& texts) {
    json::array out;
    for (const std::string& text : texts) out.emplace_back(text);
    return out;
}

// The addresses and ports that were changed on the way. A port that a real box draws at random is left out.
json::object changes(base::ByteView before, base::ByteView after, bool drawn) {
    json::object changed;
    const auto was = wire::parse(before);
    const auto is = wire::parse(after);
    if (!was || !is) return changed;
    if (was->ip.source != is->ip.source) changed["src"] = is->ip.source.format();
    if (was->ip.target != is->ip.target) changed["dst"] = is->ip.target.format();
    if (was->source().port != is->source().port && !drawn) changed["sport"] = is->source().port.value;
    if (was->target().port != is->target().port && !drawn) changed["dport"] = is->target().port.value;
    return changed;
}

json::value text_or_null(const std::string& text) { return text.empty() ? json::value(nullptr) : json::value(text); }

// What the rules let through and translation could not carry is "accept", and does not leave.
std::string_view verdict_word(const Box::Transit& transit, bool judged) {
    if (transit.verdict.reason == firewall::Reason::fragment_held) return "held";
    if (!judged) return "none";
    return firewall::id(transit.verdict.reason) == "not-translated" ? "accept" : firewall::id(transit.verdict.action);
}

std::string_view fate_word(Box::Answer::Fate fate) {
    using Fate = Box::Answer::Fate;
    return fate == Fate::sent ? "sent" : fate == Fate::blocked ? "blocked" : "local";
}

// Of a packet of the box to itself: the second way is the one in, a third one that of an answer.
json::object told_inside(const Box::Transit::Inside& inside, const Wayfarer& way) {
    json::object told{{"hook", firewall::id(firewall::Hook::input)}, {"verdict", firewall::id(inside.verdict.action)}};
    if (way.ways().size() < 2) return told;
    told["by"] = text_or_null(way.ways()[1].by);
    told["trace"] = list(way.ways()[1].trace);
    return told;
}

void tell_answer(json::object& line, const Box::Transit& transit, Wayfarer& way, const Interfaces& interfaces) {
    if (!transit.answer) {
        way.forget_answer();
        line["reply"] = "none";
        return;
    }
    const Box::Answer& answer = *transit.answer;
    line["reply"] = fate_word(answer.fate);
    line["reply_packet"] = describe_packet(answer.judged.empty() ? answer.octets : answer.judged);
    if (answer.fate == Box::Answer::Fate::sent && answer.out) line["reply_out"] = interfaces[*answer.out].name;
    if (answer.label != Label::none) line["reply_ct"] = firewall::id(answer.label);
    if (way.ways().size() > 1) line["reply_trace"] = list(way.ways().back().trace);
}

}  // namespace

bool tracks_rules(const firewall::RuleSet& rules) {
    return rules.nat() || rules.tracking() != firewall::Tracking::off;
}

Player::Player(const Case& played, const Interfaces& interfaces)
    : case_(played), interfaces_(interfaces), box_(played.rules, played.settings, interfaces) {
    constexpr std::size_t usual = 200;
    const std::size_t count = std::max(usual, played.steps.size());
    pace_ = base::SimDuration(std::chrono::seconds(1)) / static_cast<std::int64_t>(count);
}

base::ByteView Player::whole_of(const base::Bytes& packet) {
    const auto view = wire::parse(packet);
    if (!view || !view->ip.is_fragment() || !firewall::Reassembler::takes(*view)) return packet;
    auto datagram = reassembler_.add(*view, now_, case_.settings.tracker.timers);
    if (!datagram) return {};
    whole_ = std::move(datagram->whole);
    return whole_;
}

void Player::tell_entry(json::object& line, base::ByteView packet) {
    if (packet.empty() || !tracks_rules(*case_.rules)) return;
    if (const auto entry = box_.connection_of(packet, now_)) line["entry"] = entry_text(*entry);
}

json::object Player::step() {
    const Step& step = case_.steps[next_];
    Wayfarer way;
    Box::Transit transit =
        step.arrives ? box_.arrive(step.packet, *step.arrives, now_, &way) : box_.send(step.packet, now_, &way);
    if (step.automatic && is_icmp(step.packet)) transit.answer.reset();
    const bool judged = transit.hook && !way.ways().empty();  // else routing, or translation before the rules, ended it
    json::object line;
    line["case"] = case_.id;
    line["step"] = next_;
    line["hook"] = judged ? json::value(firewall::id(*transit.hook)) : json::value(nullptr);
    line["verdict"] = verdict_word(transit, judged);
    if (judged) {
        const Wayfarer::Way& own = way.ways().front();
        line["by"] = text_or_null(own.by);
        if (own.dropped_inside) line["hotdrop"] = true;
        line["trace"] = list(own.trace);
        if (transit.label != Label::none) line["ct"] = firewall::id(transit.label);
    }
    const base::ByteView whole = whole_of(step.packet);
    if (judged) tell_entry(line, whole);
    if (judged && transit.verdict.action == Action::accept && transit.out) line["out"] = interfaces_[*transit.out].name;
    if (judged && transit.inside) line["inside"] = told_inside(*transit.inside, way);
    if (transit.octets && transit.verdict.action == Action::accept) {
        json::object changed = changes(whole, *transit.octets, transit.port_drawn);
        if (!changed.empty()) line["nat"] = std::move(changed);
        if (transit.port_drawn) line["port_drawn"] = true;
    }
    if (judged && transit.verdict.action == Action::reject) {
        const auto view = wire::parse(step.packet);
        if (view && transit.verdict.with)
            line["with"] = firewall::import::reject_words(*case_.rules, transit.verdict, view->ip.source.family());
        tell_answer(line, transit, way, interfaces_);
    }
    std::vector<std::string> logs;
    for (const Wayfarer::Way& one : way.ways()) logs.insert(logs.end(), one.logs.begin(), one.logs.end());
    if (!logs.empty()) line["logs"] = list(logs);
    ++next_;
    now_ += pace_;
    return line;
}

}  // namespace scenarios::cases
