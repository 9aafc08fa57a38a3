// TOML text as a tree of our own, so that one source file alone knows the TOML library, and so that layers of a
// scenario can be laid over one another by sharing nodes.
//
// Nodes are immutable once made. Depth, number of nodes and keys per table are bounded, whatever the text claims.
#pragma once

#include "sim/base/diagnostic.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace scenarios::runner {

// A place within the one file that is being read: base::Place without the name. Line 0: not written anywhere.
struct Spot {
    std::uint32_t line = 0;
    std::uint32_t column = 0;
    std::uint32_t length = 1;

    bool operator==(const Spot&) const = default;
};

enum class NodeKind : std::uint8_t { table, list, text, integer, real, boolean, moment };

// "a table", "a number", ... for messages
std::string_view describe(NodeKind kind);

struct Node;
using NodePtr = std::shared_ptr<const Node>;

struct Entry {
    std::string key;
    Spot key_spot;
    NodePtr value;  // never null
};

struct Node {
    NodeKind kind = NodeKind::table;
    bool boolean = false;
    Spot spot;  // of the value; of the header for [table]
    std::int64_t integer = 0;
    std::string text;
    std::vector<Entry> entries;  // of a table, in the order of the file
    std::vector<NodePtr> items;  // of a list

    const Entry* find(std::string_view key) const;  // null when absent, or when this is no table
};

struct TomlResult {
    NodePtr root;  // null when the text is no text at all; else what could be read, a table
    bool syntax_errors = false;
    std::size_t nodes = 0;
    sim::base::Diagnostics diagnostics;
};

// Reads the text; every syntax error becomes a diagnostic in plain words, and reading goes on behind it (at most 20
// times). Tables that stood behind a broken header are kept away from the others and are left out.
TomlResult read_toml(const sim::base::SourceText& source);

}  // namespace scenarios::runner
