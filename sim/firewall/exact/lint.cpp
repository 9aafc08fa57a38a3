#include "sim/firewall/exact/lint.hpp"

#include "sim/firewall/exact/lint_walk.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <tuple>

namespace sim::firewall::exact {
namespace {

using base::Severity;

bool is_final(Target::Kind kind) {
    return kind == Target::Kind::accept || kind == Target::Kind::drop || kind == Target::Kind::reject;
}
bool leads_on(Target::Kind kind) { return kind == Target::Kind::jump || kind == Target::Kind::go_to; }

// What a rule does, in the third person.
std::string_view verb(const Target& target) {
    switch (target.kind) {
        case Target::Kind::accept: return "allows";
        case Target::Kind::drop: return "drops";
        case Target::Kind::reject: return "rejects";
        case Target::Kind::leave: return "sends back";
        case Target::Kind::jump:
        case Target::Kind::go_to: return "leads away";
        case Target::Kind::none: break;
    }
    return "notes";
}

class Lint {
public:
    Lint(const RuleSet& rules, const LintOptions& options)
        : rules_(rules),
          options_(options),
          effort_(options.effort),
          spaces_(rules, effort_),
          entries_(entries_of(rules)) {}

    base::Diagnostics run() {
        find_led_to();
        if (!effort_.spent()) group_copies();
        if (!effort_.spent()) ways_ = ways_into(rules_, spaces_, effort_);
        dead_.assign(rules_.rules().size(), false);
        for (const std::vector<RuleId>& copies : copies_)
            if (!effort_.spent()) review(copies);
        for (const std::vector<RuleId>& copies : copies_)
            if (!effort_.spent() && copies.size() == 1 && !dead_[copies.front().index])
                review_redundant(copies.front());
        if (options_.pairs && !effort_.spent()) review_pairs();
        if (effort_.spent()) {
            found_.clear();
            add_incomplete();
        }
        review_chains();
        std::stable_sort(found_.begin(), found_.end(), [](const base::Diagnostic& a, const base::Diagnostic& b) {
            return std::tie(a.place.file, a.place.line, a.place.column) <
                   std::tie(b.place.file, b.place.line, b.place.column);
        });
        return std::move(found_);
    }

private:
    struct Finding {
        bool dead = false;                  // no packet that it fits ever comes to it
        bool empty = false;                 // no packet at all fits it
        bool apart = false;                 // what leads to its chain asks for something else
        std::vector<Walk::Decided> takers;  // who takes them before
    };

    // ---- structure ----
    void find_led_to() {
        led_to_.assign(rules_.chains().size(), false);
        std::vector<ChainId> open = entries_;
        for (const ChainId entry : entries_) led_to_[entry.index] = true;
        while (!open.empty()) {
            const Chain& chain = rules_.chain(open.back());
            open.pop_back();
            for (std::uint32_t i = chain.first; i < chain.first + chain.count; ++i) {
                const Target& target = rules_.rules()[i].target;
                if (!leads_on(target.kind) || led_to_[target.chain.index]) continue;
                led_to_[target.chain.index] = true;
                open.push_back(target.chain);
            }
        }
    }
    // One line of a file may be several rules (lists of addresses), and may stand in several chains (one list bound
    // twice). It is blamed only when all of them are dead.
    void group_copies() {
        std::map<std::tuple<std::string, std::uint32_t, std::uint32_t, std::string>, std::size_t> known;
        for (std::uint32_t i = 0; i < rules_.rules().size(); ++i) {
            const Origin& origin = rules_.origin(RuleId{i});
            if (!led_to_[rules_.rules()[i].chain.index]) continue;
            const auto [at, fresh] = known.try_emplace(
                {origin.place.file, origin.place.line, origin.place.column, origin.text}, copies_.size());
            if (fresh) copies_.emplace_back();
            copies_[at->second].push_back(RuleId{i});
        }
    }
    void review_chains() {
        for (std::uint32_t c = 0; c < rules_.chains().size(); ++c) {
            const Chain& chain = rules_.chains()[c];
            if (led_to_[c] || chain.policy || chain.count == 0) continue;
            add(Severity::note, RuleId{chain.first},
                fmt::format("nothing leads to chain {}, so its {} do nothing", base::printable(chain.name, 60),
                            chain.count == 1 ? "rule" : fmt::format("{} rules", chain.count)),
                "chain-unused",
                "a rule with -j " + base::printable(chain.name, 60) +
                    " in a chain that packets enter would lead there");
        }
    }

    // ---- single rules ----
    Finding look_at(RuleId id) {
        Finding finding;
        const auto& fits = spaces_.of[id.index];
        if (!fits) return finding;
        finding.empty = fits->empty();
        const PacketSet led_here = intersection(*fits, ways_[rules_.rule(id).chain.index], effort_);
        finding.apart = led_here.empty();
        finding.dead = finding.apart;
        if (finding.dead) return finding;
        Walk walk(rules_, spaces_, effort_);
        for (const ChainId entry : entries_) {
            if (walk.arrives(entry, led_here, id)) return {};
            const auto takers = walk.takers();
            finding.takers.insert(finding.takers.end(), takers.begin(), takers.end());
        }
        finding.dead = true;
        return finding;
    }

    // Whether any packet comes to the chain at all. When none does, the rule that leads there is to blame.
    bool is_entered(ChainId id) {
        const Chain& chain = rules_.chain(id);
        if (chain.policy) return true;
        Effort own(effort_max_for_entering);
        Walk walk(rules_, spaces_, own);
        for (const ChainId entry : entries_)
            if (walk.arrives(entry, spaces_.space.universe(), RuleId{chain.first})) return true;
        return own.spent();  // not known: then the rule may be blamed beside the one that leads here
    }

    void review(const std::vector<RuleId>& copies) {
        const Rule& rule = rules_.rule(copies.front());
        if (!is_final(rule.target.kind) && !leads_on(rule.target.kind)) return;
        Finding all{.dead = true, .empty = true, .apart = true, .takers = {}};
        for (const RuleId id : copies) {
            const Finding one = look_at(id);
            dead_[id.index] = one.dead;
            all.empty = all.empty && one.empty;
            all.apart = all.apart && one.apart;
            all.dead = all.dead && one.dead;
            all.takers.insert(all.takers.end(), one.takers.begin(), one.takers.end());
        }
        if (!effort_.spent() && all.dead) blame(copies.front(), all);
    }

    void blame(RuleId id, Finding& finding) {
        if (finding.empty)
            return add(Severity::warning, id, "no packet fits this rule: what it asks contradicts itself",
                       "rule-never-matches",
                       "all its matches must hold; mend the one that shuts the others out, or take the rule out");
        if (!is_entered(rules_.rule(id).chain)) return;
        if (finding.apart)
            return add(Severity::warning, id, "no packet that is led to this chain fits this rule",
                       "rule-never-matches", "the rules that lead here ask for something else");
        std::sort(finding.takers.begin(), finding.takers.end(),
                  [](const auto& a, const auto& b) { return a.rule < b.rule; });
        finding.takers.erase(std::unique(finding.takers.begin(), finding.takers.end(),
                                         [](const auto& a, const auto& b) { return a.rule == b.rule; }),
                             finding.takers.end());
        if (!finding.takers.empty()) tell_shadow(id, finding.takers);
    }

    void tell_shadow(RuleId id, const std::vector<Walk::Decided>& takers) {
        const Rule& rule = rules_.rule(id);
        const auto differs = std::find_if(takers.begin(), takers.end(), [&](const Walk::Decided& t) {
            return !same_effect(rule, rules_.rule(t.rule));
        });
        const Walk::Decided& telling = differs == takers.end() ? takers.front() : *differs;
        std::string names;
        for (std::size_t i = 0; i < takers.size() && i < takers_told_max; ++i)
            names += (i == 0 ? "" : i + 1 == takers.size() ? " and " : ", ") + name_of(takers[i].rule);
        if (takers.size() > takers_told_max) names += fmt::format(" and {} more", takers.size() - takers_told_max);
        const bool one = takers.size() == 1;
        const std::string what = fmt::format("this rule never decides: {} {} every packet that it fits", names,
                                             one ? "takes" : "together take");
        const std::string witness = fmt::format("for instance {}: {} {} it", sample_in_words(telling.sample),
                                                rules_.label(telling.rule), verb(rules_.rule(telling.rule).target));
        if (differs == takers.end())
            add(Severity::note, id, what, "rule-shadowed",
                witness + ", as this rule would; take it out, if nothing else was meant");
        else
            add(Severity::warning, id, what, "rule-shadowed",
                witness + "; the first rule that matches decides, so this one must stand above");
    }

    // To the sender a drop and a reject are two things, to the mail they are one.
    static bool same_effect(const Rule& a, const Rule& b) {
        return is_final(a.target.kind) &&
               (a.target.kind == Target::Kind::accept) == (b.target.kind == Target::Kind::accept);
    }

    // A permit that a later permit makes needless. Refusals above a last "deny everything", and permits for what is
    // established, are practice and say something to the reader.
    void review_redundant(RuleId id) {
        const Rule& rule = rules_.rule(id);
        const bool by_state = std::any_of(rule.matches.begin(), rule.matches.end(),
                                          [](const Match& m) { return std::holds_alternative<ConnectionIs>(m.what); });
        if (rule.target.kind != Target::Kind::accept || rule.log || by_state || !rules_.chain(rule.chain).policy)
            return;
        if (!spaces_.of[id.index]) return;
        Walk walk(rules_, spaces_, effort_);
        PacketSet mine = walk.arrivals(rule.chain, *spaces_.of[id.index], id);
        const PacketSet left = walk.goes_on(id, std::move(mine));
        if (effort_.spent() || !walk.sure() || !left.empty() || walk.decided().empty()) return;
        std::string names;
        for (const Walk::Decided& d : walk.decided()) {
            if (rules_.rule(d.rule).target.kind != Target::Kind::accept || dead_[d.rule.index]) return;
            names += (names.empty() ? "" : ", ") + name_of(d.rule);
        }
        add(Severity::note, id, fmt::format("this rule changes nothing: without it {} would allow the same", names),
            "rule-redundant", "take it out, or make the later one narrower, if it was to open less");
    }

    // ---- pairs ----
    void review_pairs() {
        for (const Chain& chain : rules_.chains())
            for (std::uint32_t x = chain.first; x < chain.first + chain.count; ++x)
                for (std::uint32_t y = x + 1; y < chain.first + chain.count && !effort_.spent(); ++y)
                    review_pair(RuleId{x}, RuleId{y});
    }
    void review_pair(RuleId x, RuleId y) {
        const Rule& a = rules_.rule(x);
        const Rule& b = rules_.rule(y);
        if (!is_final(a.target.kind) || !is_final(b.target.kind) || same_effect(a, b)) return;
        const auto& first = spaces_.of[x.index];
        const auto& second = spaces_.of[y.index];
        if (!first || !second) return;
        const PacketSet both = intersection(*first, *second, effort_);
        if (both.empty() || difference(*second, *first, effort_).empty()) return;  // apart, or shadowed
        const std::string sample = sample_in_words(both.front());
        if (difference(*first, *second, effort_).empty())
            add(Severity::note, y,
                fmt::format("{} is an exception to this rule: it {} what this one {}", name_of(x), verb(a.target),
                            verb(b.target)),
                "rule-generalises", fmt::format("for instance {}; usually meant", sample));
        else
            add(Severity::note, y,
                fmt::format("this rule and {} overlap, and their order decides: that one {}, this one {}", name_of(x),
                            verb(a.target), verb(b.target)),
                "rule-correlated", fmt::format("for instance {}: {} {} it", sample, rules_.label(x), verb(a.target)));
    }

    // ---- words ----
    // "rule 3 (branch.rules:8)"
    std::string name_of(RuleId id) const {
        const std::string place = rules_.place(id);
        return place.empty() ? rules_.label(id) : fmt::format("{} ({})", rules_.label(id), place);
    }
    void add(Severity severity, RuleId id, std::string what, std::string finding, std::string hint) {
        found_.push_back({.severity = severity,
                          .place = rules_.origin(id).place,
                          .what = std::move(what),
                          .id = std::move(finding),
                          .hint = std::move(hint),
                          .source_line = {}});
    }
    void add_incomplete() {
        if (rules_.rules().empty()) return;
        base::Place whole = rules_.origin(RuleId{0}).place;
        whole.line = whole.column = 0;
        found_.push_back(
            {.severity = Severity::note,
             .place = std::move(whole),
             .what = "these rules are too many or too entangled to be compared with one another",
             .id = "rule-lint-incomplete",
             .hint = "rules that never decide are not looked for here; run and explain judge packets as ever",
             .source_line = {}});
    }

    static constexpr std::size_t takers_told_max = 6;
    static constexpr std::uint64_t effort_max_for_entering = 200'000;

    const RuleSet& rules_;
    LintOptions options_;
    Effort effort_;
    RuleSpaces spaces_;
    std::vector<ChainId> entries_;
    std::vector<bool> led_to_;
    std::vector<std::vector<RuleId>> copies_;
    std::vector<PacketSet> ways_;  // by chain
    std::vector<bool> dead_;       // by rule
    base::Diagnostics found_;
};

}  // namespace

base::Diagnostics lint(const RuleSet& rules, const LintOptions& options) {
    LintOptions bounded = options;
    if (rules.rules().size() > lint_rules_max) bounded.effort = 0;
    return Lint(rules, bounded).run();
}

}  // namespace sim::firewall::exact
