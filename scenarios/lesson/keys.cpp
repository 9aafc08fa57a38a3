#include "scenarios/lesson/keys.hpp"

#include <array>

namespace scenarios::lesson {
namespace {

using runner::OwnKeys;
using runner::Word;

using Keys = std::vector<std::string_view>;

Keys joined(std::initializer_list<Keys> parts) {
    Keys all;
    for (const Keys& part : parts) all.insert(all.end(), part.begin(), part.end());
    return all;
}

const Keys common{"kind", "title", "minutes", "trainer", "picture"};
const Keys run{"scenario", "case", "site", "seed", "order", "without", "until"};

constexpr auto kind_words = std::to_array<Word<Kind>>({{Kind::read, "read"},
                                                       {Kind::predict, "predict"},
                                                       {Kind::show, "show"},
                                                       {Kind::explain, "explain"},
                                                       {Kind::modify, "modify"},
                                                       {Kind::quiz, "quiz"}});
constexpr auto value_words = std::to_array<Word<Value>>({{Value::directory, "directory"},
                                                         {Value::store, "store"},
                                                         {Value::attendant, "attendant"},
                                                         {Value::first_port, "first_port"},
                                                         {Value::open_ports, "open_ports"},
                                                         {Value::open_to_client, "open_to_client"},
                                                         {Value::waits, "waits"},
                                                         {Value::outage, "outage"},
                                                         {Value::outcome, "outcome"},
                                                         {Value::reads, "reads"},
                                                         {Value::works, "works"},
                                                         {Value::starts, "starts"}});

}  // namespace

std::span<const Word<Kind>> kinds() { return kind_words; }
std::span<const Word<Value>> values() { return value_words; }

std::string_view id(Kind kind) { return kind_words[static_cast<std::size_t>(kind)].text; }
std::string_view id(Value value) { return value_words[static_cast<std::size_t>(value)].text; }

const OwnKeys& lesson_keys() {
    static const OwnKeys keys{"a lesson", {"format", "title", "minutes", "audience", "goals", "kb", "trainer", "step"}};
    return keys;
}

const OwnKeys& step_keys(Kind kind) {
    static const std::array<OwnKeys, 6> keys{
        {{"a read step", joined({common, {"text"}})},
         {"a predict step", joined({common, run, {"question", "confidence", "choice", "hints", "events", "sees"}})},
         {"a show step", joined({common, run, {"events", "sees", "point", "row"}})},
         {"an explain step", joined({common, run, {"text", "model", "packet", "rule", "seeds", "hints"}})},
         {"a modify step", joined({common, run, {"task", "goal", "toggle", "point", "hints"}})},
         {"a quiz step", joined({common, {"item"}})}}};
    return keys[static_cast<std::size_t>(kind)];
}

const OwnKeys& choice_keys() {
    static const OwnKeys keys{"step.choice", {"text", "means", "reply"}};
    return keys;
}

const OwnKeys& meaning_keys() {
    static const OwnKeys keys = [] {
        OwnKeys own{"means", keys_of(runner::TableKind::expect).keys};
        for (const std::string_view more : {"open_ports", "open_to_client", "waits", "outage"})
            own.keys.push_back(more);
        return own;
    }();
    return keys;
}

const OwnKeys& row_keys() {
    static const OwnKeys keys{"step.row", joined({{"text"}, run})};
    return keys;
}

const OwnKeys& toggle_keys() {
    static const OwnKeys keys{"step.toggle", {"name", "option"}};
    return keys;
}

const OwnKeys& option_keys() {
    static const OwnKeys keys{"step.toggle.option", joined({{"text"}, run})};
    return keys;
}

const OwnKeys& item_keys() {
    static const OwnKeys keys{"step.item", joined({{"ask", "accept", "value", "reply"}, run})};
    return keys;
}

}  // namespace scenarios::lesson
