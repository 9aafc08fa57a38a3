#include "scenarios/runner/load.hpp"

#include "scenarios/runner/load_context.hpp"
#include "scenarios/runner/load_layers.hpp"
#include "scenarios/runner/load_reader.hpp"
#include "scenarios/runner/load_setup.hpp"
#include "scenarios/runner/load_steps.hpp"
#include "scenarios/runner/toml_tree.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace scenarios::runner {
namespace {

constexpr std::size_t scenario_size_max = std::size_t{1024} * 1024;  // octets; the parser needs many times as much
constexpr std::size_t cases_max = 1000;
constexpr std::size_t sites_max = 100;
constexpr std::size_t values_max = 4'000'000;  // values of all variants together: what resolving them may cost

struct Layer {
    std::string name;
    base::Place place;
    Node setup;
};

bool is_article(std::string_view text) {
    for (const std::string_view start : {"Q", "KB"}) {
        if (text.substr(0, start.size()) != start) continue;
        const std::string_view number = text.substr(start.size());
        return number.size() >= 5 && number.size() <= 7 &&
               std::all_of(number.begin(), number.end(), [](char c) { return c >= '0' && c <= '9'; });
    }
    return false;
}

void read_articles(const TableReader& top, Scenario& scenario) {
    for (Name& article : top.lines("kb")) {
        if (!is_article(article.value))
            top.context().error(article.place,
                                fmt::format("\"{}\" is no article number", base::printable(article.value, 60)),
                                "bad-article", "write Q and its number: \"Q155831\"");
        scenario.kb.push_back(std::move(article.value));
    }
}

// True when this program can read the rest.
bool read_format(LoadContext& context, const Node& root) {
    const Entry* format = root.find("format");
    if (format == nullptr || !expect_kind(context, "format", *format->value, NodeKind::integer, "a number"))
        return true;
    if (format->value->integer == 1) return true;
    context.error(format->value->spot, fmt::format("this program reads format 1, not {}", format->value->integer),
                  "unknown-format", "a newer release may read it");
    return false;
}

// The [[case]] or [[site]] tables: their names, and what they change.
std::vector<Layer> read_layers(const TableReader& top, std::string_view key, TableKind kind, std::string_view name_key,
                               std::size_t most) {
    std::vector<Layer> layers;
    const Node* node = top.find(key);
    if (node == nullptr) return layers;
    LoadContext& context = top.context();
    TableReader::each(*node, [&](const Node& item) {
        if (layers.size() >= most)
            return context.error(item.spot, fmt::format("there are more than {} tables [[{}]]", most, key),
                                 "too-large");
        const TableReader reader(context, item, kind);
        if (item.kind != NodeKind::table) return;
        auto name = reader.line(name_key);
        if (!name && !reader.has(name_key))
            context.error(item.spot, fmt::format("a {} needs a {}", key, name_key), "missing-key",
                          fmt::format("write {} = \"...\"", name_key));
        if (name)
            for (const Layer& other : layers)
                if (other.name == name->value)
                    context.error(name->place,
                                  fmt::format("two tables [[{}]] have the {} {}", key, name_key, name->value),
                                  "duplicate-name", fmt::format("the first stands in line {}", other.place.line));
        layers.push_back({name ? std::move(name->value) : std::string(), reader.place(), setup_layer(item)});
    });
    return layers;
}

// Values below a node; shared ones count each time, as they are read each time.
std::size_t values_in(const Node& node) {
    std::size_t count = 1;
    for (const Entry& entry : node.entries) count += values_in(*entry.value);
    for (const NodePtr& item : node.items) count += values_in(*item);
    return count;
}

bool too_many_variants(LoadContext& context, const Node& below, const std::vector<Layer>& cases,
                       const std::vector<Layer>& sites) {
    std::size_t most = 0;
    for (const auto* layers : {&cases, &sites}) {
        std::size_t most_of_kind = 0;
        for (const Layer& layer : *layers) most_of_kind = std::max(most_of_kind, values_in(layer.setup));
        most += most_of_kind;
    }
    const std::size_t variants = (cases.size() + 1) * std::max<std::size_t>(sites.size(), 1);
    if ((values_in(below) + most) * variants <= values_max) return false;
    context.error(Spot{}, "the cases and sites multiply to more than this program reads", "too-large",
                  "split the scenario into several files");
    return true;
}

// The named layers as one, over the base.
std::vector<Layer> laid_together(LoadContext& context, const std::vector<Layer>& cases,
                                 const std::vector<std::string>& names) {
    if (names.empty()) return {};
    Layer together;
    for (const std::string& name : names) {
        const auto found = std::find_if(cases.begin(), cases.end(), [&](const Layer& one) { return one.name == name; });
        if (found == cases.end()) {
            context.error(Spot{1, 1, 1}, fmt::format("there is no case \"{}\"", base::printable(name, 60)),
                          "unknown-case");
            continue;
        }
        together.name += (together.name.empty() ? "" : " + ") + name;
        together.place = found->place;
        together.setup = lay_over(context, together.setup, found->setup);
    }
    return {std::move(together)};
}

void forget_expectations(Scenario& scenario) {
    for (Variant& variant : scenario.variants)
        if (variant.case_index) variant.setup.expect.reset();
}

void resolve(LoadContext& context, Scenario& scenario, const Node& below, const std::vector<Layer>& cases,
             const std::vector<Layer>& sites) {
    for (std::size_t c = 0; c <= cases.size(); ++c)
        for (std::size_t s = 0; s < std::max<std::size_t>(sites.size(), 1); ++s) {
            Node layers = below;
            if (!sites.empty()) layers = lay_over(context, layers, sites[s].setup);
            if (c > 0) layers = lay_over(context, layers, cases[c - 1].setup);
            Variant variant;
            if (c > 0) variant.case_index = c - 1;
            if (!sites.empty()) variant.site_index = s;
            variant.setup = read_setup(context, layers, variant.site_index);
            scenario.variants.push_back(std::move(variant));
        }
}

// A rehearsal of steps is the history of one server; cases and sweeps are many servers side by side.
void check_together(const TableReader& top, const Scenario& scenario) {
    LoadContext& context = top.context();
    if (top.has("step")) {
        if (top.has("case"))
            context.error(top.place_of("case"), "a scenario has either steps or cases", "contradiction",
                          "put the cases into a file of their own");
        for (const Variant& variant : scenario.variants)
            if (variant.setup.sweep)
                context.error(variant.setup.sweep->place, "a scenario has either steps or a sweep", "contradiction",
                              "steps are the history of one server: take [sweep] out");
    } else if (top.has("after")) {
        context.error(top.place_of("after"), "[after] needs steps to look back on", "contradiction",
                      "add [[step]] tables, or take [after] out");
    }
}

void read_title(const TableReader& top, Scenario& scenario) {
    if (auto title = top.line("title")) {
        scenario.title = std::move(title->value);
        scenario.title_place = title->place;
    } else if (!top.has("title"))
        top.context().error(Spot{}, "the scenario has no title", "missing-key",
                            "begin the file with title = \"What this scenario shows\"");
    if (auto about = top.paragraph("about")) scenario.about = std::move(about->value);
    read_articles(top, scenario);
}

// Everything but syntax. After a syntax error tables may be incomplete, so nothing is said of what is missing or of
// what does not go together.
// `together`: these cases as one, in place of each by itself.
void read_scenario(LoadContext& context, const Node& root, bool complete, const std::vector<std::string>* together,
                   Scenario& scenario) {
    const TableReader top(context, root, TableKind::scenario);
    if (complete || top.has("title")) read_title(top, scenario);
    const Node below = setup_layer(root);
    std::vector<Layer> cases = read_layers(top, "case", TableKind::one_case, "title", cases_max);
    if (together != nullptr) cases = laid_together(context, cases, *together);
    const std::vector<Layer> sites = read_layers(top, "site", TableKind::site, "name", sites_max);
    for (const Layer& one : cases) scenario.cases.push_back({one.name, one.place});
    for (const Layer& one : sites) scenario.sites.push_back({one.name, one.place});
    if (too_many_variants(context, below, cases, sites)) return;
    // With sites the base alone is no variant, yet what is wrong in it should be told even if every site replaces it.
    if (!sites.empty()) (void)read_setup(context, below, std::nullopt);
    resolve(context, scenario, below, cases, sites);
    if (together != nullptr && together->size() > 1) forget_expectations(scenario);
    if (complete)
        for (const Variant& variant : scenario.variants) check_setup(context, variant.setup);
    if (const Node* steps = top.find("step")) scenario.steps = read_steps(context, *steps, scenario);
    if (complete) check_together(top, scenario);
    if (const Node* after = top.find("after"); after && top.has("step"))
        scenario.after = read_after(context, *after, scenario);
}

Loaded only(base::Diagnostic diagnostic) { return {std::nullopt, {std::move(diagnostic)}}; }

Loaded parse(const std::string& path, std::string_view text, const std::vector<std::string>* together, Files& files) {
    const auto whole = [&](std::string what, std::string id, std::string hint) {
        return only({.place = {path, 0, 0, 1},
                     .what = std::move(what),
                     .id = std::move(id),
                     .hint = std::move(hint),
                     .source_line = {}});
    };
    if (text.substr(0, 3) == "\xef\xbb\xbf") text.remove_prefix(3);
    if (text.size() > scenario_size_max)
        return whole("the file is too large for a scenario", "too-large",
                     fmt::format("scenarios are read up to {} kB", scenario_size_max / 1024));
    if (text.find_first_not_of(" \t\r\n") == std::string_view::npos)
        return whole("the file is empty", "empty-file", "firedrill new FILE writes a scenario to start from");

    auto source = std::make_shared<const base::SourceText>(path, std::string(text));
    LoadContext context(source, files);
    TomlResult toml = read_toml(*source);
    const bool complete = toml.root && !toml.syntax_errors && toml.diagnostics.empty();
    context.take(std::move(toml.diagnostics));
    if (!complete) context.ignore_missing_keys();
    Scenario scenario;
    scenario.source = source;
    if (toml.root && read_format(context, *toml.root)) read_scenario(context, *toml.root, complete, together, scenario);
    Loaded loaded{std::nullopt, context.finish()};
    if (!base::has_errors(loaded.diagnostics)) loaded.scenario = std::move(scenario);
    return loaded;
}

Loaded load(const std::string& path, const std::vector<std::string>* together, Files& files) {
    auto text = files.read(path);
    if (text) return parse(path, *text, together, files);
    return only({.place = {path, 0, 0, 1},
                 .what = std::string(sentence(text.error())),
                 .id = text.error() == FileError::missing ? "missing-file" : "bad-file",
                 .hint = {},
                 .source_line = {}});
}

}  // namespace

Loaded parse_scenario(const std::string& path, std::string_view text, Files& files) {
    return parse(path, text, nullptr, files);
}

Loaded load_scenario(const std::string& path, Files& files) { return load(path, nullptr, files); }

Loaded load_combined(const std::string& path, const std::vector<std::string>& cases, Files& files) {
    return load(path, &cases, files);
}

std::string variant_name(const Scenario& scenario, const Variant& variant) {
    std::string name = variant.site_index ? scenario.sites[*variant.site_index].name : std::string();
    if (!variant.case_index) return name;
    if (!name.empty()) name += " / ";
    return name + scenario.cases[*variant.case_index].title;
}

}  // namespace scenarios::runner
