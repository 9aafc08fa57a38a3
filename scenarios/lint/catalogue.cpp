#include "scenarios/lint/catalogue.hpp"

#include "scenarios/lint/subjects.hpp"

#include <algorithm>

namespace scenarios::lint {
namespace {

std::vector<const Entry*> sorted_entries() {
    std::vector<const Entry*> all;
    for (const auto part : {registry_form_entries(),
                            registry_data_entries(),
                            registry_port_entries(),
                            registry_place_entries(),
                            toml_entries(),
                            toml_line_entries(),
                            scenario_value_entries(),
                            scenario_sense_entries(),
                            rule_word_entries(),
                            native_rule_entries(),
                            iptables_frame_entries(),
                            iptables_rule_entries(),
                            nft_entries(),
                            nat_entries(),
                            cisco_entries(),
                            cisco_asa_entries(),
                            rule_lint_entries(),
                            run_entries(),
                            registry_cause_entries(),
                            filter_cause_entries(),
                            inspection_cause_entries(),
                            missed_rule_entries(),
                            client_cause_entries(),
                            nat_cause_entries(),
                            lesson_form_entries(),
                            lesson_truth_entries()})
        for (const Entry& entry : part) all.push_back(&entry);
    std::sort(all.begin(), all.end(), [](const Entry* a, const Entry* b) { return a->id < b->id; });
    return all;
}

std::string replaced(std::string_view text, std::string_view what, std::string_view with) {
    std::string out;
    for (std::size_t at = text.find(what); at != std::string_view::npos; at = text.find(what)) {
        out += text.substr(0, at);
        out += with;
        text.remove_prefix(at + what.size());
    }
    return out + std::string(text);
}

}  // namespace

std::string_view title(FileKind kind) {
    switch (kind) {
        case FileKind::scenario: return "a scenario";
        case FileKind::registry: return "a registry export";
        case FileKind::native_rules: return "a rule file of this program";
        case FileKind::iptables: return "the output of iptables-save";
        case FileKind::nft: return "the output of nft -j list ruleset";
        case FileKind::cisco: return "a Cisco IOS access list";
        case FileKind::cisco_asa: return "a Cisco ASA configuration";
        case FileKind::lesson: return "a lesson";
    }
    return "a file";
}

std::string_view usual_file_name(FileKind kind) {
    switch (kind) {
        case FileKind::scenario: return "example.toml";
        case FileKind::registry: return "example.reg";
        case FileKind::native_rules: return "example.rules";
        case FileKind::iptables: return "example.rules.v4";
        case FileKind::nft: return "example.json";
        case FileKind::cisco: return "example.acl";
        case FileKind::cisco_asa: return "example.cfg";
        case FileKind::lesson: return "lesson.toml";
    }
    return "example";
}

const std::vector<const Entry*>& entries() {
    static const std::vector<const Entry*> all = sorted_entries();
    return all;
}

const Entry* find(std::string_view id) {
    const auto found = std::lower_bound(entries().begin(), entries().end(), id,
                                        [](const Entry* entry, std::string_view wanted) { return entry->id < wanted; });
    return found != entries().end() && (*found)->id == id ? *found : nullptr;
}

std::string nearest_id(std::string_view typed) {
    std::vector<std::string_view> known;
    for (const Entry* entry : entries()) known.push_back(entry->id);
    return sim::base::nearest_word(typed, known);
}

std::string whole_text(const Example& example) {
    const Unfold& unfold = example.unfold;
    if (unfold.token.empty()) return std::string(example.text);
    std::string written;
    for (unsigned i = 1; i <= unfold.count; ++i)
        written += replaced(replaced(unfold.unit, "##", std::to_string(i + 1)), "#", std::to_string(i));
    return replaced(example.text, unfold.token, written);
}

bool may_warn(const Entry& entry) {
    return (entry.stage == Stage::review || entry.stage == Stage::run) && entry.severity != sim::base::Severity::note;
}

}  // namespace scenarios::lint
