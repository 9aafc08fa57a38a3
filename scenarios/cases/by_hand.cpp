#include "scenarios/cases/by_hand.hpp"

#include "scenarios/cases/packet_json.hpp"
#include "scenarios/cases/play.hpp"
#include "scenarios/cases/way.hpp"
#include "sim/firewall/engine.hpp"
#include "sim/firewall/rule_set.hpp"
#include "sim/wire/packet.hpp"

#include "sim/firewall/import/reject_words.hpp"

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace scenarios::cases {
namespace {

using firewall::Action;
using firewall::Label;
using firewall::Reason;
using firewall::Side;

std::string_view past(Action action) {
    return action == Action::accept ? "accepted" : action == Action::drop ? "dropped" : "rejected";
}

std::string_view verdict_word(const firewall::Verdict& verdict, bool judged) {
    if (verdict.reason == Reason::fragment_held) return "held";
    return judged ? firewall::id(verdict.action) : "none";
}

// "ICMP from the firewall > 192.0.2.50 port unreachable about ...": without its address, the packet that stands for the
// answer bears the one that the sender had asked.
std::string summary_of_answer(const wire::PacketView& answer, bool nameless) {
    std::string text = wire::summary(answer);
    const std::string source = answer.ip.source.format();
    if (const auto at = text.find(source); nameless && at != text.npos)
        text.replace(at, source.size(), "from the firewall");
    return text;
}

json::object answer_packet(base::ByteView octets, bool nameless) {
    json::object packet = describe_packet(octets);
    if (nameless) packet.erase("src");
    return packet;
}

template <class Wanted>
bool any_match(const firewall::RuleSet& rules) {
    return std::any_of(rules.rules().begin(), rules.rules().end(), [](const firewall::Rule& rule) {
        return std::any_of(rule.matches.begin(), rule.matches.end(),
                           [](const firewall::Match& match) { return std::holds_alternative<Wanted>(match.what); });
    });
}

}  // namespace

bool asks_for_interfaces(const firewall::RuleSet& rules) { return any_match<firewall::InterfaceIs>(rules); }
bool speaks_of_sides(const firewall::RuleSet& rules) {
    return any_match<firewall::FromSide>(rules) ||
           std::any_of(rules.bindings().begin(), rules.bindings().end(),
                       [](const firewall::Binding& binding) { return binding.from.has_value(); });
}

struct ByHand::Outcome {
    std::string from;  // "the client", "eth0", "the box"
    std::string hook;  // empty: it did not come to the rules
    firewall::Verdict verdict;
    Label label = Label::none;
    std::optional<base::Bytes> answer;
    bool answer_blocked = false;
    bool answer_nameless = false;  // its sender, the firewall, has no address that is known here
    std::string out;
    std::optional<firewall::ConnectionInfo> entry;
    bool alone = false;       // taken at its word; what the sender gets is not told
    bool port_drawn = false;  // told where it happens: with the packet that begins the connection
    // What INPUT says of a packet of the box to itself, once OUTPUT has let it out.
    void come_in(const firewall::Box::Transit::Inside& inside) {
        hook = firewall::id(firewall::Hook::input);
        verdict = inside.verdict;
        if (!inside.answer) return;
        answer = inside.answer->octets;
        answer_blocked = inside.answer->fate == firewall::Box::Answer::Fate::blocked;
    }
};

ByHand::ByHand(firewall::SharedRules rules, const firewall::Firewall::Settings& settings)
    : rules_(std::move(rules)),
      firewall_(std::make_unique<firewall::Firewall>(rules_, settings)),
      settings_(settings) {}

ByHand::ByHand(firewall::SharedRules rules, Interfaces interfaces, std::shared_ptr<const firewall::RuleJudge> judge)
    : rules_(std::move(rules)),
      box_(std::make_unique<firewall::Box>(
          rules_, firewall::EngineSettings{.tracker = {}, .inspection = {}, .judge = std::move(judge)}, interfaces)),
      interfaces_(std::move(interfaces)) {}

ByHand::~ByHand() = default;

std::string ByHand::assumption() const {
    if (box_)
        return "a packet comes by the interface behind which its sender lies; on IF says another, local the box itself";
    return fmt::format(
        "the filter stands between a client ({}) and a server ({}); a packet comes from the client unless it answers "
        "an "
        "earlier one, or says \"from server\"",
        settings_.client_side, settings_.server_side);
}

// The flow that a packet belongs to, as its own sender would have it; of an ICMP error that of the quoted packet, the
// other way round.
static wire::FlowKey flow_behind(const wire::PacketView& view) {
    if (view.icmp() != nullptr)
        if (const auto quoted = wire::parse_quoted(view.payload)) return wire::reversed(wire::flow_of(*quoted));
    return wire::flow_of(view);
}

base::Result<ByHand::Outcome, std::string> ByHand::between_sides(const PacketLine& line, const wire::FlowKey& flow,
                                                                 firewall::Recorder* recorder) {
    std::optional<Side> side;
    const std::string& origin = line.origin.empty() ? line.said.in_interface : line.origin;
    if (origin == "client" || origin == settings_.client_side) side = Side::client;
    if (origin == "server" || origin == settings_.server_side) side = Side::server;
    if (origin.empty()) side = from_client_.contains(wire::reversed(flow)) ? Side::server : Side::client;
    if (!side) return base::failure(fmt::format("\"{}\" is no side; client or server", base::printable(origin, 40)));
    if (*side == Side::client) from_client_.insert(flow);
    const firewall::Passage passage = firewall_->judge(line.packet, *side, now_, recorder);
    Outcome outcome;
    outcome.from = *side == Side::client ? "the client" : "the server";
    outcome.verdict = passage.verdict;
    outcome.label = passage.label;
    outcome.answer = passage.answer;
    outcome.port_drawn = passage.port_drawn && passage.label == Label::new_flow;
    const auto& own = *side == Side::client ? settings_.client_side_addresses : settings_.server_side_addresses;
    const auto answer = passage.answer ? wire::parse(*passage.answer) : wire::parse({});
    outcome.answer_nameless =
        answer && answer->icmp() != nullptr &&
        std::none_of(own.begin(), own.end(), [&](const wire::IpAddress& a) { return a == answer->ip.source; });
    const bool unjudged =
        passage.verdict.reason == Reason::fragment_held || passage.verdict.reason == Reason::hop_limit;
    outcome.hook = unjudged ? "" : "FORWARD";
    return outcome;
}

std::optional<firewall::ConnectionInfo> ByHand::entry_of(const wire::FlowKey& flow) const {
    for (const firewall::ConnectionInfo& one : firewall_->connections(now_))
        if (one.flow == flow || one.flow == wire::reversed(flow)) return one;
    return std::nullopt;
}

bool ByHand::is_own(const wire::IpAddress& address) const {
    return std::any_of(interfaces_.begin(), interfaces_.end(), [&](const firewall::BoxInterface& interface) {
        return std::any_of(interface.addresses.begin(), interface.addresses.end(),
                           [&](const auto& a) { return a.address == address; });
    });
}

// Behind which a sender lies.
std::optional<std::size_t> ByHand::interface_of(const wire::IpAddress& sender) const {
    for (std::size_t i = 0; i < interfaces_.size(); ++i)
        for (const auto& a : interfaces_[i].addresses)
            if (a.network.contains(sender)) return i;
    for (std::size_t i = 0; i < interfaces_.size(); ++i)
        if (interfaces_[i].default_route) return i;
    return std::nullopt;
}

base::Result<ByHand::Outcome, std::string> ByHand::at_box(const PacketLine& line, const wire::IpAddress& sender,
                                                          firewall::Recorder* recorder) {
    const std::string& origin = line.origin.empty() ? line.said.in_interface : line.origin;
    std::optional<std::size_t> by = find_interface(interfaces_, origin);
    const bool loopback = sender == wire::IpAddress::v6(0, 1) || (sender.is_v4() && sender.v4_bits() >> 24U == 127);
    const bool local = origin == "local" || origin == "auto" || (origin.empty() && (loopback || is_own(sender)));
    if (!by && !local && !origin.empty())
        return base::failure(fmt::format("\"{}\" is no interface of the box, nor local", base::printable(origin, 40)));
    if (!by && !local) by = interface_of(sender);
    if (!by && !local) return base::failure(std::string("no interface of the box leads to its sender; say on IF"));
    const firewall::Box::Transit transit =
        by ? box_->arrive(line.packet, *by, now_, recorder) : box_->send(line.packet, now_, recorder);
    Outcome outcome;
    outcome.from = by ? interfaces_[*by].name : "the box itself";
    if (transit.hook) outcome.hook = firewall::id(*transit.hook);
    outcome.verdict = transit.verdict;
    outcome.label = transit.label;
    outcome.port_drawn = transit.port_drawn && transit.label == Label::new_flow;
    if (transit.answer) outcome.answer = transit.answer->octets;
    outcome.answer_blocked = transit.answer && transit.answer->fate == firewall::Box::Answer::Fate::blocked;
    if (transit.inside) outcome.come_in(*transit.inside);
    if (transit.out && transit.verdict.action == Action::accept) outcome.out = interfaces_[*transit.out].name;
    outcome.entry = box_->connection_of(line.packet, now_);
    return outcome;
}

bool ByHand::takes_at_word(const PacketLine& line) const {
    const Said& said = line.said;
    if (said.of_connection()) return true;
    if (said.in_interface.empty() && said.out_interface.empty()) return false;
    if (box_) return !said.out_interface.empty() || !find_interface(interfaces_, said.in_interface);
    const auto fits = [&](const std::string& in, const std::string& out) {
        return said.in_interface == in && (said.out_interface.empty() || said.out_interface == out);
    };
    return !fits(settings_.client_side, settings_.server_side) && !fits(settings_.server_side, settings_.client_side);
}

base::Result<ByHand::Outcome, std::string> ByHand::alone(const PacketLine& line, const wire::PacketView& view,
                                                         firewall::Recorder* recorder) const {
    const Said& said = line.said;
    firewall::Engine engine(rules_, firewall::EngineSettings{});
    firewall::Mark mark{.label = said.label.value_or(engine.tracks(view.ip.source.family()) ? Label::new_flow : Label::none),
                        .direction = said.direction,
                        .marks = said.marks};
    const bool has_entry =
        mark.label == Label::new_flow || mark.label == Label::established || mark.label == Label::related;
    if (!mark.direction && has_entry) mark.direction = firewall::FlowSide::original;
    firewall::Subject subject{.packet = &view, .in_interface = said.in_interface, .out_interface = said.out_interface};
    firewall::Hook hook = firewall::Hook::forward;
    Outcome outcome;
    outcome.alone = true;
    if (box_) {
        if (line.origin == "local" || (line.origin.empty() && said.in_interface.empty() && is_own(view.ip.source)))
            hook = firewall::Hook::output;
        else if (is_own(view.ip.target))
            hook = firewall::Hook::input;
        else if (!line.origin.empty() && !find_interface(interfaces_, line.origin))
            return base::failure(
                fmt::format("\"{}\" is no interface of the box, nor local", base::printable(line.origin, 40)));
        const auto by = hook == firewall::Hook::output ? std::nullopt : interface_of(view.ip.source);
        if (subject.in_interface.empty() && hook != firewall::Hook::output)
            subject.in_interface = !line.origin.empty() ? line.origin : by ? interfaces_[*by].name : std::string_view();
        outcome.from = hook == firewall::Hook::output ? "the box itself" : base::printable(subject.in_interface, 40);
    } else {
        const bool back = line.origin == "server" || line.origin == settings_.server_side ||
                          (line.origin.empty() && said.in_interface == settings_.server_side);
        if (!line.origin.empty() && !back && line.origin != "client" && line.origin != settings_.client_side)
            return base::failure(
                fmt::format("\"{}\" is no side; client or server", base::printable(line.origin, 40)));
        subject.from = back ? Side::server : Side::client;
        outcome.from = back ? "the server" : "the client";
        if (said.in_interface.empty()) subject.in_interface = back ? settings_.server_side : settings_.client_side;
        if (said.out_interface.empty()) subject.out_interface = back ? settings_.client_side : settings_.server_side;
    }
    outcome.hook = firewall::id(hook);
    outcome.verdict = engine.judge(hook, subject, mark, now_, recorder);
    outcome.label = mark.label;
    return outcome;
}

std::optional<Judged> ByHand::of_other_family(const PacketLine& line, const wire::PacketView& view,
                                              const std::string& place) const {
    const wire::Family family = view.ip.source.family();
    if (rules_->family().value_or(family) == family || rules_->other_family_passes()) return std::nullopt;
    const std::string_view here = family == wire::Family::ipv4 ? "IPv6" : "IPv4",
                           there = family == wire::Family::ipv4 ? "IPv4" : "IPv6";
    const std::string why = fmt::format("These rules are for {}, and {} has rules of its own", here, there);
    Judged judged;
    judged.as_expected = line.expected.empty() || line.expected == "none";
    judged.text = fmt::format("{}: {}: not judged. {}.\n", place, wire::summary(view), why);
    judged.explained = why + ".\n";
    judged.line["summary"] = wire::summary(view);
    judged.line["hook"] = nullptr;
    judged.line["verdict"] = "none";
    judged.line["why"] = why;
    return judged;
}

std::string ByHand::why(const Outcome& outcome) const {
    std::string text;
    if (outcome.verdict.rule) {
        const std::string place = rules_->place(*outcome.verdict.rule);
        text = "By " + rules_->label(*outcome.verdict.rule) +
               (place.empty() ? "" : " (" + base::printable(place) + ")") + ".";
    } else {
        text = firewall::sentence(outcome.verdict.reason);
    }
    if (outcome.label != Label::none) text += fmt::format(" Connection state {}.", firewall::id(outcome.label));
    if (outcome.alone)
        return text + " Taken at its word: what came before does not count, and nothing of it is remembered.";
    if (outcome.port_drawn)
        text += " A real box draws the port of its translation at random; here the next one stands for it.";
    if (outcome.verdict.action != Action::reject) return text;
    if (!outcome.answer) return text + " The sender is told nothing.";
    const auto answer = wire::parse(*outcome.answer);
    return text + (outcome.answer_blocked ? " The box's own OUTPUT rules hold back " : " The sender gets ") +
           (answer ? summary_of_answer(*answer, outcome.answer_nameless) : std::string("an answer")) + ".";
}

json::object ByHand::as_line(const Outcome& outcome, const wire::PacketView& view, const std::string& verdict,
                             const std::string& with) const {
    json::object out;
    out["summary"] = wire::summary(view);
    out["from"] = outcome.from;
    out["hook"] = outcome.hook.empty() ? json::value(nullptr) : json::value(outcome.hook);
    out["verdict"] = verdict;
    out["reason"] = firewall::id(outcome.verdict.reason);
    if (outcome.verdict.rule) {
        out["rule"] = rules_->label(*outcome.verdict.rule);
        out["place"] = rules_->place(*outcome.verdict.rule);
    }
    if (outcome.label != Label::none) out["ct"] = firewall::id(outcome.label);
    if (outcome.alone) out["at_its_word"] = true;
    if (outcome.entry) out["entry"] = entry_text(*outcome.entry);
    if (outcome.port_drawn) out["port_drawn"] = true;
    if (!outcome.out.empty()) out["out"] = outcome.out;
    if (!with.empty()) out["with"] = with;
    if (outcome.verdict.action == Action::reject && !outcome.alone) {
        out["reply"] = !outcome.answer ? "none" : outcome.answer_blocked ? "blocked" : "sent";
        if (outcome.answer) out["reply_packet"] = answer_packet(*outcome.answer, outcome.answer_nameless);
    }
    return out;
}

base::Result<Judged, std::string> ByHand::judge(const PacketLine& line, const std::string& place,
                                                const Wanted& wanted) {
    const auto view = wire::parse(line.packet);
    if (!view) return base::failure(wire::format(view.error().reason));
    Judged judged;
    std::string verdict = "none";
    if (auto unjudged = of_other_family(line, *view, place)) {
        judged = std::move(*unjudged);
    } else {
        firewall::Explanation explanation;
        firewall::Recorder* recorder = wanted.trace ? &explanation : nullptr;
        auto outcome = takes_at_word(line) ? alone(line, *view, recorder)
                       : box_              ? at_box(line, view->ip.source, recorder)
                                           : between_sides(line, flow_behind(*view), recorder);
        if (!outcome) return base::failure(outcome.error());
        if (wanted.entry && firewall_ && !outcome->alone) outcome->entry = entry_of(flow_behind(*view));
        verdict = verdict_word(outcome->verdict, !outcome->hook.empty());
        judged.as_expected = line.expected.empty() || line.expected == verdict;
        judged.explained = explanation.text();
        std::string with;
        if (outcome->verdict.action == Action::reject && outcome->verdict.with)
            with = firewall::import::reject_words(*rules_, outcome->verdict, view->ip.source.family());
        judged.text = fmt::format("{}: {}, from {}: {}{}. {}\n", place, wire::summary(*view), outcome->from,
                                  past(outcome->verdict.action), with.empty() ? "" : " with " + with, why(*outcome));
        judged.line = as_line(*outcome, *view, verdict, with);
    }
    now_ += std::chrono::milliseconds{1};
    if (!judged.as_expected)
        judged.text += fmt::format("  WRONG: {} was expected, {} is what happens\n", line.expected, verdict);
    if (!line.expected.empty()) judged.line["expected"] = line.expected;
    json::object out{{"packet", place}};
    for (const auto& [key, value] : judged.line) out[key] = value;
    judged.line = std::move(out);
    return judged;
}

}  // namespace scenarios::cases
