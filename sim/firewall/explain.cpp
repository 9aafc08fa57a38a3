#include "sim/firewall/explain.hpp"

#include <fmt/format.h>

namespace sim::firewall {
namespace {

std::string action_of(const Rule& rule, const RuleSet& rules) {
    switch (rule.target.kind) {
        case Target::Kind::none: return "goes on with the next rule";
        case Target::Kind::accept: return "accept";
        case Target::Kind::drop: return "drop";
        case Target::Kind::reject:
            return rule.target.with ? fmt::format("reject with {}", id(*rule.target.with)) : "reject";
        case Target::Kind::leave: return "back to the caller";
        case Target::Kind::jump: return "on to chain " + base::printable(rules.chain(rule.target.chain).name);
        case Target::Kind::go_to:
            return "over to chain " + base::printable(rules.chain(rule.target.chain).name) + ", not to return";
    }
    return {};
}

}  // namespace

void Explanation::note(std::string_view sentence) { lines_.push_back({base::printable(sentence), 0, {}}); }

void Explanation::enter(const RuleSet& rules, Hook hook, const Subject& subject) {
    rules_ = &rules;
    subject_ = subject;
    std::string text = fmt::format("{}{}: {}", rules.is_nat() ? "nat " : "", id(hook), wire::summary(*subject.packet));
    if (subject.label != Label::none) text += fmt::format(", connection state {}", id(subject.label));
    lines_.push_back({std::move(text), 0, {}});
}

void Explanation::tried(RuleId rule) {
    const std::string place = rules_->place(rule);
    std::string text = rules_->label(rule);
    if (!place.empty()) text += " (" + base::printable(place) + ")";
    text += ": " + base::printable(rules_->origin(rule).text);
    lines_.push_back({std::move(text), 0, rule});
}

void Explanation::checked(const Match& match, bool holds) {
    lines_.push_back({describe(match, subject_, holds), 1, {}});
}

void Explanation::matched(RuleId rule) {
    const Translation* translation = rules_->translation(rule);
    lines_.push_back({"matches: " + (translation != nullptr ? "translates, " + describe(*translation)
                                     : rules_->is_nat() && rules_->rule(rule).target.kind == Target::Kind::accept
                                         ? "translates nothing"
                                         : action_of(rules_->rule(rule), *rules_)),
                      1, rule});
}

// A rule that matches says what it does; one that only got as far as its log must say so here.
void Explanation::logged(RuleId rule) {
    if (rules_->rule(rule).only_logs)
        lines_.push_back({"so far it matches: noted in the log, before the rest of the rule is looked at", 1, {}});
}

void Explanation::chain_end(ChainId chain) {
    lines_.push_back({"chain " + base::printable(rules_->chain(chain).name) + " ends, back to the caller", 0, {}});
}

void Explanation::policy(ChainId chain) {
    const Chain& c = rules_->chain(chain);
    const bool native = rules_->dialect() == Dialect::native;
    if (rules_->is_nat()) {
        lines_.push_back({"no rule decided: nothing is translated here", 0, {}});
        return;
    }
    lines_.push_back({fmt::format("no rule decided: the {} is {}",
                                  native ? "default" : "policy of " + base::printable(c.name), id(c.policy->action)),
                      0,
                      {}});
}

void Explanation::dropped_inside(RuleId rule) {
    lines_.push_back({"dropped here: the packet is too short, or cut so, that it cannot be matched", 1, rule});
}

std::string Explanation::text() const {
    std::string text;
    for (const Line& line : lines_) text += std::string(2UL * line.depth, ' ') + line.text + "\n";
    return text;
}

}  // namespace sim::firewall
