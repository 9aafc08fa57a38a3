// How a table lies in memory, and the lookups on it: one way to find a line, written three times, for any processor and
// with AVX2 and AVX-512.
//
// A packet's source, target and service (kind and target port) are each searched among sorted starts, without a branch;
// the places found are their classes. The target's class and the service's class name a cell, and so do the source's
// class and the service's class. A cell has the conditions of the lines that are at home there, eight in a block, and
// all eight are compared at once: source port, target port, kind, and the class of the other address, an interval each.
// The smallest line of both cells is the answer.
//
// A line is at home where it covers fewer classes, so that it is written down seldom. Most packets meet one or two
// blocks, however many rules there are.
#pragma once

#include "sim/firewall/compiled/key.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace sim::firewall::compiled {

inline constexpr std::uint32_t no_line = 0xffff;

// The last of the starts that is not above a value. Padded with the largest value to 2^bits starts, and 16 more.
struct Starts {
    static constexpr unsigned few_bits = 4;  // up to 16 starts fit one register of 512 bits
    static constexpr unsigned pivot_bits = 6;

    unsigned bits = few_bits;  // few_bits, or pivot_bits and more
    std::vector<std::uint32_t> values;
    alignas(64) std::array<std::uint32_t, 64> pivots{};   // every 2^(bits - 6)th, when there are more than few
    alignas(64) std::array<std::uint32_t, 64> middles{};  // those half way to the next pivot, when bits > pivot_bits
};

inline constexpr std::size_t block_lines = 8;

struct alignas(64) Block {
    // Four conditions a line: value - low <= length, modulo 2^16.
    enum Condition : std::size_t { first, second, other, kind };
    std::uint16_t low[block_lines][4];
    std::uint16_t length[block_lines][4];
    std::uint16_t line[block_lines + 1];  // in order; no_line at the end, which is what a bit behind the last one finds
    std::uint16_t following;              // blocks of the cell behind this one
    std::uint16_t unused[22];
};
static_assert(sizeof(Block) == 192);

// What is found in `cells`: where the cell's first block begins, in octets. Blocks begin at multiples of 64; the lowest
// bit says that others follow. 0 is an empty cell.
using Cell = std::uint32_t;

struct Layout {
    Starts sources, targets;
    Starts services;            // of kind << 16 | target port
    unsigned service_bits = 0;  // a cell is class << service_bits | class of service; 0: no services are told apart
    std::vector<Cell> by_target;
    std::vector<Cell> by_source;
    bool uses_sources = false;  // else all cells by source are empty
    bool has_following = false;
    std::vector<Block> blocks;  // the first fits nothing

    // As in Kinds.
    bool by_protocol = false;
    std::array<std::uint32_t, 256> protocol_row{};
    std::array<std::uint32_t, 256> flags_column{};
    std::vector<std::uint32_t> kinds;
    // When the kind depends on few protocols: these, their kinds, and the kind of all others. In the high half, where a
    // condition has it.
    static constexpr std::size_t few_protocols = 6;
    std::uint32_t named_protocols = few_protocols + 1;
    std::array<std::uint32_t, few_protocols> protocols{};
    std::array<std::uint32_t, few_protocols> kinds_of_protocols{};
    std::uint32_t kind_of_others = 0;

    std::uint16_t kind_of(const Key& key) const {
        return static_cast<std::uint16_t>(kinds[protocol_row[key.protocol] + flags_column[key.flags] + key.context]);
    }
};

enum class Variant : std::uint8_t { scalar, avx2, avx512 };
const char* name(Variant variant);
// Those that this processor has, the best one last. The scalar one is always there.
std::vector<Variant> variants();

struct Lookup {
    std::uint32_t (*one)(const Layout&, const Key&);
    void (*many)(const Layout&, const Key*, std::uint32_t* lines, std::size_t count);
};
const Lookup& lookup(Variant variant);  // requires that the processor has it

// The first line at or behind `from` that fits, or no_line.
std::uint32_t line_from(const Layout& layout, const Key& key, std::uint32_t from);

namespace detail {
extern const Lookup scalar_lookup;
#if defined(__x86_64__)
extern const Lookup avx2_lookup;
extern const Lookup avx512_lookup;
#endif
}  // namespace detail

}  // namespace sim::firewall::compiled
