// The order of work: each step at every site, what it must bring, and how long it cuts a site off.
#include "scenarios/runner/judge.hpp"
#include "scenarios/runner/rehearsal.hpp"
#include "scenarios/runner/run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>

namespace scenarios::runner {
namespace {

// One site with its own network; the servers of all sites draw the same ports, for they have the same seed.
struct SitePlay {
    std::optional<std::size_t> site;
    std::size_t variant = 0;
    std::unique_ptr<Rehearsal> play;
    Reach reach_at_first;
    std::vector<client::ActionOutcome> first_look;  // of the first check
    std::vector<client::ActionOutcome> latest;      // of the last one
    bool works = false;
    base::SimTime step_began{};  // sites have clocks of their own: a failing logon takes longer
    // While it is cut off: since when, and by which entry of Result::steps.
    std::optional<base::SimTime> down_since;
    std::size_t down_by = 0;
};

bool all_work(const std::vector<client::ActionOutcome>& outcomes) {
    return !outcomes.empty() && std::all_of(outcomes.begin(), outcomes.end(), [](const auto& o) { return o.works; });
}

bool degraded(const std::vector<client::ActionOutcome>& outcomes) {
    return std::any_of(outcomes.begin(), outcomes.end(), [](const auto& o) { return o.degraded; });
}

class StepPlayer {
public:
    StepPlayer(const Unit& unit, std::uint64_t seed) : staged_(*unit.staged), seed_(seed) {
        result_.staged = unit.staged;
        result_.variant = unit.variant;
        result_.name = unit.name;
        for (std::size_t i = 0; i < staged_.variants.size(); ++i) add_site(i);
    }

    Result play() {
        const auto& steps = staged_.steps;
        if (steps.front().step->kind.value != StepKind::check) look_before();
        for (const StagedStep& step : steps) play_step(step);
        end_outages();
        compare_with_first();
        conclude();
        return std::move(result_);
    }

private:
    void add_site(std::size_t variant) {
        SitePlay& site = sites_.emplace_back();
        site.site = staged_.variants[variant].variant->site_index;
        site.variant = variant;
        site.play = std::make_unique<Rehearsal>();
        site.play->begin(staged_.variants[variant], seed_, Recording::packets);
        site.reach_at_first = reach(staged_.variants[variant], site.play->rules());
    }

    void look_before() {
        StepResult& before = result_.steps.emplace_back();
        for (SitePlay& site : sites_) {
            look(site, result_.steps.size() - 1);
            auto stood = look_closely(site, site.latest);
            before.sites.push_back(
                {site.site, site.variant, site.latest, stood, all_work(site.latest) ? nullptr : stood});
        }
        before.ended = sites_.front().play->now();
    }

    void play_step(const StagedStep& staged) {
        const std::size_t number = result_.steps.size();
        result_.steps.emplace_back().step = staged.step;
        result_.steps.back().began = sites_.front().play->now();
        for (SitePlay& site : sites_) {
            site.step_began = site.play->now();
            StepAtSite seen{site.site, site.variant, act(staged, site, number), nullptr, nullptr};
            if (seen.outcomes.empty() && wants_look(*staged.step)) {
                look(site, number);
                seen.outcomes = site.latest;
            }
            if (seen.outcomes.empty()) continue;
            seen.stood = look_closely(site, seen.outcomes);
            if (!all_work(seen.outcomes) || degraded(seen.outcomes)) seen.close_up = seen.stood;
            judge(*staged.step, site, seen.outcomes, result_.steps[number]);
            result_.steps[number].sites.push_back(std::move(seen));
        }
        result_.steps[number].ended = sites_.front().play->now();
    }

    std::shared_ptr<const CloseUp> look_closely(const SitePlay& site,
                                                const std::vector<client::ActionOutcome>& outcomes) const {
        auto seen = std::make_shared<CloseUp>(close_up(*site.play, staged_.variants[site.variant], Recording::none));
        seen->outcomes = outcomes;
        return seen;
    }

    static bool wants_look(const Step& step) { return !step.expect.empty() || step.outage.has_value(); }

    // What the client saw, for the steps that are about it.
    std::vector<client::ActionOutcome> act(const StagedStep& staged, SitePlay& site, std::size_t number) {
        const Step& step = *staged.step;
        Rehearsal& play = *site.play;
        switch (step.kind.value) {
            case StepKind::check: look(site, number); return site.latest;
            case StepKind::import_registry: play.import_registry(step.server, *staged.registry); break;
            case StepKind::restart_service:
                goes_down(site, number);
                play.restart_service(step.server, *fakeserver::parse_service(id(step.service->value)));
                break;
            case StepKind::restart_server:
                goes_down(site, number);
                play.restart_server(step.server);
                break;
            case StepKind::replace_firewall: {
                const auto& rules = staged.rules[site.variant];
                if (!rules) break;  // another site's firewall
                play.replace_rules(step.firewall, rules);
                break;
            }
            case StepKind::logon: play.open_session(); return play.outcomes();
            case StepKind::use: play.use_session(); return play.outcomes();
            case StepKind::wait: play.wait(step.wait); break;
        }
        return {};
    }

    void goes_down(SitePlay& site, std::size_t number) {
        if (!site.works || site.down_since) return;
        site.down_since = site.play->now();
        site.down_by = number;
    }

    // A fresh logon, and what it says about outages.
    void look(SitePlay& site, std::size_t number) {
        const base::SimTime began = site.play->now();
        site.play->check();
        site.latest = site.play->outcomes();
        if (site.first_look.empty()) site.first_look = site.latest;
        const bool worked = site.works;
        site.works = all_work(site.latest);
        if (site.works && site.down_since) {
            note_outage(site, began, false);
            site.down_since.reset();
        } else if (!site.works && worked && !site.down_since) {
            site.down_since = site.step_began;
            site.down_by = number;
        }
    }

    void note_outage(const SitePlay& site, base::SimTime until, bool open) {
        result_.steps[site.down_by].outages.push_back({site.site, until - *site.down_since, open});
    }

    void end_outages() {
        for (const SitePlay& site : sites_)
            if (site.down_since) note_outage(site, site.play->now(), true);
        for (StepResult& step : result_.steps)
            if (step.step != nullptr && step.step->outage)
                for (const Outage& outage : step.outages) judge_outage(*step.step, outage, step);
    }

    void judge_outage(const Step& step, const Outage& outage, StepResult& into) {
        const base::SimDuration planned = step.outage->value;
        if (!outage.open && outage.length <= planned) return;
        into.unmet.push_back(
            {"outage", fmt::format("{}cut off for {} at most", at(outage.site), base::format_human(planned)),
             outage.open ? std::string("still cut off at the end") : "cut off for " + base::format_human(outage.length),
             seed_});
    }

    void judge(const Step& step, SitePlay& site, const std::vector<client::ActionOutcome>& outcomes, StepResult& into) {
        for (const StepExpectation& wanted : step.expect) {
            if (wanted.site && wanted.site != site.site) continue;
            for (Unmet unmet : runner::unmet(wanted.expect, *site.play, staged_.variants[site.variant], outcomes)) {
                unmet.expected = at(site.site) + unmet.expected;
                into.unmet.push_back(std::move(unmet));
            }
            if (!wanted.expect.open_only) continue;
            const Reach open = reach(staged_.variants[site.variant], site.play->rules());
            if (auto unmet = unmet_open_only(wanted.expect, open)) into.unmet.push_back(std::move(*unmet));
        }
    }

    std::string at(std::optional<std::size_t> site) const {
        return site ? staged_.scenario->sites[*site].name + ": " : std::string();
    }

    // ---- [after] ----

    void compare_with_first() {
        const auto& after = staged_.scenario->after;
        if (!after) return;
        for (SitePlay& site : sites_) look(site, result_.steps.size() - 1);
        if (after->newly_works) compare_changes("newly_works", *after->newly_works, false, true);
        if (after->newly_breaks) compare_changes("newly_breaks", *after->newly_breaks, true, false);
        if (after->newly_open) compare_ports("newly_open", *after->newly_open, true);
        if (after->newly_closed) compare_ports("newly_closed", *after->newly_closed, false);
    }

    // What changed from `before` to `now`: sites where there are sites, else actions.
    std::vector<std::string> changes(bool before, bool now) const {
        std::vector<std::string> names;
        for (const SitePlay& site : sites_) {
            if (site.site) {
                if (all_work(site.first_look) == before && all_work(site.latest) == now)
                    names.push_back(staged_.scenario->sites[*site.site].name);
                continue;
            }
            for (const auto& outcome : site.latest) {
                const auto* first = client::find(site.first_look, outcome.action);
                if (first != nullptr && first->works == before && outcome.works == now)
                    names.emplace_back(id(outcome.action));
            }
        }
        return names;
    }

    static std::string listed(const std::vector<std::string>& names) {
        return names.empty() ? "nothing" : fmt::format("{}", fmt::join(names, ", "));
    }

    void compare_changes(const char* clause, const std::vector<NamedChange>& wanted, bool before, bool now) {
        std::vector<std::string> expected;
        for (const NamedChange& change : wanted)
            expected.emplace_back(change.site ? staged_.scenario->sites[*change.site].name
                                              : std::string(id(*change.action)));
        std::vector<std::string> got = changes(before, now);
        std::sort(expected.begin(), expected.end());
        std::sort(got.begin(), got.end());
        if (expected != got) result_.unmet.push_back({clause, listed(expected), listed(got), seed_});
    }

    void compare_ports(const char* clause, const std::vector<PortChange>& wanted, bool opened) {
        for (const SitePlay& site : sites_) {
            const Reach now = reach(staged_.variants[site.variant], site.play->rules());
            auto changed =
                opened ? without(now.tcp, site.reach_at_first.tcp) : without(site.reach_at_first.tcp, now.tcp);
            auto changed_udp =
                opened ? without(now.udp, site.reach_at_first.udp) : without(site.reach_at_first.udp, now.udp);
            std::vector<wire::PortRange> expected;
            for (const PortChange& change : wanted)
                if (change.site == site.site)
                    for (const Ports& ports : change.ports) expected.push_back(ports.value);
            expected = wire::normalized(std::move(expected));
            changed_udp = without(changed_udp, expected);
            if (changed == expected && changed_udp.empty()) continue;
            std::string got = "TCP " + (changed.empty() ? std::string("none") : wire::format(changed));
            if (!changed_udp.empty()) got += ", UDP " + wire::format(changed_udp);
            result_.unmet.push_back({clause, at(site.site) + (expected.empty() ? "no port" : wire::format(expected)),
                                     std::move(got), seed_});
        }
    }

    void conclude() {
        bool wrong = !result_.unmet.empty();
        bool expected = staged_.scenario->after.has_value();
        for (const StepResult& step : result_.steps) {
            wrong = wrong || !step.unmet.empty();
            expected = expected || (step.step != nullptr && wants_look(*step.step));
        }
        result_.status = wrong ? Status::wrong : expected ? Status::as_expected : Status::ran;
        result_.tally.starts = 1;
        for (SitePlay& site : sites_) result_.close_ups.push_back(close_up(*site.play, staged_.variants[site.variant]));
        for (std::size_t i = 0; i < sites_.size(); ++i) {
            result_.close_ups[i].outcomes = sites_[i].latest.empty() ? result_.close_ups[i].outcomes : sites_[i].latest;
            for (const auto& outcome : result_.close_ups[i].outcomes) {
                ActionTally& tally = result_.tally.actions[static_cast<std::size_t>(outcome.action)];
                (outcome.works ? tally.works : tally.fails).add(seed_);
            }
        }
    }

    const StagedScenario& staged_;
    std::uint64_t seed_;
    std::vector<SitePlay> sites_;
    Result result_;
};

}  // namespace

Result play_steps(const Unit& unit, std::uint64_t seed) { return StepPlayer(unit, seed).play(); }

}  // namespace scenarios::runner
