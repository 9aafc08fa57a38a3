#include "sim/firewall/probe.hpp"

#include "sim/firewall/explain.hpp"
#include "sim/wire/packet.hpp"

#include <algorithm>
#include <array>
#include <cassert>

namespace sim::firewall {
namespace {

using F = wire::TcpFlags;

constexpr Side across(Side side) { return side == Side::client ? Side::server : Side::client; }

constexpr std::uint32_t first_sequence = 1000;  // of either end

struct Ends {
    wire::Endpoint source;
    wire::Endpoint target;
};

wire::IpHeader ip_header(const Ends& ends, wire::Protocol protocol) {
    constexpr std::uint8_t hop_limit_of_windows = 128;
    return {.source = ends.source.address,
            .target = ends.target.address,
            .protocol = protocol,
            .hop_limit = hop_limit_of_windows};
}

// Where translation treats ports differently: those that its rules ask for, and those that stay as they are because
// they lie in the range that others are moved into.
void add_nat_cuts(const RuleSet& nat, std::vector<std::uint32_t>& cuts) {
    const auto add = [&cuts](const wire::PortRange& range) {
        cuts.push_back(range.first.value);
        cuts.push_back(range.last.value + 1U);
    };
    for (std::uint32_t i = 0; i < nat.rules().size(); ++i) {
        for (const Match& match : nat.rule(RuleId{i}).matches)
            if (const auto* ports = std::get_if<PortIn>(&match.what))
                for (const wire::PortRange& range : ports->ranges) add(range);
        const Translation* translation = nat.translation(RuleId{i});
        if (translation != nullptr && translation->ports) add(*translation->ports);
    }
}

template <class Counts>
std::vector<std::uint32_t> cuts_of(const RuleSet& rules, const Counts& counts) {
    std::vector<std::uint32_t> cuts{0, 65536};
    for (const Rule& rule : rules.rules()) {
        if (!counts(rule)) continue;
        for (const Match& match : rule.matches)
            if (const auto* ports = std::get_if<PortIn>(&match.what))
                for (const wire::PortRange& range : ports->ranges) {
                    cuts.push_back(range.first.value);
                    cuts.push_back(range.last.value + 1U);
                }
    }
    if (rules.nat()) add_nat_cuts(*rules.nat(), cuts);
    std::sort(cuts.begin(), cuts.end());
    cuts.erase(std::unique(cuts.begin(), cuts.end()), cuts.end());
    return cuts;
}

// Whether the rule's addresses let it match a packet from one address to another.
bool is_for(const Rule& rule, const wire::IpAddress& source, const wire::IpAddress& target) {
    const auto fits = [&](const Match& match) {
        const auto at = [&](End end) { return end == End::source ? source : target; };
        const auto has = [](const auto& list, const wire::IpAddress& address) {
            return std::any_of(list.begin(), list.end(), [&](const auto& one) { return one.contains(address); });
        };
        if (const auto* in = std::get_if<InPrefix>(&match.what))
            return in->prefix.contains(at(in->end)) != match.inverted;
        if (const auto* in = std::get_if<InRange>(&match.what))
            return in->range.contains(at(in->end)) != match.inverted;
        if (const auto* in = std::get_if<InAny>(&match.what))
            return (has(in->prefixes, at(in->end)) || has(in->ranges, at(in->end))) != match.inverted;
        return true;
    };
    return std::all_of(rule.matches.begin(), rule.matches.end(), fits);
}

base::Bytes tcp_packet(const Ends& ends, std::uint8_t flags, std::uint32_t sequence, std::uint32_t acknowledgement,
                       std::size_t length = 0) {
    const wire::TcpHeader header{.source = ends.source.port,
                                 .target = ends.target.port,
                                 .sequence = sequence,
                                 .acknowledgement = acknowledgement,
                                 .flags = {flags}};
    return wire::emit_tcp(ip_header(ends, wire::Protocol::tcp), header, base::Bytes(length, 0));
}
base::Bytes udp_packet(const Ends& ends) {
    constexpr std::size_t length = 8;  // of a new-mail notice
    return wire::emit_udp(ip_header(ends, wire::Protocol::udp), {ends.source.port, ends.target.port},
                          base::Bytes(length, 0));
}

// Hears which way a packet took through the rules that stand between the two ends; not what its answer met in OUTPUT.
class Path : public Recorder {
public:
    explicit Path(ProbePacket& packet) : packet_(packet) {}

    void enter(const RuleSet& rules, Hook hook, const Subject&) override {
        rules_ = &rules;
        hears_ = hook == Hook::forward;
    }
    void matched(RuleId rule) override {
        if (!hears_) return;
        packet_.matched.push_back(rule);
        packet_.policy.reset();
        if (rules_->rule(rule).target.kind == Target::Kind::accept) ++packet_.chains_passed;
    }
    void policy(ChainId chain) override {
        if (!hears_) return;
        packet_.policy = chain;
        if (rules_->chain(chain).policy->action == Action::accept) ++packet_.chains_passed;
    }

private:
    ProbePacket& packet_;
    const RuleSet* rules_ = nullptr;
    bool hears_ = false;
};

// One conversation on a fresh box. Each packet arrives a little after the one before it.
class Conversation {
public:
    Conversation(const SharedRules& rules, const Firewall::Settings& settings, const wire::Endpoint& client,
                 const wire::Endpoint& server)
        : box_(rules, settings), at_{Pair{client, server}, Pair{client, server}} {}

    // False when the packet did not pass, so that the conversation ends with it.
    bool tcp(ProbeStep step, Side from, std::uint8_t flags, std::uint32_t sequence, std::uint32_t acknowledgement,
             std::size_t length = 0) {
        return send(step, from, tcp_packet(ends(from), flags, sequence, acknowledgement, length));
    }
    bool udp(ProbeStep step, Side from) { return send(step, from, udp_packet(ends(from))); }
    ProbeResult result() && { return std::move(result_); }

private:
    // The conversation as a side has it: translation makes the other side's answer to other addresses.
    Ends ends(Side from) const {
        const Pair& pair = at_[static_cast<std::size_t>(from)];
        return from == Side::client ? Ends{pair.client, pair.server} : Ends{pair.server, pair.client};
    }
    void learn(Side from, const base::Bytes& octets) {
        const auto view = wire::parse(octets);
        if (!view) return;
        Pair& other = at_[static_cast<std::size_t>(across(from))];
        other = from == Side::client ? Pair{view->source(), view->target()} : Pair{view->target(), view->source()};
    }

    bool send(ProbeStep step, Side from, const base::Bytes& packet) {
        now_ += std::chrono::milliseconds{10};
        ProbePacket& probed = result_.packets.emplace_back();
        Path path(probed);
        const Passage passage = box_.judge(packet, from, now_, &path);
        probed.step = step;
        probed.from = from;
        probed.verdict = passage.verdict;
        probed.label = passage.label;
        probed.told = passage.answer.has_value();
        if (passage.translated) learn(from, *passage.translated);
        return result_.passed();
    }

    struct Pair {
        wire::Endpoint client, server;
    };

    Firewall box_;
    std::array<Pair, 2> at_;  // by side
    base::SimTime now_ = base::time_zero;
    ProbeResult result_;
};

}  // namespace

std::string_view id(ProbeStep step) {
    switch (step) {
        case ProbeStep::question: return "question";
        case ProbeStep::answer: return "answer";
        case ProbeStep::later: return "later";
    }
    return "?";
}

ProbeResult probe_tcp(const SharedRules& rules, const Firewall::Settings& settings, const wire::Endpoint& client,
                      const wire::Endpoint& server, Side begins) {
    Conversation talk(rules, settings, client, server);
    const Side other = across(begins);
    constexpr std::uint32_t start = first_sequence, length = 24;
    constexpr std::uint8_t data = F::psh | F::ack;
    (void)(talk.tcp(ProbeStep::question, begins, F::syn, start, 0) &&
           talk.tcp(ProbeStep::answer, other, F::syn | F::ack, start, start + 1) &&
           talk.tcp(ProbeStep::later, begins, F::ack, start + 1, start + 1) &&
           talk.tcp(ProbeStep::later, begins, data, start + 1, start + 1, length) &&
           talk.tcp(ProbeStep::later, other, data, start + 1, start + 1 + length, length));
    return std::move(talk).result();
}

ProbeResult probe_udp(const SharedRules& rules, const Firewall::Settings& settings, const wire::Endpoint& client,
                      const wire::Endpoint& server, Side begins, bool answered) {
    Conversation talk(rules, settings, client, server);
    if (talk.udp(ProbeStep::question, begins) && answered) talk.udp(ProbeStep::answer, across(begins));
    return std::move(talk).result();
}

ProbePacket probe_question(const SharedRules& rules, const Firewall::Settings& settings, wire::Protocol protocol,
                           const wire::Endpoint& client, const wire::Endpoint& server, Side begins) {
    Conversation talk(rules, settings, client, server);
    if (protocol == wire::Protocol::tcp)
        talk.tcp(ProbeStep::question, begins, F::syn, first_sequence, 0);
    else
        talk.udp(ProbeStep::question, begins);
    return std::move(talk).result().packets.front();
}

std::vector<OpenPorts> open_ports(const SharedRules& rules, const Firewall::Settings& settings, wire::Protocol protocol,
                                  const wire::IpAddress& client, const wire::IpAddress& server, Side begins) {
    std::vector<OpenPorts> open;
    Ends ends{{begins == Side::client ? client : server, calling_port},
              {begins == Side::client ? server : client, wire::Port{}}};
    const std::vector<std::uint32_t> cuts = port_cuts(*rules);
    for (std::size_t i = 0; i + 1 < cuts.size(); ++i) {
        const wire::PortRange piece{wire::Port{static_cast<std::uint16_t>(cuts[i])},
                                    wire::Port{static_cast<std::uint16_t>(cuts[i + 1] - 1)}};
        ends.target.port = piece.last;
        Firewall box(rules, settings);
        const base::Bytes packet =
            protocol == wire::Protocol::tcp ? tcp_packet(ends, F::syn, first_sequence, 0) : udp_packet(ends);
        const Verdict verdict = box.judge(packet, begins, base::time_zero).verdict;
        if (verdict.action != Action::accept) continue;
        const bool goes_on =
            !open.empty() && open.back().by == verdict.rule && open.back().ports.last.value + 1U == piece.first.value;
        if (goes_on)
            open.back().ports.last = piece.last;
        else
            open.push_back({piece, verdict.rule});
    }
    return open;
}

std::vector<std::uint32_t> port_cuts(const RuleSet& rules) {
    return cuts_of(rules, [](const Rule&) { return true; });
}

std::vector<std::uint32_t> port_cuts(const RuleSet& rules, const wire::IpAddress& one, const wire::IpAddress& other) {
    return cuts_of(rules, [&](const Rule& rule) { return is_for(rule, one, other) || is_for(rule, other, one); });
}

Draft draft_of(const RuleSet& rules) {
    Draft draft{.name = rules.name(),
                .dialect = rules.dialect(),
                .tracking = rules.tracking(),
                .family = rules.family(),
                .chains = {},
                .bindings = {rules.bindings().begin(), rules.bindings().end()},
                .mid_stream_pickup = rules.mid_stream_pickup(),
                .unbound_passes = rules.unbound_passes(),
                .nat = rules.nat()};
    for (const Chain& chain : rules.chains()) {
        DraftChain& made = draft.chains.emplace_back();
        made.name = chain.name;
        made.policy = chain.policy;
        for (std::uint32_t i = chain.first; i < chain.first + chain.count; ++i)
            made.rules.push_back({rules.rule(RuleId{i}), rules.origin(RuleId{i})});
    }
    return draft;
}

SharedRules without_rule(const RuleSet& rules, RuleId rule) {
    assert(rule.index < rules.rules().size());
    const Rule& gone = rules.rule(rule);
    Draft draft = draft_of(rules);
    auto& chain = draft.chains[gone.chain.index].rules;
    chain.erase(chain.begin() + static_cast<std::ptrdiff_t>(gone.number - 1));
    auto made = RuleSet::make(std::move(draft));
    assert(made.has_value() && "a set that was made before can be made with a rule less");
    return *made;
}

}  // namespace sim::firewall
