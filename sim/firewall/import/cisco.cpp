// Cisco IOS access lists (firewall-semantics, section 11): stateless, one direction of one interface, closed by a
// hidden "deny ip any any" from the first entry on. Extended lists know ports; standard lists the source address alone,
// and serve other ends too (vty, SNMP), so those that are bound nowhere do not count.
//
// Taken: "access-list N ...", "ip access-list extended|standard NAME" with its entries, "interface" with "ip
// access-group" and "no ip unreachables". Other configuration is left alone as long as it cannot change what
// passes; what can (NAT, inspection, zones, policy routing, reverse-path checks) is refused by name.
#include "sim/firewall/import/cisco_entry.hpp"
#include "sim/firewall/import/cisco_list.hpp"
#include "sim/firewall/import/import.hpp"

#include <algorithm>
#include <map>

namespace sim::firewall::import {
namespace {

using cisco::Entry;
using cisco::Interface;
using cisco::List;
using cisco::list_number;
using cisco::Word;

std::string shown(std::string_view text) { return "\"" + base::printable(text, 60) + "\""; }

class Importer {
public:
    Importer(const base::SourceText& source, const ImportOptions& options) : source_(source), options_(options) {}

    base::Result<Imported, base::Diagnostics> import() {
        for (std::size_t n = 1; n <= source_.line_count(); ++n) read_line(source_.line(n));
        if (!base::has_errors(found_)) bind();
        if (base::has_errors(found_)) return base::failure(std::move(found_));
        return finish();
    }

private:
    // ---- reading ----
    void read_line(std::string_view line) {
        const auto offset = line.empty() ? 0 : static_cast<std::size_t>(line.data() - source_.text().data());
        words_ = cisco::split(line, offset);
        if (words_.empty() || words_[0].text[0] == '!') return;
        line_ = line;
        const std::string_view first = words_[0].text;
        const std::string_view second = words_.size() > 1 ? words_[1].text : "";
        const std::string_view third = words_.size() > 2 ? words_[2].text : "";
        if (first == "access-list") return read_numbered();
        if (first == "ip" && second == "access-list") return open_list(third);
        if ((first == "ipv6" || first == "mac") && second == "access-list") return open_other_list();
        if (first == "interface") return open_interface();
        if (first == "no" && (second == "access-list" || (second == "ip" && third == "access-list")))
            return refuse(words_[0], "a line that takes a list away is not supported");
        if (list_ != nullptr && read_in_list()) return;
        if (other_list_ && is_in_other_list(first)) return left_alone();
        other_list_ = false;
        if (first == "permit" || first == "deny")
            return fault(words_[0], "an entry stands outside of any list", "out-of-list",
                         "\"ip access-list extended NAME\" must stand before it");
        list_ = nullptr;
        read_elsewhere();
    }

    void read_numbered() {
        list_ = nullptr;
        other_list_ = false;
        interface_ = nullptr;
        if (words_.size() < 3) return fault(words_[0], "the list's number or its entry is missing", "missing-word");
        const auto number = list_number(words_[1].text);
        if (!number) return fault(words_[1], shown(words_[1].text) + " is no number of a list", "bad-list");
        if (!cisco::is_extended(*number) && !cisco::is_standard(*number)) return left_alone();
        if (List* list = list_called(words_[1], cisco::is_standard(*number))) read_entry(*list, 2, std::nullopt);
    }
    void open_list(std::string_view kind) {
        interface_ = nullptr;
        list_ = nullptr;
        other_list_ = kind != "extended" && kind != "standard";
        if (other_list_) return left_alone();
        if (words_.size() != 4) return fault(words_.back(), "a list needs one name", "bad-list");
        list_ = list_called(words_[3], kind == "standard");
    }
    // A list of another kind: its entries say nothing about IPv4 packets.
    void open_other_list() {
        interface_ = nullptr;
        list_ = nullptr;
        other_list_ = true;
        left_alone();
    }
    bool is_in_other_list(std::string_view word) const {
        for (const std::string_view own : {"permit", "deny", "remark", "sequence", "evaluate", "dynamic"})
            if (word == own) return true;
        return list_number(word) || line_[0] == ' ' || line_[0] == '\t';
    }
    // Null when the name is taken by a list of the other kind.
    List* list_called(const Word& word, bool standard) {
        const auto [at, fresh] = lists_.try_emplace(std::string(word.text));
        List& list = at->second;
        if (fresh) {
            list.standard = standard;
            list.word = word;
            order_.push_back(at->first);
        } else if (list.standard != standard) {
            fault(word,
                  "there is " + std::string(standard ? "an extended" : "a standard") + " list " + shown(word.text) +
                      " already",
                  "bad-list");
            return nullptr;
        }
        return &list;
    }

    // True when the line belongs to the open list.
    bool read_in_list() {
        std::optional<std::uint32_t> sequence = list_number(words_[0].text);
        const std::size_t at = sequence ? 1 : 0;
        const std::string_view word = at < words_.size() ? words_[at].text : "";
        if (word == "permit" || word == "deny" || word == "remark") {
            read_entry(*list_, at, sequence);
            return true;
        }
        if (word == "exit") {
            list_ = nullptr;
            return true;
        }
        if (sequence || word == "no" || word == "evaluate" || word == "dynamic" || line_[0] == ' ' ||
            line_[0] == '\t') {
            const Word& at_fault = words_[std::min(at, words_.size() - 1)];
            (list_->standard ? list_->found : found_)
                .push_back(cisco::report(source_, base::Severity::error, at_fault,
                                         shown(word) + " is not supported in a list", "unsupported-line"));
            return true;
        }
        return false;
    }

    void read_entry(List& list, std::size_t at, std::optional<std::uint32_t> sequence) {
        const Word& word = words_[at];
        ++list.lines;
        if (word.text == "remark") {
            list.remark =
                at + 1 < words_.size()
                    ? std::string(source_.text().substr(words_[at + 1].offset, end_of_line() - words_[at + 1].offset))
                    : "";
            return;
        }
        if (word.text != "permit" && word.text != "deny")
            return refuse(word, shown(word.text) + " is not supported: an entry is permit, deny or remark");
        Entry entry;
        entry.rule.rule = list.standard ? cisco::parse_standard_entry(words_, at, source_, list.found)
                                        : cisco::parse_entry(words_, at, source_, found_);
        entry.rule.origin = {source_.place_at(words_[0].offset, end_of_line() - words_[0].offset),
                             std::string(source_.text().substr(words_[0].offset, end_of_line() - words_[0].offset)),
                             std::exchange(list.remark, {})};
        const std::uint32_t last = list.entries.empty() ? 0 : list.entries.back().sequence;
        entry.sequence = sequence.value_or(last + 10);
        // By number; almost always that is at the end.
        const auto place = std::upper_bound(list.entries.begin(), list.entries.end(), entry.sequence,
                                            [](std::uint32_t s, const Entry& e) { return s < e.sequence; });
        if (place != list.entries.begin() && std::prev(place)->sequence == entry.sequence)
            return fault(words_[0], "entry " + std::to_string(entry.sequence) + " is there already",
                         "repeated-sequence");
        list.entries.insert(place, std::move(entry));
    }
    std::size_t end_of_line() const { return words_.back().offset + words_.back().text.size(); }

    void open_interface() {
        list_ = nullptr;
        other_list_ = false;
        if (words_.size() < 2) return fault(words_[0], "the name of the interface is missing", "missing-word");
        std::string name(words_[1].text);
        for (std::size_t i = 2; i < words_.size(); ++i)
            name += std::string(words_[i].text);  // "Ethernet 0" is Ethernet0
        for (Interface& known : interfaces_)
            if (known.name == name) {
                interface_ = &known;
                return;
            }
        interfaces_.push_back({std::move(name), {}, true});
        interface_ = &interfaces_.back();
    }

    // Interface settings and everything else.
    void read_elsewhere() {
        const std::string_view first = words_[0].text;
        const std::string_view second = words_.size() > 1 ? words_[1].text : "";
        const std::string_view third = words_.size() > 2 ? words_[2].text : "";
        if (first == "ip" && second == "access-group") return read_group();
        if (first == "no" && second == "ip" && third == "unreachables") {
            if (interface_ != nullptr) interface_->tells = false;
            return;
        }
        if ((first == "ipv6" && second == "traffic-filter") || (first == "mac" && second == "access-group"))
            return refuse(words_[0], shown(std::string(first) + " " + std::string(second)) +
                                         " binds a list of another kind than IPv4, and is not supported");
        if (first == "no" && second == "ip" && third == "access-group")
            return refuse(words_[0], "a line that takes a list from its interface is not supported");
        if (first == "no") return left_alone();
        const bool changes_ip = first == "ip" && (second == "inspect" || second == "verify" || second == "policy" ||
                                                  second == "ips" || second == "reflexive-list");
        if (first == "ip" && second == "nat")
            return fault(words_[0], "\"ip nat\" translates addresses, and that is not supported in this format",
                         "unsupported-line", "one-to-one translation: native rules and nat = [...] in the scenario");
        if (changes_ip || first == "zone-member" || first == "zone-pair" || first == "object-group" ||
            first == "time-range" || first == "crypto" || (first == "service-policy"))
            return refuse(words_[0], shown(std::string(first) + " " + std::string(second)) +
                                         " may change what passes, and is not supported");
        const bool nested = line_[0] == ' ' || line_[0] == '\t';
        if (!nested) interface_ = nullptr;
        left_alone();
    }
    void read_group() {
        if (interface_ == nullptr) return fault(words_[0], "no interface is open here", "out-of-interface");
        if (words_.size() != 4 || (words_[3].text != "in" && words_[3].text != "out"))
            return fault(words_.back(), "this is ip access-group NAME in, or out", "bad-group");
        const bool in = words_[3].text == "in";
        for (cisco::Group& g : interface_->groups)
            if (g.in == in) {  // the last one holds, as on the router
                g = {std::string(words_[2].text), in, words_[2]};
                return;
            }
        interface_->groups.push_back({std::string(words_[2].text), in, words_[2]});
    }
    void left_alone() { ++left_alone_; }

    // ---- binding ----
    void bind() {
        if (!options_.acl.empty() || !options_.acl_return.empty()) {
            bind_named(options_.acl, Side::client);
            bind_named(options_.acl_return, Side::server);
            return;
        }
        bool any_group = false;
        for (const Interface& i : interfaces_) any_group |= !i.groups.empty();
        if (any_group) return bind_interfaces();
        // Standard lists are likely meant for something else.
        std::vector<std::string> extended;
        for (const std::string& name : order_)
            if (!lists_.at(name).standard) extended.push_back(name);
        if (options_.no_path && !extended.empty()) {
            for (const std::string& name : extended) bind_named(name, Side::client);
        } else if (extended.size() == 1) {
            remark(base::Severity::note, "the only list, " + extended.front() + ", is taken for the way to the server",
                   "list-assumed");
            bind_named(extended.front(), Side::client);
        } else if (extended.empty()) {
            whole_fault(
                "there is no extended access list in this file, and no interface has a standard one", "no-list",
                order_.empty() ? "" : "a standard list counts where it is named: acl = " + shown(order_.front()));
        } else {
            whole_fault("there are several lists, and nothing says which one stands on the way to the server",
                        "which-list", "name it: acl = " + shown(extended.front()));
        }
    }
    void bind_named(const std::string& name, Side from) {
        if (name.empty()) return;
        if (lists_.count(name) == 0)
            return whole_fault("there is no access list " + shown(name), "unknown-list", did_you_mean(name, order_));
        bindings_.push_back({.hook = Hook::forward, .chain = chain_of(name, true), .from = from});
    }
    void bind_interfaces() {
        std::vector<std::string> names;
        for (const Interface& i : interfaces_) names.push_back(i.name);
        for (const std::string* side : {&options_.client_side, &options_.server_side}) {
            if (side->empty() && options_.no_path) continue;
            if (side->empty())
                return whole_fault("lists are bound to interfaces, and nothing says which interface has which side",
                                   "which-interface",
                                   "name both: client_side and server_side, or the list itself: acl");
            if (std::find(names.begin(), names.end(), *side) == names.end())
                return whole_fault("there is no interface " + shown(*side), "unknown-interface",
                                   did_you_mean(*side, names));
        }
        for (const Interface& i : interfaces_)
            for (const cisco::Group& group : i.groups) bind_group(i, group);
    }
    void bind_group(const Interface& i, const cisco::Group& group) {
        if (lists_.count(group.list) == 0) {
            found_.push_back(cisco::report(source_, base::Severity::warning, group.word,
                                           "there is no list " + shown(group.list) + ", so everything passes here",
                                           "unknown-list"));
            return;
        }
        // Whether a refused sender is told depends on the interface; that it is the one with the list is likely.
        const ChainId chain = chain_of(group.list, i.tells);
        if (!group.in) {
            bindings_.push_back({.hook = Hook::forward, .chain = chain, .out_interface = i.name});
            return;
        }
        // An `in` list comes before an `out` list, and sees what is for the router itself too.
        bindings_.insert(bindings_.begin(), {.hook = Hook::forward, .chain = chain, .in_interface = i.name});
        bindings_.push_back({.hook = Hook::input, .chain = chain, .in_interface = i.name});
    }
    static std::string did_you_mean(std::string_view typed, const std::vector<std::string>& names) {
        std::vector<std::string_view> known(names.begin(), names.end());
        const std::string near = base::nearest_word(typed, known);
        return near.empty() ? std::string{} : "did you mean " + shown(near) + "?";
    }

    // What there is to say about a list that packets meet.
    void use(const std::string& name, List& list) {
        if (std::exchange(list.used, true)) return;
        found_.insert(found_.end(), list.found.begin(), list.found.end());
        if (list.entries.empty())
            found_.push_back(
                cisco::report(source_, base::Severity::warning, list.word,
                              "list " + shown(name) + " has no entry, and IOS lets everything pass until it has one",
                              "list-without-entries", "with its first entry the hidden \"deny ip any any\" is there too"));
    }

    // The chain of a list; a second one for interfaces where refusals are silent.
    ChainId chain_of(const std::string& name, bool tells) {
        const std::pair<std::string, bool> key{name, tells};
        if (const auto known = chains_.find(key); known != chains_.end()) return known->second;
        const ChainId id{static_cast<std::uint32_t>(draft_chains_.size())};
        chains_.emplace(key, id);
        DraftChain chain;
        chain.name = name;
        chain.place.file = source_.name();
        List& list = lists_.find(name)->second;
        chain.policy = list.entries.empty() ? Policy{Action::accept}
                       : tells              ? Policy{Action::reject, RejectWith::admin_prohibited}
                                            : Policy{Action::drop};
        use(name, list);
        for (const Entry& entry : list.entries) {
            chain.rules.push_back(entry.rule);
            if (!tells && entry.rule.rule.target.kind == Target::Kind::reject)
                chain.rules.back().rule.target = {Target::Kind::drop};
        }
        draft_chains_.push_back(std::move(chain));
        return id;
    }

    // ---- the whole ----
    base::Result<Imported, base::Diagnostics> finish() {
        for (const auto& [name, list] : lists_)
            if (list.standard && !list.used) left_alone_ += list.lines;
        if (left_alone_ > 0)
            remark(base::Severity::note, std::to_string(left_alone_) + " lines of other configuration were left alone",
                   "other-configuration");
        Draft draft;
        draft.name = source_.name();
        draft.dialect = Dialect::cisco_ios;
        draft.family = wire::Family::ipv4;
        draft.unbound_passes = true;
        draft.chains = std::move(draft_chains_);
        draft.bindings = std::move(bindings_);
        auto rules = RuleSet::make(std::move(draft));
        if (!rules) return base::failure(rules.error());
        return Imported{*rules, std::move(found_), cisco::written(order_, lists_)};
    }
    void fault(const Word& word, std::string what, std::string id, std::string hint = {}) {
        found_.push_back(
            cisco::report(source_, base::Severity::error, word, std::move(what), std::move(id), std::move(hint)));
    }
    void refuse(const Word& word, std::string what) { fault(word, std::move(what), "unsupported-line"); }
    void whole_fault(std::string what, std::string id, std::string hint) {
        found_.push_back(
            {base::Severity::error, base::Place{source_.name()}, std::move(what), std::move(id), std::move(hint), {}});
    }
    void remark(base::Severity severity, std::string what, std::string id) {
        found_.push_back({severity, base::Place{source_.name()}, std::move(what), std::move(id), {}, {}});
    }

    const base::SourceText& source_;
    const ImportOptions& options_;
    base::Diagnostics found_;
    std::vector<Word> words_;
    std::string_view line_;
    cisco::Lists lists_;
    std::vector<std::string> order_;  // of the lists in the file
    List* list_ = nullptr;
    bool other_list_ = false;
    std::vector<Interface> interfaces_;
    Interface* interface_ = nullptr;
    std::size_t left_alone_ = 0;
    std::map<std::pair<std::string, bool>, ChainId> chains_;
    std::vector<DraftChain> draft_chains_;
    std::vector<Binding> bindings_;
};

}  // namespace

base::Result<Imported, base::Diagnostics> import_cisco(const base::SourceText& source, const ImportOptions& options) {
    return Importer(source, options).import();
}

}  // namespace sim::firewall::import
