// The second half of pack.hpp: what was added, written down.
#include "scenarios/report/pack.hpp"

#include <algorithm>

namespace scenarios::report {
namespace {

constexpr std::size_t line_width = 160;
constexpr std::int64_t signs = 90;
constexpr std::int64_t last_signs = 63;  // a number ends with one of these
constexpr std::int64_t first_kind = 6;   // of a node: kind -5 is written as 1

char sign(std::int64_t digit) {
    auto c = static_cast<char>('#' + digit);
    if (c >= '<') ++c;
    if (c >= '\\') ++c;
    return c;
}

// Lines of text with a comma between what is added, broken where a line is long.
class Lines {
public:
    void add(std::string_view json) {
        if (!text_.empty()) text_ += ',';
        if (text_.size() > line_ + line_width) {
            text_ += '\n';
            line_ = text_.size();
        }
        text_ += json;
    }
    const std::string& text() const { return text_; }

private:
    std::string text_;
    std::size_t line_ = 0;
};

}  // namespace

// The text of a node with gaps, as JSON.
std::string Packer::filled(const Node& node) const {
    const std::string& shape = nodes_[static_cast<std::size_t>(node.items[1].value)].leaf;
    std::string text;
    std::size_t next = 2;
    for (const char c : shape) {
        if (c != gap) {
            text += c;
            continue;
        }
        const Item& item = node.items[next++];
        if (item.kind == Item::Kind::literal) {
            text += std::to_string(item.value);
        } else {
            const std::string& word = nodes_[static_cast<std::size_t>(item.value)].leaf;
            text += word.substr(1, word.size() - 2);  // both are JSON already
        }
    }
    return text;
}

// Gaps that only one text has are not worth having.
std::vector<Packer::Node> Packer::with_gaps_filled() const {
    std::vector<std::uint32_t> texts(nodes_.size(), 0);
    const auto shape_of = [](const Node& node) -> const Item* {
        return !node.items.empty() && node.items.front().value == gapped ? &node.items[1] : nullptr;
    };
    for (const Node& node : nodes_)
        if (const Item* shape = shape_of(node)) ++texts[static_cast<std::size_t>(shape->value)];
    std::vector<Node> nodes = nodes_;
    for (Node& node : nodes)
        if (const Item* shape = shape_of(node); shape != nullptr && texts[static_cast<std::size_t>(shape->value)] == 1)
            node = {filled(node), {}};
    return nodes;
}

// What is used once stands where it is used.
class Packer::Writer {
public:
    Writer(const std::vector<Node>& nodes, const std::vector<Ref>& roots) : nodes_(nodes), uses_(nodes.size(), 0) {
        for (const Ref root : roots) uses_[root] += 2;  // a root has a place of its own
        // What a node refers to was made before it.
        for (std::size_t i = nodes.size(); i-- > 0;)
            if (uses_[i] > 0)
                for (const Item& item : nodes[i].items)
                    if (item.kind != Item::Kind::literal) ++uses_[static_cast<std::size_t>(item.value)];
        std::vector<Ref> order;
        for (Ref i = 0; i < nodes.size(); ++i)
            if (uses_[i] > 0 && !stands_inside(i)) order.push_back(i);
        std::stable_sort(order.begin(), order.end(), [this](Ref a, Ref b) { return uses_[a] > uses_[b]; });
        places_.resize(nodes.size());
        for (std::size_t i = 0; i < order.size(); ++i) places_[order[i]] = static_cast<Ref>(i);
        for (const Ref one : order) write(nodes_[one]);
    }

    std::string texts() const { return texts_.text(); }
    std::string values() const {
        Lines lines;
        for (std::size_t at = 0; at < out_.size(); at += line_width) lines.add('"' + out_.substr(at, line_width) + '"');
        return lines.text();
    }
    const std::vector<Ref>& places() const { return places_; }

private:
    // A number inside of another value would be taken for a place.
    bool stands_inside(Ref node) const {
        const std::string& leaf = nodes_[node].leaf;
        const bool number = !leaf.empty() && (leaf.front() == '-' || (leaf.front() >= '0' && leaf.front() <= '9'));
        return uses_[node] == 1 && !number;
    }

    void number(std::int64_t value) {
        for (; value >= last_signs; value = (value - last_signs) / (signs - last_signs))
            out_ += sign(last_signs + (value - last_signs) % (signs - last_signs));
        out_ += sign(value);
    }

    void write(const Node& node) {
        if (node.items.empty()) {
            number(0);
            texts_.add(node.leaf);
            return;
        }
        const std::int64_t kind = node.items.front().value;
        number(kind + first_kind);
        if (kind <= 0) number(static_cast<std::int64_t>(node.items.size()) - 1);
        for (std::size_t i = 1; i < node.items.size(); ++i) {
            const Item& item = node.items[i];
            if (kind == of_course || ((kind == gapped || kind == of_events) && i > 1))
                word(item);
            else if (item.kind == Item::Kind::literal)
                number(item.value + 1);
            else
                value(static_cast<Ref>(item.value));
        }
    }

    void value(Ref node) {
        if (!stands_inside(node)) return number(places_[node] + 2);
        if (!nodes_[node].items.empty()) number(1);
        write(nodes_[node]);
    }

    void word(const Item& item) {
        if (item.kind == Item::Kind::literal) return number(2 * item.value + 1);
        const auto node = static_cast<Ref>(item.value);
        if (!stands_inside(node)) return number(2 * places_[node] + 2);
        number(0);
        write(nodes_[node]);
    }

    const std::vector<Node>& nodes_;
    std::vector<std::uint32_t> uses_;
    std::vector<Ref> places_;
    Lines texts_;
    std::string out_;
};

Packer::Packed Packer::finish(const std::vector<Ref>& roots) const {
    const std::vector<Node> nodes = with_gaps_filled();
    const Writer writer(nodes, roots);
    Lines shapes;
    for (const std::string& shape : shapes_) shapes.add(shape);
    return {"\"shapes\":[" + shapes.text() + "],\n\"texts\":[" + writer.texts() + "],\n\"values\":[" + writer.values() +
                "]",
            writer.places()};
}

}  // namespace scenarios::report
