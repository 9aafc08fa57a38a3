#include "sim/firewall/nat_way.hpp"

#include <algorithm>
#include <array>

namespace sim::firewall {
namespace {

// The same translations, and a filter that lets everything through.
SharedRules only_translating(const RuleSet& rules) {
    Draft draft;
    draft.name = rules.name();
    draft.dialect = rules.dialect();
    draft.tracking = rules.tracking() == Tracking::off ? Tracking::off : Tracking::labels;
    draft.nat = rules.nat();
    draft.chains.push_back({.name = "everything", .policy = Policy{Action::accept}, .rules = {}});
    draft.bindings.push_back({.hook = Hook::forward, .chain = ChainId{0}});
    return *RuleSet::make(std::move(draft));  // one chain without rules has nothing that could be wrong
}

base::Bytes first_packet(wire::Protocol protocol, const wire::Endpoint& source, const wire::Endpoint& target) {
    const wire::IpHeader ip{.source = source.address, .target = target.address, .protocol = protocol, .hop_limit = 128};
    if (protocol == wire::Protocol::udp) return wire::emit_udp(ip, {source.port, target.port});
    return wire::emit_tcp(
        ip, {.source = source.port, .target = target.port, .sequence = 1000, .flags = {wire::TcpFlags::syn}});
}

// An address that a rule asks of its packets' target, and a port that it asks for.
struct Candidate {
    wire::IpAddress address;
    wire::Port port{135};
};

std::vector<Candidate> candidates(const RuleSet& nat, const Firewall::Settings& settings) {
    std::vector<Candidate> found;
    for (const Rule& rule : nat.rules()) {
        std::vector<wire::IpAddress> addresses;
        std::vector<wire::Port> ports{wire::Port{135}};
        for (const Match& match : rule.matches) {
            if (match.inverted) continue;
            if (const auto* in = std::get_if<InPrefix>(&match.what); in != nullptr && in->end == End::target) {
                const int whole = in->prefix.family() == wire::Family::ipv4 ? 32 : 128;
                if (in->prefix.length() == whole) addresses.push_back(in->prefix.address());
            }
            if (const auto* in = std::get_if<InRange>(&match.what); in != nullptr && in->end == End::target)
                addresses.push_back(in->range.low);
            if (const auto* in = std::get_if<PortIn>(&match.what); in != nullptr && in->end == End::target)
                for (const wire::PortRange& range : in->ranges) ports.push_back(range.first);
        }
        for (const wire::IpAddress& address : addresses)
            for (const wire::Port port : ports) found.push_back({address, port});
    }
    // "-i eth0 -p tcp --dport 135 -j DNAT" names no address: it means the box's own.
    for (const wire::IpAddress& own : settings.client_side_addresses) found.push_back({own});
    return found;
}

}  // namespace

NatWay nat_way(const SharedRules& rules, const Firewall::Settings& settings, wire::Protocol protocol,
               const wire::Endpoint& source, const wire::Endpoint& target, Side from) {
    NatWay way{source, target};
    if (!rules->nat()) return way;
    Firewall::Settings open = settings;
    open.unknown_to_clients.clear();
    open.unknown_to_servers.clear();
    Firewall box(only_translating(*rules), std::move(open));
    const Passage passage = box.judge(first_packet(protocol, source, target), from, base::time_zero);
    way.by = passage.translated_by;
    way.ends_here = passage.verdict.action != Action::accept;
    if (!passage.translated) return way;
    if (const auto view = wire::parse(*passage.translated)) {
        way.source = view->source();
        way.target = view->target();
    }
    return way;
}

std::optional<wire::IpAddress> outside_address(const SharedRules& rules, const Firewall::Settings& settings,
                                               const wire::IpAddress& client, const wire::IpAddress& server) {
    if (!rules->nat()) return std::nullopt;
    for (const Candidate& candidate : candidates(*rules->nat(), settings)) {
        if (candidate.address.family() != client.family() || candidate.address == server) continue;
        const NatWay way = nat_way(rules, settings, wire::Protocol::tcp, {client, wire::Port{1037}},
                                   {candidate.address, candidate.port});
        if (!way.ends_here && way.target.address == server) return candidate.address;
    }
    return std::nullopt;
}

bool is_private(const wire::IpAddress& a) {
    if (!a.is_v4()) return (a.high() >> 57U) == 0xfcU >> 1U;
    static constexpr std::array nets{wire::Prefix::of(wire::IpAddress::v4(10, 0, 0, 0), 8),
                                     wire::Prefix::of(wire::IpAddress::v4(172, 16, 0, 0), 12),
                                     wire::Prefix::of(wire::IpAddress::v4(192, 168, 0, 0), 16),
                                     wire::Prefix::of(wire::IpAddress::v4(100, 64, 0, 0), 10),
                                     wire::Prefix::of(wire::IpAddress::v4(169, 254, 0, 0), 16)};
    return std::any_of(nets.begin(), nets.end(), [&](const wire::Prefix& net) { return net.contains(a); });
}

}  // namespace sim::firewall
