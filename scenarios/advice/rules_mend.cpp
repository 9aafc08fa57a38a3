#include "scenarios/advice/rules_mend.hpp"

#include "scenarios/advice/shut_out.hpp"
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

// What the rules of a filter say about who may call the servers.
struct Callers {
    std::optional<wire::Prefix>
        named;             // the narrowest network that a rule about the servers names and the client is in
    bool anybody = false;  // a rule about the servers asks nobody who he is
};

// Networks that a match names, alone or in a list.
struct Named {
    sim::firewall::End end;
    wire::Prefix prefix;
};
std::vector<Named> prefixes_of(const sim::firewall::Match& match) {
    std::vector<Named> found;
    if (const auto* one = std::get_if<sim::firewall::InPrefix>(&match.what)) found.push_back({one->end, one->prefix});
    if (const auto* any = std::get_if<sim::firewall::InAny>(&match.what))
        for (const wire::Prefix& prefix : any->prefixes) found.push_back({any->end, prefix});
    return found;
}

// It names a server's address, or one of the needed ports and no target at all.
bool about_servers(const sim::firewall::Rule& rule, const diagnosis::Situation& situation, const MendTask& task) {
    bool has_target = false;
    bool has_port = false;
    for (const auto& match : rule.matches) {
        const auto* ports = std::get_if<sim::firewall::PortIn>(&match.what);
        for (const NeededFlow& flow : task.needed)
            if (ports != nullptr && flow.protocol == wire::Protocol::tcp)
                for (const wire::PortRange& range : ports->ranges)
                    has_port = has_port || range.contains(flow.ports.front().first);
        for (const Named& named : prefixes_of(match))
            has_target = has_target || named.end == sim::firewall::End::target;
    }
    if (has_port && !has_target) return true;
    for (const auto& match : rule.matches)
        for (const Named& named : prefixes_of(match)) {
            if (match.inverted || named.prefix.length() == 0) continue;
            for (const diagnosis::ServerSituation& server : situation.servers)
                if (named.prefix.contains(server.address)) return true;
        }
    return false;
}

Callers callers_of(const diagnosis::BoxSituation& box, const diagnosis::Situation& situation, const MendTask& task) {
    Callers callers;
    const wire::IpAddress client = situation.client.address;
    for (const auto& rule : box.rules->rules()) {
        if (rule.target.kind != sim::firewall::Target::Kind::accept || !about_servers(rule, situation, task)) continue;
        bool asks = false;
        for (const auto& match : rule.matches)
            for (const Named& named : prefixes_of(match)) {
                if (named.prefix.length() == 0) continue;
                // Also where it was typed as the target: a rule that points the wrong way still names its clients.
                const bool holds_client = !match.inverted && named.prefix.contains(client);
                asks = asks || named.end == sim::firewall::End::source || holds_client;
                if (holds_client && (!callers.named || named.prefix.length() > callers.named->length()))
                    callers.named = named.prefix;
            }
        callers.anybody = callers.anybody || !asks;
    }
    return callers;
}

// Whom new rules are for, the best first: the network that a rule about the servers names already for this client, or
// everybody where those rules ask nobody; then the client's own /24 or /64 (likely the branch); at last the client
// alone.
std::vector<wire::Prefix> clients_for(const diagnosis::BoxSituation& box, const diagnosis::Situation& situation,
                                      const MendTask& task) {
    const wire::IpAddress client = situation.client.address;
    const Callers callers = callers_of(box, situation, task);
    std::vector<wire::Prefix> list;
    if (callers.named)
        list.push_back(*callers.named);
    else if (callers.anybody)
        list.push_back(wire::Prefix::any(client.family()));
    const wire::Prefix branch = wire::Prefix::of(client, client.is_v4() ? 24 : 64);
    if (list.empty() || list.front().length() < branch.length()) list.push_back(branch);
    list.push_back(wire::Prefix::host(client));
    return list;
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
        std::vector<wire::PortRange> has_a_use;
        for (const wire::Port port : fakeserver::other_listeners(server.policy.conditions))
            has_a_use.push_back(wire::PortRange::only(port));
        for (const fakeserver::ServicePlan& plan : server.on_disk.plans)
            if (plan.kind == fakeserver::PlanKind::fixed) has_a_use.push_back(wire::PortRange::only(plan.port));
        has_a_use = wire::normalized(std::move(has_a_use));
        for (const diagnosis::Opened& one : diagnosis::opened(situation, server.address)) {
            const bool well_known = one.ports.last.value < 1024 && one.ports.first.value + a_few > one.ports.last.value;
            const auto useless = runner::without({one.ports}, has_a_use);
            for (const wire::PortRange& range :
                 well_known ? std::vector{one.ports} : runner::without({one.ports}, useless))
                kept.push_back(range);
        }
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
    const auto add = [&](const wire::IpAddress& server, std::vector<wire::PortRange> ports, std::string note) {
        NeededFlow flow;
        flow.client = client;
        flow.clients = wire::Prefix::host(client);
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

namespace {

// The rules of one filter as a text, and what it takes to read and mend them.
class Mender {
public:
    Mender(const diagnosis::Situation& situation, std::size_t firewall)
        : box_(situation.boxes[firewall]), setup_(*box_.setup) {
        std::vector<wire::IpAddress> servers;
        for (const diagnosis::ServerSituation& server : situation.servers) servers.push_back(server.address);
        settings_ = runner::native_rules_of(setup_, setup_.rules, servers);
        if (is_import()) format_ = runner::import_format_of(setup_.rules);
    }

    std::string syntax() const {
        if (!is_import()) return "native rules";
        switch (*format_) {
            case sim::firewall::ImportFormat::iptables: return "iptables-save";
            case sim::firewall::ImportFormat::cisco_ios: return "Cisco IOS access lists";
            case sim::firewall::ImportFormat::nft: return "nft -j list ruleset";
        }
        return "rules";
    }

    base::Result<sim::firewall::MendedRules, std::string> mend(const MendTask& task) const {
        if (is_import()) {
            const base::SourceText source(setup_.rules.file->path, *setup_.rules.file->text);
            return sim::firewall::mend_import(source, *format_, runner::import_options_of(setup_.rules), task);
        }
        const bool in_a_file = setup_.rules.source == runner::RuleSource::native_file;
        const base::SourceText source(in_a_file ? setup_.rules.file->path : setup_.name.value + ".rules",
                                      in_a_file ? *setup_.rules.file->text : sim::firewall::format(settings_));
        return sim::firewall::mend_native(settings_, source, task);
    }

    // A mended text as rules again; null when it does not read, which mending has made sure of.
    sim::firewall::SharedRules read(const std::string& text) const {
        const base::SourceText source("mended", text);
        if (is_import()) {
            const auto imported =
                sim::firewall::import_rules(source, *format_, runner::import_options_of(setup_.rules));
            return imported ? imported->rules : nullptr;
        }
        const auto parsed = sim::firewall::parse_native(source, settings_);
        if (!parsed) return nullptr;
        const auto built = sim::firewall::build(*parsed);
        return built ? *built : nullptr;
    }

private:
    bool is_import() const { return setup_.rules.source == runner::RuleSource::import_file; }

    const diagnosis::BoxSituation& box_;
    const runner::FirewallSetup& setup_;
    sim::firewall::NativeRules settings_;
    std::optional<sim::firewall::ImportFormat> format_;
};

}  // namespace

base::Result<RulesMend, std::string> mend_rules(const diagnosis::Situation& situation, std::size_t firewall,
                                                MendTask task) {
    const diagnosis::BoxSituation& box = situation.boxes[firewall];
    const Mender mender(situation, firewall);
    std::string problem;
    for (const wire::Prefix& clients : clients_for(box, situation, task)) {
        for (NeededFlow& flow : task.needed) flow.clients = clients;
        const auto mended = mender.mend(task);
        if (!mended) {
            if (problem.empty()) problem = box.name + ": " + std::string(mended.error());
            continue;
        }
        // For fewer clients, rather than for one too many.
        const auto after = mender.read(mended->text);
        const bool alone = clients == wire::Prefix::host(situation.client.address);
        if (!alone && (!after || lets_in_shut_out(box.rules, after, task))) continue;
        return RulesMend{firewall, mender.syntax(), mended->text, mended->edits};
    }
    return base::failure(std::move(problem));
}

}  // namespace scenarios::advice
