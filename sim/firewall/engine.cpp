#include "sim/firewall/engine.hpp"

#include "sim/firewall/answers.hpp"
#include "sim/firewall/evaluate.hpp"

#include <cassert>

namespace sim::firewall {
namespace {

Verdict run(const RuleSet& rules, ChainId chain, const Facts& facts, Recorder* recorder) {
    if (recorder != nullptr) return evaluate(rules, chain, facts, *recorder);
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
    return tracks(packet.ip.source.family()) ? tracker_.label(packet, now, arriving) : Mark{};
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
        if (const auto early = judge_by_state(subject, mark, now, recorder)) return *early;
    return judge_by_rules(hook, subject, recorder);
}

// What is decided before the rules: by a connection that was allowed, or by a port that RPC inspection opened.
std::optional<Verdict> Engine::judge_by_state(const Subject& subject, const Mark& mark, base::SimTime now,
                                              Recorder* recorder) const {
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
            case Label::untracked: break;
        }
    }
    const bool may_use_pinhole = mark.label == Label::new_flow || mark.label == Label::none;
    if (settings_.inspect_dcerpc && may_use_pinhole && inspector_.opens(*subject.packet, now))
        return decide(Action::accept, Reason::rpc_pinhole);
    return std::nullopt;
}

Verdict Engine::judge_by_rules(Hook hook, const Subject& subject, Recorder* recorder) const {
    const Facts facts = facts_of(subject);
    std::optional<Verdict> verdict;
    for (const Binding& binding : rules_->bindings()) {
        if (!binds(binding, hook, subject)) continue;
        const Subject seen = seen_at(binding.seen_at, subject);
        Facts here = facts;
        here.subject = &seen;
        verdict = run(*rules_, binding.chain, here, recorder);
        if (verdict->action != Action::accept) return *verdict;
    }
    if (verdict) return *verdict;
    const bool passes = hook != Hook::forward || rules_->unbound_passes();
    note(recorder, passes ? "no rules stand on this way, so it passes" : "no rules stand on this way, so it ends here");
    return {passes ? Action::accept : Action::drop, Reason::no_rule_matched, std::nullopt, std::nullopt};
}

void Engine::passed(const wire::PacketView& packet, const Mark& mark, base::SimTime now) {
    tracker_.confirm(mark, now);
    if (settings_.inspect_dcerpc) inspector_.observe(packet, now, settings_.pinhole_timeout);
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

void Engine::reload(SharedRules rules, const TrackerSettings& tracker) {
    assert(rules != nullptr);
    rules_ = std::move(rules);
    settings_.tracker = tracker;
    tracker_.use(tracker);
}

}  // namespace sim::firewall
