#include "scenarios/diagnosis/nat_faults.hpp"

#include "scenarios/diagnosis/path.hpp"
#include "sim/firewall/exact/probe.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace scenarios::diagnosis {
namespace {

Evidence nat_evidence(const BoxSituation& box, firewall::RuleId rule, std::string_view says) {
    const firewall::RuleSet& nat = *box.rules->nat();
    return {fmt::format("{}, {} of {}: {}", says, nat.label(rule), box.name, nat.origin(rule).text),
            nat.origin(rule).place};
}

class Search {
public:
    Search(const Situation& situation, const Need& need)
        : situation_(situation), server_(situation.servers[need.server]), name_(name_of(situation, need)) {}

    Findings search(const std::vector<wire::PortRange>& ports) {
        if (auto found = private_address()) return {std::move(*found)};
        std::vector<wire::PortRange> missing, elsewhere;
        for (const wire::PortRange& piece : pieces(ports)) {
            const runner::Way way = way_to(situation_, server_, piece.last);
            if (leads_to(way, server_, piece.last)) continue;
            const bool untouched = way.server == wire::Endpoint{server_.known_as, piece.last};
            (untouched || !way.arrives ? missing : elsewhere).push_back(piece);
        }
        Findings found;
        if (!missing.empty()) found.push_back(port_missing(wire::normalized(std::move(missing))));
        if (!elsewhere.empty()) found.push_back(leads_elsewhere(wire::normalized(std::move(elsewhere))));
        return found;
    }

private:
    // The parts of the ranges that no rule of any filter tells apart.
    std::vector<wire::PortRange> pieces(const std::vector<wire::PortRange>& ports) const {
        std::vector<std::uint32_t> cuts;
        for (const BoxSituation& box : situation_.boxes) {
            const auto own = firewall::exact::port_cuts(*box.rules);
            cuts.insert(cuts.end(), own.begin(), own.end());
        }
        std::sort(cuts.begin(), cuts.end());
        std::vector<wire::PortRange> parts;
        for (const wire::PortRange& range : ports)
            for (std::uint32_t at = range.first.value; at <= range.last.value;) {
                const auto cut = std::upper_bound(cuts.begin(), cuts.end(), at);
                const std::uint32_t end =
                    cut == cuts.end() ? range.last.value + 1U : std::min(*cut, range.last.value + 1U);
                parts.push_back(
                    {wire::Port{static_cast<std::uint16_t>(at)}, wire::Port{static_cast<std::uint16_t>(end - 1)}});
                at = end;
            }
        return parts;
    }

    const BoxSituation& translating_box() const {
        return *std::find_if(situation_.boxes.begin(), situation_.boxes.end(),
                             [](const BoxSituation& box) { return box.rules->translates(); });
    }

    // The client asks for an address that the network on its side has no way to.
    std::optional<Finding> private_address() const {
        for (const BoxSituation& box : situation_.boxes) {
            const auto& unknown = box.settings.unknown_to_clients;
            if (std::find(unknown.begin(), unknown.end(), server_.known_as) == unknown.end()) continue;
            Finding found = finding(
                "server-address-private", Effect::breaks,
                fmt::format("the client knows {} as {}, which is its private address behind {}: there is no way to it "
                            "from outside",
                            server_.name, server_.known_as.format(), box.name));
            found.witness =
                first_packet(situation_, wire::Protocol::tcp, {server_.known_as, server_.mapper});
            found.evidence.push_back(
                {fmt::format("the name {} resolves to {} at the client", server_.name, server_.known_as.format()), {}});
            const auto outside =
                firewall::outside_address(box.rules, box.settings, situation_.client.address, server_.known_as);
            found.mend.push_back(fmt::format("let the name {} resolve to {} at these clients (HOSTS, DNS or WINS)",
                                             server_.name,
                                             outside ? outside->format() : std::string("its public address")));
            return found;
        }
        return std::nullopt;
    }

    // "the endpoint mapper itself is led to the server by ..."
    void add_mapper_rule(Finding& found) const {
        const runner::Way way = way_to(situation_, server_, fakeserver::mapper_port);
        if (!leads_to(way, server_, fakeserver::mapper_port)) return;
        const BoxSituation& box = situation_.boxes[way.by_box];
        for (const firewall::RuleId rule : way.by)
            if (box.rules->nat()->translation(rule)->end == firewall::End::target)
                found.evidence.push_back(nat_evidence(box, rule, "leads TCP 135 to the server"));
    }

    Finding port_missing(const std::vector<wire::PortRange>& ports) const {
        const BoxSituation& box = translating_box();
        const std::string shown = wire::format(ports);
        Finding found =
            finding("nat-port-missing", Effect::breaks,
                    fmt::format("{} of {} answers on TCP {}, and {} leads no connection for that port of {} "
                                "to it",
                                name_, server_.name, shown, box.name, server_.known_as.format()));
        found.witness = first_packet(situation_, wire::Protocol::tcp, {server_.known_as, ports.front().first});
        add_mapper_rule(found);
        found.mend.push_back(fmt::format("translate TCP {} of {} to {} in {}, with the same port", shown,
                                         server_.known_as.format(), server_.address.format(), box.name));
        found.mend.push_back(
            fmt::format("or give {} a public address of its own, all ports of it", server_.address.format()));
        return found;
    }

    Finding leads_elsewhere(const std::vector<wire::PortRange>& ports) const {
        const runner::Way way = way_to(situation_, server_, ports.front().last);
        const BoxSituation& box = situation_.boxes[way.by_box];
        Finding found =
            finding("nat-leads-elsewhere", Effect::breaks,
                    fmt::format("{} of {} answers on TCP {}, and {} leads connections for that port of {} to {}", name_,
                                server_.name, wire::format(ports), box.name, server_.known_as.format(),
                                wire::format(way.server)));
        found.witness = first_packet(situation_, wire::Protocol::tcp, {server_.known_as, ports.front().last});
        for (const firewall::RuleId rule : way.by) found.evidence.push_back(nat_evidence(box, rule, "leads it there"));
        found.mend.push_back(
            fmt::format("translate TCP {} of {} to {} with the same port: clients ask for the port that "
                        "the endpoint mapper names",
                        wire::format(ports), server_.known_as.format(), server_.address.format()));
        return found;
    }

    const Situation& situation_;
    const ServerSituation& server_;
    std::string name_;
};

}  // namespace

Findings nat_findings(const Situation& situation, const Need& need, const std::vector<wire::PortRange>& ports) {
    if (!situation.translates()) return {};
    return Search(situation, need).search(ports);
}

Finding notice_to_private_address(const Situation& situation, const BoxSituation& box) {
    Finding found = finding("notice-to-private-address", Effect::breaks,
                            fmt::format("new mail is announced to {}, the address that the client names in its "
                                        "registration, and beyond {} nobody has a way to it",
                                        situation.client.address.format(), box.name));
    found.evidence.push_back({fmt::format("{} translates the client's address, but not the one inside of the "
                                          "registration",
                                          box.name),
                              {}});
    found.mend = {
        "live without the notice: new items show when the view is refreshed (Q270065)",
        fmt::format("or reach the server without translation, for example through a tunnel past {}", box.name)};
    return found;
}

}  // namespace scenarios::diagnosis
