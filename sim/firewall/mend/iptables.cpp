// iptables-save files under mending. New lines are written as iptables-save would print them.
#include "sim/firewall/import/import.hpp"
#include "sim/firewall/import/iptables_options.hpp"
#include "sim/firewall/import/iptables_words.hpp"
#include "sim/firewall/mend/scribe.hpp"

#include <algorithm>

namespace sim::firewall::mend {
namespace {

using import::iptables::Word;
using Ranges = std::vector<wire::PortRange>;

constexpr std::size_t comment_max = 255;  // of the comment match
constexpr unsigned slots_max = 15;        // of the multiport match; a range takes two

std::string colon(const wire::PortRange& r) {
    const std::string first = std::to_string(r.first.value);
    return r.first == r.last ? first : first + ":" + std::to_string(r.last.value);
}

// Port lists as multiport takes them, as many as are needed.
std::vector<std::string> lists_of(const Ranges& ports) {
    std::vector<std::string> lists;
    unsigned used = slots_max;
    for (const wire::PortRange& r : ports) {
        const unsigned slots = r.first == r.last ? 1 : 2;
        if (used + slots > slots_max) {
            lists.emplace_back();
            used = 0;
        }
        lists.back() += (lists.back().empty() ? "" : ",") + colon(r);
        used += slots;
    }
    return lists;
}

// " -m tcp --dport 5001", " -m multiport --dports 5001,5003:5010"; several when one line does not hold all.
std::vector<std::string> port_matches(std::string_view protocol, std::string_view option, const Ranges& ports) {
    if (ports.empty()) return {""};
    if (ports.size() == 1)
        return {" -m " + std::string(protocol) + " --" + std::string(option) + " " + colon(ports.front())};
    std::vector<std::string> matches;
    for (const std::string& list : lists_of(ports))
        matches.push_back(" -m multiport --" + std::string(option) + "s " + list);
    return matches;
}

std::string comment_match(std::string_view note) {
    if (note.empty()) return {};
    return " -m comment --comment " + import::iptables::quoted(base::printable(note, comment_max));
}

// A rule's line in parts: its words from "-A" or "-I" on, and whether counters stand before them.
struct RuleLine {
    std::vector<Word> words;
    bool counters = false;
};
RuleLine rule_line(const std::string& line) {
    const std::size_t begin = std::min(line.find_first_not_of(" \t"), line.size());
    const std::size_t close = begin < line.size() && line[begin] == '[' ? line.find(']') : line.npos;
    const std::size_t from = close == line.npos ? begin : close + 1;
    return {import::iptables::split(std::string_view(line).substr(from), from).value_or(std::vector<Word>{}),
            close != line.npos};
}
bool inserts(const std::string& line) {
    const RuleLine parts = rule_line(line);
    return !parts.words.empty() && import::iptables::command_of(parts.words.front().text).key == "-I";
}

class IptablesScribe : public Scribe {
public:
    IptablesScribe(std::string name, const import::ImportOptions& options)
        : name_(std::move(name)), options_(options) {}

    base::Result<SharedRules, std::string> read(const std::string& text) const override {
        const auto imported = import::import_iptables(base::SourceText(name_, text), options_);
        if (!imported) return base::failure(first_error(imported.error()));
        return imported->rules;
    }

    Refusal add(Manuscript& sheet, const RuleSet& rules, const Spot& spot, const Clause& clause) const override;
    Refusal narrow(Manuscript& sheet, const RuleSet& rules, RuleId rule, const Ranges& keep,
                   const std::string& why) const override;
    Refusal remove(Manuscript& sheet, const RuleSet& rules, RuleId rule, const std::string& why) const override {
        const std::uint32_t number = line_of(rules, rule);
        sheet.remove(number, "# removed: " + std::string(trimmed(sheet.line(number))), why);
        return std::nullopt;
    }

private:
    static std::vector<std::string> written(const Manuscript& sheet, const Clause& clause);
    static bool says_state(const Manuscript& sheet);
    static bool has_insertions(const Manuscript& sheet, const RuleSet& rules, ChainId chain);
    static std::uint32_t end_of(const Manuscript& sheet, const RuleSet& rules, ChainId chain);

    std::string name_;
    import::ImportOptions options_;
};

// Whether the file asks for states with the older match: `-m state --state`.
bool IptablesScribe::says_state(const Manuscript& sheet) {
    bool older = false;
    for (std::uint32_t n = 1; n <= sheet.size(); ++n) {
        const std::string& line = sheet.line(n);
        if (trimmed(line).substr(0, 1) == "#") continue;
        if (line.find("--ctstate") != std::string::npos) return false;
        older |= line.find("--state") != std::string::npos;
    }
    return older;
}

// What stands behind "-A CHAIN".
std::vector<std::string> IptablesScribe::written(const Manuscript& sheet, const Clause& clause) {
    if (clause.kind == Clause::Kind::answers)
        return {says_state(sheet) ? " -m state --state RELATED,ESTABLISHED -j ACCEPT"
                                  : " -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT"};
    const std::string protocol = clause.protocol == wire::Protocol::tcp ? "tcp" : "udp";
    std::string ends;
    if (clause.source.length() != 0) ends += " -s " + import::iptables::written(clause.source);
    if (clause.target.length() != 0) ends += " -d " + import::iptables::written(clause.target);
    const std::string rest =
        comment_match(clause.note) + (clause.kind == Clause::Kind::deny ? " -j DROP" : " -j ACCEPT");
    std::vector<std::string> rules;
    for (const std::string& ports : port_matches(protocol, "dport", clause.target_ports))
        rules.push_back(ends + " -p " + protocol + ports + rest);
    return rules;
}

bool IptablesScribe::has_insertions(const Manuscript& sheet, const RuleSet& rules, ChainId chain) {
    const Chain& c = rules.chain(chain);
    for (std::uint32_t i = c.first; i < c.first + c.count; ++i)
        if (inserts(sheet.line(line_of(rules, RuleId{i})))) return true;
    return false;
}

// The line before which an appended rule of the chain goes: behind its last rule; for a chain without rules where
// iptables-save would print it, before the rules of the chains declared after it.
std::uint32_t IptablesScribe::end_of(const Manuscript& sheet, const RuleSet& rules, ChainId chain) {
    if (const std::uint32_t last = last_line_of(rules, chain); last != 0) return last + 1;
    bool in_filter = false, declared = false;
    std::vector<std::string> later;
    const std::string& name = rules.chain(chain).name;
    for (std::uint32_t n = 1; n <= sheet.size(); ++n) {
        const std::string_view line = trimmed(sheet.line(n));
        if (line.substr(0, 1) == "*") in_filter = line == "*filter";
        if (!in_filter) continue;
        if (line == "COMMIT") return n;
        if (line.substr(0, 1) == ":") {
            const std::string other(line.substr(1, line.find(' ') - 1));
            if (declared) later.push_back(other);
            declared |= other == name;
        }
        const RuleLine parts = rule_line(sheet.line(n));
        if (line.substr(0, 1) == "#" || parts.words.size() < 2) continue;
        if (std::find(later.begin(), later.end(), parts.words[1].text) != later.end() &&
            parts.words[0].text.substr(0, 1) == "-")
            return n;
    }
    return sheet.size() + 1;
}

Refusal IptablesScribe::add(Manuscript& sheet, const RuleSet& rules, const Spot& spot, const Clause& clause) const {
    const bool before = spot.at == Spot::At::before_rule;
    const ChainId chain = before ? rules.rule(spot.rule).chain : spot.chain;
    // Where rules were inserted by number, the order of lines is not that of rules: name the place, behind them all.
    const bool by_number = before && has_insertions(sheet, rules, chain);
    std::uint32_t at =
        before && !by_number ? above_comments(sheet, line_of(rules, spot.rule), "#") : end_of(sheet, rules, chain);
    std::string command = "-A " + rules.chain(chain).name;
    std::uint32_t number = by_number ? rules.rule(spot.rule).number : 0;
    const std::uint32_t neighbour = before ? line_of(rules, spot.rule) : last_line_of(rules, chain);
    const bool counters = neighbour != 0 && rule_line(sheet.line(neighbour)).counters;
    for (const std::string& rule : written(sheet, clause)) {
        if (by_number) command = "-I " + rules.chain(chain).name + " " + std::to_string(number++);
        sheet.insert_before(at++, (counters ? "[0:0] " : "") + command + rule, clause.why);
    }
    return std::nullopt;
}

// The words of a rule's line that narrowing replaces.
struct Found {
    std::size_t first = 0, last = 0;  // words of the port match, its "-m tcp" included when that serves nothing else
    bool multiport = false;           // the option belongs to a multiport match that is there already
    std::optional<std::size_t> comment{};  // the comment's word
    std::optional<std::size_t> target{};   // -j or -g
};

struct Patch {
    std::size_t begin = 0, end = 0;
    std::string text;
};
std::string patched(std::string line, std::vector<Patch> patches) {
    std::sort(patches.begin(), patches.end(), [](const Patch& a, const Patch& b) { return a.begin > b.begin; });
    for (const Patch& p : patches) line.replace(p.begin, p.end - p.begin, p.text);
    return line;
}

std::optional<Found> find_ports(const std::vector<Word>& words) {
    std::optional<Found> found;
    std::optional<std::size_t> comment, target;
    bool multiport = false;
    for (std::size_t i = 0; i + 1 < words.size(); ++i) {
        const std::string& word = words[i].text;
        if (word == "multiport") multiport = true;
        if (word == "--comment") comment = i + 1;
        if (word == "-j" || word == "-g" || word == "--jump" || word == "--goto") target = target.value_or(i);
        const bool one = word == "--dport" || word == "--destination-port";
        const bool several = word == "--dports" || word == "--destination-ports";
        if (one || several) {
            if (found) return std::nullopt;
            found = Found{
                .first = i, .last = i + 1, .multiport = several || (multiport && words[i - 1].text == "multiport")};
            const bool own_match = one && i >= 2 && words[i - 2].text == "-m" &&
                                   (words[i - 1].text == "tcp" || words[i - 1].text == "udp");
            const bool ends_there = i + 2 >= words.size() || words[i + 2].text.substr(0, 2) == "-m" ||
                                    words[i + 2].text.substr(0, 2) == "-j" || words[i + 2].text.substr(0, 2) == "-g";
            if (own_match && ends_there) found->first = i - 2;
        }
    }
    if (!found) return std::nullopt;
    found->comment = comment;
    found->target = target;
    return found;
}

Refusal IptablesScribe::narrow(Manuscript& sheet, const RuleSet& rules, RuleId rule, const Ranges& keep,
                               const std::string& why) const {
    const std::uint32_t number = line_of(rules, rule);
    const std::string line = sheet.line(number);
    const std::vector<Word> words = rule_line(line).words;
    const std::optional<Found> found = find_ports(words);
    if (!found || !found->target) return "the ports of " + rules.label(rule) + " were not found in its line";
    const auto begin = [&](std::size_t word) { return words[word].offset; };
    const auto end = [&](std::size_t word) { return words[word].offset + words[word].length; };

    std::vector<Patch> patches;
    const std::string was = "narrowed from " + words[found->last].text;
    if (!found->comment) {
        patches.push_back({begin(*found->target), begin(*found->target), comment_match(was).substr(1) + " "});
    } else if (const std::string both = words[*found->comment].text + " (" + was + ")"; both.size() <= comment_max) {
        patches.push_back({begin(*found->comment), end(*found->comment), import::iptables::quoted(both)});
    }
    const bool whole_match = found->first + 3 == found->last;  // "-m tcp --dport 5001"
    std::vector<std::string> ports;
    if (!found->multiport && keep.size() == 1)
        ports.push_back((whole_match ? "-m " + words[found->first + 1].text + " " : "") + "--dport " +
                        colon(keep.front()));
    else
        for (const std::string& list : lists_of(keep))
            ports.push_back((found->multiport ? "--dports " : "-m multiport --dports ") + list);
    for (std::uint32_t i = 0; i < ports.size(); ++i) {
        std::vector<Patch> all = patches;
        all.push_back({begin(found->first), end(found->last), ports[i]});
        if (i == 0)
            sheet.change(number, patched(line, std::move(all)), why);
        else
            sheet.insert_before(number + i, patched(line, std::move(all)), why);
    }
    return std::nullopt;
}

}  // namespace

std::unique_ptr<Scribe> make_iptables_scribe(std::string name, const import::ImportOptions& options) {
    return std::make_unique<IptablesScribe>(std::move(name), options);
}

}  // namespace sim::firewall::mend
