// Reads one table of the tree, key by key, into typed values. Every reader of a key tells what is wrong with its value
// and then goes on as if the key were absent, so that all errors of a file come out at once.
//
// Where the format has a list, a single value is a list of one.
#pragma once

#include "scenarios/runner/load_context.hpp"
#include "scenarios/runner/load_keys.hpp"
#include "scenarios/runner/load_words.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace scenarios::runner {

class TableReader {
public:
    // Tells of every key that the table does not know. `table` must outlive the reader; if it is no table, that is told
    // and the reader finds nothing.
    TableReader(LoadContext& context, const Node& table, TableKind kind);
    // The same for a table that is not a scenario's; `known` must outlive the reader.
    TableReader(LoadContext& context, const Node& table, const OwnKeys& known);

    LoadContext& context() const { return context_; }
    Spot spot() const { return table_.spot; }
    base::Place place() const { return context_.place(table_.spot); }
    bool has(std::string_view key) const { return find(key) != nullptr; }
    const Node* find(std::string_view key) const;      // the value, or null
    base::Place place_of(std::string_view key) const;  // of the key itself; of the table when absent

    std::optional<Placed<std::string>> line(std::string_view key) const;  // one line of text, for a person or as a name
    std::optional<Placed<std::string>> paragraph(std::string_view key) const;  // may have several lines
    std::vector<Placed<std::string>> lines(std::string_view key) const;
    std::optional<Placed<std::string>> word_or_number(
        std::string_view key) const;  // names such as those of Cisco lists
    std::optional<Placed<bool>> boolean(std::string_view key) const;
    std::optional<Placed<std::int64_t>> integer(std::string_view key, std::int64_t low, std::int64_t high) const;
    std::optional<Placed<base::SimDuration>> duration(std::string_view key, bool zero_is_fine) const;
    std::optional<Placed<Ratio>> ratio(std::string_view key) const;
    std::optional<Placed<ShareRange>> share_range(std::string_view key) const;
    std::optional<Address> address(std::string_view key) const;
    std::vector<Placed<wire::Prefix>> prefixes(std::string_view key) const;
    std::optional<PortList> ports(std::string_view key) const;
    std::optional<FileRef> file(std::string_view key) const;
    std::vector<FileRef> files(std::string_view key) const;

    template <class E>
    std::optional<Placed<E>> word(std::string_view key) const {
        return word<E>(key, words_of<E>());
    }
    template <class E>
    std::optional<Placed<E>> word(std::string_view key, std::span<const Word<E>> words) const {
        const Node* node = find(key);
        return node ? word_of<E>(key, *node, words) : std::nullopt;
    }
    // A list of words, each at most once.
    template <class E>
    std::optional<std::vector<Placed<E>>> words(std::string_view key) const {
        const Node* node = find(key);
        if (node == nullptr) return std::nullopt;
        std::vector<Placed<E>> all;
        each(*node, [&](const Node& item) {
            const auto one = word_of<E>(key, item, words_of<E>());
            if (!one) return;
            for (const Placed<E>& other : all)
                if (other.value == one->value) return twice(key, item);
            all.push_back(*one);
        });
        return all;
    }

    // Calls for each item of a list, or once for a single value.
    static void each(const Node& node, const std::function<void(const Node&)>& what);

private:
    template <class E>
    std::optional<Placed<E>> word_of(std::string_view key, const Node& node, std::span<const Word<E>> words) const {
        std::vector<std::string_view> known;
        for (const Word<E>& word : words) known.push_back(word.text);
        const std::optional<std::size_t> index = index_of(key, node, known);
        if (!index) return std::nullopt;
        return Placed<E>{words[*index].value, context_.place(node.spot)};
    }
    std::optional<std::size_t> index_of(std::string_view key, const Node& node,
                                        const std::vector<std::string_view>& known) const;
    void twice(std::string_view key, const Node& item) const;
    bool is_table(std::string_view name) const;

    LoadContext& context_;
    const Node& table_;
};

// Readers of single values; `key` is only for messages.
bool expect_kind(LoadContext& context, std::string_view key, const Node& node, NodeKind kind, std::string_view wanted);
std::optional<Placed<std::string>> read_line(LoadContext& context, std::string_view key, const Node& node);
std::optional<Ports> read_port_range(LoadContext& context, std::string_view key, const Node& node);
std::optional<PortList> read_ports(LoadContext& context, std::string_view key, const Node& node);
std::optional<Address> read_address(LoadContext& context, std::string_view key, const Node& node);
std::optional<Placed<wire::Prefix>> read_prefix(LoadContext& context, std::string_view key, const Node& node);
std::optional<FileRef> read_file_ref(LoadContext& context, std::string_view key, const Node& node);
std::optional<Placed<base::SimDuration>> read_duration(LoadContext& context, std::string_view key, const Node& node);
// "0.5%" as text
std::optional<Ratio> parse_ratio(std::string_view text);

// "a, b or c"
std::string join_words(const std::vector<std::string_view>& words);

}  // namespace scenarios::runner
