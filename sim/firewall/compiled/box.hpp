// What a match asks, as boxes: products of one interval or one finite set for each thing that can be asked of a packet.
//
// A Frame says which packets are meant: those of one family, and either whole ones or later fragments. In a frame every
// match that can be compiled is a union of boxes, exactly; the others say so and are left to the predicate.
//
// Left out of every frame, and always judged by the predicate: packets whose transport header is cut, and TCP fragments
// at offset 8. They make a match do more than hold or not (evaluate.hpp), and they are rare.
#pragma once

#include "sim/firewall/facts.hpp"
#include "sim/firewall/rule_set.hpp"

#include <array>
#include <bitset>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sim::firewall::compiled {

struct Span {  // both ends included
    std::uint32_t low = 0;
    std::uint32_t high = 0xffffffffU;
    bool operator==(const Span&) const = default;
};
constexpr bool empty(const Span& s) { return s.high < s.low; }
constexpr Span common(const Span& a, const Span& b) {
    return {a.low < b.low ? b.low : a.low, a.high < b.high ? a.high : b.high};
}
// What lies in none of them, in order.
std::vector<Span> outside(std::vector<Span> spans, std::uint32_t last);

// The things of which a packet shows one of few.
enum class Dimension : std::uint8_t { protocol, flags, tracked, side, in_interface, out_interface };
inline constexpr std::size_t dimensions = 6;
using Set = std::bitset<256>;  // elements: the octet itself, or as the functions below number them

struct Box {
    Span source;  // addresses as the frame's scale numbers them
    Span target;
    Span first{0, 65535};   // source port of TCP and UDP; type * 256 + code of ICMP
    Span second{0, 65535};  // target port of TCP and UDP
    std::array<Set, dimensions> sets = all_sets();

    Set& of(Dimension d) { return sets[static_cast<std::size_t>(d)]; }
    const Set& of(Dimension d) const { return sets[static_cast<std::size_t>(d)]; }
    static std::array<Set, dimensions> all_sets() {
        std::array<Set, dimensions> sets;
        for (Set& s : sets) s.set();
        return sets;
    }
};
using Boxes = std::vector<Box>;  // a union
std::optional<Box> common(const Box& a, const Box& b);

// What tracking says of a packet, numbered; absent for marks that are none.
inline constexpr std::size_t tracked_count = 6 * 3 * 4;  // labels, directions, marks
std::optional<std::uint8_t> tracked_number(const Subject& subject);
std::uint8_t side_number(const std::optional<Side>& side);
inline constexpr std::size_t side_count = 3;

// Addresses as 32-bit numbers in their order. IPv4 addresses are their own; IPv6 addresses are told apart only where
// the rules tell them apart.
class AddressScale {
public:
    explicit AddressScale(wire::Family family) : family_(family) {}
    // Makes the ends of this range matter.
    void add(const AddressRange& range);
    void finish();

    std::uint32_t number(const wire::IpAddress& address) const;  // requires its family
    Span span(const AddressRange& range) const;                  // requires that it was added
    std::uint32_t last() const;

private:
    wire::Family family_;
    std::vector<wire::IpAddress> starts_;  // of IPv6
};

// Names of interfaces in classes that no rule tells apart.
class InterfaceNames {
public:
    // Requires that all are added before any is asked.
    void add(const InterfaceIs& match);
    void finish();

    bool too_many() const { return too_many_; }
    std::size_t count() const { return signatures_.size(); }
    // Absent for a name of a kind that was not foreseen.
    std::optional<std::uint8_t> number(std::string_view name) const;
    Set holding(const InterfaceIs& match) const;  // the classes for which it holds

private:
    std::uint64_t signature(std::string_view name) const;
    struct Asked {
        std::string name;
        bool prefix = false;
        bool operator==(const Asked&) const = default;
    };
    std::vector<Asked> asked_;
    std::vector<std::uint64_t> signatures_;  // sorted, one a class
    bool too_many_ = false;
};

struct Frame {
    wire::Family family = wire::Family::ipv4;
    bool fragments = false;  // later fragments instead of whole packets
    const AddressScale* addresses = nullptr;
    const InterfaceNames* interfaces = nullptr;
};

struct Reading {
    enum class How : std::uint8_t {
        exact,   // it holds for the boxes and for nothing else
        unsaid,  // it holds or not, but too many boxes would be needed
        opaque,  // not known here; it may even drop a packet on the spot
    };
    How how = How::exact;
    Boxes boxes{};
};
Reading read(const Match& match, bool blind_to_fragments, const Frame& frame);

// Every address range that rules name in a family.
void add_ranges(const RuleSet& rules, wire::Family family, AddressScale& scale);

}  // namespace sim::firewall::compiled
