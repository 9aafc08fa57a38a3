// Rules that are never reached, and permits that change nothing.
#include "sim/firewall/exact/lint_report.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace sim::firewall::exact {
namespace {

using base::Severity;
using Kind = Reach::Fate::Kind;

// How much a packet of the cell says to a reader: one that begins a connection more than one in the midst of it, a whole
// one more than a piece.
constexpr int says_most = 3;
int says(const Cell& cell) {
    bool begins = false;  // without tracking every packet may
    for (std::size_t i = 0; i < tracked_count && !begins; ++i) {
        const Label label = tracked_as(i).label;
        begins = cell.tracked[i] && (label == Label::none || label == Label::new_flow);
    }
    return (begins ? 2 : 0) + ((cell.shapes & Cell::whole) != 0 ? 1 : 0);
}

// A permit for what is part of a connection, and begins none.
bool only_goes_on(const Rule& rule) {
    return std::any_of(rule.matches.begin(), rule.matches.end(), [](const Match& m) {
        const auto* is = std::get_if<ConnectionIs>(&m.what);
        return is != nullptr && !(is->states && !m.inverted && !is->not_states && is->states->has_any(StateSet::new_flow));
    });
}

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
        if (only_goes_on(rule) || !work_.spaces.of[id.index] || !work_.reach.is_sure_behind(id)) return;
        Effort share = work_.share();
        const std::uint64_t had = share.left();
        const Taker::Does wanted = permit ? Taker::Does::accepts : Taker::Does::refuses;
        std::vector<RuleId> others;
        std::optional<Cell> shows;
        const bool needless = work_.reach.each_behind(id, share, [&](const Cell& part, const Taker* taker) {
            if (taker != nullptr && taker->does == wanted && !work_.dead[taker->rule.index] &&
                same_effect(rule, rules_.rule(taker->rule))) {
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
        const LintReport::Names names = work_.report.names_of(others);
        work_.report.add({Severity::note, id, "rule-redundant",
                          fmt::format("this rule changes nothing: without it {} would {} the same", names.text,
                                      permit ? "allow" : "refuse"),
                          permit ? "take it out, or make the later one narrower, if it was to open less"
                                 : "take it out, if it says nothing to the reader either",
                          witness_of(*shows, work_.spaces.space)});
    }

private:
    void blame(const std::vector<RuleId>& copies, Kind kind) {
        const RuleId id = copies.front();
        if (kind == Kind::empty) return tell_contradiction(work_, id);
        // When nothing comes to the chain, the rule that leads there is to blame.
        Effort share = work_.share();
        const std::uint64_t had = share.left();
        const Reach::Entered entered = work_.reach.entered(rules_.rule(id).chain, share);
        work_.pay(share, had);
        if (!entered.any) return;
        if (kind == Kind::taken) return tell_shadow(copies);
        const std::string shown =
            entered.witness ? fmt::format("for instance {} comes here; ", format(*entered.witness)) : std::string();
        work_.report.add({Severity::warning, id, "rule-never-matches",
                          "no packet that is led to this chain fits this rule",
                          shown + "the rules that lead here ask for something else", entered.witness});
    }

    // One who takes packets of the rule, and some of them: those that say most, first.
    struct Taken {
        RuleId by;
        std::vector<Cell> parts{};
    };
    static constexpr std::size_t parts_kept_max = 8;

    static void keep(std::vector<Taken>& takers, RuleId by, const Cell& part) {
        auto own = std::find_if(takers.begin(), takers.end(), [&](const Taken& t) { return t.by == by; });
        if (own == takers.end()) own = takers.insert(takers.end(), Taken{by});
        const auto place = std::find_if(own->parts.begin(), own->parts.end(),
                                        [&](const Cell& kept) { return says(kept) < says(part); });
        own->parts.insert(place, part);
        if (own->parts.size() > parts_kept_max) own->parts.pop_back();
    }

    // The packet that says most: of a taker who does something else than the rule, of a new connection, and one that
    // the predicate gives to that taker as well, for others may stand on the way that sets cannot express.
    struct Telling {
        RuleId by;
        Witness witness;
    };
    Telling telling(const std::vector<Taken>& takers, const Rule& rule) const {
        for (const bool wants_difference : {true, false})
            for (int worth = says_most; worth >= 0; --worth)
                for (const Taken& taker : takers)
                    for (const Cell& part : taker.parts) {
                        if (wants_difference && same_effect(rule, rules_.rule(taker.by))) continue;
                        if (says(part) != worth) continue;
                        const Witness witness = witness_of(part, work_.spaces.space);
                        if (work_.reach.is_matched(witness, taker.by)) return {taker.by, witness};
                    }
        return {takers.front().by, witness_of(takers.front().parts.front(), work_.spaces.space)};
    }

    // Whether these, all in the chain of the rule, fit all that it fits.
    bool cover_it(const std::vector<Taken>& takers, RuleId rule) {
        PacketSet all;
        for (const Taken& taker : takers) {
            if (rules_.rule(taker.by).chain != rules_.rule(rule).chain) return false;
            const PacketSet& own = *work_.spaces.of[taker.by.index];
            all.insert(all.end(), own.begin(), own.end());
        }
        Effort share = work_.share();
        const std::uint64_t had = share.left();
        const bool inside = difference(*work_.spaces.of[rule.index], all, share).empty() && !share.spent();
        work_.pay(share, had);
        return inside;
    }

    // As few of them as are enough to tell why: one that fits all that the rule fits, else without those whose packets
    // others would have taken too. One that does something else than the rule stays, when there is one.
    std::vector<Taken> fewest(std::vector<Taken> takers, const std::vector<RuleId>& copies, bool differs) {
        constexpr std::size_t looked_at_max = 64;
        if (copies.size() != 1 || takers.size() == 1 || takers.size() > looked_at_max) return takers;
        const RuleId id = copies.front();
        const auto tells = [&](const std::vector<Taken>& some) {
            return !differs || std::any_of(some.begin(), some.end(), [&](const Taken& t) {
                return !same_effect(rules_.rule(id), rules_.rule(t.by));
            });
        };
        for (const Taken& taker : takers)
            if (std::vector<Taken> one{taker}; tells(one) && cover_it(one, id)) return one;
        for (std::size_t i = 0; i < takers.size();) {
            std::vector<Taken> less = takers;
            less.erase(less.begin() + static_cast<std::ptrdiff_t>(i));
            if (tells(less) && cover_it(less, id))
                takers = std::move(less);
            else
                ++i;
        }
        return takers;
    }

    void tell_shadow(const std::vector<RuleId>& copies) {
        std::vector<Taken> takers;
        for (const RuleId id : copies) {
            if (!work_.spaces.of[id.index]) continue;
            Effort share = work_.share();
            const std::uint64_t had = share.left();
            (void)work_.reach.each_taker(id, share, [&](const Cell& part, const Taker* taker) {
                if (taker != nullptr) keep(takers, taker->rule, part);
                return true;
            });
            work_.pay(share, had);
        }
        if (takers.empty()) return;
        std::sort(takers.begin(), takers.end(), [](const Taken& a, const Taken& b) { return a.by < b.by; });
        const Rule& rule = rules_.rule(copies.front());
        const bool acts = is_final(rule.target.kind) || leads_on(rule.target.kind);
        const bool differs = std::any_of(takers.begin(), takers.end(),
                                         [&](const Taken& t) { return !same_effect(rule, rules_.rule(t.by)); });
        const std::size_t all = takers.size();
        takers = fewest(std::move(takers), copies, differs);
        std::vector<RuleId> ids;
        for (const Taken& taker : takers) ids.push_back(taker.by);
        const LintReport::Names names = work_.report.names_of(ids);
        const auto [by, witness] = telling(takers, rule);
        const std::string shown =
            fmt::format("for instance {}: {} {} it", format(witness), rules_.label(by), verb(rules_.rule(by).target));
        const bool harmless = !acts || !differs;
        work_.report.add(
            {harmless ? Severity::note : Severity::warning, copies.front(), "rule-shadowed",
             fmt::format("this rule never {}: {} {} every packet that it fits", acts ? "decides" : "comes to act",
                         names.text,
                         all > takers.size() ? (names.count == 1 ? "stands above and fits" : "stand above and fit")
                         : names.count == 1  ? "takes"
                                             : "together take"),
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

}  // namespace sim::firewall::exact
