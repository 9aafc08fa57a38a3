// What a Cisco IOS configuration says about access lists: the lists, and the interfaces that they are bound to. Private
// to the importer.
#pragma once

#include "sim/base/diagnostic.hpp"
#include "sim/firewall/import/cisco_entry.hpp"
#include "sim/firewall/rule_set.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sim::firewall::import::cisco {

// A decimal number of a list or an entry.
std::optional<std::uint32_t> list_number(std::string_view text);
bool is_extended(std::uint32_t number);  // 100-199, 2000-2699
bool is_standard(std::uint32_t number);  // 1-99, 1300-1999

struct Entry {
    std::uint32_t sequence = 0;
    DraftRule rule;
};
struct List {
    std::vector<Entry> entries{};
    std::string remark{};  // waits for the next entry
    bool standard = false;
    base::Diagnostics found{};  // about a standard list, which counts only where packets meet it
    std::size_t lines = 0;      // of the file
    bool used = false;          // packets meet it
    Word word{};                // that names it first
};
using Lists = std::map<std::string, List, std::less<>>;

struct Group {
    std::string list;
    bool in = true;
    Word word;
};
struct Interface {
    std::string name;
    std::vector<Group> groups;
    bool tells = true;  // ip unreachables
};

// The lists in this order, as the router would write them back; standard lists only where packets meet them.
std::string written(const std::vector<std::string>& order, const Lists& lists);

}  // namespace sim::firewall::import::cisco
