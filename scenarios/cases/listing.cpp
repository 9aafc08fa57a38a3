#include "scenarios/cases/listing.hpp"

#include "scenarios/cases/play.hpp"
#include "sim/firewall/explain.hpp"
#include "sim/firewall/import/native_form.hpp"
#include "sim/firewall/import/native_text.hpp"

#include "sim/firewall/import/reject_words.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <fmt/format.h>

#include <utility>
#include <vector>

namespace scenarios::cases {
namespace {

using firewall::RuleId;
using firewall::RuleSet;
using firewall::Target;

std::string_view policy_word(firewall::Action action) {
    return action == firewall::Action::accept ? "allow" : firewall::id(action);
}

std::string with_words(const RuleSet& rules, const Target& target) {
    if (!target.with) return {};
    return firewall::import::reject_words(rules, *target.with, rules.family().value_or(wire::Family::ipv4),
                                           target.for_both_families);
}

// "allow", "reject with tcp-reset", "go on in chain LAN", "log and go on".
std::string action_words(const RuleSet& rules, const firewall::Rule& rule) {
    switch (rule.target.kind) {
        case Target::Kind::accept: return "allow";
        case Target::Kind::drop: return "drop";
        case Target::Kind::reject: {
            const std::string with = with_words(rules, rule.target);
            return with.empty() ? "reject" : "reject with " + with;
        }
        case Target::Kind::leave: return "return";
        case Target::Kind::jump: return "jump to " + base::printable(rules.chain(rule.target.chain).name);
        case Target::Kind::go_to: return "go to " + base::printable(rules.chain(rule.target.chain).name);
        case Target::Kind::none: break;
    }
    return "go on";
}

std::vector<std::string> match_words(const firewall::Rule& rule) {
    std::vector<std::string> words;
    for (const firewall::Match& match : rule.matches) words.push_back(firewall::describe(match));
    return words;
}

const std::string* reason_of(const firewall::import::NativeForm& form, RuleId id) {
    for (const firewall::import::Obstacle& obstacle : form.obstacles)
        if (obstacle.rule == id) return &obstacle.why;
    return nullptr;
}

std::string place_and_note(const RuleSet& rules, RuleId id) {
    const firewall::Origin& origin = rules.origin(id);
    std::string text = base::printable(rules.place(id));
    if (!origin.note.empty()) text += " # " + base::printable(origin.note, 400);
    return text;
}

std::string rule_text(const RuleSet& rules, RuleId id, const firewall::import::NativeForm& form) {
    const firewall::Rule& rule = rules.rule(id);
    std::string what;
    for (const std::string& word : match_words(rule)) what += (what.empty() ? "" : "; ") + word;
    if (what.empty()) what = "every packet";
    std::string log;
    if (rule.log) log = ", log" + (rule.log->prefix.empty() ? "" : " \"" + base::printable(rule.log->prefix) + "\"");
    std::string text = fmt::format("{:5}  {}{}: {}  ({})\n", rule.number, action_words(rules, rule), log, what,
                                   place_and_note(rules, id));
    if (const std::string* why = reason_of(form, id)) text += fmt::format("       no native form: {}\n", *why);
    return text;
}

std::string chains_text(const RuleSet& rules, const firewall::import::NativeForm& form) {
    std::string text;
    for (const firewall::Chain& chain : rules.chains()) {
        if (chain.count == 0 && !chain.policy) continue;
        text += "\nchain " + base::printable(chain.name);
        if (chain.policy) text += fmt::format(", what no rule decides: {}", policy_word(chain.policy->action));
        text += "\n";
        for (std::uint32_t i = chain.first; i < chain.first + chain.count; ++i)
            text += rule_text(rules, RuleId{i}, form);
    }
    return text;
}

firewall::import::NativeRules with_places(firewall::import::NativeForm form, const RuleSet& rules) {
    for (firewall::import::NativeRule& rule : form.rules.rules) {
        std::string place = base::format(base::Place{rule.origin.place.file, rule.origin.place.line});
        if (rule.origin.place.line == 0) place = rules.name();
        rule.origin.note = place + (rule.origin.note.empty() ? "" : ": " + rule.origin.note);
    }
    return std::move(form.rules);
}

std::string written(const RuleSet& nat) {
    std::string text;
    for (std::uint32_t i = 0; i < nat.rules().size(); ++i)
        text += fmt::format("  {}  ({})\n", base::printable(nat.origin(RuleId{i}).text, 400),
                            base::printable(nat.place(RuleId{i})));
    return text;
}

json::object rule_object(const RuleSet& rules, RuleId id, const firewall::import::NativeForm& form) {
    const firewall::Rule& rule = rules.rule(id);
    const firewall::Origin& origin = rules.origin(id);
    json::object out;
    out["chain"] = rules.chain(rule.chain).name;
    out["number"] = rule.number;
    out["action"] = action_words(rules, rule);
    json::array matches;
    for (const std::string& word : match_words(rule)) matches.emplace_back(word);
    out["matches"] = std::move(matches);
    if (rule.log) out["log"] = rule.log->prefix;
    out["place"] = rules.place(id);
    out["text"] = origin.text;
    if (!origin.note.empty()) out["note"] = origin.note;
    if (form.obstacles.empty()) {
        for (const firewall::import::NativeRule& native : form.rules.rules)
            if (native.origin.place == origin.place && native.origin.place.line != 0)
                out["native"] = native.origin.text;
    } else {
        const std::string* why = reason_of(form, id);
        out["no_native_form"] = why != nullptr ? *why : "other rules of the file have none";
    }
    return out;
}

}  // namespace

std::string listing_text(const RuleSet& rules, std::string_view format) {
    firewall::import::NativeForm form = firewall::import::native_form(rules);
    const RuleSet* nat = rules.nat().get();
    if (nat != nullptr) form.obstacles.push_back({std::nullopt, "addresses are translated"});
    if (form.obstacles.empty())
        return fmt::format("# {} ({}), as native rules\n", base::printable(rules.name()), format) +
               firewall::import::format(with_places(std::move(form), rules));
    std::size_t without = 0;
    std::string whole;
    for (const firewall::import::Obstacle& obstacle : form.obstacles) {
        without += obstacle.rule ? 1 : 0;
        if (!obstacle.rule) whole += "  " + obstacle.why + "\n";
    }
    std::string text = fmt::format("LISTING of {} ({}): {} of {} rules have no native form\n",
                                   base::printable(rules.name()), format, without, rules.rules().size());
    text += whole + chains_text(rules, form);
    if (nat != nullptr) text += "\ntranslation of addresses, as written\n" + written(*nat);
    return text;
}

std::string listing_lines(const RuleSet& rules) {
    firewall::import::NativeForm form = firewall::import::native_form(rules);
    const RuleSet* nat = rules.nat().get();
    if (nat != nullptr) form.obstacles.push_back({std::nullopt, "addresses are translated"});
    std::string lines;
    for (std::uint32_t i = 0; i < rules.rules().size(); ++i)
        lines += json::serialize(rule_object(rules, RuleId{i}, form)) + "\n";
    if (nat != nullptr)
        for (std::uint32_t i = 0; i < nat->rules().size(); ++i) {
            json::object out{{"table", "nat"}, {"text", nat->origin(RuleId{i}).text}, {"place", nat->place(RuleId{i})}};
            lines += json::serialize(out) + "\n";
        }
    return lines;
}

}  // namespace scenarios::cases
