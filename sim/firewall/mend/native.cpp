// Native rule files under mending: lines as native_text.hpp has them.
#include "sim/firewall/import/native_text.hpp"
#include "sim/firewall/mend/scribe.hpp"

#include <algorithm>

namespace sim::firewall::mend {
namespace {

struct Span {
    std::size_t begin = 0;
    std::size_t end = 0;
};

std::vector<Span> words_of(std::string_view line) {
    std::vector<Span> words;
    for (std::size_t at = 0; at < line.size();) {
        const std::size_t begin = std::min(line.find_first_not_of(" \t", at), line.size());
        const std::size_t end = std::min(line.find_first_of(" \t", begin), line.size());
        if (begin < end) words.push_back({begin, end});
        at = end;
    }
    return words;
}

// Where the target ports stand in a rule: behind the protocol, or behind a "port" that does not follow "from
// ADDRESSES".
std::optional<Span> target_ports_span(std::string_view rule) {
    const std::vector<Span> words = words_of(rule);
    const auto text = [&](std::size_t i) { return rule.substr(words[i].begin, words[i].end - words[i].begin); };
    // A list goes on while a comma stands at the end of a word or at the beginning of the next.
    const auto end_of_list = [&](std::size_t i) {
        while (i + 1 < words.size() && (text(i).back() == ',' || text(i + 1).front() == ',')) ++i;
        return i;
    };
    bool just_after_from = false;
    for (std::size_t i = 1; i < words.size(); ++i) {
        const bool after_from = std::exchange(just_after_from, false);
        const bool protocol = text(i) == "tcp" || text(i) == "udp" || text(i) == "any";
        const bool has_next = i + 1 < words.size();
        if (protocol && has_next && text(i + 1).front() >= '0' && text(i + 1).front() <= '9')
            return Span{words[i + 1].begin, words[end_of_list(i + 1)].end};
        if (!has_next || (text(i) != "from" && text(i) != "to" && text(i) != "port")) continue;
        const std::size_t last = end_of_list(i + 1);
        if (text(i) == "port" && !after_from) return Span{words[i + 1].begin, words[last].end};
        just_after_from = text(i) == "from";
        i = last;
    }
    return std::nullopt;
}

import::AddressSet addresses(const wire::Prefix& prefix){import::AddressSet set;
if (prefix.length() != 0) set.prefixes.push_back(prefix);
return set;
}  // namespace

class NativeScribe : public Scribe {
public:
    NativeScribe(std::string name, const import::NativeRules& settings) : name_(std::move(name)), settings_(settings) {}

    base::Result<SharedRules, std::string> read(const std::string& text) const override {
        const auto parsed = import::parse_native(base::SourceText(name_, text), settings_);
        if (!parsed) return base::failure(first_error(parsed.error()));
        const auto built = import::build(*parsed);
        if (!built) return base::failure(first_error(built.error()));
        return *built;
    }

    Refusal add(Manuscript& sheet, const RuleSet& rules, const Spot& spot, const Clause& clause) const override {
        const bool before = spot.at == Spot::At::before_rule;
        const std::uint32_t last = last_line_of(rules, ChainId{0});
        const std::uint32_t at = before      ? above_comments(sheet, line_of(rules, spot.rule), "#")
                                 : last == 0 ? sheet.size() + 1
                                             : last + 1;
        sheet.insert_before(at, written(clause), clause.why);
        return std::nullopt;
    }

    Refusal narrow(Manuscript& sheet, const RuleSet& rules, RuleId rule, const std::vector<wire::PortRange>& keep,
                   const std::string& why) const override {
        const std::uint32_t number = line_of(rules, rule);
        const std::string& line = sheet.line(number);
        const std::size_t hash = std::min(line.find('#'), line.size());
        const auto span = target_ports_span(std::string_view(line).substr(0, hash));
        if (!span) return "the ports of " + rules.label(rule) + " were not found in its line";
        const std::string was = "narrowed from " + line.substr(span->begin, span->end - span->begin);
        std::string changed = line.substr(0, span->begin) + wire::format(keep) + line.substr(span->end);
        if (trimmed(std::string_view(line).substr(hash)).size() > 1)
            changed = std::string(trimmed(changed)) + " (" + was + ")";
        else
            changed = std::string(trimmed(changed.substr(0, changed.find('#')))) + "  # " + was;
        sheet.change(number, leading_blank(line) + changed, why);
        return std::nullopt;
    }

    Refusal remove(Manuscript& sheet, const RuleSet& rules, RuleId rule, const std::string& why) const override {
        const std::uint32_t number = line_of(rules, rule);
        sheet.remove(number, "# removed: " + std::string(trimmed(sheet.line(number))), why);
        return std::nullopt;
    }

private:
    static std::string leading_blank(const std::string& line) {
        return line.substr(0, std::min(line.find_first_not_of(" \t"), line.size()));
    }

    static std::string written(const Clause& clause) {
        import::NativeRule rule;
        rule.action = clause.kind == Clause::Kind::deny ? Action::drop : Action::accept;
        rule.protocol =
            clause.protocol == wire::Protocol::tcp ? import::NativeProtocol::tcp : import::NativeProtocol::udp;
        rule.from = addresses(clause.source);
        rule.to = addresses(clause.target);
        rule.from_ports = clause.source_ports;
        rule.ports = clause.target_ports;
        rule.direction = clause.from == Side::client ? import::Direction::to_server : import::Direction::to_client;
        rule.acknowledged = clause.kind == Clause::Kind::answers && clause.protocol == wire::Protocol::tcp;
        std::string text = format(rule);
        if (!clause.note.empty()) text += "  # " + base::printable(clause.note);
        return text;
    }

    std::string name_;
    import::NativeRules settings_;
};

}  // namespace sim::firewall::mend

std::unique_ptr<Scribe> make_native_scribe(std::string name, const import::NativeRules& settings) {
    return std::make_unique<NativeScribe>(std::move(name), settings);
}

}  // namespace sim::firewall::mend
