// JSON values written small: a text, list or object that is used more than once stands once, and a text that differs
// from another in numbers or names alone is a text with gaps. A page of two hundred runs says most things many times.
//
//   texts:  all texts, numbers and truths, in the order in which values ask for them
//   shapes: lists of keys
//   values: one value after the other, as numbers:
//
//     0                        the next one of texts
//     kind + 6                 it is made of items:
//
//     kind  what              items                                 how they are written
//        0  a list            its values                            count, values
//      > 0  an object         the values for shapes[kind - 1]       values
//       -1  a text with gaps  text, words for each "#" in it        count, value, words
//       -2  a ladder's events course, the words for the gaps in it  count, value, words
//       -3  a row of those    milliseconds since the row before,    count, integer, value, integers
//                             what all such rows share, verdict or
//                             -1, flow or -1, words: these are
//                             places in the lists of its piece
//       -4  a course          piece after piece: the piece, its     count, words
//                             verdicts, its flows, its words as
//                             places in the ladder's list
//       -5  a piece           how many verdicts, flows and words    count, three integers, values
//                             it has, its rows
//
//     count    how many items there are
//     integer  the integer + 1
//     value    0: the next one of texts; 1: a value stands here; n: the value at place n - 2
//     word     0: a value stands here; 2n + 1: the number n; 2n + 2: the value at place n
//
// The numbers are written with the 90 signs from "#" to "~" without "<" and "\": a number below 63 as one sign; else
// sign 63 + (n - 63) % 27, and behind it, as a number, (n - 63) / 27. Two runs that differ in ports and addresses alone
// have the same course.
//
// The reader is page/store.js; every object's "events" are written as a ladder. All stands in lines of JSON that a
// program of mail need not break.
//
// The most used values come first, for their places are short. Same values in the same order: same octets.
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
    static constexpr char gap = '#';  // in a text

    Ref add(const boost::json::value& value);

    // About how long the whole will be.
    std::size_t octets() const { return octets_; }

    struct Packed {
        std::string json;         // "shapes": [...], "texts": [...], "values": [lines of signs]
        std::vector<Ref> places;  // where a reference from add() stands
    };
    // What the roots do not lead to is left out.
    Packed finish(const std::vector<Ref>& roots) const;

private:
    // Kinds of nodes, beside 0 for lists and the numbers of shapes.
    static constexpr std::int64_t gapped = -1;
    static constexpr std::int64_t of_events = -2;
    static constexpr std::int64_t of_row = -3;
    static constexpr std::int64_t of_course = -4;
    static constexpr std::int64_t of_piece = -5;
    struct Item {
        enum class Kind : std::uint8_t { literal, reference, text };  // text: a reference, among literals
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
