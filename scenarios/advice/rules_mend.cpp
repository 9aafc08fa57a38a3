#include "scenarios/advice/rules_mend.hpp"

#include "scenarios/diagnosis/path.hpp"
#include "scenarios/diagnosis/wide_open.hpp"
#include "scenarios/runner/stage_parts.hpp"
#include "sim/firewall/native_text.hpp"

#include <algorithm>

namespace scenarios::advice {
namespace {

using diagnosis::Need;
using sim::firewall::MendTask;
using sim::firewall::NeededFlow;

const wire::PortRange client_ports{wire::Port{1024}, wire::Port{65535}};
// A rule for fewer ports names them on purpose.
constexpr std::uint32_t a_few = 16;

// Whom new rules are for: the network that a rule of this filter names already for this client, else its /24 or /64
// (likely the branch). Where the rules ask nobody who he is, neither do the new ones.
wire::Prefix clients_of(const diagnosis::BoxSituation& box, const wire::IpAddress& client) {
    std::optional<wire::Prefix> named;
    bool anybody = false;
    for (const auto& rule : box.rules->rules()) {
        if (rule.target.kind != sim::firewall::Target::Kind::accept) continue;
        bool asks_ports = false;
        bool asks_source = false;
        for (const auto& match : rule.matches) {
            if (std::holds_alternative<sim::firewall::PortIn>(match.what)) asks_ports = true;
            const auto* prefix = std::get_if<sim::firewall::InPrefix>(&match.what);
            if (prefix == nullptr || prefix->end != sim::firewall::End::source || match.inverted) continue;
            asks_source = true;
            if (prefix->prefix.contains(client) && (!named || prefix->prefix.length() > named->length()))
                named = prefix->prefix;
        }
        anybody = anybody || (asks_ports && !asks_source);
    }
    if (named) return *named;
    if (anybody) return wire::Prefix::any(client.family());
    return wire::Prefix::of(client, client.is_v4() ? 24 : 64);
}

std::string note_of(fakeserver::Service service, fakeserver::ExchangeVersion version) {
    const auto* traits = fakeserver::traits_of(version, service);
    std::string title = traits == nullptr ? std::string("Exchange") : std::string(traits->title);
    if (title.starts_with("Microsoft ")) title.erase(0, 10);
    return title;
}

// Ports that rules open on purpose and that something has: well-known services, other listeners, services not asked
// for.
std::vector<wire::PortRange> worth_keeping(const diagnosis::Situation& situation) {
    std::vector<wire::PortRange> kept;
    for (const diagnosis::ServerSituation& server : situation.servers) {
        for (const diagnosis::Opened& one : diagnosis::opened(situation, server.address))
            if (one.ports.last.value < 1024 && one.ports.first.value + a_few > one.ports.last.value)
                kept.push_back(one.ports);
        for (const wire::Port port : fakeserver::other_listeners(server.policy.conditions))
            kept.push_back(wire::PortRange::only(port));
        for (const fakeserver::ServicePlan& plan : server.on_disk.plans)
            if (plan.kind == fakeserver::PlanKind::fixed) kept.push_back(wire::PortRange::only(plan.port));
    }
    return wire::normalized(std::move(kept));
}

}  // namespace

MendTask task_for(const diagnosis::Situation& situation, std::size_t firewall, const std::vector<Need>& needs,
                  const std::vector<std::vector<Placement>>& placements) {
    const diagnosis::BoxSituation& box = situation.boxes[firewall];
    MendTask task;
    task.settings = box.settings;
    task.close_excess = true;
    task.may_stay_tcp = worth_keeping(situation);
    const wire::IpAddress client = situation.client.address;
    const wire::Prefix clients = clients_of(box, client);
    const auto add = [&](const wire::IpAddress& server, std::vector<wire::PortRange> ports, std::string note) {
        NeededFlow flow;
        flow.client = client;
        flow.clients = clients;
        flow.server = server;
        flow.ports = std::move(ports);
        flow.note = std::move(note);
        task.needed.push_back(std::move(flow));
    };
    std::vector<wire::PortRange> moved;
    for (const Need& need : needs) {
        const diagnosis::ServerSituation& server = situation.servers[need.server];
        if (need.is_mapper()) {
            add(server.address, need.ports, "RPC endpoint mapper");
            continue;
        }
        for (const Placement& placement : placements[need.server]) {
            if (placement.service != *need.service) continue;
            // The port that a moved service leaves behind serves nobody.
            if (placement.changed) moved.push_back(wire::PortRange::only(server.on_disk.plan(placement.service).port));
            // A filter that reads the mapper's answers opens the port by itself.
            if (!box.settings.inspect_dcerpc)
                add(server.address, placement.ports, note_of(placement.service, server.policy.conditions.version));
        }
    }
    task.may_stay_tcp = runner::without(task.may_stay_tcp, moved);
    if (diagnosis::needs_notice(situation)) {
        add(situation.servers.front().address, {client_ports}, "new-mail notice");
        task.needed.back().protocol = wire::Protocol::udp;
        task.needed.back().from = sim::firewall::Side::server;
    }
    return task;
}

base::Result<RulesMend, std::string> mend_rules(const diagnosis::Situation& situation, std::size_t firewall,
                                                const MendTask& task) {
    const runner::FirewallSetup& setup = *situation.boxes[firewall].setup;
    std::vector<wire::IpAddress> servers;
    for (const diagnosis::ServerSituation& server : situation.servers) servers.push_back(server.address);
    const auto settings = runner::native_rules_of(setup, setup.rules, servers);
    RulesMend mend;
    mend.firewall = firewall;
    base::Result<sim::firewall::MendedRules, std::string> mended = base::failure(std::string());
    if (setup.rules.source == runner::RuleSource::import_file) {
        const base::SourceText source(setup.rules.file->path, *setup.rules.file->text);
        const auto format = runner::import_format_of(setup.rules);
        mend.syntax = format == sim::firewall::ImportFormat::iptables ? "iptables-save" : "Cisco IOS access lists";
        mended = sim::firewall::mend_import(source, *format, runner::import_options_of(setup.rules), task);
    } else {
        const bool in_a_file = setup.rules.source == runner::RuleSource::native_file;
        const base::SourceText source(in_a_file ? setup.rules.file->path : setup.name.value + ".rules",
                                      in_a_file ? *setup.rules.file->text : sim::firewall::format(settings));
        mend.syntax = "native rules";
        mended = sim::firewall::mend_native(settings, source, task);
    }
    if (!mended) return base::failure(situation.boxes[firewall].name + ": " + std::string(mended.error()));
    mend.text = std::move(mended->text);
    mend.edits = std::move(mended->edits);
    return mend;
}

}  // namespace scenarios::advice
