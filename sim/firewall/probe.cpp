#include "sim/firewall/probe.hpp"

#include "sim/wire/packet.hpp"

#include <algorithm>
#include <cassert>

namespace sim::firewall {
namespace {

using F = wire::TcpFlags;

constexpr Side across(Side side) { return side == Side::client ? Side::server : Side::client; }

// One conversation on a fresh box. Each packet arrives a little after the one before it.
class Conversation {
public:
    Conversation(const SharedRules& rules, const Firewall::Settings& settings, const wire::Endpoint& client,
                 const wire::Endpoint& server)
        : box_(rules, settings), client_(client), server_(server) {}

    // False when the packet did not pass, so that the conversation ends with it.
    bool tcp(ProbeStep step, Side from, std::uint8_t flags, std::uint32_t sequence, std::uint32_t acknowledgement,
             std::size_t length = 0) {
        const auto& [source, target] = ends(from);
        const wire::TcpHeader header{.source = source.port,
                                     .target = target.port,
                                     .sequence = sequence,
                                     .acknowledgement = acknowledgement,
                                     .flags = {flags}};
        return send(step, from,
                    wire::emit_tcp(ip(source, target, wire::Protocol::tcp), header, base::Bytes(length, 0)));
    }
    bool udp(ProbeStep step, Side from) {
        constexpr std::size_t length = 8;  // of a new-mail notice
        const auto& [source, target] = ends(from);
        return send(step, from,
                    wire::emit_udp(ip(source, target, wire::Protocol::udp), {source.port, target.port},
                                   base::Bytes(length, 0)));
    }
    ProbeResult result() && { return std::move(result_); }

private:
    struct Ends {
        const wire::Endpoint& source;
        const wire::Endpoint& target;
    };
    Ends ends(Side from) const { return from == Side::client ? Ends{client_, server_} : Ends{server_, client_}; }

    static wire::IpHeader ip(const wire::Endpoint& source, const wire::Endpoint& target, wire::Protocol protocol) {
        constexpr std::uint8_t hop_limit_of_windows = 128;
        return {.source = source.address,
                .target = target.address,
                .protocol = protocol,
                .hop_limit = hop_limit_of_windows};
    }
    bool send(ProbeStep step, Side from, const base::Bytes& packet) {
        now_ += std::chrono::milliseconds{10};
        const Passage passage = box_.judge(packet, from, now_);
        result_.packets.push_back({step, from, passage.verdict, passage.label, passage.answer.has_value()});
        return result_.passed();
    }

    Firewall box_;
    wire::Endpoint client_, server_;
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
    // Both ends count their octets from 1000 and send 24 of them.
    constexpr std::uint32_t start = 1000, length = 24;
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

std::vector<std::uint32_t> port_cuts(const RuleSet& rules) {
    std::vector<std::uint32_t> cuts{0, 65536};
    for (const Rule& rule : rules.rules())
        for (const Match& match : rule.matches)
            if (const auto* ports = std::get_if<PortIn>(&match.what))
                for (const wire::PortRange& range : ports->ranges) {
                    cuts.push_back(range.first.value);
                    cuts.push_back(range.last.value + 1U);
                }
    std::sort(cuts.begin(), cuts.end());
    cuts.erase(std::unique(cuts.begin(), cuts.end()), cuts.end());
    return cuts;
}

Draft draft_of(const RuleSet& rules) {
    Draft draft{.name = rules.name(),
                .dialect = rules.dialect(),
                .tracking = rules.tracking(),
                .family = rules.family(),
                .chains = {},
                .bindings = {rules.bindings().begin(), rules.bindings().end()},
                .mid_stream_pickup = rules.mid_stream_pickup(),
                .unbound_passes = rules.unbound_passes()};
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
