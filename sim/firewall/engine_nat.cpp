// The engine's part of address translation: which rule of the nat table binds a new connection, and what packets of
// known ones look like at each hook.
#include "sim/firewall/engine.hpp"
#include "sim/firewall/evaluate.hpp"

#include <fmt/format.h>

namespace sim::firewall {
namespace {

// Before the packet's way is known its target changes, afterwards its source.
constexpr End end_at(Hook hook) { return hook == Hook::input || hook == Hook::postrouting ? End::source : End::target; }
constexpr std::uint8_t bit_of(End end) { return end == End::source ? StateSet::snat : StateSet::dnat; }

Verdict ask(const RuleSet& nat, ChainId chain, const Facts& facts, Recorder* recorder) {
    if (recorder != nullptr) return evaluate(nat, chain, facts, *recorder);
    Silent silent;
    return evaluate(nat, chain, facts, silent);
}

std::optional<ChainId> chain_at(const RuleSet& nat, Hook hook) {
    for (const Binding& binding : nat.bindings())
        if (binding.hook == hook) return binding.chain;
    return std::nullopt;
}

// A router's "there is a shorter way" is about real addresses; with translated ones it would mislead (as the kernel
// has it).
bool is_redirect(const wire::PacketView& packet) {
    const wire::IcmpHeader* icmp = packet.icmp();
    return icmp != nullptr && icmp->type == (packet.ip.source.is_v4() ? 5 : 137);
}

// The kernel changes no GRE packet of a version that it does not know.
bool is_strange_gre(const wire::PacketView& packet) {
    constexpr std::uint8_t gre = 47, version = 7;
    return static_cast<std::uint8_t>(packet.ip.protocol) == gre && packet.ip_payload.size() >= 2 &&
           (packet.ip_payload[1] & version) > 1;
}

void tell(Recorder* recorder, const wire::PacketView& before, const base::Bytes& octets, End end, bool drawn) {
    const auto after = wire::parse(octets);
    if (recorder == nullptr || !after) return;
    const auto text = [end](const wire::PacketView& p) {
        const wire::Endpoint e = end == End::source ? p.source() : p.target();
        return e.port == wire::Port{0} ? e.address.format() : wire::format(e);
    };
    const std::string was = text(before), is = text(*after);
    if (was == is) return;
    recorder->note(fmt::format("its {} {} becomes {}{}", end == End::source ? "source" : "target", was, is,
                               drawn ? "; a real box draws that port at random" : ""));
}

}  // namespace

// What the nat table says of a new connection's end.
Engine::Translated Engine::ask_nat(Hook hook, const Subject& subject, Mark& mark,
                                   const std::optional<wire::IpAddress>& box, base::SimTime now, Recorder* recorder) {
    const RuleSet& nat = *rules_->nat();
    const bool speaks = !nat.family() || *nat.family() == subject.packet->ip.source.family();
    const auto chain = speaks ? chain_at(nat, hook) : std::nullopt;
    Translated result;
    NatRange range;  // of no rule: as it is
    if (chain) {
        Recorder* hearer = recorder == nullptr ? nullptr : recorder->at_nat();
        if (hearer != nullptr) hearer->enter(nat, hook, subject);
        const Verdict verdict = ask(nat, *chain, facts_of(subject), hearer);
        if (verdict.action != Action::accept) return {.impossible = true};
        const Translation* translation = verdict.rule ? nat.translation(*verdict.rule) : nullptr;
        if (translation != nullptr) {
            if (translation->box_address && !box) return {.rule = verdict.rule, .impossible = true};
            range = range_of(*translation, box);
            result.rule = verdict.rule;
        }
    }
    tracker_.bind(mark, end_at(hook), range, now);
    return result;
}

Engine::Translated Engine::translate(Hook hook, Subject subject, Mark& mark, const std::optional<wire::IpAddress>& box,
                                     base::SimTime now, Recorder* recorder) {
    const End end = end_at(hook);
    if (!mark.direction || mark.holder == Mark::Holder::none) return {};
    subject.label = mark.label;
    subject.direction = mark.direction;
    subject.marks = mark.marks;
    Translated result;
    if (rules_->nat() && mark.is_new() && (mark.bound & bit_of(end)) == 0)
        result = ask_nat(hook, subject, mark, box, now, recorder);
    if (mark.label == Label::related && mark.marks != 0 && is_redirect(*subject.packet)) result.impossible = true;
    if (!result.impossible) result.octets = tracker_.translated(*subject.packet, mark, end);
    if (result.octets && is_strange_gre(*subject.packet)) result.impossible = true;
    if (result.impossible) {
        if (recorder != nullptr) recorder->note(sentence(Reason::not_translated));
        return result;
    }
    if (result.octets) tell(recorder, *subject.packet, *result.octets, end, tracker_.entry_of(mark).drawn);
    return result;
}

}  // namespace sim::firewall
