#include "scenarios/report/pack.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <charconv>
#include <optional>

namespace scenarios::report {
namespace {

namespace json = boost::json;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool in_word(char c) {
    return is_digit(c) || is_letter(c) || std::string_view("_.-/\\:").find(c) != std::string_view::npos;
}

// A decimal that reads back as it was written.
std::optional<std::int64_t> number_in(std::string_view word) {
    std::int64_t value = 0;
    if (word.empty() || word.size() > 9 || (word.size() > 1 && word.front() == '0')) return std::nullopt;
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
    if (error != std::errc{} || end != word.data() + word.size() || value < 0) return std::nullopt;
    return value;
}

// Numbers, addresses, ranges, paths: what one text has in place of another's. A name or "2nd" is none.
bool varies(std::string_view word) {
    if (word.find_first_of("/\\") != std::string_view::npos) return true;
    const bool letters = std::any_of(word.begin(), word.end(), is_letter);
    return std::any_of(word.begin(), word.end(), is_digit) && (!letters || word.find(':') != std::string_view::npos);
}

// Short names of services, names of servers, types of values. TCP is in every other text.
bool is_capitals(std::string_view word) {
    return word.size() >= 2 && word != "TCP" && std::all_of(word.begin(), word.end(), [](char c) {
               return is_digit(c) || c == '_' || (c >= 'A' && c <= 'Z');
           });
}

enum class Capitals : std::uint8_t { vary, stay };

// A text cut at what varies; "file:8" is two.
struct Gaps {
    std::string shape;
    std::vector<std::string_view> words;

    void add(std::string_view word) {
        shape += Packer::gap;
        words.push_back(word);
    }
};

Gaps cut(std::string_view text, Capitals capitals) {
    Gaps gaps;
    for (std::size_t at = 0; at < text.size();) {
        if (!in_word(text[at])) {
            gaps.shape += text[at++];
            continue;
        }
        std::size_t end = at;
        while (end < text.size() && in_word(text[end])) ++end;
        std::string_view word = text.substr(at, end - at);
        while (!word.empty() && (word.back() == '.' || word.back() == ':' || word.back() == '-')) word.remove_suffix(1);
        const std::size_t colon = word.rfind(':');
        if (!varies(word) && (capitals == Capitals::stay || !is_capitals(word))) {
            gaps.shape += word;
        } else if (colon != std::string_view::npos && colon > 0 && number_in(word.substr(colon + 1))) {
            gaps.add(word.substr(0, colon));
            gaps.shape += ':';
            gaps.add(word.substr(colon + 1));
        } else {
            gaps.add(word);
        }
        gaps.shape += text.substr(at + word.size(), end - at - word.size());
        at = end;
    }
    return gaps;
}

bool can_have_gaps(std::string_view text) { return text.find(Packer::gap) == std::string_view::npos; }

}  // namespace

struct Packer::Piece {
    std::vector<Item> rows;
    std::vector<Item> verdicts;
    std::vector<Item> flows;
    std::vector<Item> words;  // places in the ladder's list
};

std::int64_t Packer::place_in(std::vector<Item>& list, const Item& wanted) {
    const auto found = std::find(list.begin(), list.end(), wanted);
    if (found != list.end()) return found - list.begin();
    list.push_back(wanted);
    return static_cast<std::int64_t>(list.size()) - 1;
}

Packer::Item Packer::word(std::string_view word) {
    if (const auto number = number_in(word)) return literal(*number);
    return {Item::Kind::text, leaf(json::serialize(json::string(word)))};
}

Packer::Ref Packer::add(const json::value& value) {
    switch (value.kind()) {
        case json::kind::string: return text(value.get_string());
        case json::kind::array: return list(value.get_array());
        case json::kind::object: return object(value.get_object());
        default: return leaf(json::serialize(value));
    }
}

Packer::Ref Packer::node(Node made) {
    std::string key = made.leaf;
    for (const Item& item : made.items)
        key += static_cast<char>('a' + static_cast<int>(item.kind)) + std::to_string(item.value);
    const auto [found, is_new] = known_.try_emplace(std::move(key), static_cast<Ref>(nodes_.size()));
    if (is_new) {
        octets_ += made.leaf.size() + 2 * made.items.size() + 2;
        nodes_.push_back(std::move(made));
    }
    return found->second;
}

Packer::Ref Packer::leaf(std::string json) { return node({std::move(json), {}}); }

Packer::Ref Packer::text(std::string_view text) {
    const auto as_leaf = [this](std::string_view one) { return leaf(json::serialize(json::string(one))); };
    if (!can_have_gaps(text)) return as_leaf(text);
    const Gaps gaps = cut(text, Capitals::vary);
    if (gaps.words.empty() || gaps.shape.size() == 1) return as_leaf(text);
    Node made{{}, {literal(gapped), to(as_leaf(gaps.shape))}};
    for (const std::string_view word : gaps.words) made.items.push_back(this->word(word));
    return node(std::move(made));
}

Packer::Ref Packer::list(const json::array& array) {
    Node made{{}, {literal(0)}};
    for (const json::value& value : array) made.items.push_back(to(add(value)));
    return node(std::move(made));
}

Packer::Ref Packer::object(const json::object& object) {
    json::array keys;
    Node made{{}, {literal(0)}};
    for (const auto& [key, value] : object) {
        keys.push_back(json::value(key));
        const bool events = key == "events" && value.is_array();
        made.items.push_back(to(events ? ladder(value.get_array()) : add(value)));
    }
    const auto [found, is_new] =
        known_shapes_.try_emplace(json::serialize(keys), static_cast<std::int64_t>(shapes_.size()) + 1);
    if (is_new) shapes_.push_back(found->first);
    made.items.front() = literal(found->second);
    return node(std::move(made));
}

Packer::Ref Packer::row(const json::object& event, std::int64_t since, Piece& piece, std::vector<Item>& words) {
    json::object shared;
    for (const auto& [key, value] : event)
        if (key != "t" && key != "verdict" && key != "flow" && key != "what") shared[key] = value;
    const std::string_view what = event.at("what").as_string();
    std::vector<Item> places;
    Gaps gaps = cut(what, Capitals::stay);
    if (can_have_gaps(what))
        for (const std::string_view word : gaps.words)
            places.push_back(literal(place_in(piece.words, literal(place_in(words, this->word(word))))));
    else
        gaps.shape = what;
    shared["what"] = json::string(gaps.shape);
    // What they share is written without gaps of its own: those in it are the row's.
    json::array keys;
    Node kind{{}, {literal(0)}};
    for (const auto& [key, value] : shared) {
        keys.push_back(json::value(key));
        kind.items.push_back(to(leaf(json::serialize(value))));
    }
    const auto [shape, is_new] =
        known_shapes_.try_emplace(json::serialize(keys), static_cast<std::int64_t>(shapes_.size()) + 1);
    if (is_new) shapes_.push_back(shape->first);
    kind.items.front() = literal(shape->second);
    const auto local = [&event](std::vector<Item>& list, std::string_view key) {
        const json::value* value = event.if_contains(key);
        return literal(value == nullptr ? -1 : place_in(list, literal(value->to_number<std::int64_t>())));
    };
    Node made{{}, {literal(of_row), literal(since), to(node(std::move(kind)))}};
    made.items.push_back(local(piece.verdicts, "verdict"));
    made.items.push_back(local(piece.flows, "flow"));
    made.items.insert(made.items.end(), places.begin(), places.end());
    return node(std::move(made));
}

Packer::Ref Packer::ladder(const json::array& events) {
    Node course{{}, {literal(of_course)}};
    std::vector<Item> words;
    Piece piece;
    std::int64_t last = 0;
    bool after_packet = false;
    const auto close = [&] {
        if (piece.rows.empty()) return;
        Node made{{}, {literal(of_piece)}};
        for (const auto* list : {&piece.verdicts, &piece.flows, &piece.words})
            made.items.push_back(literal(static_cast<std::int64_t>(list->size())));
        made.items.insert(made.items.end(), piece.rows.begin(), piece.rows.end());
        course.items.push_back(to(node(std::move(made))));
        for (const auto* list : {&piece.verdicts, &piece.flows, &piece.words})
            course.items.insert(course.items.end(), list->begin(), list->end());
        piece = Piece{};
    };
    for (const json::value& value : events) {
        const json::object& event = value.as_object();
        const bool note = event.contains("note");
        // A remark of the client begins a new part of the conversation.
        if (note && after_packet) close();
        after_packet = !note;
        const std::int64_t time = event.at("t").to_number<std::int64_t>();
        piece.rows.push_back(to(row(event, time - last, piece, words)));
        last = time;
    }
    close();
    Node made{{}, {literal(of_events), to(node(std::move(course)))}};
    made.items.insert(made.items.end(), words.begin(), words.end());
    return node(std::move(made));
}

}  // namespace scenarios::report
