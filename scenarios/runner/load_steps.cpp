#include "scenarios/runner/load_steps.hpp"

#include "scenarios/runner/load_reader.hpp"
#include "scenarios/runner/load_setup.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace scenarios::runner {
namespace {

constexpr std::size_t steps_max = 1000;

// The keys that a kind of step knows besides do, note, expect and outage.
std::vector<std::string_view> keys_for(StepKind kind) {
    switch (kind) {
        case StepKind::import_registry: return {"file", "server"};
        case StepKind::restart_service: return {"service", "server"};
        case StepKind::restart_server: return {"server"};
        case StepKind::replace_firewall:
            return {"import", "rules",       "import_format", "acl",  "acl_return",
                    "chain",  "client_side", "server_side",   "site", "firewall"};
        case StepKind::wait: return {"for"};
        case StepKind::check:
        case StepKind::logon:
        case StepKind::use: return {};
    }
    return {};
}

std::vector<std::string_view> site_names(const Scenario& scenario) {
    std::vector<std::string_view> names;
    for (const SiteInfo& site : scenario.sites) names.push_back(site.name);
    return names;
}

std::optional<std::size_t> site_called(LoadContext& context, const Scenario& scenario, std::string_view name, Spot at) {
    for (std::size_t i = 0; i < scenario.sites.size(); ++i)
        if (scenario.sites[i].name == name) return i;
    const std::vector<std::string_view> names = site_names(scenario);
    const std::string near = base::nearest_word(name, names);
    std::string hint = "the scenario has no [[site]]";
    if (!near.empty())
        hint = fmt::format("did you mean \"{}\"?", near);
    else if (!names.empty())
        hint = "sites: " + base::printable(join_words(names));
    context.error(at, fmt::format("there is no site called {}", base::printable(name, 60)), "unknown-site",
                  std::move(hint));
    return std::nullopt;
}

// The index of the one called so among servers or firewalls; the first when the key is absent.
template <class T>
std::size_t one_called(const TableReader& reader, std::string_view key, const std::vector<T>& all) {
    const auto name = reader.line(key);
    if (!name) {
        if (key == "firewall" && all.size() > 1 && !reader.has(key))
            reader.context().error(reader.place(),
                                   "there are several firewalls: this does not say which one it replaces", "which-one",
                                   "add firewall = \"NAME\"");
        return 0;
    }
    std::vector<std::string_view> names;
    for (std::size_t i = 0; i < all.size(); ++i) {
        if (all[i].name.value == name->value) return i;
        names.push_back(all[i].name.value);
    }
    const std::string near = base::nearest_word(name->value, names);
    reader.context().error(name->place, fmt::format("there is no {} called {}", key, name->value),
                           fmt::format("unknown-{}", key),
                           near.empty() ? fmt::format("known: {}", base::printable(join_words(names)))
                                        : fmt::format("did you mean \"{}\"?", near));
    return 0;
}

// A word, or a whole table as [expect] has it.
std::optional<Expectation> read_outcome(LoadContext& context, const Node& node) {
    if (node.kind == NodeKind::table) return read_expectation(context, node);
    if (node.kind != NodeKind::text) {
        expect_kind(context, "expect", node, NodeKind::text, "\"works\", \"fails\" or a table such as [expect]");
        return std::nullopt;
    }
    // Read as the table { logon = word }, so that both forms know the same words and hints.
    Node table;
    table.spot = node.spot;
    table.entries.push_back({"logon", node.spot, std::make_shared<Node>(node)});
    return read_expectation(context, table);
}

std::vector<StepExpectation> read_step_expectations(LoadContext& context, const Node& node, const Scenario& scenario) {
    std::vector<StepExpectation> all;
    const auto add = [&](std::optional<std::size_t> site, const Node& value) {
        auto expect = read_outcome(context, value);
        if (!expect) return;
        const std::size_t variant = site.value_or(0);
        if (variant < scenario.variants.size())
            check_expectation(context, *expect, scenario.variants[variant].setup.client, std::nullopt);
        const base::Place place = expect->place;
        all.push_back({site, std::move(*expect), place});
    };
    if (scenario.sites.empty())
        add(std::nullopt, node);
    else if (node.kind != NodeKind::table)
        for (std::size_t i = 0; i < scenario.sites.size(); ++i) add(i, node);
    else
        for (const Entry& entry : node.entries)
            if (const auto site = site_called(context, scenario, entry.key, entry.key_spot)) add(site, *entry.value);
    return all;
}

void require(const TableReader& reader, const Placed<StepKind>& kind, std::string_view key, std::string_view example) {
    if (reader.has(key)) return;
    reader.context().error(kind.place, fmt::format("{} needs {}", id(kind.value), key), "missing-key",
                           fmt::format("add {}", example));
}

void read_replacement(const TableReader& reader, const Scenario& scenario, Step& step) {
    LoadContext& context = reader.context();
    step.rules = read_rules(reader);
    if (!reader.has("import") && !reader.has("rules"))
        context.error(step.kind.place, "replace-firewall needs the new rules", "missing-key",
                      "add import = \"FILE\" or rules = \"FILE\"");
    if (const auto site = reader.line("site")) {
        const base::Place& at = site->place;
        step.site = site_called(context, scenario, site->value, {at.line, at.column, at.length});
    } else if (!scenario.sites.empty() && !reader.has("site")) {
        context.error(step.kind.place, "replace-firewall does not say at which site", "missing-key",
                      fmt::format("add site = \"{}\"", scenario.sites[0].name));
    }
    const std::size_t variant = step.site.value_or(0);
    if (variant >= scenario.variants.size() || (!step.site && !scenario.sites.empty())) return;
    const std::vector<FirewallSetup>& firewalls = scenario.variants[variant].setup.firewalls;
    if (firewalls.empty())
        context.error(step.kind.place, "there is no firewall here to replace", "contradiction",
                      "add a [firewall]; default = \"allow\" lets everything through");
    else
        step.firewall = one_called(reader, "firewall", firewalls);
}

Step read_step(LoadContext& context, const Node& table, const Scenario& scenario) {
    const TableReader reader(context, table, TableKind::step);
    Step step;
    step.place = reader.place();
    if (auto note = reader.line("note")) step.note = std::move(note->value);
    step.outage = reader.duration("outage", true);
    if (const Node* expect = reader.find("expect")) step.expect = read_step_expectations(context, *expect, scenario);
    const auto kind = reader.word<StepKind>("do");
    if (!kind) {
        if (table.kind == NodeKind::table && !reader.has("do"))
            context.error(table.spot, "a step needs do", "missing-key", "write do = \"check\"");
        return step;
    }
    step.kind = *kind;
    const std::vector<std::string_view> fitting = keys_for(kind->value);
    for (const std::string_view key : keys_of(TableKind::step).keys) {
        const bool common = key == "do" || key == "note" || key == "expect" || key == "outage";
        if (reader.has(key) && !common && std::find(fitting.begin(), fitting.end(), key) == fitting.end())
            context.error(reader.place_of(key), fmt::format("a step that does {} has no {}", id(kind->value), key),
                          "misplaced-key", fitting.empty() ? "" : "its keys: " + join_words(fitting));
    }
    const std::vector<ServerSetup>& servers = scenario.variants.front().setup.servers;
    switch (kind->value) {
        case StepKind::import_registry:
            require(reader, *kind, "file", "file = \"reg/static-5000-5001.reg\"");
            step.file = reader.file("file");
            step.server = one_called(reader, "server", servers);
            break;
        case StepKind::restart_service: {
            require(reader, *kind, "service", "service = \"directory\"");
            step.service = reader.word<Service>("service");
            step.server = one_called(reader, "server", servers);
            break;
        }
        case StepKind::restart_server: step.server = one_called(reader, "server", servers); break;
        case StepKind::replace_firewall: read_replacement(reader, scenario, step); break;
        case StepKind::wait:
            require(reader, *kind, "for", "for = \"2h\"");
            if (const auto span = reader.duration("for", false)) step.wait = span->value;
            break;
        case StepKind::check:
        case StepKind::logon:
        case StepKind::use: break;
    }
    return step;
}

// A kept session must have been opened before it can be used.
void check_order(LoadContext& context, const std::vector<Step>& steps) {
    bool open = false;
    for (const Step& step : steps) {
        if (step.kind.written() && step.kind.value == StepKind::logon) open = true;
        if (step.kind.written() && step.kind.value == StepKind::use && !open)
            context.error(step.kind.place, "use has no session: no step before it does logon", "contradiction",
                          "add a [[step]] with do = \"logon\" before it");
    }
}

std::optional<std::vector<NamedChange>> read_names(const TableReader& reader, std::string_view key,
                                                   const Scenario& scenario) {
    LoadContext& context = reader.context();
    const Node* node = reader.find(key);
    if (node == nullptr) return std::nullopt;
    std::vector<NamedChange> changes;
    if (scenario.sites.empty()) {
        const auto actions = reader.words<ClientAction>(key);
        for (const auto& action : actions.value_or(std::vector<Placed<ClientAction>>{}))
            changes.push_back({std::nullopt, action.value, action.place});
        return changes;
    }
    for (const Name& name : reader.lines(key)) {
        const Spot at{name.place.line, name.place.column, name.place.length};
        const auto site = site_called(context, scenario, name.value, at);
        if (!site) continue;
        for (const NamedChange& other : changes)
            if (other.site == site)
                context.error(at, fmt::format("{} stands twice in {}", name.value, key), "duplicate");
        changes.push_back({site, std::nullopt, name.place});
    }
    return changes;
}

std::optional<std::vector<PortChange>> read_port_changes(const TableReader& reader, std::string_view key,
                                                         const Scenario& scenario) {
    LoadContext& context = reader.context();
    const Node* node = reader.find(key);
    if (node == nullptr) return std::nullopt;
    std::vector<PortChange> changes;
    if (scenario.sites.empty() && node->kind != NodeKind::table) {
        if (auto ports = read_ports(context, key, *node); ports && !ports->empty())
            changes.push_back({std::nullopt, std::move(*ports)});
        return changes;
    }
    const bool empty_list = node->kind == NodeKind::list && node->items.empty();
    if (empty_list) return changes;
    if (node->kind != NodeKind::table) {
        context.error(node->spot, fmt::format("{} must say at which site", key), "wrong-type",
                      fmt::format("write {} = {{ \"{}\" = [\"5000-5100\"] }}", key, scenario.sites[0].name));
        return changes;
    }
    for (const Entry& entry : node->entries)
        if (const auto site = site_called(context, scenario, entry.key, entry.key_spot))
            if (auto ports = read_ports(context, key, *entry.value); ports && !ports->empty())
                changes.push_back({site, std::move(*ports)});
    return changes;
}

}  // namespace

std::vector<Step> read_steps(LoadContext& context, const Node& node, const Scenario& scenario) {
    std::vector<Step> steps;
    TableReader::each(node, [&](const Node& item) {
        if (steps.size() < steps_max)
            steps.push_back(read_step(context, item, scenario));
        else
            context.error(item.spot, fmt::format("there are more than {} steps", steps_max), "too-large");
    });
    check_order(context, steps);
    return steps;
}

After read_after(LoadContext& context, const Node& table, const Scenario& scenario) {
    const TableReader reader(context, table, TableKind::after);
    After after;
    after.place = reader.place();
    after.newly_works = read_names(reader, "newly_works", scenario);
    after.newly_breaks = read_names(reader, "newly_breaks", scenario);
    after.newly_open = read_port_changes(reader, "newly_open", scenario);
    after.newly_closed = read_port_changes(reader, "newly_closed", scenario);
    if (after.newly_works && after.newly_breaks)
        for (const NamedChange& works : *after.newly_works)
            for (const NamedChange& breaks : *after.newly_breaks)
                if (works.site == breaks.site && works.action == breaks.action)
                    context.error(breaks.place, "this cannot newly work and newly break", "contradiction");
    const bool has_check = std::any_of(scenario.steps.begin(), scenario.steps.end(),
                                       [](const Step& step) { return step.kind.value == StepKind::check; });
    if (!has_check)
        context.error(after.place, "[after] compares with the first check, and no step is a check", "contradiction",
                      "begin with a [[step]] with do = \"check\"");
    return after;
}

}  // namespace scenarios::runner
