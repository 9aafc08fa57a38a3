// iptables-save and ip6tables-save files (firewall-semantics, section 9).
//
// Taken: comments, *filter, *nat, ":CHAIN POLICY [p:b]", -A, -I, -N, -P, counters before -A, COMMIT. Other tables only
// when they are empty. Everything else is refused by name. iptables_rule, iptables_modules and iptables_nat read the
// rules themselves.
#include "sim/firewall/import/import.hpp"
#include "sim/firewall/import/iptables_options.hpp"
#include "sim/firewall/import/iptables_rule.hpp"
#include "sim/firewall/import/iptables_table.hpp"

#include <algorithm>
#include <array>

namespace sim::firewall::import {
namespace {

using iptables::Table;
using iptables::Word;

constexpr std::size_t expanded_rules_max = 100'000;

std::string shown(std::string_view text) { return "\"" + base::printable(text, 60) + "\""; }

wire::Family family_of(std::string_view text) {
    if (text.find("by ip6tables-save") != text.npos) return wire::Family::ipv6;
    if (text.find("by iptables-save") != text.npos) return wire::Family::ipv4;
    for (const std::string_view word : {"icmpv6", "ipv6-icmp", "icmp6"})
        if (text.find(word) != text.npos) return wire::Family::ipv6;
    // An address option followed by an address with a colon.
    for (const std::string_view option : {" -s ", " -d ", "-range ", " --source ", " --destination "})
        for (std::size_t at = text.find(option); at != text.npos; at = text.find(option, at + 1)) {
            const std::string_view rest = text.substr(at + option.size());
            if (rest.substr(0, rest.find_first_of(" \r\n")).find(':') != rest.npos) return wire::Family::ipv6;
        }
    return wire::Family::ipv4;
}

class Importer {
public:
    Importer(const base::SourceText& source, const ImportOptions& options)
        : source_(source), options_(options), family_(options.family.value_or(family_of(source.text()))) {}

    base::Result<Imported, base::Diagnostics> import() {
        if (options_.chain != "FORWARD" && options_.chain != "INPUT")
            faults_.push_back({base::Severity::error,
                               base::Place{source_.name()},
                               "chain " + shown(options_.chain) + " cannot stand between client and server",
                               "bad-chain",
                               "FORWARD, or INPUT when the filter runs on the server itself",
                               {}});
        for (Table* table : {&filter_, &nat_}) {
            table_ = table;
            for (const std::string_view name : table->built_in) declare(name, Policy{Action::accept});
        }
        table_ = nullptr;
        for (std::size_t n = 1; n <= source_.line_count(); ++n) read_line(n, &Importer::declare_line);
        in_ = In::none;
        for (std::size_t n = 1; n <= source_.line_count(); ++n) read_line(n, &Importer::rule_line);
        if (in_ != In::none)
            fault(table_place_, "the table is not closed by COMMIT, so the real tool would not load it", "no-commit");
        check_translations();
        remark_loose_forms();
        if (filter_.seen == 0)
            faults_.push_back({base::Severity::error,
                               base::Place{source_.name()},
                               "there is no *filter table",
                               "no-filter-table",
                               "the file should come from iptables-save",
                               {}});
        if (base::has_errors(faults_)) return base::failure(std::move(faults_));
        return finish();
    }

private:
    enum class In : std::uint8_t { none, table, other };

    // Both passes walk the tables alike; the first collects chains, so that rules may name them before their line.
    void read_line(std::size_t number, void (Importer::*handle)(const std::vector<Word>&)) {
        const std::string_view line = source_.line(number);
        const bool first_pass = handle == &Importer::declare_line;
        const auto offset = line.empty() ? 0 : static_cast<std::size_t>(line.data() - source_.text().data());
        const std::size_t begin = std::min(line.find_first_not_of(" \t"), line.size());
        const bool framing =
            begin < line.size() && std::string_view("#*:[C").find(line[begin]) != std::string_view::npos;
        if (first_pass && begin != 0 && (framing || begin == line.size())) loose_line(line, offset);
        if (begin == line.size() || line[begin] == '#') return;
        const Word whole{std::string(line), offset + begin, line.size() - begin};
        std::size_t from = begin;
        if (line[begin] == '[') {  // counters, glued to the rule or not
            from = std::min(line.find(']'), line.size() - 1) + 1;
            const bool rule = line.find_first_not_of(" \t", from) != line.npos;
            if (!rule || !is_counters(line.substr(begin, from - begin))) {
                if (first_pass)
                    fault(whole, rule ? "this is no \"[packets:octets]\"" : "counters without a rule", "bad-line");
                return;
            }
        }
        const auto words = iptables::split(line.substr(from), offset + from);
        if (!words) {
            if (first_pass) fault(whole, "a quote is opened and never closed", "open-quote");
            return;
        }
        line_ = line.substr(begin);
        const std::string& first = words->front().text;
        if (first.substr(0, 1) == "*") return open_table(*words, first_pass);
        if (first == "COMMIT") {
            if (words->size() > 1 && first_pass)
                return fault((*words)[1], shown((*words)[1].text) + " is not understood behind COMMIT", "bad-line");
            if (line.back() != 'T' && first_pass) loose_line(line, offset);
            if (in_ == In::none && first_pass) fault(words->front(), "COMMIT without a table", "out-of-table");
            in_ = In::none;
            return;
        }
        if (in_ == In::none) {
            if (first_pass) fault(words->front(), shown(first) + " stands outside of any table", "out-of-table");
            return;
        }
        if (in_ == In::other) {
            if (first_pass) other_table_line(*words);
            return;
        }
        (this->*handle)(*words);
    }

    // Read here, but iptables-restore refuses the file: what frames rules stands at the start of its line.
    void loose_line(std::string_view line, std::size_t offset) {
        if (loose_++ == 0) loose_place_ = source_.place_at(offset, std::max<std::size_t>(line.size(), 1));
    }
    void remark_loose_forms() {
        const auto remark = [this](const base::Place& place, std::string what, std::string hint) {
            remarks_.push_back(
                source_.diagnose(base::Severity::warning, place, std::move(what), "not-loadable", std::move(hint)));
        };
        if (source_.text().find("\r\n") != std::string_view::npos)
            remark(base::Place{source_.name()}, "lines end in CR LF, and iptables-restore does not load such a file",
                   "it is read here as if they ended in LF; save it so before it is loaded");
        if (loose_ > 0)
            remark(loose_place_,
                   "blanks stand before \"#\", \"*\", \":\", \"[\" or COMMIT, behind COMMIT, or alone" +
                       (loose_ > 1 ? ", here and in " + std::to_string(loose_ - 1) + " other lines" : std::string{}) +
                       ", and iptables-restore does not load such a file",
                   "take the blanks out before it is loaded");
    }

    void open_table(const std::vector<Word>& words, bool first_pass) {
        const bool apart = words.front().text == "*" && words.size() > 1;  // "* filter"
        const Word& word = words[apart ? 1 : 0];
        const std::string name = word.text.substr(apart ? 0 : 1);
        if (in_ != In::none && first_pass)
            fault(word, "a table begins before the one before it is closed by COMMIT", "no-commit");
        table_ = name == "filter" ? &filter_ : name == "nat" ? &nat_ : nullptr;
        in_ = table_ != nullptr ? In::table : In::other;
        table_place_ = word;
        table_name_ = name;
        if (!first_pass) return;
        if (table_ != nullptr) {
            if (++table_->seen > 1)
                fault(word, "a second *" + name + " table would replace the first", "repeated-table");
            if (table_->is_nat()) nat_place_ = source_.place_at(word.offset, word.length);
            return;
        }
        const bool known = name == "mangle" || name == "raw" || name == "security";
        if (!known) fault(word, "table " + shown(name) + " is not known", "unsupported-table");
        if (known)
            remarks_.push_back(source_.diagnose(base::Severity::note, source_.place_at(word.offset, word.length),
                                                "table " + name + " is left out; it does nothing", "empty-table"));
    }

    // Other tables are harmless only as long as they do nothing.
    void other_table_line(const std::vector<Word>& words) {
        const std::string& first = words.front().text;
        if (first.substr(0, 1) == ":" && words.size() > 1 && words[1].text == "ACCEPT") return;
        fault(words.front(), "table " + table_name_ + " is not supported, and this line makes it do something",
              "unsupported-table", "only *filter and *nat can be judged here");
    }

    // ---- first pass ----
    void declare_line(const std::vector<Word>& words) {
        const Word& first = words.front();
        if (first.text.substr(0, 1) == ":") return declare_chain(words);
        const iptables::Command command = iptables::command_of(first.text);
        const std::size_t given = words.size() - (command.attached ? 0 : 1);
        if (command.key == "-N") {
            if (given != 1) return fault(first, "-N takes the name of one chain", "bad-line");
            const Word& name = command.attached ? first : words[1];
            const std::string chain(command.attached ? *command.attached : words[1].text);
            // Only ":" lines take such names.
            if (chain.substr(0, 1) == "-" || chain.substr(0, 1) == "!" || refused_target_name(chain))
                return fault(name, shown(chain) + " cannot be the name of a chain", "bad-chain");
            return declare_user(name, chain);
        }
        if (command.key == "-P") {
            if (given != 2) return fault(first, "-P takes a chain and its policy", "bad-line");
            const std::string chain(command.attached ? *command.attached : words[1].text);
            if (!table_->is_built_in(chain))
                return fault(command.attached ? first : words[1], shown(chain) + " is no built-in chain", "bad-policy");
            return set_policy(chain, words.back());
        }
    }

    void declare_chain(const std::vector<Word>& words) {
        const std::string name = words.front().text.substr(1);
        if (words.size() < 2) return fault(words.front(), "a chain needs its policy, or \"-\"", "bad-policy");
        if (words.size() > 3 || (words.size() == 3 && !is_counters(words[2].text)))
            return fault(words.back(), shown(words.back().text) + " is not understood here", "bad-line");
        if (!table_->is_built_in(name)) {
            if (words[1].text != "-") return fault(words[1], "only built-in chains have a policy", "bad-policy");
            return declare_user(words.front(), name);
        }
        table_->hooked = true;
        if (words[1].text != "-") set_policy(name, words[1]);
    }
    void declare_user(const Word& word, const std::string& name) {
        constexpr std::size_t longest = 28;
        if (name.empty() || name.size() > longest || name == "!" || name.find('"') != name.npos || is_verdict(name))
            return fault(word, shown(name) + " cannot be the name of a chain", "bad-chain");
        if (table_->numbers.count(name) != 0)
            return fault(word, "chain " + shown(name) + " is declared twice", "repeated-chain");
        declare(name, std::nullopt);
        table_->draft.chains.back().place = source_.place_at(word.offset, word.length);
    }
    void declare(std::string_view name, std::optional<Policy> policy) {
        table_->numbers.emplace(std::string(name), static_cast<std::uint32_t>(table_->draft.chains.size()));
        DraftChain chain;
        chain.name = std::string(name);
        chain.policy = policy;
        chain.place.file = source_.name();
        table_->draft.chains.push_back(std::move(chain));
        table_->canonical.emplace_back();
    }
    void set_policy(const std::string& name, const Word& word) {
        if (word.text != "ACCEPT" && word.text != "DROP")
            return fault(word, shown(word.text) + " is no policy", "bad-policy", "ACCEPT or DROP");
        table_->hooked = true;
        if (table_->is_nat() && word.text == "DROP")
            return fault(word, "the nat table is not for filtering: its chains cannot drop", "wrong-table",
                         "write the policy in *filter");
        table_->draft.chains[table_->numbers.at(name)].policy =
            Policy{word.text == "ACCEPT" ? Action::accept : Action::drop};
    }
    // Names that the kernel keeps for itself; others may be those of targets, and are jumped to then.
    static bool is_verdict(std::string_view name) {
        return name == "ACCEPT" || name == "DROP" || name == "RETURN" || name == "QUEUE";
    }
    static bool refused_target_name(std::string_view name) {
        return name == "REJECT" || name == "LOG" || name == "DNAT" || name == "SNAT" || name == "MASQUERADE" ||
               name == "REDIRECT";
    }
    static bool is_counters(std::string_view text) {
        return text.size() >= 5 && text.front() == '[' && text.back() == ']' && text.find(':') != text.npos &&
               text.substr(1, text.size() - 2).find_first_not_of("0123456789:") == text.npos;
    }

    // ---- second pass ----
    void rule_line(const std::vector<Word>& words) {
        const Word& word = words.front();
        if (word.text.substr(0, 1) == ":") return;
        const iptables::Command command = iptables::command_of(word.text);
        if (command.key == "-N" || command.key == "-P") return;
        const bool insert = command.key == "-I";
        if (!insert && command.key != "-A")
            return fault(word, shown(word.text) + " is not supported", "unsupported-command",
                         "a rule begins with -A or -I");
        std::size_t at = command.attached ? 1 : 2;
        if (at > words.size()) return fault(word, "the chain is missing", "missing-value");
        const Word& chain = words[at - 1];
        const std::string_view name = command.attached ? *command.attached : chain.text;
        const auto number = table_->numbers.find(name);
        if (number == table_->numbers.end())
            return fault(chain, "chain " + shown(name) + " is declared nowhere in this table", "undeclared-chain");
        table_->hooked |= table_->is_built_in(name);
        std::size_t where = table_->draft.chains[number->second].rules.size();
        if (insert) {
            const auto position = insert_position(words, at, where);
            if (!position) return;
            where = *position;
        }
        add_rule(words, at, number->first, number->second, where, insert);
    }
    std::optional<std::size_t> insert_position(const std::vector<Word>& words, std::size_t& at, std::size_t count) {
        const bool given =
            at < words.size() && !words[at].text.empty() && words[at].text[0] != '-' && words[at].text[0] != '!';
        if (!given) return 0;
        const Word& word = words[at++];
        const auto wanted = iptables::number_of(word.text, 1'000'000);
        if (wanted && *wanted >= 1 && *wanted <= count + 1) return *wanted - 1;
        fault(word,
              wanted ? "there is no place " + word.text + " in a chain of " + std::to_string(count) + " rules"
                     : shown(word.text) + " is no place in a chain",
              "bad-position");
        return std::nullopt;
    }
    void add_rule(const std::vector<Word>& words, std::size_t at, const std::string& chain, std::uint32_t number,
                  std::size_t where, bool insert) {
        iptables::ParsedRule parsed =
            iptables::parse_rule(words, at,
                                 {source_, family_, chain, table_->numbers,
                                  static_cast<std::uint32_t>(table_->built_in.size()), table_->is_nat(), remarks_},
                                 faults_);
        table_->tracks |= parsed.asks_state;
        if (parsed.translation) { table_->translating.push_back({words.front(), number, parsed.translates_in}); }
        total_ += parsed.rules.size();
        if (total_ > expanded_rules_max) {
            if (total_ - parsed.rules.size() <= expanded_rules_max)
                fault(words.front(), "more than 100,000 rules once address lists are expanded", "too-many-rules");
            return;
        }
        const Origin origin{source_.place_at(words.front().offset, line_.size()), std::string(line_), parsed.comment};
        auto& rules = table_->draft.chains[number].rules;
        auto& texts = table_->canonical[number];
        for (std::size_t i = 0; i < parsed.rules.size(); ++i) {
            // -I inserts the rules of an address list one by one at the same place, so the last comes first.
            const auto place = static_cast<std::ptrdiff_t>(insert ? where : where + i);
            rules.insert(
                rules.begin() + place,
                DraftRule{.rule = std::move(parsed.rules[i]), .origin = origin, .translation = parsed.translation});
            texts.insert(texts.begin() + place, std::move(parsed.canonical[i]));
        }
    }

    // ---- the whole ----
    void check_translations() {
        for (const iptables::Misplaced& m : iptables::misplaced(nat_))
            fault(m.rule,
                  "this translation has its place in " + std::string(m.belongs_in) + ", and packets of " +
                      std::string(m.stands_in) + " come here",
                  "nat-wrong-chain");
    }

    base::Result<Imported, base::Diagnostics> finish() {
        Imported made;
        made.canonical = written(filter_);
        for (Table* table : {&filter_, &nat_}) {
            table->draft.name = source_.name();
            table->draft.dialect = Dialect::iptables;
            table->draft.family = family_;
        }
        Draft& draft = filter_.draft;
        if (nat_.hooked) {
            made.canonical += written(nat_);
            nat_.draft.is_nat = true;
            constexpr std::array hooks{Hook::prerouting, Hook::input, Hook::output, Hook::postrouting};
            for (std::uint32_t i = 0; i < hooks.size(); ++i)
                nat_.draft.bindings.push_back({.hook = hooks[i], .chain = ChainId{i}});
            auto nat = RuleSet::make(std::move(nat_.draft));
            if (!nat) return base::failure(nat.error());
            draft.nat = *nat;
        }
        if (nat_.seen != 0 && nat_.translating.empty())
            remarks_.push_back(
                {base::Severity::note, nat_place_, "no rule of table nat translates anything", "empty-table", {}, {}});
        made.remarks = std::move(remarks_);
        // It is the rules that translate, not the table, that make the kernel track connections.
        const bool tracks = filter_.tracks || nat_.tracks || !nat_.translating.empty();
        draft.tracking = tracks ? Tracking::labels : Tracking::off;
        if (options_.chain == "INPUT") {
            draft.bindings.push_back({.hook = Hook::forward, .chain = ChainId{0}, .from = Side::client});
            draft.bindings.push_back({.hook = Hook::forward, .chain = ChainId{2}, .from = Side::server});
        } else {
            draft.bindings.push_back({.hook = Hook::forward, .chain = ChainId{1}});
        }
        draft.bindings.push_back({.hook = Hook::input, .chain = ChainId{0}});
        draft.bindings.push_back({.hook = Hook::output, .chain = ChainId{2}});
        auto rules = RuleSet::make(std::move(draft));
        if (!rules) return base::failure(rules.error());
        made.rules = *rules;
        return made;
    }

    void fault(const Word& word, std::string what, std::string id, std::string hint = {}) {
        faults_.push_back(source_.diagnose(base::Severity::error,
                                           source_.place_at(word.offset, std::max<std::size_t>(word.length, 1)),
                                           std::move(what), std::move(id), std::move(hint)));
    }

    const base::SourceText& source_;
    const ImportOptions& options_;
    wire::Family family_;
    Table filter_ = Table::filter(), nat_ = Table::nat();
    Table* table_ = nullptr;  // that is read, for In::table
    base::Diagnostics faults_, remarks_;
    std::string_view line_;
    In in_ = In::none;
    Word table_place_;
    std::string table_name_;
    std::size_t loose_ = 0;
    base::Place loose_place_;
    base::Place nat_place_;
    std::size_t total_ = 0;
};

}  // namespace

base::Result<Imported, base::Diagnostics> import_iptables(const base::SourceText& source,
                                                          const ImportOptions& options) {
    return Importer(source, options).import();
}

}  // namespace sim::firewall::import
