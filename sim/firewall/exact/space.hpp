// Exact sets of packets: what a rule fits, as a union of cells, and the algebra on them. Nothing is sampled: a set is
// empty exactly when it has no cells.
//
// A cell is a product: one interval or one finite set for each thing that a match can look at. Two dimensions serve
// several protocols: `first` is the source port of TCP and UDP, and type * 256 + code of ICMP; for other protocols it
// is free. (nftables asks for type and code one by one: there `first` is type * 256 and what follows, and `second` the
// same of the code.) What a packet cannot have (the flags of a UDP packet) is free too, so that no cell is ever
// spurious.
//
// Whole packets and later fragments are told apart. For most dialects packets that are cut, and TCP fragments at offset
// 8, need no cells of their own: wherever their whole siblings are taken by earlier rules, they are taken or dropped
// there as well (evaluate.hpp: what must read a header that is not there drops on the spot). In nftables they meet the
// rules that ask for less, so there packets are told apart by how much of the transport header is there.
//
// Work is bounded by an Effort. When it is spent, sets are no longer to be trusted; whoever counts on them asks first.
#pragma once

#include "sim/firewall/rule_set.hpp"

#include <algorithm>
#include <bitset>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace sim::firewall::exact {

struct PortSpan {  // both ends included
    std::uint16_t low = 0;
    std::uint16_t high = 65535;
    bool operator==(const PortSpan&) const = default;
};

// What tracking says of a packet: label, direction (or no entry), marks of translation. As an index, so that sets of
// them are bits.
struct TrackedAs {
    Label label = Label::none;
    std::optional<FlowSide> direction{};
    std::uint8_t marks = 0;  // StateSet::snat, StateSet::dnat
    bool operator==(const TrackedAs&) const = default;
};
inline constexpr std::size_t tracked_count = 6 * 3 * 4;
TrackedAs tracked_as(std::size_t index);

struct Cell {
    static constexpr std::uint8_t whole = 1, later_fragment = 2;  // shapes
    // Cut behind the ports (or type and code), behind the first port (or the type), before anything.
    static constexpr std::uint8_t cut_third = 4, cut_second = 8, cut_first = 16,
                                  cut = cut_third | cut_second | cut_first;
    static constexpr std::uint8_t second_there = whole | cut_third, first_there = second_there | cut_second;
    static constexpr std::uint8_t from_client = 1, from_server = 2, from_neither = 4;  // sides

    std::uint8_t shapes = whole | later_fragment;
    std::uint8_t sides = from_client | from_server | from_neither;
    std::uint64_t in_interfaces = ~std::uint64_t{0};  // classes of names, see Space
    std::uint64_t out_interfaces = ~std::uint64_t{0};
    AddressRange source;  // ends of one family
    AddressRange target;
    PortSpan first;
    PortSpan second;  // the target port of TCP and UDP
    std::bitset<256> protocols = std::bitset<256>().set();
    std::bitset<256> flags = std::bitset<256>().set();  // values of the flag octet of TCP
    std::bitset<tracked_count> tracked = std::bitset<tracked_count>().set();

    bool operator==(const Cell&) const = default;
};

using PacketSet = std::vector<Cell>;  // a union; cells may overlap

// What may still be spent: comparisons of two cells, and cells in one set.
class Effort {
public:
    explicit Effort(std::uint64_t steps) : left_(steps) {}
    bool spent() const { return spent_; }
    // Counts a comparison, or a set that has grown to that size.
    void step() { steps(1); }
    void steps(std::uint64_t count) {
        spent_ = spent_ || count > left_;
        left_ -= std::min(count, left_);
    }
    std::uint64_t left() const { return left_; }
    // A part of it, for one piece of work; what the piece spends is paid by `pay`. A piece that fails leaves the whole.
    Effort part(std::uint64_t most) const { return Effort(std::min(left_, most)); }
    void pay(const Effort& part, std::uint64_t had) { steps(had - std::min(had, part.left_)); }
    void grown(std::size_t cells) { spent_ = spent_ || cells > cells_max; }

    static constexpr std::size_t cells_max = 4096;

private:
    std::uint64_t left_;
    bool spent_ = false;
};

bool meet(const Cell& a, const Cell& b);
bool contains(const Cell& outer, const Cell& inner);
// What both hold; requires them to meet.
Cell common(const Cell& a, const Cell& b);
// The parts of `left` outside of `what`, apart from one another, are added to `out`. Requires the two to meet.
void carve(Cell left, const Cell& what, PacketSet& out);
PacketSet intersection(const PacketSet& a, const PacketSet& b, Effort& effort);
PacketSet difference(PacketSet from, const PacketSet& what, Effort& effort);

// The packets that a rule set can meet, and those that its rules fit.
class Space {
public:
    explicit Space(const RuleSet& rules);

    const PacketSet& universe() const { return universe_; }

    // Absent when the algebra cannot express the rule exactly: then nothing may be said of it.
    std::optional<PacketSet> of(const Rule& rule, Effort& effort) const;

    // Type and code of ICMP have a dimension each (see above).
    bool codes_apart() const { return codes_apart_; }

    // A name of one of these classes; empty stands for "the hook does not know it".
    std::string interface_name(std::uint64_t classes) const;
    // The class of a name, as a bit; all classes where names are too many to tell apart.
    std::uint64_t interface_class(const std::string& name) const;

private:
    PacketSet of(const Match& match, bool blind, bool& exact) const;

    // Names of interfaces fall into classes that no rule tells apart; a sample of each, and its bit is its index.
    std::vector<std::string> names_;
    bool too_many_names_ = false;
    bool codes_apart_;
    PacketSet universe_;
};

}  // namespace sim::firewall::exact
