#include "scenarios/runner/load_layers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <span>

namespace scenarios::runner {
namespace {

constexpr auto setup_keys =
    std::to_array<std::string_view>({"server", "client", "firewall", "network", "expect", "sweep"});
constexpr auto source_keys = std::to_array<std::string_view>({"allow", "rule", "rules", "import"});
constexpr auto source_details =
    std::to_array<std::string_view>({"import_format", "acl", "acl_return", "client_side", "server_side", "chain"});

bool one_of(std::string_view key, std::span<const std::string_view> keys) {
    return std::find(keys.begin(), keys.end(), key) != keys.end();
}

Entry* find(Node& table, std::string_view key) {
    for (Entry& entry : table.entries)
        if (entry.key == key) return &entry;
    return nullptr;
}

// Key by key; values and lists replace.
Node merged(const Node& below, const Node& above) {
    Node result = below;
    result.spot = above.spot;
    for (const Entry& entry : above.entries) {
        if (Entry* old = find(result, entry.key))
            *old = entry;
        else
            result.entries.push_back(entry);
    }
    return result;
}

// The same for a firewall: a new source of rules drops the old one, and what belonged to it.
Node merged_firewall(const Node& below, const Node& above) {
    const bool new_source = std::any_of(above.entries.begin(), above.entries.end(),
                                        [](const Entry& entry) { return one_of(entry.key, source_keys); });
    if (!new_source) return merged(below, above);
    Node kept = below;
    std::erase_if(kept.entries, [](const Entry& entry) {
        return one_of(entry.key, source_keys) || one_of(entry.key, source_details);
    });
    return merged(kept, above);
}

Node merged_item(std::string_view key, const Node& below, const Node& above) {
    return key == "firewall" ? merged_firewall(below, above) : merged(below, above);
}

std::string_view name_of(const Node& table) {
    const Entry* name = table.find("name");
    return name && name->value->kind == NodeKind::text ? std::string_view(name->value->text) : std::string_view();
}

// A table over a list: its name says which item it changes.
NodePtr merged_into_list(LoadContext& context, std::string_view key, const NodePtr& below, const Node& above) {
    const bool only_one = below->items.size() == 1 && below->items[0]->kind == NodeKind::table;
    std::vector<std::string_view> names;
    for (std::size_t i = 0; i < below->items.size(); ++i) {
        const std::string_view name = name_of(*below->items[i]);
        if (!name.empty()) names.push_back(name);
        if (!only_one && (name.empty() || name != name_of(above))) continue;
        Node list = *below;
        list.items[i] = std::make_shared<Node>(merged_item(key, *below->items[i], above));
        return std::make_shared<Node>(std::move(list));
    }
    const std::string near = base::nearest_word(name_of(above), names);
    context.error(above.spot, fmt::format("there are several of [[{0}]]: this does not say which one it changes", key),
                  "which-one",
                  !near.empty()   ? fmt::format("did you mean {}.name = \"{}\"?", key, base::printable(near))
                  : names.empty() ? fmt::format("give each [[{0}]] a name, and write that {0}.name here too", key)
                                  : fmt::format("add {}.name = \"{}\"", key, base::printable(names[0])));
    return below;
}

NodePtr combined(LoadContext& context, std::string_view key, const NodePtr& below, const NodePtr& above) {
    if (key == "expect" || above->kind != NodeKind::table) return above;
    if (below->kind == NodeKind::table) return std::make_shared<Node>(merged_item(key, *below, *above));
    if (below->kind == NodeKind::list) return merged_into_list(context, key, below, *above);
    return above;
}

}  // namespace

Node setup_layer(const Node& table) {
    Node layer;
    layer.spot = table.spot;
    for (const Entry& entry : table.entries)
        if (one_of(entry.key, setup_keys)) layer.entries.push_back(entry);
    return layer;
}

Node lay_over(LoadContext& context, const Node& below, const Node& above) {
    Node result = below;
    for (const Entry& entry : above.entries) {
        Entry* old = find(result, entry.key);
        if (old == nullptr)
            result.entries.push_back(entry);
        else
            *old = {entry.key, entry.key_spot, combined(context, entry.key, old->value, entry.value)};
    }
    return result;
}

}  // namespace scenarios::runner
