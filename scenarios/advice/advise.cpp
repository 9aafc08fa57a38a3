#include "scenarios/advice/advise.hpp"

#include "scenarios/diagnosis/diagnose.hpp"
#include "scenarios/diagnosis/inspection_faults.hpp"
#include "scenarios/diagnosis/path.hpp"
#include "scenarios/runner/load.hpp"
#include "scenarios/runner/reach.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <chrono>
#include <memory>

namespace scenarios::advice {
namespace {

using namespace scenarios::runner;
using diagnosis::Findings;
using diagnosis::Situation;

constexpr std::uint64_t proof_starts = 200;

FileRef file_ref(const std::string& name, std::string text) {
    return {.written = name, .path = name, .place = {}, .text = std::make_shared<const std::string>(std::move(text))};
}

std::string file_name_of(const std::string& words) {
    std::string name;
    for (const char c : words)
        name += (std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '_' || c == '.') ? c : '-';
    return name.empty() || name.front() == '.' ? "_" + name : name;
}

// A written scenario, staged again from its own text: what is played is what is given out.
std::shared_ptr<const StagedScenario> staged(const WrittenScenario& scenario) {
    MemoryFiles files(scenario.files);
    Loaded loaded = parse_scenario("mended.toml", scenario.text, files);
    if (!loaded.scenario) return nullptr;
    return runner::stage(std::move(*loaded.scenario)).staged;
}

Result play(const std::shared_ptr<const StagedScenario>& scenario) {
    Result result;
    runner::run(units_of(scenario), {}, [&result](Result&& r) { result = std::move(r); });
    return result;
}

// Everything that was found in the run as it stands, its steps included.
Findings findings_of(const Result& result, std::size_t variant) {
    Findings all;
    for (const StepResult& step : result.steps)
        for (const StepAtSite& at : step.sites)
            if (at.close_up && at.variant == variant)
                for (auto& one : diagnosis::diagnose(result.staged->variants[variant], *at.close_up))
                    diagnosis::join(all, std::move(one));
    const std::size_t look = result.steps.empty() ? 0 : variant;
    // Causes that a later step took away need no advice; what the end shows does.
    if (!result.steps.empty())
        std::erase_if(all, [](const auto& f) { return f.id != "idle-timeout" && f.id != "change-not-in-force"; });
    for (auto& one : diagnosis::diagnose(result.staged->variants[variant], result.close_ups[look]))
        diagnosis::join(all, std::move(one));
    return all;
}

class Adviser {
public:
    Adviser(const Unit& unit, std::size_t variant, std::optional<std::uint64_t> seed)
        : unit_(unit), variant_(variant), seed_(seed) {}

    base::Result<Advice, std::string> advise() {
        Result before = play_original();
        advice_.findings = findings_of(before, variant_);
        const Scenario& scenario = *unit_.staged->scenario;
        setup_ = after_steps(scenario, scenario.variants[variant_]);
        if (advice_.findings.empty()) {
            const CloseUp& end = before.close_ups[before.steps.empty() ? 0 : variant_];
            note_filters(diagnosis::situation_of(before.staged->variants[variant_], end));
            return std::move(advice_);
        }
        if (std::string problem = mend(scenario.title); !problem.empty()) return base::failure(std::move(problem));
        return std::move(advice_);
    }

private:
    Result play_original() const {
        Result result;
        RunOptions options;
        options.seed = seed_;
        runner::run({unit_}, options, [&result](Result&& r) { result = std::move(r); });
        return result;
    }

    bool has(std::string_view id) const { return diagnosis::find(advice_.findings, id) != nullptr; }

    // What a change of rules would do there cannot be proved with the tools of this room.
    std::string translation() const {
        for (const auto& box : unit_.staged->variants[variant_].plan.firewalls)
            if (box.rules->translates())
                return fmt::format(
                    "{} translates addresses, and advise changes nothing around translation; the causes "
                    "and their mends are those of firedrill run --explain",
                    box.name);
        return {};
    }

    std::string mend(const std::string& title) {
        if (auto problem = translation(); !problem.empty()) return problem;
        setup_.expect.reset();
        setup_.sweep = sweep();
        mend_client();
        start_services();
        // From here on as after a restart: what stands in the registry is in force.
        const auto now = staged(write_scenario(setup_, title, ""));
        if (!now) return "the scenario cannot be written down again";
        const Result played = play(now);
        const Situation situation = diagnosis::situation_of(now->variants.front(), played.close_ups.front());
        const auto needs = diagnosis::needs_of(situation);
        if (auto problem = mend_servers(situation, needs); !problem.empty()) return problem;
        if (auto problem = mend_firewalls(situation, needs); !problem.empty()) return problem;
        mend_sessions(situation);
        expect(situation, needs);
        advice_.scenario = write_scenario(
            setup_, title + ", mended", "Written by firedrill advise, and rehearsed before it was written.", silence_);
        advice_.scenario_name = "mended.toml";
        return prove();
    }

    Sweep sweep() const {
        const auto& own = setup_.sweep;
        if (own && own->count() >= proof_starts) return *own;
        return {1, proof_starts, {}};
    }

    void mend_client() {
        if (!setup_.client.resolves) {
            advice_.by_hand.push_back(fmt::format(
                "add the line \"{} {}\" to the client's HOSTS file, or the name to its DNS or WINS (Q149692)",
                setup_.servers.front().address.value.format(), setup_.servers.front().name.value));
            setup_.client.resolves = true;
        }
        auto& order = setup_.client.binding_order;
        const auto tcp =
            std::find_if(order.begin(), order.end(), [](const auto& b) { return b.value == Binding::ncacn_ip_tcp; });
        const bool pipes_lead = tcp != order.begin();
        if (pipes_lead && (has("pipes-not-available") || has("named-pipes"))) {
            if (tcp != order.end()) order.erase(tcp);
            order.insert(order.begin(), {Binding::ncacn_ip_tcp, {}});
            advice_.by_hand.emplace_back("put ncacn_ip_tcp first in the client's Rpc_Binding_Order (Q163576)");
        }
    }

    void start_services() {
        if (!has("service-stopped")) return;
        for (ServerSetup& server : setup_.servers)
            for (const auto& stopped : server.stopped)
                if (stopped.value != Service::mta)
                    advice_.by_hand.push_back(
                        fmt::format("start {} on {}", windows_name(server, stopped.value), server.name.value));
        for (ServerSetup& server : setup_.servers)
            std::erase_if(server.stopped, [](const auto& s) { return s.value != Service::mta; });
    }

    // "MSExchangeIS (Microsoft Exchange Information Store)": what `net start` and the list of services know.
    static std::string windows_name(const ServerSetup& server, Service service) {
        const auto version = fakeserver::parse_version(id(server.version.value));
        const auto known = fakeserver::parse_service(id(service));
        const auto* traits = version && known ? fakeserver::traits_of(*version, *known) : nullptr;
        return traits == nullptr ? std::string(id(service))
                                 : fmt::format("{} ({})", traits->windows_service, traits->title);
    }

    std::string mend_servers(const Situation& situation, const std::vector<diagnosis::Need>& needs) {
        for (std::size_t i = 0; i < situation.servers.size(); ++i) {
            auto mended = mend_registry(situation, i, needs);
            if (!mended) return std::string(mended.error());
            placements_.push_back(mended->placements);
            if (mended->text.empty()) continue;
            const std::string& name = situation.servers[i].name;
            RegistryFile file{name, file_name_of(name + "-mended.reg"), mended->text, mended->range_changed};
            setup_.servers[i].registry.push_back(file_ref(file.name, file.text));
            advice_.by_hand.push_back(fmt::format(
                "import {} on {} and restart {}", file.name, name,
                file.restart_computer ? "the computer" : "the computer, or at least the services (Q155831, Q245273)"));
            advice_.registry.push_back(std::move(file));
        }
        if (advice_.registry.empty() && has("change-not-in-force"))
            advice_.by_hand.emplace_back(
                "restart the computer, or at least the services: the registry is right already (Q155831)");
        return {};
    }

    std::string mend_firewalls(const Situation& situation, const std::vector<diagnosis::Need>& needs) {
        for (std::size_t i = 0; i < situation.boxes.size(); ++i) {
            const auto task = task_for(situation, i, needs, placements_);
            allowed_.insert(allowed_.end(), task.may_stay_tcp.begin(), task.may_stay_tcp.end());
            auto mended = mend_rules(situation, i, task);
            if (!mended) return std::string(mended.error());
            if (mended->edits.empty()) continue;
            FirewallSetup& box = setup_.firewalls[i];
            const bool had_file = box.rules.file.has_value();
            const std::string own = had_file ? box.rules.file->path.substr(box.rules.file->path.find_last_of('/') + 1)
                                             : file_name_of(box.name.value + ".rules");
            RuleFile file{box.name.value, "mended-" + own, std::move(*mended)};
            if (box.rules.source != RuleSource::import_file) {
                box.rules = Rules{};
                box.rules.source = RuleSource::native_file;
            }
            box.rules.file = file_ref(file.name, file.mend.text);
            advice_.by_hand.push_back(loading(file));
            advice_.rules.push_back(std::move(file));
        }
        return {};
    }

    static std::string loading(const RuleFile& file) {
        if (file.mend.syntax.starts_with("nft"))
            return fmt::format(
                "give {} the nft commands below, in their order, and write the same into the file that it "
                "loads at its start; {} shows the whole afterwards",
                file.firewall, file.name);
        return fmt::format("load {} into {}{}", file.name, file.firewall,
                           file.mend.syntax == "Cisco IOS access lists"
                               ? " (take the old list out first: IOS adds entries to a list that is there)"
                           : file.mend.syntax == "Cisco ASA"
                               ? " (line by line: first \"no\" and the old line where one was changed or removed, then "
                                 "the new lines as they stand)"
                               : "");
    }

    // A filter that forgets too soon: twice the longest silence of the rehearsal, in whole hours.
    void mend_sessions(const Situation& situation) {
        if (!has("idle-timeout")) return;
        base::SimDuration silence{};
        for (const Step& step : unit_.staged->scenario->steps) silence = std::max(silence, step.wait);
        silence_ = silence;
        const auto hours = std::chrono::ceil<std::chrono::hours>(silence * 2);
        for (std::size_t i = 0; i < setup_.firewalls.size(); ++i) {
            FirewallSetup& box = setup_.firewalls[i];
            if (!box.idle_timeout || box.idle_timeout->value < hours) {
                if (!box.idle_timeout && situation.boxes[i].settings.timers.tcp_established > silence) continue;
                box.idle_timeout = {hours, {}};
                advice_.by_hand.push_back(
                    fmt::format("raise the idle time-out of {} to {} h, or let keep-alives be sent more often "
                                "(Windows: every 2 h as installed)",
                                box.name.value, hours.count()));
            }
        }
    }

    // Everything works, and what is not needed is closed.
    void expect(const Situation& situation, const std::vector<diagnosis::Need>& needs) {
        Expectation wanted;
        wanted.logon = {Outcome::works, {}};
        if (diagnosis::needs_notice(situation)) wanted.new_mail = {Outcome::works, {}};
        for (const auto& need : needs) {
            if (need.is_mapper()) allowed_.insert(allowed_.end(), need.ports.begin(), need.ports.end());
            const bool opened = !need.is_mapper() && !diagnosis::all_open_by_inspection(situation, need);
            for (const Placement& placement : placements_[need.server])
                if (need.service == placement.service && opened)
                    allowed_.insert(allowed_.end(), placement.ports.begin(), placement.ports.end());
        }
        allowed_ = wire::normalized(std::move(allowed_));
        note_filters(situation);
        if (advice_.proof.filtered) {
            PortList list;
            for (const wire::PortRange& range : allowed_) list.push_back({range, {}});
            wanted.open_only = std::move(list);
        }
        setup_.expect = std::move(wanted);
    }

    void note_filters(const Situation& situation) {
        by_default_ = open_by_default(situation);
        advice_.proof.without_filters = situation.boxes.empty();
        advice_.proof.filtered = !situation.boxes.empty() && by_default_.tcp.empty() && by_default_.udp.empty();
    }

    // Ports that are open although no rule opens them: a default lets them pass. Nothing that advice is about.
    static Reach open_by_default(const Situation& situation) {
        std::vector<sim::firewall::SharedRules> rules;
        for (const auto& box : situation.boxes) rules.push_back(box.rules);
        Reach open = runner::reach(*situation.variant, rules);
        for (const auto& server : situation.servers) {
            std::vector<wire::PortRange> tcp, udp;
            for (const auto& one : diagnosis::opened(situation, server.address)) tcp.push_back(one.ports);
            for (const auto& one : diagnosis::opened_udp(situation, server.address)) udp.push_back(one.ports);
            open.tcp = runner::without(open.tcp, tcp);
            open.udp = runner::without(open.udp, udp);
        }
        return open;
    }

    std::string prove() {
        const auto mended = staged(advice_.scenario);
        if (!mended) return "the mended scenario does not load";
        if (silence_)
            for (const StepResult& step : play(mended).steps)
                if (!step.unmet.empty()) return "after the change the filter still forgets the session";
        // Steps and a sweep do not go together: the starts are played without the steps.
        WrittenScenario starts = advice_.scenario;
        if (silence_) starts = write_scenario(setup_, "starts", "");
        const auto swept = staged(starts);
        if (!swept) return "the mended scenario does not load";
        const Result result = play(swept);
        if (result.status != Status::as_expected) {
            std::string why = "no change was found that is certain to help";
            for (const Unmet& unmet : result.unmet)
                why += fmt::format("; after the best one, expected: {}, got: {}", unmet.expected, unmet.got);
            return why;
        }
        for (const client::ActionOutcome& outcome : result.close_ups.front().outcomes)
            if (!outcome.works || outcome.degraded)
                return fmt::format("no change was found that is certain to help; after the best one {} still {}",
                                   id(outcome.action), outcome.works ? "needs named pipes" : "fails");
        advice_.proof.starts = result.tally.starts;
        const Reach open = runner::reach(swept->variants.front());
        advice_.proof.open_tcp = open.tcp;
        advice_.proof.open_udp = open.udp;
        // Exactly: what is open is needed, or was left open by a default before.
        const auto extra = runner::without(runner::without(open.tcp, allowed_), by_default_.tcp);
        if (!extra.empty() && !setup_.firewalls.empty())
            return "TCP " + wire::format(extra) + " stays open without need";
        return {};
    }

    const Unit& unit_;
    std::size_t variant_;
    std::optional<std::uint64_t> seed_;
    Setup setup_;
    std::vector<std::vector<Placement>> placements_;
    std::vector<wire::PortRange> allowed_;      // TCP, afterwards
    Reach by_default_;                          // open before, and by no rule
    std::optional<base::SimDuration> silence_;  // after which the session must still work
    Advice advice_;
};

}  // namespace

base::Result<Advice, std::string> advise(const Unit& unit, std::size_t variant, std::optional<std::uint64_t> seed) {
    return Adviser(unit, variant, seed).advise();
}

}  // namespace scenarios::advice
