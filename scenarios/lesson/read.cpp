#include "scenarios/lesson/read.hpp"

#include "scenarios/lesson/keys.hpp"
#include "scenarios/lesson/read_parts.hpp"
#include "scenarios/runner/load_context.hpp"
#include "scenarios/runner/load_reader.hpp"
#include "scenarios/runner/toml_tree.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace scenarios::lesson {
namespace {

using runner::LoadContext;
using runner::Node;
using runner::NodeKind;
using runner::OwnKeys;
using runner::Spot;
using runner::TableReader;

constexpr std::size_t lesson_size_max = std::size_t{256} * 1024;  // octets
constexpr std::size_t steps_max = 60;
constexpr std::size_t parts_max = 12;  // choices, rows, options, items of one step
constexpr std::int64_t minutes_max = 240;
constexpr std::uint64_t starts_max = 20;  // side by side

void need(const TableReader& reader, std::string_view key, std::string_view what) {
    if (!reader.has(key))
        reader.context().error({reader.spot().line, reader.spot().column, reader.spot().length},
                               fmt::format("{} needs {}", what, key), "missing-key");
}

std::uint64_t minutes_of(const TableReader& reader) {
    const auto minutes = reader.integer("minutes", 1, minutes_max);
    return minutes ? static_cast<std::uint64_t>(minutes->value) : 0;
}

// Each table of a list, at most so many.
void each_part(const TableReader& reader, std::string_view key, const std::function<void(const Node&)>& take) {
    const Node* node = reader.find(key);
    if (node == nullptr) return;
    std::size_t count = 0;
    TableReader::each(*node, [&](const Node& item) {
        if (++count == parts_max + 1)
            reader.context().error(item.spot, fmt::format("there are more than {} of {}", parts_max, key), "too-large");
        if (count <= parts_max && expect_kind(reader.context(), key, item, NodeKind::table, "a table")) take(item);
    });
    if (count == 0) reader.context().error(node->spot, fmt::format("{} is an empty list", key), "empty-list");
}

Choice read_choice(LoadContext& context, const Node& table) {
    const TableReader reader(context, table, choice_keys());
    Choice choice;
    choice.place = reader.place();
    need(reader, "text", "a choice");
    need(reader, "means", "a choice");
    choice.text = reader.line("text").value_or(Name{});
    if (const Node* means = reader.find("means")) choice.means = read_meaning(context, *means);
    choice.reply = reader.paragraph("reply");
    return choice;
}

Row read_row(LoadContext& context, const Node& table) {
    const TableReader reader(context, table, row_keys());
    need(reader, "text", "a row");
    return {reader.line("text").value_or(Name{}), read_run(reader), reader.place()};
}

Toggle read_toggle(LoadContext& context, const Node& table) {
    const TableReader reader(context, table, toggle_keys());
    Toggle toggle;
    toggle.place = reader.place();
    need(reader, "name", "a toggle");
    need(reader, "option", "a toggle");
    toggle.name = reader.line("name").value_or(Name{});
    each_part(reader, "option", [&](const Node& item) {
        const TableReader option(context, item, option_keys());
        need(option, "text", "an option");
        toggle.options.push_back({option.line("text").value_or(Name{}), read_run(option), option.place()});
    });
    return toggle;
}

bool is_number(std::string_view text) {
    return !text.empty() &&
           std::all_of(text.begin(), text.end(), [](char c) { return (c >= '0' && c <= '9') || c == ','; });
}

Item read_item(LoadContext& context, const Node& table) {
    const TableReader reader(context, table, item_keys());
    Item item;
    item.place = reader.place();
    need(reader, "ask", "an item");
    item.ask = reader.line("ask").value_or(Name{});
    item.accept = reader.lines("accept");
    item.value = reader.word<Value>("value", values());
    item.run = read_run(reader);
    item.reply = reader.paragraph("reply");
    for (const Name& word : item.accept)
        if (is_number(word.value))
            context.error(word.place, "a number is never typed into a lesson", "typed-answer",
                          "name the value of a run in its place: scenario = \"...\", value = \"open_ports\"");
    if (reader.has("accept") == reader.has("value"))
        context.error(Spot{item.place.line, item.place.column, item.place.length},
                      reader.has("value") ? "an item has either accept or value" : "an item needs accept or value",
                      reader.has("value") ? "contradiction" : "missing-key",
                      "accept = [words], or value = the name of a run's value");
    return item;
}

std::vector<Sight> read_sights(LoadContext& context, const Node& table) {
    std::vector<Sight> sights;
    if (!expect_kind(context, "sees", table, NodeKind::table, "a table of packets and words")) return sights;
    for (const runner::Entry& entry : table.entries) {
        Node number;
        number.kind = NodeKind::text;
        number.text = entry.key;
        number.spot = entry.key_spot;
        const auto packet = read_span(context, "sees", number, 1'000'000);
        const auto words = read_line(context, entry.key, *entry.value);
        if (packet && words) sights.push_back({{packet->value.low, packet->place}, *words});
    }
    return sights;
}

// Server starts to be seen side by side: at least two, and no more than fit a screen.
std::optional<Placed<Span<std::uint64_t>>> read_seeds(LoadContext& context, const Node& node) {
    auto seeds = read_span(context, "seeds", node, 1'000'000'000);
    if (!seeds) return seeds;
    const std::uint64_t starts = seeds->value.high - seeds->value.low + 1;
    if (seeds->value.low == 0 || starts < 2)
        context.error(node.spot, "seeds are two server starts or more, counted from 1", "bad-span",
                      "write \"1-10\", for instance");
    else if (starts > starts_max)
        context.error(node.spot, fmt::format("there are more than {} seeds", starts_max), "too-large");
    return seeds;
}

// What every reader of a step needs; the rest follows its kind.
class StepReader {
public:
    StepReader(LoadContext& context, const Node& table, Placed<Kind> kind)
        : context_(context), reader_(context, table, step_keys(kind.value)) {
        step_.kind = kind;
        step_.place = reader_.place();
    }

    Step read() {
        if (auto title = reader_.line("title")) step_.title = std::move(title->value);
        step_.minutes = minutes_of(reader_);
        if (auto notes = reader_.paragraph("trainer")) step_.trainer = std::move(notes->value);
        if (const Node* picture = reader_.find("picture")) step_.picture = read_picture(context_, *picture);
        const bool plays = step_.kind.value != Kind::read && step_.kind.value != Kind::quiz;
        if (plays) step_.run = read_run(reader_);
        switch (step_.kind.value) {
            case Kind::read: wants("text"); break;
            case Kind::predict: wants("scenario"), wants("question"), wants("choice"); break;
            case Kind::show: wants(reader_.has("row") ? "row" : "scenario"), wants("point"); break;
            case Kind::explain: wants("scenario"), wants("text"), wants("model"); break;
            case Kind::modify: wants("scenario"), wants("task"), wants("goal"), wants("toggle"); break;
            case Kind::quiz: wants("item"); break;
        }
        texts();
        parts();
        return std::move(step_);
    }

private:
    void wants(std::string_view key) { need(reader_, key, step_keys(step_.kind.value).name); }

    std::optional<Words> words(std::string_view key, bool has_run) {
        auto text = reader_.paragraph(key);
        if (text) check_values(context_, *text, has_run);
        return text;
    }

    // Before a prediction nothing of the run may be told, so these hold no values.
    void texts() {
        step_.text = words("text", false);
        step_.question = words(step_.kind.value == Kind::modify ? "task" : "question", false);
        step_.point = words("point", step_.kind.value == Kind::modify || step_.run.given());
        step_.model = words("model", true);
        if (const auto sure = reader_.boolean("confidence")) step_.confidence = sure->value;
        step_.hints = reader_.lines("hints");
    }

    void parts() {
        each_part(reader_, "choice", [&](const Node& item) { step_.choices.push_back(read_choice(context_, item)); });
        for (const Choice& choice : step_.choices)
            if (choice.reply) check_values(context_, *choice.reply, true);
        each_part(reader_, "row", [&](const Node& item) { step_.rows.push_back(read_row(context_, item)); });
        each_part(reader_, "toggle", [&](const Node& item) { step_.toggles.push_back(read_toggle(context_, item)); });
        each_part(reader_, "item", [&](const Node& item) {
            step_.items.push_back(read_item(context_, item));
            if (step_.items.back().reply)
                check_values(context_, *step_.items.back().reply, step_.items.back().run.given());
        });
        if (const Node* goal = reader_.find("goal")) step_.goal = read_meaning(context_, *goal);
        if (const Node* events = reader_.find("events"))
            step_.events = read_span(context_, "events", *events, 1'000'000);
        if (const Node* sees = reader_.find("sees")) step_.sees = read_sights(context_, *sees);
        if (const Node* seeds = reader_.find("seeds")) step_.seeds = read_seeds(context_, *seeds);
        if (const auto packet = reader_.integer("packet", 1, 1'000'000))
            step_.packet = Placed<std::uint64_t>{static_cast<std::uint64_t>(packet->value), packet->place};
        step_.rule = reader_.line("rule");
        if (step_.choices.size() == 1)
            context_.error(Spot{step_.place.line, step_.place.column, step_.place.length}, "one choice is no choice",
                           "empty-list", "give at least two");
    }

    LoadContext& context_;
    TableReader reader_;
    Step step_;
};

std::optional<Step> read_step(LoadContext& context, const Node& table) {
    if (!expect_kind(context, "step", table, NodeKind::table, "a table")) return std::nullopt;
    Node only_kind = table;
    std::erase_if(only_kind.entries, [](const runner::Entry& entry) { return entry.key != "kind"; });
    static const OwnKeys kind_alone{"step", {"kind"}};
    const TableReader reader(context, only_kind, kind_alone);
    if (!reader.has("kind")) {
        context.error(table.spot, "a step needs a kind", "missing-key", "write kind = \"read\", for instance");
        return std::nullopt;
    }
    const auto kind = reader.word<Kind>("kind", kinds());
    if (!kind) return std::nullopt;
    return StepReader(context, table, *kind).read();
}

// Minutes are for the trainer's watch; where every step has them, they add up.
void check_minutes(LoadContext& context, const Lesson& lesson) {
    std::uint64_t sum = 0;
    for (const Step& step : lesson.steps) {
        if (step.minutes == 0) return;
        sum += step.minutes;
    }
    if (lesson.minutes != 0 && !lesson.steps.empty() && sum != lesson.minutes)
        context.warning(lesson.minutes_place,
                        fmt::format("the lesson says {} minutes, its steps make {}", lesson.minutes, sum),
                        "minutes-differ");
}

Lesson read_whole(LoadContext& context, const Node& root) {
    const TableReader top(context, root, lesson_keys());
    Lesson lesson;
    if (const auto format = top.integer("format", 0, 1'000'000); format && format->value != 1)
        context.error(format->place, fmt::format("this program reads format 1, not {}", format->value),
                      "unknown-format", "a newer release may read it");
    if (auto title = top.line("title")) {
        lesson.title = std::move(title->value);
        lesson.title_place = title->place;
    } else if (!top.has("title")) {
        context.error(Spot{}, "the lesson has no title", "missing-key", "begin the file with title = \"...\"");
    }
    lesson.minutes = minutes_of(top);
    lesson.minutes_place = top.place_of("minutes");
    if (auto audience = top.line("audience")) lesson.audience = std::move(audience->value);
    for (Name& goal : top.lines("goals")) lesson.goals.push_back(std::move(goal.value));
    for (Name& article : top.lines("kb")) lesson.kb.push_back(std::move(article.value));
    if (auto notes = top.paragraph("trainer")) lesson.trainer = std::move(notes->value);
    if (const Node* steps = top.find("step")) {
        std::size_t count = 0;
        TableReader::each(*steps, [&](const Node& item) {
            if (++count == steps_max + 1)
                context.error(item.spot, fmt::format("there are more than {} steps", steps_max), "too-large");
            if (count > steps_max) return;
            if (auto step = read_step(context, item)) lesson.steps.push_back(std::move(*step));
        });
    } else {
        context.error(Spot{}, "the lesson has no steps", "missing-key", "add a [[step]] with kind = \"read\"");
    }
    check_minutes(context, lesson);
    return lesson;
}

ReadLesson only(const std::string& path, std::string what, std::string id) {
    return {std::nullopt,
            {{.severity = base::Severity::error,
              .place = {path, 0, 0, 1},
              .what = std::move(what),
              .id = std::move(id),
              .hint = {},
              .source_line = {}}}};
}

}  // namespace

ReadLesson parse_lesson(const std::string& path, std::string_view text, runner::Files& files) {
    if (text.substr(0, 3) == "\xef\xbb\xbf") text.remove_prefix(3);
    if (text.size() > lesson_size_max) return only(path, "the file is too large for a lesson", "too-large");
    if (text.find_first_not_of(" \t\r\n") == std::string_view::npos)
        return only(path, "the file is empty", "empty-file");
    auto source = std::make_shared<const base::SourceText>(path, std::string(text));
    LoadContext context(source, files);
    runner::TomlResult toml = runner::read_toml(*source);
    if (!toml.root || toml.syntax_errors || !toml.diagnostics.empty()) context.ignore_missing_keys();
    context.take(std::move(toml.diagnostics));
    Lesson lesson;
    if (toml.root) lesson = read_whole(context, *toml.root);
    lesson.source = source;
    ReadLesson read{std::nullopt, context.finish()};
    if (!base::has_errors(read.diagnostics)) read.lesson = std::move(lesson);
    return read;
}

ReadLesson read_lesson(const std::string& path, runner::Files& files) {
    const auto text = files.read(path);
    if (text) return parse_lesson(path, *text, files);
    return only(path, std::string(sentence(text.error())),
                text.error() == runner::FileError::missing ? "missing-file" : "bad-file");
}

bool looks_like_lesson(std::string_view text) {
    bool in_step = false;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        std::string_view line = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        while (!line.empty() && (line.front() == ' ' || line.front() == '\t')) line.remove_prefix(1);
        if (line.starts_with("[")) in_step = line.starts_with("[[step]]");
        const std::string_view key = line.substr(0, line.find_first_of(" \t="));
        if (in_step && key == "kind") return true;
        if (key == "minutes" || key == "audience" || key == "goals") return true;
    }
    return false;
}

}  // namespace scenarios::lesson
