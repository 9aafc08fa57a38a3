// Everything about a packet but addresses and ports, as one number: its kind. Packets of one kind are not told apart by
// any line's finite sets (protocol, TCP flags, label, side, interfaces).
#pragma once

#include "sim/firewall/compiled/key.hpp"
#include "sim/firewall/compiled/lines.hpp"

#include <array>
#include <map>
#include <optional>
#include <vector>

namespace sim::firewall::compiled {

using Sets = std::array<Set, dimensions>;
struct SetsLess {
    bool operator()(const Sets& a, const Sets& b) const;
};

class Kinds {
public:
    // Absent when there would be too many combinations.
    static std::optional<Kinds> make(const std::vector<Line>& lines);

    std::uint16_t of(const Key& key) const {
        return static_cast<std::uint16_t>(
            numbers_[protocol_row_[key.protocol] + flags_column_[key.flags] + key.context]);
    }
    // The context of a key, from the numbers of box.hpp.
    std::uint16_t context(std::uint8_t tracked, std::uint8_t side, std::uint8_t in, std::uint8_t out) const {
        return static_cast<std::uint16_t>(context_[0][tracked] + context_[1][side] + context_[2][in] +
                                          context_[3][out]);
    }
    // Whether any line asks for something of the context; else it is 0.
    bool ask_context() const { return ask_context_; }
    std::uint32_t count() const { return count_; }
    // The kinds of a box of those lines, as runs of consecutive numbers.
    const std::vector<Span>& runs(const Box& box) const { return runs_.at(box.sets); }

    // For the lookups (layout.hpp). When `by_protocol`, the kind of a packet is numbers()[protocol_row()[protocol]].
    const std::array<std::uint32_t, 256>& protocol_row() const { return protocol_row_; }
    const std::array<std::uint32_t, 256>& flags_column() const { return flags_column_; }
    const std::vector<std::uint32_t>& numbers() const { return numbers_; }
    bool by_protocol() const { return by_protocol_; }

private:
    std::vector<std::uint32_t> numbers_;  // one for each combination of classes
    std::map<Sets, std::vector<Span>, SetsLess> runs_;
    std::array<std::uint32_t, 256> protocol_row_{};
    std::array<std::uint32_t, 256> flags_column_{};
    std::array<std::array<std::uint16_t, 256>, dimensions - 2> context_{};
    std::uint32_t count_ = 0;
    bool by_protocol_ = false;
    bool ask_context_ = false;
};

}  // namespace sim::firewall::compiled
