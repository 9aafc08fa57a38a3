#include "scenarios/diagnosis/service_faults.hpp"

#include "fakeserver/slips.hpp"
#include "scenarios/diagnosis/choose.hpp"
#include "scenarios/diagnosis/near_miss.hpp"
#include "scenarios/diagnosis/service_words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>

namespace scenarios::diagnosis {
namespace {

using fakeserver::NoTcp;
using fakeserver::PlanKind;
using fakeserver::PoolKind;
using fakeserver::RegistryFinding;
using fakeserver::Service;

// Values that were meant to pin the port and do not, so that the service draws one.
constexpr std::array<std::string_view, 5> missed_values{"port-wrong-key", "port-misspelt", "port-wrong-type",
                                                        "other-control-set", "port-value-of-other-version"};
// Values that leave the service without TCP.
constexpr std::array<std::string_view, 5> useless_values{"port-zero", "port-above-65535", "port-is-mapper",
                                                         "port-duplicate", "port-busy"};
// Values that work, and may not always.
constexpr std::array<std::string_view, 4> doubtful_values{"port-low", "port-just-above-1023", "port-in-dynamic-range",
                                                          "port-in-rpc-range"};

template <class List>
bool is_among(const std::string& id, const List& list) {
    return std::find(list.begin(), list.end(), id) != list.end();
}

class Examiner {
public:
    Examiner(const Situation& situation, const Need& need)
        : situation_(situation),
          need_(need),
          server_(situation.servers[need.server]),
          service_(*need.service),
          plan_(server_.policy.plan(service_)),
          words_(situation, need),
          name_(words_.name()) {}

    ServiceFindings examine() {
        if (plan_.kind == PlanKind::stopped || plan_.kind == PlanKind::dependency_stopped) {
            stopped();
            return std::move(out_);
        }
        if (server_.policy.pool.kind == PoolKind::rpc_void) range_void();
        switch (plan_.kind) {
            case PlanKind::fixed: fixed(); break;
            case PlanKind::dynamic: dynamic(); break;
            case PlanKind::unusable: copy(useless_values, Effect::breaks); break;
            default: break;
        }
        return std::move(out_);
    }

private:
    void add(Finding found) { out_.found.push_back(std::move(found)); }
    void ask(std::vector<wire::PortRange> ports, bool after_mend, bool own_port) {
        out_.question = Question{&need_, std::move(ports), after_mend, own_port};
    }
    void ask(wire::Port port, bool after_mend) { ask({wire::PortRange::only(port)}, after_mend, true); }

    // Whether another service has the port for certain.
    bool is_anothers(wire::Port port) const {
        for (const Service other : fakeserver::start_order) {
            const fakeserver::ServicePlan& plan = server_.on_disk.plan(other);
            if (other != service_ && plan.kind == PlanKind::fixed && plan.port == port) return true;
        }
        return false;
    }
    const RegistryFinding* reviewed(std::string_view id) const {
        for (const RegistryFinding& one : server_.registry)
            if (one.diagnostic.id == id && (!one.service || one.service == service_)) return &one;
        return nullptr;
    }
    template <class List>
    bool copy(const List& ids, Effect effect) {
        bool any = false;
        for (const RegistryFinding& one : server_.registry) {
            if (one.service != service_ || !is_among(one.diagnostic.id, ids)) continue;
            Finding found = ServiceWords::from_review(one, effect);
            words_.add_state(found);
            const bool takes_meant = one.meant && is_tolerable(server_, *one.meant) && !is_anothers(*one.meant);
            if (takes_meant && words_.new_port() != one.meant) found.mend.push_back(words_.pin_to(*one.meant));
            found.mend.push_back((found.mend.empty() ? "" : "or take a clean port: ") + words_.pin());
            add(std::move(found));
            // The filters are asked about the port that was meant.
            if (takes_meant) ask(*one.meant, true);
            any = true;
        }
        return any;
    }

    // ---- cases ----
    void stopped() {
        Finding found = finding("service-stopped", Effect::breaks, fmt::format("{} is not started", name_));
        words_.add_state(found);
        const auto* traits = fakeserver::traits_of(server_.policy.conditions.version, service_);
        const std::string start = traits == nullptr
                                      ? std::string("start the service")
                                      : fmt::format("start {} ({})", traits->windows_service, traits->title);
        found.mend.push_back(plan_.kind == PlanKind::stopped ? start
                                                             : start + ", after the service that it depends on");
        add(std::move(found));
    }

    void range_void() {
        const auto& pool = server_.policy.pool;
        Finding found = finding(
            "rpc-range-void", Effect::breaks,
            fmt::format("Rpc\\Internet of {} is void, {}, so no service gets a TCP port", server_.name, pool.why_void));
        for (const auto& one : pool.registry) found.evidence.push_back({one.written.source_line, one.written.place});
        words_.add_state(found);
        found.mend.emplace_back(
            "complete Rpc\\Internet: Ports (REG_MULTI_SZ), PortsInternetAvailable and UseInternetPorts (REG_SZ Y), "
            "each valid; then restart the computer");
        add(std::move(found));
    }

    // The service has a value of its own in force.
    void fixed() {
        if (copy(useless_values, Effect::breaks)) {
            copy_doubts();
            return;
        }
        if (lost_to_a_draw()) return;
        if (!somewhere_blocked(plan_.port)) {
            ask(plan_.port, false);
            copy_doubts();
            return;
        }
        if (const auto meant = radix_mistake(plan_)) {
            ask(*meant, true);
            return;
        }
        ask(plan_.port, false);
        copy_doubts();
    }

    void copy_doubts() {
        for (const RegistryFinding& one : server_.registry) {
            if (one.service != service_ || !is_among(one.diagnostic.id, doubtful_values)) continue;
            Finding found = ServiceWords::from_review(one, Effect::risks);
            found.mend.push_back(words_.pin());
            add(std::move(found));
        }
    }

    // In this start an earlier service drew the very port: the risk of a port inside the range has come true.
    bool lost_to_a_draw() {
        if (!server_.start || server_.start->of(service_).no_tcp != NoTcp::taken) return false;
        const bool in_rpc_range = server_.policy.pool.kind == PoolKind::rpc_range;
        Finding found = finding(in_rpc_range ? "port-in-rpc-range" : "port-in-dynamic-range", Effect::breaks,
                                fmt::format("port {} of {} lies in {}, and in this start it was taken first",
                                            plan_.port.value, name_, wire::format(server_.policy.pool.all.ranges())));
        if (plan_.registry)
            found.evidence.push_back({plan_.registry->written.source_line, plan_.registry->written.place});
        words_.add_state(found);
        found.mend.push_back(words_.pin());
        add(std::move(found));
        return true;
    }

    bool somewhere_blocked(wire::Port port) const { return !path_open(situation_, server_.address, port); }

    // Whether somebody wrote a rule for that port of this server, alone or in a small range, be it a good one or not.
    bool opened_on_purpose(wire::Port port) const {
        for (std::size_t box = 0; box < situation_.boxes.size(); ++box)
            if (near_miss(situation_, box, {server_.address, port})) return true;
        for (const Opened& one : opened(situation_, server_.address))
            if (one.ports.contains(port) && one.ports.last.value - one.ports.first.value < 256) return true;
        return false;
    }

    // The port that was meant when the number was typed in the wrong radix; nothing when it does not look like that.
    std::optional<wire::Port> radix_mistake(const fakeserver::ServicePlan& plan) {
        const auto as_hex = fakeserver::port_of_hex_digits(plan.port.value);
        const auto* looks_so = reviewed("port-hex-typed");
        if (as_hex && as_hex != plan.port && (looks_so != nullptr || opened_on_purpose(*as_hex))) {
            wrong_radix(plan, "port-hex-typed", *as_hex,
                        fmt::format("{} has port {}, which is {} typed with the hexadecimal radix (0x{:x})", name_,
                                    plan.port.value, as_hex->value, plan.port.value));
            return as_hex;
        }
        const auto as_digits = fakeserver::port_of_export_digits(plan.port);
        const bool of_the_article = plan.port.value == 1388 || plan.port.value == 1389;
        if (as_digits && (of_the_article || opened_on_purpose(*as_digits))) {
            wrong_radix(
                plan, "port-digits-typed", *as_digits,
                fmt::format("{} has port {}: the hexadecimal digits of {} (dword:{:08x}) typed as a decimal number",
                            name_, plan.port.value, as_digits->value, as_digits->value));
            return as_digits;
        }
        return std::nullopt;
    }

    void wrong_radix(const fakeserver::ServicePlan& plan, std::string_view id, wire::Port meant, std::string what) {
        Finding found = finding(id, Effect::breaks, std::move(what));
        if (plan.registry) found.evidence.push_back({plan.registry->written.source_line, plan.registry->written.place});
        words_.add_state(found);
        found.mend.push_back(fmt::format("write {} with the decimal radix: dword:{:08x}; then restart the service",
                                         meant.value, meant.value));
        if (!is_clean(server_, meant)) found.mend.push_back("or take a clean one: " + words_.pin());
        add(std::move(found));
    }

    // The service draws its port.
    void dynamic() {
        const auto& on_disk = server_.on_disk.plan(service_);
        if (on_disk.kind == PlanKind::fixed) {
            waits_for_a_restart(on_disk);
            return;
        }
        bool stopped_somewhere = false;
        for (const wire::PortRange& range : need_.ports)
            for (std::size_t box = 0; box < situation_.boxes.size(); ++box)
                stopped_somewhere =
                    stopped_somewhere || (!situation_.boxes[box].settings.inspect_dcerpc &&
                                          !blocked_by(situation_, box, server_.address, {range}).empty());
        const Effect effect = stopped_somewhere ? Effect::breaks : Effect::risks;
        if (server_.policy.pool.kind == PoolKind::rpc_range) small_range();
        if (copy(missed_values, effect)) return;
        if (server_.policy.pool.kind == PoolKind::rpc_range) {
            ask(need_.ports, false, false);
            return;
        }
        const bool no_range = server_.policy.pool.kind == PoolKind::rpc_void;
        if (!stopped_somewhere && !no_range) return;
        if (!no_range && !range_not_in_force()) {
            not_pinned();
            return;
        }
        // Once the range is mended, the filters have to open it.
        const auto listed = listed_range(server_);
        const bool spoken_of = std::any_of(listed.begin(), listed.end(), [&](const wire::PortRange& range) {
            return opened_on_purpose(range.first) || opened_on_purpose(range.last);
        });
        if (spoken_of) ask(listed, true, false);
    }

    void waits_for_a_restart(const fakeserver::ServicePlan& on_disk) {
        Finding found = finding(
            "change-not-in-force", Effect::breaks,
            "the new port of {} stands in the registry, but the service was not restarted and keeps the old one");
        found.subjects.push_back(name_);
        if (on_disk.registry)
            found.evidence.push_back({on_disk.registry->written.source_line, on_disk.registry->written.place});
        words_.add_state(found);
        found.mend.emplace_back("restart the service (or the computer, as the articles say)");
        add(std::move(found));
        // What is not in force yet may be wrong as well.
        const auto meant = somewhere_blocked(on_disk.port) ? radix_mistake(on_disk) : std::nullopt;
        ask(meant.value_or(on_disk.port), true);
    }

    void small_range() {
        const auto* small = reviewed("rpc-range-small");
        const bool none_left = server_.start && server_.start->of(service_).no_tcp == NoTcp::range_exhausted;
        if (small == nullptr && !none_left) return;
        Finding found = small != nullptr ? ServiceWords::from_review(*small, Effect::risks)
                                         : finding("rpc-range-exhausted", Effect::breaks, "");
        if (none_left || need_.ports.empty()) {
            found.id = "rpc-range-exhausted";
            found.effect = Effect::breaks;
            found.what = fmt::format("the RPC range {} of {} has no port left for {}",
                                     wire::format(server_.policy.pool.all.ranges()), server_.name, name_);
            words_.add_state(found);
        }
        found.mend.emplace_back(
            "give Rpc\\Internet 100 ports at least, above 5000, open the same in the filter, and restart the computer");
        found.mend.push_back("or pin the port outside of the range: " + words_.pin());
        add(std::move(found));
    }

    // A range was written, but services do not draw from it.
    bool range_not_in_force() {
        for (const std::string_view id : {"rpc-range-not-used", "rpc-range-misplaced"}) {
            const auto* one = reviewed(id);
            if (one == nullptr) continue;
            Finding found = ServiceWords::from_review(*one, Effect::breaks);
            words_.add_state(found);
            found.mend.emplace_back(
                id == "rpc-range-not-used"
                    ? "set PortsInternetAvailable and UseInternetPorts to Y, and restart the computer"
                    : "move the three values to the key Rpc\\Internet, and restart the computer");
            add(std::move(found));
            return true;
        }
        return false;
    }

    void not_pinned() {
        const bool others_pinned =
            need_.server > 0 && situation_.servers.front().policy.plan(service_).kind == PlanKind::fixed;
        const std::string_view id = service_ == Service::attendant ? "attendant-not-pinned"
                                    : others_pinned                ? "second-server-dynamic"
                                                                   : "no-static-port";
        std::string what = "nothing pins the port of {}: every start draws another, and no rule can be written for it";
        if (others_pinned) what += fmt::format("; the ports of {} are pinned", situation_.servers.front().name);
        Finding found = finding(id, Effect::breaks, std::move(what));
        // From 2000 on the attendant answers referrals, which every logon asks for.
        if (id == "attendant-not-pinned" && server_.policy.conditions.version >= fakeserver::ExchangeVersion::v2000)
            found.articles = "KB270836";
        found.subjects.push_back(name_);
        words_.add_state(found);
        // The port of this start shows it best, when it is one of those that are stopped.
        std::vector<wire::PortRange> shown = need_.ports;
        if (server_.start && somewhere_blocked(server_.start->of(service_).port))
            shown = {wire::PortRange::only(server_.start->of(service_).port)};
        for (std::size_t box = 0; box < situation_.boxes.size(); ++box) {
            const auto blocked = blocked_by(situation_, box, server_.address, shown);
            if (blocked.empty()) continue;
            found.evidence.push_back({fmt::format("a SYN to {} port {} is {}", server_.address.format(),
                                                  wire::format(blocked.front().witness),
                                                  verdict_words(situation_.boxes[box], blocked.front().stopped)),
                                      {}});
            if (found.witness.empty()) found.witness = packet_of(situation_, server_.address, blocked.front());
        }
        found.mend.push_back(words_.pin());
        add(std::move(found));
    }

    const Situation& situation_;
    const Need& need_;
    const ServerSituation& server_;
    Service service_;
    const fakeserver::ServicePlan& plan_;
    ServiceWords words_;
    const std::string& name_;
    ServiceFindings out_;
};

}  // namespace

ServiceFindings service_findings(const Situation& situation, const Need& need) {
    return Examiner(situation, need).examine();
}

}  // namespace scenarios::diagnosis
