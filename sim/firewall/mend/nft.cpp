// The JSON of nft -j list ruleset under mending. Its objects are first put on lines of their own, so that a rule is a
// line; what is done is told as commands of nft at last, for nobody types JSON.
#include "sim/firewall/mend/nft.hpp"

#include "sim/firewall/import/import.hpp"
#include "sim/firewall/import/nft_json.hpp"
#include "sim/firewall/import/nft_text.hpp"
#include "sim/firewall/mend/scribe.hpp"

#include <algorithm>

namespace sim::firewall::mend {
namespace {

using import::nft::Json;
using Ranges = std::vector<wire::PortRange>;

std::string in_quotes(std::string_view text) {
    std::string quoted = "\"";
    for (const char c : base::printable(text, 120)) {
        if (c == '"' || c == '\\') quoted += '\\';
        quoted += c;
    }
    return quoted + "\"";
}

// A line of the sheet as the object that stands there.
struct Line {
    base::SourceText source;
    Json object;
    std::size_t shift = 0;  // where the object begins in the line

    const Json* rule() const { return object.find("rule"); }
    std::string text_of(std::string_view name) const {
        const Json* value = rule() == nullptr ? nullptr : rule()->find(name);
        return value == nullptr ? "" : value->text;
    }
    // "inet filter forward"
    std::string chain() const { return text_of("family") + " " + text_of("table") + " " + text_of("chain"); }
};
std::optional<Line> line_of_sheet(const std::string& text) {
    const std::size_t begin = text.find("{\"rule\"") != text.npos ? text.find("{\"rule\"") : text.find_first_of('{');
    if (begin == text.npos) return std::nullopt;
    base::SourceText source("line", text.substr(begin));
    auto parsed = import::nft::parse_json(source);
    if (!parsed) return std::nullopt;
    return Line{std::move(source), *parsed, begin};
}

std::string port_value(const wire::PortRange& r) {
    const std::string first = std::to_string(r.first.value);
    return r.first == r.last ? first : "{\"range\": [" + first + ", " + std::to_string(r.last.value) + "]}";
}
std::string ports_value(const Ranges& ports) {
    if (ports.size() == 1) return port_value(ports.front());
    std::string list;
    for (const wire::PortRange& r : ports) list += (list.empty() ? "" : ", ") + port_value(r);
    return "{\"set\": [" + list + "]}";
}

std::string match(const std::string& left, const std::string& right, const char* op = "==") {
    return "{\"match\": {\"op\": \"" + std::string(op) + "\", \"left\": " + left + ", \"right\": " + right + "}}, ";
}
std::string payload(std::string_view protocol, std::string_view field) {
    return "{\"payload\": {\"protocol\": \"" + std::string(protocol) + "\", \"field\": \"" + std::string(field) +
           "\"}}";
}
std::string address_match(const wire::Prefix& prefix, const char* field) {
    const bool v4 = prefix.family() == wire::Family::ipv4;
    if (prefix.length() == 0) return {};
    const std::string address = "\"" + prefix.address().format() + "\"";
    const bool host = prefix.length() == (v4 ? 32 : 128);
    return match(
        payload(v4 ? "ip" : "ip6", field),
        host ? address : "{\"prefix\": {\"addr\": " + address + ", \"len\": " + std::to_string(prefix.length()) + "}}");
}

std::string statements_of(const Clause& clause) {
    const std::string verdict = clause.kind == Clause::Kind::deny ? "{\"drop\": null}" : "{\"accept\": null}";
    if (clause.kind == Clause::Kind::answers)
        return match("{\"ct\": {\"key\": \"state\"}}", "[\"established\", \"related\"]", "in") + verdict;
    const std::string protocol = clause.protocol == wire::Protocol::tcp ? "tcp" : "udp";
    std::string text = address_match(clause.source, "saddr") + address_match(clause.target, "daddr");
    if (!clause.source_ports.empty()) text += match(payload(protocol, "sport"), ports_value(clause.source_ports));
    if (!clause.target_ports.empty()) text += match(payload(protocol, "dport"), ports_value(clause.target_ports));
    if (clause.source_ports.empty() && clause.target_ports.empty())
        text += match("{\"meta\": {\"key\": \"l4proto\"}}", "\"" + protocol + "\"");
    return text + verdict;
}

class NftScribe : public Scribe {
public:
    NftScribe(std::string name, const import::ImportOptions& options) : name_(std::move(name)), options_(options) {}

    std::string sheet(std::string_view text) const override {
        const base::SourceText source(name_, std::string(text));
        const auto root = import::nft::parse_json(source);
        const Json* list = root ? root->find("nftables") : nullptr;
        if (list == nullptr) return std::string(text);
        std::string lines = "{\"nftables\": [\n";
        bool first = true;
        for (const Json& object : list->items) {
            std::string one(text.substr(object.offset, object.length));
            std::replace_if(
                one.begin(), one.end(), [](char c) { return c == '\n' || c == '\r'; }, ' ');
            lines += (first ? "" : ", ") + one + "\n";
            first = false;
        }
        return lines + "]}\n";
    }
    base::Result<SharedRules, std::string> read(const std::string& text) const override {
        const auto imported = import::import_nft(base::SourceText(name_, text), options_);
        if (!imported) return base::failure(first_error(imported.error()));
        return imported->rules;
    }

    Refusal add(Manuscript& sheet, const RuleSet& rules, const Spot& spot, const Clause& clause) const override {
        const bool before = spot.at == Spot::At::before_rule;
        const auto owner = chain_of(sheet, rules, before ? rules.rule(spot.rule).chain : spot.chain);
        if (!owner) return "its chain was not found in the file";
        const bool v4 = clause.source.family() == wire::Family::ipv4;
        if (owner->family != "inet" && (owner->family == "ip") != v4)
            return "table " + owner->table + " is for the other version of IP";
        if (clause.source.length() < 0 || clause.target.length() < 0) return "a mask with holes is not written here";
        std::string rule = ", {\"rule\": {\"family\": \"" + owner->family +
                           "\", \"table\": " + in_quotes(owner->table) + ", \"chain\": " + in_quotes(owner->chain);
        if (!clause.note.empty()) rule += ", \"comment\": " + in_quotes(clause.note);
        rule += ", \"expr\": [" + statements_of(clause) + "]}}";
        // Rules of one chain stand in their order; where those of others stand between them does not matter.
        sheet.insert_before(before ? line_of(rules, spot.rule) : sheet.size(), std::move(rule), clause.why);
        return std::nullopt;
    }
    Refusal narrow(Manuscript& sheet, const RuleSet& rules, RuleId rule, const Ranges& keep,
                   const std::string& why) const override {
        const std::uint32_t number = line_of(rules, rule);
        std::string text = sheet.line(number);
        const auto line = line_of_sheet(text);
        const Json* right = line ? target_ports_of(*line) : nullptr;
        if (right == nullptr) return "the ports of " + rules.label(rule) + " are not written as one list in it";
        text.replace(line->shift + right->offset, right->length, ports_value(keep));
        sheet.change(number, std::move(text), why);
        return std::nullopt;
    }
    Refusal remove(Manuscript& sheet, const RuleSet& rules, RuleId rule, const std::string& why) const override {
        sheet.remove(line_of(rules, rule), "", why);
        return std::nullopt;
    }

private:
    struct Owner {
        std::string family, table, chain;
    };
    static std::optional<Owner> chain_of(const Manuscript& sheet, const RuleSet& rules, ChainId id) {
        const Chain& chain = rules.chain(id);
        for (std::uint32_t n = 1; n <= sheet.size(); ++n) {
            const auto line = line_of_sheet(sheet.line(n));
            const Json* object = line ? line->object.find("chain") : nullptr;
            if (object == nullptr) continue;
            const auto text = [&](const char* name) {
                const Json* value = object->find(name);
                return value == nullptr ? std::string() : value->text;
            };
            const Owner owner{text("family"), text("table"), text("name")};
            const bool same_table = chain.table.empty() || chain.table == owner.family + " " + owner.table;
            if (owner.chain == chain.name && same_table) return owner;
        }
        return std::nullopt;
    }
    // The right side of the only match on target ports, which must be a plain one.
    static const Json* target_ports_of(const Line& line) {
        const Json* statements = line.rule() == nullptr ? nullptr : line.rule()->find("expr");
        const Json* found = nullptr;
        if (statements == nullptr) return nullptr;
        for (const Json& one : statements->items) {
            const Json* match = one.find("match");
            const Json* left = match == nullptr ? nullptr : match->find("left");
            const Json* payload = left == nullptr ? nullptr : left->find("payload");
            const Json* field = payload == nullptr ? nullptr : payload->find("field");
            if (field == nullptr || field->text != "dport") continue;
            const Json* op = match->find("op");
            if (found != nullptr || op == nullptr || op->text != "==") return nullptr;
            found = match->find("right");
        }
        return found;
    }

    std::string name_;
    import::ImportOptions options_;
};

// The rule that a new one goes before: of the same chain, at or behind a line of the original.
std::optional<Line> neighbour(const Manuscript& original, std::uint32_t from, const std::string& chain) {
    for (std::uint32_t n = std::max(from, 1U); n <= original.size(); ++n)
        if (auto line = line_of_sheet(original.line(n)); line && line->rule() != nullptr && line->chain() == chain)
            return line;
    return std::nullopt;
}

std::string handle_of(const Line& line) {
    const Json* handle = line.rule() == nullptr ? nullptr : line.rule()->find("handle");
    return handle == nullptr ? "" : handle->text;
}
std::string rule_in_words(const Line& line) {
    const Json* statements = line.rule() == nullptr ? nullptr : line.rule()->find("expr");
    const std::string comment = line.text_of("comment");
    return (statements == nullptr ? "" : import::nft::rule_text(*statements)) +
           (comment.empty() ? "" : " comment " + import::nft::quoted(comment));
}

// For a shell: nft's own quotes must reach it.
std::string command(const std::string& text) {
    std::string quoted = "nft '";
    for (const char c : text) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return quoted + "'";
}

}  // namespace

std::unique_ptr<Scribe> make_nft_scribe(std::string name, const import::ImportOptions& options) {
    return std::make_unique<NftScribe>(std::move(name), options);
}

void tell_as_commands(std::vector<RuleEdit>& edits, const std::string& original) {
    const Manuscript sheet(original);
    for (RuleEdit& edit : edits) {
        const auto before = line_of_sheet(edit.before), after = line_of_sheet(edit.after);
        if (before && before->rule() != nullptr) edit.before = rule_in_words(*before);
        if (edit.kind == RuleEdit::Kind::removed && before)
            edit.after = command("delete rule " + before->chain() + " handle " + handle_of(*before));
        if (edit.kind == RuleEdit::Kind::changed && after)
            edit.after = command("replace rule " + after->chain() + " handle " + handle_of(*after) + " " +
                                 rule_in_words(*after));
        if (edit.kind == RuleEdit::Kind::inserted && after) {
            const auto next = neighbour(sheet, edit.line, after->chain());
            edit.after = command((next ? "insert rule " + after->chain() + " position " + handle_of(*next)
                                       : "add rule " + after->chain()) +
                                 " " + rule_in_words(*after));
        }
        edit.line = 0;
    }
}

}  // namespace sim::firewall::mend
