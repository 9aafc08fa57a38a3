#include "scenarios/cases/single_rule.hpp"

#include "scenarios/cases/case.hpp"
#include "scenarios/cases/fields.hpp"
#include "sim/firewall/import/import.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include <algorithm>
#include <string_view>
#include <vector>

namespace scenarios::cases {
namespace {

constexpr std::string_view table =
    "*filter\n:INPUT DROP [0:0]\n:FORWARD DROP [0:0]\n:OUTPUT DROP [0:0]\n:USER - [0:0]\n";

// What the importer writes back beyond the table as it was.
json::array added_lines(std::string_view canonical) {
    json::array added;
    while (!canonical.empty()) {
        const std::string_view line = canonical.substr(0, canonical.find('\n'));
        canonical.remove_prefix(std::min(line.size() + 1, canonical.size()));
        const bool known = line == "COMMIT" || table.find(std::string(line) + "\n") != table.npos;
        if (!known) added.emplace_back(line);
    }
    return added;
}

bool as_wanted(const json::array& wanted, const json::array& got) {
    if (wanted.size() != got.size()) return false;
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        const std::string_view one = wanted[i].get_string();
        const std::string_view other = got[i].get_string();
        // A chain's line was recorded without its counters.
        if (one != other && !(one.substr(0, 1) == ":" && other.substr(0, one.size()) == one)) return false;
    }
    return true;
}

// The word that the real tool puts between quotes: `10.0.0.1', "256", 'ACCEPT' (and no apostrophe, as in "can't").
std::string_view quoted_word(std::string_view error) {
    for (const std::string_view open : {"`", "\"", " '"}) {
        const std::size_t at = error.find(open);
        if (at == error.npos) continue;
        const std::size_t from = at + open.size();
        const std::size_t to = error.find_first_of("'\"", from);
        if (to != error.npos) return error.substr(from, to - from);
    }
    return {};
}

// Ours may underline the option and the real tool name its value: "-s" in "-s ! 10.0.0.1".
bool follows(std::string_view rule, std::string_view option, std::string_view word) {
    const std::size_t at = rule.find(" " + std::string(option) + " ");
    if (option.empty() || at == rule.npos) return false;
    const std::size_t next = rule.find(word, at + option.size() + 2);
    return next != rule.npos && next <= at + option.size() + 4;
}

bool strings_only(const json::value* v) {
    return v != nullptr && v->is_array() &&
           std::all_of(v->get_array().begin(), v->get_array().end(),
                       [](const json::value& s) { return s.is_string(); });
}

}  // namespace

json::object try_rule(const json::object& record) {
    Fields fields(record, "rule");
    const std::string rule(fields.text("rule"));
    const bool v6 = fields.text("family", "ipv4") == "ipv6";
    json::object tried{{"rule", rule}, {"family", v6 ? "ipv6" : "ipv4"}};
    const base::SourceText source("rule", std::string(table) + rule + "\nCOMMIT\n");
    const auto imported = firewall::import::import_rules(source, firewall::import::ImportFormat::iptables,
                                                         {.family = v6 ? wire::Family::ipv6 : wire::Family::ipv4});
    tried["accepted"] = imported.has_value();
    if (imported) {
        tried["canonical"] = added_lines(imported->canonical);
        return tried;
    }
    const base::Diagnostics faults = imported.error();
    tried["error"] = in_one_line(faults);
    const base::Place& at = faults.front().place;
    if (at.column > 0) tried["word"] = source.line(at.line).substr(at.column - 1, at.length);
    return tried;
}

void compare_rule(const json::object& tried, const json::object& record, Tally& tally) {
    const std::string what = json::serialize(tried.at("rule"));
    const auto shown = [](const json::object& o, std::string_view key) {
        const json::value* v = o.if_contains(key);
        return v == nullptr ? std::string("nothing") : json::serialize(*v);
    };
    Fields fields(record, "rule");
    const bool outside = fields.boolean("outside_subset", false);
    const bool wanted = fields.boolean("accepted") && !outside;
    const bool accepted = tried.at("accepted").get_bool();
    tally.field(what, "accepted", accepted == wanted, wanted ? "accepted" : "refused",
                accepted ? "accepted" : shown(tried, "error"));
    if (accepted && wanted && strings_only(record.if_contains("canonical"))) {
        const bool same = as_wanted(record.at("canonical").get_array(), tried.at("canonical").get_array());
        tally.field(what, "canonical", same, shown(record, "canonical"), shown(tried, "canonical"));
    }
    if (accepted || wanted) return;
    if (outside) {
        const json::value* word = tried.if_contains("word");
        const bool named = word != nullptr && word->is_string() && !word->get_string().empty();
        tally.field(what, "word", named, "the word that is refused", shown(tried, "error"));
        return;
    }
    const std::string_view word = quoted_word(fields.text("error", ""));
    if (word.empty()) return;
    const std::string_view ours = tried.at("error").get_string();
    const json::value* at = tried.if_contains("word");
    const bool named = ours.find(word) != ours.npos ||
                       (at != nullptr && (std::string_view(at->get_string()).find(word) != std::string_view::npos ||
                                          follows(tried.at("rule").get_string(), at->get_string(), word)));
    tally.field(what, "word", named, std::string(word), std::string(ours));
}

}  // namespace scenarios::cases
