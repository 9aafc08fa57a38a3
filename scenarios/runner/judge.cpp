#include "scenarios/runner/judge.hpp"

#include "client/explain.hpp"
#include "client/message.hpp"
#include "fakeserver/start_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>

namespace scenarios::runner {
namespace {

// The rooms have enums of their own with the same words.
bool same_phase(FailsAt expected, client::Phase got) { return id(expected) == id(got); }

std::optional<fakeserver::Service> service_of(Service service) { return fakeserver::parse_service(id(service)); }

const client::ActionOutcome* primary(const std::vector<client::ActionOutcome>& outcomes) {
    if (const auto* logon = client::find(outcomes, client::Do::logon)) return logon;
    return outcomes.empty() ? nullptr : &outcomes.front();
}

bool contains(const PortList& ports, wire::Port port) {
    return std::any_of(ports.begin(), ports.end(), [port](const Ports& p) { return p.value.contains(port); });
}

bool ports_hold(const Expectation& expect, const Rehearsal& rehearsal) {
    for (const ServicePorts& wanted : expect.ports) {
        const auto service = service_of(wanted.service.value);
        const auto& start = rehearsal.running(0).of(*service);
        if (!start.has_tcp() || !contains(wanted.ports, start.port)) return false;
    }
    return true;
}

// True when the action meets a works / fails word; "sometimes" cannot be judged by one start.
bool holds(const std::optional<Placed<Outcome>>& wanted, const client::ActionOutcome* outcome) {
    if (!wanted || wanted->value == Outcome::sometimes) return true;
    return outcome != nullptr && outcome->works == (wanted->value == Outcome::works);
}

std::string listed(const PortList& list) {
    std::vector<wire::PortRange> ranges;
    for (const Ports& ports : list) ranges.push_back(ports.value);
    return wire::format(ranges);
}

}  // namespace

client::Do primary_action(const client::OutlookConfig& client) {
    const bool logs_on =
        std::find(client.actions.begin(), client.actions.end(), client::Do::logon) != client.actions.end();
    return logs_on || client.actions.empty() ? client::Do::logon : client.actions.front();
}

Clauses unmet_clauses(const Expectation& expect, const Rehearsal& rehearsal, const StagedVariant& variant,
                      const std::vector<client::ActionOutcome>& outcomes) {
    Clauses unmet;
    const auto fail = [&unmet](Clause clause) { unmet.set(static_cast<std::size_t>(clause)); };
    const client::ActionOutcome* outcome = primary(outcomes);
    const bool failed = outcome != nullptr && !outcome->works;
    // "works = 90%": how often it must work is judged from the tally, not from one start.
    if (!expect.works && !holds(expect.logon, outcome)) fail(Clause::logon);
    if (expect.fails_at && (failed || !expect.logon || expect.logon->value == Outcome::fails))
        if (!failed || !outcome->failure || !same_phase(expect.fails_at->value, outcome->failure->phase))
            fail(Clause::fails_at);
    if (expect.because && (failed || !expect.logon || expect.logon->value == Outcome::fails)) {
        // Either the word of the deciding firewall, or what the client met.
        const bool firewall_word = failed && reason_id(rehearsal.world().refusals(), *outcome) == expect.because->value;
        const bool client_word = failed && outcome->failure && id(outcome->failure->cause) == expect.because->value;
        if (!firewall_word && !client_word) fail(Clause::because);
    }
    if (!ports_hold(expect, rehearsal)) fail(Clause::ports);
    if (!expect.warns.empty()) {
        const auto of_run = run_warnings(rehearsal);
        for (const Name& wanted : expect.warns)
            if (!warns_of(of_run, variant.findings, wanted.value)) fail(Clause::warns);
    }
    if (!holds(expect.new_mail, client::find(outcomes, client::Do::new_mail))) fail(Clause::new_mail);
    if (expect.within && (outcome == nullptr || outcome->waited() > expect.within->value)) fail(Clause::within);
    for (const Name& words : expect.says)
        if (outcome == nullptr || !client::says(*outcome, words.value)) fail(Clause::says);
    return unmet;
}

void add_to(Tally& tally, const Rehearsal& rehearsal, const StagedVariant& variant) {
    const std::uint64_t seed = rehearsal.seed();
    ++tally.starts;
    for (const client::ActionOutcome& outcome : rehearsal.outcomes()) {
        ActionTally& action = tally.actions[static_cast<std::size_t>(outcome.action)];
        (outcome.works ? action.works : action.fails).add(seed);
        if (outcome.degraded) action.degraded.add(seed);
        if (outcome.failure) action.fails_at[static_cast<std::size_t>(outcome.failure->phase)].add(seed);
    }
    if (!variant.setup().expect) return;
    const Clauses unmet = unmet_clauses(*variant.setup().expect, rehearsal, variant, rehearsal.outcomes());
    for (std::size_t i = 0; i < clause_count; ++i)
        if (unmet.test(i)) tally.unmet[i].add(seed);
}

std::string in_words(const client::ActionOutcome& outcome) {
    std::string text = std::string(id(outcome.action)) + (outcome.works ? " works" : " fails");
    if (outcome.failure && !outcome.works) text += " at " + std::string(id(outcome.failure->phase));
    if (outcome.degraded) text += ", over named pipes only";
    return text;
}

std::string in_words(const Expectation& expect, client::Do action) {
    std::string text(id(action));
    if (expect.logon)
        text += " " + std::string(id(expect.logon->value));
    else if (expect.fails_at)
        text += " fails";
    if (expect.fails_at) text += " at " + std::string(id(expect.fails_at->value));
    if (expect.because) text += " (" + expect.because->value + ")";
    return text;
}

namespace {

std::string expected_words(const Expectation& expect, Clause clause, client::Do action) {
    switch (clause) {
        case Clause::logon:
        case Clause::fails_at:
        case Clause::because: return in_words(expect, action);
        case Clause::ports: {
            std::string text;
            for (const ServicePorts& ports : expect.ports)
                text +=
                    fmt::format("{}{} on {}", text.empty() ? "" : ", ", id(ports.service.value), listed(ports.ports));
            return text;
        }
        case Clause::warns: {
            std::string text = "warning";
            for (const Name& name : expect.warns) text += " " + name.value;
            return text;
        }
        case Clause::new_mail: return fmt::format("new-mail {}", id(expect.new_mail->value));
        case Clause::within: return fmt::format("the user waits {} at most", base::format_human(expect.within->value));
        case Clause::says: {
            std::string text = "the user reads";
            for (const Name& words : expect.says) text += fmt::format(" \"{}\"", words.value);
            return text;
        }
    }
    return {};
}

std::string ports_in_words(const Expectation& expect, const Rehearsal& rehearsal) {
    std::string text;
    for (const ServicePorts& wanted : expect.ports) {
        const auto& start = rehearsal.running(0).of(*service_of(wanted.service.value));
        text += fmt::format("{}{} ", text.empty() ? "" : ", ", id(wanted.service.value));
        text += start.has_tcp() ? fmt::format("on {}", wire::format(start.port)) : std::string("without a TCP port");
    }
    return text;
}

// What one start shows in place of the expected.
std::string got_words(const Expectation& expect, Clause clause, const Rehearsal& rehearsal,
                      const StagedVariant& variant, const std::vector<client::ActionOutcome>& outcomes) {
    const client::ActionOutcome* outcome = primary(outcomes);
    const std::string what = outcome == nullptr ? "the client did nothing" : in_words(*outcome);
    switch (clause) {
        case Clause::logon:
        case Clause::fails_at: return what;
        case Clause::because: {
            const auto reason =
                outcome == nullptr ? std::string_view{} : reason_id(rehearsal.world().refusals(), *outcome);
            return reason.empty() ? what : fmt::format("{} ({})", what, reason);
        }
        case Clause::ports: return ports_in_words(expect, rehearsal);
        case Clause::warns: {
            std::string text;
            for (const Warning& warning : warnings(rehearsal, variant))
                text += (text.empty() ? "warning " : " ") + warning.id;
            return text.empty() ? "no warning" : text;
        }
        case Clause::new_mail: {
            const auto* notice = client::find(outcomes, client::Do::new_mail);
            return notice == nullptr ? "the client did not wait for new mail" : in_words(*notice);
        }
        case Clause::within:
            return outcome == nullptr ? what : fmt::format("the user waits {}", base::format_human(outcome->waited()));
        case Clause::says: {
            const auto message = outcome == nullptr ? std::nullopt : client::message_for(*outcome);
            if (!message) return "no message";
            return fmt::format("\"{}\"{}", message->words,
                               message->also.empty() ? "" : fmt::format(" / \"{}\"", message->also));
        }
    }
    return {};
}

// fails_at and because repeat what logon says already when the logon itself is not as expected.
bool says_the_same(Clause clause, const std::vector<Unmet>& so_far) {
    const auto has = [&so_far](Clause other) {
        return std::any_of(so_far.begin(), so_far.end(), [other](const Unmet& u) { return u.clause == id(other); });
    };
    if (clause == Clause::fails_at) return has(Clause::logon);
    if (clause == Clause::because) return has(Clause::logon) || has(Clause::fails_at);
    return false;
}

bool in_share(const ShareRange& range, std::uint64_t times, std::uint64_t of) {
    // times/of >= n/d without rounding; products of seeds (below 2^32) and power-of-ten denominators fit easily.
    const auto at_least = [&](const Ratio& r) {
        return static_cast<unsigned __int128>(times) * r.denominator >=
               static_cast<unsigned __int128>(of) * r.numerator;
    };
    const auto at_most = [&](const Ratio& r) {
        return static_cast<unsigned __int128>(times) * r.denominator <=
               static_cast<unsigned __int128>(of) * r.numerator;
    };
    return at_least(range.low) && at_most(range.high);
}

std::string percent(const Ratio& ratio) {
    std::string text =
        fmt::format("{:.6f}", 100.0 * static_cast<double>(ratio.numerator) / static_cast<double>(ratio.denominator));
    text.erase(text.find_last_not_of('0') + 1);
    if (text.back() == '.') text.pop_back();
    return text + "%";
}

// "sometimes" and shares speak of all starts together.
void judge_all_starts(const Expectation& expect, const Tally& tally, client::Do action, std::vector<Unmet>& out) {
    const ActionTally& counts = tally.of(action);
    const std::string got = fmt::format("{} works in {} of {} starts", id(action), counts.works.times, tally.starts);
    if (expect.logon && expect.logon->value == Outcome::sometimes &&
        (counts.works.times == 0 || counts.fails.times == 0))
        out.push_back({"logon", in_words(expect, action), got, std::nullopt});
    if (expect.works && !in_share(expect.works->value, counts.works.times, tally.starts))
        out.push_back({"works",
                       fmt::format("{} works in {} to {} of all starts", id(action), percent(expect.works->value.low),
                                   percent(expect.works->value.high)),
                       got, counts.fails.times > 0 ? std::optional(counts.fails.first_seed) : std::nullopt});
    const ActionTally& mail = tally.of(client::Do::new_mail);
    if (expect.new_mail && expect.new_mail->value == Outcome::sometimes &&
        (mail.works.times == 0 || mail.fails.times == 0))
        out.push_back({"new_mail", "new-mail sometimes",
                       fmt::format("new-mail works in {} of {} starts", mail.works.times, tally.starts), std::nullopt});
}

}  // namespace

std::vector<Unmet> unmet(const Expectation& expect, const Tally& tally, const StagedVariant& variant) {
    std::vector<Unmet> out;
    const client::Do action = primary_action(variant.client);
    for (std::size_t i = 0; i < clause_count; ++i) {
        const auto clause = static_cast<Clause>(i);
        const Count& count = tally.unmet[i];
        if (count.times == 0 || says_the_same(clause, out)) continue;
        Rehearsal again;  // the first start that shows it, to say what it got
        again.begin(variant, count.first_seed, Recording::none);
        again.check();
        std::string got = got_words(expect, clause, again, variant, again.outcomes());
        if (tally.starts > 1) got += fmt::format(" in {} of {} starts", count.times, tally.starts);
        out.push_back(
            {std::string(id(clause)), expected_words(expect, clause, action), std::move(got), count.first_seed});
    }
    judge_all_starts(expect, tally, action, out);
    return out;
}

std::vector<Unmet> unmet(const Expectation& expect, const Rehearsal& rehearsal, const StagedVariant& variant,
                         const std::vector<client::ActionOutcome>& outcomes) {
    std::vector<Unmet> out;
    const Clauses clauses = unmet_clauses(expect, rehearsal, variant, outcomes);
    const auto* outcome = primary(outcomes);
    const client::Do action = outcome == nullptr ? client::Do::logon : outcome->action;
    for (std::size_t i = 0; i < clause_count; ++i) {
        const auto clause = static_cast<Clause>(i);
        if (!clauses.test(i) || says_the_same(clause, out)) continue;
        out.push_back({std::string(id(clause)), expected_words(expect, clause, action),
                       got_words(expect, clause, rehearsal, variant, outcomes), rehearsal.seed()});
    }
    return out;
}

std::optional<Unmet> unmet_open_only(const Expectation& expect, const Reach& reach) {
    if (!expect.open_only) return std::nullopt;
    std::vector<wire::PortRange> allowed;
    for (const Ports& ports : *expect.open_only) allowed.push_back(ports.value);
    const auto tcp = without(reach.tcp, allowed);
    const auto udp = without(reach.udp, allowed);
    if (tcp.empty() && udp.empty()) return std::nullopt;
    std::string got;
    if (!tcp.empty()) got = "TCP " + wire::format(tcp) + " too";
    if (!udp.empty()) got += std::string(got.empty() ? "" : ", and ") + "UDP " + wire::format(udp) + " too";
    return Unmet{"open_only", "nothing open but " + listed(*expect.open_only), std::move(got), std::nullopt};
}

std::string_view id(Status status) {
    switch (status) {
        case Status::as_expected: return "ok";
        case Status::wrong: return "WRONG";
        case Status::ran: return "ran";
        case Status::stopped: return "stopped";
    }
    return {};
}

}  // namespace scenarios::runner
