#include "sim/firewall/compiled/classifier.hpp"

#include "sim/firewall/evaluate.hpp"

#include <algorithm>
#include <cassert>

namespace sim::firewall::compiled {
namespace {

constexpr std::uint8_t tcp = 6, udp = 17, icmp = 1, icmpv6 = 58;

// Whether no match does more than hold or not (box.hpp).
bool regular(const Facts& f) {
    if (f.later_fragment) return f.protocol != tcp || f.subject->packet->ip.fragment_offset != 8;
    return f.header_whole || (f.protocol != tcp && f.protocol != udp && f.protocol != icmp && f.protocol != icmpv6);
}

}  // namespace

Classifier::Classifier(SharedRules rules, ChainId entry) : Classifier(std::move(rules), entry, variants().back()) {}

Classifier::Classifier(SharedRules rules, ChainId entry, Variant variant)
    : rules_(std::move(rules)), entry_(entry), lookup_(&lookup(variant)) {
    assert(rules_ != nullptr && rules_->chain(entry).policy);
    add_ranges(*rules_, wire::Family::ipv6, addresses_[1]);
    for (AddressScale& scale : addresses_) scale.finish();
    for (const Rule& rule : rules_->rules())
        for (const Match& match : rule.matches)
            if (const auto* is = std::get_if<InterfaceIs>(&match.what)) interfaces_.add(*is);
    interfaces_.finish();
    for (std::size_t f = 0; f < frame_count; ++f) {
        const auto family = static_cast<wire::Family>(f / 2);
        // nftables reads headers its own way, also where they are cut: its rules are left to the predicate.
        if (rules_->dialect() == Dialect::nft) continue;
        if (rules_->family() && *rules_->family() != family) continue;  // such packets are stopped before the rules
        Compiled& compiled = frames_[f];
        auto lines = lines_of(*rules_, entry_, {family, f % 2 == 1, &addresses_[f / 2], &interfaces_});
        if (!lines) continue;
        compiled.lines = std::move(*lines);
        compiled.table = Table::make(compiled.lines);
        compiled.plain = std::all_of(compiled.lines.begin(), compiled.lines.end(),
                                     [](const Line& line) { return line.kind == Line::Kind::decide && !line.confirm; });
    }
}

std::size_t Classifier::frame_of(const Facts& facts) {
    return (facts.source.is_v4() ? 0U : 2U) + (facts.later_fragment ? 1U : 0U);
}

std::optional<Key> Classifier::key(const Facts& f) const {
    const Compiled& compiled = frames_[frame_of(f)];
    if (!compiled.table || !regular(f)) return std::nullopt;
    const Subject& s = *f.subject;
    const AddressScale& scale = addresses_[f.source.is_v4() ? 0 : 1];
    Key key{.source = scale.number(f.source), .target = scale.number(f.target), .protocol = f.protocol};
    if (const wire::IcmpHeader* message = f.later_fragment || f.ports_known ? nullptr : s.packet->icmp()) {
        key.first = static_cast<std::uint16_t>(message->type << 8U | message->code);
    } else {
        key.first = f.source_port;
        key.second = f.target_port;
        key.flags = f.flags;
    }
    if (!compiled.table->kinds().ask_context()) return key;
    const auto tracked = tracked_number(s);
    const auto in = interfaces_.number(s.in_interface), out = interfaces_.number(s.out_interface);
    if (!tracked || !in || !out) return std::nullopt;
    key.context = compiled.table->kinds().context(*tracked, side_number(s.from), *in, *out);
    return key;
}

Verdict Classifier::by_predicate(const Facts& facts) const {
    Silent silent;
    return evaluate(*rules_, entry_, facts, silent);
}

// From the line that was found to the one that decides.
Verdict Classifier::verdict(const Compiled& compiled, const Key& key, const Facts& facts, std::uint32_t at) const {
    Silent silent;
    while (at < compiled.lines.size()) {
        const Line& line = compiled.lines[at];
        if (compiled.plain) return firewall::detail::target_verdict(line.rule, rules_->rule(line.rule).target, facts);
        bool holds = true;
        if (line.confirm) {
            const Fit fit = firewall::detail::fit_rule(rules_->rule(line.rule), facts, silent);
            if (fit == Fit::unfit) return {Action::drop, Reason::malformed, std::nullopt, std::nullopt};
            holds = fit == Fit::yes;
        }
        if (line.kind == Line::Kind::decide && holds)
            return firewall::detail::target_verdict(line.rule, rules_->rule(line.rule).target, facts);
        const bool goes_far = line.kind == Line::Kind::skip ? holds : line.kind == Line::Kind::enter && !holds;
        at = line_from(compiled.table->layout(), key, goes_far ? line.next : at + 1);
    }
    return firewall::detail::policy_verdict(*rules_->chain(entry_).policy, facts);
}

Verdict Classifier::judge(const Facts& facts) const {
    const auto asked = key(facts);
    if (!asked) return by_predicate(facts);
    const Compiled& compiled = frames_[frame_of(facts)];
    return verdict(compiled, *asked, facts, lookup_->one(compiled.table->layout(), *asked));
}

void Classifier::judge(std::span<const Facts> facts, std::span<Verdict> verdicts) const {
    assert(facts.size() == verdicts.size());
    constexpr std::size_t at_once = 256;
    struct Asked {
        std::array<Key, at_once> keys;
        std::array<std::uint32_t, at_once> packets;
        std::size_t count = 0;
    };
    std::array<Asked, frame_count> asked;  // a lookup of many is in one table
    std::array<std::uint32_t, at_once> lines;
    for (std::size_t begin = 0; begin < facts.size(); begin += at_once) {
        const std::size_t end = std::min(facts.size(), begin + at_once);
        for (std::size_t i = begin; i < end; ++i) {
            const auto made = key(facts[i]);
            if (!made) {
                verdicts[i] = by_predicate(facts[i]);
                continue;
            }
            Asked& of = asked[frame_of(facts[i])];
            of.keys[of.count] = *made;
            of.packets[of.count++] = static_cast<std::uint32_t>(i - begin);
        }
        for (std::size_t frame = 0; frame < frame_count; ++frame) {
            Asked& of = asked[frame];
            if (of.count == 0) continue;
            const Compiled& compiled = frames_[frame];
            lookup_->many(compiled.table->layout(), of.keys.data(), lines.data(), of.count);
            for (std::size_t k = 0; k < of.count; ++k) {
                const std::size_t i = begin + of.packets[k];
                verdicts[i] = verdict(compiled, of.keys[k], facts[i], lines[k]);
            }
            of.count = 0;
        }
    }
}

std::size_t Classifier::memory() const {
    std::size_t octets = 0;
    for (const Compiled& compiled : frames_)
        if (compiled.table) octets += compiled.table->memory();
    return octets;
}

}  // namespace sim::firewall::compiled
