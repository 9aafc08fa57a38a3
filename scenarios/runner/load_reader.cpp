#include "scenarios/runner/load_reader.hpp"

#include "sim/base/glyph.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

namespace scenarios::runner {
namespace {

std::string unknown_key_hint(const TableKeys& table, const std::string& key) {
    std::string dashes = key;
    std::replace(dashes.begin(), dashes.end(), '-', '_');
    const std::string near = base::nearest_word(dashes, table.keys);
    if (!near.empty()) return fmt::format("did you mean {}?", near);
    const std::string_view home = home_of(key, table.kind);
    if (home == "scenario") return fmt::format("{} belongs to the top of the file, before the first [table]", key);
    if (!home.empty()) return fmt::format("{} belongs to [{}]", key, home);
    return "known keys: " + join_words(table.keys);
}

// "0.5%" gone wrong: what to write.
std::string ratio_hint(std::string_view text) {
    if (text.find(',') != std::string_view::npos) return "write a point, not a comma: \"99.9%\"";
    return "write a number from 0 to 100 and %: \"0.5%\"";
}

}  // namespace

TableReader::TableReader(LoadContext& context, const Node& table, TableKind kind) : context_(context), table_(table) {
    const TableKeys& known = keys_of(kind);
    if (!is_table(known.name)) return;
    for (const Entry& entry : table.entries)
        if (std::find(known.keys.begin(), known.keys.end(), entry.key) == known.keys.end())
            context.error(entry.key_spot,
                          kind == TableKind::scenario
                              ? fmt::format("unknown key or table {}", base::printable(entry.key, 60))
                              : fmt::format("unknown key {} in {}", base::printable(entry.key, 60), known.name),
                          "unknown-key", unknown_key_hint(known, base::printable(entry.key, 60)));
}

TableReader::TableReader(LoadContext& context, const Node& table, const OwnKeys& known)
    : context_(context), table_(table) {
    if (!is_table(known.name)) return;
    for (const Entry& entry : table.entries) {
        if (std::find(known.keys.begin(), known.keys.end(), entry.key) != known.keys.end()) continue;
        const std::string key = base::printable(entry.key, 60);
        const std::string near = base::nearest_word(key, known.keys);
        context.error(entry.key_spot, fmt::format("unknown key {} in {}", key, known.name), "unknown-key",
                      near.empty() ? "known keys: " + join_words(known.keys) : fmt::format("did you mean {}?", near));
    }
}

bool TableReader::is_table(std::string_view name) const {
    return expect_kind(context_, name, table_, NodeKind::table, "a table");
}

const Node* TableReader::find(std::string_view key) const {
    const Entry* entry = table_.find(key);
    return entry ? entry->value.get() : nullptr;
}

base::Place TableReader::place_of(std::string_view key) const {
    const Entry* entry = table_.find(key);
    return context_.place(entry ? entry->key_spot : table_.spot);
}

void TableReader::each(const Node& node, const std::function<void(const Node&)>& what) {
    if (node.kind != NodeKind::list) return what(node);
    for (const NodePtr& item : node.items) what(*item);
}

std::optional<Placed<std::string>> TableReader::line(std::string_view key) const {
    const Node* node = find(key);
    return node ? read_line(context_, key, *node) : std::nullopt;
}

std::optional<Placed<std::string>> TableReader::paragraph(std::string_view key) const {
    const Node* node = find(key);
    if (node == nullptr || !expect_kind(context_, key, *node, NodeKind::text, "text")) return std::nullopt;
    std::string_view text = node->text;
    while (!text.empty()) {
        const base::Glyph glyph = base::first_glyph(text);
        const bool fine =
            text[0] == '\n' || text[0] == '\r' || text[0] == '\t' || glyph.shown == text.substr(0, glyph.octets);
        if (!fine) {
            context_.error(node->spot, fmt::format("{} holds a control character", key), "control-character");
            return std::nullopt;
        }
        text.remove_prefix(glyph.octets);
    }
    return Placed<std::string>{node->text, context_.place(node->spot)};
}

std::vector<Placed<std::string>> TableReader::lines(std::string_view key) const {
    std::vector<Placed<std::string>> all;
    if (const Node* node = find(key))
        each(*node, [&](const Node& item) {
            if (auto one = read_line(context_, key, item)) all.push_back(std::move(*one));
        });
    return all;
}

std::optional<Placed<std::string>> TableReader::word_or_number(std::string_view key) const {
    const Node* node = find(key);
    if (node == nullptr) return std::nullopt;
    if (node->kind == NodeKind::integer)
        return Placed<std::string>{std::to_string(node->integer), context_.place(node->spot)};
    return read_line(context_, key, *node);
}

std::optional<Placed<bool>> TableReader::boolean(std::string_view key) const {
    const Node* node = find(key);
    if (node == nullptr || !expect_kind(context_, key, *node, NodeKind::boolean, "true or false")) return std::nullopt;
    return Placed<bool>{node->boolean, context_.place(node->spot)};
}

std::optional<Placed<std::int64_t>> TableReader::integer(std::string_view key, std::int64_t low,
                                                         std::int64_t high) const {
    const Node* node = find(key);
    if (node == nullptr || !expect_kind(context_, key, *node, NodeKind::integer, "a number")) return std::nullopt;
    if (node->integer < low || node->integer > high) {
        context_.error(node->spot, fmt::format("{} must be from {} to {}", key, low, high), "out-of-range");
        return std::nullopt;
    }
    return Placed<std::int64_t>{node->integer, context_.place(node->spot)};
}

std::optional<Placed<base::SimDuration>> TableReader::duration(std::string_view key, bool zero_is_fine) const {
    const Node* node = find(key);
    auto span = node ? read_duration(context_, key, *node) : std::nullopt;
    if (span && !zero_is_fine && span->value == base::SimDuration::zero()) {
        context_.error(node->spot, fmt::format("{} must be longer than nothing", key), "bad-duration");
        return std::nullopt;
    }
    return span;
}

std::optional<Placed<Ratio>> TableReader::ratio(std::string_view key) const {
    const Node* node = find(key);
    if (node == nullptr || !expect_kind(context_, key, *node, NodeKind::text, "a percentage as text"))
        return std::nullopt;
    if (const auto ratio = parse_ratio(node->text)) return Placed<Ratio>{*ratio, context_.place(node->spot)};
    context_.error(node->spot, fmt::format("\"{}\" is no percentage", base::printable(node->text, 60)), "bad-share",
                   ratio_hint(node->text));
    return std::nullopt;
}

std::optional<Placed<ShareRange>> TableReader::share_range(std::string_view key) const {
    const Node* node = find(key);
    if (node == nullptr || !expect_kind(context_, key, *node, NodeKind::text, "a share as text")) return std::nullopt;
    const std::string_view text = node->text;
    const std::size_t dash = text.find('-');
    const auto low = parse_ratio(text.substr(0, dash));
    const auto high = dash == std::string_view::npos ? low : parse_ratio(text.substr(dash + 1));
    if (!low || !high) {
        context_.error(node->spot, fmt::format("\"{}\" is no share of starts", base::printable(text, 60)), "bad-share",
                       text.find(',') != std::string_view::npos ? ratio_hint(text) : "write \"90%-99.9%\" or \"98%\"");
        return std::nullopt;
    }
    if (low->numerator * high->denominator > high->numerator * low->denominator) {
        context_.error(node->spot, "the share is upside down", "bad-share",
                       fmt::format("write \"{}-{}\"", text.substr(dash + 1), text.substr(0, dash)));
        return std::nullopt;
    }
    return Placed<ShareRange>{{*low, *high}, context_.place(node->spot)};
}

std::optional<Address> TableReader::address(std::string_view key) const {
    const Node* node = find(key);
    return node ? read_address(context_, key, *node) : std::nullopt;
}

std::vector<Placed<wire::Prefix>> TableReader::prefixes(std::string_view key) const {
    std::vector<Placed<wire::Prefix>> all;
    const Node* node = find(key);
    if (node == nullptr || (node->kind == NodeKind::text && node->text == "any")) return all;
    if (node->kind == NodeKind::list && node->items.empty())
        context_.error(node->spot, fmt::format("{} is an empty list", key), "empty-list", "leave the key out for any");
    each(*node, [&](const Node& item) {
        if (auto one = read_prefix(context_, key, item)) all.push_back(std::move(*one));
    });
    return all;
}

std::optional<PortList> TableReader::ports(std::string_view key) const {
    const Node* node = find(key);
    return node ? read_ports(context_, key, *node) : std::nullopt;
}

std::optional<FileRef> TableReader::file(std::string_view key) const {
    const Node* node = find(key);
    return node ? read_file_ref(context_, key, *node) : std::nullopt;
}

std::vector<FileRef> TableReader::files(std::string_view key) const {
    std::vector<FileRef> all;
    if (const Node* node = find(key))
        each(*node, [&](const Node& item) {
            if (auto one = read_file_ref(context_, key, item)) all.push_back(std::move(*one));
        });
    return all;
}

std::optional<std::size_t> TableReader::index_of(std::string_view key, const Node& node,
                                                 const std::vector<std::string_view>& known) const {
    if (!expect_kind(context_, key, node, NodeKind::text, "text, one of " + join_words(known))) return std::nullopt;
    const auto index = [&](std::string_view text) -> std::optional<std::size_t> {
        const auto found = std::find(known.begin(), known.end(), text);
        if (found == known.end()) return std::nullopt;
        return static_cast<std::size_t>(found - known.begin());
    };
    if (const auto found = index(node.text)) return found;
    std::string lower = node.text.substr(0, 40);
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](unsigned char c) { return c == '_' || c == ' ' ? '-' : static_cast<char>(std::tolower(c)); });
    std::string near(usual_word(lower));
    if (!index(near)) near = base::nearest_word(lower, known);
    const std::string allowed = known.size() == 1 ? fmt::format("the only word here is {}", known[0])
                                                  : fmt::format("one of {}", join_words(known));
    context_.error(node.spot, fmt::format("{} cannot be \"{}\"", key, base::printable(node.text, 60)), "unknown-word",
                   near.empty() ? allowed : fmt::format("did you mean \"{}\"? ({})", near, allowed));
    return std::nullopt;
}

void TableReader::twice(std::string_view key, const Node& item) const {
    context_.error(item.spot, fmt::format("\"{}\" stands twice in {}", base::printable(item.text, 60), key),
                   "duplicate");
}

}  // namespace scenarios::runner
