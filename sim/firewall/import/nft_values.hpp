// The right side of a match: values, ranges, prefixes and sets of them. Private to the importer.
#pragma once

#include "sim/firewall/import/nft_json.hpp"
#include "sim/firewall/import/nft_words.hpp"
#include "sim/firewall/match.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace sim::firewall::import::nft {

// Where faults go: each with the place of the JSON value that is to blame.
class Reporter {
public:
    Reporter(const base::SourceText& source, base::Diagnostics& faults) : source_(source), faults_(faults) {}

    void fault(const Json& at, std::string what, std::string id, std::string hint = {});
    void fault(const Json::Member& at, std::string what, std::string id, std::string hint = {});
    base::Place place(const Json& at) const;
    const base::SourceText& source() const { return source_; }
    std::size_t count() const { return faults_.size(); }

private:
    static constexpr std::size_t faults_max = 500;  // more help nobody
    void add(std::size_t offset, std::size_t length, std::string what, std::string id, std::string hint);

    const base::SourceText& source_;
    base::Diagnostics& faults_;
};

// A word of the file, in quotes and safe to print.
std::string shown(std::string_view text);
// What a value is, for messages: its own text where it has one, else its kind.
std::string shown(const Json& value);

// A set of values of one type. Which of the lists is used depends on the type.
struct Values {
    struct Span {  // both ends included
        std::uint32_t low = 0;
        std::uint32_t high = 0;
    };
    std::vector<Span> numbers;
    std::vector<wire::Prefix> prefixes;
    std::vector<AddressRange> ranges;
    std::vector<InterfaceIn::Name> names;
    bool rest = false;  // "*": whatever no other value names

    std::size_t size() const { return numbers.size() + prefixes.size() + ranges.size() + names.size(); }
    void append(const Values& more);
    void normalize();  // numbers in order, without overlaps
    bool holds(std::uint32_t number) const;
};

// One value of a match, or an element of a set. False, and a fault, when it is none. A range that runs backwards holds
// nothing in a match, and is a fault in a set.
bool read_value(Type type, const Json& value, Values& out, Reporter& reporter);
bool read_element(Type type, const Json& value, Values& out, Reporter& reporter);
// All elements of a list.
bool read_elements(Type type, const Json& list, Values& out, Reporter& reporter);
// A single number, or several bits of it; for a type that is one.
std::optional<std::uint32_t> read_number(Type type, const Json& value, Reporter& reporter);

// Whether two of the sets have a value in common.
bool overlap(const std::vector<const Values*>& sets);

}  // namespace sim::firewall::import::nft
