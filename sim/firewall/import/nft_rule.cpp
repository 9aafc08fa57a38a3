#include "sim/firewall/import/nft_rule.hpp"

#include <algorithm>
#include <utility>

namespace sim::firewall::import::nft {
namespace {

using Kind = Json::Kind;

std::optional<Target::Kind> plain_verdict(std::string_view name) {
    if (name == "accept") return Target::Kind::accept;
    if (name == "drop") return Target::Kind::drop;
    if (name == "return") return Target::Kind::leave;
    if (name == "continue") return Target::Kind::none;
    return std::nullopt;
}

std::size_t count_of(const Match& match) {
    if (const auto* any = std::get_if<InAny>(&match.what)) return any->prefixes.size() + any->ranges.size();
    if (const auto* in = std::get_if<InterfaceIn>(&match.what)) return in->names.size();
    if (const auto* ports = std::get_if<PortIn>(&match.what)) return ports->ranges.size();
    if (const auto* ports = std::get_if<AnyPortIn>(&match.what)) return ports->ranges.size();
    return 1;
}

// Whether a value is one that comparisons and bit tests take: no set, no range, no prefix.
bool is_single(const Json& value) {
    if (value.is(Kind::object)) return value.members.size() == 1 && value.members.front().name == "|";
    return !(value.is(Kind::text) && value.text.substr(0, 1) == "@");
}

// What a reject asks for by itself.
void ask_for_reject(const Json& statements, Matches& matches) {
    for (const Json& one : statements.items) {
        const Json* reject = one.find("reject");
        const Json* type = reject == nullptr ? nullptr : reject->find("type");
        if (type == nullptr) continue;
        if (type->text == "tcp reset") matches.require_protocol(static_cast<std::uint8_t>(wire::Protocol::tcp));
        if (type->text == "icmp") matches.require_family(wire::Family::ipv4);
        if (type->text == "icmpv6") matches.require_family(wire::Family::ipv6);
    }
}

}  // namespace

// A rule while its statements are read.
struct RuleReader::Collected {
    Collected(std::optional<wire::Family> family, bool name_family) : matches(family, name_family) {}

    Matches matches;
    std::optional<Log> pending;  // a log that nothing has followed yet
    bool decided = false;        // a verdict was read: nothing is done behind it
    bool asked_late = false;     // a reject asked for what nothing before it had asked
    bool unreachable = false;    // a verdict map without "continue" was read: what follows is never done
    ParsedRule made;
};

void RuleReader::add_part(Collected& rule, std::vector<Match> matches, Target target, std::optional<Log> log,
                          bool only_logs) {
    if (rule.unreachable) return;
    for (const Match& match : matches) rule.made.values += count_of(match);
    Rule part;
    part.matches = std::move(matches);
    part.target = target;
    part.log = std::move(log);
    part.reads_octets = true;
    part.only_logs = only_logs;
    rule.made.parts.push_back(std::move(part));
}

// What stands before a further match or log has been written, whatever becomes of the rest.
void RuleReader::flush_log(Collected& rule) {
    if (!rule.pending) return;
    add_part(rule, rule.matches.list(), {}, std::exchange(rule.pending, std::nullopt), true);
}

ParsedRule RuleReader::read(const Json& statements) {
    const std::size_t before = reporter_.count();
    bool asked_late = false;
    ParsedRule parsed = read_in_order(statements, false, asked_late);
    const bool logs_before = std::any_of(parsed.parts.begin(), parsed.parts.end(), [](const Rule& p) { return p.log; });
    // What a reject asks for and nothing before it did, nft asks first of all, so that no log writes of packets that
    // are not rejected.
    if (asked_late && logs_before && reporter_.count() == before) return read_in_order(statements, true, asked_late);
    return parsed;
}

ParsedRule RuleReader::read_in_order(const Json& statements, bool ask_first, bool& asked_late) {
    Collected rule(table_.family, name_family_);
    if (!statements.is(Kind::list)) {
        reporter_.fault(statements, "the statements of a rule should be a list", "nft-unsupported");
        return {};
    }
    const std::size_t before = reporter_.count();
    if (ask_first) ask_for_reject(statements, rule.matches);
    for (const Json& one : statements.items) {
        if (!one.is(Kind::object) || one.members.size() != 1) {
            reporter_.fault(one, "a statement is an object with one member", "nft-unsupported");
            continue;
        }
        const Json::Member& member = one.members.front();
        if (rule.decided) {
            reporter_.fault(member, shown(member.name) + " stands behind the verdict of its rule", "nft-unsupported",
                            "nft would not take that");
            continue;
        }
        statement(member, rule);
    }
    if (reporter_.count() != before) return {};
    if (!rule.decided) add_part(rule, rule.matches.list(), {}, rule.pending, false);
    rule.made.asks_connection = rule.made.asks_connection || rule.matches.asks_connection();
    asked_late = rule.asked_late;
    return std::move(rule.made);
}

void RuleReader::statement(const Json::Member& member, Collected& rule) {
    const std::string& name = member.name;
    if (name == "match") return match(member.value, rule);
    if (name == "vmap") return verdict_map(member.value, rule);
    if (name == "log") return log(member.value, rule);
    if (name == "counter") return counter(member.value);
    if (name == "reject") return reject(member.value, rule);
    const bool leads_on = name == "jump" || name == "goto";
    const auto plain = plain_verdict(name);
    if (!plain && !leads_on)
        return reporter_.fault(member, "the statement " + shown(name) + " is not supported", "nft-unsupported",
                               "what it does to a packet cannot be told here, so the whole file is refused");
    if (plain && !member.value.is(Kind::null))
        return reporter_.fault(member.value, shown(name) + " takes nothing more", "nft-unsupported");
    if (plain == Target::Kind::none) return;  // "continue": the statement behind it is next
    std::optional<Target> target;
    if (plain)
        target = Target{*plain, {}, {}};
    else
        target = jump(member.value, name == "jump" ? Target::Kind::jump : Target::Kind::go_to);
    if (!target) return;
    add_part(rule, rule.matches.list(), *target, std::exchange(rule.pending, std::nullopt), false);
    rule.decided = true;
}

std::optional<Target> RuleReader::jump(const Json& value, Target::Kind kind) {
    const Json* name = value.find("target");
    if (name == nullptr || !name->is(Kind::text) || value.members.size() != 1) {
        reporter_.fault(value, "a jump names its target, and nothing else", "nft-unsupported");
        return std::nullopt;
    }
    const auto chain = table_.chains.find(name->text);
    if (chain == table_.chains.end()) {
        reporter_.fault(*name, "there is no chain " + shown(name->text) + " in table " + shown(table_.name),
                        "nft-undeclared");
        return std::nullopt;
    }
    if (chain->second.base) {
        reporter_.fault(*name, shown(name->text) + " is a base chain: packets enter it from a hook only",
                        "nft-undeclared");
        return std::nullopt;
    }
    return Target{kind, {}, ChainId{chain->second.index}};
}

// ---- matches ----

void RuleReader::match(const Json& match, Collected& rule) {
    const Json* op = match.find("op");
    const Json* left = match.find("left");
    const Json* right = match.find("right");
    if (op == nullptr || left == nullptr || right == nullptr || match.members.size() != 3)
        return reporter_.fault(match, "a match has an operator and two sides", "nft-unsupported");
    const std::optional<Key> key = read_key(*left, reporter_);
    if (!key) return;
    bool single = true;
    const std::optional<Values> values = right_side(*key, *right, single);
    if (!values) return;
    if (values->size() == 0 && right->find("range") != nullptr && op->text != "==")
        return reporter_.fault(*right, "this range runs backwards", "nft-bad-value");
    const auto known = op_by_name(op->text, key->type, single);
    if (!op->is(Kind::text) || !known)
        return reporter_.fault(*op, "the operator " + shown(*op) + " is not supported here", "nft-unsupported");
    if (values->rest)
        return reporter_.fault(*right, "\"*\" in a set that is no map is not supported", "nft-unsupported",
                               "it would hold for every value; leave the match out");
    flush_log(rule);
    rule.matches.add(*key, *known, *values, *right, reporter_);
}

std::optional<Values> RuleReader::right_side(const Key& key, const Json& right, bool& single) {
    single = is_single(right);
    if (right.is(Kind::text) && right.text.substr(0, 1) == "@") {
        const NamedSet* set = named_set(right, key.type, false);
        return set == nullptr ? std::nullopt : std::optional(set->values);
    }
    Values values;
    const bool anonymous = right.is(Kind::object) && right.members.size() == 1 && right.members.front().name == "set";
    const bool fine = anonymous ? read_elements(key.type, right.members.front().value, values, reporter_)
                                : read_value(key.type, right, values, reporter_);
    return fine ? std::optional(std::move(values)) : std::nullopt;
}

const NamedSet* RuleReader::named_set(const Json& name, Type type, bool map) {
    const auto set = table_.sets.find(name.text.substr(1));
    if (set == table_.sets.end() || set->second.is_map != map) {
        reporter_.fault(name,
                        "there is no " + std::string(map ? "verdict map " : "set ") + shown(name.text) + " in table " +
                            shown(table_.name),
                        "nft-undeclared");
        return nullptr;
    }
    if (set->second.type != type) {
        reporter_.fault(name,
                        shown(name.text) + " holds values of the type " + std::string(name_of(set->second.type)) +
                            ", and here one of the type " + std::string(name_of(type)) + " is looked up",
                        "nft-bad-value");
        return nullptr;
    }
    return &set->second;
}

// ---- verdict maps ----

std::optional<Target> RuleReader::read_verdict(const Json& verdict) {
    if (!verdict.is(Kind::object) || verdict.members.size() != 1) {
        reporter_.fault(verdict, shown(verdict) + " is no verdict", "nft-unsupported");
        return std::nullopt;
    }
    const Json::Member& only = verdict.members.front();
    if (only.name == "jump") return jump(only.value, Target::Kind::jump);
    if (only.name == "goto") return jump(only.value, Target::Kind::go_to);
    const auto plain = plain_verdict(only.name);
    if (plain && only.value.is(Kind::null)) return Target{*plain, {}, {}};
    reporter_.fault(only, "the verdict " + shown(only.name) + " is not supported", "nft-unsupported");
    return std::nullopt;
}

std::vector<NamedSet::Entry> RuleReader::read_entries(Type type, const Json& elements) {
    std::vector<NamedSet::Entry> entries;
    if (!elements.is(Kind::list)) {
        reporter_.fault(elements, "the elements of a map should be a list", "nft-bad-value");
        return entries;
    }
    for (const Json& pair : elements.items) {
        if (!pair.is(Kind::list) || pair.items.size() != 2) {
            reporter_.fault(pair, "an element of a verdict map is a value and a verdict", "nft-unsupported");
            continue;
        }
        Values values;
        const bool fine = read_element(type, pair.items[0], values, reporter_);
        const auto target = read_verdict(pair.items[1]);
        if (!fine || !target) continue;
        // One entry for each verdict: however many values a map has, the rule has as many parts as verdicts.
        const auto known =
            std::find_if(entries.begin(), entries.end(), [&](const NamedSet::Entry& e) { return e.target == *target; });
        const bool apart = values.rest;
        if (known == entries.end() || apart || known->values.rest)
            entries.push_back({std::move(values), *target});
        else
            known->values.append(values);
    }
    std::vector<const Values*> all;
    for (const NamedSet::Entry& e : entries) all.push_back(&e.values);
    if (overlap(all))
        reporter_.fault(elements, "a value stands in this map more than once", "nft-bad-value",
                        "nft would not take that; which verdict counts cannot be told");
    for (NamedSet::Entry& e : entries) e.values.normalize();
    return entries;
}

void RuleReader::verdict_map(const Json& map, Collected& rule) {
    const Json* left = map.find("key");
    const Json* data = map.find("data");
    if (left == nullptr || data == nullptr || map.members.size() != 2)
        return reporter_.fault(map, "a verdict map has a key and data", "nft-unsupported");
    const std::optional<Key> key = read_key(*left, reporter_);
    if (!key) return;
    std::vector<NamedSet::Entry> entries;
    if (data->is(Kind::text) && data->text.substr(0, 1) == "@") {
        const NamedSet* named = named_set(*data, key->type, true);
        if (named == nullptr) return;
        entries = named->entries;
    } else if (data->is(Kind::object) && data->members.size() == 1 && data->members.front().name == "set") {
        const std::size_t before = reporter_.count();
        entries = read_entries(key->type, data->members.front().value);
        if (reporter_.count() != before) return;
    } else {
        return reporter_.fault(*data, shown(*data) + " is no verdict map", "nft-unsupported");
    }
    flush_log(rule);
    Values named;
    const bool rest_goes_on = std::any_of(entries.begin(), entries.end(), [](const NamedSet::Entry& e) {
        return e.values.rest && e.target.kind == Target::Kind::none;
    });
    // Where the rest goes on, so does what is told to.
    if (rest_goes_on)
        std::erase_if(entries,
                      [](const NamedSet::Entry& e) { return !e.values.rest && e.target.kind == Target::Kind::none; });
    for (const NamedSet::Entry& e : entries)
        if (!e.values.rest) named.append(e.values);
    named.normalize();
    std::vector<std::pair<Matches, Target>> parts;
    for (const NamedSet::Entry& e : entries) {
        Matches matches = rule.matches;
        matches.add(*key, e.values.rest ? Op::differs : Op::equal, e.values.rest ? named : e.values, *left, reporter_);
        parts.emplace_back(std::move(matches), e.target);
    }
    if (entries.empty()) {  // a map that is empty leads nowhere, but its key is looked at all the same
        Matches matches = rule.matches;
        matches.add(*key, Op::equal, {}, *left, reporter_);
        parts.emplace_back(std::move(matches), Target{Target::Kind::leave, {}, {}});
    }
    std::optional<Matches> goes_on;
    for (auto& [matches, target] : parts) {
        rule.made.asks_connection = rule.made.asks_connection || matches.asks_connection();
        if (target.kind != Target::Kind::none)
            add_part(rule, matches.list(), target, std::nullopt, false);
        else
            goes_on = std::move(matches);
    }
    if (goes_on)
        rule.matches = std::move(*goes_on);
    else
        rule.unreachable = true;
}

// ---- the other statements ----

void RuleReader::log(const Json& log, Collected& rule) {
    flush_log(rule);
    Log made;
    if (!log.is(Kind::null) && !log.is(Kind::object))
        return reporter_.fault(log, shown(log) + " is not known as a log", "nft-unsupported");
    for (const Json::Member& member : log.members) {
        if (member.name == "prefix" && member.value.is(Kind::text)) {
            made.prefix = member.value.text;
        } else if (member.name == "level" && member.value.is(Kind::text) && log_level(member.value.text)) {
            made.level = *log_level(member.value.text);
        } else if (member.name != "flags" && member.name != "group" && member.name != "snaplen" &&
                   member.name != "queue-threshold") {
            reporter_.fault(member, shown(member.name) + " of a log is not known", "nft-unsupported");
        }
    }
    rule.pending = std::move(made);
}

void RuleReader::counter(const Json& counter) {
    if (counter.is(Kind::text)) {
        if (std::find(table_.counters.begin(), table_.counters.end(), counter.text) == table_.counters.end())
            reporter_.fault(counter, "there is no counter " + shown(counter.text) + " in table " + shown(table_.name),
                            "nft-undeclared");
        return;
    }
    if (!counter.is(Kind::null) && !counter.is(Kind::object))
        return reporter_.fault(counter, shown(counter) + " is not known as a counter", "nft-unsupported");
    for (const Json::Member& member : counter.members)
        if (member.name != "packets" && member.name != "bytes")
            reporter_.fault(member, shown(member.name) + " of a counter is not known", "nft-unsupported");
}

void RuleReader::reject(const Json& reject, Collected& rule) {
    Target target{Target::Kind::reject, RejectWith::port_unreachable, {}, !table_.family};
    const Json* type = reject.find("type");
    const Json* with = reject.find("expr");
    for (const Json::Member& member : reject.members)
        if (&member.value != type && &member.value != with)
            return reporter_.fault(member, shown(member.name) + " of a reject is not known", "nft-unsupported");
    if (!reject.is(Kind::null) && (!reject.is(Kind::object) || (type == nullptr && with != nullptr)))
        return reporter_.fault(reject, "a reject has a type", "nft-unsupported");
    Matches& matches = rule.matches;
    const std::size_t asked = matches.list().size();
    const auto family_of = [&](wire::Family family) {
        if (matches.require_family(family)) return true;
        reporter_.fault(*type, shown(type->text) + " has no place where only packets of the other version of IP come",
                        "nft-wrong-family");
        return false;
    };
    if (type != nullptr) {
        target.for_both_families = type->text == "icmpx";
        if (type->text == "tcp reset" && with == nullptr) {
            target.with = RejectWith::tcp_reset;
            matches.require_protocol(static_cast<std::uint8_t>(wire::Protocol::tcp));
        } else {
            const auto chosen = reject_by_name(type->text, with == nullptr ? "port-unreachable" : with->text);
            if (!chosen)
                return reporter_.fault(
                    with == nullptr ? *type : *with,
                    shown(with == nullptr ? *type : *with) + " is no way to reject that can be played",
                    "nft-unsupported");
            target.with = *chosen;
            if (type->text == "icmp" && !family_of(wire::Family::ipv4)) return;
            if (type->text == "icmpv6" && !family_of(wire::Family::ipv6)) return;
            if (type->text == "icmpx" && table_.family)
                return reporter_.fault(*type, "\"icmpx\" is for tables of the family inet", "nft-wrong-family");
        }
    }
    rule.asked_late = matches.list().size() != asked;
    add_part(rule, matches.list(), target, std::exchange(rule.pending, std::nullopt), false);
    rule.decided = true;
}

}  // namespace sim::firewall::import::nft
