#include "scenarios/lesson/read_parts.hpp"

#include "scenarios/lesson/fill.hpp"
#include "scenarios/lesson/keys.hpp"
#include "scenarios/runner/load_setup.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace scenarios::lesson {
namespace {

using runner::LoadContext;
using runner::Node;
using runner::NodeKind;
using runner::TableReader;

constexpr std::uint64_t steps_max = 100;
constexpr std::size_t arrows_max = 20;
constexpr std::size_t lanes_max = 5;

std::optional<std::uint64_t> number(std::string_view digits) {
    if (digits.empty() || digits.size() > 15) return std::nullopt;
    std::uint64_t value = 0;
    for (const char c : digits) {
        if (c < '0' || c > '9') return std::nullopt;
        value = value * 10 + static_cast<unsigned>(c - '0');
    }
    return value;
}

std::vector<Placed<std::uint64_t>> step_numbers(const TableReader& reader, std::string_view key) {
    std::vector<Placed<std::uint64_t>> all;
    const Node* node = reader.find(key);
    if (node == nullptr) return all;
    TableReader::each(*node, [&](const Node& item) {
        if (!expect_kind(reader.context(), key, item, NodeKind::integer, "numbers of steps")) return;
        const auto value = static_cast<std::uint64_t>(std::max<std::int64_t>(item.integer, 0));
        const bool twice = std::any_of(all.begin(), all.end(), [&](const auto& other) { return other.value == value; });
        if (value == 0 || value > steps_max)
            reader.context().error(item.spot, fmt::format("there is no step {}", item.integer), "unknown-step",
                                   "steps are counted from 1");
        else if (twice)
            reader.context().error(item.spot, fmt::format("step {} stands twice in {}", value, key), "duplicate");
        else
            all.push_back({value, reader.context().place(item.spot)});
    });
    return all;
}

std::optional<Placed<std::uint64_t>> one_number(const TableReader& reader, std::string_view key, std::int64_t high) {
    const auto value = reader.integer(key, 1, high);
    if (!value) return std::nullopt;
    return Placed<std::uint64_t>{static_cast<std::uint64_t>(value->value), value->place};
}

// "20s-25s", or "5m" for exactly that.
std::optional<Placed<Span<base::SimDuration>>> read_times(LoadContext& context, std::string_view key,
                                                          const Node& node) {
    if (!expect_kind(context, key, node, NodeKind::text, "a span of time as text")) return std::nullopt;
    const std::size_t dash = node.text.find('-');
    Node low = node;
    Node high = node;
    low.text = node.text.substr(0, dash);
    if (dash != std::string::npos) high.text = node.text.substr(dash + 1);
    const auto from = read_duration(context, key, low);
    const auto to = read_duration(context, key, high);
    if (!from || !to) return std::nullopt;
    if (from->value > to->value) {
        context.error(node.spot, fmt::format("{} is upside down", key), "bad-duration",
                      fmt::format("write \"{}-{}\"", high.text, low.text));
        return std::nullopt;
    }
    return Placed<Span<base::SimDuration>>{{from->value, to->value}, context.place(node.spot)};
}

std::optional<Placed<OutageMeaning>> read_outage(LoadContext& context, const Node& node) {
    if (!expect_kind(context, "outage", node, NodeKind::text, "text")) return std::nullopt;
    if (node.text == "none") return Placed<OutageMeaning>{{Cut::none, {}}, context.place(node.spot)};
    if (node.text == "stays") return Placed<OutageMeaning>{{Cut::stays, {}}, context.place(node.spot)};
    if (node.text.empty() || node.text[0] < '0' || node.text[0] > '9') {
        context.error(node.spot, fmt::format("outage cannot be \"{}\"", base::printable(node.text, 60)), "unknown-word",
                      "write \"none\", \"stays\" (not over at the end), or a span of time: \"4m-6m\"");
        return std::nullopt;
    }
    const auto span = read_times(context, "outage", node);
    if (!span) return std::nullopt;
    return Placed<OutageMeaning>{{Cut::ends, span->value}, span->place};
}

// The keys of an [expect] within `means`, for the reader that knows them.
Node expectation_part(const Node& table) {
    const auto& known = keys_of(runner::TableKind::expect).keys;
    Node part = table;
    std::erase_if(part.entries, [&](const runner::Entry& entry) {
        return std::find(known.begin(), known.end(), entry.key) == known.end();
    });
    return part;
}

std::size_t lane_of(Picture& picture, std::string_view name) {
    for (std::size_t i = 0; i < picture.lanes.size(); ++i)
        if (picture.lanes[i] == name) return i;
    picture.lanes.emplace_back(name);
    return picture.lanes.size() - 1;
}

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
    while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
    return text;
}

}  // namespace

RunRef read_run(const TableReader& reader) {
    RunRef run;
    run.place = reader.place();
    if (auto file = reader.line("scenario")) {
        run.path = runner::path_beside(reader.context().source()->name(), file->value);
        run.scenario = std::move(*file);
    }
    run.cases = reader.lines("case");
    run.site = reader.line("site");
    run.seed = one_number(reader, "seed", 1'000'000'000);
    run.order = step_numbers(reader, "order");
    run.without = step_numbers(reader, "without");
    run.until = one_number(reader, "until", steps_max);
    return run;
}

Meaning read_meaning(LoadContext& context, const Node& table) {
    const TableReader reader(context, table, meaning_keys());
    Meaning meaning;
    meaning.place = reader.place();
    if (table.kind != NodeKind::table) return meaning;
    if (table.entries.empty())
        context.error(table.spot, "this means nothing", "empty-list", "write { logon = \"works\" }, for instance");
    meaning.expect = read_expectation(context, expectation_part(table));
    constexpr std::uint64_t all_ports = 2 * 65535;
    if (const Node* node = reader.find("open_ports"))
        meaning.open_ports = read_span(context, "open_ports", *node, all_ports);
    if (const Node* node = reader.find("open_to_client"))
        meaning.open_to_client = read_span(context, "open_to_client", *node, all_ports);
    if (const Node* node = reader.find("waits")) meaning.waits = read_times(context, "waits", *node);
    if (const Node* node = reader.find("outage")) meaning.outage = read_outage(context, *node);
    return meaning;
}

std::optional<Placed<Span<std::uint64_t>>> read_span(LoadContext& context, std::string_view key, const Node& node,
                                                     std::uint64_t most) {
    Span<std::uint64_t> span;
    const auto wrong = [&](std::string what, std::string hint) {
        context.error(node.spot, std::move(what), "bad-span", std::move(hint));
        return std::nullopt;
    };
    if (node.kind == NodeKind::integer) {
        if (node.integer < 0) return wrong(fmt::format("{} is not negative", key), "");
        span.low = span.high = static_cast<std::uint64_t>(node.integer);
    } else if (expect_kind(context, key, node, NodeKind::text, "a number, or a span as text")) {
        const std::string_view text = node.text;
        const std::size_t dash = text.find('-');
        const auto low = number(text.substr(0, dash));
        const auto high = dash == std::string_view::npos ? low : number(text.substr(dash + 1));
        if (!low || !high)
            return wrong(fmt::format("\"{}\" is no span of numbers", base::printable(text, 60)), "write 7, or \"5-9\"");
        if (*low > *high)
            return wrong(fmt::format("{} is upside down", key), fmt::format("write \"{}-{}\"", *high, *low));
        span = {*low, *high};
    } else {
        return std::nullopt;
    }
    if (span.high > most) return wrong(fmt::format("{} goes up to {}", key, most), "");
    return Placed<Span<std::uint64_t>>{span, context.place(node.spot)};
}

Picture read_picture(LoadContext& context, const Node& node) {
    Picture picture;
    TableReader::each(node, [&](const Node& item) {
        const auto line = read_line(context, "picture", item);
        if (!line) return;
        const std::string_view text = line->value;
        const std::size_t go = std::min(text.find(" -> "), text.find(" -x "));
        const std::size_t colon = go == std::string_view::npos ? go : text.find(": ", go);
        if (colon == std::string_view::npos || trimmed(text.substr(0, go)).empty()) {
            context.error(item.spot, "this is no arrow of a picture", "bad-picture",
                          "write \"client -> server: words\", or -x for one that is stopped there");
            return;
        }
        Arrow arrow;
        arrow.stopped = text[go + 2] == 'x';
        arrow.from = lane_of(picture, trimmed(text.substr(0, go)));
        arrow.to = lane_of(picture, trimmed(text.substr(go + 4, colon - go - 4)));
        arrow.words = trimmed(text.substr(colon + 2));
        if (arrow.from == arrow.to) context.error(item.spot, "an arrow goes from one to another", "bad-picture");
        picture.arrows.push_back(std::move(arrow));
    });
    if (picture.lanes.size() > lanes_max || picture.arrows.size() > arrows_max)
        context.error(node.spot, fmt::format("a picture has up to {} lanes and {} arrows", lanes_max, arrows_max),
                      "too-large", "a second step can carry the rest");
    return picture;
}

void check_values(LoadContext& context, const Words& words, bool has_run) {
    for (const std::string& name : names_in(words.value)) {
        if (!has_run) {
            context.error(words.place,
                          fmt::format("{{{}}} needs a run, and this text has none", base::printable(name, 40)),
                          "unknown-value", "write {{ for a brace");
            continue;
        }
        if (value_named(name)) continue;
        std::vector<std::string_view> known;
        for (const auto& word : values()) known.push_back(word.text);
        const std::string near = base::nearest_word(name, known);
        context.error(
            words.place, fmt::format("there is no value {{{}}}", base::printable(name, 40)), "unknown-value",
            near.empty() ? "values: " + runner::join_words(known) : fmt::format("did you mean {{{}}}?", near));
    }
}

}  // namespace scenarios::lesson
