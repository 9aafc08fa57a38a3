// Rules that are never reached, and permits that change nothing.
#include "sim/firewall/lint_report.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace sim::firewall {
namespace {

using base::Severity;
using Kind = Reach::Fate::Kind;

class RuleLint {
public:
    RuleLint(LintWork& work) : work_(work), rules_(work.rules) {}

    void review(const std::vector<RuleId>& copies) {
        Kind all = Kind::empty;
        for (const RuleId id : copies) {
            Effort share = work_.share();
            const std::uint64_t had = share.left();
            const Kind kind = work_.reach.fate(id, share).kind;
            work_.pay(share, had);
            work_.dead[id.index] = kind != Kind::reached && kind != Kind::unknown;
            work_.examined[id.index] = kind != Kind::unknown;
            // What holds of all copies: reached when one is, else the mildest reason.
            const auto rank = [](Kind k) {
                return k == Kind::unknown   ? 4
                       : k == Kind::reached ? 3
                       : k == Kind::taken   ? 2
                       : k == Kind::apart   ? 1
                                            : 0;
            };
            if (rank(kind) > rank(all)) all = kind;
        }
        if (all == Kind::reached || all == Kind::unknown) return;
        blame(copies, all);
    }

    // A rule that later ones make needless. Refusals above a last "deny everything", and permits for what is
    // established, are practice and say something to the reader.
    void review_redundant(RuleId id) {
        const Rule& rule = rules_.rule(id);
        const bool permit = rule.target.kind == Target::Kind::accept;
        const bool refusal = rule.target.kind == Target::Kind::drop || rule.target.kind == Target::Kind::reject;
        if ((!permit && !(refusal && work_.options.pairs)) || rule.log || !rules_.chain(rule.chain).policy) return;
        const bool by_state = std::any_of(rule.matches.begin(), rule.matches.end(),
                                          [](const Match& m) { return std::holds_alternative<ConnectionIs>(m.what); });
        if (by_state || !work_.spaces.of[id.index] || !work_.reach.is_sure_behind(id)) return;
        Effort share = work_.share();
        const std::uint64_t had = share.left();
        const Taker::Does wanted = permit ? Taker::Does::accepts : Taker::Does::refuses;
        std::vector<RuleId> others;
        std::optional<Cell> shows;
        const bool needless = work_.reach.each_behind(id, share, [&](const Cell& part, const Taker* taker) {
            if (taker != nullptr && taker->does == wanted && !work_.dead[taker->rule.index]) {
                others.push_back(taker->rule);
                if (!shows) shows = part;
                return true;
            }
            return work_.reach.is_taken_before(id, part, share);
        });
        work_.pay(share, had);
        if (!needless || others.empty()) return;
        std::sort(others.begin(), others.end());
        others.erase(std::unique(others.begin(), others.end()), others.end());
        const std::string names = work_.report.names_of(others);
        work_.report.add({Severity::note, id, "rule-redundant",
                          fmt::format("this rule changes nothing: without it {} would {} the same", names,
                                      permit ? "allow" : "refuse"),
                          permit ? "take it out, or make the later one narrower, if it was to open less"
                                 : "take it out, if it says nothing to the reader either",
                          witness_of(*shows, work_.spaces.space)});
    }

private:
    void blame(const std::vector<RuleId>& copies, Kind kind) {
        const RuleId id = copies.front();
        if (kind == Kind::empty)
            return work_.report.add({Severity::warning, id, "rule-never-matches",
                                     "no packet fits this rule: what it asks contradicts itself",
                                     "all its matches must hold; mend the one that shuts the others out, or take the "
                                     "rule out"});
        // When nothing comes to the chain, the rule that leads there is to blame.
        Effort share = work_.share();
        const std::uint64_t had = share.left();
        const bool entered = work_.reach.is_entered(rules_.rule(id).chain, share);
        work_.pay(share, had);
        if (!entered) return;
        if (kind == Kind::apart)
            return work_.report.add({Severity::warning, id, "rule-never-matches",
                                     "no packet that is led to this chain fits this rule",
                                     "the rules that lead here ask for something else"});
        tell_shadow(copies);
    }

    // Of one who takes packets of the rule, and one of them.
    struct Taken {
        RuleId by;
        Cell part;
    };

    void tell_shadow(const std::vector<RuleId>& copies) {
        std::vector<Taken> takers;
        for (const RuleId id : copies) {
            if (!work_.spaces.of[id.index]) continue;
            Effort share = work_.share();
            const std::uint64_t had = share.left();
            (void)work_.reach.each_taker(id, share, [&](const Cell& part, const Taker* taker) {
                const auto known = [&](const Taken& t) { return t.by == taker->rule; };
                if (taker != nullptr && std::none_of(takers.begin(), takers.end(), known))
                    takers.push_back({taker->rule, part});
                return true;
            });
            work_.pay(share, had);
        }
        if (takers.empty()) return;
        std::sort(takers.begin(), takers.end(), [](const Taken& a, const Taken& b) { return a.by < b.by; });
        const Rule& rule = rules_.rule(copies.front());
        const bool acts = is_final(rule.target.kind) || leads_on(rule.target.kind);
        const auto differs = std::find_if(takers.begin(), takers.end(),
                                          [&](const Taken& t) { return !same_effect(rule, rules_.rule(t.by)); });
        const Taken& telling = differs == takers.end() ? takers.front() : *differs;
        std::vector<RuleId> names;
        for (const Taken& taker : takers) names.push_back(taker.by);
        const Witness witness = witness_of(telling.part, work_.spaces.space);
        const std::string shown = fmt::format("for instance {}: {} {} it", format(witness), rules_.label(telling.by),
                                              verb(rules_.rule(telling.by).target));
        const bool harmless = !acts || differs == takers.end();
        work_.report.add(
            {harmless ? Severity::note : Severity::warning, copies.front(), "rule-shadowed",
             fmt::format("this rule never {}: {} {} every packet that it fits", acts ? "decides" : "comes to act",
                         work_.report.names_of(names), names.size() == 1 ? "takes" : "together take"),
             shown + (!acts      ? "; put this rule above, if it is to note or to lead back"
                      : harmless ? ", as this rule would; take it out, if nothing else was meant"
                                 : "; the first rule that matches decides, so this one must stand above"),
             witness});
    }

    LintWork& work_;
    const RuleSet& rules_;
};

}  // namespace

void lint_rules(LintWork& work, const std::vector<std::vector<RuleId>>& copies) {
    RuleLint lint(work);
    for (const std::vector<RuleId>& line : copies)
        if (!work.effort.spent()) lint.review(line);
    for (const std::vector<RuleId>& line : copies)
        if (!work.effort.spent() && line.size() == 1 && work.examined[line.front().index] &&
            !work.dead[line.front().index])
            lint.review_redundant(line.front());
}

}  // namespace sim::firewall
