#include "scenarios/diagnosis/path.hpp"

#include "sim/firewall/exact/witness.hpp"
#include "sim/firewall/nat_way.hpp"

#include <algorithm>

namespace scenarios::diagnosis {
namespace {

using firewall::Side;

std::string written(const firewall::exact::Witness& packet) { return firewall::exact::format(packet); }

// A conversation at one filter of its way; nothing when it does not lead to the server.
std::optional<firewall::exact::ProbeResult> probe(const Situation& s, std::size_t box, const ServerSituation& server,
                                                  wire::Port port) {
    const runner::Way way = way_to(s, server, port);
    if (!leads_to(way, server, port)) return std::nullopt;
    return firewall::exact::probe_tcp(s.boxes[box].rules, s.boxes[box].settings, way.legs[box].client,
                                      way.legs[box].server);
}

// Where some rule of the filter changes its mind. Translation makes other addresses of these before it is asked.
std::vector<std::uint32_t> cuts_of(const Situation& s, const BoxSituation& box, const wire::IpAddress& server) {
    return s.translates() ? firewall::exact::port_cuts(*box.rules)
                          : firewall::exact::port_cuts(*box.rules, s.client.address, server);
}

// The parts of the ranges between which no rule of the set changes its mind.
std::vector<wire::PortRange> pieces(const std::vector<std::uint32_t>& cuts,
                                    const std::vector<wire::PortRange>& ranges) {
    std::vector<wire::PortRange> parts;
    for (const wire::PortRange& range : ranges) {
        std::uint32_t at = range.first.value;
        while (at <= range.last.value) {
            const auto cut = std::upper_bound(cuts.begin(), cuts.end(), at);
            const std::uint32_t end = cut == cuts.end() ? range.last.value + 1U : std::min(*cut, range.last.value + 1U);
            parts.push_back(
                {wire::Port{static_cast<std::uint16_t>(at)}, wire::Port{static_cast<std::uint16_t>(end - 1)}});
            at = end;
        }
    }
    return parts;
}

bool same_end(const firewall::exact::ProbePacket& a, const firewall::exact::ProbePacket& b) {
    return a.step == b.step && a.verdict == b.verdict && a.from == b.from;
}

// The first packet is what a rule opens a port for; whether answers come back is another question.
std::vector<Opened> opened_by_rules(const Situation& situation, const wire::IpAddress& address,
                                    wire::Protocol protocol) {
    std::vector<Opened> found;
    if (situation.boxes.empty()) return found;
    const ServerSituation& server = situation.server_at(address);
    std::vector<std::uint32_t> cuts;
    for (const BoxSituation& box : situation.boxes) {
        const auto of_box = cuts_of(situation, box, address);
        cuts.insert(cuts.end(), of_box.begin(), of_box.end());
    }
    std::sort(cuts.begin(), cuts.end());
    for (const wire::PortRange& piece : pieces(cuts, {{wire::Port{0}, wire::Port{65535}}})) {
        Opened opened{piece, {}};
        const runner::Way way = way_to(situation, server, piece.last, protocol);
        if (!way.arrives || way.server.address != server.address) continue;
        for (std::size_t box = 0; box < situation.boxes.size(); ++box) {
            const BoxSituation& here = situation.boxes[box];
            const firewall::Verdict verdict =
                firewall::exact::probe_question(here.rules, here.settings, protocol, way.legs[box].client,
                                                way.legs[box].server)
                    .verdict;
            if (verdict.action != firewall::Action::accept) break;
            // Without a rule nobody opened it on purpose: that box is no filter for it.
            if (verdict.rule) opened.rules.push_back(*verdict.rule);
        }
        if (opened.rules.size() == situation.boxes.size()) found.push_back(std::move(opened));
    }
    return found;
}

}  // namespace

std::vector<Blocked> blocked_by(const Situation& situation, std::size_t box, const wire::IpAddress& address,
                                const std::vector<wire::PortRange>& ports) {
    std::vector<Blocked> found;
    const ServerSituation& server = situation.server_at(address);
    const auto cuts = cuts_of(situation, situation.boxes[box], address);
    for (const wire::PortRange& piece : pieces(cuts, ports)) {
        const auto result = probe(situation, box, server, piece.last);
        const firewall::exact::ProbePacket* stopped = result ? result->stopped() : nullptr;
        if (stopped == nullptr || stopped->verdict.reason == firewall::Reason::no_way_there) continue;
        const auto same =
            std::find_if(found.begin(), found.end(), [&](const Blocked& b) { return same_end(b.stopped, *stopped); });
        if (same == found.end())
            found.push_back({box, {piece}, *stopped, piece.last});
        else
            same->ports.push_back(piece);
    }
    for (Blocked& blocked : found) blocked.ports = wire::normalized(std::move(blocked.ports));
    return found;
}

std::string packet_of(const Situation& situation, const wire::IpAddress& address, const Blocked& blocked) {
    const wire::Endpoint server{address, blocked.witness};
    if (blocked.stopped.step == firewall::exact::ProbeStep::question)
        return first_packet(situation, wire::Protocol::tcp, server);
    return written({.source = server,
                    .target = situation.client,
                    .flags = wire::TcpFlags::syn | wire::TcpFlags::ack,
                    .from = Side::server});
}

std::string first_packet(const Situation& situation, wire::Protocol protocol, const wire::Endpoint& server) {
    const bool tcp = protocol == wire::Protocol::tcp;
    return written({.protocol = static_cast<std::uint8_t>(protocol),
                    .source = situation.client,
                    .target = server,
                    .flags = static_cast<std::uint8_t>(tcp ? wire::TcpFlags::syn : 0),
                    .from = Side::client});
}

bool path_open(const Situation& situation, const wire::IpAddress& address, wire::Port port) {
    const ServerSituation& server = situation.server_at(address);
    for (std::size_t box = 0; box < situation.boxes.size(); ++box) {
        const auto result = probe(situation, box, server, port);
        if (!result || !result->passed()) return false;
    }
    return true;
}

std::vector<Opened> opened(const Situation& situation, const wire::IpAddress& server) {
    return opened_by_rules(situation, server, wire::Protocol::tcp);
}

std::vector<Opened> opened_udp(const Situation& situation, const wire::IpAddress& server) {
    return opened_by_rules(situation, server, wire::Protocol::udp);
}

std::vector<NoticeBlocked> notice_blocked(const Situation& situation) {
    std::vector<NoticeBlocked> found;
    // The server calls from a port of its dynamic range (likely) to one that the client's Windows handed out.
    const auto& range = situation.servers.front().policy.pool.windows_range;
    wire::Endpoint from{situation.servers.front().address, range.last}, to = situation.client;
    for (std::size_t i = situation.boxes.size(); i-- > 0;) {
        const BoxSituation& box = situation.boxes[i];
        const auto result = firewall::exact::probe_udp(box.rules, box.settings, to, from, Side::server);
        if (const auto* stopped = result.stopped())
            found.push_back(
                {i, *stopped, written({.protocol = 17, .source = from, .target = to, .flags = 0, .from = Side::server})});
        const auto way = firewall::nat_way(box.rules, box.settings, wire::Protocol::udp, from, to, Side::server);
        from = way.source;
        to = way.target;
    }
    return found;
}

}  // namespace scenarios::diagnosis
