#include "sim/firewall/compiled/rounds.hpp"

#include <algorithm>
#include <cassert>

namespace sim::firewall::compiled {
namespace {

struct Asked {  // the conditions' side of a packet
    std::uint16_t values[4];
};

bool holds(const Block& block, std::size_t line, const Asked& asked) {
    std::uint32_t misfit = 0;
    for (std::size_t c = 0; c < 4; ++c)
        misfit |= static_cast<std::uint32_t>(static_cast<std::uint16_t>(asked.values[c] - block.low[line][c]) >
                                             block.length[line][c]);
    return misfit == 0;
}

std::uint32_t line_in(const Layout& layout, Cell cell, const Asked& asked, std::uint32_t from) {
    const Block* block = &layout.blocks[cell / sizeof(Block)];
    for (std::uint32_t left = block->following + 1U; left != 0; --left, ++block)
        for (std::size_t i = 0; i < block_lines && block->line[i] != no_line; ++i)
            if (block->line[i] >= from && holds(*block, i, asked)) return block->line[i];
    return no_line;
}

std::uint32_t one(const Layout& layout, const Key& key) { return line_from(layout, key, 0); }

void many(const Layout& layout, const Key* keys, std::uint32_t* lines, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) lines[i] = line_from(layout, keys[i], 0);
}

}  // namespace

std::uint32_t line_from(const Layout& layout, const Key& key, std::uint32_t from) {
    const std::uint16_t kind = layout.kind_of(key);
    const std::uint32_t source = class_by_steps(layout.sources, key.source);
    const std::uint32_t target = class_by_steps(layout.targets, key.target);
    const std::uint32_t service =
        layout.service_bits == 0
            ? 0
            : class_by_steps(layout.services, static_cast<std::uint32_t>(kind) << 16U | key.second);
    const auto cell_of = [&](const std::vector<Cell>& cells, std::uint32_t of) {
        return cells[of << layout.service_bits | service];
    };
    const auto other = [](std::uint32_t of) { return static_cast<std::uint16_t>(of); };
    return std::min(
        line_in(layout, cell_of(layout.by_target, target), {{key.first, key.second, other(source), kind}}, from),
        line_in(layout, cell_of(layout.by_source, source), {{key.first, key.second, other(target), kind}}, from));
}

const Lookup detail::scalar_lookup{one, many};

const char* name(Variant variant) {
    switch (variant) {
        case Variant::scalar: return "scalar";
        case Variant::avx2: return "AVX2";
        case Variant::avx512: return "AVX-512";
    }
    return "?";
}

std::vector<Variant> variants() {
    std::vector<Variant> found{Variant::scalar};
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi")) {
        found.push_back(Variant::avx2);
        if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
            __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq") &&
            __builtin_cpu_supports("popcnt") && __builtin_cpu_supports("bmi2"))
            found.push_back(Variant::avx512);
    }
#endif
    return found;
}

const Lookup& lookup(Variant variant) {
    switch (variant) {
#if defined(__x86_64__)
        case Variant::avx2: return detail::avx2_lookup;
        case Variant::avx512: return detail::avx512_lookup;
#else
        case Variant::avx2:
        case Variant::avx512: break;
#endif
        case Variant::scalar: break;
    }
    return detail::scalar_lookup;
}

}  // namespace sim::firewall::compiled
