#include "sim/firewall/import/native_form.hpp"

#include "sim/firewall/explain.hpp"

#include <algorithm>
#include <utility>

namespace sim::firewall::import {
namespace {

using wire::Protocol;

constexpr std::uint8_t number(Protocol p) { return static_cast<std::uint8_t>(p); }

// One rule, match by match; the first match that native rules cannot say is the reason why the rule has no form.
class Translator {
public:
    Translator(const Rule& rule, std::optional<wire::Family> family, Direction direction)
        : rule_(rule), family_(family) {
        made_.protocol = NativeProtocol::any;
        made_.direction = direction;
    }

    // Empty: translated.
    std::string translate() {
        if (rule_.blind_to_fragments) return "later fragments satisfy its ports";
        for (const Match& match : rule_.matches) {
            if (match.inverted) return "it asks for the opposite: " + describe(match);
            std::string why = std::visit(*this, match.what);
            if (!why.empty()) return why;
        }
        if (rule_.log) return "it writes a log of its own";
        const bool ports = !made_.ports.empty() || !made_.from_ports.empty() || made_.acknowledged;
        if (ports != header_) return ports ? "its ports count even in a header that is cut" : "it wants a whole header";
        if (ports && made_.protocol == NativeProtocol::any) return "it has ports without a protocol";
        return bind_family();
    }
    NativeRule take() { return std::move(made_); }

    std::string operator()(const InPrefix& m) { return address(m.end, {{m.prefix}, {}}); }
    std::string operator()(const InRange& m) {
        if (m.range.high < m.range.low) return "its range of addresses is empty";
        return address(m.end, {{}, {m.range}});
    }
    std::string operator()(const InAny& m) { return address(m.end, {m.prefixes, m.ranges}); }
    std::string operator()(const InterfaceIs&) { return "it asks for an interface"; }
    std::string operator()(const FromSide& m) {
        const Direction wanted = m.side == Side::client ? Direction::to_server : Direction::to_client;
        if (made_.direction != Direction::both && made_.direction != wanted) return "no packet goes both ways at once";
        made_.direction = wanted;
        return {};
    }
    std::string operator()(const FamilyIs& m) {
        if (family_ && *family_ != m.family) return "no packet has both versions of IP";
        family_ = m.family;
        return {};
    }
    std::string operator()(const ProtocolIn& m) {
        if (made_.protocol != NativeProtocol::any || m.numbers.all()) return "it asks for its protocol in parts";
        if (m == ProtocolIn::only(number(Protocol::tcp))) return protocol(NativeProtocol::tcp);
        if (m == ProtocolIn::only(number(Protocol::udp))) return protocol(NativeProtocol::udp);
        if (m == ProtocolIn::only(number(Protocol::icmp)) || m == ProtocolIn::only(number(Protocol::icmpv6)))
            return "a native rule for ICMP takes that of both versions of IP";
        return "its protocol has no name here";
    }
    std::string operator()(const HasHeader& m) {
        const bool fits = (m.protocol == Protocol::tcp && made_.protocol == NativeProtocol::tcp) ||
                          (m.protocol == Protocol::udp && made_.protocol == NativeProtocol::udp);
        header_ = true;
        return fits ? "" : "it wants the header of another protocol";
    }
    std::string operator()(const PortIn& m) {
        if (m.end == End::either) return "it takes a port of either end";
        std::vector<wire::PortRange>& ports = m.end == End::source ? made_.from_ports : made_.ports;
        if (!ports.empty() || m.ranges.empty()) return "it asks twice for its ports";
        if (!header_) return "its ports count even in a header that is cut";
        ports = m.ranges;
        return {};
    }
    std::string operator()(const FlagsAre&) { return "it asks for TCP flags"; }
    std::string operator()(const AckOrRst&) {
        made_.acknowledged = true;
        return made_.protocol == NativeProtocol::tcp ? "" : "it asks for TCP flags";
    }
    std::string operator()(const IcmpIs&) { return "it asks for a type of ICMP"; }
    std::string operator()(const ConnectionIs&) { return "it asks for the state of a connection"; }
    std::string operator()(const LaterFragment&) { return "it asks for fragments"; }
    std::string operator()(const InterfaceIn&) { return "it asks for an interface"; }
    std::string operator()(const FirstHeaderIn&) { return "it asks for the first header of IPv6"; }
    std::string operator()(const AnyPortIn&) { return "it asks for ports whatever the protocol"; }
    std::string operator()(const FlagsOneOf&) { return "it asks for TCP flags"; }
    std::string operator()(const IcmpFieldIn&) { return "it asks for a type of ICMP"; }
    std::string operator()(const FragmentFieldIn&) { return "it asks for fragments"; }

private:
    std::string protocol(NativeProtocol p) {
        made_.protocol = p;
        return {};
    }
    std::string address(End end, AddressSet set) {
        if (end == End::either) return "it takes an address of either end";
        AddressSet& place = end == End::source ? made_.from : made_.to;
        if (!place.empty()) return "it asks twice for the same address";
        place = std::move(set);
        return {};
    }
    std::string bind_family() {
        if (family_ && made_.from.empty() && made_.to.empty()) made_.from.prefixes = {wire::Prefix::any(*family_)};
        return {};
    }

    const Rule& rule_;
    std::optional<wire::Family> family_;
    NativeRule made_;
    bool header_ = false;
};

std::optional<Action> action_of(const Target& target, const Policy& policy) {
    switch (target.kind) {
        case Target::Kind::accept: return Action::accept;
        case Target::Kind::drop: return Action::drop;
        case Target::Kind::reject: return Action::reject;
        case Target::Kind::leave: return policy.action;  // of an entry chain
        default: return std::nullopt;
    }
}

class Former {
public:
    explicit Former(const RuleSet& rules) : rules_(rules) {}

    NativeForm form() {
        form_.rules.name = rules_.name();
        form_.rules.stateful = false;
        form_.rules.default_action = Action::drop;
        if (rules_.tracking() != Tracking::off) whole("connections are tracked");
        std::vector<const Binding*> ways;
        for (const Binding& binding : rules_.bindings())
            if (binding.hook == Hook::forward) ways.push_back(&binding);
        const bool one_for_both = ways.size() == 1 && !ways[0]->from;
        const bool one_each = ways.size() == 2 && ways[0]->from && ways[1]->from && ways[0]->from != ways[1]->from;
        const bool one_way = ways.size() == 1 && ways[0]->from;
        if (!one_for_both && !one_each && !one_way) {
            whole("which rules a packet meets is not a matter of its way between client and server");
            return std::move(form_);
        }
        for (const Binding* way : ways) {
            if (!way->in_interface.empty() || !way->out_interface.empty()) whole("lists are bound to interfaces");
            add_chain(*way);
        }
        if (one_way && rules_.unbound_passes())
            add_default({Action::accept, {}},
                        way_of(*ways[0]) == Direction::to_server ? Direction::to_client : Direction::to_server);
        if (rejects_ && output_may_hold_back()) whole("chain OUTPUT may hold back the answer of a reject");
        return std::move(form_);
    }

private:
    // Whether a match of the rule must read a header, and drops what it cannot read.
    static bool may_drop_inside(const Rule& rule) {
        return std::any_of(rule.matches.begin(), rule.matches.end(), [](const Match& match) {
            return std::holds_alternative<HasHeader>(match.what) || std::holds_alternative<PortIn>(match.what) ||
                   std::holds_alternative<FlagsAre>(match.what) || std::holds_alternative<AckOrRst>(match.what) ||
                   std::holds_alternative<IcmpIs>(match.what);
        });
    }
    static Direction way_of(const Binding& binding) {
        if (!binding.from) return Direction::both;
        return *binding.from == Side::client ? Direction::to_server : Direction::to_client;
    }
    void whole(std::string why) { form_.obstacles.push_back({std::nullopt, std::move(why)}); }

    void add_chain(const Binding& binding) {
        const Chain& chain = rules_.chain(binding.chain);
        for (std::uint32_t i = chain.first; i < chain.first + chain.count; ++i)
            add_rule(RuleId{i}, *chain.policy, way_of(binding));
        add_default(*chain.policy, way_of(binding));
    }
    void add_rule(RuleId id, const Policy& policy, Direction direction) {
        const Rule& rule = rules_.rule(id);
        if (rule.target.kind == Target::Kind::none && !rule.log && !may_drop_inside(rule)) return;  // it only counts
        const auto action = action_of(rule.target, policy);
        if (!action) {
            const bool jumps = rule.target.kind == Target::Kind::jump || rule.target.kind == Target::Kind::go_to;
            form_.obstacles.push_back({id, jumps      ? "it goes to another chain"
                                           : rule.log ? "it writes a log and decides nothing"
                                                      : "it decides nothing, but drops what it cannot read"});
            return;
        }
        Translator translator(rule, rules_.family(), direction);
        if (std::string why = translator.translate(); !why.empty()) {
            form_.obstacles.push_back({id, std::move(why)});
            return;
        }
        NativeRule made = translator.take();
        made.action = *action;
        made.with = rule.target.kind == Target::Kind::leave ? policy.with : rule.target.with;
        made.origin = rules_.origin(id);
        rejects_ = rejects_ || *action == Action::reject;
        add(std::move(made));
    }
    // What no rule decided: the native default is to drop, so only another policy needs a rule.
    void add_default(const Policy& policy, Direction direction) {
        if (policy.action == Action::drop) return;
        NativeRule rest;
        rest.action = policy.action;
        rest.with = policy.with;
        rest.protocol = NativeProtocol::any;
        rest.direction = direction;
        if (rules_.family()) rest.from.prefixes = {wire::Prefix::any(*rules_.family())};
        rest.origin.note = "what no rule decided";
        rejects_ = rejects_ || policy.action == Action::reject;
        add(std::move(rest));
    }
    void add(NativeRule rule) {
        rule.origin.text = format(rule);
        form_.rules.rules.push_back(std::move(rule));
    }

    bool output_may_hold_back() const {
        for (const Binding& binding : rules_.bindings()) {
            if (binding.hook != Hook::output) continue;
            const Chain& chain = rules_.chain(binding.chain);
            if (chain.count != 0 || chain.policy->action != Action::accept) return true;
        }
        return false;
    }

    const RuleSet& rules_;
    NativeForm form_;
    bool rejects_ = false;
};

}  // namespace

NativeForm native_form(const RuleSet& rules) { return Former(rules).form(); }

}  // namespace sim::firewall::import
