// A table of an iptables-save file as it is read: filter or nat. Private to the importer.
#pragma once

#include "sim/firewall/import/iptables_words.hpp"
#include "sim/firewall/rule_set.hpp"

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sim::firewall::import::iptables {

struct Table {
    // A rule that translates, the chain that it stands in, and the built-in chains that it may be reached from.
    struct Translating {
        Word rule;
        std::uint32_t chain = 0;
        std::string_view belongs_in;
    };

    std::string_view name;
    std::span<const std::string_view> built_in;  // the first chains of the draft
    Draft draft{};
    std::vector<std::vector<std::string>> canonical{};  // beside draft.chains
    std::map<std::string, std::uint32_t, std::less<>> numbers{};
    std::vector<Translating> translating{};
    unsigned seen = 0;
    bool hooked = false;  // it names a built-in chain, so that the kernel asks it
    bool tracks = false;  // a rule asks for a connection's state

    static Table filter();  // INPUT, FORWARD, OUTPUT
    static Table nat();     // PREROUTING, INPUT, OUTPUT, POSTROUTING

    bool is_nat() const { return name == "nat"; }
    bool is_built_in(std::string_view chain) const;
};

// As iptables-save prints it, without counters: built-in chains in their order, the others by name.
std::string written(const Table& table);

// A target that translates belongs in some chains only, be it reached by jumps; the kernel refuses others.
struct Misplaced {
    Word rule;
    std::string_view belongs_in;
    std::string_view stands_in;
};
std::vector<Misplaced> misplaced(const Table& nat);

}  // namespace sim::firewall::import::iptables
