// The lookups with AVX2 (and BMI). Compiled for any processor, run only where variants() names it.
//
// As lookup_avx512.cpp does it, with eight packets in a register and gathers in place of tables in registers.
#include "sim/firewall/compiled/rounds.hpp"

#if defined(__x86_64__)

#include <algorithm>
#include <immintrin.h>

#define FIREDRILL_AVX2 __attribute__((target("avx2,bmi")))
#define FIREDRILL_INLINE __attribute__((always_inline)) inline

namespace sim::firewall::compiled {
namespace {

constexpr std::size_t at_once = round_size;
constexpr std::size_t lanes = 8;
constexpr std::size_t groups = at_once / lanes;

FIREDRILL_AVX2 FIREDRILL_INLINE __m256i all(std::uint32_t value) { return _mm256_set1_epi32(static_cast<int>(value)); }
FIREDRILL_AVX2 FIREDRILL_INLINE __m256i load(const void* from) {
    return _mm256_loadu_si256(static_cast<const __m256i*>(from));
}
FIREDRILL_AVX2 FIREDRILL_INLINE void store(void* to, __m256i value) {
    _mm256_storeu_si256(static_cast<__m256i*>(to), value);
}
FIREDRILL_AVX2 FIREDRILL_INLINE __m256i gather(const std::uint32_t* table, __m256i at) {
    return _mm256_i32gather_epi32(reinterpret_cast<const int*>(table), at, 4);
}

// ---- one block ----

// A bit for each of four lines that fit.
FIREDRILL_AVX2 FIREDRILL_INLINE unsigned fits(const std::uint16_t (*low)[4], const std::uint16_t (*length)[4],
                                              __m256i asked) {
    const __m256i misfit = _mm256_subs_epu16(_mm256_sub_epi16(asked, load(low)), load(length));
    const __m256i zero = _mm256_cmpeq_epi64(misfit, _mm256_setzero_si256());
    return static_cast<unsigned>(_mm256_movemask_pd(_mm256_castsi256_pd(zero)));
}

FIREDRILL_AVX2 FIREDRILL_INLINE std::uint32_t line_in(const char* block, std::uint64_t asked) {
    const auto* const b = reinterpret_cast<const Block*>(block);
    const __m256i a = _mm256_set1_epi64x(static_cast<long long>(asked));
    const unsigned found = fits(b->low, b->length, a) | fits(b->low + 4, b->length + 4, a) << 4U;
    return b->line[__builtin_ctz(found | 1U << block_lines)];
}

FIREDRILL_AVX2 std::uint32_t line_behind(const char* block, std::uint64_t asked) {
    std::uint32_t line = no_line;
    for (unsigned left = reinterpret_cast<const Block*>(block)->following; line == no_line && left != 0; --left)
        line = line_in(block += sizeof(Block), asked);
    return line;
}

// All of a cell. Apart, so that nobody who asks for a short cell waits for the question whether it was found.
FIREDRILL_AVX2 __attribute__((noinline)) std::uint32_t line_in_all(const char* block, std::uint64_t asked) {
    const std::uint32_t line = line_in(block, asked);
    return line == no_line ? line_behind(block, asked) : line;
}

// ---- one packet ----

FIREDRILL_AVX2 FIREDRILL_INLINE std::uint32_t line_in_cell(const Layout& layout, Cell cell, std::uint64_t asked) {
    // An empty cell is gone through as well: guessing whether it is one costs more.
    const char* const block = reinterpret_cast<const char*>(layout.blocks.data()) + (cell & ~Cell{1});
    if ((cell & 1U) != 0) [[unlikely]]
        return line_in_all(block, asked);
    return line_in(block, asked);
}

FIREDRILL_AVX2 std::uint32_t one(const Layout& layout, const Key& key) {
    const std::uint32_t kind = layout.kind_of(key);
    const std::uint32_t target = class_by_steps(layout.targets, key.target),
                        source = class_by_steps(layout.sources, key.source);
    std::uint32_t service = 0;
    if (layout.service_bits != 0) service = class_by_steps(layout.services, kind << 16U | key.second);
    const std::uint64_t rest =
        static_cast<std::uint64_t>(kind) << 48U | static_cast<std::uint64_t>(key.second) << 16U | key.first;
    std::uint32_t line = line_in_cell(layout, layout.by_target[target << layout.service_bits | service],
                                      rest | static_cast<std::uint64_t>(source) << 32U);
    if (layout.uses_sources)
        line = std::min(line, line_in_cell(layout, layout.by_source[source << layout.service_bits | service],
                                           rest | static_cast<std::uint64_t>(target) << 32U));
    return line;
}

// ---- many packets ----

// Of 32 packets, by field.
struct Fields {
    alignas(32) std::uint32_t source[at_once], target[at_once], ports[at_once], kind[at_once];
};

FIREDRILL_AVX2 FIREDRILL_INLINE void read(const Layout& layout, const Key* keys, Fields& fields) {
    for (std::size_t i = 0; i < at_once; ++i) {
        const Key& key = keys[i];
        fields.source[i] = key.source;
        fields.target[i] = key.target;
        fields.ports[i] = static_cast<std::uint32_t>(key.second) << 16U | key.first;
        fields.kind[i] = static_cast<std::uint32_t>(layout.kind_of(key)) << 16U;
    }
}

// Searches in lockstep: `values` become their classes.
FIREDRILL_AVX2 FIREDRILL_INLINE void search(const Starts& starts, std::uint32_t* values) {
    __m256i at[groups], value[groups];
#pragma GCC unroll 4
    for (std::size_t g = 0; g < groups; ++g) {
        at[g] = _mm256_setzero_si256();
        value[g] = load(values + g * lanes);
    }
    for (std::uint32_t step = 1U << (starts.bits - 1); step != 0; step /= 2)
#pragma GCC unroll 4
        for (std::size_t g = 0; g < groups; ++g) {
            const __m256i start = gather(starts.values.data(), _mm256_add_epi32(at[g], all(step)));
            // start <= value, unsigned
            const __m256i reached = _mm256_cmpeq_epi32(_mm256_max_epu32(start, value[g]), value[g]);
            at[g] = _mm256_add_epi32(at[g], _mm256_and_si256(reached, all(step)));
        }
#pragma GCC unroll 4
    for (std::size_t g = 0; g < groups; ++g) store(values + g * lanes, at[g]);
}

// A slot is a packet's cell by target, or, behind those, by source.
struct Work {
    static constexpr std::size_t slots = 2 * at_once;
    alignas(32) std::uint64_t asked[slots];
    alignas(32) std::uint32_t cell[slots];
    alignas(32) std::uint32_t line[slots];
    std::uint32_t todo[slots + 1];
    std::size_t todo_count = 0;
};

FIREDRILL_AVX2 FIREDRILL_INLINE void enlist(const Layout& layout, Work& work, std::size_t slot,
                                            const std::vector<Cell>& cells, const std::uint32_t* home,
                                            const std::uint32_t* other, const std::uint32_t* service,
                                            const Fields& fields) {
    const __m256i shift = all(layout.service_bits);
#pragma GCC unroll 4
    for (std::size_t g = 0; g < at_once; g += lanes) {
        const __m256i at = _mm256_or_si256(_mm256_sllv_epi32(load(home + g), shift), load(service + g));
        store(work.cell + slot + g, gather(cells.data(), at));
        store(work.line + slot + g, all(no_line));
        const __m256i high = _mm256_or_si256(load(fields.kind + g), load(other + g)), low = load(fields.ports + g);
        const __m256i a = _mm256_unpacklo_epi32(low, high), b = _mm256_unpackhi_epi32(low, high);
        store(work.asked + slot + g, _mm256_permute2x128_si256(a, b, 0x20));
        store(work.asked + slot + g + 4, _mm256_permute2x128_si256(a, b, 0x31));
    }
    for (std::size_t i = slot; i < slot + at_once; ++i) {
        work.todo[work.todo_count] = static_cast<std::uint32_t>(i);
        work.todo_count += work.cell[i] != 0 ? 1U : 0U;
    }
}

FIREDRILL_AVX2 FIREDRILL_INLINE void work_off(const Layout& layout, Work& work) {
    const char* const blocks = reinterpret_cast<const char*>(layout.blocks.data());
    for (std::size_t i = 0; i < work.todo_count; ++i) {
        const std::size_t slot = work.todo[i];
        work.line[slot] = line_in(blocks + (work.cell[slot] & ~Cell{1}), work.asked[slot]);
    }
    if (!layout.has_following) return;
    for (std::size_t i = 0; i < work.todo_count; ++i) {
        const std::size_t slot = work.todo[i];
        if ((work.cell[slot] & 1U) != 0 && work.line[slot] == no_line)
            work.line[slot] = line_behind(blocks + (work.cell[slot] & ~Cell{1}), work.asked[slot]);
    }
}

FIREDRILL_AVX2 void thirty_two(const Layout& layout, const Key* keys, std::uint32_t* lines) {
    Fields fields;
    read(layout, keys, fields);
    alignas(32) std::uint32_t services[at_once]{};
    if (layout.service_bits != 0) {
        for (std::size_t i = 0; i < at_once; ++i) services[i] = fields.kind[i] | fields.ports[i] >> 16U;
        search(layout.services, services);
    }
    search(layout.targets, fields.target);
    search(layout.sources, fields.source);
    Work work;
    enlist(layout, work, 0, layout.by_target, fields.target, fields.source, services, fields);
    if (layout.uses_sources)
        enlist(layout, work, at_once, layout.by_source, fields.source, fields.target, services, fields);
    work_off(layout, work);
    for (std::size_t i = 0; i < at_once; i += lanes) {
        __m256i line = load(work.line + i);
        if (layout.uses_sources) line = _mm256_min_epu32(line, load(work.line + at_once + i));
        store(lines + i, line);
    }
}

}  // namespace

const Lookup detail::avx2_lookup{one, in_rounds<thirty_two, one, 8>};

}  // namespace sim::firewall::compiled

#endif
