// The verdict: one pure predicate over rules and a packet. What explains it is the same code with a recorder.
//
// Order of work (firewall-semantics, section 2): rules of a chain in turn; the first that matches with a final target
// decides. A jump remembers the place after it; a goto does not, so that the end of its chain returns to the last
// jump, or to the policy. RETURN does the same as the end of the chain.
//
// Fragments (section 6): a match on a port, flag or type does not hold for a later fragment, inverted or not, unless
// the rule is blind to fragments. A packet too short for what a match must read is dropped on the spot: it cannot be
// matched, and passing it would let it slip through.
//
// Without a recorder most rules are spared by a quick look at a necessary condition (screen.hpp); tests hold the two
// ways against each other.
#pragma once

#include "sim/firewall/explain.hpp"
#include "sim/firewall/facts.hpp"
#include "sim/firewall/rule_set.hpp"
#include "sim/firewall/screen.hpp"

#include <array>
#include <cassert>

namespace sim::firewall {

// The recorder that hears nothing and costs nothing.
struct Silent {};

enum class Fit : std::uint8_t { no, yes, unfit };  // unfit: drop on the spot

// `reads_octets` and `blind_to_fragments` are those of the rule.
Fit fit(const Match& match, const Facts& facts, bool blind_to_fragments, bool reads_octets = false);

// The reject that is meant when none was chosen.
constexpr RejectWith default_reject(std::uint8_t protocol) {
    return protocol == static_cast<std::uint8_t>(wire::Protocol::tcp) ? RejectWith::tcp_reset
                                                                      : RejectWith::port_unreachable;
}

namespace detail {

template <class Hearer>
inline constexpr bool hears = !std::is_same_v<std::remove_const_t<Hearer>, Silent>;

template <class Hearer>
Fit fit_rule(const Rule& rule, const Facts& facts, Hearer& hearer) {
    for (const Match& match : rule.matches) {
        const Fit one = fit(match, facts, rule.blind_to_fragments, rule.reads_octets);
        if constexpr (hears<Hearer>) hearer.checked(match, one == Fit::yes);
        if (one != Fit::yes) return one;
    }
    return Fit::yes;
}

// Where evaluation stands: the next rule of a chain, and the places that jumps will return to.
struct Cursor {
    std::uint32_t chain;
    std::uint32_t next;  // index into RuleSet::rules()
    std::uint32_t end;
};

inline Cursor start_of(const RuleSet& rules, ChainId id) {
    const Chain& chain = rules.chain(id);
    return {id.index, chain.first, chain.first + chain.count};
}

inline Verdict policy_verdict(const Policy& policy, const Facts& facts) {
    Verdict verdict{policy.action, Reason::no_rule_matched, std::nullopt, std::nullopt};
    if (policy.action == Action::reject) verdict.with = policy.with.value_or(default_reject(facts.protocol));
    return verdict;
}

inline Verdict target_verdict(RuleId id, const Target& target, const Facts& facts) {
    const Action action = target.kind == Target::Kind::accept ? Action::accept
                          : target.kind == Target::Kind::drop ? Action::drop
                                                              : Action::reject;
    Verdict verdict{action, Reason::rule, id, std::nullopt};
    if (action == Action::reject) verdict.with = target.with.value_or(default_reject(facts.protocol));
    return verdict;
}

class ReturnPlaces {
public:
    bool empty() const { return depth_ == 0; }
    void push(const Cursor& place) {
        assert(depth_ < places_.size() && "RuleSet::make bounds the depth of jumps");
        places_[depth_++] = place;
    }
    Cursor pop() { return places_[--depth_]; }

private:
    std::array<Cursor, RuleSet::jump_depth_max> places_;  // not initialised: only pushed places are read
    std::size_t depth_ = 0;
};

}  // namespace detail

// Judges a packet by one entry chain. Requires that chain to have a policy.
template <class Hearer>
Verdict evaluate(const RuleSet& rules, ChainId entry, const Facts& facts, Hearer& hearer) {
    using namespace detail;
    const Policy& policy = *rules.chain(entry).policy;
    Cursor at = start_of(rules, entry);
    ReturnPlaces places;
    const Screen* const screens = rules.screens().data();
    const bool screened = !hears<Hearer> && can_be_screened(facts);  // a hearer wishes to hear of every rule
    for (;;) {
        if (screened)
            while (at.next != at.end && !may_match(screens[at.next], facts)) ++at.next;
        if (at.next == at.end) {
            if (places.empty()) {
                if constexpr (hears<Hearer>) {
                    if (at.chain != entry.index) hearer.chain_end(ChainId{at.chain});
                    hearer.policy(entry);
                }
                return policy_verdict(policy, facts);
            }
            if constexpr (hears<Hearer>) hearer.chain_end(ChainId{at.chain});
            at = places.pop();
            continue;
        }
        const RuleId id{at.next++};
        const Rule& rule = rules.rule(id);
        if constexpr (hears<Hearer>) hearer.tried(id);
        const Fit result = fit_rule(rule, facts, hearer);
        if (result == Fit::no) continue;
        if (result == Fit::unfit) {
            if constexpr (hears<Hearer>) hearer.dropped_inside(id);
            return {Action::drop, Reason::malformed, std::nullopt, std::nullopt};
        }
        if constexpr (hears<Hearer>) {
            if (!rule.only_logs) hearer.matched(id);
            if (rule.log) hearer.logged(id);
        }
        switch (rule.target.kind) {
            case Target::Kind::none: break;
            case Target::Kind::accept:
            case Target::Kind::drop:
            case Target::Kind::reject: return target_verdict(id, rule.target, facts);
            case Target::Kind::jump: places.push(at); [[fallthrough]];
            case Target::Kind::go_to: at = start_of(rules, rule.target.chain); break;
            case Target::Kind::leave:
                if (places.empty()) {
                    if constexpr (hears<Hearer>) hearer.policy(entry);
                    return policy_verdict(policy, facts);
                }
                at = places.pop();
                break;
        }
    }
}

}  // namespace sim::firewall
