#include "sim/firewall/import/native_text.hpp"

#include "sim/base/text_form.hpp"

#include <algorithm>
#include <array>

namespace sim::firewall::import {
namespace {

struct Word {
    std::string_view text;
    std::size_t offset = 0;  // in the whole source
};

constexpr bool is_blank(char c) { return c == ' ' || c == '\t'; }

std::vector<Word> words_of(std::string_view line, std::size_t offset) {
    std::vector<Word> words;
    for (std::size_t at = 0; at < line.size();) {
        if (is_blank(line[at])) {
            ++at;
            continue;
        }
        std::size_t end = at;
        while (end < line.size() && !is_blank(line[end])) ++end;
        words.push_back({line.substr(at, end - at), offset + at});
        at = end;
    }
    return words;
}

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
    while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
    return text;
}

const std::vector<std::string_view> reject_words{
    "tcp-reset",      "port-unreachable", "net-unreachable",  "host-unreachable", "proto-unreachable",
    "net-prohibited", "host-prohibited",  "admin-prohibited", "no-route",         "addr-unreachable"};
const std::vector<std::string_view> line_words{"allow", "drop", "reject", "default", "stateful", "reject-with"};
// The protocols, which stand in front, and then the rest.
const std::vector<std::string_view> part_words{"tcp",  "udp",       "icmp",      "any",  "from",         "to",
                                               "port", "to-server", "to-client", "both", "acknowledged", "log"};

class Parser {
public:
    Parser(const base::SourceText& source, NativeRules settings) : source_(source), rules_(std::move(settings)) {
        rules_.name = source.name();
        rules_.rules.clear();
    }

    base::Result<NativeRules, base::Diagnostics> parse() {
        if (auto bad = base::why_no_text(source_.name(), source_.text())) return base::failure(base::Diagnostics{*bad});
        for (std::size_t n = 1; n <= source_.line_count(); ++n) read_line(source_.line(n));
        if (!faults_.empty()) return base::failure(std::move(faults_));
        return std::move(rules_);
    }

private:
    void read_line(std::string_view line) {
        const auto offset = static_cast<std::size_t>(line.data() - source_.text().data());
        const std::size_t hash = std::min(line.find('#'), line.size());
        words_ = words_of(line.substr(0, hash), line.empty() ? 0 : offset);
        at_ = 0;
        if (words_.empty()) return;
        const std::string_view first = words_[0].text;
        if (first == "default") return read_default();
        if (first == "stateful") return read_stateful();
        if (first == "reject-with") return read_reject_with();
        NativeRule rule;
        rule.protocol = NativeProtocol::any;
        rule.origin.place =
            source_.place_at(words_[0].offset, words_.back().offset + words_.back().text.size() - words_[0].offset);
        rule.origin.text = std::string(trimmed(line.substr(0, hash)));
        if (hash < line.size()) rule.origin.note = std::string(trimmed(line.substr(hash + 1)));
        if (!read_action(rule)) return;
        read_parts(rule);
        rules_.rules.push_back(std::move(rule));
    }

    // ---- settings ----
    void read_default() {
        if (!once(default_seen_)) return;
        static const std::vector<std::string_view> known{"drop", "allow", "reject"};
        const Word* word = value_of(known);
        if (word == nullptr) return;
        rules_.default_action = word->text == "drop"    ? Action::drop
                                : word->text == "allow" ? Action::accept
                                                        : Action::reject;
    }
    void read_stateful() {
        if (!once(stateful_seen_)) return;
        static const std::vector<std::string_view> known{"yes", "no"};
        if (const Word* word = value_of(known)) rules_.stateful = word->text == "yes";
    }
    void read_reject_with() {
        if (!once(reject_seen_)) return;
        if (const Word* word = value_of(reject_words)) rules_.reject_with = parse_reject(word->text);
    }
    bool once(bool& seen) {
        ++at_;
        if (seen) fault(words_[0], "\"" + shown(words_[0]) + "\" was set before", "repeated", "keep one of the two");
        return !std::exchange(seen, true);
    }
    // The single value of a setting; null after a diagnostic.
    const Word* value_of(const std::vector<std::string_view>& known) {
        const Word* word = take();
        if (word == nullptr) {
            missing("\"" + shown(words_[0]) + "\" needs a value", known);
            return nullptr;
        }
        if (std::find(known.begin(), known.end(), word->text) == known.end()) {
            fault(*word, "\"" + shown(*word) + "\" is no value of \"" + shown(words_[0]) + "\"", "bad-value",
                  suggestion(word->text, known));
            return nullptr;
        }
        if (const Word* more = take())
            fault(*more, "\"" + shown(*more) + "\" is one word too many", "unknown-word", {});
        return word;
    }

    // ---- rules ----
    bool read_action(NativeRule& rule) {
        const Word& word = *take();
        if (word.text == "allow") {
            rule.action = Action::accept;
        } else if (word.text == "drop") {
            rule.action = Action::drop;
        } else if (word.text == "reject") {
            rule.action = Action::reject;
            if (peek_is("with")) {
                ++at_;
                read_rule_reject(rule);
            }
        } else {
            fault(word, "a line begins with a rule or a setting, not with \"" + shown(word) + "\"", "unknown-word",
                  suggestion(word.text, line_words));
            return false;
        }
        return true;
    }
    void read_rule_reject(NativeRule& rule) {
        const Word* word = take();
        if (word == nullptr) return missing("\"with\" needs to be told how", reject_words);
        rule.with = parse_reject(word->text);
        if (!rule.with)
            fault(*word, "\"" + shown(*word) + "\" is no way to reject", "bad-value",
                  suggestion(word->text, reject_words));
    }

    void read_parts(NativeRule& rule) {
        read_protocol(rule);
        Seen seen;
        seen.ports = !rule.ports.empty();
        while (const Word* word = take()) {
            const bool after_from_address = std::exchange(seen.just_after_from, false);
            if (word->text == "from") {
                if (part_once(*word, seen.from)) read_addresses(*word, rule.from);
                seen.just_after_from = true;
            } else if (word->text == "to") {
                if (part_once(*word, seen.to)) read_addresses(*word, rule.to);
            } else if (word->text == "port") {
                if (after_from_address)
                    read_ports(*word, rule.from_ports);
                else if (part_once(*word, seen.ports))
                    read_ports(*word, rule.ports);
            } else if (word->text == "to-server" || word->text == "to-client" || word->text == "both") {
                if (part_once(*word, seen.direction))
                    rule.direction = word->text == "both"        ? Direction::both
                                     : word->text == "to-client" ? Direction::to_client
                                                                 : Direction::to_server;
            } else if (word->text == "acknowledged") {
                if (part_once(*word, seen.acknowledged)) rule.acknowledged = true;
            } else if (word->text == "log") {
                if (part_once(*word, seen.log)) rule.log = true;
            } else {
                fault(*word, "\"" + shown(*word) + "\" is not understood here", "unknown-word",
                      misplaced_hint(word->text));
                return;  // what follows would be read in the wrong sense
            }
        }
    }
    static std::string misplaced_hint(std::string_view word) {
        if (word == "tcp" || word == "udp" || word == "icmp")
            return "the protocol stands right behind allow, drop or reject, and once";
        if (word == "any")
            return "\"any\" stands in the place of the protocol, or behind from, to or port; what is not said is any";
        return suggestion(word, part_words);
    }
    struct Seen {
        bool from = false, to = false, ports = false, direction = false, acknowledged = false, log = false;
        bool just_after_from = false;
    };
    bool part_once(const Word& word, bool& seen) {
        if (seen) fault(word, "\"" + shown(word) + "\" stands here a second time", "repeated", "keep one of the two");
        return !std::exchange(seen, true);
    }

    void read_protocol(NativeRule& rule) {
        if (at_ == words_.size()) return;
        const std::string_view text = words_[at_].text;
        if (text == "tcp")
            rule.protocol = NativeProtocol::tcp;
        else if (text == "udp")
            rule.protocol = NativeProtocol::udp;
        else if (text == "icmp")
            rule.protocol = NativeProtocol::icmp;
        else if (text != "any")
            return;
        const Word& protocol = words_[at_++];
        if (at_ < words_.size() && words_[at_].text[0] >= '0' && words_[at_].text[0] <= '9')
            read_ports(protocol, rule.ports);
    }

    // A list with commas, with or without blanks around them: the words it takes, as one stretch of the line.
    std::optional<Word> take_list() {
        const Word* first = take();
        if (first == nullptr) return std::nullopt;
        const Word* last = first;
        while (at_ < words_.size() && (last->text.back() == ',' || words_[at_].text.front() == ',')) last = take();
        const std::size_t length = last->offset + last->text.size() - first->offset;
        return Word{source_.text().substr(first->offset, length), first->offset};
    }
    template <class Parse, class Into>
    void read_list(const Word& before, Into& into, std::string id, std::string hint, Parse parse) {
        const std::optional<Word> list = take_list();
        if (!list) return missing("\"" + shown(before) + "\" needs a value", {});
        if (trimmed(list->text) == "any") return;
        for (std::size_t from = 0;;) {
            const std::size_t comma = std::min(list->text.find(',', from), list->text.size());
            const std::string_view whole = list->text.substr(from, comma - from);
            const std::string_view part = trimmed(whole);
            const auto lead = static_cast<std::size_t>(part.empty() ? 0 : part.data() - whole.data());
            const auto parsed = parse(part.empty() ? std::string_view("?") : part);
            if (part.empty())
                fault({list->text.substr(from, 0), list->offset + from}, "something is missing beside this comma", id,
                      hint);
            else if (part == "any")
                fault({part, list->offset + from + lead}, "\"any\" stands alone, not in a list", id, hint);
            else if (!parsed)
                fault({part, list->offset + from + lead}, parsed.error(), id, hint);
            else
                append(into, *parsed);
            if (comma == list->text.size()) return;
            from = comma + 1;
        }
    }
    static void append(AddressSet& into, const AddressSet& more) {
        into.prefixes.insert(into.prefixes.end(), more.prefixes.begin(), more.prefixes.end());
        into.ranges.insert(into.ranges.end(), more.ranges.begin(), more.ranges.end());
    }
    static void append(std::vector<wire::PortRange>& into, const std::vector<wire::PortRange>& more) {
        into.insert(into.end(), more.begin(), more.end());
    }
    void read_addresses(const Word& before, AddressSet& into) {
        read_list(before, into, "bad-address", "for instance 10.0.0.10, 10.0.0.0/24, 10.0.0.1-10.0.0.9 or any",
                  [](std::string_view part) { return parse_addresses(part); });
    }
    void read_ports(const Word& before, std::vector<wire::PortRange>& into) {
        read_list(before, into, "bad-port", "ports go from 0 to 65535: 135, or 5000-5100, or several with commas",
                  [](std::string_view part) { return parse_ports(part); });
    }

    // ---- words and faults ----
    const Word* take() { return at_ < words_.size() ? &words_[at_++] : nullptr; }
    bool peek_is(std::string_view text) const { return at_ < words_.size() && words_[at_].text == text; }
    static std::string shown(const Word& word) { return base::printable(word.text, 60); }

    static std::string suggestion(std::string_view typed, const std::vector<std::string_view>& known) {
        if (const std::string near = base::nearest_word(typed, known); !near.empty())
            return "did you mean \"" + near + "\"?";
        std::string list = "one of:";
        for (const std::string_view word : known) list += " " + std::string(word);
        return list;
    }
    void fault(const Word& word, std::string what, std::string id, std::string hint) {
        faults_.push_back(source_.diagnose(base::Severity::error,
                                           source_.place_at(word.offset, std::max<std::size_t>(word.text.size(), 1)),
                                           std::move(what), std::move(id), std::move(hint)));
    }
    void missing(std::string what, const std::vector<std::string_view>& known) {
        const Word& last = words_.back();
        fault({last.text.substr(last.text.size()), last.offset + last.text.size()}, std::move(what), "missing-word",
              known.empty() ? std::string{} : suggestion({}, known));
    }

    const base::SourceText& source_;
    NativeRules rules_;
    base::Diagnostics faults_;
    std::vector<Word> words_;
    std::size_t at_ = 0;
    bool default_seen_ = false;
    bool stateful_seen_ = false;
    bool reject_seen_ = false;
};

}  // namespace

base::Result<NativeRules, base::Diagnostics> parse_native(const base::SourceText& source, NativeRules settings) {
    return Parser(source, std::move(settings)).parse();
}

base::Result<NativeRules, base::Diagnostics> parse_native_file(const base::SourceText& source, NativeRules settings) {
    bool says_something = false;
    for (std::size_t n = 1; n <= source.line_count(); ++n) {
        const std::string_view line = trimmed(source.line(n));
        says_something = says_something || (!line.empty() && line.front() != '#');
    }
    if (says_something) return parse_native(source, std::move(settings));
    return base::failure(base::Diagnostics{{base::Severity::error,
                                            base::Place{source.name()},
                                            "there is no rule in this file",
                                            "empty-rules",
                                            "to drop everything, write \"default drop\"",
                                            {},
                                            {}}});
}

std::string format(const NativeRules& rules) {
    std::string text = "default ";
    text += rules.default_action == Action::accept ? "allow" : rules.default_action == Action::drop ? "drop" : "reject";
    text += rules.stateful ? "\nstateful yes\n" : "\nstateful no\n";
    if (rules.reject_with)
        for (const std::string_view word : reject_words)
            if (parse_reject(word) == rules.reject_with) text += "reject-with " + std::string(word) + "\n";
    for (const NativeRule& rule : rules.rules) {
        text += format(rule);
        if (!rule.origin.note.empty()) text += "  # " + base::printable(rule.origin.note, 400);
        text += "\n";
    }
    return text;
}

}  // namespace sim::firewall::import
