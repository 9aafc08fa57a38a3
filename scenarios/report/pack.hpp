// JSON values written small: a text, list or object that is used more than once stands once, and a text that differs
// from another in numbers or names alone is a text with gaps. A page of two hundred runs says most things many times.
//
//   values: [ "logon fails at directory",    a leaf (text, number, truth) is itself
//             [0, 4, 9, "x"],                a list; 4 and 9 are values[4] and values[9]
//             [3, 17, "x"],                  an object: the keys of shapes[3 - 1], and their values
//             [-1, 8, 5001, -13, "a/b"],     a text with gaps: values[8], each "#" in it filled in turn by the number
//                                            5001, the text values[13 - 1], the text itself
//             [-2, 40, 5001, -8],            the events of a ladder: its course, and the words for the gaps in it
//             [-4, 41, 1, 0, 1, 42, 0],      a course, piece after piece: the piece, its verdicts, its flows, its words
//             as
//                                            places in the ladder's list
//             [-5, 1, 1, 1, 43, 44, ...],    a piece: how many verdicts, flows and words it has, its rows
//             [-3, 10, 17, 0, 0, 0] ]        a row: milliseconds since the row before, what all such rows share,
//             verdict
//                                            or -1, flow or -1, words: these as places in the piece's lists
//
// What is used once stands where it is used, in place of the number. Two runs that differ in ports and addresses alone
// have the same course.
//
// The reader is page/store.js; every object's "events" are written as a ladder.
//
// The most used values come first, for their references are short. Same values in the same order: same octets.
#pragma once

#include <boost/json/value.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace scenarios::report {

class Packer {
public:
    using Ref = std::uint32_t;

    Ref add(const boost::json::value& value);

    // About how long the whole will be.
    std::size_t octets() const { return octets_; }

    struct Packed {
        std::string shapes;       // JSON
        std::string values;       // JSON
        std::vector<Ref> places;  // where a reference from add() stands
    };
    // What the roots do not lead to is left out.
    Packed finish(const std::vector<Ref>& roots) const;

private:
    struct Item {
        enum class Kind : std::uint8_t { literal, reference, text };  // text: a reference written as -n - 1
        Kind kind = Kind::literal;
        std::int64_t value = 0;
        bool operator==(const Item&) const = default;
    };
    struct Node {
        std::string leaf;         // its JSON, when it is one
        std::vector<Item> items;  // else
    };

    static Item literal(std::int64_t value) { return {Item::Kind::literal, value}; }
    static Item to(Ref node) { return {Item::Kind::reference, node}; }
    static std::int64_t place_in(std::vector<Item>& list, const Item& wanted);
    Item word(std::string_view word);
    Ref node(Node made);
    Ref leaf(std::string json);
    Ref text(std::string_view text);
    Ref list(const boost::json::array& array);
    Ref object(const boost::json::object& object);
    Ref ladder(const boost::json::array& events);
    struct Piece;
    Ref row(const boost::json::object& event, std::int64_t since, Piece& piece, std::vector<Item>& words);
    class Writer;
    std::vector<Node> with_gaps_filled() const;
    std::string filled(const Node& node) const;

    std::vector<Node> nodes_;
    std::unordered_map<std::string, Ref> known_;  // only looked up in
    std::vector<std::string> shapes_;             // JSON lists of keys
    std::unordered_map<std::string, std::int64_t> known_shapes_;
    std::size_t octets_ = 0;
};

}  // namespace scenarios::report
