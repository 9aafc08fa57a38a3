// One rule of an nft rule set: its statements in order, and what they mean. Private to the importer.
//
// nft works through a rule's statements one by one and leaves it at the first match that does not hold; what stood
// before, a log for instance, has happened. A verdict map decides by the value that it looks up. The one rule model
// has neither, so such a rule becomes several parts with one number: parts that only log, then a part for each verdict
// of the map, of which no two hold for the same packet.
#pragma once

#include "sim/firewall/import/nft_match.hpp"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace sim::firewall::import::nft {

struct NamedSet {
    Type type = Type::ipv4_addr;
    Values values;
    // Of a verdict map: what each value leads to; `values` is not used then.
    struct Entry {
        Values values;
        Target target;  // none: continue
    };
    bool is_map = false;
    std::vector<Entry> entries;
};

struct Table {
    std::string name;
    std::optional<wire::Family> family;  // absent: inet
    struct ChainRef {
        std::uint32_t index = 0;  // in the draft
        bool base = false;
    };
    std::map<std::string, ChainRef, std::less<>> chains;
    std::map<std::string, NamedSet, std::less<>> sets;  // and verdict maps: they share their names
    std::vector<std::string> counters;
};

struct ParsedRule {
    std::vector<Rule> parts;  // at least one, when the rule is fine
    bool asks_connection = false;
    std::size_t values = 0;  // of sets, in all parts together
};

class RuleReader {
public:
    RuleReader(const Table& table, bool name_family, Reporter& reporter)
        : table_(table), name_family_(name_family), reporter_(reporter) {}

    // The list under "expr". The rule counts only when no fault was added.
    ParsedRule read(const Json& statements);

    // A verdict as a map's element has it: {"accept": null}, {"jump": {"target": "X"}}. Absent, and a fault, when it is
    // none.
    std::optional<Target> read_verdict(const Json& verdict);
    // The elements of a verdict map: a list of pairs.
    std::vector<NamedSet::Entry> read_entries(Type type, const Json& elements);

private:
    struct Collected;

    ParsedRule read_in_order(const Json& statements, bool ask_first, bool& asked_late);
    void statement(const Json::Member& member, Collected& rule);
    void match(const Json& match, Collected& rule);
    std::optional<Values> right_side(const Key& key, const Json& right, bool& single);
    const NamedSet* named_set(const Json& name, Type type, bool map);
    void verdict_map(const Json& map, Collected& rule);
    void log(const Json& log, Collected& rule);
    void counter(const Json& counter);
    void reject(const Json& reject, Collected& rule);
    std::optional<Target> jump(const Json& value, Target::Kind kind);
    void flush_log(Collected& rule);
    void add_part(Collected& rule, std::vector<Match> matches, Target target, std::optional<Log> log, bool only_logs);

    const Table& table_;
    bool name_family_;
    Reporter& reporter_;
};

}  // namespace sim::firewall::import::nft
