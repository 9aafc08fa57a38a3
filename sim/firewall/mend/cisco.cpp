// Cisco IOS access lists under mending: entries of named lists with or without numbers, and "access-list N" lines.
#include "sim/firewall/import/cisco_list.hpp"
#include "sim/firewall/import/import.hpp"
#include "sim/firewall/mend/scribe.hpp"

#include <algorithm>

namespace sim::firewall::mend {
namespace {

using import::cisco::Word;
using Ranges = std::vector<wire::PortRange>;

// One line of a list, in parts: "access-list 101 " or the indentation, the number if it has one, the rest.
struct EntryLine {
    std::string lead;
    std::optional<std::uint32_t> sequence{};
    std::string body;
    bool remark = false;
};
EntryLine parts_of(const std::string& line) {
    const std::vector<Word> words = import::cisco::split(line, 0);
    EntryLine parts;
    if (words.empty()) return parts;
    std::size_t at = 0;
    if (words[0].text == "access-list") at = std::min<std::size_t>(2, words.size());
    if (at == 0) parts.sequence = import::cisco::list_number(words[0].text);
    const std::size_t body = at + (parts.sequence ? 1U : 0U);
    parts.lead = line.substr(0, at < words.size() ? words[at].offset : line.size());
    if (body < words.size()) {
        parts.body = std::string(trimmed(std::string_view(line).substr(words[body].offset)));
        parts.remark = words[body].text == "remark";
    }
    return parts;
}

// The numbers of a list's entries, in their order: as written, else ten behind the highest before them in the file.
struct Numbered {
    std::uint32_t line = 0;
    std::uint32_t sequence = 0;
    bool written = false;
};
std::vector<Numbered> numbers_of(const Manuscript& sheet, const RuleSet& rules, ChainId chain) {
    std::vector<Numbered> entries;
    const Chain& c = rules.chain(chain);
    for (std::uint32_t i = c.first; i < c.first + c.count; ++i)
        entries.push_back({line_of(rules, RuleId{i}), 0, false});
    std::sort(entries.begin(), entries.end(), [](const Numbered& a, const Numbered& b) { return a.line < b.line; });
    std::uint32_t highest = 0;
    for (Numbered& entry : entries) {
        const auto sequence = parts_of(sheet.line(entry.line)).sequence;
        entry.written = sequence.has_value();
        entry.sequence = sequence.value_or(highest + 10);
        highest = std::max(highest, entry.sequence);
    }
    std::sort(entries.begin(), entries.end(),
              [](const Numbered& a, const Numbered& b) { return a.sequence < b.sequence; });
    return entries;
}

std::string address(const wire::Prefix& prefix) {
    if (prefix.length() == 0) return "any";
    if (prefix.length() == 32) return "host " + prefix.address().format();
    return prefix.address().format() + " " + wire::IpAddress::v4(~prefix.mask().v4_bits()).format();
}

std::string ports(const wire::PortRange& r) {
    if (r == wire::PortRange::all()) return "";
    if (r.first == r.last) return " eq " + std::to_string(r.first.value);
    if (r.last.value == 65535) return " gt " + std::to_string(r.first.value - 1);
    if (r.first.value == 0) return " lt " + std::to_string(r.last.value + 1);
    return " range " + std::to_string(r.first.value) + " " + std::to_string(r.last.value);
}

// One entry per range.
std::vector<std::string> written(const Clause& clause) {
    const std::string protocol = clause.protocol == wire::Protocol::tcp ? "tcp " : "udp ";
    const bool established = clause.kind == Clause::Kind::answers && clause.protocol == wire::Protocol::tcp;
    const Ranges any{wire::PortRange::all()};
    std::vector<std::string> entries;
    for (const wire::PortRange& from : clause.source_ports.empty() ? any : clause.source_ports)
        for (const wire::PortRange& to : clause.target_ports.empty() ? any : clause.target_ports)
            entries.push_back((clause.kind == Clause::Kind::deny ? "deny " : "permit ") + protocol +
                              address(clause.source) + ports(from) + " " + address(clause.target) + ports(to) +
                              (established ? " established" : ""));
    return entries;
}

// Whether the line above is a remark of the same list: it speaks of the entry below it.
bool has_remark_above(const Manuscript& sheet, std::uint32_t line) {
    if (line <= 1) return false;
    const EntryLine above = parts_of(sheet.line(line - 1));
    return above.remark && trimmed(above.lead) == trimmed(parts_of(sheet.line(line)).lead);
}
std::uint32_t above_remarks(const Manuscript& sheet, std::uint32_t line) {
    while (has_remark_above(sheet, line)) --line;
    return line;
}

std::string remark_text(std::string_view note) { return "remark " + base::printable(note, 100); }

class CiscoScribe : public Scribe {
public:
    CiscoScribe(std::string name, const import::ImportOptions& options) : name_(std::move(name)), options_(options) {}

    base::Result<SharedRules, std::string> read(const std::string& text) const override {
        const auto imported = import::import_cisco(base::SourceText(name_, text), options_);
        if (!imported) return base::failure(first_error(imported.error()));
        return imported->rules;
    }
    Refusal add(Manuscript& sheet, const RuleSet& rules, const Spot& spot, const Clause& clause) const override;
    Refusal narrow(Manuscript& sheet, const RuleSet& rules, RuleId rule, const Ranges& keep,
                   const std::string& why) const override;
    Refusal remove(Manuscript& sheet, const RuleSet& rules, RuleId rule, const std::string& why) const override;

private:
    // Numbers for new entries in front of that one, or at the end (0); empty strings where the list has none.
    static base::Result<std::vector<std::string>, std::string> free_numbers(const Manuscript& sheet,
                                                                            const RuleSet& rules, ChainId chain,
                                                                            std::uint32_t line, std::size_t count);
    static std::optional<std::uint32_t> header_of(const Manuscript& sheet, const std::string& list);

    std::string name_;
    import::ImportOptions options_;
};

base::Result<std::vector<std::string>, std::string> CiscoScribe::free_numbers(const Manuscript& sheet,
                                                                              const RuleSet& rules, ChainId chain,
                                                                              std::uint32_t line, std::size_t count) {
    const std::vector<Numbered> entries = numbers_of(sheet, rules, chain);
    std::size_t place = entries.size();
    for (std::size_t i = 0; i < entries.size(); ++i)
        if (line != 0 && entries[i].line == line) place = i;
    const bool at_end = place == entries.size();
    if (entries.empty() || !(at_end ? entries.back().written : entries[place].written))
        return std::vector<std::string>(count);
    const std::uint32_t before = place == 0 ? 0 : entries[place - 1].sequence;
    const std::uint32_t step = at_end ? 10 : 1;
    if (!at_end && before + count >= entries[place].sequence)
        return base::failure("list " + rules.chain(chain).name + " has not enough free numbers between " +
                             std::to_string(before) + " and " + std::to_string(entries[place].sequence) +
                             "; number it again (ip access-list resequence) and ask again");
    std::vector<std::string> numbers;
    for (std::uint32_t i = 1; i <= count; ++i) numbers.push_back(std::to_string(before + i * step) + " ");
    return numbers;
}

std::optional<std::uint32_t> CiscoScribe::header_of(const Manuscript& sheet, const std::string& list) {
    for (std::uint32_t n = 1; n <= sheet.size(); ++n) {
        const std::vector<Word> words = import::cisco::split(sheet.line(n), 0);
        if (words.size() == 4 && words[0].text == "ip" && words[1].text == "access-list" && words[3].text == list)
            return n;
    }
    return std::nullopt;
}

// Whether a list knows source addresses alone, so that an entry with ports has no place in it.
bool is_standard(const Manuscript& sheet, const std::string& list) {
    if (const auto number = import::cisco::list_number(list)) return import::cisco::is_standard(*number);
    for (std::uint32_t n = 1; n <= sheet.size(); ++n) {
        const std::vector<Word> words = import::cisco::split(sheet.line(n), 0);
        if (words.size() == 4 && words[0].text == "ip" && words[1].text == "access-list" && words[3].text == list)
            return words[2].text == "standard";
    }
    return false;
}

Refusal CiscoScribe::add(Manuscript& sheet, const RuleSet& rules, const Spot& spot, const Clause& clause) const {
    if (clause.source.family() != wire::Family::ipv4) return "this list is for IPv4 only";
    const bool before = spot.at == Spot::At::before_rule;
    const ChainId chain = before ? rules.rule(spot.rule).chain : spot.chain;
    if (is_standard(sheet, rules.chain(chain).name))
        return "list " + rules.chain(chain).name + " is a standard list, which knows no ports; bind an extended one";
    const std::uint32_t last = last_line_of(rules, chain);
    const std::vector<std::string> entries = written(clause);
    const auto numbers = free_numbers(sheet, rules, chain, before ? line_of(rules, spot.rule) : 0, entries.size());
    if (!numbers) return numbers.error();

    std::string lead = " ";
    std::uint32_t at = 0;
    if (before) {
        lead = parts_of(sheet.line(line_of(rules, spot.rule))).lead;
        at = above_remarks(sheet, line_of(rules, spot.rule));
    } else if (last != 0) {
        lead = parts_of(sheet.line(last)).lead;
        at = last + 1;
    } else if (const auto header = header_of(sheet, rules.chain(chain).name)) {
        at = *header + 1;
    } else {
        return "list " + rules.chain(chain).name + " was not found in the file";
    }
    if (!clause.note.empty()) sheet.insert_before(at++, lead + remark_text(clause.note), clause.why);
    for (std::size_t i = 0; i < entries.size(); ++i)
        sheet.insert_before(at++, lead + (*numbers)[i] + entries[i], clause.why);
    return std::nullopt;
}

struct Span {
    std::size_t begin = 0, end = 0;
};

// Where the target ports stand in an entry's body: "eq 135", "range 5000 5100", behind the second address.
std::optional<Span> target_ports_span(std::string_view body) {
    const std::vector<Word> words = import::cisco::split(body, 0);
    const auto is_operator = [&](std::size_t i) {
        const std::string_view w = i < words.size() ? words[i].text : "";
        return w == "eq" || w == "gt" || w == "lt" || w == "range";
    };
    const auto skip_ports = [&](std::size_t i) {
        if (!is_operator(i)) return i;
        const bool list = words[i].text == "eq";
        std::size_t next = i + (words[i].text == "range" ? 3 : 2);
        const auto goes_on = [&](std::string_view w) {
            return w != "any" && w != "host" && w.find('.') == w.npos && w != "established" && w != "log" &&
                   w != "log-input";
        };
        while (list && next < words.size() && goes_on(words[next].text)) ++next;
        return std::min(next, words.size());
    };
    const auto skip_address = [&](std::size_t i) { return i < words.size() && words[i].text == "any" ? i + 1 : i + 2; };
    const std::size_t first = skip_address(skip_ports(skip_address(2)));
    if (!is_operator(first)) return std::nullopt;
    const Word& last = words[skip_ports(first) - 1];
    return Span{words[first].offset, last.offset + last.text.size()};
}

Refusal CiscoScribe::narrow(Manuscript& sheet, const RuleSet& rules, RuleId rule, const Ranges& keep,
                            const std::string& why) const {
    const std::uint32_t number = line_of(rules, rule);
    const EntryLine parts = parts_of(sheet.line(number));
    const auto span = target_ports_span(parts.body);
    if (!span) return "the ports of " + rules.label(rule) + " were not found in its line";
    const std::string head = std::string(trimmed(parts.body.substr(0, span->begin)));
    const std::string tail = parts.body.substr(span->end);
    const std::string was = "narrowed from " + parts.body.substr(span->begin, span->end - span->begin);

    // The first range takes the entry's own place and number; more need numbers behind it.
    std::vector<std::string> numbers(keep.size());
    if (parts.sequence) {
        const std::vector<Numbered> entries = numbers_of(sheet, rules, rules.rule(rule).chain);
        const auto own =
            std::find_if(entries.begin(), entries.end(), [&](const Numbered& e) { return e.line == number; });
        const bool last = own + 1 == entries.end();
        if (!last && own->sequence + keep.size() > (own + 1)->sequence)
            return "list " + rules.chain(rules.rule(rule).chain).name + " has not enough free numbers behind " +
                   std::to_string(own->sequence) + "; number it again (ip access-list resequence) and ask again";
        for (std::uint32_t i = 0; i < keep.size(); ++i) numbers[i] = std::to_string(*parts.sequence + i) + " ";
    }
    for (std::uint32_t i = 0; i < keep.size(); ++i) {
        std::string entry = parts.lead + numbers[i] + head + ports(keep[i]) + tail;
        if (i == 0)
            sheet.change(number, std::move(entry), why);
        else
            sheet.insert_before(number + i, std::move(entry), why);
    }
    if (has_remark_above(sheet, number))
        sheet.change(number - 1, sheet.line(number - 1) + " (" + was + ")", why);
    else
        sheet.insert_before(number, parts.lead + remark_text(was), why);
    return std::nullopt;
}

Refusal CiscoScribe::remove(Manuscript& sheet, const RuleSet& rules, RuleId rule, const std::string& why) const {
    // A list without entries lets everything pass on a real router.
    const Chain& chain = rules.chain(rules.rule(rule).chain);
    if (chain.count <= 1) return "list " + chain.name + " would be left without an entry, and pass everything";
    const std::uint32_t number = line_of(rules, rule);
    for (std::uint32_t n = above_remarks(sheet, number); n <= number; ++n)
        sheet.remove(n, "! removed: " + std::string(trimmed(sheet.line(n))), why);
    return std::nullopt;
}

}  // namespace

std::unique_ptr<Scribe> make_cisco_scribe(std::string name, const import::ImportOptions& options) {
    return std::make_unique<CiscoScribe>(std::move(name), options);
}

}  // namespace sim::firewall::mend
