// ASA configurations, line by line. A new entry is written as the command that puts it there on the device too,
// "access-list NAME line N extended ...": N counts the list's lines, remarks included, as they are once everything
// above in the text is done. Numbers of new lines are kept right as lines come and go.
//
// Where no list stands at the interface, one is made and bound. Ports that stand in a group are left to a person:
// others may use the group.
#include "sim/firewall/mend/scribe.hpp"

#include "sim/firewall/import/asa_names.hpp"
#include "sim/firewall/import/cisco_names.hpp"

#include <algorithm>

namespace sim::firewall::mend {
namespace {

using import::cisco::Word;
using Ranges = std::vector<wire::PortRange>;

// A line of an access list in the text.
struct ListLine {
    std::uint32_t number = 0;  // of the sheet
    bool remark = false;
    bool has_place = false;  // "line N" stands in it
    std::string body;        // from "extended" or "remark" on
};

std::optional<ListLine> list_line(const Manuscript& sheet, std::uint32_t number, std::string_view list) {
    const std::string& text = sheet.line(number);
    const std::vector<Word> words = import::cisco::split(text, 0);
    if (words.size() < 3 || words[0].text != "access-list" || words[0].offset != 0 || words[1].text != list)
        return std::nullopt;
    ListLine line{.number = number, .remark = false, .has_place = words[2].text == "line", .body = {}};
    const std::size_t at = line.has_place ? 4 : 2;
    if (at >= words.size()) return std::nullopt;
    line.remark = words[at].text == "remark";
    line.body = text.substr(words[at].offset);
    return line;
}

// The list in the order in which it is asked, and whether that is the order of the text.
struct Listing {
    std::vector<ListLine> lines;
    bool in_text_order = true;
};
Listing listing_of(const Manuscript& sheet, std::string_view list) {
    Listing all;
    for (std::uint32_t n = 1; n <= sheet.size(); ++n) {
        auto line = list_line(sheet, n, list);
        if (!line) continue;
        std::size_t place = all.lines.size();
        if (line->has_place)
            if (const auto wanted = import::cisco::decimal(import::cisco::split(sheet.line(n), 0)[3].text, 65535);
                wanted && *wanted > 0)
                place = std::min<std::size_t>(place, *wanted - 1U);
        all.in_text_order = all.in_text_order && place == all.lines.size();
        all.lines.insert(all.lines.begin() + static_cast<std::ptrdiff_t>(place), std::move(*line));
    }
    return all;
}

std::string command(std::string_view list, std::size_t place, const std::string& body) {
    return "access-list " + std::string(list) + " line " + std::to_string(place) + " " + body;
}

// New lines above or gone lines have moved the places of those behind them.
void renumber(Manuscript& sheet, std::string_view list) {
    std::size_t place = 0;
    for (std::uint32_t n = 1; n <= sheet.size(); ++n) {
        const auto line = list_line(sheet, n, list);
        if (!line) continue;
        ++place;
        if (line->has_place && sheet.original(n) == 0) sheet.reword(n, command(list, place, line->body));
    }
}

// "any" is both versions of IP; where the other end does not tell which is meant, the word does.
std::string address(const wire::Prefix& prefix, const wire::Prefix& other) {
    if (prefix.length() == 0 && other.length() != 0) return "any";
    if (prefix.length() == 0) return prefix.family() == wire::Family::ipv4 ? "any4" : "any6";
    if (prefix == wire::Prefix::host(prefix.address())) return "host " + prefix.address().format();
    if (prefix.family() == wire::Family::ipv6) return prefix.format();
    return prefix.address().format() + " " + prefix.mask().format();
}

std::string ports(const wire::PortRange& r) {
    if (r == wire::PortRange::all()) return "";
    if (r.first == r.last) return " eq " + std::to_string(r.first.value);
    if (r.last.value == 65535) return " gt " + std::to_string(r.first.value - 1);
    return " range " + std::to_string(r.first.value) + " " + std::to_string(r.last.value);
}

// One entry per range.
std::vector<std::string> written(const Clause& clause) {
    const Ranges any{wire::PortRange::all()};
    std::vector<std::string> entries;
    for (const wire::PortRange& from : clause.source_ports.empty() ? any : clause.source_ports)
        for (const wire::PortRange& to : clause.target_ports.empty() ? any : clause.target_ports)
            entries.push_back(std::string("extended ") + (clause.kind == Clause::Kind::deny ? "deny " : "permit ") +
                              (clause.protocol == wire::Protocol::tcp ? "tcp " : "udp ") +
                              address(clause.source, clause.target) + ports(from) + " " +
                              address(clause.target, clause.source) + ports(to));
    return entries;
}

std::string remark_text(std::string_view note) { return "remark " + base::printable(note, 100); }

// The interface at which no list stands, out of the name of the chain that decides there (asa_bind.cpp).
std::optional<std::string> bare_interface(const RuleSet& rules, ChainId chain) {
    const std::vector<Word> words = import::cisco::split(rules.chain(chain).name, 0);
    if (words.size() > 2 && words[0].text == "security") return std::string(words[2].text);
    if (words.size() == 4 && words[0].text == "the") return std::string(words[3].text);
    return std::nullopt;
}

class AsaScribe : public Scribe {
public:
    AsaScribe(std::string name, const import::ImportOptions& options) : name_(std::move(name)), options_(options) {}

    base::Result<SharedRules, std::string> read(const std::string& text) const override {
        const auto imported = import::import_asa(base::SourceText(name_, text), options_);
        if (!imported) return base::failure(first_error(imported.error()));
        return imported->rules;
    }
    Refusal add(Manuscript& sheet, const RuleSet& rules, const Spot& spot, const Clause& clause) const override;
    Refusal narrow(Manuscript& sheet, const RuleSet& rules, RuleId rule, const Ranges& keep,
                   const std::string& why) const override;
    Refusal remove(Manuscript& sheet, const RuleSet& rules, RuleId rule, const std::string& why) const override;

private:
    static void make_list(Manuscript& sheet, const std::string& interface, std::vector<std::string> bodies,
                          const std::string& why);

    std::string name_;
    import::ImportOptions options_;
};

// A list that was not there: its entries, and the line that binds it, at the end.
void AsaScribe::make_list(Manuscript& sheet, const std::string& interface, std::vector<std::string> bodies,
                          const std::string& why) {
    std::string list = interface + "_access_in";
    for (unsigned n = 2; !listing_of(sheet, list).lines.empty(); ++n)
        list = interface + "_access_in_" + std::to_string(n);
    std::uint32_t at = sheet.size() + 1;
    // Marks at the end ("Cryptochecksum", ": end", blank lines) stay there.
    while (at > 1 && (trimmed(sheet.line(at - 1)).empty() || sheet.line(at - 1)[0] == ':' ||
                      sheet.line(at - 1).starts_with("Cryptochecksum:")))
        --at;
    std::size_t place = 0;
    for (const std::string& body : bodies) sheet.insert_before(at++, command(list, ++place, body), why);
    sheet.insert_before(at, "access-group " + list + " in interface " + interface, why);
}

Refusal AsaScribe::add(Manuscript& sheet, const RuleSet& rules, const Spot& spot, const Clause& clause) const {
    if (clause.kind == Clause::Kind::answers) return "an ASA lets the answers of what it allows pass by itself";
    const bool before = spot.at == Spot::At::before_rule && rules.rule(spot.rule).target.kind != Target::Kind::go_to;
    const ChainId chain = spot.at == Spot::At::before_rule ? rules.rule(spot.rule).chain : spot.chain;
    std::vector<std::string> bodies;
    if (!clause.note.empty()) bodies.push_back(remark_text(clause.note));
    for (std::string& entry : written(clause)) bodies.push_back(std::move(entry));
    if (const auto interface = bare_interface(rules, chain)) {
        make_list(sheet, *interface, std::move(bodies), clause.why);
        return std::nullopt;
    }
    const std::string& list = rules.chain(chain).name;
    const Listing all = listing_of(sheet, list);
    if (all.lines.empty()) return "list " + list + " was not found in the file";
    std::size_t place = all.lines.size();
    if (before) {
        const auto own = std::find_if(all.lines.begin(), all.lines.end(),
                                      [&](const ListLine& line) { return line.number == line_of(rules, spot.rule); });
        if (own == all.lines.end()) return rules.label(spot.rule) + " was not found in the file";
        place = static_cast<std::size_t>(own - all.lines.begin());
        while (place > 0 && all.lines[place - 1].remark) --place;  // a remark speaks of the entry below it
    }
    // Behind the whole list where lines stand in another order than they are asked in: then every number is the last
    // word.
    std::uint32_t at = 0;
    for (const ListLine& line : all.lines) at = std::max(at, line.number + 1);
    if (all.in_text_order && place < all.lines.size()) at = all.lines[place].number;
    for (const std::string& body : bodies) sheet.insert_before(at++, command(list, ++place, body), clause.why);
    if (all.in_text_order) renumber(sheet, list);
    return std::nullopt;
}

struct Span {
    std::size_t begin = 0, end = 0;
};

// Where the target ports stand in "extended permit tcp SRC [PORTS] DST PORTS": an operator and its numbers.
std::optional<Span> target_ports_span(std::string_view body) {
    const std::vector<Word> words = import::cisco::split(body, 0);
    const auto text = [&](std::size_t i) { return i < words.size() ? words[i].text : std::string_view{}; };
    const auto skip_ports = [&](std::size_t i) {
        return !import::is_port_operator(text(i)) ? i : i + (text(i) == "range" ? 3 : 2);
    };
    const auto skip_address = [&](std::size_t i) {
        const std::string_view w = text(i);
        return w == "any" || w == "any4" || w == "any6" || w.find('/') != w.npos ? i + 1 : i + 2;
    };
    if (text(2) == "object" || text(2) == "object-group") return std::nullopt;
    std::size_t at = skip_ports(skip_address(3));
    if (text(at) == "object-group" && text(at + 2) == "object-group") return std::nullopt;  // ports in a group, or not
    at = skip_address(at);
    const std::size_t end = skip_ports(at);
    if (end == at || end > words.size()) return std::nullopt;
    return Span{words[at].offset, words[end - 1].offset + words[end - 1].text.size()};
}

Refusal AsaScribe::narrow(Manuscript& sheet, const RuleSet& rules, RuleId rule, const Ranges& keep,
                          const std::string& why) const {
    const std::string& list = rules.chain(rules.rule(rule).chain).name;
    const std::uint32_t number = line_of(rules, rule);
    const auto line = list_line(sheet, number, list);
    if (!line) return rules.label(rule) + " was not found in the file";
    const auto span = target_ports_span(line->body);
    if (!span)
        return "the ports of " + rules.label(rule) + " stand in a group, which others may use: change it by hand";
    const Listing all = listing_of(sheet, list);
    if (!all.in_text_order) return "the lines of list " + list + " do not stand in the order in which they are asked";
    const std::string head = sheet.line(number).substr(0, sheet.line(number).size() - line->body.size());
    const std::string first = std::string(trimmed(line->body.substr(0, span->begin)));
    const std::string tail = line->body.substr(span->end);
    const std::string was = "narrowed from " + line->body.substr(span->begin, span->end - span->begin);
    sheet.change(number, head + first + ports(keep.front()) + tail, why);
    for (std::uint32_t i = 1; i < keep.size(); ++i)
        sheet.insert_before(number + i, command(list, 1, first + ports(keep[i]) + tail), why);
    sheet.insert_before(number, command(list, 1, remark_text(was)), why);
    renumber(sheet, list);
    return std::nullopt;
}

Refusal AsaScribe::remove(Manuscript& sheet, const RuleSet& rules, RuleId rule, const std::string& why) const {
    const std::string& list = rules.chain(rules.rule(rule).chain).name;
    const Listing all = listing_of(sheet, list);
    const auto entries = std::count_if(all.lines.begin(), all.lines.end(), [](const ListLine& l) { return !l.remark; });
    if (entries <= 1) return "list " + list + " would be left without an entry, and the ASA would take it away";
    std::uint32_t number = line_of(rules, rule);
    if (!list_line(sheet, number, list)) return rules.label(rule) + " was not found in the file";
    const std::uint32_t last = number;
    while (number > 1) {
        const auto above = list_line(sheet, number - 1, list);
        if (!above || !above->remark) break;
        --number;
    }
    for (std::uint32_t n = number; n <= last; ++n)
        sheet.remove(n, "! removed: " + std::string(trimmed(sheet.line(n))), why);
    if (all.in_text_order) renumber(sheet, list);
    return std::nullopt;
}

}  // namespace

std::unique_ptr<Scribe> make_asa_scribe(std::string name, const import::ImportOptions& options) {
    return std::make_unique<AsaScribe>(std::move(name), options);
}

}  // namespace sim::firewall::mend
