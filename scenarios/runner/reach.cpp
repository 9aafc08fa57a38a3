#include "scenarios/runner/reach.hpp"

#include "sim/firewall/firewall.hpp"
#include "sim/firewall/probe.hpp"
#include "sim/firewall/rule_set.hpp"
#include "sim/wire/packet.hpp"

#include <algorithm>
#include <cstdint>

namespace scenarios::runner {
namespace {

constexpr wire::Port client_port = firewall::calling_port;

// The ports at which some rule of some box changes its mind. Between two of them all ports are treated alike.
std::vector<std::uint32_t> boundaries(const std::vector<std::shared_ptr<const firewall::RuleSet>>& rules) {
    std::vector<std::uint32_t> cuts;
    for (const auto& set : rules) {
        const std::vector<std::uint32_t> own = firewall::port_cuts(*set);
        cuts.insert(cuts.end(), own.begin(), own.end());
    }
    if (cuts.empty()) cuts = {0, 65536};
    std::sort(cuts.begin(), cuts.end());
    cuts.erase(std::unique(cuts.begin(), cuts.end()), cuts.end());
    return cuts;
}

base::Bytes first_packet(const wire::IpAddress& from, const wire::IpAddress& to, wire::Protocol protocol,
                         wire::Port port) {
    const wire::IpHeader ip{.source = from, .target = to, .protocol = protocol, .hop_limit = 128};
    if (protocol == wire::Protocol::udp) return wire::emit_udp(ip, {.source = client_port, .target = port});
    wire::TcpHeader tcp;
    tcp.source = client_port;
    tcp.target = port;
    tcp.sequence = 1;
    tcp.flags = {wire::TcpFlags::syn};
    return wire::emit_tcp(ip, tcp);
}

// Whether the packet gets through to one of the servers.
bool passes(const StagedVariant& variant, const std::vector<std::shared_ptr<const firewall::RuleSet>>& rules,
            base::Bytes packet) {
    for (std::size_t i = 0; i < rules.size(); ++i) {
        firewall::Firewall box(rules[i], variant.plan.firewalls[i].settings);
        firewall::Passage passage = box.judge(packet, firewall::Side::client, base::time_zero);
        if (passage.verdict.action != firewall::Action::accept) return false;
        if (passage.translated) packet = std::move(*passage.translated);
    }
    const auto arrived = wire::parse(packet);
    return arrived && std::any_of(variant.servers.begin(), variant.servers.end(),
                                  [&](const StagedServer& server) { return server.address == arrived->ip.target; });
}

}  // namespace

Reach reach(const StagedVariant& variant, const std::vector<std::shared_ptr<const firewall::RuleSet>>& rules) {
    Reach open;
    const std::vector<std::uint32_t> cuts = boundaries(rules);
    const wire::IpAddress client = variant.plan.client.addresses.front();
    for (const StagedServer& server : variant.servers) {
        for (std::size_t i = 0; i + 1 < cuts.size(); ++i) {
            const wire::PortRange piece{wire::Port{static_cast<std::uint16_t>(cuts[i])},
                                        wire::Port{static_cast<std::uint16_t>(cuts[i + 1] - 1)}};
            // The last port stands for the piece: port 0, which no program has, may be its first.
            if (passes(variant, rules, first_packet(client, server.known_as, wire::Protocol::tcp, piece.last)))
                open.tcp.push_back(piece);
            if (passes(variant, rules, first_packet(client, server.known_as, wire::Protocol::udp, piece.last)))
                open.udp.push_back(piece);
        }
    }
    open.tcp = wire::normalized(std::move(open.tcp));
    open.udp = wire::normalized(std::move(open.udp));
    return open;
}

Reach reach(const StagedVariant& variant) {
    std::vector<std::shared_ptr<const firewall::RuleSet>> rules;
    for (const auto& box : variant.plan.firewalls) rules.push_back(box.rules);
    return reach(variant, rules);
}

}  // namespace scenarios::runner
