#include "sim/firewall/import/nft_ruleset.hpp"

#include "sim/firewall/import/nft_text.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace sim::firewall::import::nft {
namespace {

using Kind = Json::Kind;

constexpr std::size_t rules_max = 100'000;
constexpr std::size_t values_max = 2'000'000;  // of sets, once every rule has its own copy
constexpr std::size_t text_max = 400;          // of a rule as it is shown

struct NamedTable {
    Table table;
    std::string family;  // as written
    std::string counters, sets;
    std::vector<std::uint32_t> chains;
};

// What an object may have beside the members that are read.
struct Harmless {
    std::string_view object;
    std::string_view member;
};
constexpr Harmless harmless[] = {
    {"table", "handle"},   {"table", "comment"},   {"chain", "handle"},  {"chain", "comment"},  {"set", "handle"},
    {"set", "comment"},    {"set", "policy"},      {"set", "size"},      {"set", "auto-merge"}, {"rule", "handle"},
    {"counter", "handle"}, {"counter", "packets"}, {"counter", "bytes"}, {"counter", "comment"}};

class Reading {
public:
    Reading(const base::SourceText& source, base::Diagnostics& faults) : source_(source), reporter_(source, faults) {}

    Ruleset read(const Json& root) {
        const Json* list = root.find("nftables");
        if (list == nullptr || !list->is(Kind::list)) {
            reporter_.fault(root, "there is no list \"nftables\"", "nft-no-ruleset",
                            "the file should come from nft -j list ruleset");
            return {};
        }
        for (const Json::Member& member : root.members)
            if (&member.value != list)
                reporter_.fault(member, shown(member.name) + " beside \"nftables\" is not known", "nft-unsupported");
        for (const Json& one : list->items) declare(one);
        find_family();
        for (const Json* set : sets_) read_set(*set);
        for (const Json* rule : rules_) read_rule(*rule);
        for (const Outside& chain : outside_) review_outside(chain);
        name_tables();
        if (reporter_.count() == 0) write();  // it relies on what was checked
        return std::move(made_);
    }

private:
    struct Outside {  // a base chain on a hook that is not played
        const Json* hook;
        std::uint32_t chain;
    };

    // ---- first: what is there ----
    void declare(const Json& one) {
        if (!one.is(Kind::object) || one.members.size() != 1)
            return reporter_.fault(one, "an object with one member should stand here", "nft-unsupported");
        const Json::Member& member = one.members.front();
        if (member.name == "metainfo") return;
        if (member.name == "table") return declare_table(member.value);
        if (member.name == "chain") return declare_chain(member.value);
        if (member.name == "counter") return declare_counter(member.value);
        if (member.name == "set" || member.name == "map") return sets_.push_back(&member.value);
        if (member.name == "rule") return rules_.push_back(&member.value);
        const bool command = member.name == "add" || member.name == "insert" || member.name == "delete" ||
                             member.name == "flush" || member.name == "replace" || member.name == "create";
        reporter_.fault(
            member, shown(member.name) + " is not supported", "nft-unsupported",
            command ? "the file should be a list of what is there (nft -j list ruleset), not of commands" : "");
    }
    void only_known(const Json& object, std::string_view kind, std::initializer_list<std::string_view> known) {
        for (const Json::Member& member : object.members) {
            const bool fine = std::find(known.begin(), known.end(), member.name) != known.end() ||
                              std::any_of(std::begin(harmless), std::end(harmless), [&](const Harmless& h) {
                                  return h.object == kind && h.member == member.name;
                              });
            if (!fine)
                reporter_.fault(member, shown(member.name) + " of a " + std::string(kind) + " is not supported",
                                "nft-unsupported");
        }
    }
    // A text that an object must have; empty, and a fault, when it has none.
    std::string text_of(const Json& object, std::string_view name) {
        const Json* value = object.find(name);
        if (value != nullptr && value->is(Kind::text) && !value->text.empty()) return value->text;
        reporter_.fault(value == nullptr ? object : *value, "a text \"" + std::string(name) + "\" is missing here",
                        "nft-unsupported");
        return {};
    }

    void declare_table(const Json& object) {
        only_known(object, "table", {"family", "name"});
        const std::string family = text_of(object, "family"), name = text_of(object, "name");
        if (family.empty() || name.empty()) return;
        if (find_table(family, name) != nullptr)
            return reporter_.fault(object, "table " + shown(family + " " + name) + " stands here a second time",
                                   "nft-repeated");
        if (family != "ip" && family != "ip6" && family != "inet") {
            refused_tables_.push_back(family + " " + name);
            return reporter_.fault(*object.find("family"), "the family " + shown(family) + " is not supported",
                                   "nft-unsupported", "ip, ip6 and inet can be judged");
        }
        auto made = std::make_unique<NamedTable>();
        made->table.name = name;
        made->family = family;
        if (family != "inet") made->table.family = family == "ip" ? wire::Family::ipv4 : wire::Family::ipv6;
        tables_.push_back(std::move(made));
    }
    NamedTable* find_table(std::string_view family, std::string_view name) {
        for (const auto& table : tables_)
            if (table->family == family && table->table.name == name) return table.get();
        return nullptr;
    }
    // The table that an object says it belongs to. Null without a fault when that table was refused.
    NamedTable* table_of(const Json& object) {
        const std::string family = text_of(object, "family"), name = text_of(object, "table");
        if (family.empty() || name.empty()) return nullptr;
        if (NamedTable* table = find_table(family, name)) return table;
        const bool refused =
            std::find(refused_tables_.begin(), refused_tables_.end(), family + " " + name) != refused_tables_.end();
        if (!refused)
            reporter_.fault(*object.find("table"), "there is no table " + shown(family + " " + name), "nft-undeclared");
        return nullptr;
    }

    void declare_chain(const Json& object) {
        NamedTable* table = table_of(object);
        const std::string name = text_of(object, "name");
        if (table == nullptr || name.empty()) return;
        only_known(object, "chain", {"family", "table", "name", "type", "hook", "prio", "policy"});
        const bool base = object.find("hook") != nullptr || object.find("type") != nullptr;
        const auto index = static_cast<std::uint32_t>(made_.chains.size());
        if (!table->table.chains.emplace(name, Table::ChainRef{index, base}).second)
            return reporter_.fault(object, "chain " + shown(name) + " stands here a second time", "nft-repeated");
        DraftChain chain;
        chain.name = name;
        chain.place = reporter_.place(object);
        if (base) chain.policy = read_policy(object);
        made_.chains.push_back(std::move(chain));
        objects_.push_back(&object);
        texts_.emplace_back();
        table->chains.push_back(index);
        if (base) enter(object, *table, index);
    }
    Policy read_policy(const Json& object) {
        const Json* policy = object.find("policy");
        if (policy != nullptr && policy->text != "accept" && policy->text != "drop")
            reporter_.fault(*policy, shown(*policy) + " is no policy", "nft-unsupported", "accept or drop");
        return Policy{policy != nullptr && policy->text == "drop" ? Action::drop : Action::accept};
    }
    void enter(const Json& object, const NamedTable& table, std::uint32_t index) {
        const std::string type = text_of(object, "type"), hook = text_of(object, "hook");
        const Json* priority = object.find("prio");
        if (type.empty() || hook.empty()) return;
        if (type != "filter")
            return reporter_.fault(*object.find("type"), "a chain of the type " + shown(type) + " is not supported",
                                   "nft-unsupported", "only filter chains can be judged");
        if (priority == nullptr || !priority->is(Kind::number) || !priority->number)
            return reporter_.fault(priority == nullptr ? object : *priority, "the priority should be a number here",
                                   "nft-unsupported");
        if (hook != "input" && hook != "forward" && hook != "output")
            return outside_.push_back({object.find("hook"), index});
        const Hook known = hook == "input" ? Hook::input : hook == "forward" ? Hook::forward : Hook::output;
        made_.bases.push_back({known, *priority->number, index, table.table.family, &object});
    }
    void declare_counter(const Json& object) {
        NamedTable* table = table_of(object);
        const std::string name = text_of(object, "name");
        if (table == nullptr || name.empty()) return;
        only_known(object, "counter", {"family", "table", "name"});
        table->table.counters.push_back(name);
        table->counters += "\tcounter " + name + " {\n\t}\n";
    }

    void find_family() {
        bool v4 = false, v6 = false, both = false;
        for (const auto& table : tables_) {
            both = both || !table->table.family;
            v4 = v4 || table->table.family == wire::Family::ipv4;
            v6 = v6 || table->table.family == wire::Family::ipv6;
        }
        if (v4 && !v6 && !both) made_.family = wire::Family::ipv4;
        if (v6 && !v4 && !both) made_.family = wire::Family::ipv6;
    }

    // ---- then: what it means ----
    void read_set(const Json& object) {
        NamedTable* table = table_of(object);
        const std::string name = text_of(object, "name");
        if (table == nullptr || name.empty()) return;
        const bool is_map = object.find("map") != nullptr;
        only_known(object, "set", {"family", "table", "name", "type", "map", "flags", "elem"});
        read_flags(object);
        const Json* type = object.find("type");
        const auto known = type == nullptr ? std::nullopt : type_by_name(type->text);
        if (type == nullptr || !type->is(Kind::text) || !known)
            return reporter_.fault(
                type == nullptr ? object : *type,
                type != nullptr && type->is(Kind::list)
                    ? "concatenations of several keys are not supported"
                    : "sets of the type " + shown(type == nullptr ? object : *type) + " are not supported",
                "nft-unsupported");
        if (is_map && object.find("map")->text != "verdict")
            return reporter_.fault(*object.find("map"), "a map to " + shown(*object.find("map")) + " is not supported",
                                   "nft-unsupported", "only maps to verdicts are");
        NamedSet set;
        set.type = *known;
        set.is_map = is_map;
        RuleReader reader(table->table, false, reporter_);
        const Json* elements = object.find("elem");
        if (elements != nullptr && is_map) set.entries = reader.read_entries(*known, *elements);
        if (elements != nullptr && !is_map) read_elements(*known, *elements, set.values, reporter_);
        if (set.values.rest)
            reporter_.fault(*elements, "\"*\" in a set that is no map is not supported", "nft-unsupported");
        if (!table->table.sets.emplace(name, std::move(set)).second)
            return reporter_.fault(object, "set " + shown(name) + " stands here a second time", "nft-repeated");
        write_set(object, *table, name, is_map);
    }
    void read_flags(const Json& object) {
        const Json* flags = object.find("flags");
        if (flags == nullptr) return;
        const auto one = [&](const Json& flag) {
            if (flag.text != "constant" && flag.text != "interval")
                reporter_.fault(flag, "a set with the flag " + shown(flag) + " is not supported", "nft-unsupported",
                                "its elements come and go, so no answer about it lasts");
        };
        if (!flags->is(Kind::list)) return one(*flags);
        for (const Json& flag : flags->items) one(flag);
    }

    void read_rule(const Json& object) {
        NamedTable* table = table_of(object);
        const std::string name = text_of(object, "chain");
        if (table == nullptr || name.empty()) return;
        only_known(object, "rule", {"family", "table", "chain", "comment", "expr"});
        const auto chain = table->table.chains.find(name);
        if (chain == table->table.chains.end())
            return reporter_.fault(*object.find("chain"),
                                   "there is no chain " + shown(name) + " in table " + shown(table->table.name),
                                   "nft-undeclared");
        const Json* statements = object.find("expr");
        if (statements == nullptr) return reporter_.fault(object, "a rule without \"expr\"", "nft-unsupported");
        RuleReader reader(table->table, !made_.family, reporter_);
        ParsedRule parsed = reader.read(*statements);
        count(parsed, object);
        if (parsed.asks_connection) {
            made_.tracked.v4 |= table->table.family != wire::Family::ipv6;
            made_.tracked.v6 |= table->table.family != wire::Family::ipv4;
        }
        const Json* comment = object.find("comment");
        Origin origin{reporter_.place(object), rule_text(*statements, text_max),
                      comment == nullptr ? "" : comment->text};
        bool part = false;
        for (Rule& rule : parsed.parts)
            made_.chains[chain->second.index].rules.push_back({std::move(rule), origin, std::exchange(part, true)});
        texts_[chain->second.index] +=
            "\t\t" + rule_text(*statements) + (comment == nullptr ? "" : " comment " + quoted(comment->text)) + "\n";
    }
    void count(ParsedRule& parsed, const Json& at) {
        total_rules_ += parsed.parts.size();
        total_values_ += parsed.values;
        if (total_rules_ <= rules_max && total_values_ <= values_max) return;
        if (!std::exchange(too_many_, true))
            reporter_.fault(at, "there are too many rules, or values of sets in all rules together", "too-many-rules");
        parsed.parts.clear();
    }

    void review_outside(const Outside& outside) {
        const DraftChain& chain = made_.chains[outside.chain];
        const std::string hook = shown(outside.hook->text);
        if (!chain.rules.empty() || chain.policy->action != Action::accept)
            return reporter_.fault(
                *outside.hook,
                "the hook " + hook + " is not supported, and chain " + shown(chain.name) + " does something there",
                "nft-unsupported", "input, forward and output can be judged");
        made_.remarks.push_back(
            source_.diagnose(base::Severity::note, source_.place_at(outside.hook->offset, outside.hook->length),
                             "chain " + shown(chain.name) + " on the hook " + hook + " is left out; it does nothing",
                             "nft-empty-chain"));
    }

    // Chains of one name in several tables are told apart by their table.
    void name_tables() {
        std::map<std::string, unsigned, std::less<>> count;
        for (const DraftChain& chain : made_.chains) ++count[chain.name];
        for (const auto& table : tables_)
            for (const std::uint32_t index : table->chains)
                if (count[made_.chains[index].name] > 1)
                    made_.chains[index].table = table->family + " " + table->table.name;
    }

    // ---- at last: the whole as text ----
    void write_set(const Json& object, NamedTable& table, const std::string& name, bool is_map) {
        std::string& text = table.sets;
        text += std::string(is_map ? "\tmap " : "\tset ") + name + " {\n\t\ttype " + object.find("type")->text +
                (is_map ? " : verdict" : "") + "\n";
        if (const Json* flags = object.find("flags")) {
            std::string list;
            if (!flags->is(Kind::list)) list = flags->text;
            for (const Json& flag : flags->items) list += (list.empty() ? "" : ",") + flag.text;
            text += "\t\tflags " + list + "\n";
        }
        const Json* elements = object.find("elem");
        if (elements != nullptr && !elements->items.empty())
            text += "\t\telements = { " + elements_text(*elements, object.find("type")->text == "ifname") + " }\n";
        text += "\t}\n";
    }
    void write() {
        for (const auto& table : tables_) {
            made_.text += "table " + table->family + " " + table->table.name + " {\n" + table->counters + table->sets;
            for (const std::uint32_t index : table->chains) {
                const Json& object = *objects_[index];
                made_.text += "\tchain " + made_.chains[index].name + " {\n";
                if (made_.chains[index].policy && object.find("type") != nullptr && object.find("prio") != nullptr)
                    made_.text += "\t\ttype " + object.find("type")->text + " hook " + object.find("hook")->text +
                                  " priority " + object.find("prio")->text + "; policy " +
                                  std::string(id(made_.chains[index].policy->action)) + ";\n";
                made_.text += texts_[index] + "\t}\n";
            }
            made_.text += "}\n";
        }
    }

    const base::SourceText& source_;
    Reporter reporter_;
    Ruleset made_;
    std::vector<std::unique_ptr<NamedTable>> tables_;
    std::vector<std::string> refused_tables_;
    std::vector<const Json*> objects_;  // of chains, beside made_.chains
    std::vector<std::string> texts_;    // the rules of each chain
    std::vector<const Json*> sets_, rules_;
    std::vector<Outside> outside_;
    std::size_t total_rules_ = 0, total_values_ = 0;
    bool too_many_ = false;
};

}  // namespace

Ruleset read_ruleset(const Json& root, const base::SourceText& source, base::Diagnostics& faults) {
    return Reading(source, faults).read(root);
}

}  // namespace sim::firewall::import::nft
