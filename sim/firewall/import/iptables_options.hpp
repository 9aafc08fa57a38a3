// Which option of a rule a word means: the real tool finds options by getopt_long, so any clear beginning of a long
// name will do ("--dest", "--proto"), and what is clear depends on the modules and the target that stand before it.
// Private to the importer.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace sim::firewall::import::iptables {

// A long option. Two names with one `key` are spellings of the same option.
struct OptionName {
    std::string_view name;  // "--destination-port"
    std::string_view key;   // its canonical name: "--dport"
    unsigned values = 1;
};

// What every rule may have, and the commands, which may be cut short too: "--append" is "-A". Keys are short options.
std::span<const OptionName> general_options();

// The first word of a line: "-A", "-AFORWARD", "--append", "--app=FORWARD". The key of what is no command is empty.
struct Command {
    std::string_view key;
    std::optional<std::string_view> attached{};
};
Command command_of(std::string_view word);

// The options that are known at a place of a rule.
class OptionNames {
public:
    // Whose option it is: of every rule, of a match module by its number, or of the target.
    struct Owner {
        enum class Kind : std::uint8_t { general, module, target } kind = Kind::general;
        std::size_t module = 0;
        bool operator==(const Owner&) const = default;
    };
    struct Found {
        OptionName option;
        Owner owner;
    };

    // The later added goes first, as far as two have the same name.
    void add(std::span<const OptionName> names, Owner owner);
    // The whole name before beginnings of it; absent when nothing fits, or more than one option does.
    std::optional<Found> find(std::string_view typed) const;

private:
    std::vector<Found> known_;
};

}  // namespace sim::firewall::import::iptables
