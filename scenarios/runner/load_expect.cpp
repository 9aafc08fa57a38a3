// What must come out, and whether it can.
#include "scenarios/runner/load_setup.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace scenarios::runner {
namespace {

// Ids of reasons and warnings are spelled like this; which ones there are, the rooms that give them know.
bool is_id(std::string_view text) {
    return !text.empty() && text.front() != '-' && text.back() != '-' &&
           std::all_of(text.begin(), text.end(),
                       [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; });
}

bool check_id(LoadContext& context, const Name& name) {
    if (is_id(name.value)) return true;
    context.error(name.place, fmt::format("\"{}\" is no id", base::printable(name.value, 60)), "bad-id",
                  "ids are small letters and dashes, such as \"no-rule-matched\"");
    return false;
}

void check_share(LoadContext& context, const Expectation& expect, bool has_sweep) {
    if (!expect.works) return;
    const base::Place& place = expect.works->place;
    const Ratio& low = expect.works->value.low;
    const Ratio& high = expect.works->value.high;
    if (!has_sweep) {
        context.error(place, "a share of starts needs many starts", "contradiction",
                      "add [sweep] with seeds = \"1-200\"");
        return;
    }
    if (!expect.logon) return;
    const bool all = low.numerator == low.denominator;
    const bool none = high.numerator == 0;
    if (expect.logon->value == Outcome::works && !all)
        context.error(place, "logon = \"works\" means every start, works less", "contradiction",
                      "write logon = \"sometimes\", or take works out");
    if (expect.logon->value == Outcome::fails && !none)
        context.error(place, "logon = \"fails\" means no start at all, works more", "contradiction",
                      "write logon = \"sometimes\", or take works out");
    if (expect.logon->value == Outcome::sometimes && (all || none))
        context.error(place, fmt::format("logon = \"sometimes\" is not {}", all ? "every start" : "no start"),
                      "contradiction", all ? "write logon = \"works\"" : "write logon = \"fails\"");
}

}  // namespace

std::vector<ServicePorts> read_service_ports(LoadContext& context, std::string_view key, const Node& table) {
    std::vector<ServicePorts> all;
    if (!expect_kind(context, key, table, NodeKind::table, "a table of services and their ports")) return all;
    std::vector<std::string_view> known;
    for (const Word<Service>& word : words_of<Service>()) known.push_back(word.text);
    for (const Entry& entry : table.entries) {
        const auto found = std::find(known.begin(), known.end(), entry.key);
        if (found == known.end()) {
            std::string dashes = entry.key;
            std::replace(dashes.begin(), dashes.end(), '_', '-');
            std::string near(usual_word(dashes));
            if (std::find(known.begin(), known.end(), near) == known.end()) near = base::nearest_word(dashes, known);
            context.error(entry.key_spot, fmt::format("there is no service {}", base::printable(entry.key, 60)),
                          "unknown-service",
                          near.empty() ? "services: " + join_words(known) : fmt::format("did you mean {}?", near));
            continue;
        }
        auto ports = read_ports(context, entry.key, *entry.value);
        if (!ports) continue;
        if (ports->empty()) {
            context.error(entry.value->spot, "the list of ports is empty", "empty-list");
            continue;
        }
        const auto& word = words_of<Service>()[static_cast<std::size_t>(found - known.begin())];
        all.push_back({{word.value, context.place(entry.key_spot)}, std::move(*ports)});
    }
    return all;
}

Expectation read_expectation(LoadContext& context, const Node& table) {
    const TableReader reader(context, table, TableKind::expect);
    Expectation expect;
    expect.place = reader.place();
    expect.logon = reader.word<Outcome>("logon");
    expect.fails_at = reader.word<FailsAt>("fails_at");
    expect.because = reader.line("because");
    if (expect.because && !check_id(context, *expect.because)) expect.because.reset();
    expect.works = reader.share_range("works");
    if (const Node* ports = reader.find("ports")) expect.ports = read_service_ports(context, "ports", *ports);
    expect.open_only = reader.ports("open_only");
    for (Name& name : reader.lines("warns"))
        if (check_id(context, name)) expect.warns.push_back(std::move(name));
    expect.new_mail = reader.word<Outcome>("new_mail");
    expect.within = reader.duration("within", false);
    expect.says = reader.lines("says");
    return expect;
}

void check_expectation(LoadContext& context, const Expectation& expect, const ClientSetup& client,
                       const std::optional<Sweep>& sweep) {
    if (expect.logon && expect.logon->value == Outcome::works && expect.fails_at)
        context.error(expect.fails_at->place, "a logon that works fails nowhere", "contradiction",
                      "write logon = \"fails\", or take fails_at out");
    for (const auto* outcome : {&expect.logon, &expect.new_mail})
        if (*outcome && (*outcome)->value == Outcome::sometimes && !sweep)
            context.error((*outcome)->place, "one start cannot work sometimes", "contradiction",
                          "add [sweep] with seeds = \"1-200\"");
    check_share(context, expect, sweep.has_value());
    const bool asks_mail = std::any_of(client.actions.begin(), client.actions.end(),
                                       [](const auto& action) { return action.value == ClientAction::new_mail; });
    if (expect.new_mail && !asks_mail)
        context.error(expect.new_mail->place, "new_mail is expected, but the client does not wait for new mail",
                      "contradiction", "add \"new-mail\" to do in [client]");
}

}  // namespace scenarios::runner
