// The findings of a lint, and the words that they share. Internal to lint.
#pragma once

#include "sim/firewall/exact/lint.hpp"
#include "sim/firewall/exact/lint_reach.hpp"

#include <string>
#include <string_view>

namespace sim::firewall::exact {

// What a rule does, in the third person: "allows", "drops", "sends back".
std::string_view verb(const Target& target);
// Both let pass, both drop, or both answer with the same refusal: a user waits long for a drop and not for a reset.
bool same_effect(const Rule& a, const Rule& b);
bool is_final(Target::Kind kind);
bool leads_on(Target::Kind kind);

class LintReport {
public:
    explicit LintReport(const RuleSet& rules) : rules_(rules) {}

    struct Finding {
        base::Severity severity = base::Severity::note;
        RuleId rule;
        std::string_view id;
        std::string what;
        std::string hint;
        std::optional<Witness> witness{};
    };
    void add(Finding finding);
    // About the rules as a whole.
    void add_remark(std::string_view id, std::string what, std::string hint);

    // "rule 3 (branch.rules:8)"
    std::string name_of(RuleId id) const;
    // "rule 1 (a:1), rule 2 (a:2) and 4 more"; a line of a file that became several rules counts once.
    struct Names {
        std::string text;
        std::size_t count = 0;
    };
    Names names_of(const std::vector<RuleId>& ids) const;

    base::Diagnostics take();

private:
    const RuleSet& rules_;
    base::Diagnostics found_;
};

// What all parts of the lint work with.
struct LintWork {
    const RuleSet& rules;
    const LintOptions& options;
    const RuleSpaces& spaces;
    const Reach& reach;
    Effort& effort;  // of the whole
    LintReport& report;
    std::vector<bool> dead;      // by rule
    std::vector<bool> examined;  // by rule

    // What one rule may cost: a share of the whole, so that a few hard ones do not keep the others from being examined.
    Effort share() const { return effort.part(options.effort / 32 + 1); }
    void pay(const Effort& share, std::uint64_t had) const { effort.pay(share, had); }
};

// A rule that no packet at all fits: which of its matches shut each other out.
void tell_contradiction(LintWork& work, RuleId rule);
// Rules that are never reached, or change nothing; `copies` are the rules that one line of a file became.
void lint_rules(LintWork& work, const std::vector<std::vector<RuleId>>& copies);
// Pairs whose order decides; refusals that change nothing.
void lint_pairs(LintWork& work);
// Chains that nothing leads to, and jumps to chains that do nothing or never return.
void lint_chains(LintWork& work, const std::vector<bool>& led_to);

}  // namespace sim::firewall::exact
