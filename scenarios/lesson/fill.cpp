#include "scenarios/lesson/fill.hpp"

#include "scenarios/lesson/keys.hpp"

namespace scenarios::lesson {
namespace {

// Calls with the plain parts and the names of a text, in order.
void walk(std::string_view text, const std::function<void(std::string_view)>& plain,
          const std::function<void(std::string_view)>& name) {
    while (!text.empty()) {
        const std::size_t open = text.find('{');
        plain(text.substr(0, open));
        if (open == std::string_view::npos) return;
        text.remove_prefix(open + 1);
        if (text.substr(0, 1) == "{") {
            plain("{");
            text.remove_prefix(1);
            continue;
        }
        const std::size_t close = text.find('}');
        if (close == std::string_view::npos) {
            name(text);
            return;
        }
        name(text.substr(0, close));
        text.remove_prefix(close + 1);
    }
}

}  // namespace

std::vector<std::string> names_in(std::string_view text) {
    std::vector<std::string> names;
    walk(
        text, [](std::string_view) {}, [&](std::string_view name) { names.emplace_back(name); });
    return names;
}

std::optional<Value> value_named(std::string_view name) {
    for (const auto& word : values())
        if (word.text == name) return word.value;
    return std::nullopt;
}

std::string filled(std::string_view text, const std::function<std::string(Value)>& of) {
    std::string out;
    walk(
        text, [&](std::string_view part) { out += part; },
        [&](std::string_view name) {
            if (const auto value = value_named(name)) out += of(*value);
        });
    return out;
}

}  // namespace scenarios::lesson
