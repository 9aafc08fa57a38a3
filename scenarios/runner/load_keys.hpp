// Every table of the format and the keys that it knows. The reader refuses all others; the JSON Schema beside the
// scenarios is held against this list by a test.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace scenarios::runner {

enum class TableKind : std::uint8_t {
    scenario,  // the top
    server,
    client,
    firewall,
    rule,
    translation,
    network,
    expect,
    sweep,
    one_case,
    site,
    step,
    after,
};

struct TableKeys {
    TableKind kind;
    std::string_view name;  // as messages and the schema call it: "firewall.rule"
    std::vector<std::string_view> keys;
};

// A table of another format that is read with the same reader: a lesson's.
struct OwnKeys {
    std::string_view name;  // "step.choice"
    std::vector<std::string_view> keys;
};

const std::vector<TableKeys>& known_tables();
const TableKeys& keys_of(TableKind kind);

// The tables in which a misplaced key would be right: "[client]" for "do". Empty when there is none.
std::string_view home_of(std::string_view key, TableKind found_in);

}  // namespace scenarios::runner
