#include "scenarios/runner/inquiry.hpp"

#include "scenarios/runner/evidence.hpp"
#include "scenarios/runner/run.hpp"
#include "sim/firewall/explain.hpp"
#include "sim/firewall/firewall.hpp"
#include "sim/firewall/rule_set.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

namespace scenarios::runner {
namespace {

using firewall::Side;

constexpr wire::Port client_port{1037};

struct Question {
    base::Bytes packet;
    Side from = Side::client;
    base::SimTime when{};
    std::string title;
    std::uint32_t number = 0;  // of the rehearsal's packet; 0: it is none
};

base::Bytes tcp(const wire::Endpoint& from, const wire::Endpoint& to, std::uint8_t flags, std::uint32_t sequence,
                std::uint32_t acknowledged) {
    wire::TcpHeader header;
    header.source = from.port;
    header.target = to.port;
    header.sequence = sequence;
    header.acknowledgement = acknowledged;
    header.flags = {flags};
    return wire::emit_tcp(
        {.source = from.address, .target = to.address, .protocol = wire::Protocol::tcp, .hop_limit = 128}, header);
}

base::Bytes udp(const wire::Endpoint& from, const wire::Endpoint& to) {
    return wire::emit_udp(
        {.source = from.address, .target = to.address, .protocol = wire::Protocol::udp, .hop_limit = 128},
        {from.port, to.port});
}

bool is_server(const StagedVariant& variant, const wire::IpAddress& address) {
    return std::any_of(variant.servers.begin(), variant.servers.end(),
                       [&](const StagedServer& s) { return s.address == address; });
}

// The first packet of the other end, to a packet as it arrived.
Question answer_to(const base::Bytes& arrived, Side from, base::SimTime when) {
    using Flags = wire::TcpFlags;
    const auto view = wire::parse(arrived);
    const bool is_udp = view && view->udp() != nullptr;
    const wire::Endpoint source = view->target(), target = view->source();
    return {is_udp ? udp(source, target) : tcp(source, target, Flags::syn | Flags::ack, 5000, 1001), from, when,
            "the answer: "};
}

Question asked(const StagedVariant& variant, const Inquiry& inquiry) {
    const wire::Endpoint from{inquiry.from.value_or(variant.plan.client.addresses.front()),
                              inquiry.from_port.value_or(client_port)};
    const wire::Endpoint to{inquiry.to.value_or(variant.servers.front().known_as), *inquiry.to_port};
    const Side side = is_server(variant, from.address) ? Side::server : Side::client;
    return {inquiry.udp ? udp(from, to) : tcp(from, to, wire::TcpFlags::syn, 1000, 0), side, base::time_zero, {}};
}

// A packet that somebody wrote down. It comes alone: no connection was seen before it.
std::optional<Question> written(const StagedVariant& variant, const firewall::exact::Witness& witness) {
    auto octets = firewall::exact::octets_of(witness);
    if (!octets) return std::nullopt;
    const bool from_server = is_server(variant, witness.source.address);
    const Side side = witness.from.value_or(from_server ? Side::server : Side::client);
    const firewall::Label label = witness.tracked.label;
    const bool alone = label != firewall::Label::none && label != firewall::Label::new_flow;
    return Question{std::move(*octets), side, base::time_zero,
                    alone ? "without the connection that it belongs to: " : std::string()};
}

std::uint32_t deciding_packet(const CloseUp& seen) {
    for (const client::ActionOutcome& outcome : seen.outcomes)
        if (const auto* refusal = deciding_refusal(seen.refusals, outcome)) return refusal->journey;
    return 0;
}

// Everything that the boxes saw up to that packet, so that connections are in the state they were in. Empty when the
// packet is none that a host sent past a box.
std::vector<Question> up_to(const CloseUp& seen, std::uint32_t deciding) {
    std::vector<Question> questions;
    for (const world::Journey& journey : seen.trace->journeys) {
        if (journey.number > deciding) break;
        if (journey.from.kind != world::Maker::Kind::host || journey.hops.empty()) continue;
        questions.push_back({journey.octets, journey.towards_servers ? Side::client : Side::server, journey.sent,
                             fmt::format("packet {} of the rehearsal (server start {}): ", journey.number, seen.seed),
                             journey.number});
    }
    if (!questions.empty() && questions.back().number != deciding) questions.clear();
    return questions;
}

std::string verdict_text(const firewall::Passage& passage, const firewall::RuleSet& rules) {
    const firewall::Verdict& verdict = passage.verdict;
    std::string text = fmt::format("  Verdict: {} [{}]. {}",
                                   verdict.action == firewall::Action::accept ? "passes"
                                   : verdict.action == firewall::Action::drop ? "DROPPED"
                                                                              : "REJECTED",
                                   id(verdict.reason), sentence(verdict.reason));
    if (verdict.rule) {
        const std::string place = rules.place(*verdict.rule);
        text += fmt::format("\n           {}{}: {}", rules.label(*verdict.rule),
                            place.empty() ? "" : " (" + place + ")", rules.origin(*verdict.rule).text);
    }
    if (verdict.action == firewall::Action::drop) text += "\n           The sender hears nothing and waits.";
    if (verdict.action == firewall::Action::reject)
        text += passage.answer ? "\n           The sender is told at once."
                               : "\n           Nothing is sent back, so the sender waits.";
    return text + "\n";
}

class Asker {
public:
    explicit Asker(const StagedVariant& variant) : variant_(variant) {
        for (const auto& plan : variant.plan.firewalls) boxes_.emplace_back(plan.rules, plan.settings);
    }

    // One packet along its way; silent when it only sets the scene. Returns it as it came to its end.
    base::Bytes ask(const Question& question, bool aloud) {
        base::Bytes octets = question.packet;
        const auto packet = wire::parse(question.packet);
        if (aloud && packet) out_ += fmt::format("{}{}\n", question.title, wire::summary(*packet));
        for (std::size_t i = 0; i < boxes_.size(); ++i) {
            const std::size_t number = question.from == Side::client ? i : boxes_.size() - 1 - i;
            firewall::Explanation explanation;
            const auto passage =
                boxes_[number].judge(octets, question.from, question.when, aloud ? &explanation : nullptr);
            for (const firewall::Inspected& one : passage.inspected)
                if (one.kind == firewall::Inspected::Kind::opened) opened_[{number, one.hole.number}] = question.number;
            if (aloud) {
                out_ +=
                    fmt::format("\n{} ({} of {} on the way), from the {} side\n", variant_.plan.firewalls[number].name,
                                i + 1, boxes_.size(), question.from == Side::client ? "client's" : "servers'");
                std::string lines = explanation.text();
                std::size_t at = 0;
                while (at < lines.size()) {
                    const std::size_t end = std::min(lines.find('\n', at), lines.size());
                    out_ += "  " + lines.substr(at, end - at) + "\n";
                    at = end + 1;
                }
                out_ += verdict_text(passage, boxes_[number].rules());
                if (passage.verdict.pinhole) out_ += pinhole_text(number, *passage.verdict.pinhole);
            }
            if (passage.verdict.action != firewall::Action::accept) return octets;
            if (passage.translated) octets = *passage.translated;
        }
        if (aloud)
            out_ += boxes_.empty() ? "There is no firewall on the way: it arrives.\n" : arrival(question, octets);
        return octets;
    }

    std::string take() { return std::move(out_); }
    void blank() { out_ += "\n"; }

private:
    std::string pinhole_text(std::size_t box, std::uint32_t pinhole) const {
        const auto by = opened_.find({box, pinhole});
        return fmt::format("           Pinhole {}{} lets it pass.\n", pinhole,
                           by == opened_.end() ? "" : fmt::format(", opened by packet {},", by->second));
    }

    static std::string arrival(const Question& question, const base::Bytes& octets) {
        const auto view = wire::parse(octets);
        if (octets == question.packet || !view) return "\nIt arrives.\n";
        return fmt::format("\nIt arrives as {}.\n", wire::summary(*view));
    }

    const StagedVariant& variant_;
    std::vector<firewall::Firewall> boxes_;
    std::map<std::pair<std::size_t, std::uint32_t>, std::uint32_t> opened_;  // box, pinhole: by which packet
    std::string out_;
};

// Whether some filter has no say on such a packet: then nobody can tell whether it passes.
bool is_of_other_family(const StagedVariant& variant, const base::Bytes& packet) {
    const auto view = wire::parse(packet);
    return view && std::any_of(variant.plan.firewalls.begin(), variant.plan.firewalls.end(), [&](const auto& box) {
               const wire::Family family = view->ip.source.family();
               return box.rules->family().value_or(family) != family && !box.rules->other_family_passes();
           });
}

}  // namespace

std::string_view sentence(NoInquiry why) {
    switch (why) {
        case NoInquiry::nothing_refused: return "no firewall refused a packet that mattered in this rehearsal";
        case NoInquiry::no_such_packet: return "no host sent a packet of that number past a firewall in this rehearsal";
        case NoInquiry::no_octets: return "a packet like that cannot be made here";
        case NoInquiry::other_family:
            return "the rules on the way are for the other version of IP, and say nothing of such a packet";
    }
    return {};
}

base::Result<std::string, NoInquiry> inquire(const StagedVariant& variant, const Inquiry& inquiry) {
    Asker asker(variant);
    if (inquiry.to_port) {
        const Question question = asked(variant, inquiry);
        if (is_of_other_family(variant, question.packet)) return base::failure(NoInquiry::other_family);
        const base::Bytes arrived = asker.ask(question, true);
        if (inquiry.answer) {
            asker.blank();
            asker.ask(answer_to(arrived, question.from == Side::client ? Side::server : Side::client,
                                base::time_zero + variant.setup().network.latency),
                      true);
        }
        return asker.take();
    }
    if (inquiry.written) {
        const auto question = written(variant, *inquiry.written);
        if (!question) return base::failure(NoInquiry::no_octets);
        if (is_of_other_family(variant, question->packet)) return base::failure(NoInquiry::other_family);
        asker.ask(*question, true);
        return asker.take();
    }
    const auto& sweep = variant.setup().sweep;
    const CloseUp seen = close_up(variant, inquiry.seed != 0 ? inquiry.seed : sweep ? sweep->first : 1);
    const std::uint32_t wanted = inquiry.journey != 0 ? inquiry.journey : deciding_packet(seen);
    if (wanted == 0) return base::failure(NoInquiry::nothing_refused);
    const auto questions = up_to(seen, wanted);
    if (questions.empty()) return base::failure(NoInquiry::no_such_packet);
    for (std::size_t i = 0; i < questions.size(); ++i) asker.ask(questions[i], i + 1 == questions.size());
    return asker.take();
}

}  // namespace scenarios::runner
