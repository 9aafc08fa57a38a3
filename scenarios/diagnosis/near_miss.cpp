#include "scenarios/diagnosis/near_miss.hpp"

#include "sim/firewall/evaluate.hpp"
#include "sim/firewall/probe.hpp"
#include "sim/wire/packet.hpp"

#include <algorithm>
#include <bitset>

namespace scenarios::diagnosis {
namespace {

using firewall::End;
using firewall::Fit;
using firewall::Match;
using firewall::Rule;
using firewall::RuleId;
using firewall::Side;

// A rule for more ports than this opens a region, not a port: it says nothing about what its writer wanted here.
constexpr std::uint32_t narrow_ports = 2048;
// Rules above a permit that are taken out, one after the other, to see whether it would be reached.
constexpr std::size_t denies_looked_through = 16;

bool narrow(const std::vector<wire::PortRange>& ranges, wire::Port port) {
    return std::any_of(ranges.begin(), ranges.end(), [port](const wire::PortRange& r) {
        return r.contains(port) && r.first.value + narrow_ports > r.last.value;
    });
}

// The end at which the rule names the port in a narrow range; nothing when it does not.
std::optional<End> names_port(const Rule& rule, wire::Port port) {
    std::optional<End> at_source;
    for (const Match& match : rule.matches) {
        const auto* ports = std::get_if<firewall::PortIn>(&match.what);
        if (ports == nullptr || match.inverted || !narrow(ports->ranges, port)) continue;
        if (ports->end != End::source) return ports->end;
        at_source = End::source;
    }
    return at_source;
}

bool holds(const Match& match, const wire::IpAddress& address) {
    const auto in_prefix = [&](const wire::Prefix& p) { return p.contains(address); };
    const auto in_range = [&](const firewall::AddressRange& r) { return r.contains(address); };
    bool inside = false;
    if (const auto* one = std::get_if<firewall::InPrefix>(&match.what)) inside = in_prefix(one->prefix);
    if (const auto* one = std::get_if<firewall::InRange>(&match.what)) inside = in_range(one->range);
    if (const auto* any = std::get_if<firewall::InAny>(&match.what))
        inside = std::any_of(any->prefixes.begin(), any->prefixes.end(), in_prefix) ||
                 std::any_of(any->ranges.begin(), any->ranges.end(), in_range);
    return inside != match.inverted;
}

// The end that an address match looks at; nothing for other matches.
std::optional<End> address_end(const Match& match) {
    if (const auto* one = std::get_if<firewall::InPrefix>(&match.what)) return one->end;
    if (const auto* one = std::get_if<firewall::InRange>(&match.what)) return one->end;
    if (const auto* any = std::get_if<firewall::InAny>(&match.what)) return any->end;
    return std::nullopt;
}

// What a rule asks that the packet does not have, by kind.
struct Missed {
    bool protocol = false, source_port = false, side = false, state = false, source = false, target = false,
         other = false;
    bool source_is_server = false;  // the address that is asked of the sender is the server's
    bool target_is_client = false;

    bool none() const { return !(protocol || source_port || side || state || source || target || other); }
    // Nothing is missed but what is named.
    bool only(bool Missed::*one) const {
        Missed rest = *this;
        rest.*one = false;
        return this->*one && rest.none();
    }
};

class Search {
public:
    Search(const Situation& situation, std::size_t box, const wire::Endpoint& server)
        : situation_(situation), box_(situation.boxes[box]), client_(situation.client), server_(server) {
        const runner::Way way = way_to(situation, situation.server_at(server.address), server.port);
        arrives_ = box < way.legs.size() ? way.legs[box] : runner::Way::Leg{client_, server_};
        client_ = arrives_.client;
        // Rules are asked when the target is translated, and the source is not yet.
        server_ = box + 1 < way.legs.size() ? way.legs[box + 1].server : way.server;
        const wire::TcpHeader header{
            .source = client_.port, .target = server_.port, .sequence = 1000, .flags = {wire::TcpFlags::syn}};
        octets_ = wire::emit_tcp(
            {.source = client_.address, .target = server_.address, .protocol = wire::Protocol::tcp, .hop_limit = 128},
            header);
        packet_.emplace(*wire::parse(octets_));
        subject_.packet = &*packet_;
        subject_.in_interface = box_.settings.client_side;
        subject_.out_interface = box_.settings.server_side;
        subject_.from = Side::client;
        subject_.label = firewall::Label::new_flow;
        subject_.direction = firewall::FlowSide::original;
        mark_reachable(Side::client, reachable_);
        mark_reachable(Side::server, from_server_);
    }

    std::optional<NearMiss> search() {
        if (auto late = reached_too_late()) return late;
        std::optional<NearMiss> best;
        for (std::uint32_t i = 0; i < box_.rules->rules().size(); ++i) {
            const auto near = near_rule(RuleId{i});
            if (near && (!best || near->miss < best->miss)) best = near;
        }
        return best;
    }

    std::optional<RuleId> on_the_wrong_side() const {
        for (std::uint32_t i = 0; i < box_.rules->rules().size(); ++i) {
            const Rule& rule = box_.rules->rule(RuleId{i});
            RuleId at{i};
            if (rule.target.kind == firewall::Target::Kind::accept && names_port(rule, server_.port) == End::target &&
                !reachable_[rule.chain.index] && from_server_[rule.chain.index] && missed_by(RuleId{i}, at).none())
                return RuleId{i};
        }
        return std::nullopt;
    }

private:
    // Chains that a packet forwarded from that side can meet.
    void mark_reachable(Side from, std::vector<bool>& chains) const {
        chains.assign(box_.rules->chains().size(), false);
        std::vector<std::uint32_t> open;
        const auto& [in, out] = from == Side::client ? std::pair{box_.settings.client_side, box_.settings.server_side}
                                                     : std::pair{box_.settings.server_side, box_.settings.client_side};
        for (const firewall::Binding& binding : box_.rules->bindings())
            if (binding.hook == firewall::Hook::forward && (!binding.from || *binding.from == from) &&
                (binding.in_interface.empty() || binding.in_interface == in) &&
                (binding.out_interface.empty() || binding.out_interface == out))
                open.push_back(binding.chain.index);
        while (!open.empty()) {
            const std::uint32_t chain = open.back();
            open.pop_back();
            if (chains[chain]) continue;
            chains[chain] = true;
            for (const Rule& rule : box_.rules->rules())
                if (rule.chain.index == chain && (rule.target.kind == firewall::Target::Kind::jump ||
                                                  rule.target.kind == firewall::Target::Kind::go_to))
                    open.push_back(rule.target.chain.index);
        }
    }

    std::optional<NearMiss> reached_too_late() const {
        firewall::SharedRules rules = box_.rules;
        std::vector<RuleId> original(rules->rules().size());
        for (std::uint32_t i = 0; i < original.size(); ++i) original[i] = RuleId{i};
        std::vector<RuleId> above;
        while (above.size() <= denies_looked_through) {
            const auto result = firewall::probe_tcp(rules, box_.settings, arrives_.client, arrives_.server);
            const firewall::Verdict verdict = result.packets.front().verdict;
            if (!verdict.rule) return std::nullopt;
            const RuleId decided = original[verdict.rule->index];
            if (verdict.action == firewall::Action::accept) {
                const bool meant = !above.empty() && names_port(box_.rules->rule(decided), server_.port).has_value();
                return meant ? std::optional(NearMiss{Miss::reached_too_late, decided, above}) : std::nullopt;
            }
            above.push_back(decided);
            rules = firewall::without_rule(*rules, *verdict.rule);
            original.erase(original.begin() + verdict.rule->index);
        }
        return std::nullopt;
    }

    // The jump that leads to a rule's chain; the first, where several do.
    std::optional<RuleId> jump_to(firewall::ChainId chain) const {
        for (std::uint32_t i = 0; i < box_.rules->rules().size(); ++i) {
            const firewall::Target& target = box_.rules->rule(RuleId{i}).target;
            if ((target.kind == firewall::Target::Kind::jump || target.kind == firewall::Target::Kind::go_to) &&
                target.chain == chain)
                return RuleId{i};
        }
        return std::nullopt;
    }

    // Adds what one rule of the way misses, and says whether it does.
    bool add_missed(const Rule& rule, Missed& missed) const {
        const firewall::Facts facts = firewall::facts_of(subject_);
        bool any = false;
        for (const Match& match : rule.matches) {
            if (firewall::fit(match, facts, rule.blind_to_fragments) == Fit::yes) continue;
            any = true;
            const auto end = address_end(match);
            if (std::holds_alternative<firewall::ProtocolIn>(match.what) ||
                std::holds_alternative<firewall::HasHeader>(match.what))
                missed.protocol = true;
            else if (const auto* ports = std::get_if<firewall::PortIn>(&match.what); ports != nullptr)
                // With another protocol no port fits; whether it would is known from names_port().
                missed.source_port =
                    missed.source_port || (ports->end == End::source && narrow(ports->ranges, server_.port));
            else if (std::holds_alternative<firewall::FromSide>(match.what) ||
                     std::holds_alternative<firewall::InterfaceIs>(match.what))
                missed.side = true;
            else if (std::holds_alternative<firewall::ConnectionIs>(match.what) ||
                     std::holds_alternative<firewall::AckOrRst>(match.what) ||
                     std::holds_alternative<firewall::FlagsAre>(match.what))
                missed.state = true;
            else if (end == End::source) {
                missed.source = true;
                missed.source_is_server = missed.source_is_server || (!match.inverted && holds(match, server_.address));
            } else if (end) {
                missed.target = true;
                missed.target_is_client = missed.target_is_client || (!match.inverted && holds(match, client_.address));
            } else
                missed.other = true;
        }
        return any;
    }

    // The rule together with the jumps that lead to it. `at` becomes the one that does not hold, the outermost first.
    Missed missed_by(RuleId rule, RuleId& at) const {
        Missed missed;
        add_missed(box_.rules->rule(rule), missed);
        std::optional<RuleId> jump = jump_to(box_.rules->rule(rule).chain);
        for (std::size_t depth = 0; jump && depth < firewall::RuleSet::jump_depth_max; ++depth) {
            if (add_missed(box_.rules->rule(*jump), missed)) at = *jump;
            jump = jump_to(box_.rules->rule(*jump).chain);
        }
        return missed;
    }

    bool is_udp(const Rule& rule) const {
        constexpr auto udp = static_cast<std::size_t>(wire::Protocol::udp);
        return std::any_of(rule.matches.begin(), rule.matches.end(), [](const Match& match) {
            const auto* protocol = std::get_if<firewall::ProtocolIn>(&match.what);
            return protocol != nullptr && protocol->numbers.test(udp) != match.inverted;
        });
    }

    bool serves_another_server(const Rule& rule) const {
        for (const ServerSituation& other : situation_.servers) {
            if (other.address == server_.address) continue;
            const bool fits = std::all_of(rule.matches.begin(), rule.matches.end(), [&](const Match& match) {
                return address_end(match) != End::target || holds(match, other.address);
            });
            if (fits) return true;
        }
        return false;
    }

    std::optional<NearMiss> near_rule(RuleId id) const {
        const Rule& rule = box_.rules->rule(id);
        if (rule.target.kind != firewall::Target::Kind::accept) return std::nullopt;
        const auto end = names_port(rule, server_.port);
        if (!end) return std::nullopt;
        RuleId at = id;
        const Missed missed = missed_by(id, at);
        const auto miss = *end == End::source ? miss_at_source(rule, missed) : miss_at_target(rule, missed);
        return miss ? std::optional(NearMiss{*miss, at, {}}) : std::nullopt;
    }

    // Where the addresses or the side are the server's it is a rule for answers, and right as it is.
    std::optional<Miss> miss_at_source(const Rule& rule, const Missed& missed) const {
        return missed.only(&Missed::source_port) && reachable_[rule.chain.index] ? std::optional(Miss::port_side)
                                                                                 : std::nullopt;
    }

    std::optional<Miss> miss_at_target(const Rule& rule, const Missed& missed) const {
        if (missed.protocol)
            return missed.only(&Missed::protocol) && is_udp(rule) ? std::optional(Miss::protocol) : std::nullopt;
        // Turned round: whatever address does not fit would fit the other end.
        const bool fits_reversed =
            (!missed.source || missed.source_is_server) && (!missed.target || missed.target_is_client);
        if ((missed.side || missed.source || missed.target) && fits_reversed && !missed.state && !missed.other)
            return Miss::direction;
        if (missed.none() || missed.only(&Missed::state)) {
            if (!reachable_[rule.chain.index]) return from_server_[rule.chain.index] ? Miss::direction : Miss::chain;
            return missed.none() ? std::nullopt : std::optional(Miss::answers_only);
        }
        if (missed.only(&Missed::target) && !serves_another_server(rule)) return Miss::target_address;
        if (missed.only(&Missed::source)) return Miss::source_address;
        return std::nullopt;
    }

    const Situation& situation_;
    const BoxSituation& box_;
    runner::Way::Leg arrives_;        // the packet as it comes to the box
    wire::Endpoint client_, server_;  // and as the rules see it
    sim::base::Bytes octets_;
    std::optional<wire::PacketView> packet_;
    firewall::Subject subject_;
    std::vector<bool> reachable_, from_server_;
};

}  // namespace

std::optional<firewall::RuleId> rule_on_the_wrong_side(const Situation& situation, std::size_t box,
                                                       const wire::Endpoint& server) {
    return Search(situation, box, server).on_the_wrong_side();
}

std::optional<NearMiss> near_miss(const Situation& situation, std::size_t box, const wire::Endpoint& server) {
    return Search(situation, box, server).search();
}

}  // namespace scenarios::diagnosis
