#include "sim/firewall/engine.hpp"

#include "sim/firewall/answers.hpp"
#include "sim/firewall/evaluate.hpp"

#include <cassert>

namespace sim::firewall {
namespace {

Verdict run(const RuleSet& rules, ChainId chain, const Facts& facts, Recorder* recorder, const RuleJudge* judge) {
    if (recorder != nullptr) return evaluate(rules, chain, facts, *recorder);
    if (judge != nullptr && &judge->rules() == &rules) return judge->judge(chain, facts);
    Silent silent;
    return evaluate(rules, chain, facts, silent);
}

bool binds(const Binding& binding, Hook hook, const Subject& subject) {
    return binding.hook == hook && (!binding.from || binding.from == subject.from) &&
           (binding.in_interface.empty() || binding.in_interface == subject.in_interface) &&
           (binding.out_interface.empty() || binding.out_interface == subject.out_interface) &&
           (!binding.family || binding.family == subject.packet->ip.source.family());
}

// What the packet looks like at the hook that a chain was written for.
Subject seen_at(const std::optional<Hook>& hook, const Subject& subject) {
    Subject seen = subject;
    if (hook == Hook::input) seen.out_interface = {};
    if (hook == Hook::output) seen.in_interface = {};
    return seen;
}

// The congestion bits do not count: a SYN that offers ECN has them (RFC 3168 6.1.1).
bool is_bare_syn(wire::TcpFlags flags) {
    return (flags.bits & ~(wire::TcpFlags::ece | wire::TcpFlags::cwr)) == wire::TcpFlags::syn;
}

bool is_icmp_error(const wire::PacketView& packet) {
    const wire::IcmpHeader* icmp = packet.icmp();
    if (icmp == nullptr) return false;
    return icmp->type == 3 || icmp->type == 4 || icmp->type == 5 || icmp->type == 11 || icmp->type == 12;
}

void note(Recorder* recorder, std::string_view sentence) {
    if (recorder != nullptr && !sentence.empty()) recorder->note(sentence);
}

}  // namespace

Engine::Engine(SharedRules rules, const EngineSettings& settings)
    : rules_(std::move(rules)), settings_(settings), tracker_(settings.tracker) {
    assert(rules_ != nullptr);
}

std::optional<Datagram> Engine::gather(const wire::PacketView& fragment, base::SimTime now) {
    return reassembler_.add(fragment, now, settings_.tracker.timers);
}

Mark Engine::label(const wire::PacketView& packet, base::SimTime now, bool arriving) {
    if (!tracks(packet.ip.source.family())) return {};
    if (!is_tracked(packet))
        return {.label = Label::untracked, .why = "this is not tracked here: each way asks the rules"};
    const Mark mark = tracker_.label(packet, now, arriving);
    const wire::TcpHeader* tcp = packet.tcp();
    if (rules_->manners().bare_syn && tcp != nullptr && mark.holder == Mark::Holder::pending &&
        !is_bare_syn(tcp->flags))
        return {.label = Label::invalid, .why = "a TCP connection begins with a SYN alone"};
    return mark;
}

// Whether the connection table has a place for such packets (GateManners).
bool Engine::is_tracked(const wire::PacketView& packet) const {
    const GateManners& manners = rules_->manners();
    if (rules_->tracking() != Tracking::gate) return true;
    switch (packet.ip.protocol) {
        case wire::Protocol::tcp:
        case wire::Protocol::udp: return true;
        case wire::Protocol::icmp: return is_icmp_error(packet) ? manners.tracks_errors : manners.tracks_icmp;
        default: return manners.tracks_others;
    }
}

Verdict Engine::judge(Hook hook, Subject subject, const Mark& mark, base::SimTime now, Recorder* recorder) {
    subject.label = mark.label;
    subject.direction = mark.direction;
    subject.marks = mark.marks;
    if (rules_->family() && *rules_->family() != subject.packet->ip.source.family()) {
        if (rules_->other_family_passes()) {
            note(recorder, "these rules are for the other version of IP, so it passes");
            return {Action::accept, Reason::no_rule_matched, std::nullopt, std::nullopt};
        }
        note(recorder, "these rules are for the other version of IP, so nothing here allows it");
        return {Action::drop, Reason::no_rule_matched, std::nullopt, std::nullopt};
    }
    if (recorder != nullptr) recorder->enter(*rules_, hook, subject);
    note(recorder, mark.why);
    if (rules_->dialect() == Dialect::nft && subject.packet->ip.fragment_offset != 0)
        note(recorder,
             "a later fragment: its ports are not there, so no match on ports holds for it; some kernels read "
             "the octets in their place");
    if (hook == Hook::forward)
        if (const auto early = judge_by_state(subject, mark, now, recorder)) return told(*early, subject);
    return told(judge_by_rules(hook, subject, recorder), subject);
}

// A drop of which the sender is told all the same.
Verdict Engine::told(const Verdict& verdict, const Subject& subject) const {
    const GateManners& manners = rules_->manners();
    const bool resets = (subject.from == Side::client && manners.resets_from_client) ||
                        (subject.from == Side::server && manners.resets_from_server);
    if (!resets || verdict.action != Action::drop || subject.packet->tcp() == nullptr) return verdict;
    Verdict reset = verdict;
    reset.action = Action::reject;
    reset.with = RejectWith::tcp_reset;
    return reset;
}

// What is decided before the rules: by a connection that was allowed, or by a port that RPC inspection opened.
std::optional<Verdict> Engine::judge_by_state(const Subject& subject, const Mark& mark, base::SimTime now,
                                              Recorder* recorder) {
    const auto decide = [&](Action action, Reason reason) {
        note(recorder, sentence(reason));
        return Verdict{action, reason, std::nullopt, std::nullopt};
    };
    if (rules_->tracking() == Tracking::gate) {
        switch (mark.label) {
            case Label::established: return decide(Action::accept, Reason::established);
            case Label::related: return decide(Action::accept, Reason::related);
            case Label::invalid: return decide(Action::drop, mark.broken ? Reason::malformed : Reason::invalid_state);
            case Label::none:
            case Label::new_flow:
                if (rules_->manners().unanswered_pass && mark.holder == Mark::Holder::table)
                    return decide(Action::accept, Reason::established);
                break;
            case Label::untracked: break;
        }
    }
    if (!settings_.inspect_dcerpc) return std::nullopt;
    const auto pinhole = pinhole_of(*subject.packet, mark, now, recorder);
    if (!pinhole) return std::nullopt;
    Verdict verdict = decide(Action::accept, Reason::rpc_pinhole);
    verdict.pinhole = pinhole;
    return verdict;
}

// A connection is let in by its first packet; until it is answered, its further packets come in the same way.
std::optional<std::uint32_t> Engine::pinhole_of(const wire::PacketView& packet, const Mark& mark, base::SimTime now,
                                                Recorder* recorder) {
    std::optional<std::uint32_t> number;
    if (!tracks()) {
        const Timers timers = settings_.tracker.timers;
        number = inspector_.passes_untracked(packet, now, timers.tcp_established);
    } else if (mark.label == Label::new_flow && mark.holder == Mark::Holder::table) {
        if (mark.pinhole != 0) number = mark.pinhole;
    } else if (mark.label == Label::new_flow) {
        if (const Pinhole* hole = inspector_.opens(packet, now)) number = hole->number;
    }
    if (number) {
        if (recorder != nullptr)
            for (const Pinhole& hole : inspector_.pinholes(now))
                if (hole.number == *number)
                    recorder->note(describe(hole) + " lets it pass; it expires in " +
                                   base::format_human(hole.expires - now));
    } else if (recorder != nullptr && packet.tcp() != nullptr && mark.label != Label::established) {
        const auto missed = inspector_.missed(packet, now);
        recorder->note(missed ? "RPC inspection: " + describe(*missed, now)
                              : "RPC inspection holds no port open for this packet");
    }
    return number;
}

Verdict Engine::judge_by_rules(Hook hook, const Subject& subject, Recorder* recorder) const {
    const Facts facts = facts_of(subject);
    std::optional<Verdict> verdict;
    for (const Binding& binding : rules_->bindings()) {
        if (!binds(binding, hook, subject)) continue;
        const Subject seen = seen_at(binding.seen_at, subject);
        Facts here = facts;
        here.subject = &seen;
        verdict = run(*rules_, binding.chain, here, recorder, settings_.judge.get());
        if (verdict->action != Action::accept) return *verdict;
    }
    if (verdict) return *verdict;
    const bool passes = hook != Hook::forward || rules_->unbound_passes();
    note(recorder, passes ? "no rules stand on this way, so it passes" : "no rules stand on this way, so it ends here");
    return {passes ? Action::accept : Action::drop, Reason::no_rule_matched, std::nullopt, std::nullopt};
}

std::vector<Inspected> Engine::passed(const wire::PacketView& packet, const Mark& mark, base::SimTime now,
                                      Verdict& verdict) {
    const std::uint32_t pinhole = verdict.pinhole.value_or(0);
    if (!tracker_.confirm(mark, now, pinhole)) {
        verdict = {Action::drop, Reason::not_translated, std::nullopt, std::nullopt};
        return {};
    }
    if (!settings_.inspect_dcerpc) return {};
    if (pinhole != 0 && mark.holder == Mark::Holder::pending) inspector_.used(pinhole, packet, now);
    RpcInspector::Reading reading = inspector_.observe(packet, settings_.inspection, now);
    if (reading.refused) verdict = {Action::drop, Reason::rpc_not_mapper, std::nullopt, std::nullopt};
    return std::move(reading.inspected);
}

std::optional<MissedPinhole> Engine::missed(const wire::PacketView& packet, base::SimTime now) const {
    return settings_.inspect_dcerpc ? inspector_.missed(packet, now) : std::nullopt;
}

std::optional<Engine::Answer> Engine::answer(const wire::PacketView& packet, const Mark& mark,
                                             std::optional<RejectWith> with, const wire::IpAddress& box,
                                             base::SimTime now) {
    std::optional<base::Bytes> octets = with ? reject_answer(packet, *with, box) : time_exceeded(packet, box);
    if (!octets) return std::nullopt;
    if (with == RejectWith::tcp_reset) tracker_.reset(mark, now);
    Mark own;
    const bool tracked = tracks(packet.ip.source.family());
    if (tracked && mark.direction) {
        own = Tracker::answer_to(mark);
    } else if (tracked) {
        const auto view = wire::parse(*octets);
        assert(view && "what we emit parses");
        own = tracker_.label(*view, now, false);
    }
    return Answer{std::move(*octets), own};
}

void Engine::forget() {
    tracker_.forget();
    reassembler_.forget();
    inspector_.forget();
}

void Engine::reload(SharedRules rules, const EngineSettings& settings) {
    assert(rules != nullptr);
    rules_ = std::move(rules);
    settings_ = settings;
    tracker_.use(settings.tracker);
}

}  // namespace sim::firewall
