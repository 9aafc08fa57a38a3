#include "sim/firewall/import/iptables_options.hpp"

#include <algorithm>

namespace sim::firewall::import::iptables {
namespace {

// In full, for an option that is not taken here makes others less clear.
constexpr OptionName general[] = {{"--append", "-A"},        {"--delete", "-D"},
                                  {"--check", "-C"},         {"--insert", "-I"},
                                  {"--replace", "-R"},       {"--list", "-L"},
                                  {"--list-rules", "-S"},    {"--flush", "-F"},
                                  {"--zero", "-Z"},          {"--new-chain", "-N"},
                                  {"--delete-chain", "-X"},  {"--rename-chain", "-E"},
                                  {"--policy", "-P"},        {"--source", "-s"},
                                  {"--destination", "-d"},   {"--src", "-s"},
                                  {"--dst", "-d"},           {"--protocol", "-p"},
                                  {"--in-interface", "-i"},  {"--jump", "-j"},
                                  {"--table", "-t"},         {"--match", "-m"},
                                  {"--numeric", "-n", 0},    {"--out-interface", "-o"},
                                  {"--verbose", "-v", 0},    {"--wait", "-w", 0},
                                  {"--wait-interval", "-W"}, {"--exact", "-x", 0},
                                  {"--fragments", "-f", 0},  {"--version", "-V", 0},
                                  {"--help", "-h", 0},       {"--line-numbers", "-0", 0},
                                  {"--modprobe", "-M"},      {"--set-counters", "-c", 2},
                                  {"--goto", "-g"},          {"--ipv4", "-4", 0},
                                  {"--ipv6", "-6", 0}};

}  // namespace

std::span<const OptionName> general_options() { return general; }

Command command_of(std::string_view word) {
    if (word.size() < 2 || word[0] != '-') return {};
    if (word[1] != '-') return {word.substr(0, 2), word.size() > 2 ? std::optional(word.substr(2)) : std::nullopt};
    const std::size_t equals = std::min(word.find('='), word.size());
    OptionNames names;
    names.add(general_options(), {});
    const auto found = names.find(word.substr(0, equals));
    if (!found) return {};
    return {found->option.key, equals < word.size() ? std::optional(word.substr(equals + 1)) : std::nullopt};
}

void OptionNames::add(std::span<const OptionName> names, Owner owner) {
    std::vector<Found> added;
    for (const OptionName& name : names) added.push_back({name, owner});
    // Those of every rule stay in front.
    const auto behind =
        std::find_if(known_.begin(), known_.end(), [](const Found& f) { return f.owner.kind != Owner::Kind::general; });
    known_.insert(behind, added.begin(), added.end());
}

std::optional<OptionNames::Found> OptionNames::find(std::string_view typed) const {
    for (const Found& f : known_)
        if (f.option.name == typed) return f;
    std::optional<Found> found;
    for (const Found& f : known_) {
        if (f.option.name.substr(0, typed.size()) != typed) continue;
        if (found && !(found->option.key == f.option.key && found->owner == f.owner)) return std::nullopt;
        if (!found) found = f;
    }
    return found;
}

}  // namespace sim::firewall::import::iptables
